"""Descriptions are counted when something changed, and not more often."""

import asyncio
from dataclasses import replace

import pytest

from shopguide_retrieval.domain.catalog import Catalog
from shopguide_retrieval.domain.describe import Describer
from shopguide_retrieval.domain.limits import Limit

pytestmark = pytest.mark.anyio

CATALOG = Catalog("shop", "encoder", revision="1", currencies=frozenset({"CNY"}))


class CountingIndex:
    """Products and texts that remember what was counted."""

    def __init__(self):
        self.facets = []
        self.price = 100.0

    async def count(self, catalog, limits):
        """Return how many there are."""
        return 3

    async def facet(self, catalog, key, limits, size):
        """Return counts of values."""
        self.facets.append(key)
        await asyncio.sleep(0)
        return {"vocabulary": {"brand=muji\tMuji": 3}, "keys": {}, "language": {"en": 3}}[key]

    async def nearest(self, catalog, limits, key, bound, *, above, size):
        """Return a price."""
        return [self.price]


@pytest.fixture
def index():
    """An index with nothing counted yet."""
    return CountingIndex()


@pytest.fixture
def describer(index):
    """A describer over it."""
    return Describer(index, index, index)


async def test_new_prices_count_no_words(describer, index):
    """The range of prices follows an offer, the vocabulary is not counted again."""
    before = await describer.describe(CATALOG, [])
    counted, index.price = len(index.facets), 200.0
    after = await describer.describe(replace(CATALOG, offers_revision="2"), [])
    assert (before.prices[0].maximum, after.prices[0].maximum) == (1.0, 2.0)
    assert (after.brands, len(index.facets)) == (before.brands, counted)


@pytest.mark.parametrize(
    ("catalog", "limits"),
    [
        (replace(CATALOG, revision="2"), [Limit("brand", any_of=("muji",))]),
        (replace(CATALOG, offers_revision="2"), [Limit("price.cny", maximum=5)]),
        (replace(CATALOG, offers_revision="2"), [Limit("availability", any_of=(1,))]),
    ],
    ids=["products changed", "a part by price", "a part by stock"],
)
async def test_what_can_have_changed_is_counted_again(describer, index, catalog, limits):
    """New products, and parts that prices or stock decide about."""
    await describer.describe(CATALOG, limits)
    counted = len(index.facets)
    await describer.describe(catalog, limits)
    assert len(index.facets) == 2 * counted


async def test_many_who_ask_at_once_are_counted_for_once(describer, index):
    """The others wait for the first."""
    await asyncio.gather(*(describer.describe(CATALOG, []) for _ in range(20)))
    assert index.facets.count("vocabulary") == 1


async def test_the_cache_is_bounded(describer, index):
    """What was not asked for in a long time is counted again."""
    for number in range(80):
        await describer.describe(CATALOG, [Limit("brand", any_of=(str(number),))])
    counted = len(index.facets)
    await describer.describe(CATALOG, [Limit("brand", any_of=("79",))])
    assert len(index.facets) == counted
    await describer.describe(CATALOG, [Limit("brand", any_of=("0",))])
    assert len(index.facets) > counted
