"""Events of shoppers: messages checked field by field, and back."""

import json
import re
from dataclasses import asdict

from google.type import money_pb2

from shopguide.retrieval.v1 import index_service_pb2 as pb
from shopguide.type.v1 import query_pb2, user_event_pb2
from shopguide_retrieval.convert.products import money, price
from shopguide_retrieval.domain.events import Event, EventType, Feedback, Line
from shopguide_retrieval.domain.indexing import Failure
from shopguide_retrieval.domain.model import Price
from shopguide_retrieval.domain.shoppers import Profile, user_key, visitor_key
from shopguide_retrieval.domain.validation import CURRENCY, MAX_ID_BYTES, MAX_MINOR
from shopguide_runtime.errors import InvalidArgument
from shopguide_runtime.validation import (
    FIELD_MALFORMED,
    FIELD_OUT_OF_RANGE,
    FIELD_REQUIRED,
    FIELD_TOO_LONG,
    FIELD_UNKNOWN_VALUE,
    Violations,
)

MAX_EVENT_ID_BYTES = 64
MAX_LINES = 100
MAX_QUANTITY = 1_000_000
MAX_TEXT_CHARS = 2_000
MAX_TOKEN_CHARS = 4_000
MAX_AHEAD_SECONDS = 86_400.0
"""How far ahead of the server's clock an event may be: shoppers' devices are set wrong, by their time zone as a rule."""

_BREAKS = re.compile(r"[\n\r\t]")
_Pb = user_event_pb2.UserEvent
_TYPES = {number: EventType[name.removeprefix("TYPE_")] for name, number in _Pb.Type.items() if number}
_TYPE_NUMBERS = {kind: number for number, kind in _TYPES.items()}
_VERDICTS = {number: name.removeprefix("VERDICT_") for name, number in _Pb.Feedback.Verdict.items() if number}
_VERDICT_NUMBERS = {verdict: number for number, verdict in _VERDICTS.items()}
_WITHOUT_LINES = frozenset({EventType.SEARCH, EventType.FEEDBACK})


def event(position: int, message: user_event_pb2.UserEvent, now: float) -> Event | Failure:
    """Return the event of a message, or why it is none; `position` is its place in the request."""
    found = Violations()
    _one_line(found, "event_id", message.event_id, MAX_EVENT_ID_BYTES)
    kind = _type(found, message.type)
    checked = Event(
        message.event_id,
        kind or EventType.VIEW,
        _time(found, message, now),
        *_shopper(found, message.shopper, required=kind is not EventType.FEEDBACK),
        _lines(found, message, required=kind is not None and kind not in _WITHOUT_LINES),
        found.text("query", message.query, required=kind is EventType.SEARCH, max_chars=MAX_TEXT_CHARS),
        found.text("attribution_token", message.attribution_token, required=False, max_chars=MAX_TOKEN_CHARS),
        _feedback(found, message, wanted=kind is EventType.FEEDBACK),
    )
    try:
        found.raise_if_any()
    except InvalidArgument as error:
        return Failure(position, message.event_id[:MAX_EVENT_ID_BYTES], error)
    return checked


def type_label(message: user_event_pb2.UserEvent) -> str:
    """Return the type of an event for metrics; UNKNOWN when it is none."""
    kind = _TYPES.get(message.type)
    return kind.value if kind else "UNKNOWN"


def shopper_key(found: Violations, request: pb.ExportShopperRequest | pb.EraseShopperRequest) -> str:
    """Return the key of the shopper that a request names; what is wrong is noted."""
    if request.WhichOneof("who") == "user_id":
        return user_key(found.identifier("user_id", request.user_id))
    if request.WhichOneof("who") == "visitor_id":
        return visitor_key(found.identifier("visitor_id", request.visitor_id))
    found.add("visitor_id", "must be set, or user_id", FIELD_REQUIRED)
    return ""


def event_message(stored: Event) -> user_event_pb2.UserEvent:
    """Return the message of a stored event."""
    message = _Pb(
        event_id=stored.id,
        type=_TYPE_NUMBERS[stored.type],  # type: ignore[arg-type]  # same numbers
        lines=[_line_message(line) for line in stored.lines],
        query=stored.query,
        attribution_token=stored.attribution,
    )
    message.event_time.FromMicroseconds(round(stored.time * 1e6))
    if stored.keys:
        message.shopper.CopyFrom(query_pb2.Shopper(visitor_id=stored.visitor_id, user_id=stored.user_id))
    if stored.feedback:
        message.feedback.turn_id = stored.feedback.turn_id
        message.feedback.verdict = _VERDICT_NUMBERS[stored.feedback.verdict]  # type: ignore[assignment]
        message.feedback.comment = stored.feedback.comment
    return message


