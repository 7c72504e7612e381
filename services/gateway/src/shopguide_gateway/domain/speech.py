"""What goes without saying: pages in the shopper's own language, prices in their own currency."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from shopguide_gateway.domain.model import (
    Catalogue,
    Condition,
    Constraint,
    Language,
    Outcome,
    Shopper,
    Understanding,
)

_FIELD = "language"
_USUAL: Mapping[Language, tuple[str, ...]] = {"zh": ("CNY", "TWD", "HKD", "SGD"), "en": ("USD", "GBP", "EUR")}


def with_language(constraints: Iterable[Constraint], language: Language) -> tuple[Constraint, ...]:
    """Return the constraints and the soft wish for the language; a limit on it that was asked for stands alone."""
    given = tuple(constraints)
    if any(c.condition is not None and c.condition.field == _FIELD for c in given):
        return given
    return (*given, Constraint(Condition(_FIELD, any_of=(language,)), "SOFT"))


def without_language(outcomes: Iterable[Outcome]) -> tuple[Outcome, ...]:
    """Return what became of the constraints that the shopper did utter."""
    return tuple(o for o in outcomes if not _is_unuttered(o.constraint))


def _is_unuttered(constraint: Constraint) -> bool:
    condition = constraint.condition
    return (
        condition is not None
        and condition.field == _FIELD
        and constraint.strength == "SOFT"
        and not constraint.evidence
    )


def with_currency(shopper: Shopper, understanding: Understanding, catalogue: Catalogue | None) -> Shopper:
    """Return the shopper with the currency that prices are meant in.

    Theirs when they gave one, else that of a price they named, else the usual one of their language where the
    catalogue has it, else the catalogue's only one.
    """
    if shopper.currency:
        return shopper
    held = catalogue.currencies if catalogue else ()
    named = [c.condition.currency for c in understanding.constraints if c.condition is not None]
    usual = [currency for currency in _USUAL[understanding.language] if currency in held]
    only = held if len(held) == 1 else ()
    found = next((currency for currency in (*named, *usual, *only) if currency), "")
    return replace(shopper, currency=found)
