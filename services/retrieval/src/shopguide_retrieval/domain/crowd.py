"""What all shoppers of a catalogue do, as of a moment ago: counts, habits, trends.

Only a cache of what stands in the index. A request never waits for a renewal: it gets the snapshot that is there
while the next one is made.
"""

import asyncio
import time
from collections.abc import Callable, Mapping
from contextvars import Context
from dataclasses import dataclass, field
from functools import cached_property

from shopguide_retrieval.domain.catalog import Catalog
from shopguide_retrieval.domain.recommend_habits import Habits, learn_habits
from shopguide_retrieval.domain.trending import Trend, TrendWatch
from shopguide_retrieval.ports import ProductStore
from shopguide_retrieval.ports_recommend import Neighbour, NeighbourStore
from shopguide_runtime.errors import ShopguideError

HABIT_SHOPPERS = 4_000
"""Latest shoppers that habits are learned from."""

EMPTY_SECONDS = 1.0
"""Age at which a snapshot without a shopper is renewed: the first events must show at once."""

FIRST_SECONDS = 1.5
"""Longest that a request waits for the first snapshot of a catalogue."""

FAVOURITES = 20
"""Most frequent products that may always be recommended."""

_FETCHED_AT_ONCE = 500


@dataclass(frozen=True)
class Snapshot:
    """What was known at a moment."""

    counts: Mapping[str, int] = field(default_factory=dict)
    """Shoppers who had to do with each product."""
    bought: Mapping[str, int] = field(default_factory=dict)
    """Shoppers who bought it."""
    shoppers: int = 0
    made: bool = True
    """False for what stands in until the first snapshot is made."""
    habits: Habits = field(default_factory=Habits)
    trends: Mapping[str, Trend] = field(default_factory=dict)

    @cached_property
    def favourites(self) -> tuple[str, ...]:
        """The products that the most shoppers had to do with, the first one of them first."""
        ranked = sorted(self.counts, key=lambda i: (-self.counts[i], i))
        return tuple(ranked[:FAVOURITES])

    @cached_property
    def most(self) -> int:
        """Shoppers of the product that most had to do with, at least 1."""
        return max(self.counts.values(), default=1)


class Crowd:
    """Gives the snapshot of a catalogue."""

    def __init__(
        self,
        products: ProductStore,
        others: NeighbourStore,
        max_age: float,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """Take the stores and the seconds after which a snapshot is renewed."""
        self._products = products
        self._others = others
        self._max_age = max_age
        self._clock = clock
        self._known: dict[str, tuple[float, Snapshot]] = {}
        self._renewals: dict[str, asyncio.Task[Snapshot]] = {}

    async def of(self, catalog: Catalog) -> Snapshot:
        """Return the latest snapshot; when there is none, the first one if it is made within a moment.

        Otherwise a snapshot without anything, `made` False. Raises Unavailable when the first one cannot be made.
        """
        known = self._known.get(catalog.name)
        if known is None:
            done, _ = await asyncio.wait({self._renewal(catalog)}, timeout=FIRST_SECONDS)
            return next(iter(done)).result() if done else Snapshot(made=False)
        made, snapshot = known
        if self._clock() - made > (self._max_age if snapshot.shoppers else min(EMPTY_SECONDS, self._max_age)):
            self._renewal(catalog)
        return snapshot

    def _renewal(self, catalog: Catalog) -> asyncio.Task[Snapshot]:
        task = self._renewals.get(catalog.name)
        if task is None:
            # In a context of its own: the deadline of the request that happens to ask first is not that of the task.
            task = asyncio.create_task(self._make(catalog), context=Context())
            task.add_done_callback(lambda done: self._finished(catalog.name, done))
            self._renewals[catalog.name] = task
        return task

    def _finished(self, name: str, task: asyncio.Task[Snapshot]) -> None:
        self._renewals.pop(name, None)
        if task.cancelled() or isinstance(task.exception(), ShopguideError):
            return
        self._known[name] = (self._clock(), task.result())

    async def _make(self, catalog: Catalog) -> Snapshot:
        shoppers = await self._others.shopper_count(catalog)
        if not shoppers:
            return Snapshot()
        return Snapshot(
            counts=await self._others.item_counts(catalog, bought=False),
            bought=await self._others.item_counts(catalog, bought=True),
            shoppers=shoppers,
            habits=await self._habits(catalog),
            trends=await TrendWatch(self._others).trends(catalog, self._clock()),
        )

    async def _habits(self, catalog: Catalog) -> Habits:
        shoppers: list[Neighbour] = []
        async for page in self._others.newest(catalog, HABIT_SHOPPERS):
            shoppers += page
        ids = list({i.product_id for s in shoppers for i in s.trail if i.purchase_times})
        leaves: dict[str, str] = {}
        for start in range(0, len(ids), _FETCHED_AT_ONCE):
            part = await self._products.fetch(catalog, ids[start : start + _FETCHED_AT_ONCE], ("leaf",))
            leaves |= {i: str(p.get("leaf") or "") for i, p in part.items()}
        return await asyncio.to_thread(learn_habits, shoppers, leaves)
