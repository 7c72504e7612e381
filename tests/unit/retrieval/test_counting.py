"""Numbers of products: begun early, remembered for a moment."""

import asyncio
from dataclasses import replace

import pytest

from shopguide_retrieval.domain.catalog import Catalog
from shopguide_retrieval.domain.counting import MOST_KEPT, EarlyCounts, RecentCounts
from shopguide_retrieval.domain.limits import Limit
from shopguide_retrieval.domain.stages import Stages
from shopguide_runtime.errors import Unavailable

pytestmark = pytest.mark.anyio

CATALOG = Catalog("shop", "encoder", revision="r1")
CHEAP, RED = (Limit("price.usd", maximum=100.0),), (Limit("terms", any_of=("color=red",)),)


class Counted:
    """An index that counts how often it was asked, and answers with that number."""

    def __init__(self) -> None:
        self.asked: list[tuple[Limit, ...]] = []
        self.failure: Exception | None = None

    async def count(self, catalog, limits) -> int:
        """Return which question this is."""
        del catalog
        self.asked.append(tuple(limits))
        await asyncio.sleep(0)
        if self.failure:
            raise self.failure
        return len(self.asked)


class Clock:
    """A clock that is set by hand."""

    now = 0.0

    def __call__(self) -> float:
        """Return the time."""
        return self.now


async def test_a_number_is_remembered_for_so_long_and_no_longer():
    """The same limits are counted once within the time, and again after it."""
    index, clock = Counted(), Clock()
    counts = RecentCounts(index, 2.0, clock)
    assert [await counts.count(CATALOG, CHEAP), await counts.count(CATALOG, CHEAP)] == [1, 1]
    clock.now = 2.0
    assert await counts.count(CATALOG, CHEAP) == 2
    assert await counts.count(CATALOG, RED) == 3


@pytest.mark.parametrize("change", [{"revision": "r2"}, {"offers_revision": "o1"}, {"name": "other"}])
async def test_a_known_change_is_counted_at_once(change):
    """Whoever knows of new products, prices or stock, or asks another catalogue, gets no number from before."""
    counts = RecentCounts(Counted(), 60.0, Clock())
    before = await counts.count(CATALOG, CHEAP)
    assert await counts.count(replace(CATALOG, **change), CHEAP) == before + 1


async def test_no_more_is_remembered_than_there_is_room_for():
    """The limits not counted for longest are forgotten."""
    index = Counted()
    counts = RecentCounts(index, 60.0, Clock())
    for price in range(MOST_KEPT + 1):
        await counts.count(CATALOG, (Limit("price.usd", maximum=float(price)),))
    assert await counts.count(CATALOG, (Limit("price.usd", maximum=1.0),)) == 2
    assert await counts.count(CATALOG, (Limit("price.usd", maximum=0.0),)) == MOST_KEPT + 2


async def test_what_was_foreseen_is_counted_once():
    """A count that was begun is the one that is asked for later; another is made when asked for."""
    index = Counted()
    early = EarlyCounts(RecentCounts(index), CATALOG, Stages())
    early.begin(CHEAP)
    early.begin(CHEAP)
    assert [await early.within(CHEAP), await early.within(RED)] == [1, 2]
    assert index.asked == [CHEAP, RED]


async def test_a_count_that_nobody_asks_for_is_dropped_silently():
    """One in flight is cancelled, one that failed is forgotten, and failures are not remembered as numbers."""
    index = Counted()
    counts = RecentCounts(index)
    index.failure = Unavailable("qdrant")
    early = EarlyCounts(counts, CATALOG, Stages())
    early.begin(CHEAP)
    await asyncio.sleep(0.01)
    early.begin(RED)
    early.drop()
    await asyncio.sleep(0)
    index.failure = None
    assert await counts.count(CATALOG, CHEAP) == len(index.asked)
