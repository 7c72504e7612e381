"""Events and profiles of shoppers in memory."""

from collections.abc import AsyncIterator, Collection, Iterable, Sequence

from shopguide_retrieval.domain.catalog import Catalog
from shopguide_retrieval.domain.events import Event, EventType
from shopguide_retrieval.domain.shoppers import Profile
from shopguide_retrieval.ports_shoppers import EventStore, ProfileChange, ShopperStore, Version


class MemoryEvents(EventStore):
    """Events by catalogue and id."""

    def __init__(self) -> None:
        self.stored: dict[tuple[str, str], Event] = {}

    async def insert(self, catalog: Catalog, events: Sequence[Event], receipt: str) -> set[str]:
        new = {e.id for e in events if (catalog.name, e.id) not in self.stored}
        self.stored |= {(catalog.name, e.id): e for e in events if e.id in new}
        return new

    async def of(self, catalog: Catalog, keys: Collection[str]) -> dict[str, list[Event]]:
        return {key: self._of(catalog, key) for key in keys}

    async def latest(self, catalog: Catalog, key: str, size: int) -> list[Event]:
        return sorted(self._of(catalog, key), key=lambda e: -e.time)[:size]

    async def count(self, catalog: Catalog, key: str) -> int:
        return len(self._of(catalog, key))

    async def present(self, catalog: Catalog, ids: Collection[str]) -> int:
        return sum((catalog.name, i) in self.stored for i in set(ids))

    async def everything(self, catalog: Catalog, key: str) -> AsyncIterator[list[Event]]:
        yield sorted(self._all(catalog, key), key=lambda e: (e.time, e.id))

    async def keys(self, catalog: Catalog) -> AsyncIterator[set[str]]:
        for (name, _), event in list(self.stored.items()):
            if name == catalog.name:
                yield set(event.keys)

    async def companions(self, catalog: Catalog, key: str) -> set[str]:
        return {other for e in self._all(catalog, key) for other in e.keys} - {key}

    async def erase(self, catalog: Catalog, key: str) -> int:
        gone = self._all(catalog, key)
        for event in gone:
            del self.stored[catalog.name, event.id]
        return len(gone)

    def _all(self, catalog: Catalog, key: str) -> list[Event]:
        return [e for (name, _), e in self.stored.items() if name == catalog.name and key in e.keys]

    def _of(self, catalog: Catalog, key: str) -> list[Event]:
        return [e for e in self._all(catalog, key) if e.type is not EventType.FEEDBACK]


class MemoryShoppers(ShopperStore):
    """Profiles by catalogue and key."""

    def __init__(self, catalog: Catalog | None = None, profiles: Iterable[Profile] = ()) -> None:
        self.stored: dict[tuple[str, str], Profile] = {}
        if catalog is not None:
            self.stored = {(catalog.name, p.key): p for p in profiles}

    async def get(self, catalog: Catalog, keys: Sequence[str]) -> dict[str, Profile]:
        return {k: self.stored[catalog.name, k] for k in keys if (catalog.name, k) in self.stored}

    async def put(self, catalog: Catalog, profile: Profile) -> None:
        self.stored[catalog.name, profile.key] = profile

    async def versions(self, catalog: Catalog, keys: Collection[str]) -> dict[str, Version]:
        found = await self.get(catalog, list(keys))
        return {k: Version(p.digest, p.event_count) for k, p in found.items()}

    async def change(self, catalog: Catalog, changes: Sequence[ProfileChange]) -> None:
        for change in changes:
            stored = self.stored.get((catalog.name, change.key))
            if (stored.digest if stored else None) != change.expected:
                continue
            if change.profile is None:
                self.stored.pop((catalog.name, change.key), None)
            else:
                self.stored[catalog.name, change.key] = change.profile

    async def waiting(self, catalog: Catalog, product_ids: Sequence[str]) -> set[str]:
        return {p.key for p in self._of(catalog) if set(product_ids) & set(p.unknown_ids)}

    async def related(self, catalog: Catalog, key: str) -> set[str]:
        return {p.key for p in self._of(catalog) if key in p.related}

    async def fit(self, catalog: Catalog) -> None:
        """Vectors in memory have any length."""

    def _of(self, catalog: Catalog) -> list[Profile]:
        return [p for (name, _), p in self.stored.items() if name == catalog.name]
