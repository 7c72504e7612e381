"""A Qdrant endpoint that answers nothing of interest and remembers every request: what goes over the wire."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import grpc as rpc
from qdrant_client import AsyncQdrantClient, grpc


class Recorder(grpc.CollectionsServicer, grpc.PointsServicer):
    """Collections and points of a Qdrant without either."""

    def __init__(self) -> None:
        self.created: list[grpc.CreateCollection] = []
        self.indexes: list[grpc.CreateFieldIndexCollection] = []
        self.reads: list[tuple[Any, dict[str, str]]] = []

    async def CollectionExists(self, request: Any, context: Any) -> grpc.CollectionExistsResponse:
        return grpc.CollectionExistsResponse(result=grpc.CollectionExists(exists=False))

    async def Create(self, request: grpc.CreateCollection, context: Any) -> grpc.CollectionOperationResponse:
        self.created.append(request)
        return grpc.CollectionOperationResponse(result=True)

    async def CreateFieldIndex(self, request: Any, context: Any) -> grpc.PointsOperationResponse:
        self.indexes.append(request)
        done = grpc.UpdateResult(operation_id=1, status=grpc.UpdateStatus.Completed)
        return grpc.PointsOperationResponse(result=done)

    async def QueryBatch(self, request: grpc.QueryBatchPoints, context: Any) -> grpc.QueryBatchResponse:
        self._note(request, context)
        return grpc.QueryBatchResponse(result=[grpc.BatchResult() for _ in request.query_points])

    async def Count(self, request: grpc.CountPoints, context: Any) -> grpc.CountResponse:
        self._note(request, context)
        return grpc.CountResponse(result=grpc.CountResult(count=0))

    async def Get(self, request: grpc.GetPoints, context: Any) -> grpc.GetResponse:
        self._note(request, context)
        return grpc.GetResponse()

    def _note(self, request: Any, context: Any) -> None:
        self.reads.append((request, dict(context.invocation_metadata())))


@asynccontextmanager
async def recording() -> AsyncIterator[tuple[Recorder, AsyncQdrantClient]]:
    """Serve a recorder; yields it and a client of it."""
    recorder, server = Recorder(), rpc.aio.server()
    grpc.add_CollectionsServicer_to_server(recorder, server)
    grpc.add_PointsServicer_to_server(recorder, server)
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    client = AsyncQdrantClient(
        host="127.0.0.1", grpc_port=port, prefer_grpc=True, timeout=20, check_compatibility=False
    )
    yield recorder, client
    await client.close()
    await server.stop(None)
