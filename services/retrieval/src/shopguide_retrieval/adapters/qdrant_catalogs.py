"""Records of catalogues, in a small collection of their own: the index holds all state of the service."""

import json
import uuid
from dataclasses import replace
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
from shopguide_runtime.errors import Aborted

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
        stored = await self._stored(name)
        return (
            replace(decode(str(stored["record"])), edition=int(stored.get("edition", 0))) if stored else None
        )

    async def put(self, catalog: Catalog) -> Catalog:
        """Write the next edition of the record and return it; collections that its version lacks are created.

        Raises Aborted when the record is not of the edition that was read any more: another process changed it, such
        as a rebuild, whose version must not be taken back.
        """
        await self._ensure()
        before = await self._stored(catalog.name)
        if int((before or {}).get("edition", 0)) != catalog.edition:
            raise _outrun(catalog)
        await ensure_collections(self._client, catalog, self._settings)
        written = replace(catalog, edition=catalog.edition + 1)
        await self._write(catalog, written)
        await point_aliases(self._client, written)
        return written

    async def _stored(self, name: str) -> dict[str, Any] | None:
        async with qdrant_call("retrieve_catalog"):
            found = await self._client.retrieve(CATALOGS, [point_id(name)], with_payload=True)
        return dict(found[0].payload or {}) if found else None

    async def _write(self, before: Catalog, after: Catalog) -> None:
        writer = uuid.uuid4().hex
        payload = {"name": after.name, "record": encode(after), "edition": after.edition, "writer": writer}
        point = models.PointStruct(id=point_id(after.name), vector={}, payload=payload)
        async with qdrant_call("upsert_catalog"):
            await self._client.upsert(CATALOGS, [point], wait=True, update_filter=_of_edition(before.edition))
        stored = await self._stored(after.name)
        if stored is None or stored.get("writer") != writer:
            raise _outrun(after)

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


def _of_edition(edition: int) -> models.Filter:
    """Return what a record of this edition passes; 0 is one that does not exist, or that is older than editions."""
    if edition:
        value = models.MatchValue(value=edition)
        return models.Filter(must=[models.FieldCondition(key="edition", match=value)])
    return models.Filter(must=[models.IsEmptyCondition(is_empty=models.PayloadField(key="edition"))])


def _outrun(catalog: Catalog) -> Aborted:
    return Aborted(
        "CATALOG_CHANGED",
        f"Catalog {catalog.name!r} was changed by someone else at this moment.",
        retry_after=0.1,
    )


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
