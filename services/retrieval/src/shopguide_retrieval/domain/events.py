"""What shoppers do, as it is kept."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from shopguide_retrieval.domain.model import Price
from shopguide_retrieval.domain.shoppers import shopper_keys


class EventType(Enum):
    """What was done."""

    VIEW = "VIEW"
    CLICK = "CLICK"
    ADD_TO_CART = "ADD_TO_CART"
    REMOVE_FROM_CART = "REMOVE_FROM_CART"
    PURCHASE = "PURCHASE"
    SEARCH = "SEARCH"
    FEEDBACK = "FEEDBACK"


@dataclass(frozen=True, slots=True)
class Line:
    """A product and how much of it."""

    product_id: str
    quantity: int = 1
    unit_price: Price | None = None


@dataclass(frozen=True, slots=True)
class Feedback:
    """What a shopper thought of an answer."""

    turn_id: str
    verdict: str
    """`HELPFUL`, `NOT_HELPFUL` or `WRONG`."""
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Event:
    """Something a shopper did."""

    id: str
    type: EventType
    time: float
    """In Unix seconds."""
    visitor_id: str = ""
    user_id: str = ""
    lines: tuple[Line, ...] = ()
    query: str = ""
    attribution: str = ""
    """Token of the answer that the event followed from."""
    feedback: Feedback | None = None

    @property
    def keys(self) -> tuple[str, ...]:
        """The shopper keys that it belongs to."""
        return shopper_keys(self.visitor_id, self.user_id)

    @property
    def product_ids(self) -> tuple[str, ...]:
        """The products concerned, each once."""
        return tuple(dict.fromkeys(line.product_id for line in self.lines))


def products_of(events: Iterable[Event]) -> tuple[str, ...]:
    """Return the products of events, each once, in the order of their first appearance."""
    return tuple(dict.fromkeys(i for event in events for i in event.product_ids))
