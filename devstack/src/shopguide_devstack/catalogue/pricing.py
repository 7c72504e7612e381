"""Prices that look like prices."""

from __future__ import annotations

import math
from random import Random

from shopguide_devstack.catalogue.model import Language

SPREAD = 0.05
"""Standard deviation, in tiers, by which a price departs from its tier."""
DISCOUNTS = (0.05, 0.1, 0.1, 0.15, 0.2, 0.2, 0.25, 0.3, 0.4)
"""Discounts that shops give."""
DOLLARS_WITH_CENTS = 50
"""Dollar prices below this end in .99."""
PLAIN_BELOW = 30
"""Prices in yuan below this are whole numbers without a preferred ending."""
STEPS = ((1000.0, 10), (5000.0, 50), (math.inf, 100))
"""Prices up to the first number end 1 below a multiple of the second."""


def selling_price(rng: Random, span: tuple[float, float], tier: float, language: Language) -> float:
    """Return a price of `tier` in the range `span`, in major units, on a geometric scale."""
    low, high = span
    place = min(1.0, max(0.0, rng.gauss(tier, SPREAD)))
    return charming(low * (high / low) ** place, language)


def list_price(rng: Random, price: float, language: Language) -> float:
    """Return a price before discount, above `price`."""
    before = charming(price / (1.0 - rng.choice(DISCOUNTS)), language)
    return before if before > price else float(round(price * 1.1 + 1.0))


def charming(amount: float, language: Language) -> float:
    """Move an amount to an ending that shops use: 9 in yuan, 9 or .99 in dollars."""
    if language == "en" and amount < DOLLARS_WITH_CENTS:
        return max(1, round(amount)) - 0.01
    if amount < PLAIN_BELOW:
        return float(round(amount))
    step = next(step for limit, step in STEPS if amount < limit)
    return float(round(amount / step) * step - 1)
