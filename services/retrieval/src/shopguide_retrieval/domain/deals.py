"""Finds deals: the best prices among what a query names, or over the whole catalogue, category by category."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from shopguide_retrieval.domain.bargains import (
    CHEAP_SHARE,
    COMPARABLE_SHARE,
    LEAST_DISCOUNT,
    Bargain,
    bargain,
    best_of_groups,
    spread,
)
from shopguide_retrieval.domain.catalog import Catalog
from shopguide_retrieval.domain.conditions import ConstraintOutcome
from shopguide_retrieval.domain.limits import Limit, price_key
from shopguide_retrieval.domain.model import Degradation
from shopguide_retrieval.domain.plan import IN_STOCK, Plan
from shopguide_retrieval.domain.price_levels import PriceLevels
from shopguide_retrieval.domain.ranking import PREFERRED_SHARE, Ranked, nearness
from shopguide_retrieval.domain.search import Listing, Searcher, SearchQuery
from shopguide_retrieval.ports import LeadingQuery, ProductStore

DISCOUNT_LAYOUT = 2
"""The first layout of the index with discounts in it (`domain.document.LAYOUT`)."""

CATEGORIES = 24
"""The largest categories that are looked through one by one when no query is given."""

EACH = 8
"""Products of each of them and of each kind of deal."""

DISCOUNTED = 200
"""Products with the largest discounts, whatever their category."""

ANOTHER_OF_CATEGORY = 0.8
"""What a further deal of the same category counts when no query is given."""

_DISCOUNTED = Limit("discount", minimum=LEAST_DISCOUNT)


@dataclass(frozen=True, slots=True)
class Deals:
    """Deals, best first, and how they came about."""

    bargains: tuple[Bargain, ...]
    outcomes: tuple[ConstraintOutcome, ...]
    degradations: tuple[Degradation, ...]


class DealFinder:
    """Finds products whose price is good."""

    def __init__(self, products: ProductStore, searcher: Searcher) -> None:
        """Take the index and what finds the products of a query."""
        self._products = products
        self._searcher = searcher
        self._levels = PriceLevels(products)

    async def find(self, catalog: Catalog, query: SearchQuery, plan: Plan, size: int) -> Deals:
        """Return the deals among the products that can be bought now; none when no price is good.

        In a catalogue that was imported before discounts were indexed, deals are those of its categories' prices.
        Raises FailedPrecondition for another encoder and InvalidArgument for a malformed vector.
        """
        available = plan.platform if IN_STOCK in plan.platform else (*plan.platform, IN_STOCK)
        plan = replace(plan, platform=available)
        known = catalog.layout >= DISCOUNT_LAYOUT
        listing = await self._searcher.search(catalog, query, plan, _DISCOUNTED if known else None)
        named = bool(query.text or query.vector)
        ranked = _relevant(listing) if named else await self._browsed(catalog, listing, plan)
        best = best_of_groups(await self._bargains(catalog, ranked))
        chosen = best[:size] if named else spread(best, size, ANOTHER_OF_CATEGORY)
        return Deals(tuple(chosen), listing.outcomes, listing.degradations)

    async def _bargains(self, catalog: Catalog, ranked: Sequence[Ranked]) -> list[Bargain]:
        wanted = [(r.candidate.leaf, str(r.candidate.payload.get("currency") or "")) for r in ranked]
        levels = await self._levels.find_all(catalog, wanted)
        found = [bargain(one, levels.get(key)) for one, key in zip(ranked, wanted, strict=True)]
        return [one for one in found if one is not None]

    async def _browsed(self, catalog: Catalog, listing: Listing, plan: Plan) -> list[Ranked]:
        """Return candidates of the whole catalogue within the limits in force."""
        queries = await self._queries(catalog, listing.limits)
        keys = [w.limit.key.split(".")[0] for w in plan.wishes]
        found = await self._products.leading(catalog, queries, keys)
        found |= {r.candidate.id: r.candidate for r in listing.ranked if r.candidate.id not in found}
        limits = [w.limit for w in plan.wishes]
        return [
            Ranked(one, 0.0, {"wishes": sum(nearness(limit, one.payload) for limit in limits)})
            for one in found.values()
        ]

    async def _queries(self, catalog: Catalog, limits: tuple[Limit, ...]) -> list[LeadingQuery]:
        """Return what to look for: large discounts everywhere, then discounts and low prices of each category."""
        counts = await self._products.facet(catalog, "leaf", limits, CATEGORIES + 1)
        leaves = sorted((leaf for leaf in counts if leaf), key=lambda leaf: (-counts[leaf], leaf))[
            :CATEGORIES
        ]
        by_discount = catalog.layout >= DISCOUNT_LAYOUT
        queries = [LeadingQuery("discount", (*limits, _DISCOUNTED), DISCOUNTED)] if by_discount else []
        for leaf in leaves:
            within = (*limits, Limit("leaf", any_of=(leaf,)))
            if by_discount:
                queries.append(LeadingQuery("discount", (*within, _DISCOUNTED), EACH))
            queries += [
                LeadingQuery("popularity", (*within, cheap), EACH)
                for cheap in await self._cheap(catalog, leaf)
            ]
        return queries

    async def _cheap(self, catalog: Catalog, leaf: str) -> list[Limit]:
        """Return, for each currency, the range of prices that are low for a category and still of its kind."""
        levels = await self._levels.find_all(catalog, [(leaf, c) for c in sorted(catalog.currencies)])
        return [
            Limit(
                price_key(currency),
                minimum=COMPARABLE_SHARE * level.quantile(0.5),
                maximum=level.quantile(1 - CHEAP_SHARE),
            )
            for (_, currency), level in levels.items()
        ]


def _relevant(listing: Listing) -> list[Ranked]:
    """Return the products of a list that are what the query names."""
    best = max((r.relevance for r in listing.ranked), default=0.0)
    return [
        r
        for r in listing.ranked
        if r.relevance >= PREFERRED_SHARE * best
        and all(limit.holds(r.candidate.payload) for limit in listing.scope)
    ]
