"""Taking in what shoppers did, giving it out again, and forgetting it."""

import asyncio
import time
import uuid
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, replace

from shopguide_retrieval.domain.catalog import Catalog
from shopguide_retrieval.domain.directory import CatalogDirectory
from shopguide_retrieval.domain.events import Event, products_of
from shopguide_retrieval.domain.settling import ProfileKeeper
from shopguide_retrieval.domain.shoppers import Profile
from shopguide_retrieval.metrics import ERASED_EVENTS, EVENTS, UNKNOWN_PRODUCTS
from shopguide_retrieval.ports import ProductStore
from shopguide_retrieval.ports_shoppers import EventStore, ShopperStore

ERASE_ROUNDS = 5
"""Times that erasing starts over when events of the same shopper keep coming in."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """What became of valid events."""

    written: int
    duplicates: int
    unknown_ids: tuple[str, ...]
    """Products of written events that the catalogue does not have, sorted."""


class EventRecorder:
    """Writes events, durably and once each, and brings the shoppers' profiles up to date before it returns."""

    def __init__(
        self,
        directory: CatalogDirectory,
        events: EventStore,
        products: ProductStore,
        keeper: ProfileKeeper,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """Take the records, the stores, what keeps profiles, and what tells the time of events that name none."""
        self._directory = directory
        self._events = events
        self._products = products
        self._keeper = keeper
        self._clock = clock

    async def record(self, name: str, events: Sequence[Event]) -> Recorded:
        """Write valid events; of those with the same id only the first one ever counts.

        An event whose time is 0 happened now. Raises NotFound when there is no such catalogue, Unavailable when the
        index is away and Aborted when a profile could not be settled: then the request may be sent again as it is.
        """
        catalog = await self._directory.find(name)
        now = self._clock()
        first: dict[str, Event] = {}
        for event in events:
            first.setdefault(event.id, event if event.time else replace(event, time=now))
        written = await self._events.insert(catalog, list(first.values()), uuid.uuid4().hex)
        # Repeats are settled too: the try before may have ended between its events and its profiles.
        await self._keeper.settle(catalog, {key for event in first.values() for key in event.keys})
        new = [event for event in first.values() if event.id in written]
        _count(events, written)
        unknown = await self._unknown(catalog, new)
        UNKNOWN_PRODUCTS.inc(len(unknown))
        return Recorded(len(new), len(events) - len(new), unknown)

    async def _unknown(self, catalog: Catalog, events: Sequence[Event]) -> tuple[str, ...]:
        ids = products_of(events)
        known = await self._products.fetch(catalog, ids, ())
        return tuple(sorted(set(ids) - known.keys()))


class ShopperFile:
    """All that is held about one shopper."""

    def __init__(
        self, directory: CatalogDirectory, events: EventStore, shoppers: ShopperStore, keeper: ProfileKeeper
    ) -> None:
        """Take the records, the stores, and what keeps profiles."""
        self._directory = directory
        self._events = events
        self._shoppers = shoppers
        self._keeper = keeper

    async def events(self, name: str, key: str) -> AsyncIterator[list[Event]]:
        """Yield all events of a shopper key, the oldest first, in batches; raises NotFound without the catalogue."""
        catalog = await self._directory.find(name)
        async for batch in self._events.everything(catalog, key):
            yield batch

    async def profile(self, name: str, key: str) -> Profile | None:
        """Return what was learned from them, or None."""
        catalog = await self._directory.find(name)
        return (await self._shoppers.get(catalog, [key])).get(key)

    async def erase(self, name: str, key: str) -> int:
        """Delete all events of a shopper key, and what was learned from them anywhere; returns how many there were.

        The profiles of the other keys on these events (the user of a device, the devices of a user) are computed anew
        from what is left. May be repeated at any time. Raises Aborted when events keep coming in meanwhile.
        """
        catalog = await self._directory.find(name)
        erased = 0
        for _ in range(ERASE_ROUNDS):
            # Profiles tell of others that an erasure, which ended half-way, no longer finds by the events.
            others, learned = await asyncio.gather(
                self._events.companions(catalog, key), self._shoppers.related(catalog, key)
            )
            found = await self._events.erase(catalog, key)
            await self._keeper.settle(catalog, others | learned | {key})
            ERASED_EVENTS.inc(found)
            erased += found
            if not found:
                break
        return erased


def _count(events: Sequence[Event], written: set[str]) -> None:
    seen: set[str] = set()
    for event in events:
        new = event.id in written and event.id not in seen
        seen.add(event.id)
        EVENTS.labels(event.type.value, "written" if new else "duplicate").inc()
