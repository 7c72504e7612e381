"""Conditions on products, the shopper's constraints made of them, and what became of each."""

from dataclasses import dataclass
from enum import Enum


@dataclass(frozen=True, slots=True)
class Range:
    """Numbers from `minimum` to `maximum`, both inclusive; None is open."""

    minimum: float | None = None
    maximum: float | None = None


@dataclass(frozen=True, slots=True)
class Condition:
    """One test on one field, exactly one of `any_of`, `none_of` and `range`; prices are in major units."""

    field: str
    any_of: tuple[str, ...] = ()
    none_of: tuple[str, ...] = ()
    range: Range | None = None
    currency: str = ""


class Strength(Enum):
    """How binding a constraint is."""

    HARD = "HARD"
    SOFT = "SOFT"
    UNSUPPORTED = "UNSUPPORTED"


@dataclass(frozen=True, slots=True)
class Constraint:
    """A limit or wish of the shopper; `condition` may be missing only when it is unsupported."""

    condition: Condition | None
    strength: Strength
    evidence: str = ""
    confidence: float = 1.0


class Outcome(Enum):
    """What became of a constraint."""

    APPLIED = "APPLIED"
    RELAXED = "RELAXED"
    DROPPED = "DROPPED"


@dataclass(frozen=True, slots=True)
class ConstraintOutcome:
    """What became of a constraint and why; `reason` is empty for a hard one that simply holds."""

    constraint: Constraint
    outcome: Outcome
    reason: str = ""
    relaxed_to: Condition | None = None
    nearest_value: float | None = None
    """Nearest number that exists with the other limits kept, in the unit of the condition."""
    alternative_product_id: str = ""


NO_MATCH = "NO_MATCH"
"""Nothing satisfies all limits; this one gave way."""
UNKNOWN_FIELD = "UNKNOWN_FIELD"
"""No product of the catalogue has the field."""
UNKNOWN_VALUE = "UNKNOWN_VALUE"
"""No product of the catalogue has the value."""
NOT_COMPARABLE = "NOT_COMPARABLE"
"""The field cannot be compared so: another currency, a range on texts, texts on a price."""
SOFT_PREFERENCE = "SOFT_PREFERENCE"
"""A wish: it ranked the products and left none out."""
UNSUPPORTED = "UNSUPPORTED"
"""No field of a catalogue can express the wish."""
