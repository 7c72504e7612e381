"""Counting while other work goes on: the products within the limits, and those that are what the query names."""

import asyncio
from collections.abc import Sequence

from shopguide_retrieval.domain.catalog import Catalog
from shopguide_retrieval.domain.limits import Limit
from shopguide_retrieval.domain.stages import Stages
from shopguide_retrieval.ports import ProductStore


class EarlyCount:
    """Exact numbers of products within limits, each begun as soon as it is foreseen."""

    def __init__(self, products: ProductStore, catalog: Catalog, stages: Stages) -> None:
        """Count in a catalogue, within the stages of a search."""
        self._products = products
        self._catalog = catalog
        self._stages = stages
        self._counting: dict[tuple[Limit, ...], asyncio.Task[int]] = {}

    def begin(self, limits: Sequence[Limit]) -> None:
        """Begin to count the products that satisfy all limits, unless it was begun before."""
        wanted = tuple(limits)
        if wanted not in self._counting:
            with self._stages.bound():
                self._counting[wanted] = asyncio.create_task(self._products.count(self._catalog, wanted))

    async def within(self, limits: Sequence[Limit]) -> int:
        """Return how many products satisfy all limits."""
        self.begin(limits)
        return await self._counting[tuple(limits)]

    def drop(self) -> None:
        """Stop counting what is still being counted; what failed, if nobody asked, is of no interest."""
        for counting in self._counting.values():
            counting.cancel()
            counting.add_done_callback(lambda task: task.cancelled() or task.exception())
