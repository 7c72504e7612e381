"""Reviews and FAQ entries in Qdrant."""

from collections.abc import Sequence
from typing import Any

from qdrant_client import AsyncQdrantClient, models

from shopguide_retrieval.adapters.qdrant_calls import call_timeout, qdrant_call
from shopguide_retrieval.adapters.qdrant_filters import to_filter
from shopguide_retrieval.adapters.qdrant_products import candidate_requests, point_struct
from shopguide_retrieval.adapters.qdrant_schema import collection
from shopguide_retrieval.domain.catalog import Catalog
from shopguide_retrieval.domain.limits import Limit
from shopguide_retrieval.ports import CandidateQuery, Point, TextMatch


class QdrantTextStore:
    """`TextStore` over one Qdrant client; `part` is `reviews` or `faq`."""

    def __init__(self, client: AsyncQdrantClient, part: str) -> None:
        """Take a connected client and the part of the catalogue."""
        self._client = client
        self._part = part

    async def upsert(self, catalog: Catalog, points: Sequence[Point]) -> None:
        """Writes points, replacing those with the same id."""
        if points:
            async with qdrant_call("upsert"):
                await self._client.upsert(
                    collection(catalog, self._part), [point_struct(p) for p in points], wait=True
                )

    async def delete(self, catalog: Catalog, ids: Sequence[str]) -> None:
        """Deletes every point whose payload `id` is one of `ids`."""
        selector = models.FilterSelector(
            filter=to_filter([Limit("id", any_of=tuple(ids))]) or models.Filter()
        )
        async with qdrant_call("delete"):
            await self._client.delete(collection(catalog, self._part), selector, wait=True)

    async def search(self, catalog: Catalog, query: CandidateQuery) -> list[TextMatch]:
        """Return the union of the dense and the sparse list."""
        requests, kinds = candidate_requests(query, ("id", *query.keys))
        if not requests:
            return []
        async with qdrant_call("query_batch"):
            responses = await self._client.query_batch_points(
                collection(catalog, self._part), requests, timeout=call_timeout()
            )
        found: dict[str, dict[str, Any]] = {}
        for kind, response in zip(kinds, responses, strict=True):
            for hit in response.points:
                entry = found.setdefault(str(hit.id), {"payload": hit.payload or {}})
                entry[kind] = hit.score
        return [TextMatch(i, e["payload"], e.get("dense"), e.get("sparse")) for i, e in found.items()]

    async def newest(self, catalog: Catalog, limits: Sequence[Limit], size: int) -> list[TextMatch]:
        """Return texts under limits, the latest first."""
        order = models.OrderBy(key="create_time", direction=models.Direction.DESC)
        async with qdrant_call("query_ordered"):
            response = await self._client.query_points(
                collection(catalog, self._part),
                query=models.OrderByQuery(order_by=order),
                query_filter=to_filter(limits),
                limit=size,
                with_payload=True,
                timeout=call_timeout(),
            )
        return [TextMatch(str(p.id), p.payload or {}) for p in response.points]

    async def count(self, catalog: Catalog, limits: Sequence[Limit]) -> int:
        """Return how many texts satisfy all limits."""
        async with qdrant_call("count"):
            result = await self._client.count(
                collection(catalog, self._part), to_filter(limits), exact=True, timeout=call_timeout()
            )
        return int(result.count)
