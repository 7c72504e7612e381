"""Records of catalogues, in a small collection of their own: the index holds all state of the service."""

import json
from typing import Any

from qdrant_client import AsyncQdrantClient, models

from shopguide_retrieval.adapters.qdrant_calls import qdrant_call
from shopguide_retrieval.adapters.qdrant_schema import (
    CATALOGS,
    PARTS,
    CollectionSettings,
    alias,
    drop_collections,
    ensure_collections,
    ensure_index,
    point_aliases,
    point_id,
)
from shopguide_retrieval.adapters.qdrant_shopper_schema import SHOPPER_PARTS, shopper_collection
from shopguide_retrieval.domain.catalog import AttributeKind, AttributeSpec, Catalog, CategorySpec

_PAGE = 256


class QdrantCatalogStore:
    """`CatalogStore` over one Qdrant client."""

    def __init__(self, client: AsyncQdrantClient, settings: CollectionSettings) -> None:
        """Take a connected client and the layout of new collections."""
        self._client = client
        self._settings = settings

    async def get(self, name: str) -> Catalog | None:
        """Return the record, or None when there is no such catalogue."""
        if not await self._exists():
            return None
        async with qdrant_call("retrieve_catalog"):
            found = await self._client.retrieve(CATALOGS, [point_id(name)], with_payload=True)
        return decode(str((found[0].payload or {})["record"])) if found else None

    async def put(self, catalog: Catalog) -> None:
        """Write the record, creating the collections of its version when they are missing."""
        await self._ensure()
        await ensure_collections(self._client, catalog, self._settings)
        await point_aliases(self._client, catalog)
        point = models.PointStruct(
            id=point_id(catalog.name), vector={}, payload={"name": catalog.name, "record": encode(catalog)}
        )
        async with qdrant_call("upsert_catalog"):
            await self._client.upsert(CATALOGS, [point], wait=True)

    async def prepare(self, catalog: Catalog) -> None:
        """Create empty collections for a version that is not served yet; remains of an earlier try are dropped."""
        await drop_collections(self._client, catalog)
        await ensure_collections(self._client, catalog, self._settings)

    async def drop(self, catalog: Catalog) -> None:
        """Delete the collections of a version that is no longer served."""
        await drop_collections(self._client, catalog)

    async def names(self) -> list[str]:
        """Return the names of all catalogues, sorted."""
        if not await self._exists():
            return []
        names: list[str] = []
        offset: Any = None
        while True:
            async with qdrant_call("scroll_catalogs"):
                records, offset = await self._client.scroll(
                    CATALOGS, limit=_PAGE, offset=offset, with_payload=["name"]
                )
            names += [str((r.payload or {})["name"]) for r in records]
            if offset is None:
                return sorted(names)

    async def delete(self, catalog: Catalog) -> None:
        """Delete the record, then every collection of the catalogue, of every version."""
        async with qdrant_call("delete_catalog"):
            await self._client.delete(CATALOGS, [point_id(catalog.name)], wait=True)
            collections = (await self._client.get_collections()).collections
        prefixes = tuple(f"{alias(catalog.name, part)}_v" for part in PARTS)
        shoppers = {shopper_collection(catalog.name, part) for part in SHOPPER_PARTS}
        for one in collections:
            if one.name.startswith(prefixes) or one.name in shoppers:
                async with qdrant_call("delete_collection"):
                    await self._client.delete_collection(one.name)

    async def _exists(self) -> bool:
        async with qdrant_call("collection_exists"):
            return bool(await self._client.collection_exists(CATALOGS))

    async def _ensure(self) -> None:
        if await self._exists():
            return
        async with qdrant_call("create_collection"):
            await self._client.create_collection(
                CATALOGS,
                # Records have no vectors; a collection needs a kind of them all the same.
                sparse_vectors_config={"none": models.SparseVectorParams()},
                replication_factor=self._settings.replicas,
            )
        await ensure_index(self._client, CATALOGS, "name", models.PayloadSchemaType.KEYWORD)


def encode(catalog: Catalog) -> str:
    """Return a record as JSON."""
    record = {
        "name": catalog.name,
        "fingerprint": catalog.fingerprint,
        "version": catalog.version,
        "average_length": catalog.average_length,
        "layout": catalog.layout,
        "revision": catalog.revision,
        "offers_revision": catalog.offers_revision,
        "currencies": sorted(catalog.currencies),
        "attribute_kinds": {k: v.value for k, v in catalog.attribute_kinds.items()},
        "indexed_numbers": sorted(catalog.indexed_numbers),
        "attributes": [_encode_spec(s) for s in catalog.attributes.values()],
        "categories": [{"id": s.id, "labels": s.labels} for s in catalog.categories.values()],
    }
    return json.dumps(record, ensure_ascii=False, separators=(",", ":"))


def decode(text: str) -> Catalog:
    """Return the record that `encode` wrote."""
    raw = json.loads(text)
    specs = [_decode_spec(s) for s in raw["attributes"]]
    categories = [CategorySpec(s["id"], _tuples(s["labels"])) for s in raw["categories"]]
    return Catalog(
        name=raw["name"],
        fingerprint=raw["fingerprint"],
        version=raw["version"],
        average_length=raw["average_length"],
        layout=raw.get("layout", 1),
        revision=raw["revision"],
        offers_revision=raw.get("offers_revision", ""),
        currencies=frozenset(raw["currencies"]),
        attribute_kinds={k: AttributeKind(v) for k, v in raw["attribute_kinds"].items()},
        indexed_numbers=frozenset(raw["indexed_numbers"]),
        attributes={s.key: s for s in specs},
        categories={s.id: s for s in categories},
    )


def _encode_spec(spec: AttributeSpec) -> dict[str, Any]:
    return {
        "key": spec.key,
        "kind": spec.kind.value if spec.kind else None,
        "unit": spec.unit,
        "labels": spec.labels,
        "higher_is_better": spec.higher_is_better,
        "value_aliases": spec.value_aliases,
    }


def _decode_spec(raw: dict[str, Any]) -> AttributeSpec:
    return AttributeSpec(
        key=raw["key"],
        kind=AttributeKind(raw["kind"]) if raw["kind"] else None,
        unit=raw["unit"],
        labels=_tuples(raw["labels"]),
        higher_is_better=raw["higher_is_better"],
        value_aliases=_tuples(raw["value_aliases"]),
    )


def _tuples(lists: dict[str, list[str]]) -> dict[str, tuple[str, ...]]:
    return {k: tuple(v) for k, v in lists.items()}
