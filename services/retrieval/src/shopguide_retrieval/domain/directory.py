"""Records of catalogues, cached for a moment: every request needs one, and they change rarely."""

import asyncio
import random
import time
from collections.abc import Callable

from shopguide_retrieval.domain.catalog import Catalog
from shopguide_retrieval.ports import CatalogStore
from shopguide_runtime.errors import Aborted, NotFound

TRIES = 20
"""How often a change of a record is made anew when other processes are faster."""


class CatalogDirectory:
    """Finds the record of a catalogue; at most `ttl` seconds old, own writes are seen at once."""

    def __init__(
        self, store: CatalogStore, ttl: float = 2.0, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """Take the store, and how many seconds a record may be old."""
        self._store = store
        self._ttl = ttl
        self._clock = clock
        self._known: dict[str, tuple[float, Catalog]] = {}
        self._locks: dict[str, asyncio.Lock] = {}

    async def find(self, name: str) -> Catalog:
        """Return the record; raises NotFound when there is no such catalogue."""
        known = self._known.get(name)
        if known is not None and self._clock() - known[0] < self._ttl:
            return known[1]
        catalog = await self.fresh(name)
        if catalog is None:
            raise NotFound("catalog", f"catalogs/{name}")
        return catalog

    async def fresh(self, name: str) -> Catalog | None:
        """Return the record as stored now, or None."""
        catalog = await self._store.get(name)
        if catalog is None:
            self._known.pop(name, None)
        else:
            self._known[name] = (self._clock(), catalog)
        return catalog

    async def change(self, name: str, change: Callable[[Catalog | None], Catalog]) -> Catalog:
        """Return the record after a change, which is stored only when it changes anything.

        `change` gets the record as it is, or None, and is called again when another process was faster. Raises Aborted
        when that goes on, and whatever `change` raises.
        """
        async with self.lock(name):
            for _ in range(TRIES - 1):
                try:
                    return await self._changed(name, change)
                except Aborted:
                    await asyncio.sleep(random.uniform(0.01, 0.1))
            return await self._changed(name, change)

    async def _changed(self, name: str, change: Callable[[Catalog | None], Catalog]) -> Catalog:
        before = await self.fresh(name)
        after = change(before)
        return after if after == before else await self._write(after)

    async def _write(self, catalog: Catalog) -> Catalog:
        stored = await self._store.put(catalog)
        self._known[stored.name] = (self._clock(), stored)
        return stored

    async def remove(self, catalog: Catalog) -> None:
        """Delete a catalogue and all that belongs to it."""
        await self._store.delete(catalog)
        self._known.pop(catalog.name, None)

    async def names(self) -> list[str]:
        """Return the names of all catalogues, sorted."""
        return await self._store.names()

    def lock(self, name: str) -> asyncio.Lock:
        """Return the lock that writers of a record in this process hold."""
        return self._locks.setdefault(name, asyncio.Lock())
