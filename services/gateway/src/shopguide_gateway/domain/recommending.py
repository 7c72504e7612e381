"""Lists without words: what a place on the site asks for."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import Enum

from shopguide_gateway.domain.model import Condition, Degradation, Scored, SearchResult, Shopper
from shopguide_gateway.ports import Retriever
from shopguide_runtime.errors import (
    DeadlineExceeded,
    InvalidArgument,
    NotFound,
    ResourceExhausted,
    ShopguideError,
    Unavailable,
)

POPULAR_CACHED = "POPULAR_CACHED"
"""Fallback when retrieval cannot be reached: popular products, as of a while ago."""

MOST_IN_CART, MOST_ALIKE = 10, 20
"""Products that one bundle may add, and examples that a similarity takes."""

_KEPT = 100


class Placement(Enum):
    """Where on the site a list stands."""

    HOME = "home"
    PRODUCT = "product"
    CART = "cart"
    DEALS = "deals"
    TRENDING = "trending"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A list as asked for."""

    catalog: str
    shopper: Shopper
    placement: Placement
    context: tuple[str, ...]
    """Products in view, the latest last."""
    filter: tuple[Condition, ...]
    size: int


@dataclass(frozen=True, slots=True)
class Listed:
    """The list, and what had to be left out."""

    results: tuple[Scored, ...]
    attribution_token: str
    degradations: tuple[Degradation, ...]


class PopularShelf:
    """Remembers what is popular in each catalogue, for when retrieval is away. Nothing personal stands there."""

    def __init__(
        self, retriever: Retriever, max_age: float = 300.0, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """Take retrieval, and the seconds after which a list is asked for anew."""
        self._retriever = retriever
        self._max_age = max_age
        self._clock = clock
        self._lists: dict[str, tuple[float, SearchResult]] = {}
        self._renewals: dict[str, asyncio.Task[None]] = {}

    def held(self, catalog: str) -> SearchResult | None:
        """Return the list, however old; None when there was never one."""
        known = self._lists.get(catalog)
        return known[1] if known else None

    def renew(self, catalog: str) -> None:
        """Ask for the list beside the request that found retrieval well, when the one held is old."""
        known = self._lists.get(catalog)
        if catalog in self._renewals or (known and self._clock() - known[0] < self._max_age):
            return
        task = asyncio.create_task(self._renew(catalog))
        self._renewals[catalog] = task
        task.add_done_callback(lambda _: self._renewals.pop(catalog, None))

    async def _renew(self, catalog: str) -> None:
        try:
            found = await self._retriever.list_trending(catalog, (), _KEPT)
        except ShopguideError:
            # The next request that finds retrieval well tries again.
            return
        self._lists[catalog] = (self._clock(), found)


class PlacementLister:
    """Makes the list of a place."""

    def __init__(self, retriever: Retriever, shelf: PopularShelf) -> None:
        """Take retrieval and what is remembered of it."""
        self._retriever = retriever
        self._shelf = shelf

    async def list(self, wanted: Wanted) -> Listed:
        """Return the list.

        Raises InvalidArgument and NotFound as retrieval does. When retrieval cannot be reached, popular products are
        listed as they were a while ago; without any, or with limits that cannot be checked here, its error is raised.
        """
        try:
            found = await self._found(wanted)
        except (InvalidArgument, NotFound):
            raise
        except (Unavailable, DeadlineExceeded, ResourceExhausted) as error:
            return self._remembered(wanted, error)
        self._shelf.renew(wanted.catalog)
        return Listed(found.results[: wanted.size], found.attribution_token, found.degradations)

    async def _found(self, wanted: Wanted) -> SearchResult:
        match wanted.placement:
            case Placement.PRODUCT if wanted.context:
                return await self._alike(wanted)
            case Placement.CART if wanted.context:
                return await self._with_cart(wanted)
            case Placement.DEALS:
                return await self._deals(wanted)
            case Placement.TRENDING:
                return await self._retriever.list_trending(wanted.catalog, wanted.filter, wanted.size)
            case _:
                return await self._personal(wanted)

    async def _personal(self, wanted: Wanted) -> SearchResult:
        found = await self._retriever.recommend(
            wanted.catalog,
            "",
            shopper=wanted.shopper,
            seen_ids=wanted.context,
            constraints=(),
            conditions=wanted.filter,
            vector=None,
            page_size=wanted.size,
        )
        return found.found

    async def _alike(self, wanted: Wanted) -> SearchResult:
        """Return products like those in view; when the catalogue has none of these, what suits the shopper."""
        latest = wanted.context[-MOST_ALIKE:]
        found = await self._retriever.find_similar(wanted.catalog, latest, (), wanted.filter, wanted.size)
        return found if found.results else await self._personal(wanted)

    async def _with_cart(self, wanted: Wanted) -> SearchResult:
        """Return what completes the cart, then what else suits the shopper now."""
        basket = await self._retriever.find_bundle(
            wanted.catalog,
            wanted.context[-MOST_ALIKE:],
            budget=None,
            constraints=(),
            conditions=wanted.filter,
            most=min(MOST_IN_CART, wanted.size),
        )
        if len(basket.found.results) >= wanted.size:
            return basket.found
        more = await self._personal(wanted)
        added = {s.product.id for s in basket.found.results}
        results = (*basket.found.results, *(s for s in more.results if s.product.id not in added))
        lost = (*basket.found.degradations, *more.degradations)
        return replace(basket.found, results=results, degradations=lost)

    async def _deals(self, wanted: Wanted) -> SearchResult:
        found = await self._retriever.find_deals(
            wanted.catalog,
            "",
            shopper=wanted.shopper,
            constraints=(),
            conditions=wanted.filter,
            vector=None,
            page_size=wanted.size,
        )
        return found.found

    def _remembered(self, wanted: Wanted, error: ShopguideError) -> Listed:
        held = self._shelf.held(wanted.catalog)
        if held is None or wanted.filter or wanted.placement is Placement.DEALS:
            raise error
        results = tuple(s for s in held.results if s.product.id not in wanted.context)[: wanted.size]
        return Listed(results, "", (Degradation("retrieval", POPULAR_CACHED, error),))
