"""The snapshot of what all shoppers do."""

import asyncio

import pytest

from shopguide_retrieval.domain import crowd as crowd_module
from shopguide_retrieval.domain.catalog import Catalog
from shopguide_retrieval.domain.crowd import Crowd
from shopguide_retrieval.ports_recommend import Neighbour, NeighbourStore, Step
from shopguide_runtime.deadline import budget
from shopguide_runtime.errors import Unavailable

pytestmark = pytest.mark.anyio

CATALOG = Catalog("shop", "fake")


class FakeOthers(NeighbourStore):
    """A handful of shoppers; can be slow or away."""

    def __init__(self, shoppers=3):
        """Hold so many shoppers."""
        self.shoppers = shoppers
        self.made = 0
        self.gate: asyncio.Event | None = None
        self.error: Exception | None = None

    async def neighbours(self, catalog, items, size, own):
        """Return nobody."""
        return []

    async def buyers(self, catalog, ids, size):
        """Return nobody."""
        return []

    async def newest(self, catalog, size):
        """Yield all."""
        yield [Neighbour(f"v:{n}", [Step("tea", 1.0, 1.0, (1.0,))]) for n in range(self.shoppers)]

    async def shopper_count(self, catalog):
        """Count, as slowly as told."""
        if self.gate:
            await self.gate.wait()
        if self.error:
            raise self.error
        self.made += 1
        return self.shoppers

    async def item_counts(self, catalog, *, bought):
        """Return one product's count."""
        return {"tea": self.shoppers}

    async def activity(self, catalog, since, until):
        """Return nothing."""
        return {}

    async def first_time(self, catalog):
        """Return no event."""
        return


class Leaves:
    """Knows the category of every product."""

    async def fetch(self, catalog, ids, keys):
        """Return one category for all."""
        return {i: {"leaf": "drinks"} for i in ids}


class Clock:
    """Time that stands still until it is moved."""

    now = 0.0

    def __call__(self):
        """Return the time."""
        return self.now


def made(others, max_age=30.0):
    """Return a crowd and its clock."""
    clock = Clock()
    return Crowd(Leaves(), others, max_age, clock), clock


async def test_it_is_made_once_and_kept():
    """Two requests at once and one after share a snapshot."""
    others = FakeOthers()
    crowd, _ = made(others)
    first, second = await asyncio.gather(crowd.of(CATALOG), crowd.of(CATALOG))
    assert first is second is await crowd.of(CATALOG)
    assert others.made == 1
    assert first.counts == {"tea": 3}
    assert first.habits.category_occasions == {"drinks": 3}


async def test_an_old_one_is_given_while_the_next_is_made():
    """No request waits for a renewal."""
    others = FakeOthers()
    crowd, clock = made(others)
    old = await crowd.of(CATALOG)
    clock.now, others.gate, others.shoppers = 31.0, asyncio.Event(), 4
    assert await crowd.of(CATALOG) is old
    others.gate.set()
    await asyncio.sleep(0.05)
    assert (await crowd.of(CATALOG)).shoppers == 4


async def test_the_first_one_is_not_waited_for_long(monkeypatch):
    """A slow first snapshot is stood in for by an empty one that says so, and comes later all the same."""
    monkeypatch.setattr(crowd_module, "FIRST_SECONDS", 0.01)
    others = FakeOthers()
    others.gate = asyncio.Event()
    crowd, _ = made(others)
    assert not (await crowd.of(CATALOG)).made
    others.gate.set()
    await asyncio.sleep(0.05)
    assert (await crowd.of(CATALOG)).made


async def test_the_deadline_of_a_request_is_not_that_of_the_snapshot(monkeypatch):
    """A request that runs out of time does not take the snapshot with it."""
    monkeypatch.setattr(crowd_module, "FIRST_SECONDS", 0.01)
    others = FakeOthers()
    others.gate = asyncio.Event()
    crowd, _ = made(others)
    async with budget("request", seconds=0.05):
        await crowd.of(CATALOG)
    await asyncio.sleep(0.06)
    others.gate.set()
    await asyncio.sleep(0.05)
    assert (await crowd.of(CATALOG)).shoppers == 3


async def test_a_catalogue_without_shoppers_is_looked_at_again_soon():
    """The first events show within a second, not after the life of a snapshot."""
    others = FakeOthers(shoppers=0)
    crowd, clock = made(others)
    assert (await crowd.of(CATALOG)).shoppers == 0
    clock.now, others.shoppers = 1.5, 2
    await crowd.of(CATALOG)
    await asyncio.sleep(0.05)
    assert (await crowd.of(CATALOG)).shoppers == 2


async def test_a_failure_is_told_and_tried_again():
    """Unavailable reaches the request that needs the first snapshot; the next request tries anew."""
    others = FakeOthers()
    others.error = Unavailable("qdrant")
    crowd, _ = made(others)
    with pytest.raises(Unavailable):
        await crowd.of(CATALOG)
    others.error = None
    assert (await crowd.of(CATALOG)).shoppers == 3


async def test_a_failed_renewal_keeps_the_old_one():
    """What was known goes on to be used."""
    others = FakeOthers()
    crowd, clock = made(others)
    old = await crowd.of(CATALOG)
    clock.now, others.error = 31.0, Unavailable("qdrant")
    assert await crowd.of(CATALOG) is old
    await asyncio.sleep(0.05)
    assert await crowd.of(CATALOG) is old
