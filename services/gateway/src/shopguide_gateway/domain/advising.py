"""Recommendations, what goes together, and deals: retrieval's own where it has them, a plain search where not."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace

from shopguide_gateway.domain.facts import product_source
from shopguide_gateway.domain.lookups import Look, Looked, looked_up, of_kind
from shopguide_gateway.domain.model import Degradation, Scored
from shopguide_gateway.domain.speech import with_language
from shopguide_gateway.ports import Retriever
from shopguide_runtime.errors import InvalidArgument, NotFound, ShopguideError

Search = Callable[[Look], Awaitable[Looked]]
"""The plain search that stands in."""

_CANDIDATES = 20


class Advisor:
    """Asks retrieval for advice. A class because every kind shares one retriever."""

    def __init__(self, retriever: Retriever) -> None:
        """Take the retrieval service."""
        self._retriever = retriever

    async def recommend(self, look: Look, search: Search) -> Looked:
        """Return products for this shopper; a search where words were said and nothing is known of the shopper."""
        return await _or_search(self._recommend, search, look, "SEARCH_FOR_RECOMMEND")

    async def goes_with(self, look: Look, search: Search) -> Looked:
        """Return products that go with those pointed at, and the first of those for reference."""
        found = await _or_search(self._goes_with, search, look, "SEARCH_FOR_BUNDLE")
        return found if found.found.task else _as_recommendation(found)

    async def deals(self, look: Look, search: Search) -> Looked:
        """Return products with good prices and why they are good."""
        return await _or_search(self._deals, search, look, "SEARCH_FOR_DEALS")

    async def _recommend(self, look: Look) -> Looked | None:
        wish = look.understanding
        result = await self._retriever.recommend(
            look.ask.catalog,
            wish.search_query,
            shopper=look.shopper,
            seen_ids=look.plan.target_ids,
            constraints=with_language(wish.constraints, wish.language),
            conditions=look.ask.filter,
            vector=wish.query_vector,
            page_size=_CANDIDATES,
        )
        if wish.search_query and not result.personal:
            return None
        return looked_up(result.found, look, result.found.results[: look.ask.max_products])

    async def _goes_with(self, look: Look) -> Looked | None:
        wish = look.understanding
        basket, asked_about = await asyncio.gather(
            self._retriever.find_bundle(
                look.ask.catalog,
                look.plan.target_ids,
                budget=wish.budget,
                constraints=with_language(look.plan.own, wish.language),
                conditions=look.ask.filter,
                most=look.ask.max_products,
            ),
            self._retriever.products(look.ask.catalog, look.plan.target_ids[:1]),
        )
        if not asked_about:
            return None
        looked = looked_up(basket.found, look, basket.found.results)
        source = product_source(Scored(asked_about[0]), look.specs)
        found = replace(
            looked.found,
            sources=(*looked.found.sources, source),
            reference_source_id=source.id,
            total_price=basket.total_price,
            task=look.plan.task,
        )
        return replace(looked, found=found)

    async def _deals(self, look: Look) -> Looked | None:
        wish = look.understanding
        result = await self._retriever.find_deals(
            look.ask.catalog,
            wish.search_query,
            shopper=look.shopper,
            constraints=with_language(of_kind(wish.constraints), wish.language),
            conditions=look.ask.filter,
            vector=wish.query_vector,
            page_size=_CANDIDATES,
        )
        if not result.found.results:
            return None
        shown = result.found.results[: look.ask.max_products]
        return looked_up(result.found, look, shown, result.deals)


async def _or_search(
    advise: Callable[[Look], Awaitable[Looked | None]], search: Search, look: Look, fallback: str
) -> Looked:
    """Return the advice; a search when there is none, and with a degradation when it failed."""
    try:
        advised = await advise(look)
    except (NotFound, InvalidArgument):
        raise
    except ShopguideError as error:
        searched = await search(look)
        lost = Degradation("retrieval", fallback, error)
        return replace(searched, degradations=(*searched.degradations, lost))
    return advised if advised is not None else await search(look)


def _as_recommendation(looked: Looked) -> Looked:
    return replace(looked, found=replace(looked.found, task="RECOMMEND"))
