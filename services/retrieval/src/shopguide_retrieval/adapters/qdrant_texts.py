"""Reviews and FAQ entries in Qdrant."""

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any

from qdrant_client import AsyncQdrantClient, grpc, models

from shopguide_retrieval.adapters import qdrant_messages as messages
from shopguide_retrieval.adapters.qdrant_calls import call_timeout, qdrant_call
from shopguide_retrieval.adapters.qdrant_filters import to_condition
from shopguide_retrieval.adapters.qdrant_lists import (
    candidate_lists,
    run_lists,
    scroll_payloads,
    write_points,
)
from shopguide_retrieval.adapters.qdrant_reader import PointReader
from shopguide_retrieval.adapters.qdrant_schema import collection, point_id
from shopguide_retrieval.domain.catalog import Catalog
from shopguide_retrieval.domain.limits import Limit
from shopguide_retrieval.ports import CandidateQuery, Point, TextMatch


class QdrantTextStore:
    """`TextStore` over one Qdrant client; `part` is `reviews` or `faq`."""

    def __init__(self, client: AsyncQdrantClient, part: str, reader: PointReader | None = None) -> None:
        """Take a connected client, the part of the catalogue and what reads the lists of a search."""
        self._client = client
        self._reader = reader or PointReader(client.grpc_points)
        self._part = part

    async def upsert(self, catalog: Catalog, points: Sequence[Point]) -> None:
        """Write points, replacing those with the same id."""
        await write_points(self._client, collection(catalog, self._part), points)

    async def fetch(
        self, catalog: Catalog, points: Sequence[str], keys: Sequence[str]
    ) -> dict[str, Mapping[str, Any]]:
        """Return the named payload keys of the points that exist, by payload `id`."""
        if not points:
            return {}
        async with qdrant_call("retrieve"):
            records = await self._client.retrieve(
                collection(catalog, self._part),
                [point_id(i) for i in points],
                with_payload=["id", *keys],
                timeout=call_timeout(),
            )
        return {str((r.payload or {})["id"]): r.payload or {} for r in records}

    async def delete(self, catalog: Catalog, ids: Sequence[str]) -> None:
        """Delete every point whose payload `id` is one of `ids`."""
        selector = models.FilterSelector(
            filter=models.Filter(must=[to_condition(Limit("id", any_of=tuple(ids)))])
        )
        async with qdrant_call("delete"):
            await self._client.delete(collection(catalog, self._part), selector, wait=True)

    async def search(self, catalog: Catalog, query: CandidateQuery) -> list[TextMatch]:
        """Return the union of the dense and the sparse list."""
        found: dict[str, dict[str, Any]] = {}
        lists = candidate_lists(query, messages.only(("id", *query.keys)), self._reader.search_params)
        for wanted, points in await run_lists(self._reader, collection(catalog, self._part), lists):
            for point in points:
                if point.id.uuid not in found:
                    found[point.id.uuid] = {"payload": messages.payload(point.payload)}
                found[point.id.uuid][wanted.kind] = point.score
        return [TextMatch(i, e["payload"], e.get("dense"), e.get("sparse")) for i, e in found.items()]

    def stored(self, catalog: Catalog, keys: Sequence[str]) -> AsyncIterator[list[dict[str, Any]]]:
        """Yield all texts, in batches of payloads with these keys."""
        return scroll_payloads(self._client, collection(catalog, self._part), ("id", *keys))

    async def newest(self, catalog: Catalog, limits: Sequence[Limit], size: int) -> list[TextMatch]:
        """Return texts under limits, the latest first."""
        request = grpc.QueryPoints(
            query=messages.order_query("create_time", descending=True),
            filter=messages.filter_message(limits),
            limit=size,
            with_payload=grpc.WithPayloadSelector(enable=True),
        )
        (points,) = await self._reader.lists("query_ordered", collection(catalog, self._part), [request])
        return [TextMatch(p.id.uuid, messages.payload(p.payload)) for p in points]

    async def count(self, catalog: Catalog, limits: Sequence[Limit]) -> int:
        """Return how many texts satisfy all limits."""
        return await self._reader.count(collection(catalog, self._part), limits)
