"""The collections of events and of shoppers: one pair a catalogue, whatever version its products have.

A catalogue `shop` has `shop_events` and `shop_shoppers`. They come into being when they are first needed, outlive
every rebuild of the products, and go with the catalogue.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TypeVar

from qdrant_client import AsyncQdrantClient, models

from shopguide_retrieval.adapters.qdrant_calls import qdrant_call
from shopguide_retrieval.adapters.qdrant_schema import (
    CollectionSettings,
    ensure_index,
)
from shopguide_retrieval.domain.catalog import Catalog
from shopguide_runtime.errors import NotFound, ShopguideError

T = TypeVar("T")

EVENTS, SHOPPERS = "events", "shoppers"
SHOPPER_PARTS = (EVENTS, SHOPPERS)

ITEMS = "items"
"""Sparse vector of a shopper: interest by product, length 1; no modifier."""
TASTE = "taste"
"""Dense vector of a shopper."""

_KEYWORD, _FLOAT = models.PayloadSchemaType.KEYWORD, models.PayloadSchemaType.FLOAT
_INDEXES = {
    EVENTS: {**dict.fromkeys(("event_id", "keys", "type", "product_ids"), _KEYWORD), "time": _FLOAT},
    SHOPPERS: {
        **dict.fromkeys(("key", "digest", "related", "unknown_ids", "bought_ids", "item_ids"), _KEYWORD),
        "last_time": _FLOAT,
    },
}


def shopper_collection(catalog_name: str, part: str) -> str:
    """Return the name of the collection of events or of shoppers of a catalogue."""
    return f"{catalog_name}_{part}"


class ShopperCollections:
    """Knows that the collections are there; shared by the stores of events and of shoppers."""

    def __init__(
        self,
        client: AsyncQdrantClient,
        settings: CollectionSettings,
        is_catalog: Callable[[str], Awaitable[bool]],
    ) -> None:
        """Take a connected client, the layout of new collections, and what tells whether a catalogue exists."""
        self._client = client
        self._settings = settings
        self._is_catalog = is_catalog
        self._ready: set[str] = set()
        self._locks: dict[str, asyncio.Lock] = {}

    async def run(
        self, catalog: Catalog, part: str, operation: str, call: Callable[[str], Awaitable[T]]
    ) -> T:
        """Return what a call on a collection, given its name, returns.

        Raises NotFound when the catalogue was deleted meanwhile, and what `qdrant_call` raises for everything else.
        """
        name = shopper_collection(catalog.name, part)
        await self._ensure(catalog.name, part, name)
        try:
            async with qdrant_call(operation):
                return await call(name)
        except NotFound:
            # The catalogue was deleted, perhaps by another replica, and may have come into being again.
            self._ready.discard(name)
        await self._ensure(catalog.name, part, name)
        async with qdrant_call(operation):
            return await call(name)

    @asynccontextmanager
    async def use(self, catalog: Catalog, part: str) -> AsyncIterator[str]:
        """Give the name of a collection that exists; raises NotFound when the catalogue was deleted meanwhile."""
        name = shopper_collection(catalog.name, part)
        await self._ensure(catalog.name, part, name)
        try:
            yield name
        except NotFound:
            # Another replica has deleted the catalogue; whoever tries again creates what a new one needs.
            self._ready.discard(name)
            raise NotFound("catalog", f"catalogs/{catalog.name}") from None

    async def fit(self, catalog: Catalog) -> None:
        """Drop the profiles if their tastes have another length than the encoder's vectors."""
        info = await self.run(catalog, SHOPPERS, "get_collection", self._client.get_collection)
        config = info.config.params.vectors
        taste = config.get(TASTE) if isinstance(config, dict) else None
        if taste is not None and taste.size == self._settings.dimension:
            return
        await self.run(catalog, SHOPPERS, "delete_collection", self._client.delete_collection)
        self._ready.discard(shopper_collection(catalog.name, SHOPPERS))

    async def _ensure(self, catalog_name: str, part: str, name: str) -> None:
        if name in self._ready:
            return
        async with self._locks.setdefault(name, asyncio.Lock()):
            if name in self._ready:
                return
            if not await self._is_catalog(catalog_name):
                raise NotFound("catalog", f"catalogs/{catalog_name}")
            await self._create(name, part)
            self._ready.add(name)

    async def _create(self, name: str, part: str) -> None:
        if not await self._exists(name):
            try:
                await self._create_collection(name, part)
            except ShopguideError:
                # Another replica may have been faster.
                if not await self._exists(name):
                    raise
        await asyncio.gather(
            *(ensure_index(self._client, name, k, kind) for k, kind in _INDEXES[part].items())
        )

    async def _exists(self, name: str) -> bool:
        async with qdrant_call("collection_exists"):
            return bool(await self._client.collection_exists(name))

    async def _create_collection(self, name: str, part: str) -> None:
        sparse, dense = _vectors(part, self._settings)
        async with qdrant_call("create_collection"):
            await self._client.create_collection(
                name,
                vectors_config=dense,
                sparse_vectors_config=sparse,
                **self._settings.creation(),
            )


def _vectors(
    part: str, settings: CollectionSettings
) -> tuple[dict[str, models.SparseVectorParams], dict[str, models.VectorParams]]:
    if part == EVENTS:
        # Events have no vectors; a collection needs a kind of them all the same.
        return {"none": models.SparseVectorParams()}, {}
    return {ITEMS: models.SparseVectorParams()}, {TASTE: settings.dense()}
