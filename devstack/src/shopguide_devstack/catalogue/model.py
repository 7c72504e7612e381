"""The records of the demo catalogue, as they stand in the data files.

Field names are those of the `Product`, `Review` and `UserEvent` messages in snake case; the JSON form of a
record is its fields with empty ones left out.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, Language] = ("zh", "en")
LANGUAGE_CODES: dict[Language, str] = {"zh": "zh-Hans", "en": "en"}
CURRENCIES: dict[Language, str] = {"zh": "CNY", "en": "USD"}


@dataclass(frozen=True)
class Money:
    """An amount of money."""

    currency_code: str
    """ISO 4217 code."""
    amount: str
    """Decimal with two places, major units, such as `1299.00`."""


@dataclass(frozen=True)
class AttributeValues:
    """The values of one attribute: texts or numbers, never both."""

    texts: tuple[str, ...] = ()
    """Values in the language of the product."""
    numbers: tuple[float, ...] = ()
    """Values in `unit`; booleans are 0 or 1."""
    unit: str = ""
    """Unit of the numbers, the same for every product with this key; empty for counts and booleans."""


@dataclass(frozen=True)
class Rating:
    """What shoppers think of a product."""

    average: float
    """Mean stars in [1, 5], two decimals."""
    count: int
    """How many shoppers rated it; written reviews are some of them."""


@dataclass(frozen=True)
class Product:
    """One product (or one variant of it), its texts in one language."""

    id: str
    """Unique in the catalogue."""
    group_id: str
    """Shared by the variants of one product; a product without variants has a group of its own."""
    title: str
    """Title as a shop would show it."""
    description: str
    """Several sentences, then one line per fact."""
    language_code: str
    """`zh-Hans` or `en`."""
    category_path: tuple[str, ...]
    """Names from the root to the leaf, in the product's language."""
    brand: str
    """Brand as shown."""
    price: Money
    """Selling price."""
    original_price: Money
    """List price, never below the selling price."""
    availability: str
    """Name of a value of the `Product.Availability` enum."""
    attributes: dict[str, AttributeValues]
    """Facets by key; a key that is absent is a fact the page does not state."""
    rating: Rating | None
    """Ratings, pooled over the variants of a group; absent for a product nobody has rated."""
    uri: str
    """Page of the product; the host is reserved and does not exist."""


@dataclass(frozen=True)
class Review:
    """A written review."""

    id: str
    """Unique among reviews."""
    product_id: str
    """Product reviewed."""
    stars: int
    """1 to 5."""
    text: str
    """What was written, in the product's language."""
    language_code: str
    """`zh-Hans` or `en`."""
    create_time: str
    """RFC 3339, UTC."""
    helpful_count: int
    """Shoppers who found it helpful."""


@dataclass(frozen=True)
class FaqEntry:
    """A question that shoppers ask about the shop, with the shop's answer."""

    id: str
    """Unique; the same topic in the other language differs only in the suffix."""
    topic: str
    """Topic, shared across languages."""
    question: str
    """The question as the help page words it."""
    phrasings: tuple[str, ...]
    """Other ways of asking it."""
    answer: str
    """The rule, with days and fees."""
    language_code: str
    """`zh-Hans` or `en`."""


@dataclass(frozen=True)
class EventLine:
    """A product of an event and how many of it."""

    product_id: str
    """Product concerned."""
    quantity: int
    """At least 1."""
    unit_price: Money | None = None
    """Price paid for one; set for purchases."""


@dataclass(frozen=True)
class Event:
    """Something a shopper did."""

    event_id: str
    """Unique among events."""
    type: str
    """Name of a value of the `UserEvent.Type` enum."""
    visitor_id: str
    """Pseudonym of the shopper."""
    event_time: str
    """RFC 3339, UTC."""
    lines: tuple[EventLine, ...]
    """Products concerned."""


@dataclass(frozen=True)
class AttributeSpec:
    """What an attribute key means and how shoppers name it."""

    key: str
    """Key in `Product.attributes`."""
    kind: str
    """Name of a value of the `AttributeSpec.Kind` enum."""
    labels: dict[str, tuple[str, ...]]
    """By language: the word to show first, then other words for it."""
    unit: str = ""
    """Unit of the numbers as stored."""
    unit_labels: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """By language: how the unit is written for shoppers."""
    higher_is_better: bool | None = None
    """Whether more is better; absent when neither direction is."""
    value_aliases: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Words of either language, lower case, to the stored values of both languages that they stand for."""


@dataclass(frozen=True)
class Category:
    """A node of the category tree and how shoppers name it."""

    id: str
    """Stable identifier, the same for both languages."""
    parent: str
    """Identifier of the parent; empty for a root."""
    labels: dict[str, tuple[str, ...]]
    """By language: the name that stands in `Product.category_path`, then other words for it."""


@dataclass(frozen=True)
class JudgedQuery:
    """A query with graded answers, derived from the structure of the catalogue."""

    id: str
    """Unique; the twin in the other language differs only in the suffix."""
    language_code: str
    """`zh-Hans` or `en`."""
    text: str
    """What the shopper writes."""
    category: str
    """Identifier of the leaf category that is meant."""
    twin: str
    """Identifier of the same query in the other language; empty without one."""
    conditions: tuple[str, ...]
    """The wishes in words of the catalogue, such as `battery_hours >= 40`; for people to read."""
    relevant: dict[str, int]
    """Product id to grade: 3 all wishes hold, 2 at least half of them, 1 the category only."""
