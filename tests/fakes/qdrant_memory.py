"""Qdrant's local mode with the part of its gRPC surface that retrieval speaks."""

import inspect
import json
import re
import zlib
from typing import Any

from grpc import StatusCode
from grpc.aio import AioRpcError, Metadata
from qdrant_client import AsyncQdrantClient, grpc
from qdrant_client.conversions.conversion import GrpcToRest, RestToGrpc


class MemoryQdrant(AsyncQdrantClient):
    """`AsyncQdrantClient(":memory:")` whose `grpc_points` answers messages."""

    def __init__(self) -> None:
        super().__init__(":memory:")
        self._points = MemoryPoints(self)

    @property
    def grpc_points(self) -> "MemoryPoints":  # type: ignore[override]
        """The stand-in for the stub of the `Points` service."""
        return self._points


def speaking_messages(client: AsyncQdrantClient) -> AsyncQdrantClient:
    """Return a client over the same data that answers messages as well: itself, unless it is in local mode."""
    if isinstance(client, MemoryQdrant) or not hasattr(client._client, "collections"):
        return client
    speaking = MemoryQdrant()
    speaking._client = LikeANode(client._client)
    return speaking


class LikeANode:
    """Local mode that answers as a node does when a collection is missing, and takes points as messages."""

    def __init__(self, local: Any) -> None:
        self._local = local

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._local, name)
        if not inspect.iscoroutinefunction(method):
            return method

        async def call(*arguments: Any, **named: Any) -> Any:
            if name == "upsert":
                named["points"] = [_point(p) for p in named["points"]]
            try:
                return await method(*arguments, **named)
            except ValueError as error:
                if re.fullmatch(r"Collection \S+ not found", str(error)):
                    raise _not_found() from error
                raise

        return call


def _point(point: Any) -> Any:
    return GrpcToRest.convert_point_struct(point) if isinstance(point, grpc.PointStruct) else point


def _not_found() -> AioRpcError:
    return AioRpcError(StatusCode.NOT_FOUND, Metadata(), Metadata(), details="Not found: Collection")


class MemoryPoints:
    """Answers messages by asking local mode in models."""

    def __init__(self, client: AsyncQdrantClient) -> None:
        self._client = client

    async def QueryBatch(self, request: grpc.QueryBatchPoints, **_: Any) -> grpc.QueryBatchResponse:
        results = [await self._query(request.collection_name, query) for query in request.query_points]
        return grpc.QueryBatchResponse(result=results, time=0.0)

    async def _query(self, name: str, request: grpc.QueryPoints) -> grpc.BatchResult:
        copied = grpc.QueryPoints()
        copied.CopyFrom(request)
        copied.with_payload.enable = True
        query = GrpcToRest.convert_query_points(copied)
        (response,) = await self._client.query_batch_points(name, [query])
        wanted = GrpcToRest.convert_with_payload_selector(request.with_payload)
        found = []
        for point in response.points:
            message = RestToGrpc.convert_scored_point(point)
            message.version = version(point.payload or {})
            _select(message.payload, wanted)
            found.append(message)
        return grpc.BatchResult(result=found)

    async def Get(self, request: grpc.GetPoints, **_: Any) -> grpc.GetResponse:
        ids = [GrpcToRest.convert_point_id(i) for i in request.ids]
        wanted = GrpcToRest.convert_with_payload_selector(request.with_payload)
        records = await self._client.retrieve(request.collection_name, ids, with_payload=wanted)
        return grpc.GetResponse(result=[RestToGrpc.convert_retrieved_point(r) for r in records], time=0.0)

    async def Count(self, request: grpc.CountPoints, **_: Any) -> grpc.CountResponse:
        condition = GrpcToRest.convert_filter(request.filter) if request.HasField("filter") else None
        counted = await self._client.count(request.collection_name, condition)
        return grpc.CountResponse(result=grpc.CountResult(count=counted.count), time=0.0)


def version(payload: dict[str, Any]) -> int:
    """Return a number that changes with the payload, as versions do; local mode has none."""
    return zlib.crc32(json.dumps(payload, sort_keys=True, default=str).encode())


def _select(payload: Any, wanted: Any) -> None:
    if wanted is False:
        payload.clear()
    elif isinstance(wanted, list):
        for key in set(payload) - set(wanted):
            del payload[key]
