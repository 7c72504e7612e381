"""Qdrant's `Points` service over the engine.

Not overridden, hence UNIMPLEMENTED: the methods that `Query` replaced (Search, Recommend, Discover and their batch and
group forms), distance matrices, and adding or dropping named vectors of a collection.
"""

import time
from collections.abc import Callable
from typing import Any, TypeVar

import qdrant_edge as edge
from google.protobuf.message import Message
from qdrant_client.grpc import points_pb2, points_service_pb2_grpc

from shopguide_devstack.qdrant import results, writes
from shopguide_devstack.qdrant.catalog import Catalog
from shopguide_devstack.qdrant.collection import Collection
from shopguide_devstack.qdrant.engine import Engine
from shopguide_devstack.qdrant.errors import InvalidRequest, Unsupported
from shopguide_devstack.qdrant.filters import request_filter
from shopguide_devstack.qdrant.interceptor import Context
from shopguide_devstack.qdrant.queries import DEFAULT_LIMIT, order_by
from shopguide_devstack.qdrant.search import payload_selector, search, search_groups, vector_selector
from shopguide_devstack.qdrant.values import point_id, point_id_message

T = TypeVar("T")
Request = Any  # the messages share fields, not a type


class PointsService(points_service_pb2_grpc.PointsServicer):
    """Reads and writes points. Every call is made on the engine's thread."""

    def __init__(self, engine: Engine, catalog: Catalog) -> None:
        self._engine = engine
        self._catalog = catalog

    async def Upsert(
        self, request: points_pb2.UpsertPoints, _: Context
    ) -> points_pb2.PointsOperationResponse:
        """Write whole points."""
        return await self._write(request, lambda c: c.update(writes.upsert(request, c.vectors)))

    async def Delete(
        self, request: points_pb2.DeletePoints, _: Context
    ) -> points_pb2.PointsOperationResponse:
        """Delete points by id or filter."""
        return await self._write(request, lambda c: c.update(writes.delete_points(request.points)))

    async def UpdateVectors(
        self, request: points_pb2.UpdatePointVectors, _: Context
    ) -> points_pb2.PointsOperationResponse:
        """Replace named vectors of points."""
        return await self._write(request, lambda c: c.update(writes.update_vectors(request, c.vectors)))

    async def DeleteVectors(
        self, request: points_pb2.DeletePointVectors, _: Context
    ) -> points_pb2.PointsOperationResponse:
        """Remove named vectors from points."""
        return await self._write(request, lambda c: c.update(writes.delete_vectors(request, c.vectors)))

    async def SetPayload(
        self, request: points_pb2.SetPayloadPoints, _: Context
    ) -> points_pb2.PointsOperationResponse:
        """Merge values into payloads."""
        return await self._write(request, lambda c: c.update(writes.set_payload(request)))

    async def OverwritePayload(
        self, request: points_pb2.SetPayloadPoints, _: Context
    ) -> points_pb2.PointsOperationResponse:
        """Replace payloads."""
        return await self._write(request, lambda c: c.update(writes.overwrite_payload(request)))

    async def DeletePayload(
        self, request: points_pb2.DeletePayloadPoints, _: Context
    ) -> points_pb2.PointsOperationResponse:
        """Remove keys from payloads."""
        return await self._write(request, lambda c: c.update(writes.delete_payload(request)))

    async def ClearPayload(
        self, request: points_pb2.ClearPayloadPoints, _: Context
    ) -> points_pb2.PointsOperationResponse:
        """Empty payloads."""
        return await self._write(request, lambda c: c.update(writes.clear_payload(request.points)))

    async def UpdateBatch(
        self, request: points_pb2.UpdateBatchPoints, _: Context
    ) -> points_pb2.UpdateBatchResponse:
        """Apply several updates in order; the first that fails ends the batch."""
        started = time.perf_counter()

        def apply() -> list[int]:
            collection = self._catalog.get(request.collection_name)
            return [
                collection.update(writes.batch_operation(o, collection.vectors)) for o in request.operations
            ]

        for operation in request.operations:
            _refuse_shards(getattr(operation, operation.WhichOneof("operation") or "upsert"))
        numbers = await self._engine.write(apply)
        return points_pb2.UpdateBatchResponse(result=[_completed(n) for n in numbers], time=_since(started))

    async def CreateFieldIndex(
        self, request: points_pb2.CreateFieldIndexCollection, _: Context
    ) -> points_pb2.PointsOperationResponse:
        """Create a payload index."""
        started = time.perf_counter()
        number = await self._engine.write(lambda: self._catalog.create_index(request))
        return points_pb2.PointsOperationResponse(result=_completed(number), time=_since(started))

    async def DeleteFieldIndex(
        self, request: points_pb2.DeleteFieldIndexCollection, _: Context
    ) -> points_pb2.PointsOperationResponse:
        """Delete a payload index."""
        started = time.perf_counter()
        number = await self._engine.write(lambda: self._catalog.delete_index(request))
        return points_pb2.PointsOperationResponse(result=_completed(number), time=_since(started))

    async def Get(self, request: points_pb2.GetPoints, _: Context) -> points_pb2.GetResponse:
        """Return points by id; unknown ids are left out."""
        started = time.perf_counter()

        def get(collection: Collection) -> list[points_pb2.RetrievedPoint]:
            payload = payload_selector(request.with_payload, default=True)
            ids = writes.point_ids(request.ids)
            found = collection.shard.retrieve(ids, payload, vector_selector(request.with_vectors))
            return [results.retrieved_point(record) for record in found]

        return points_pb2.GetResponse(result=await self._read(request, get), time=_since(started))

    async def Query(self, request: points_pb2.QueryPoints, _: Context) -> points_pb2.QueryResponse:
        """Answer one query."""
        started = time.perf_counter()
        found = await self._read(request, lambda c: self._search(c, request))
        return points_pb2.QueryResponse(result=found, time=_since(started))

    async def QueryBatch(
        self, request: points_pb2.QueryBatchPoints, _: Context
    ) -> points_pb2.QueryBatchResponse:
        """Answer several queries on one state of the collection."""
        started = time.perf_counter()

        def batch(collection: Collection) -> list[points_pb2.BatchResult]:
            answers = [self._search(collection, query) for query in request.query_points]
            return [points_pb2.BatchResult(result=answer) for answer in answers]

        for query in request.query_points:
            _refuse_shards(query)
            if query.collection_name not in {"", request.collection_name}:
                raise InvalidRequest(
                    "Bad request: all queries of a batch must name the collection of the batch"
                )
        return points_pb2.QueryBatchResponse(result=await self._read(request, batch), time=_since(started))

    async def QueryGroups(
        self, request: points_pb2.QueryPointGroups, _: Context
    ) -> points_pb2.QueryGroupsResponse:
        """Answer one query in groups."""
        started = time.perf_counter()
        if request.HasField("with_lookup"):
            raise Unsupported("`with_lookup` of groups")

        def group(collection: Collection) -> list[points_pb2.PointGroup]:
            groups = search_groups(collection.shard, request, self._catalog.shard)
            return [results.point_group(found) for found in groups]

        result = points_pb2.GroupsResult(groups=await self._read(request, group))
        return points_pb2.QueryGroupsResponse(result=result, time=_since(started))

    async def Scroll(self, request: points_pb2.ScrollPoints, _: Context) -> points_pb2.ScrollResponse:
        """Return a page of points in the order of their ids or of a payload field."""
        started = time.perf_counter()
        found, following = await self._read(request, lambda c: _scroll(c.shard, request))
        return points_pb2.ScrollResponse(result=found, next_page_offset=following, time=_since(started))

    async def Count(self, request: points_pb2.CountPoints, _: Context) -> points_pb2.CountResponse:
        """Count points; always exactly."""
        started = time.perf_counter()

        def count(collection: Collection) -> int:
            return collection.shard.count(edge.CountRequest(exact=True, filter=request_filter(request)))

        result = points_pb2.CountResult(count=await self._read(request, count))
        return points_pb2.CountResponse(result=result, time=_since(started))

    async def Facet(self, request: points_pb2.FacetCounts, _: Context) -> points_pb2.FacetResponse:
        """Count the values of an indexed field; always exactly."""
        started = time.perf_counter()

        def facet(collection: Collection) -> list[points_pb2.FacetHit]:
            limit = request.limit if request.HasField("limit") else DEFAULT_LIMIT
            asked = edge.FacetRequest(request.key, limit=limit, exact=True, filter=request_filter(request))
            return [results.facet_hit(hit) for hit in collection.shard.facet(asked)]

        return points_pb2.FacetResponse(hits=await self._read(request, facet), time=_since(started))

    def _search(
        self, collection: Collection, request: points_pb2.QueryPoints
    ) -> list[points_pb2.ScoredPoint]:
        return [results.scored_point(hit) for hit in search(collection.shard, request, self._catalog.shard)]

    async def _read(self, request: Request, call: Callable[[Collection], T]) -> T:
        _refuse_shards(request)
        timeout = float(request.timeout) if request.HasField("timeout") else None
        return await self._engine.read(lambda: call(self._catalog.get(request.collection_name)), timeout)

    async def _write(
        self, request: Request, call: Callable[[Collection], int]
    ) -> points_pb2.PointsOperationResponse:
        started = time.perf_counter()
        _refuse_shards(request)
        number = await self._engine.write(lambda: call(self._catalog.get(request.collection_name)))
        return points_pb2.PointsOperationResponse(result=_completed(number), time=_since(started))


