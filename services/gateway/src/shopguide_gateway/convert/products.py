"""Products, found ones, catalogue descriptions."""

from google.protobuf import timestamp_pb2

from shopguide.type.v1 import catalog_pb2, product_pb2, query_pb2
from shopguide_gateway.convert.limits import read_money, write_money
from shopguide_gateway.domain.model import Attribute, AttributeSpec, Catalogue, Product, Scored

_AVAILABILITY = product_pb2.Product.Availability
_KINDS = catalog_pb2.AttributeSpec.Kind


def read_product(message: product_pb2.Product) -> Product:
    """Return the product with everything that the message carries."""
    return Product(
        id=message.id,
        title=message.title,
        group_id=message.group_id,
        description=message.description,
        language=message.language_code,
        category_path=tuple(message.category_path),
        brand=message.brand,
        price=read_money(message.price),
        original_price=read_money(message.original_price),
        availability=_AVAILABILITY.Name(message.availability).removeprefix("AVAILABILITY_"),
        attributes={key: _read_attribute(values) for key, values in message.attributes.items()},
        rating=message.rating.average,
        rating_count=message.rating.count,
        uri=message.uri,
        image_uris=tuple(message.image_uris),
        update_seconds=message.update_time.ToNanoseconds() / 1e9,
    )


def _read_attribute(message: product_pb2.AttributeValues) -> Attribute:
    return Attribute(tuple(message.texts), tuple(message.numbers), message.unit)


def write_product(product: Product) -> product_pb2.Product:
    """Return the message."""
    message = product_pb2.Product(
        id=product.id,
        title=product.title,
        group_id=product.group_id,
        description=product.description,
        language_code=product.language,
        category_path=product.category_path,
        brand=product.brand,
        price=write_money(product.price) if product.price else None,
        original_price=write_money(product.original_price) if product.original_price else None,
        availability=f"AVAILABILITY_{product.availability}",
        uri=product.uri,
        image_uris=product.image_uris,
    )
    _write_optional(product, message)
    return message


def _write_optional(product: Product, message: product_pb2.Product) -> None:
    for key, attribute in product.attributes.items():
        message.attributes[key].texts.extend(attribute.texts)
        message.attributes[key].numbers.extend(attribute.numbers)
        message.attributes[key].unit = attribute.unit
    if product.rating or product.rating_count:
        message.rating.CopyFrom(product_pb2.Rating(average=product.rating, count=product.rating_count))
    if product.update_seconds:
        message.update_time.CopyFrom(timestamp_pb2.Timestamp(seconds=int(product.update_seconds)))


def read_scored(message: query_pb2.ScoredProduct) -> Scored:
    """Return a product found; one of which only the id is known has an empty title."""
    product = (
        read_product(message.product) if message.HasField("product") else Product(message.product_id, "")
    )
    return Scored(product, message.score, dict(message.signal_scores), tuple(message.reasons), message.role)


def write_scored(scored: Scored) -> query_pb2.ScoredProduct:
    """Return the message; without the product when only its id is known."""
    return query_pb2.ScoredProduct(
        product_id=scored.product.id,
        product=write_product(scored.product) if scored.product.title else None,
        score=scored.score,
        signal_scores=scored.signals,
        reasons=scored.reasons,
        role=scored.role,
    )


def read_catalogue(message: catalog_pb2.CatalogDescription) -> Catalogue:
    """Return what the gateway itself needs of a description; the message travels along as the vocabulary."""
    return Catalogue(
        name=message.catalog,
        revision=message.revision,
        attributes={a.spec.key: _read_spec(a.spec) for a in message.attributes},
        currencies=tuple(p.currency_code for p in message.prices),
        vocabulary=message,
        coverage={a.spec.key: a.count / max(1, message.product_count) for a in message.attributes},
    )


def _read_spec(message: catalog_pb2.AttributeSpec) -> AttributeSpec:
    return AttributeSpec(
        message.key,
        _KINDS.Name(message.kind).removeprefix("KIND_"),
        message.unit,
        {labels.language_code: tuple(labels.names) for labels in message.labels},
        message.higher_is_better if message.HasField("higher_is_better") else None,
    )
