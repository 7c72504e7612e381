"""Names, vectors and payload indexes of the collections; everything is created here and nowhere else.

A catalogue `shop` has the collections `shop_products_v1`, `shop_reviews_v1` and `shop_faq_v1`. The aliases
`shop_products`, `shop_reviews` and `shop_faq` point at the version that is served. Underscores cannot occur in the
names of catalogues, so no two catalogues can collide.
"""

import asyncio
import uuid
from dataclasses import dataclass

from qdrant_client import AsyncQdrantClient, models

from shopguide_retrieval.adapters.qdrant_calls import qdrant_call
from shopguide_retrieval.domain.catalog import Catalog

DENSE = "text"
SPARSE = "bm25"
SCHEMA_TIMEOUT_SECONDS = 60
"""Longest that creating a collection or a payload index may take; a cluster agrees on it first."""

CATALOGS = "shopguide_catalogs"
PARTS = ("products", "reviews", "faq")

_KEYWORD, _INTEGER, _FLOAT = (
    models.PayloadSchemaType.KEYWORD,
    models.PayloadSchemaType.INTEGER,
    models.PayloadSchemaType.FLOAT,
)
PAYLOAD_INDEXES = {
    "products": {
        **dict.fromkeys(("id", "group", "brand", "category", "leaf", "language"), _KEYWORD),
        **dict.fromkeys(("keys", "terms", "vocabulary"), _KEYWORD),
        "availability": _INTEGER,
        "rating": _FLOAT,
        "popularity": _FLOAT,
        "discount": _FLOAT,
        "update_time": _FLOAT,
    },
    "reviews": {"id": _KEYWORD, "product_id": _KEYWORD, "create_time": _FLOAT},
    "faq": {"id": _KEYWORD, "language": _KEYWORD},
}
"""Every payload key that is filtered, counted or ordered by. Prices and number attributes follow as they appear."""

_NAMESPACE = uuid.UUID("6f1d5c0a-6b0e-5d0c-9a52-2f4b7a6f3c11")


@dataclass(frozen=True, slots=True)
class CollectionSettings:
    """How collections are laid out."""

    dimension: int = 384
    """Of the dense vectors."""
    hnsw_m: int = 16
    """Links per vector of the HNSW graph; 0 builds none and scans the quantised vectors (one machine, < 200,000)."""
    shards: int = 1
    """Shards of a new collection; open-source Qdrant cannot change it later."""
    replicas: int = 1
    """Copies of each shard."""


def point_id(identifier: str) -> str:
    """Return the id of the point that holds a product, review or FAQ text."""
    return str(uuid.uuid5(_NAMESPACE, identifier))


def collection(catalog: Catalog, part: str) -> str:
    """Return the name of a collection of the catalogue's served version."""
    return f"{catalog.name}_{part}_v{catalog.version}"


def alias(catalog_name: str, part: str) -> str:
    """Return the alias of a part of a catalogue."""
    return f"{catalog_name}_{part}"


async def ensure_collections(
    client: AsyncQdrantClient, catalog: Catalog, settings: CollectionSettings
) -> None:
    """Create what is missing of the collections and payload indexes of a catalogue's version."""
    await asyncio.gather(*(_ensure(client, collection(catalog, part), part, settings) for part in PARTS))


async def drop_collections(client: AsyncQdrantClient, catalog: Catalog) -> None:
    """Delete the collections of a catalogue's version."""
    for part in PARTS:
        async with qdrant_call("delete_collection"):
            await client.delete_collection(collection(catalog, part))


async def _ensure(client: AsyncQdrantClient, name: str, part: str, settings: CollectionSettings) -> None:
    async with qdrant_call("collection_exists"):
        exists = await client.collection_exists(name)
    if exists:
        await _complete(client, name, part)
    else:
        await _create(client, name, part, settings)


async def _complete(client: AsyncQdrantClient, name: str, part: str) -> None:
    """Create the payload indexes that came with a later version of this service than the collection did."""
    async with qdrant_call("get_collection"):
        known = (await client.get_collection(name)).payload_schema
    missing = {key: kind for key, kind in PAYLOAD_INDEXES[part].items() if key not in known}
    await asyncio.gather(*(ensure_index(client, name, key, kind) for key, kind in missing.items()))


async def _create(client: AsyncQdrantClient, name: str, part: str, settings: CollectionSettings) -> None:
    async with qdrant_call("create_collection"):
        await client.create_collection(
            name,
            vectors_config={DENSE: _dense(settings)},
            sparse_vectors_config={SPARSE: models.SparseVectorParams(modifier=models.Modifier.IDF)},
            shard_number=settings.shards,
            replication_factor=settings.replicas,
            timeout=SCHEMA_TIMEOUT_SECONDS,
        )
    await asyncio.gather(*(ensure_index(client, name, k, kind) for k, kind in PAYLOAD_INDEXES[part].items()))


def _dense(settings: CollectionSettings) -> models.VectorParams:
    return models.VectorParams(
        size=settings.dimension,
        distance=models.Distance.COSINE,
        hnsw_config=models.HnswConfigDiff(m=settings.hnsw_m),
        quantization_config=models.ScalarQuantization(
            scalar=models.ScalarQuantizationConfig(type=models.ScalarType.INT8, always_ram=True)
        ),
    )


async def ensure_index(
    client: AsyncQdrantClient, name: str, key: str, kind: models.PayloadSchemaType
) -> None:
    """Create a payload index; one that exists stays as it is."""
    async with qdrant_call("create_payload_index"):
        await client.create_payload_index(name, key, kind, wait=True, timeout=SCHEMA_TIMEOUT_SECONDS)


async def point_aliases(client: AsyncQdrantClient, catalog: Catalog) -> None:
    """Make the aliases of a catalogue point at its version, in one step."""
    async with qdrant_call("aliases"):
        existing = {a.alias_name: a.collection_name for a in (await client.get_aliases()).aliases}
        operations: list[models.AliasOperations] = []
        for part in PARTS:
            name, target = alias(catalog.name, part), collection(catalog, part)
            if existing.get(name) == target:
                continue
            if name in existing:
                operations.append(
                    models.DeleteAliasOperation(delete_alias=models.DeleteAlias(alias_name=name))
                )
            operations.append(
                models.CreateAliasOperation(
                    create_alias=models.CreateAlias(collection_name=target, alias_name=name)
                )
            )
        if operations:
            await client.update_collection_aliases(operations)
