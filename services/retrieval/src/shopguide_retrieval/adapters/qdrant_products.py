"""Products in Qdrant: candidates by vectors under filters, counts, facets, writes."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any, Literal

import numpy as np
from qdrant_client import AsyncQdrantClient, models

from shopguide_retrieval.adapters import qdrant_messages as messages
from shopguide_retrieval.adapters.qdrant_calls import call_timeout, qdrant_call
from shopguide_retrieval.adapters.qdrant_filters import to_filter
from shopguide_retrieval.adapters.qdrant_lists import (
    CandidateList,
    candidate_lists,
    leading_request,
    patch_operation,
    run_lists,
    scroll_payloads,
    term_request,
    write_points,
)
from shopguide_retrieval.adapters.qdrant_reader import Hit, PointReader
from shopguide_retrieval.adapters.qdrant_schema import DENSE, collection, ensure_index, point_id
from shopguide_retrieval.domain.card import card
from shopguide_retrieval.domain.catalog import Catalog
from shopguide_retrieval.domain.limits import Limit, values_at
from shopguide_retrieval.domain.ranking import Candidate
from shopguide_retrieval.ports import CandidateQuery, LeadingQuery, Patch, Point, Vector

RANKING_KEYS = (
    "id",
    "group",
    "leaf",
    "price",
    "currency",
    "rating",
    "popularity",
    "availability",
    "list_price",
)
"""Payload keys that ranking always needs."""

_TERMS_OF_ONE_FACET = 100_000
_INDEXES_AT_ONCE = 8

_PATCHES_AT_ONCE = 100
"""Products whose payload is changed in one call: readers of the local node wait as long as it takes."""


class QdrantProductStore:
    """`ProductStore` over one Qdrant client."""

    def __init__(self, client: AsyncQdrantClient, reader: PointReader | None = None) -> None:
        """Take a connected client and what reads candidates."""
        self._client = client
        self._reader = reader or PointReader(client.grpc_points)

    async def candidates(self, catalog: Catalog, query: CandidateQuery) -> dict[str, Candidate]:
        """Return the union of the lists, by product id, from one round trip."""
        reader, name = self._reader, collection(catalog, "products")
        lists = await run_lists(
            reader, name, candidate_lists(query, reader.state_selector, reader.search_params)
        )
        hits = [(wanted, reader.hits(points)) for wanted, points in lists]
        states = {point: state for _, found in hits for point, _, state in found}
        within = {point for wanted, found in hits if wanted.within for point, _, _ in found}
        dense, sparse = _scores(hits, "dense"), _scores(hits, "sparse")
        stored = await reader.payloads(name, states)
        candidates = [
            Candidate(
                one.payload["id"],
                one.payload,
                dense.get(point),
                sparse.get(point),
                point in within,
                states[point],
                one.card,
            )
            for point, one in stored.items()
        ]
        return {one.id: one for one in candidates}

    async def popular(
        self, catalog: Catalog, limits: Sequence[Limit], size: int, keys: Sequence[str] = ()
    ) -> dict[str, Candidate]:
        """Return the most popular products under limits."""
        hits = await self._ordered(catalog, "popularity", limits, size, keys, descending=True)
        return {str(h["id"]): _read(h) for h in hits}

    async def leading(
        self, catalog: Catalog, queries: Sequence[LeadingQuery], keys: Sequence[str] = ()
    ) -> dict[str, Candidate]:
        """Return the union of the lists, by product id, from one round trip."""
        payload = list({*RANKING_KEYS, *keys})
        requests = [leading_request(query, payload) for query in queries]
        if not requests:
            return {}
        async with qdrant_call("query_leading"):
            responses = await self._client.query_batch_points(
                collection(catalog, "products"), requests, timeout=call_timeout()
            )
        hits = [dict(point.payload or {}) for response in responses for point in response.points]
        return {str(h["id"]): _read(h) for h in hits}

    async def count(self, catalog: Catalog, limits: Sequence[Limit]) -> int:
        """Return how many products satisfy all limits, exactly."""
        return await self._reader.count(collection(catalog, "products"), limits)

    async def nearest(
        self, catalog: Catalog, limits: Sequence[Limit], key: str, bound: float, *, above: bool, size: int
    ) -> list[float]:
        """Return stored numbers of `key` beyond `bound` under limits, the nearest first, at most `size`.

        Prices and ratings are read in order from their index; numbers of attributes, whose keys are too many to
        index each, are counted from the terms of the products that pass.
        """
        beyond = Limit(key, minimum=bound) if above else Limit(key, maximum=bound)
        if key.startswith("numbers."):
            numbers = await self._attribute_numbers(catalog, [*limits, beyond], key.removeprefix("numbers."))
        else:
            hits = await self._ordered(catalog, key, [*limits, beyond], size, (key,), descending=not above)
            numbers = [float(n) for hit in hits for n in values_at(hit, key)]
        kept = [n for n in numbers if (n > bound if above else n < bound)]
        return sorted(kept, reverse=not above)[:size]

    async def facet(self, catalog: Catalog, key: str, limits: Sequence[Limit], size: int) -> dict[str, int]:
        """Return the values of an indexed payload key and how many products have each, at most `size` values."""
        async with qdrant_call("facet"):
            response = await self._client.facet(
                collection(catalog, "products"), key, facet_filter=to_filter(limits), limit=size, exact=True
            )
        return {str(hit.value): int(hit.count) for hit in response.hits}

    async def held_terms(self, catalog: Catalog, terms: Sequence[str]) -> frozenset[str]:
        """Return the terms that a product's sparse vector has, wherever it has them from."""
        requests = [term_request(term) for term in terms]
        found = await self._reader.lists("query_terms", collection(catalog, "products"), requests)
        return frozenset(term for term, points in zip(terms, found, strict=True) if points)

    async def fetch(
        self, catalog: Catalog, ids: Sequence[str], keys: Sequence[str]
    ) -> dict[str, dict[str, Any]]:
        """Return the named payload keys of the products that exist, by product id."""
        if not ids:
            return {}
        name, wanted = collection(catalog, "products"), messages.only({"id", *keys})
        read = await self._reader.retrieve(name, [point_id(i) for i in ids], wanted)
        return {str(payload["id"]): payload for payload in read.values()}

    async def complete(
        self, catalog: Catalog, candidates: Sequence[Candidate], keys: Sequence[str]
    ) -> dict[str, Mapping[str, Any]]:
        """Return the named payload keys of candidates in the state that they were found in, by product id."""
        known = {point_id(c.id): c.state for c in candidates if c.state is not None}
        name = collection(catalog, "products")
        read = await self._reader.full_payloads(name, known, {"id", *keys})
        unknown = [c.id for c in candidates if c.state is None]
        return {str(p["id"]): p for p in read.values()} | await self.fetch(catalog, unknown, keys)

    async def vectors(self, catalog: Catalog, ids: Sequence[str]) -> dict[str, Vector]:
        """Return the dense vectors of the products that exist, by product id."""
        records = await self._retrieve(catalog, ids, with_payload=["id"], with_vectors=[DENSE])
        return {
            str((r.payload or {})["id"]): np.asarray(r.vector[DENSE], dtype=np.float32)
            for r in records
            if isinstance(r.vector, dict)
        }

    def stored(
        self, catalog: Catalog, keys: Sequence[str], since: float = 0.0
    ) -> AsyncIterator[list[dict[str, Any]]]:
        """Yield all products written at or after `since` (Unix seconds), in batches of payloads with these keys."""
        condition = to_filter([Limit("update_time", minimum=since)]) if since else None
        return scroll_payloads(self._client, collection(catalog, "products"), ("id", *keys), condition)

    async def upsert(self, catalog: Catalog, points: Sequence[Point]) -> None:
        """Write points, replacing those with the same id; they are searchable on return."""
        await write_points(self._client, collection(catalog, "products"), points)

    async def patch(self, catalog: Catalog, patches: Sequence[Patch]) -> None:
        """Write payload keys of products that are still as expected; vectors and other keys stay."""
        for start in range(0, len(patches), _PATCHES_AT_ONCE):
            operations = [patch_operation(p) for p in patches[start : start + _PATCHES_AT_ONCE]]
            async with qdrant_call("patch"):
                await self._client.batch_update_points(collection(catalog, "products"), operations, wait=True)

    async def delete(self, catalog: Catalog, ids: Sequence[str]) -> int:
        """Delete products and returns how many there were."""
        existing = await self.fetch(catalog, ids, ())
        async with qdrant_call("delete"):
            await self._client.delete(
                collection(catalog, "products"), [point_id(i) for i in existing], wait=True
            )
        return len(existing)

    async def ensure_number_indexes(self, catalog: Catalog, keys: Sequence[str]) -> None:
        """Make sure that ranges on these payload keys are answered from an index."""
        name = collection(catalog, "products")
        if not keys:
            return
        async with qdrant_call("get_collection"):
            known = (await self._client.get_collection(name)).payload_schema
        integer, real = models.PayloadSchemaType.INTEGER, models.PayloadSchemaType.FLOAT
        kinds = {key: integer if key.startswith("price.") else real for key in keys if key not in known}
        # A few at a time: a hundred at once would wait for each other beyond the deadline of a call.
        turn = asyncio.Semaphore(_INDEXES_AT_ONCE)

        async def ensure(key: str, kind: models.PayloadSchemaType) -> None:
            async with turn:
                await ensure_index(self._client, name, key, kind)

        await asyncio.gather(*(ensure(key, kind) for key, kind in kinds.items()))

    async def _retrieve(
        self,
        catalog: Catalog,
        ids: Sequence[str],
        *,
        with_payload: list[str],
        with_vectors: list[str] | bool = False,
    ) -> list[models.Record]:
        if not ids:
            return []
        async with qdrant_call("retrieve"):
            return await self._client.retrieve(
                collection(catalog, "products"),
                [point_id(i) for i in ids],
                with_payload=with_payload,
                with_vectors=with_vectors,
                timeout=call_timeout(),
            )

    async def _ordered(
        self,
        catalog: Catalog,
        key: str,
        limits: Sequence[Limit],
        size: int,
        keys: Sequence[str],
        *,
        descending: bool,
    ) -> list[dict[str, Any]]:
        direction = models.Direction.DESC if descending else models.Direction.ASC
        async with qdrant_call("query_ordered"):
            response = await self._client.query_points(
                collection(catalog, "products"),
                query=models.OrderByQuery(order_by=models.OrderBy(key=key, direction=direction)),
                query_filter=to_filter(limits),
                limit=size,
                with_payload=list({*RANKING_KEYS, *keys}),
                timeout=call_timeout(),
            )
        return [dict(p.payload or {}) for p in response.points]

    async def _attribute_numbers(self, catalog: Catalog, limits: Sequence[Limit], key: str) -> list[float]:
        terms = await self.facet(catalog, "terms", limits, _TERMS_OF_ONE_FACET)
        prefix = f"{key}="
        return [float(t.removeprefix(prefix)) for t in terms if t.startswith(prefix)]


def _read(payload: Mapping[str, Any]) -> Candidate:
    return Candidate(str(payload["id"]), payload, prepared=card(payload))


def _scores(
    hits: Sequence[tuple[CandidateList, Sequence[Hit]]], kind: Literal["dense", "sparse"]
) -> dict[str, float]:
    """Return the score that the lists of one kind give each point."""
    return {point: score for wanted, found in hits if wanted.kind == kind for point, score, _ in found}
