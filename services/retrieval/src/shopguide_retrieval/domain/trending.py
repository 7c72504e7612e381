"""What shoppers turn to now more than they used to."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from shopguide_retrieval.domain.catalog import Catalog
from shopguide_retrieval.ports_recommend import NeighbourStore

DEFAULT_WINDOW = 7 * 86_400.0
"""Seconds that "now" reaches back."""

BASELINE_WINDOWS = 4.0
"""The time before the window that it is compared with, in windows; shorter when the events begin later."""

LEAST_EVENTS = 3
"""In the window, for a product to trend."""

PRIOR_EVENTS = 4.0
"""Events added to both sides of the comparison: two clicks after none are no trend."""


@dataclass(frozen=True, slots=True)
class Trend:
    """How a product does in the window."""

    events: int
    expected: float
    """Events in the window at the rate before it."""

    @property
    def rise(self) -> float:
        """Logarithm of events over expected events, both shrunk, times their certainty: above 0 it rises."""
        ratio = (self.events + PRIOR_EVENTS) / (self.expected + PRIOR_EVENTS)
        return math.log(ratio) * math.sqrt(self.events)


class TrendWatch:
    """Compares a window of events with the time before it."""

    def __init__(self, others: NeighbourStore) -> None:
        """Take the events of all shoppers."""
        self._others = others

    async def trends(self, catalog: Catalog, now: float, window: float = DEFAULT_WINDOW) -> dict[str, Trend]:
        """Return the products that rise, the fastest first."""
        first = await self._others.first_time(catalog)
        if first is None:
            return {}
        begin = max(first, now - window * (1 + BASELINE_WINDOWS))
        recent = await self._others.activity(catalog, now - window, now + 1)
        before = await self._others.activity(catalog, begin, now - window) if begin < now - window else {}
        return rising(recent, before)


def rising(recent: Mapping[str, int], before: Mapping[str, int]) -> dict[str, Trend]:
    """Return the products that rise, the fastest first: by their share of all events, now and before.

    Shares, because on a busy weekend every product has more events than in the week before. Without a time before,
    each product is compared with the mean.
    """
    total, earlier = sum(recent.values()), sum(before.values())
    even = total / max(1, len(recent))
    trends = {i: Trend(n, before.get(i, 0) * total / earlier if earlier else even) for i, n in recent.items()}
    kept = {i: t for i, t in trends.items() if t.events >= LEAST_EVENTS and t.rise > 0}
    return dict(sorted(kept.items(), key=lambda e: (-e[1].rise, e[0])))
