"""Distributions of stars."""

from __future__ import annotations

import math
from collections.abc import Sequence

STARS = (1, 2, 3, 4, 5)


def stars_histogram(mean: float, count: int) -> tuple[int, ...]:
    """Return how many of `count` ratings have 1 to 5 stars so that their mean is close to `mean`.

    The shares follow the distribution of greatest entropy with that mean, which is geometric in the stars.
    """
    return apportion(_shares(mean), count)


def sample_stars(histogram: Sequence[int], count: int) -> tuple[int, ...]:
    """Return a histogram of `count` ratings with the shape of `histogram`."""
    total = sum(histogram)
    return apportion([n / total for n in histogram], count) if total else (0,) * len(STARS)


def apportion(shares: Sequence[float], count: int) -> tuple[int, ...]:
    """Split `count` by `shares` that sum to 1, by largest remainder."""
    exact = [share * count for share in shares]
    whole = [math.floor(value) for value in exact]
    by_remainder = sorted(range(len(exact)), key=lambda place: (whole[place] - exact[place], -place))
    for place in by_remainder[: count - sum(whole)]:
        whole[place] += 1
    return tuple(whole)


def _shares(mean: float) -> list[float]:
    low, high = -10.0, 10.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if _mean(middle) < mean else (low, middle)
    return _tilted(low)


def _tilted(tilt: float) -> list[float]:
    weights = [math.exp(tilt * (stars - 3)) for stars in STARS]
    return [weight / sum(weights) for weight in weights]


def _mean(tilt: float) -> float:
    return sum(stars * share for stars, share in zip(STARS, _tilted(tilt), strict=True))
