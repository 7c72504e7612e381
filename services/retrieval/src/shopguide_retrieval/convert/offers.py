"""Offers: what of a product changes without an import."""

from google.type import money_pb2

from shopguide.retrieval.v1 import index_service_pb2 as pb
from shopguide_retrieval.convert.products import price
from shopguide_retrieval.domain.indexing import Failure
from shopguide_retrieval.domain.model import Availability, Price
from shopguide_retrieval.domain.offers import Offer
from shopguide_retrieval.domain.validation import CURRENCY, MAX_ID_BYTES
from shopguide_runtime.errors import InvalidArgument
from shopguide_runtime.validation import (
    FIELD_MALFORMED,
    FIELD_OUT_OF_RANGE,
    FIELD_REQUIRED,
    FIELD_UNKNOWN_VALUE,
    Violations,
)


def offer(position: int, message: pb.Offer) -> Offer | Failure:
    """Return the offer of a message, or why it is none; `position` is its place in the request."""
    found = Violations()
    found.text("product_id", message.product_id, max_chars=MAX_ID_BYTES)
    checked = Offer(
        message.product_id,
        price=_price(found, message.price) if message.HasField("price") else None,
        list_price=_list_price(found, message.original_price) if message.HasField("original_price") else None,
        availability=_availability(found, message.availability),
    )
    if not (message.HasField("price") or message.HasField("original_price") or message.availability):
        found.add("price", "must be set, or original_price, or availability", FIELD_REQUIRED)
    try:
        found.raise_if_any()
    except InvalidArgument as error:
        return Failure(position, message.product_id[:MAX_ID_BYTES], error)
    return checked


def _price(found: Violations, message: money_pb2.Money) -> Price | None:
    """Return a price. One of nothing is refused: a feed that lost its amounts would make the whole shop free."""
    amount = _amount(found, "price", message)
    if amount is not None and amount.minor == 0:
        found.add("price", "must be above zero; a free product comes with UpsertProducts", FIELD_OUT_OF_RANGE)
    return amount


def _list_price(found: Violations, message: money_pb2.Money) -> Price | None:
    if not message.units and not message.nanos:
        return Price(0, message.currency_code)
    return _amount(found, "original_price", message)


def _amount(found: Violations, field: str, message: money_pb2.Money) -> Price | None:
    if not message.currency_code:
        found.add(f"{field}.currency_code", "must not be empty", FIELD_REQUIRED)
    elif not CURRENCY.fullmatch(message.currency_code):
        found.add(f"{field}.currency_code", "must be an ISO 4217 code", FIELD_MALFORMED)
    if message.units < 0 or message.nanos < 0:
        found.add(field, "must not be negative", FIELD_OUT_OF_RANGE)
        return None
    try:
        return price(field, message)
    except InvalidArgument as error:
        found.add(field, error.violations[0].description, FIELD_MALFORMED)
        return None


def _availability(found: Violations, value: int) -> Availability | None:
    if value not in set(Availability):
        found.add("availability", "is not a value of the enum", FIELD_UNKNOWN_VALUE)
        return None
    return Availability(value) if value else None
