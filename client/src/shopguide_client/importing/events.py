"""Rows about what shoppers did."""

import re
from datetime import UTC, datetime
from typing import Any

from google.protobuf.json_format import ParseDict, ParseError

from shopguide.type.v1.user_event_pb2 import UserEvent
from shopguide_client.importing.native import RowError, money

_SHOPPER = ("visitor_id", "user_id")
_LINE = ("product_id", "quantity", "unit_price", "currency_code")
_SECONDS = re.compile(r"\d+(\.\d+)?")
_LATEST = datetime(9999, 1, 1, tzinfo=UTC).timestamp()


def event(values: dict[str, Any]) -> UserEvent:
    """Return an event. Raises RowError naming the field.

    Beside the message's own form a row may be flat, as a CSV file has it: `visitor_id` and `user_id`; for one product
    `product_id`, `quantity`, `unit_price` and `currency_code`; a short `type` (`view`); an `event_time` in Unix seconds.
    """
    rest = {k: v for k, v in values.items() if v not in ("", None) and k not in (*_SHOPPER, *_LINE, "lines")}
    rest["type"] = f"TYPE_{str(values.get('type') or '').strip().upper().removeprefix('TYPE_')}"
    at = rest.pop("event_time", "")
    message = _parse(rest)
    if at:
        _set_time(message, str(at).strip())
    for field in _SHOPPER:
        if values.get(field) not in ("", None):
            setattr(message.shopper, field, str(values[field]))
    for line in _lines(values):
        message.lines.add().CopyFrom(_line(line))
    if not message.event_id:
        raise RowError("event_id: is missing")
    return message


def _parse(values: dict[str, Any]) -> UserEvent:
    try:
        return ParseDict(values, UserEvent())
    except ParseError as error:
        raise RowError(str(error)) from error


def _set_time(message: UserEvent, text: str) -> None:
    if _SECONDS.fullmatch(text):
        if float(text) >= _LATEST:
            raise RowError(f"event_time: {text} is no time in Unix seconds")
        message.event_time.FromMicroseconds(round(float(text) * 1e6))
        return
    try:
        message.event_time.FromJsonString(text)
    except ValueError as error:
        raise RowError(f"event_time: {error}") from error


def _lines(values: dict[str, Any]) -> list[dict[str, Any]]:
    listed = values.get("lines")
    if listed not in ("", None):
        if not isinstance(listed, list) or not all(isinstance(line, dict) for line in listed):
            raise RowError("lines: must be a list of objects")
        return listed
    if values.get("product_id") in ("", None):
        return []
    return [{field: values[field] for field in _LINE if values.get(field) not in ("", None)}]


def _line(values: dict[str, Any]) -> UserEvent.Line:
    line = UserEvent.Line(product_id=str(values.get("product_id", "")))
    if "quantity" in values:
        try:
            line.quantity = int(values["quantity"])
        except (TypeError, ValueError):
            raise RowError(f"quantity: {values['quantity']!r} is not a whole number") from None
    paid = values.get("unit_price")
    if isinstance(paid, dict):
        line.unit_price.CopyFrom(money(paid.get("amount"), paid.get("currency_code", ""), "unit_price"))
    elif paid not in ("", None):
        line.unit_price.CopyFrom(money(paid, str(values.get("currency_code", "")), "unit_price"))
    return line
