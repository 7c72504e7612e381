"""The list of what rises, filled up with what is popular."""

import time
from collections.abc import Callable, Iterable, Sequence

from shopguide_retrieval.domain.card import POPULARITY_SCALE
from shopguide_retrieval.domain.catalog import Catalog
from shopguide_retrieval.domain.limits import Limit
from shopguide_retrieval.domain.ranking import Candidate, Ranked, one_per_group
from shopguide_retrieval.domain.trending import DEFAULT_WINDOW, Trend, TrendWatch
from shopguide_retrieval.ports import ProductStore
from shopguide_retrieval.ports_recommend import NeighbourStore

LOOKED_UP = 400
"""Rising products that are looked up under the limits."""


class TrendLister:
    """Lists trending products."""

    def __init__(
        self, products: ProductStore, others: NeighbourStore, clock: Callable[[], float] = time.time
    ) -> None:
        """Take the stores."""
        self._products = products
        self._watch = TrendWatch(others)
        self._clock = clock

    async def list(
        self, catalog: Catalog, limits: Sequence[Limit], window: float | None, size: int
    ) -> list[Ranked]:
        """Return products under limits, the fastest rising of the last `window` seconds first, then popular ones."""
        trends = await self._watch.trends(catalog, self._clock(), window or DEFAULT_WINDOW)
        ids = tuple(list(trends)[:LOOKED_UP])
        rising = (
            await self._products.popular(catalog, (*limits, Limit("id", any_of=ids)), len(ids)) if ids else {}
        )
        ranked = one_per_group(_rising(rising[i], trends[i]) for i in ids if i in rising)
        if len(ranked) < size:
            popular = await self._products.popular(catalog, limits, size + len(ranked))
            ranked = one_per_group([*ranked, *_by_popularity(popular.values())])
        return ranked[:size]


def _rising(candidate: Candidate, trend: Trend) -> Ranked:
    signals = {"trend": trend.rise, "events": float(trend.events), "expected": round(trend.expected, 3)}
    # Below 2 is the room of popular products, so that scores of one list stand in its order.
    return Ranked(candidate, round(2 + trend.rise, 6), signals, ("TRENDING",))


def _by_popularity(candidates: Iterable[Candidate]) -> list[Ranked]:
    found = [Ranked(c, round(_share(c), 6), {"popularity": _share(c)}, ("POPULAR",)) for c in candidates]
    return sorted(found, key=lambda r: (-r.score, r.candidate.id))


def _share(candidate: Candidate) -> float:
    return min(1.0, float(candidate.payload.get("popularity") or 0.0) / POPULARITY_SCALE)
