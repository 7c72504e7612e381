"""Other shoppers in Qdrant: neighbours by a sparse query, buyers by a filter, counts by facets."""

from collections.abc import AsyncIterator, Collection, Mapping

from qdrant_client import AsyncQdrantClient, grpc, models

from shopguide_retrieval.adapters import qdrant_messages as messages
from shopguide_retrieval.adapters.qdrant_calls import call_timeout, qdrant_call
from shopguide_retrieval.adapters.qdrant_reader import PointReader
from shopguide_retrieval.adapters.qdrant_shopper_schema import EVENTS, ITEMS, SHOPPERS, ShopperCollections
from shopguide_retrieval.adapters.qdrant_trails import TRAIL, decode_trail
from shopguide_retrieval.domain.catalog import Catalog
from shopguide_retrieval.domain.events import EventType
from shopguide_retrieval.domain.limits import Limit
from shopguide_retrieval.domain.shoppers import items_vector
from shopguide_retrieval.ports_recommend import Neighbour

MOST_PRODUCTS = 50_000
"""Products whose counts are read; rarer ones count as seen by one shopper."""

_PAGE = 200
_INTEREST = [t.value for t in (EventType.VIEW, EventType.CLICK, EventType.ADD_TO_CART, EventType.PURCHASE)]


class QdrantNeighbourStore:
    """`NeighbourStore` over one Qdrant client."""

    def __init__(
        self, client: AsyncQdrantClient, collections: ShopperCollections, reader: PointReader | None = None
    ) -> None:
        """Take a connected client, the collections, and what reads many points at once."""
        self._client = client
        self._collections = collections
        self._reader = reader or PointReader(client.grpc_points)

    async def neighbours(
        self, catalog: Catalog, items: Mapping[str, float], size: int, own: Collection[str]
    ) -> list[Neighbour]:
        """Return the shoppers whose interests are most alike `items` (weights by product), without the keys `own`."""
        vector = items_vector(items)
        if not vector.indices:
            return []
        request = grpc.QueryPoints(
            query=messages.sparse_query(vector),
            using=ITEMS,
            filter=messages.filter_message([Limit("key", none_of=tuple(own))]) if own else None,
            limit=size,
            with_payload=messages.only(("key", TRAIL)),
        )
        async with self._collections.use(catalog, SHOPPERS) as name:
            (points,) = await self._reader.lists("query_neighbours", name, [request])
        return [
            Neighbour(
                p.payload["key"].string_value, decode_trail(p.payload[TRAIL].string_value or "[]"), p.score
            )
            for p in points
        ]

    async def buyers(self, catalog: Catalog, ids: Collection[str], size: int) -> list[Neighbour]:
        """Return shoppers who bought one of the products, the latest active first."""
        points = await self._latest(catalog, models.Filter(must=[_any("bought_ids", ids)]), size)
        return [_neighbour(p) for p in points]

    async def newest(self, catalog: Catalog, size: int) -> AsyncIterator[list[Neighbour]]:
        """Yield the latest active shoppers in batches, about `size` of them in all."""
        until: float | None = None
        seen: set[str] = set()
        while len(seen) < size:
            page = await self._latest(catalog, _not_after(until), _PAGE)
            new = [_neighbour(p) for p in page if str((p.payload or {})["key"]) not in seen]
            if not new:
                return
            seen.update(one.key for one in new)
            until = float((page[-1].payload or {})["last_time"])
            yield new

    async def shopper_count(self, catalog: Catalog) -> int:
        """Return how many shoppers are known."""
        async with self._collections.use(catalog, SHOPPERS) as name, qdrant_call("count"):
            return int((await self._client.count(name, exact=True, timeout=call_timeout())).count)

    async def item_counts(self, catalog: Catalog, *, bought: bool) -> dict[str, int]:
        """Return how many shoppers had to do with each product, or bought it; the most frequent ones at least."""
        return await self._facet(catalog, SHOPPERS, "bought_ids" if bought else "item_ids", None)

    async def activity(self, catalog: Catalog, since: float, until: float) -> dict[str, int]:
        """Return how many events each product had in [since, until), in Unix seconds; the most frequent at least."""
        when = models.FieldCondition(key="time", range=models.Range(gte=since, lt=until))
        return await self._facet(
            catalog, EVENTS, "product_ids", models.Filter(must=[when, _any("type", _INTEREST)])
        )

    async def first_time(self, catalog: Catalog) -> float | None:
        """Return the time of the first event in Unix seconds; None when there is no event."""
        order = models.OrderByQuery(order_by=models.OrderBy(key="time", direction=models.Direction.ASC))
        async with self._collections.use(catalog, EVENTS) as name, qdrant_call("query_ordered"):
            response = await self._client.query_points(
                name, query=order, limit=1, with_payload=["time"], timeout=call_timeout()
            )
        return float((response.points[0].payload or {})["time"]) if response.points else None

    async def _latest(
        self, catalog: Catalog, condition: models.Filter | None, size: int
    ) -> list[models.ScoredPoint]:
        order = models.OrderByQuery(order_by=models.OrderBy(key="last_time", direction=models.Direction.DESC))
        async with self._collections.use(catalog, SHOPPERS) as name, qdrant_call("query_ordered"):
            response = await self._client.query_points(
                name,
                query=order,
                query_filter=condition,
                limit=size,
                with_payload=["key", "last_time", TRAIL],
                timeout=call_timeout(),
            )
        return list(response.points)

    async def _facet(
        self, catalog: Catalog, part: str, key: str, condition: models.Filter | None
    ) -> dict[str, int]:
        async with self._collections.use(catalog, part) as name, qdrant_call("facet"):
            response = await self._client.facet(
                name, key, facet_filter=condition, limit=MOST_PRODUCTS, exact=True
            )
        return {str(hit.value): int(hit.count) for hit in response.hits}


def _neighbour(point: models.ScoredPoint) -> Neighbour:
    payload = point.payload or {}
    return Neighbour(str(payload["key"]), decode_trail(str(payload.get(TRAIL) or "[]")), point.score)


def _any(key: str, values: Collection[str]) -> models.FieldCondition:
    return models.FieldCondition(key=key, match=models.MatchAny(any=sorted(values)))


def _not_after(time: float | None) -> models.Filter | None:
    if time is None:
        return None
    return models.Filter(must=[models.FieldCondition(key="last_time", range=models.Range(lte=time))])
