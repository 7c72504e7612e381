"""Profiles of shoppers in Qdrant: what they had to do with as a sparse vector, their taste as a dense one."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping, Sequence
from functools import partial
from typing import Any, TypeVar

import numpy as np
from qdrant_client import AsyncQdrantClient, models

from shopguide_retrieval.adapters.qdrant_calls import call_timeout
from shopguide_retrieval.adapters.qdrant_lists import sparse
from shopguide_retrieval.adapters.qdrant_schema import point_id
from shopguide_retrieval.adapters.qdrant_shopper_schema import ITEMS, SHOPPERS, TASTE, ShopperCollections
from shopguide_retrieval.adapters.qdrant_trails import TRAIL, encode_trail
from shopguide_retrieval.domain.catalog import Catalog
from shopguide_retrieval.domain.shoppers import Interaction, Profile, interest, items_vector
from shopguide_retrieval.ports import Vector
from shopguide_retrieval.ports_shoppers import ProfileChange, Version

T = TypeVar("T")

_PAGE = 500


class QdrantShopperStore:
    """`ShopperStore` over one Qdrant client."""

    def __init__(self, client: AsyncQdrantClient, collections: ShopperCollections) -> None:
        """Take a connected client and the collections."""
        self._client = client
        self._collections = collections

    async def get(self, catalog: Catalog, keys: Sequence[str]) -> dict[str, Profile]:
        """Return the profiles that exist, by key; without tastes that another encoder made."""
        records = await self._retrieve(catalog, keys, with_payload=True, with_vectors=[TASTE])
        profiles = [load_profile(catalog, r.payload or {}, r.vector) for r in records]
        return {p.key: p for p in profiles}

    async def put(self, catalog: Catalog, profile: Profile) -> None:
        """Write one profile, whatever is stored."""
        point = _point(catalog, profile)
        await self._run(catalog, "upsert", lambda name: self._client.upsert(name, [point], wait=True))

    async def versions(self, catalog: Catalog, keys: Collection[str]) -> dict[str, Version]:
        """Return which profiles exist, by key."""
        records = await self._retrieve(catalog, keys, with_payload=["key", "digest", "event_count"])
        payloads = [r.payload or {} for r in records]
        return {str(p["key"]): Version(str(p["digest"]), int(p["event_count"])) for p in payloads}

    async def change(self, catalog: Catalog, changes: Sequence[ProfileChange]) -> None:
        """Apply each change whose expectation still holds; the others do nothing."""
        operations = list(_operations(catalog, changes))
        if operations:
            await self._run(
                catalog,
                "batch_update",
                lambda name: self._client.batch_update_points(name, operations, wait=True),
            )

    async def waiting(self, catalog: Catalog, product_ids: Sequence[str]) -> set[str]:
        """Return the keys of profiles whose taste was computed without one of these products."""
        return await self._keys_where(catalog, "unknown_ids", product_ids)

    async def related(self, catalog: Catalog, key: str) -> set[str]:
        """Return the keys of profiles whose events also carried this key."""
        return await self._keys_where(catalog, "related", [key])

    async def fit(self, catalog: Catalog) -> None:
        """Make sure that tastes have the length of the encoder's vectors; profiles are dropped when they have not."""
        await self._collections.fit(catalog)

    async def _keys_where(self, catalog: Catalog, field: str, values: Sequence[str]) -> set[str]:
        if not values:
            return set()
        having = models.FieldCondition(key=field, match=models.MatchAny(any=list(values)))
        return {k async for page in self._pages(catalog, models.Filter(must=[having])) for k in page}

    async def _pages(self, catalog: Catalog, condition: models.Filter) -> AsyncIterator[list[str]]:
        offset: Any = None
        while True:
            page = partial(
                self._client.scroll,
                scroll_filter=condition,
                limit=_PAGE,
                offset=offset,
                with_payload=["key"],
            )
            records, offset = await self._run(catalog, "scroll", page)
            yield [str((r.payload or {})["key"]) for r in records]
            if offset is None:
                return

    async def _retrieve(
        self,
        catalog: Catalog,
        keys: Collection[str],
        *,
        with_payload: list[str] | bool,
        with_vectors: list[str] | bool = False,
    ) -> list[models.Record]:
        if not keys:
            return []
        points = [_point_id(k) for k in keys]
        return await self._run(
            catalog,
            "retrieve",
            lambda name: self._client.retrieve(
                name,
                points,
                with_payload=with_payload,
                with_vectors=with_vectors,
                timeout=call_timeout(),
            ),
        )

    async def _run(self, catalog: Catalog, operation: str, call: Callable[[str], Awaitable[T]]) -> T:
        return await self._collections.run(catalog, SHOPPERS, operation, call)