def profile_json(stored: Profile | None) -> str:
    """Return a profile as JSON, `{}` when there is none."""
    if stored is None:
        return "{}"
    taste = None if stored.taste is None else [round(float(x), 6) for x in stored.taste]
    told = {
        "key": stored.key,
        "event_count": stored.event_count,
        "last_time": stored.last_time,
        "interactions": [asdict(i) for i in stored.interactions],
        "related_keys": stored.related,
        "taste": taste,
    }
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"))


def _one_line(found: Violations, field: str, value: str, most_bytes: int) -> None:
    found.text(field, value, max_chars=most_bytes)
    if _BREAKS.search(value):
        found.add(field, "must not hold line breaks or tabs", FIELD_MALFORMED)
    if len(value.encode(errors="replace")) > most_bytes >= len(value):
        found.add(field, f"must be at most {most_bytes} UTF-8 bytes", FIELD_TOO_LONG)


def _type(found: Violations, number: int) -> EventType | None:
    if not number:
        found.add("type", "must be set", FIELD_REQUIRED)
    elif number not in _TYPES:
        found.add("type", "is not a value of the enum", FIELD_UNKNOWN_VALUE)
    return _TYPES.get(number)


def _shopper(found: Violations, shopper: query_pb2.Shopper, *, required: bool) -> tuple[str, str]:
    visitor = found.identifier(
        "shopper.visitor_id", shopper.visitor_id, required=required or bool(shopper.user_id)
    )
    return visitor, found.identifier("shopper.user_id", shopper.user_id, required=False)


def _time(found: Violations, message: user_event_pb2.UserEvent, now: float) -> float:
    """Return when it happened in Unix seconds; 0 when the message does not say."""
    if not message.HasField("event_time"):
        return 0.0
    seconds, nanos = message.event_time.seconds, message.event_time.nanos
    if not 0 <= nanos < 10**9:
        found.add("event_time.nanos", "must lie in [0, 999999999]", FIELD_OUT_OF_RANGE)
    if seconds < 1:
        found.add("event_time", "must be after 1970-01-01T00:00:00Z", FIELD_OUT_OF_RANGE)
    elif seconds > now + MAX_AHEAD_SECONDS:
        found.add("event_time", "must not be more than a day in the future", FIELD_OUT_OF_RANGE)
    return seconds + nanos / 1e9


def _lines(found: Violations, message: user_event_pb2.UserEvent, *, required: bool) -> tuple[Line, ...]:
    found.count("lines", len(message.lines), 1 if required else 0, MAX_LINES)
    return tuple(_line(found, f"lines[{i}]", line) for i, line in enumerate(message.lines[:MAX_LINES]))


def _line(found: Violations, field: str, line: user_event_pb2.UserEvent.Line) -> Line:
    _one_line(found, f"{field}.product_id", line.product_id, MAX_ID_BYTES)
    quantity = line.quantity if line.HasField("quantity") else 1
    found.number(f"{field}.quantity", quantity, 1, MAX_QUANTITY)
    paid = _price(found, f"{field}.unit_price", line.unit_price) if line.HasField("unit_price") else None
    return Line(line.product_id, quantity, paid)


def _price(found: Violations, field: str, message: money_pb2.Money) -> Price | None:
    if not message.currency_code:
        found.add(f"{field}.currency_code", "must not be empty", FIELD_REQUIRED)
        return None
    if not CURRENCY.fullmatch(message.currency_code):
        found.add(f"{field}.currency_code", "must be an ISO 4217 code", FIELD_MALFORMED)
        return None
    if message.units < 0 or message.nanos < 0:
        found.add(field, "must not be negative", FIELD_OUT_OF_RANGE)
        return None
    try:
        paid = price(field, message)
    except InvalidArgument as error:
        found.add(field, error.violations[0].description, FIELD_MALFORMED)
        return None
    if paid.minor >= MAX_MINOR:
        found.add(field, "must not be beyond 2^53 minor units", FIELD_OUT_OF_RANGE)
    return paid


def _feedback(found: Violations, message: user_event_pb2.UserEvent, *, wanted: bool) -> Feedback | None:
    if not message.HasField("feedback"):
        if wanted:
            found.add("feedback", "must be set", FIELD_REQUIRED)
        return None
    if not wanted:
        found.add("feedback", "belongs to TYPE_FEEDBACK only", FIELD_MALFORMED)
    said = message.feedback
    _one_line(found, "feedback.turn_id", said.turn_id, MAX_ID_BYTES)
    if said.verdict not in _VERDICTS:
        reason = FIELD_UNKNOWN_VALUE if said.verdict else FIELD_REQUIRED
        found.add("feedback.verdict", "must be HELPFUL, NOT_HELPFUL or WRONG", reason)
    comment = found.text("feedback.comment", said.comment, required=False, max_chars=MAX_TEXT_CHARS)
    return Feedback(said.turn_id, _VERDICTS.get(said.verdict, ""), comment)


def _line_message(line: Line) -> user_event_pb2.UserEvent.Line:
    paid = money(line.unit_price) if line.unit_price else None
    return _Pb.Line(product_id=line.product_id, quantity=line.quantity, unit_price=paid)
