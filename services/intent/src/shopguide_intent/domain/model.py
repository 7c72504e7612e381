"""What the intent service says about a message."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

PRICE = "price"
BRAND = "brand"
CATEGORY = "category"
RATING = "rating"


class Strength(StrEnum):
    """How binding a constraint is."""

    HARD = "HARD"
    SOFT = "SOFT"
    UNSUPPORTED = "UNSUPPORTED"


@dataclass(frozen=True, slots=True)
class Bounds:
    """A range of numbers; both ends belong to it, an absent end is open."""

    minimum: float | None = None
    maximum: float | None = None


@dataclass(frozen=True, slots=True)
class Condition:
    """One test on one product field; exactly one of `any_of`, `none_of`, `bounds` is set."""

    field: str
    any_of: tuple[str, ...] = ()
    none_of: tuple[str, ...] = ()
    bounds: Bounds | None = None
    currency: str = ""
    """ISO 4217 code of bounds on the price."""


@dataclass(frozen=True, slots=True)
class Constraint:
    """A limit or a wish, with the words it was read from."""

    condition: Condition | None
    """None when no field of the catalogue can express the wish."""
    strength: Strength
    evidence: str
    confidence: float = 1.0

    @property
    def field(self) -> str:
        """Field that is constrained; empty when there is none."""
        return self.condition.field if self.condition else ""


@dataclass(frozen=True, slots=True)
class Amount:
    """Money in major units."""

    value: float
    currency: str


@dataclass(frozen=True, slots=True)
class Budget:
    """Most that everything may cost together."""

    total: Amount
    evidence: str


@dataclass(frozen=True, slots=True)
class Scope:
    """One of several product roles in a single wish."""

    role: str
    query: str
    constraints: tuple[Constraint, ...] = ()
    quantity: int = 1


@dataclass(frozen=True, slots=True)
class ShownProduct:
    """A product that the shopper has in view."""

    id: str
    title: str
    brand: str = ""
    price: Amount | None = None
    color: str = ""
    role: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer that was offered with the open question."""

    text: str
    condition: Condition | None = None


@dataclass(frozen=True, slots=True)
class DialogueState:
    """What the conversation holds so far."""

    last_intent: str = ""
    search_query: str = ""
    constraints: tuple[Constraint, ...] = ()
    shown: tuple[ShownProduct, ...] = ()
    open_slot: str = ""
    offered: tuple[Answer, ...] = ()
    language: str = ""


@dataclass(frozen=True, slots=True)
class ProductReference:
    """A shown product that the words point at; `position` counts from 1."""

    product_id: str
    evidence: str
    position: int


@dataclass(frozen=True, slots=True)
class Need:
    """The need behind a wish."""

    recipient: str = ""
    uses: tuple[str, ...] = ()
    occasion: str = ""
    qualities: tuple[str, ...] = ()
    repeat_count: int = 0


@dataclass(frozen=True, slots=True)
class Ordering:
    """An order that the shopper asked for."""

    field: str
    descending: bool


@dataclass(frozen=True, slots=True)
class Keyword:
    """A word that carries the wish; `weight` is in [0, 1]."""

    text: str
    weight: float


@dataclass(frozen=True, slots=True)
class Parse:
    """Everything that follows from the words, the catalogue and the dialogue, without a model."""

    language: str
    search_query: str
    keywords: tuple[Keyword, ...] = ()
    constraints: tuple[Constraint, ...] = ()
    scopes: tuple[Scope, ...] = ()
    budget: Budget | None = None
    references: tuple[ProductReference, ...] = ()
    need: Need = field(default_factory=Need)
    ordering: Ordering | None = None
    topic_changed: bool = False
    answers_question: bool = False
    """Whether the message answers the question that was open."""
    elliptical: bool = False
    """Whether the message names no product of its own and leans on the turns before."""
    names_product: bool = False
    """Whether a category or brand of the catalogue is named."""
    refines_limits: bool = False
    """Whether the message does nothing but change limits of the search before."""
    only_catalog_words: bool = False
    """Whether the message is nothing but words of the catalogue and limits, a category among them."""


@dataclass(frozen=True, slots=True)
class IntentScore:
    """An intent and its calibrated probability."""

    label: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Understanding:
    """The whole answer about one message."""

    parse: Parse
    intents: tuple[IntentScore, ...]
    sentiment: float
    """In [-1, 1]."""
    missing_slots: tuple[str, ...]
    abstained: bool
    model: str
    query_vector: tuple[float, ...] = ()
    """L2-normalised embedding of `parse.search_query`; empty when there is none."""
    encoder_fingerprint: str = ""
    degraded: str = ""
    """What failed, for people; empty when nothing did."""
    seconds: Mapping[str, float] = field(default_factory=dict)
    """Wall-clock time by stage."""
