"""Names, vectors and payload indexes of the collections; everything is created here and nowhere else.

A catalogue `shop` has the collections `shop_products_v1`, `shop_reviews_v1` and `shop_faq_v1`. The aliases
`shop_products`, `shop_reviews` and `shop_faq` point at the version that is served. Underscores cannot occur in the
names of catalogues, so no two catalogues can collide.
"""

import asyncio
import uuid
from dataclasses import dataclass
from typing import Any

from qdrant_client import AsyncQdrantClient, models

from shopguide_retrieval.adapters.qdrant_calls import qdrant_call
from shopguide_retrieval.domain.catalog import Catalog

DENSE = "text"
SPARSE = "bm25"
SCHEMA_TIMEOUT_SECONDS = 60
"""Longest that creating a collection or a payload index may take; a cluster agrees on it first."""

IndexKind = models.PayloadSchemaType | models.KeywordIndexParams
"""Of a payload index: its type, or its parameters."""

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
        **dict.fromkeys(("keys", "terms", "vocabulary", "words"), _KEYWORD),
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
    write_consistency: int = 1
    """Copies that must have a write before it is acknowledged."""
    hnsw_payload_m: int = 0
    """Links per vector within each value of an indexed payload key; 0: as `hnsw_m`."""
    hnsw_ef_construct: int = 100
    """Neighbours looked at when the graph is built."""
    quantization: str = "scalar"
    """`scalar`, `binary` or `none`."""
    quantization_in_memory: bool = True
    """Whether quantised vectors stay in memory."""
    on_disk_vectors: bool = False
    """Whether full vectors are left on disk."""
    on_disk_payload: bool = True
    """Whether payloads are left on disk."""
    indexing_threshold_kb: int = 10_000
    """Vectors of a segment, in kB, from which on they are indexed and quantised; 0 never."""
    tenant_key: str = ""
    """Payload key with a tenant index; none when empty."""
    strict_mode: bool = False
    """Whether Qdrant refuses requests beyond `STRICT_LIMITS`."""
    max_memory_percent: int = 0
    """With strict mode, share of a node's memory from which on writes are refused; 0: no limit."""

    def dense(self) -> models.VectorParams:
        """Return the parameters of a dense vector."""
        return models.VectorParams(
            size=self.dimension,
            distance=models.Distance.COSINE,
            hnsw_config=models.HnswConfigDiff(
                m=self.hnsw_m, ef_construct=self.hnsw_ef_construct, payload_m=self.hnsw_payload_m or None
            ),
            quantization_config=self._quantization(),
            on_disk=self.on_disk_vectors,
        )

    def _quantization(self) -> models.ScalarQuantization | models.BinaryQuantization | None:
        pinned = self.quantization_in_memory
        if self.quantization == "scalar":
            int8 = models.ScalarQuantizationConfig(type=models.ScalarType.INT8, always_ram=pinned)
            return models.ScalarQuantization(scalar=int8)
        if self.quantization == "binary":
            return models.BinaryQuantization(binary=models.BinaryQuantizationConfig(always_ram=pinned))
        return None

    def creation(self) -> dict[str, Any]:
        """Return the arguments of `create_collection` that are the same for every collection."""
        return {
            "shard_number": self.shards,
            "replication_factor": self.replicas,
            "write_consistency_factor": self.write_consistency,
            "on_disk_payload": self.on_disk_payload,
            "optimizers_config": models.OptimizersConfigDiff(indexing_threshold=self.indexing_threshold_kb),
            "strict_mode_config": self._strict(),
            "timeout": SCHEMA_TIMEOUT_SECONDS,
        }

    def _strict(self) -> models.StrictModeConfig | None:
        if not self.strict_mode:
            return None
        return STRICT_LIMITS.model_copy(
            update={"max_resident_memory_percent": self.max_memory_percent or None}
        )

    def index(self, key: str, kind: models.PayloadSchemaType) -> IndexKind:
        """Return the payload index of a key: a tenant index for the tenant key."""
        if key == self.tenant_key and kind is models.PayloadSchemaType.KEYWORD:
            return models.KeywordIndexParams(type=models.KeywordIndexType.KEYWORD, is_tenant=True)
        return kind


STRICT_LIMITS = models.StrictModeConfig(
    enabled=True,
    max_query_limit=100_000,
    max_timeout=60,
    # Ranges on an attribute beyond the 128 indexed ones are checked product by product, on purpose.
    unindexed_filtering_retrieve=True,
    unindexed_filtering_update=True,
    search_max_hnsw_ef=10_000,
    search_allow_exact=True,
    search_max_oversampling=100.0,
    search_max_batchsize=100,
    upsert_max_batchsize=1_000,
    filter_max_conditions=500,
    condition_max_size=20_000,
)
"""What this service stays far below: something else, or a fault, would be behind a request beyond it."""


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
            vectors_config={DENSE: settings.dense()},
            sparse_vectors_config={SPARSE: models.SparseVectorParams(modifier=models.Modifier.IDF)},
            **settings.creation(),
        )
    indexes = {key: settings.index(key, kind) for key, kind in PAYLOAD_INDEXES[part].items()}
    await asyncio.gather(*(ensure_index(client, name, key, kind) for key, kind in indexes.items()))


async def ensure_index(client: AsyncQdrantClient, name: str, key: str, kind: IndexKind) -> None:
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
