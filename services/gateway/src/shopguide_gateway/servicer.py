"""GuideService: converts and delegates."""

from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Any, cast

import grpc.aio

from shopguide.gateway.v1 import guide_service_pb2 as pb
from shopguide.gateway.v1 import guide_service_pb2_grpc as pb_grpc
from shopguide.type.v1 import catalog_pb2
from shopguide_gateway.convert.checks import check_chat, check_describe, check_search
from shopguide_gateway.convert.guide import read_ask, read_query, write_event, write_search
from shopguide_gateway.convert.limits import read_conditions
from shopguide_gateway.convert.recommending import read_wanted, write_listed
from shopguide_gateway.domain.recommending import PlacementLister, PopularShelf
from shopguide_gateway.domain.searching import Searcher
from shopguide_gateway.domain.turn import TurnTaker
from shopguide_gateway.ports import Retriever
from shopguide_gateway.ports_shoppers import ShopperRecords
from shopguide_gateway.shopper_servicer import ShopperMethods
from shopguide_runtime.errors import Unimplemented

Context = grpc.aio.ServicerContext[Any, Any]


def _planned(method: str) -> Unimplemented:
    return Unimplemented(
        f"GuideService.{method}",
        f"GuideService.{method} is not implemented yet; docs/api.md lists what is planned.",
    )


class GuideServicer(ShopperMethods, pb_grpc.GuideServiceServicer):
    """The one API that platform teams call."""

    def __init__(
        self,
        turns: TurnTaker,
        searcher: Searcher,
        retriever: Retriever,
        records: ShopperRecords,
        default_products: int,
    ) -> None:
        """Take the use cases."""
        self._records = records
        self._turns = turns
        self._searcher = searcher
        self._retriever = retriever
        self._lister = PlacementLister(retriever, PopularShelf(retriever))
        self._default_products = default_products

    async def Chat(self, request: pb.ChatRequest, context: Context) -> AsyncIterator[pb.ChatResponse]:
        """Stream one turn."""
        ask = read_ask(request, check_chat(request, self._default_products))
        async with aclosing(self._turns.take(ask)) as events:
            async for event in events:
                yield write_event(event)

    async def Search(self, request: pb.SearchRequest, context: Context) -> pb.SearchResponse:
        """Return one page of products."""
        query = read_query(request, check_search(request))
        return write_search(await self._searcher.search(query))

    async def DescribeCatalog(
        self, request: pb.DescribeCatalogRequest, context: Context
    ) -> pb.DescribeCatalogResponse:
        """Return what can be asked of a catalogue."""
        check_describe(request)
        conditions = read_conditions(request.filter)
        described = await self._retriever.describe_part(request.catalog, conditions)
        description = cast(catalog_pb2.CatalogDescription, described.vocabulary)
        return pb.DescribeCatalogResponse(description=description)

    async def Recommend(self, request: pb.RecommendRequest, context: Context) -> pb.RecommendResponse:
        """Return what a place on the site asks for."""
        return write_listed(await self._lister.list(read_wanted(request)))

    async def Ask(self, request: pb.AskRequest, context: Context) -> pb.AskResponse:
        """Answer UNIMPLEMENTED."""
        raise _planned("Ask")
