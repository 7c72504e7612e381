"""Counting the products within the limits while the candidates are still being looked for."""

import asyncio
from collections.abc import Sequence

from shopguide_retrieval.domain.catalog import Catalog
from shopguide_retrieval.domain.limits import Limit
from shopguide_retrieval.domain.stages import Stages
from shopguide_retrieval.ports import ProductStore


class EarlyCount:
    """The number of products within limits, begun at once: most searches end with the limits they began with."""

    def __init__(
        self, products: ProductStore, catalog: Catalog, limits: Sequence[Limit], stages: Stages
    ) -> None:
        """Begin to count, within the stages of a search."""
        self._products = products
        self._catalog = catalog
        self._limits = tuple(limits)
        with stages.bound():
            self._counting = asyncio.create_task(products.count(catalog, self._limits))

    async def within(self, limits: Sequence[Limit]) -> int:
        """Return how many products satisfy all limits: what was begun, or, for other limits, a new count."""
        if tuple(limits) == self._limits:
            return await self._counting
        return await self._products.count(self._catalog, limits)

    def drop(self) -> None:
        """Stop counting when it is still going on; what it failed with, if nobody asked, is of no interest."""
        self._counting.cancel()
        self._counting.add_done_callback(lambda task: task.cancelled() or task.exception())
