"""What speaks for a product whatever was asked: its rating, its price within its category."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shopguide_retrieval.domain.ranking import popularity_count

PRIOR_RATING = 4.0
"""Mean stars of a product of which nothing is known; most shops' means are near it."""
PRIOR_COUNT = 20.0
"""Ratings that a mean of stars needs to count as much as the prior."""
FEWEST_PRICES = 5
"""Priced products of one category before its median says anything."""

Payload = Mapping[str, Any]
Numbers = NDArray[np.float64]


def shrunk_ratings(payloads: Sequence[Payload]) -> Numbers:
    """Return mean stars, each drawn towards the mean of all the more the fewer shoppers gave them (Bayesian mean)."""
    stars = np.array([float(p.get("rating") or 0.0) for p in payloads])
    counts = np.array([popularity_count(p) for p in payloads])
    counts = np.where(stars > 0, np.maximum(counts, 1.0), 0.0)
    prior = (PRIOR_RATING * PRIOR_COUNT + (stars * counts).sum()) / (PRIOR_COUNT + counts.sum())
    prior = 0.5 * (PRIOR_RATING + prior)
    return np.asarray((stars * counts + prior * PRIOR_COUNT) / (counts + PRIOR_COUNT))


def price_levels(payloads: Sequence[Payload]) -> Numbers:
    """Return log(price / median price of the category among these products), within ±3.

    0 without a price, and where fewer than `FEWEST_PRICES` of the category have one.
    Only prices in the same currency are compared.
    """
    prices = [_price(p) for p in payloads]
    groups: dict[tuple[str, str], list[float]] = {}
    for payload, price in zip(payloads, prices, strict=True):
        if price > 0:
            groups.setdefault(_group(payload), []).append(price)
    medians = {g: _median(known) for g, known in groups.items() if len(known) >= FEWEST_PRICES}
    levels = [
        math.log(price / medians.get(_group(payload), price)) if price > 0 else 0.0
        for payload, price in zip(payloads, prices, strict=True)
    ]
    return np.clip(levels, -3.0, 3.0)


def _median(values: Sequence[float]) -> float:
    ordered, middle = sorted(values), len(values) // 2
    return ordered[middle] if len(values) % 2 else (ordered[middle - 1] + ordered[middle]) / 2


def _price(payload: Payload) -> float:
    prices = payload.get("price") or {}
    return float(prices.get(str(payload.get("currency") or "").lower()) or 0.0)


def _group(payload: Payload) -> tuple[str, str]:
    return str(payload.get("leaf") or ""), str(payload.get("currency") or "")
