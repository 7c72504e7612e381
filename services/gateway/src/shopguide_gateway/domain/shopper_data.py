"""What goes to the retrieval service about shoppers and comes back; events themselves pass through unread."""

import hashlib
from dataclasses import dataclass
from typing import Literal

Verdict = Literal["HELPFUL", "NOT_HELPFUL", "WRONG"]

Event = object
"""A `shopguide.type.v1.UserEvent`: the retrieval service checks it."""

Status = object
"""A `google.rpc.Status`."""


@dataclass(frozen=True, slots=True)
class Feedback:
    """What a shopper thought of an answer."""

    turn_id: str
    verdict: Verdict
    comment: str = ""
    visitor_id: str = ""
    user_id: str = ""

    @property
    def event_id(self) -> str:
        """The same for the same feedback, so that sending it twice counts once; another verdict is another event."""
        said = (self.turn_id, self.visitor_id, self.user_id, self.verdict, self.comment)
        return f"feedback-{hashlib.sha256(repr(said).encode()).hexdigest()[:40]}"


@dataclass(frozen=True, slots=True)
class RefusedEvent:
    """An event that was not written, and why."""

    event_id: str
    status: Status


@dataclass(frozen=True, slots=True)
class Recorded:
    """What became of events."""

    written: int
    duplicates: int
    refused: tuple[RefusedEvent, ...] = ()
    unknown_product_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Who:
    """Whose data: a device or a signed-in shopper."""

    kind: Literal["visitor_id", "user_id"]
    id: str


@dataclass(frozen=True, slots=True)
class ExportedPart:
    """A part of all that is held about a shopper; the profile comes with the last one."""

    events: tuple[Event, ...] = ()
    profile_json: str = ""
