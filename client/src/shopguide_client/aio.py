"""The async client."""

from collections.abc import AsyncIterator, Awaitable, Iterable
from types import TracebackType
from typing import Self, TypeVar

import grpc
import grpc.aio

from shopguide.gateway.v1 import guide_service_pb2 as pb
from shopguide.gateway.v1 import guide_service_pb2_grpc as pb_grpc
from shopguide.type.v1 import answer_pb2, catalog_pb2, query_pb2
from shopguide.type.v1.user_event_pb2 import UserEvent
from shopguide_client.answer import Answer
from shopguide_client.errors import ApiError
from shopguide_client.requests import (
    CALL_SECONDS,
    CHAT_SECONDS,
    EVENTS_SECONDS,
    SHOPPER_SECONDS,
    Verdict,
    channel_options,
    chat_request,
    feedback_request,
    recommend_request,
    whom,
)

R = TypeVar("R")


async def _answer(call: Awaitable[R]) -> R:
    try:
        return await call
    except grpc.aio.AioRpcError as error:
        raise ApiError(error) from error


class AsyncClient:
    """Talks to a gateway from asyncio. Every method raises ApiError."""

    def __init__(self, address: str, credentials: grpc.ChannelCredentials | None = None) -> None:
        """Take `host:port`; plaintext without credentials. It connects when first used."""
        options = channel_options()
        self._channel = (
            grpc.aio.secure_channel(address, credentials, options=options)
            if credentials
            else grpc.aio.insecure_channel(address, options=options)
        )
        self._stub = pb_grpc.GuideServiceStub(self._channel)

    async def __aenter__(self) -> Self:
        """Return the client."""
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the client."""
        await self.close()

    async def close(self) -> None:
        """Close the channel."""
        await self._channel.close()

    async def chat(
        self, request: pb.ChatRequest, timeout: float = CHAT_SECONDS
    ) -> AsyncIterator[pb.ChatResponse]:
        """Stream one turn."""
        try:
            async for message in self._stub.Chat(request, timeout=timeout):
                yield message
        except grpc.aio.AioRpcError as error:
            raise ApiError(error) from error

    def conversation(self, catalog: str, visitor_id: str, **shopper: str) -> "AsyncConversation":
        """Return a new conversation; `shopper` may give user_id, language_code, region_code, currency_code."""
        return AsyncConversation(self, catalog, query_pb2.Shopper(visitor_id=visitor_id, **shopper))

    async def search(
        self,
        catalog: str,
        query: str,
        shopper: query_pb2.Shopper,
        *,
        conditions: Iterable[query_pb2.Condition] = (),
        page_size: int = 0,
        page_token: str = "",
        view: query_pb2.ProductView = query_pb2.PRODUCT_VIEW_BASIC,
        timeout: float = CALL_SECONDS,
    ) -> pb.SearchResponse:
        """Return one page of products."""
        request = pb.SearchRequest(
            catalog=catalog,
            query=query,
            shopper=shopper,
            filter=query_pb2.Filter(conditions=conditions),
            page_size=page_size,
            page_token=page_token,
            view=view,
        )
        return await _answer(self._stub.Search(request, timeout=timeout))

    async def recommend(
        self,
        catalog: str,
        shopper: query_pb2.Shopper,
        *,
        placement: str = "",
        context: Iterable[str] = (),
        conditions: Iterable[query_pb2.Condition] = (),
        page_size: int = 0,
        timeout: float = CALL_SECONDS,
    ) -> pb.RecommendResponse:
        """Return what a place shows a shopper (see `PLACEMENTS`); `context` are the products in view, the latest last."""
        request = recommend_request(catalog, shopper, placement, context, conditions, page_size)
        return await _answer(self._stub.Recommend(request, timeout=timeout))

    async def describe(
        self, catalog: str, conditions: Iterable[query_pb2.Condition] = (), timeout: float = CALL_SECONDS
    ) -> catalog_pb2.CatalogDescription:
        """Return what can be asked of a catalogue."""
        limits = query_pb2.Filter(conditions=conditions)
        request = pb.DescribeCatalogRequest(catalog=catalog, filter=limits)
        return (await _answer(self._stub.DescribeCatalog(request, timeout=timeout))).description

    async def record_events(
        self, catalog: str, events: Iterable[UserEvent], timeout: float = EVENTS_SECONDS
    ) -> pb.RecordEventsResponse:
        """Record what shoppers did, 1 to 500 events; sending one again has no effect, so retry freely."""
        request = pb.RecordEventsRequest(catalog=catalog, events=events)
        return await _answer(self._stub.RecordEvents(request, timeout=timeout))

    async def record_feedback(
        self,
        catalog: str,
        turn_id: str,
        verdict: Verdict,
        *,
        comment: str = "",
        shopper: query_pb2.Shopper | None = None,
        timeout: float = CALL_SECONDS,
    ) -> None:
        """Record what a shopper thought of an answer; sending the same again has no effect."""
        request = feedback_request(catalog, turn_id, verdict, comment, shopper)
        await _answer(self._stub.RecordFeedback(request, timeout=timeout))

    async def export_shopper(
        self, catalog: str, *, visitor_id: str = "", user_id: str = "", timeout: float = SHOPPER_SECONDS
    ) -> AsyncIterator[pb.ExportShopperResponse]:
        """Stream all that is held about a device or a signed-in shopper: events, then the profile."""
        request = pb.ExportShopperRequest(catalog=catalog, **whom(visitor_id, user_id))
        try:
            async for part in self._stub.ExportShopper(request, timeout=timeout):
                yield part
        except grpc.aio.AioRpcError as error:
            raise ApiError(error) from error

    async def erase_shopper(
        self, catalog: str, *, visitor_id: str = "", user_id: str = "", timeout: float = SHOPPER_SECONDS
    ) -> int:
        """Forget a device or a signed-in shopper; returns how many events were deleted."""
        request = pb.EraseShopperRequest(catalog=catalog, **whom(visitor_id, user_id))
        response = await _answer(self._stub.EraseShopper(request, timeout=timeout))
        return response.deleted_event_count


class AsyncConversation:
    """A conversation: keeps the token from turn to turn."""

    def __init__(self, client: AsyncClient, catalog: str, shopper: query_pb2.Shopper) -> None:
        """Start anew."""
        self._client = client
        self._catalog = catalog
        self._shopper = shopper
        self.token = ""
        self.answer = Answer()

    async def say(
        self, words: str | answer_pb2.SuggestedAnswer, max_products: int = 0
    ) -> AsyncIterator[pb.ChatResponse]:
        """Stream the next turn; `answer` holds what came so far."""
        self.answer = Answer()
        request = chat_request(
            self._catalog, self._shopper, words, token=self.token, max_products=max_products
        )
        async for message in self._client.chat(request):
            self.answer.add(message)
            yield message
        self.token = self.answer.conversation_token or self.token
