"""What speaks for a product whatever was asked: its rating, its price within its category."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from shopguide_retrieval.domain.card import Card

PRIOR_RATING = 4.0
"""Mean stars of a product of which nothing is known; most shops' means are near it."""
PRIOR_COUNT = 20.0
"""Ratings that a mean of stars needs to count as much as the prior."""
FEWEST_PRICES = 5
"""Priced products of one category before its median says anything."""

Numbers = NDArray[np.float64]


def shrunk_ratings(cards: Sequence[Card]) -> Numbers:
    """Return mean stars, each drawn towards the mean of all the more the fewer shoppers gave them (Bayesian mean)."""
    stars = np.array([c.stars for c in cards])
    counts = np.array([c.ratings for c in cards])
    counts = np.where(stars > 0, np.maximum(counts, 1.0), 0.0)
    prior = (PRIOR_RATING * PRIOR_COUNT + (stars * counts).sum()) / (PRIOR_COUNT + counts.sum())
    prior = 0.5 * (PRIOR_RATING + prior)
    return np.asarray((stars * counts + prior * PRIOR_COUNT) / (counts + PRIOR_COUNT))


def price_levels(cards: Sequence[Card]) -> Numbers:
    """Return log(price / median price of the category among these products), within ±3.

    0 without a price, and where fewer than `FEWEST_PRICES` of the category have one.
    Only prices in the same currency are compared.
    """
    groups: dict[tuple[str, str], list[float]] = {}
    for one in cards:
        if one.price > 0:
            groups.setdefault(one.price_group, []).append(one.price)
    medians = {g: _median(known) for g, known in groups.items() if len(known) >= FEWEST_PRICES}
    shares = [c.price / medians.get(c.price_group, c.price) if c.price > 0 else 1.0 for c in cards]
    return np.clip(np.log(shares), -3.0, 3.0)


def _median(values: Sequence[float]) -> float:
    ordered, middle = sorted(values), len(values) // 2
    return ordered[middle] if len(values) % 2 else (ordered[middle - 1] + ordered[middle]) / 2
