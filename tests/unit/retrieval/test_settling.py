"""Profiles stay in step with events, whatever happens between reading and writing."""

import asyncio

import numpy as np
import pytest

from fakes.retrieval_shoppers import MemoryEvents, MemoryShoppers
from shopguide_retrieval.domain.catalog import Catalog
from shopguide_retrieval.domain.directory import CatalogDirectory
from shopguide_retrieval.domain.events import Event, EventType, Line
from shopguide_retrieval.domain.profiles import profile
from shopguide_retrieval.domain.recording import EventRecorder, ShopperFile
from shopguide_retrieval.domain.settling import ProfileKeeper
from shopguide_runtime.errors import Aborted

pytestmark = pytest.mark.anyio

SHOP = Catalog("shop", "fake")
KEY = "v:ann"


def event(identifier, *product_ids, visitor="ann", user="", at=0.0):
    """Return a view."""
    lines = tuple(Line(i) for i in product_ids or ("p1",))
    return Event(identifier, EventType.VIEW, at, visitor, user, lines)


class Records:
    """One catalogue."""

    async def get(self, name):
        """Return the record."""
        return SHOP if name == SHOP.name else None


class Products:
    """Products by id, with a vector each."""

    def __init__(self, *ids):
        """Have these products."""
        self.ids = set(ids)

    async def vectors(self, catalog, ids):
        """Return a vector of each known product."""
        return {i: np.array([1.0, 0.0], np.float32) for i in ids if i in self.ids}

    async def fetch(self, catalog, ids, keys):
        """Return which are known."""
        return {i: {} for i in ids if i in self.ids}


class Interrupting(MemoryShoppers):
    """Lets something happen right before profiles are changed, once for each that is waiting."""

    def __init__(self):
        """Start without an interruption."""
        super().__init__()
        self.before_change = []

    async def change(self, catalog, changes):
        """Be interrupted, then change."""
        if self.before_change:
            await self.before_change.pop(0)()
        await super().change(catalog, changes)


@pytest.fixture
def world():
    """Stores, and what works on them."""

    class World:
        events, shoppers, products = MemoryEvents(), Interrupting(), Products("p1", "p2")

    World.keeper = ProfileKeeper(World.events, World.shoppers, World.products)
    directory = CatalogDirectory(Records())
    World.recorder = EventRecorder(directory, World.events, World.products, World.keeper, lambda: 500.0)
    World.file = ShopperFile(directory, World.events, World.shoppers, World.keeper)
    return World


async def stored(world, key=KEY):
    """Return a stored profile and check that it is the one of the stored events."""
    found = (await world.shoppers.get(SHOP, [key])).get(key)
    learned = profile(key, (await world.events.of(SHOP, [key]))[key])
    assert (found.digest if found else "") == learned.digest
    assert (found.interactions if found else ()) == learned.interactions
    return found


async def test_another_writer_in_between_loses_nothing(world):
    """When another event is written between reading and replacing a profile, both are in it in the end."""

    async def other():
        await world.recorder.record("shop", [event("e2", "p2")])

    world.shoppers.before_change.append(other)
    await world.recorder.record("shop", [event("e1")])
    assert (await stored(world)).event_count == 2


async def test_an_erasure_in_between_wins(world):
    """When a shopper is erased between reading their events and writing the profile, no profile is left."""

    async def erase():
        assert await world.file.erase("shop", KEY) == 1

    world.shoppers.before_change.append(erase)
    await world.recorder.record("shop", [event("e1")])
    assert await stored(world) is None


async def test_an_erasure_of_what_is_not_in_the_profile_yet(world):
    """An event that is erased through its user before the device's profile has it never gets there."""
    await world.recorder.record("shop", [event("e1")])

    async def erase():
        assert await world.file.erase("shop", "u:u1") == 1

    world.shoppers.before_change.append(erase)
    await world.recorder.record("shop", [event("e2", "p2", user="u1")])
    assert (await stored(world)).event_count == 1
    assert await stored(world, "u:u1") is None


async def test_a_product_that_arrives_in_between_is_in_the_taste(world):
    """A product that comes after its vector was looked for, and before the profile was written, is not forgotten."""

    async def arrive():
        world.products.ids.add("late")

    world.shoppers.before_change.append(arrive)
    recorded = await world.recorder.record("shop", [event("e1", "late")])
    found = await stored(world)
    assert found.unknown_ids == ()
    assert found.taste is not None
    assert recorded.unknown_ids == ()


async def test_arrivals_touch_only_those_who_wait(world):
    """A new product changes the tastes of shoppers who had to do with it, and of nobody else."""
    await world.recorder.record("shop", [event("e1", "late"), event("e2", "p1", visitor="bob")])
    bob = await stored(world, "v:bob")
    world.products.ids.add("late")
    await world.keeper.arrived(SHOP, ["late", "other"])
    assert (await stored(world)).taste is not None
    assert await stored(world, "v:bob") is bob


async def test_who_is_always_overtaken_is_told_to_try_again(world):
    """A writer whom others overtake without end gets ABORTED; its event is there, and a retry settles it."""

    async def other():
        number = len(world.events.stored)
        await world.events.insert(SHOP, [event(f"other{number}", at=1.0)], "r")
        learned = profile(KEY, (await world.events.of(SHOP, [KEY]))[KEY])
        await world.shoppers.put(SHOP, learned)
        await world.events.insert(SHOP, [event(f"more{number}", at=1.0)], "r")

    world.shoppers.before_change += [other] * 40
    with pytest.raises(Aborted) as caught:
        await world.recorder.record("shop", [event("e1")])
    assert caught.value.retry_after
    again = await world.recorder.record("shop", [event("e1")])
    assert (again.written, again.duplicates) == (0, 1)
    assert (await stored(world)).event_count == 81


async def test_time_is_the_servers_when_unset_and_does_not_move(world):
    """An event without a time happened when it was first received."""
    await world.recorder.record("shop", [event("e1")])
    world.recorder._clock = lambda: 900.0
    await world.recorder.record("shop", [event("e1"), event("e2", at=7.0)])
    assert {e.id: e.time for e in world.events.stored.values()} == {"e1": 500.0, "e2": 7.0}


async def test_concurrent_writers_of_one_shopper(world):
    """Thirty-two writers at once leave the profile of all their events."""
    await asyncio.gather(*(world.recorder.record("shop", [event(f"e{i}")]) for i in range(32)))
    assert (await stored(world)).event_count == 32


async def test_everything_is_computed_anew_after_a_change_of_encoder(world):
    """A refresh computes every shopper's profile from the events, also one that went missing."""
    await world.recorder.record("shop", [event("e1", user="u1"), event("e2", visitor="bob")])
    world.shoppers.stored.clear()
    assert await world.keeper.refresh(SHOP) == 3
    for key in (KEY, "u:u1", "v:bob"):
        assert (await stored(world, key)).event_count == 1
