"""What is indexed and what is found: products, reviews, FAQ entries, scored products."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum


class Availability(IntEnum):
    """Whether a product can be bought now; the numbers are those stored in the index."""

    UNKNOWN = 0
    IN_STOCK = 1
    OUT_OF_STOCK = 2
    PREORDER = 3


@dataclass(frozen=True, slots=True)
class Price:
    """An amount in minor units (cents, fen) of an ISO 4217 currency."""

    minor: int
    currency: str


@dataclass(frozen=True, slots=True)
class AttributeValues:
    """Values of one attribute: texts or numbers, the numbers in `unit`."""

    texts: tuple[str, ...] = ()
    numbers: tuple[float, ...] = ()
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Rating:
    """Mean stars in [1, 5] and how many shoppers gave them."""

    average: float
    count: int


@dataclass(frozen=True, slots=True)
class Product:
    """One row of a catalogue, as the platform sent it."""

    id: str
    title: str
    group: str = ""
    description: str = ""
    language: str = ""
    category_path: tuple[str, ...] = ()
    brand: str = ""
    price: Price | None = None
    original_price: Price | None = None
    availability: Availability = Availability.UNKNOWN
    attributes: Mapping[str, AttributeValues] = field(default_factory=dict)
    rating: Rating | None = None
    uri: str = ""
    image_uris: tuple[str, ...] = ()
    update_time: float = 0.0
    """Unix seconds of the last write, set by the index."""


@dataclass(frozen=True, slots=True)
class ScoredProduct:
    """A product found, its rank score and the parts that the score is made of."""

    product: Product
    score: float
    signals: Mapping[str, float] = field(default_factory=dict)
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Review:
    """What one shopper wrote about one product."""

    id: str
    product_id: str
    text: str
    stars: float | None = None
    language: str = ""
    create_time: float | None = None
    """Unix seconds."""
    helpful_count: int = 0


@dataclass(frozen=True, slots=True)
class FaqEntry:
    """A question to the shop, other ways to ask it, and the answer."""

    id: str
    question: str
    answer: str
    phrasings: tuple[str, ...] = ()
    topic: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class Degradation:
    """A part that was left out or made in a lesser way, and the error behind it."""

    component: str
    fallback: str
    error: Exception
