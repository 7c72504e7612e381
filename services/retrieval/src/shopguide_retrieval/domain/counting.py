"""Exact numbers of products within limits: begun while other work goes on, and remembered for a moment.

Counting under a price takes the index as long as a list of candidates does, and shoppers of one shop ask under the same
few limits again and again: in stock, under 100, of one category.
"""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from shopguide_retrieval.domain.catalog import Catalog
from shopguide_retrieval.domain.limits import Limit
from shopguide_retrieval.domain.stages import Stages
from shopguide_retrieval.ports import ProductStore

MOST_KEPT = 4_096

_Key = tuple[str, str, tuple[Limit, ...]]


@dataclass(frozen=True, slots=True)
class _Counted:
    at: float
    number: int


class RecentCounts:
    """Counts products, and remembers the numbers.

    A number is of the catalogue's state that it was counted in: one who knows of a change is never told what was before.
    """

    def __init__(
        self, products: ProductStore, seconds: float = 2.0, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """Take the index, and how many seconds old a number may be, as the records of catalogues may."""
        self._products = products
        self._seconds = seconds
        self._clock = clock
        self._kept: OrderedDict[_Key, _Counted] = OrderedDict()

    async def count(self, catalog: Catalog, limits: tuple[Limit, ...]) -> int:
        """Return how many products satisfy all limits, or did a moment ago."""
        key, now = (catalog.name, catalog.state, limits), self._clock()
        kept = self._kept.get(key)
        if kept is not None and now - kept.at < self._seconds:
            return kept.number
        number = await self._products.count(catalog, limits)
        self._kept[key] = _Counted(now, number)
        self._kept.move_to_end(key)
        while len(self._kept) > MOST_KEPT:
            self._kept.popitem(last=False)
        return number


class EarlyCounts:
    """The numbers that one search needs, each begun as soon as it is foreseen."""

    def __init__(self, counts: RecentCounts, catalog: Catalog, stages: Stages) -> None:
        """Count in a catalogue, within the stages of a search."""
        self._counts = counts
        self._catalog = catalog
        self._stages = stages
        self._counting: dict[tuple[Limit, ...], asyncio.Task[int]] = {}

    def begin(self, limits: Sequence[Limit]) -> None:
        """Begin to count the products that satisfy all limits, unless it was begun before."""
        wanted = tuple(limits)
        if wanted not in self._counting:
            with self._stages.bound():
                self._counting[wanted] = asyncio.create_task(self._counts.count(self._catalog, wanted))

    async def within(self, limits: Sequence[Limit]) -> int:
        """Return how many products satisfy all limits."""
        self.begin(limits)
        return await self._counting[tuple(limits)]

    def drop(self) -> None:
        """Stop counting what is still being counted; what failed, if nobody asked, is of no interest."""
        for counting in self._counting.values():
            counting.cancel()
            counting.add_done_callback(lambda task: task.cancelled() or task.exception())
