"""Qdrant's `Collections` service over the catalog.

Not overridden, hence UNIMPLEMENTED: the methods about clusters and shard keys.
"""

import time

from qdrant_client.grpc import collections_pb2, collections_service_pb2_grpc

from shopguide_devstack.qdrant.catalog import Catalog
from shopguide_devstack.qdrant.engine import Engine
from shopguide_devstack.qdrant.interceptor import Context

_Done = collections_pb2.CollectionOperationResponse


class CollectionsService(collections_service_pb2_grpc.CollectionsServicer):
    """Creates, describes and deletes collections and aliases. Every call is made on the engine's thread."""

    def __init__(self, engine: Engine, catalog: Catalog) -> None:
        self._engine = engine
        self._catalog = catalog

    async def Get(
        self, request: collections_pb2.GetCollectionInfoRequest, _: Context
    ) -> collections_pb2.GetCollectionInfoResponse:
        """Describe a collection."""
        started = time.perf_counter()
        info = await self._engine.read(lambda: self._catalog.get(request.collection_name).describe())
        return collections_pb2.GetCollectionInfoResponse(result=info, time=time.perf_counter() - started)

    async def List(
        self, _request: collections_pb2.ListCollectionsRequest, _: Context
    ) -> collections_pb2.ListCollectionsResponse:
        """List the collections."""
        names = await self._engine.read(lambda: self._catalog.names)
        described = [collections_pb2.CollectionDescription(name=name) for name in names]
        return collections_pb2.ListCollectionsResponse(collections=described)

    async def CollectionExists(
        self, request: collections_pb2.CollectionExistsRequest, _: Context
    ) -> collections_pb2.CollectionExistsResponse:
        """Tell whether a collection or alias exists."""
        exists = await self._engine.read(lambda: self._catalog.has(request.collection_name))
        return collections_pb2.CollectionExistsResponse(
            result=collections_pb2.CollectionExists(exists=exists)
        )

    async def Create(self, request: collections_pb2.CreateCollection, _: Context) -> _Done:
        """Create a collection."""
        started = time.perf_counter()
        await self._engine.write(lambda: self._catalog.create(request))
        return _Done(result=True, time=time.perf_counter() - started)

    async def Update(self, request: collections_pb2.UpdateCollection, _: Context) -> _Done:
        """Change a collection's metadata or have it optimized."""
        started = time.perf_counter()
        await self._engine.write(lambda: self._catalog.reconfigure(request))
        return _Done(result=True, time=time.perf_counter() - started)

    async def Delete(self, request: collections_pb2.DeleteCollection, _: Context) -> _Done:
        """Delete a collection; false if there was none."""
        started = time.perf_counter()
        existed = await self._engine.write(lambda: self._catalog.delete(request.collection_name))
        return _Done(result=existed, time=time.perf_counter() - started)

    async def UpdateAliases(self, request: collections_pb2.ChangeAliases, _: Context) -> _Done:
        """Apply all alias operations of the request, or none."""
        started = time.perf_counter()
        await self._engine.write(lambda: self._catalog.change_aliases(request.actions))
        return _Done(result=True, time=time.perf_counter() - started)

    async def ListAliases(
        self, _request: collections_pb2.ListAliasesRequest, _: Context
    ) -> collections_pb2.ListAliasesResponse:
        """List all aliases."""
        return _alias_list(await self._engine.read(lambda: self._catalog.aliases))

    async def ListCollectionAliases(
        self, request: collections_pb2.ListCollectionAliasesRequest, _: Context
    ) -> collections_pb2.ListAliasesResponse:
        """List the aliases of one collection."""
        aliases = await self._engine.read(lambda: self._catalog.aliases)
        return _alias_list(
            {alias: name for alias, name in aliases.items() if name == request.collection_name}
        )


def _alias_list(aliases: dict[str, str]) -> collections_pb2.ListAliasesResponse:
    described = [
        collections_pb2.AliasDescription(alias_name=alias, collection_name=name)
        for alias, name in sorted(aliases.items())
    ]
    return collections_pb2.ListAliasesResponse(aliases=described)
