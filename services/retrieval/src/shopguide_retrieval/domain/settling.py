"""Keeping stored profiles in step with stored events, whoever writes at the same moment, in whatever process.

A profile is replaced only when it is still the one that was read before the events were (compare and set by digest),
so nobody overwrites what another writer learned. Afterwards the events are looked at once more: had some been erased
in between, or had a product arrived, it is done again. So once every writer has returned, each profile is that of
exactly the events there are.
"""

import asyncio
import random
from collections.abc import Collection, Iterable, Mapping, Sequence

from shopguide_retrieval.domain.catalog import Catalog
from shopguide_retrieval.domain.events import Event
from shopguide_retrieval.domain.profiles import MAX_EVENTS, profile, taste_products, with_taste
from shopguide_retrieval.domain.shoppers import Profile
from shopguide_retrieval.metrics import PROFILES
from shopguide_retrieval.ports import ProductStore
from shopguide_retrieval.ports_shoppers import EventStore, ProfileChange, ShopperStore, Version
from shopguide_runtime.errors import Aborted

ATTEMPTS = 40
LONGEST_WAIT_SECONDS = 0.05
BATCH_KEYS = 500
"""Profiles computed together; bounds memory."""


class ProfileKeeper:
    """Computes the profiles of shoppers anew from their events."""

    def __init__(self, events: EventStore, shoppers: ShopperStore, products: ProductStore) -> None:
        """Take where events, profiles and the products' vectors are."""
        self._events = events
        self._shoppers = shoppers
        self._products = products

    async def settle(self, catalog: Catalog, keys: Collection[str], *, anew: bool = False) -> None:
        """Bring the profiles of shopper keys in step with their events; `anew` also those that look up to date.

        Raises Aborted when other writers were faster every time: nothing is lost, the next event of the shopper or a
        retry settles it.
        """
        ordered = sorted(keys)
        for start in range(0, len(ordered), BATCH_KEYS):
            await self._settle(catalog, dict.fromkeys(ordered[start : start + BATCH_KEYS], anew))

    async def arrived(self, catalog: Catalog, product_ids: Sequence[str]) -> None:
        """Take products that are new in the catalogue into the tastes of the shoppers who had to do with them."""
        waiting = await self._shoppers.waiting(catalog, product_ids)
        if waiting:
            await self.settle(catalog, waiting, anew=True)

    async def refresh(self, catalog: Catalog) -> int:
        """Compute every profile of a catalogue anew, after a change of encoder; returns how many there are."""
        await self._shoppers.fit(catalog)
        done: set[str] = set()
        async for keys in self._events.keys(catalog):
            await self.settle(catalog, keys - done, anew=True)
            done |= keys
        return len(done)

    async def _settle(self, catalog: Catalog, pending: Mapping[str, bool]) -> None:
        """Settle shopper keys; those that are True also when they look up to date."""
        for attempt in range(ATTEMPTS):
            if attempt:
                PROFILES.labels("retried").inc(len(pending))
                await asyncio.sleep(random.uniform(0, LONGEST_WAIT_SECONDS))
            pending = await self._attempt(catalog, pending)
            if not pending:
                return
        raise Aborted("SHOPPER_BUSY", "Others write events of the same shopper; try again.", retry_after=0.5)

    async def _attempt(self, catalog: Catalog, pending: Mapping[str, bool]) -> dict[str, bool]:
        """Try once; returns the keys that must be tried again."""
        keys = list(pending)
        # Versions before events: a profile that is replaced was then computed from no event that is not seen here.
        stored = await self._shoppers.versions(catalog, keys)
        events = await self._read(catalog, keys, stored)
        changes: list[ProfileChange] = []
        for key in keys:
            before = stored.get(key)
            learned, _ = events[key]
            if pending[key] or learned.digest != (before.digest if before else ""):
                kept = learned if learned.digest else None
                changes.append(ProfileChange(key, before.digest if before else None, kept))
        changes = [c for c in changes if c.expected is not None or c.profile is not None]
        if not changes:
            return {}
        changes = await self._tasted(catalog, changes)
        await self._shoppers.change(catalog, changes)
        PROFILES.labels("written").inc(len(changes))
        used = {i for c in changes for i in events[c.key][1]}
        return await self._unsettled(catalog, changes, used)

    async def _read(
        self, catalog: Catalog, keys: Sequence[str], stored: dict[str, Version]
    ) -> dict[str, tuple[Profile, list[str]]]:
        """Return the profiles that the events give, and the ids of these events, by key."""
        long = [k for k in keys if k in stored and stored[k].event_count >= MAX_EVENTS]
        found = await self._events.of(catalog, [k for k in keys if k not in set(long)])
        learned = {k: _learned(profile(k, found.get(k, [])), found.get(k, [])) for k in keys}
        for key in long:
            latest = await self._events.latest(catalog, key, MAX_EVENTS)
            learned[key] = _learned(profile(key, latest, await self._events.count(catalog, key)), latest)
        return learned

    async def _tasted(self, catalog: Catalog, changes: Iterable[ProfileChange]) -> list[ProfileChange]:
        ids = {i.product_id for c in changes if c.profile for i in taste_products(c.profile)}
        vectors = await self._products.vectors(catalog, sorted(ids))
        return [
            ProfileChange(c.key, c.expected, with_taste(c.profile, vectors) if c.profile else None)
            for c in changes
        ]

    async def _unsettled(
        self, catalog: Catalog, changes: Sequence[ProfileChange], used: Collection[str]
    ) -> dict[str, bool]:
        """Return the keys whose change did not take place, or was overtaken by an erasure or (True) a new product."""
        unknown = sorted({i for c in changes if c.profile for i in c.profile.unknown_ids})
        stored, present, arrived = await asyncio.gather(
            self._shoppers.versions(catalog, [c.key for c in changes]),
            self._events.present(catalog, used),
            self._products.fetch(catalog, unknown, ()),
        )
        waiting = {
            c.key for c in changes if c.profile and not arrived.keys().isdisjoint(c.profile.unknown_ids)
        }
        overtaken = present < len(used)
        return {
            c.key: c.key in waiting
            for c in changes
            if overtaken
            or c.key in waiting
            or _digest(stored.get(c.key)) != (c.profile.digest if c.profile else "")
        }


def _digest(version: Version | None) -> str:
    return version.digest if version else ""


def _learned(learned: Profile, events: Sequence[Event]) -> tuple[Profile, list[str]]:
    return learned, [e.id for e in events]
