"""What speaks for a product whatever was asked: its rating, its price within its category, its age."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shopguide_retrieval.domain.limits import price_key, values_at
from shopguide_retrieval.domain.ranking import popularity_count

PRIOR_RATING = 4.0
"""Mean stars of a product of which nothing is known; most shops' means are near it."""
PRIOR_COUNT = 20.0
"""Ratings that a mean of stars needs to count as much as the prior."""
HALF_LIFE_DAYS = 90.0
"""Age at which a product is half as new."""
FEWEST_PRICES = 5
"""Priced products of one category before its median says anything."""
_DAY = 86_400.0

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


def price_levels(payloads: Sequence[Payload], key: str = "") -> Numbers:
    """Return log(price / median price of the category among these products), within ±3.

    0 without a price, and where fewer than `FEWEST_PRICES` of the category have one.
    `key` is the payload key of the prices; without one, each product's own currency, compared within that currency.
    """
    prices = [_price(p, key) for p in payloads]
    groups: dict[tuple[str, str], list[float]] = {}
    for payload, price in zip(payloads, prices, strict=True):
        if price > 0:
            groups.setdefault(_group(payload, key), []).append(price)
    medians = {g: _median(known) for g, known in groups.items() if len(known) >= FEWEST_PRICES}
    levels = [
        math.log(price / medians.get(_group(payload, key), price)) if price > 0 else 0.0
        for payload, price in zip(payloads, prices, strict=True)
    ]
    return np.clip(levels, -3.0, 3.0)


def newness(payloads: Sequence[Payload], now: float) -> Numbers:
    """Return 1 for a product that was first seen now, .5 after `HALF_LIFE_DAYS`; 0 without a time."""
    if not now:
        return np.zeros(len(payloads))
    ages = np.array([now - float(p.get("first_time") or -math.inf) for p in payloads]) / _DAY
    return np.asarray(np.exp2(-np.clip(ages, 0.0, None) / HALF_LIFE_DAYS))


def _median(values: Sequence[float]) -> float:
    ordered, middle = sorted(values), len(values) // 2
    return ordered[middle] if len(values) % 2 else (ordered[middle - 1] + ordered[middle]) / 2


def _price(payload: Payload, key: str) -> float:
    prices = values_at(payload, key or price_key(str(payload.get("currency") or "")))
    return float(prices[0]) if prices else 0.0


def _group(payload: Payload, key: str) -> tuple[str, str]:
    return str(payload.get("leaf") or ""), key or str(payload.get("currency") or "")