def _scroll(
    shard: edge.EdgeShard, request: points_pb2.ScrollPoints
) -> tuple[list[points_pb2.RetrievedPoint], Any]:
    limit = request.limit if request.HasField("limit") else DEFAULT_LIMIT
    if limit < 1:
        raise InvalidRequest("Validation error in body: [limit: value 0 invalid, must be 1 or larger]")
    records, following = shard.scroll(
        edge.ScrollRequest(
            offset=point_id(request.offset) if request.HasField("offset") else None,
            limit=limit,
            filter=request_filter(request),
            with_payload=payload_selector(request.with_payload, default=True),
            with_vector=vector_selector(request.with_vectors),
            order_by=order_by(request.order_by) if request.HasField("order_by") else None,
        )
    )
    found = [results.retrieved_point(record) for record in records]
    return found, None if following is None else point_id_message(following)


def _refuse_shards(message: Message) -> None:
    """Refuse requests for single shards; `read_consistency` and `ordering` need no check, one node keeps them all."""
    if "shard_key_selector" in message.DESCRIPTOR.fields_by_name and message.HasField("shard_key_selector"):
        raise Unsupported("`shard_key_selector`")


def _completed(number: int) -> points_pb2.UpdateResult:
    return points_pb2.UpdateResult(operation_id=number, status=points_pb2.UpdateStatus.Completed)


def _since(started: float) -> float:
    return time.perf_counter() - started
