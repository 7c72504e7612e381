"""What ranking reads of a product's payload, worked out once for as long as the payload is kept in memory."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from shopguide_retrieval.domain.field_terms import FieldTerms, read_terms
from shopguide_retrieval.domain.model import Availability

RATING_PRIOR = 0.010
"""Added to a score, at most, for stars."""
POPULARITY_PRIOR = 0.010
"""Added to a score, at most, for how many shoppers rated a product."""
POPULARITY_SCALE = math.log1p(100_000)

_MOST_LOG_COUNT = 30.0
"""Highest logarithm of a count that is taken seriously: `expm1` of more overflows sooner or later."""


@dataclass(frozen=True, slots=True)
class Card:
    """The parts of a payload that every ranking needs, as Python values; what is missing is empty or 0."""

    leaf: str
    """Its own category, normalised."""
    brand: str
    language: str
    price: float
    """In minor units of its own currency."""
    price_group: tuple[str, str]
    """Category and currency: prices are compared within it."""
    stars: float
    """Mean."""
    ratings: float
    """How many shoppers gave stars."""
    popularity: float
    """log(1 + ratings)."""
    prior: float
    """What stars and popularity add to a score: too little to outweigh relevance."""
    preorder: bool
    terms: FieldTerms


def card(payload: Mapping[str, Any]) -> Card:
    """Return the card of a payload, which may lack any key."""
    leaf, currency = str(payload.get("leaf") or ""), str(payload.get("currency") or "")
    popularity, stars = float(payload.get("popularity") or 0.0), float(payload.get("rating") or 0.0)
    return Card(
        leaf=leaf,
        brand=str(payload.get("brand") or ""),
        language=str(payload.get("language") or ""),
        price=float((payload.get("price") or {}).get(currency.lower()) or 0.0),
        price_group=(leaf, currency),
        stars=stars,
        ratings=math.expm1(min(popularity, _MOST_LOG_COUNT)),
        popularity=popularity,
        prior=_prior(stars, popularity),
        preorder=payload.get("availability") == Availability.PREORDER,
        terms=read_terms(str(payload.get("field_terms") or "")),
    )


def _prior(stars: float, popularity: float) -> float:
    rated = RATING_PRIOR * (stars - 3) / 2 if stars else 0.0
    return rated + POPULARITY_PRIOR * min(1.0, popularity / POPULARITY_SCALE)
