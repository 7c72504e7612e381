"""Records of catalogues, cached for a moment: every request needs one, and they change rarely."""

import asyncio
import time
from collections.abc import Callable

from shopguide_retrieval.domain.catalog import Catalog
from shopguide_retrieval.ports import CatalogStore
from shopguide_runtime.errors import NotFound


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

    async def write(self, catalog: Catalog) -> None:
        """Store a record."""
        await self._store.put(catalog)
        self._known[catalog.name] = (self._clock(), catalog)

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
