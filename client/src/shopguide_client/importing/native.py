"""Rows that already speak the contract: fields named as in the messages, money as a decimal string."""

from decimal import Decimal, InvalidOperation
from typing import Any, TypeVar

from google.protobuf.json_format import ParseDict, ParseError
from google.protobuf.message import Message
from google.type import money_pb2

from shopguide.retrieval.v1 import index_service_pb2 as index
from shopguide.retrieval.v1 import retrieval_service_pb2 as retrieval
from shopguide.type.v1 import catalog_pb2, product_pb2

_MONEY = ("price", "original_price")
_NANOS = 1_000_000_000
# No price has more digits; a number such as 1e999999999 would take all memory when written out.
_MOST = Decimal(10) ** 15

M = TypeVar("M", bound=Message)


class RowError(ValueError):
    """A row cannot become a message; the text names the field."""


def money(amount: object, currency: str, field: str) -> money_pb2.Money:
    """Return an amount in major units. Raises RowError when it is no number, negative, or lacks a currency."""
    try:
        value = Decimal(str(amount).strip())
    except InvalidOperation:
        raise RowError(f"{field}: {amount!r} is not a number") from None
    if not value.is_finite() or not 0 <= value < _MOST:
        raise RowError(f"{field}: {amount!r} is not an amount of money")
    if not currency:
        raise RowError(f"{field}: has no currency")
    units = int(value)
    return money_pb2.Money(currency_code=currency, units=units, nanos=int((value - units) * _NANOS))


def product(values: dict[str, Any]) -> product_pb2.Product:
    """Return a product. Raises RowError for a wrong, missing or unknown field."""
    rest = {key: value for key, value in values.items() if key not in _MONEY}
    message = _parse(rest, product_pb2.Product())
    for field in _MONEY:
        if values.get(field):
            given = values[field]
            if not isinstance(given, dict):
                raise RowError(f"{field}: must be an object with currency_code and amount")
            getattr(message, field).CopyFrom(
                money(given.get("amount"), given.get("currency_code", ""), field)
            )
    if not message.id:
        raise RowError("id: is missing")
    return message


def offer(values: dict[str, Any]) -> index.Offer:
    """Return what a product costs now and whether it can be had. Raises RowError.

    Beside the message's own form, amounts may be plain (the currency is then in `currency_code`), as a CSV file has
    them, and an availability may be short (`IN_STOCK`). What is empty stays as it is; a list price of 0 is taken away.
    """
    code = str(values.get("currency_code") or "")
    given = {k: v for k, v in values.items() if v not in ("", None) and k not in (*_MONEY, "currency_code")}
    word = given.get("availability")
    if isinstance(word, str):
        given["availability"] = f"AVAILABILITY_{word.upper().removeprefix('AVAILABILITY_')}"
    message = _parse(given, index.Offer())
    for field in _MONEY:
        if (amount := values.get(field)) not in ("", None):
            currency = amount.get("currency_code", "") if isinstance(amount, dict) else code
            plain = amount.get("amount") if isinstance(amount, dict) else amount
            getattr(message, field).CopyFrom(money(plain, currency, field))
    if not message.product_id:
        raise RowError("product_id: is missing")
    return message


def review(values: dict[str, Any]) -> retrieval.Review:
    """Return a review. Raises RowError."""
    return _parse(values, retrieval.Review())


def faq_entry(values: dict[str, Any]) -> retrieval.FaqEntry:
    """Return an entry of the shop's FAQ. Raises RowError."""
    return _parse(values, retrieval.FaqEntry())


def attribute_spec(values: dict[str, Any]) -> catalog_pb2.AttributeSpec:
    """Return what an attribute is called. Raises RowError.

    Beside the message's own form, `labels` and `unit_labels` may be {language: [names]}, and `value_aliases`
    {alias: [values]}.
    """
    given = dict(values)
    for field in ("labels", "unit_labels"):
        given[field] = _labels(given.get(field, []), field)
    aliases = given.get("value_aliases", [])
    if isinstance(aliases, dict):
        given["value_aliases"] = [{"alias": alias, "values": listed} for alias, listed in aliases.items()]
    return _parse(given, catalog_pb2.AttributeSpec())


def category_spec(values: dict[str, Any]) -> catalog_pb2.CategorySpec:
    """Return what a category is called. Raises RowError.

    Beside the message's own form, `labels` may be {language: [names]}; `parent` is known to the products' paths and
    ignored.
    """
    given = {key: value for key, value in values.items() if key != "parent"}
    given["labels"] = _labels(given.get("labels", []), "labels")
    return _parse(given, catalog_pb2.CategorySpec())


def _labels(names: object, field: str) -> object:
    if not isinstance(names, dict):
        return names
    if not all(isinstance(listed, list) for listed in names.values()):
        raise RowError(f"{field}: must be {{language: [names]}}")
    return [{"language_code": language, "names": listed} for language, listed in sorted(names.items())]


def _parse(values: dict[str, Any], message: M) -> M:
    try:
        ParseDict(values, message)
    except ParseError as error:
        raise RowError(str(error)) from error
    return message
