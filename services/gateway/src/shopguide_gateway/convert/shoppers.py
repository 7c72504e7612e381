"""Requests about shoppers' data, checked, and their answers."""

from typing import cast

from google.rpc import status_pb2

from shopguide.gateway.v1 import guide_service_pb2 as pb
from shopguide.type.v1.user_event_pb2 import UserEvent
from shopguide_gateway.convert.checks import CATALOG
from shopguide_gateway.domain.shopper_data import ExportedPart, Feedback, Recorded, Verdict, Who
from shopguide_runtime.validation import FIELD_REQUIRED, FIELD_UNKNOWN_VALUE, Violations

MAX_EVENTS = 500
MAX_COMMENT_CHARS = 2_000

_Request = pb.RecordFeedbackRequest
_VERDICTS: dict[int, Verdict] = {
    _Request.VERDICT_HELPFUL: "HELPFUL",
    _Request.VERDICT_NOT_HELPFUL: "NOT_HELPFUL",
    _Request.VERDICT_WRONG: "WRONG",
}


def check_events(request: pb.RecordEventsRequest) -> None:
    """Raise InvalidArgument when the request as a whole is wrong; single events are judged by retrieval."""
    found = Violations()
    found.identifier("catalog", request.catalog, pattern=CATALOG)
    found.count("events", len(request.events), 1, MAX_EVENTS)
    found.raise_if_any()


def read_feedback(request: pb.RecordFeedbackRequest) -> Feedback:
    """Return the feedback; raises InvalidArgument. A user without a visitor is refused."""
    found, shopper = Violations(), request.shopper
    found.identifier("catalog", request.catalog, pattern=CATALOG)
    if not request.verdict:
        found.add("verdict", "must be set", FIELD_REQUIRED)
    elif request.verdict not in _VERDICTS:
        found.add("verdict", "is not a value of the enum", FIELD_UNKNOWN_VALUE)
    read = Feedback(
        found.identifier("turn_id", request.turn_id),
        _VERDICTS.get(request.verdict, "WRONG"),
        found.text("comment", request.comment, required=False, max_chars=MAX_COMMENT_CHARS),
        found.identifier("shopper.visitor_id", shopper.visitor_id, required=bool(shopper.user_id)),
        found.identifier("shopper.user_id", shopper.user_id, required=False),
    )
    found.raise_if_any()
    return read


def read_who(request: pb.ExportShopperRequest | pb.EraseShopperRequest) -> Who:
    """Return whose data is meant; raises InvalidArgument."""
    found = Violations()
    found.identifier("catalog", request.catalog, pattern=CATALOG)
    kind = request.WhichOneof("who")
    if kind is None:
        found.add("visitor_id", "must be set, or user_id", FIELD_REQUIRED)
    else:
        found.identifier(kind, getattr(request, kind))
    found.raise_if_any()
    return Who(kind or "visitor_id", getattr(request, kind or "visitor_id"))


def write_recorded(recorded: Recorded) -> pb.RecordEventsResponse:
    """Return the message of what became of events."""
    refused = [
        pb.RecordEventsResponse.Failure(event_id=r.event_id, status=cast(status_pb2.Status, r.status))
        for r in recorded.refused
    ]
    return pb.RecordEventsResponse(
        written_count=recorded.written,
        duplicate_count=recorded.duplicates,
        failures=refused,
        unknown_product_ids=recorded.unknown_product_ids,
    )


def write_part(part: ExportedPart) -> pb.ExportShopperResponse:
    """Return the message of a part of an export."""
    events = [cast(UserEvent, event) for event in part.events]
    return pb.ExportShopperResponse(events=events, profile_json=part.profile_json)