def load_profile(catalog: Catalog, payload: Mapping[str, Any], vectors: object = None) -> Profile:
    """Return the profile that a point holds, without a taste that another encoder made."""
    fits = payload.get("fingerprint") == catalog.fingerprint
    return Profile(
        str(payload["key"]),
        tuple(map(_interaction, json.loads(payload["items"]))),
        int(payload["event_count"]),
        float(payload["last_time"]),
        _taste(vectors) if fits else None,
        tuple(str(k) for k in payload["related"]),
        tuple(str(i) for i in payload["unknown_ids"]),
        str(payload["digest"]),
    )


def _taste(vectors: object) -> Vector | None:
    taste = vectors.get(TASTE) if isinstance(vectors, dict) else None
    return None if taste is None else np.asarray(taste, dtype=np.float32)


def _interaction(item: Mapping[str, Any]) -> Interaction:
    return Interaction(
        str(item["id"]),
        float(item["weight"]),
        float(item["time"]),
        bool(item.get("bought", False)),
        int(item.get("quantity", 0)),
        tuple(float(t) for t in item.get("purchase_times", ())),
    )


def _operations(
    catalog: Catalog, changes: Sequence[ProfileChange]
) -> list[models.UpsertOperation | models.DeleteOperation]:
    """Return one operation for what is new, one for what is replaced and one for what goes.

    Digests name their key too: a stored one that is among the expected ones is the one expected of its own profile.
    """
    new = [_point(catalog, c.profile) for c in changes if c.profile and c.expected is None]
    replaced = [c for c in changes if c.profile and c.expected is not None]
    gone = [c for c in changes if c.profile is None]
    operations: list[models.UpsertOperation | models.DeleteOperation] = []
    if new:
        inserted = models.PointsList(points=new, update_mode=models.UpdateMode.INSERT_ONLY)
        operations.append(models.UpsertOperation(upsert=inserted))
    if replaced:
        updated = models.PointsList(
            points=[_point(catalog, c.profile) for c in replaced if c.profile],
            update_mode=models.UpdateMode.UPDATE_ONLY,
            update_filter=models.Filter(must=[_as_expected(replaced)]),
        )
        operations.append(models.UpsertOperation(upsert=updated))
    if gone:
        which = models.HasIdCondition(has_id=[_point_id(c.key) for c in gone])
        selector = models.FilterSelector(filter=models.Filter(must=[which, _as_expected(gone)]))
        operations.append(models.DeleteOperation(delete=selector))
    return operations


def _as_expected(changes: Sequence[ProfileChange]) -> models.FieldCondition:
    digests = sorted(c.expected for c in changes if c.expected is not None)
    return models.FieldCondition(key="digest", match=models.MatchAny(any=digests))


def _point_id(key: str) -> str:
    return point_id(f"shopper:{key}")


def _point(catalog: Catalog, profile: Profile) -> models.PointStruct:
    vector: dict[str, Any] = {}
    items = items_vector(interest(profile.interactions))
    if items.indices:
        vector[ITEMS] = sparse(items)
    if profile.taste is not None:
        vector[TASTE] = profile.taste.tolist()
    return models.PointStruct(id=_point_id(profile.key), vector=vector, payload=_payload(catalog, profile))


def _payload(catalog: Catalog, profile: Profile) -> dict[str, Any]:
    return {
        "key": profile.key,
        "event_count": profile.event_count,
        "last_time": profile.last_time,
        # As one string: nested objects take a millisecond a shopper to encode, and as long to decode.
        "items": json.dumps(
            list(map(_item, profile.interactions)), ensure_ascii=False, separators=(",", ":")
        ),
        TRAIL: encode_trail(profile.interactions),
        "item_ids": [i.product_id for i in profile.interactions],
        "bought_ids": [i.product_id for i in profile.interactions if i.bought],
        "related": list(profile.related),
        "unknown_ids": list(profile.unknown_ids),
        "digest": profile.digest,
        "fingerprint": catalog.fingerprint,
    }


def _item(interaction: Interaction) -> dict[str, Any]:
    item: dict[str, Any] = {
        "id": interaction.product_id,
        "weight": interaction.weight,
        "time": interaction.time,
    }
    if interaction.bought:
        item |= {"bought": True, "quantity": interaction.quantity}
        item["purchase_times"] = list(interaction.purchase_times)
    return item
