"""The words of catalogues: read once, refreshed seldom, done without when the index is away."""

import asyncio
from dataclasses import replace

import pytest

from shopguide_retrieval.domain.catalog import Catalog
from shopguide_retrieval.domain.wordbook import FAILURE_SECONDS, REFRESH_SECONDS, WordBook
from shopguide_runtime.errors import Unavailable

CATALOG = Catalog("shop", "f", revision="1")


class Words:
    """An index that only knows words."""

    def __init__(self):
        self.counts = {"headphones": 5}
        self.languages = {"en": 5}
        self.texts = frozenset()
        self.reads = 0
        self.away = False

    async def facet(self, catalog, key, limits, size):
        """Count products by a payload key."""
        if key == "language":
            return self.languages
        self.reads += 1
        if self.away:
            raise Unavailable("qdrant")
        return self.counts

    async def held_terms(self, catalog, terms):
        """Return the terms that texts have."""
        return self.texts & frozenset(terms)


@pytest.fixture
def world():
    """An index, a clock and the book over them."""
    words, now = Words(), [0.0]
    return words, now, WordBook(words, lambda: now[0])


async def test_words_are_read_once(world):
    """Queries that come together wait for one read."""
    words, _, book = world
    found = await asyncio.gather(*(book.rewrite(CATALOG, "hedphones") for _ in range(5)))
    assert {f.corrected for f in found} == {"headphones"}
    assert words.reads == 1


async def test_a_new_revision_is_read_after_a_while(world):
    """An import makes the words stale, but they are read again only after a minute, beside the queries."""
    words, now, book = world
    await book.rewrite(CATALOG, "x")
    words.counts = {"kayaks": 3}
    newer = replace(CATALOG, revision="2")
    assert (await book.rewrite(newer, "kayakz")).corrected == ""
    now[0] = REFRESH_SECONDS
    await book.rewrite(newer, "kayakz")
    await asyncio.gather(*book._reading)
    assert (await book.rewrite(newer, "kayakz")).corrected == "kayaks"
    assert words.reads == 2


async def test_without_the_index_queries_stay_as_written(world):
    """A failed read costs corrections, not answers, and is tried again later."""
    words, now, book = world
    words.away = True
    assert (await book.rewrite(CATALOG, "hedphones")).corrected == ""
    assert (await book.rewrite(CATALOG, "手机壳")).terms["手机套"] > 0
    assert words.reads == 1
    words.away, now[0] = False, FAILURE_SECONDS
    await book.rewrite(CATALOG, "hedphones")
    await asyncio.gather(*book._reading)
    assert (await book.rewrite(CATALOG, "hedphones")).corrected == "headphones"


async def test_words_of_descriptions_are_right(world):
    """A word that no name has but some text has is not corrected."""
    words, _, book = world
    words.texts = frozenset({"hedphon"})
    assert (await book.rewrite(CATALOG, "hedphones")).corrected == ""


@pytest.mark.parametrize(
    ("query", "shop", "limited", "embedded"),
    [
        ("亮片手机壳", {"en": 99, "zh": 1}, (), "亮片手机壳 sequin phone case"),
        ("亮片手机壳", {"en": 50, "zh": 50}, (), "亮片手机壳"),
        ("亮片手机壳", {"en": 50, "zh": 50}, ("en",), "亮片手机壳 sequin phone case"),
        ("phone case", {"zh": 5}, (), "phone case 手机壳"),
        ("phone case", {"de": 5}, (), "phone case"),
    ],
)
async def test_products_in_another_language_are_named_in_it(world, query, shop, limited, embedded):
    """Where hardly a product is in the language of the query, what it names is embedded in theirs as well."""
    words, _, book = world
    words.languages = shop
    assert (await book.rewrite(CATALOG, query, limited)).text == embedded
