"""What the products of a category cost: shares and quantiles of their prices, counted by the index."""

import asyncio
from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import accumulate

from shopguide_retrieval.domain.catalog import Catalog
from shopguide_retrieval.domain.limits import Limit, price_key
from shopguide_retrieval.domain.plan import IN_STOCK
from shopguide_retrieval.ports import ProductStore

FEWEST = 5
"""Priced products that a category must have before its prices say anything."""

MOST_PRICES = 100_000
"""Distinct prices of one category that are counted; a category has fewer."""

_CACHED = 1_000
_AT_ONCE = 8


@dataclass(frozen=True, slots=True)
class PriceLevel:
    """The prices of one category in one currency: distinct ones, rising, and how many products cost at most each."""

    prices: tuple[int, ...]
    """Minor units."""
    up_to: tuple[int, ...]

    @property
    def count(self) -> int:
        """Products with a price."""
        return self.up_to[-1]

    @property
    def highest(self) -> int:
        """The highest price."""
        return self.prices[-1]

    def share_above(self, price: int) -> float:
        """Return the share of the products, in [0, 1], that cost more."""
        position = bisect_right(self.prices, price)
        return 1 - (self.up_to[position - 1] if position else 0) / self.count

    def quantile(self, share: float) -> int:
        """Return the lowest price that at least this share of the products, in (0, 1], does not exceed."""
        reached = (p for p, n in zip(self.prices, self.up_to, strict=True) if n >= share * self.count)
        return next(reached, self.highest)


def price_level(counts: Mapping[int, int]) -> PriceLevel | None:
    """Return the level of prices with their counts, or None when there are fewer than `FEWEST` products."""
    ordered = sorted(counts.items())
    if sum(counts.values()) < FEWEST:
        return None
    return PriceLevel(tuple(p for p, _ in ordered), tuple(accumulate(n for _, n in ordered)))


class PriceLevels:
    """Price levels of categories, kept until the catalogue changes; the least recently used go first."""

    def __init__(self, products: ProductStore) -> None:
        """Take the index."""
        self._products = products
        self._cache: OrderedDict[tuple[str, str, str, str], PriceLevel | None] = OrderedDict()

    async def find(self, catalog: Catalog, leaf: str, currency: str) -> PriceLevel | None:
        """Return the level of what can be bought in a leaf category, or None when it says nothing."""
        key = (catalog.name, catalog.state, leaf, currency)
        if key not in self._cache:
            limits = (Limit("leaf", any_of=(leaf,)), IN_STOCK)
            counts = await self._products.facet(catalog, price_key(currency), limits, MOST_PRICES)
            self._cache[key] = price_level({int(price): n for price, n in counts.items()})
        self._cache.move_to_end(key)
        while len(self._cache) > _CACHED:
            self._cache.popitem(last=False)
        return self._cache[key]

    async def find_all(
        self, catalog: Catalog, wanted: Iterable[tuple[str, str]]
    ) -> dict[tuple[str, str], PriceLevel]:
        """Return the levels of pairs of leaf category and currency that say something."""
        pairs = [(leaf, currency) for leaf, currency in dict.fromkeys(wanted) if leaf and currency]
        permits = asyncio.Semaphore(_AT_ONCE)

        async def level(leaf: str, currency: str) -> PriceLevel | None:
            async with permits:
                return await self.find(catalog, leaf, currency)

        levels = await asyncio.gather(*(level(*pair) for pair in pairs))
        return {pair: one for pair, one in zip(pairs, levels, strict=True) if one is not None}
