"""What a look-up starts from and ends with, and what all of them share."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from shopguide_gateway.domain.facts import product_source
from shopguide_gateway.domain.model import (
    Ask,
    AttributeSpec,
    Constraint,
    Deal,
    Degradation,
    Found,
    Outcome,
    Product,
    Scored,
    SearchResult,
    Shopper,
    Timing,
    Understanding,
)
from shopguide_gateway.domain.plans import Plan
from shopguide_gateway.domain.speech import without_language


@dataclass(frozen=True, slots=True)
class Look:
    """One look-up: the turn as asked, what was understood, and what the catalogue's attributes are called."""

    ask: Ask
    understanding: Understanding
    specs: Mapping[str, AttributeSpec]
    plan: Plan
    shopper: Shopper


@dataclass(frozen=True, slots=True)
class Looked:
    """What was found, what had to be left out, and how long retrieval's own stages took."""

    found: Found
    degradations: tuple[Degradation, ...] = ()
    timings: tuple[Timing, ...] = ()


def held(wish: Understanding) -> tuple[Constraint, ...]:
    """Return the constraints; with an order, the category named is a limit: the cheapest phone is not a phone case."""
    return wish.constraints if wish.ordering is None else of_kind(wish.constraints)


def of_kind(constraints: Iterable[Constraint]) -> tuple[Constraint, ...]:
    """Return the constraints with the category named as a limit."""
    return tuple(
        replace(c, strength="HARD") if c.condition and c.condition.field == "category" else c
        for c in constraints
    )


def fitting_results(result: SearchResult, most: int) -> tuple[Scored, ...]:
    """Return the first results, without the tail that satisfies the limits but is not what the words name."""
    return result.results[: min(most, result.matched_size or most)]


def looked_up(
    result: SearchResult, look: Look, shown: Sequence[Scored], deals: Mapping[str, Deal] | None = None
) -> Looked:
    """Return what a list of products gives to speak of: the ones shown, and those from outside the limits."""
    listed = {s.product.id for s in shown}
    alternatives = tuple(a for a in result.alternatives if a.product.id not in listed)
    found = Found(
        shown=tuple(shown),
        sources=tuple(
            product_source(s, look.specs, (deals or {}).get(s.product.id)) for s in (*shown, *alternatives)
        ),
        outcomes=without_language(result.outcomes),
        matched_size=result.matched_size,
        alternatives=alternatives,
        candidates=result.results,
        attribution_token=result.attribution_token,
    )
    return Looked(found, result.degradations, result.timings)


def of_products(products: Sequence[Product], specs: Mapping[str, AttributeSpec]) -> Found:
    """Return products that were asked for by id."""
    shown = tuple(Scored(product) for product in products)
    return Found(shown=shown, sources=tuple(product_source(s, specs) for s in shown))


def distinct(outcomes: Iterable[Outcome]) -> tuple[Outcome, ...]:
    """Return the outcomes, each once."""
    return tuple(dict.fromkeys(outcomes))
