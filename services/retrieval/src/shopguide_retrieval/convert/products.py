"""Products, reviews and FAQ entries."""

from google.protobuf.timestamp_pb2 import Timestamp
from google.type import money_pb2

from shopguide.retrieval.v1 import retrieval_service_pb2 as pb
from shopguide.type.v1 import product_pb2, query_pb2
from shopguide_retrieval.domain.indexing import Failure, Item
from shopguide_retrieval.domain.model import (
    AttributeValues,
    Availability,
    FaqEntry,
    Price,
    Product,
    Rating,
    Review,
    ScoredProduct,
)
from shopguide_runtime.errors import FieldViolation, InvalidArgument
from shopguide_runtime.money import from_minor, to_minor
from shopguide_runtime.validation import FIELD_MALFORMED, FIELD_UNKNOWN_VALUE


def item(message: product_pb2.Product) -> Item:
    """Return the product of a message, or why it cannot be read; its index is set by the reader of the stream."""
    try:
        return product(message)
    except InvalidArgument as error:
        return Failure(0, message.id[:128], error)


def product(message: product_pb2.Product) -> Product:
    """Return the product of a message; raises InvalidArgument for amounts and enums that mean nothing."""
    return Product(
        id=message.id,
        title=message.title,
        group=message.group_id,
        description=message.description,
        language=message.language_code,
        category_path=tuple(message.category_path),
        brand=message.brand,
        price=_price("price", message.price) if message.HasField("price") else None,
        original_price=_price("original_price", message.original_price)
        if message.HasField("original_price")
        else None,
        availability=_availability(message.availability),
        attributes={
            k: AttributeValues(tuple(v.texts), tuple(v.numbers), v.unit)
            for k, v in message.attributes.items()
        },
        rating=Rating(round(message.rating.average, 4), message.rating.count)
        if message.HasField("rating")
        else None,
        uri=message.uri,
        image_uris=tuple(message.image_uris),
    )


def product_message(
    stored: Product, view: query_pb2.ProductView = query_pb2.PRODUCT_VIEW_FULL
) -> product_pb2.Product:
    """Return the message of a product, as full as the view asks; `PRODUCT_VIEW_ID` has only the id."""
    message = product_pb2.Product(id=stored.id)
    if view != query_pb2.PRODUCT_VIEW_ID:
        _fill_basic(message, stored)
    if view == query_pb2.PRODUCT_VIEW_FULL:
        _fill_full(message, stored)
    return message


def scored_message(
    found: ScoredProduct, view: query_pb2.ProductView, role: str = ""
) -> query_pb2.ScoredProduct:
    """Return the message of a product found."""
    return query_pb2.ScoredProduct(
        product_id=found.product.id,
        product=None if view == query_pb2.PRODUCT_VIEW_ID else product_message(found.product, view),
        score=found.score,
        signal_scores=found.signals,
        reasons=found.reasons,
        role=role,
    )


def money(price: Price) -> money_pb2.Money:
    """Return the message of an amount."""
    units, nanos = from_minor(price.minor, price.currency)
    return money_pb2.Money(currency_code=price.currency, units=units, nanos=nanos)


def price(field: str, message: money_pb2.Money) -> Price:
    """Return the amount of a message; raises InvalidArgument when it is none."""
    return _price(field, message)


def review(message: pb.Review) -> Review:
    """Return the review of a message."""
    return Review(
        id=message.id,
        product_id=message.product_id,
        text=message.text,
        stars=message.stars if message.HasField("stars") else None,
        language=message.language_code,
        create_time=message.create_time.ToNanoseconds() / 1e9 if message.HasField("create_time") else None,
        helpful_count=message.helpful_count,
    )


def review_message(stored: Review) -> pb.Review:
    """Return the message of a review."""
    message = pb.Review(
        id=stored.id,
        product_id=stored.product_id,
        text=stored.text,
        stars=stored.stars,
        language_code=stored.language,
        helpful_count=stored.helpful_count,
    )
    if stored.create_time is not None:
        message.create_time.CopyFrom(timestamp(stored.create_time))
    return message


def faq_entry(message: pb.FaqEntry) -> FaqEntry:
    """Return the FAQ entry of a message."""
    return FaqEntry(
        message.id,
        message.question,
        message.answer,
        tuple(message.phrasings),
        message.topic,
        message.language_code,
    )


def faq_message(stored: FaqEntry) -> pb.FaqEntry:
    """Return the message of an FAQ entry."""
    return pb.FaqEntry(
        id=stored.id,
        question=stored.question,
        answer=stored.answer,
        phrasings=stored.phrasings,
        topic=stored.topic,
        language_code=stored.language,
    )


def timestamp(seconds: float) -> Timestamp:
    """Return the message of a time in Unix seconds."""
    message = Timestamp()
    message.FromNanoseconds(round(seconds * 1e9))
    return message


def _fill_basic(message: product_pb2.Product, stored: Product) -> None:
    message.group_id = stored.group
    message.title = stored.title
    message.brand = stored.brand
    message.language_code = stored.language
    message.category_path.extend(stored.category_path)
    message.availability = int(stored.availability)  # type: ignore[assignment]  # same numbers
    message.image_uris.extend(stored.image_uris[:1])
    message.uri = stored.uri
    if stored.price:
        message.price.CopyFrom(money(stored.price))
    if stored.original_price:
        message.original_price.CopyFrom(money(stored.original_price))
    if stored.rating:
        message.rating.average = stored.rating.average
        message.rating.count = stored.rating.count


def _fill_full(message: product_pb2.Product, stored: Product) -> None:
    message.description = stored.description
    message.image_uris.extend(stored.image_uris[1:])
    for key, values in stored.attributes.items():
        message.attributes[key].texts.extend(values.texts)
        message.attributes[key].numbers.extend(values.numbers)
        message.attributes[key].unit = values.unit
    if stored.update_time:
        message.update_time.CopyFrom(timestamp(stored.update_time))


def _price(field: str, message: money_pb2.Money) -> Price:
    try:
        return Price(to_minor(message.units, message.nanos, message.currency_code), message.currency_code)
    except ValueError as error:
        raise InvalidArgument([FieldViolation(field, str(error), FIELD_MALFORMED)]) from None


def _availability(value: int) -> Availability:
    try:
        return Availability(value)
    except ValueError:
        violation = FieldViolation("availability", "is not a value of the enum", FIELD_UNKNOWN_VALUE)
        raise InvalidArgument([violation]) from None
