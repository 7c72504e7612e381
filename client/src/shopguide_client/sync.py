"""The blocking client, and the administration of catalogues."""

from collections.abc import Callable, Iterable, Iterator
from types import TracebackType
from typing import Self, TypeVar

import grpc

from shopguide.gateway.v1 import guide_service_pb2 as pb
from shopguide.gateway.v1 import guide_service_pb2_grpc as pb_grpc
from shopguide.retrieval.v1 import index_service_pb2 as index
from shopguide.retrieval.v1 import index_service_pb2_grpc as index_grpc
from shopguide.retrieval.v1 import retrieval_service_pb2 as retrieval
from shopguide.type.v1 import answer_pb2, catalog_pb2, product_pb2, query_pb2
from shopguide.type.v1.user_event_pb2 import UserEvent
from shopguide_client.answer import Answer
from shopguide_client.errors import ApiError
from shopguide_client.requests import (
    CALL_SECONDS,
    CHAT_SECONDS,
    EVENTS_SECONDS,
    IMPORT_SECONDS,
    OFFERS_SECONDS,
    SHOPPER_SECONDS,
    Verdict,
    channel_options,
    chat_request,
    feedback_request,
    recommend_request,
    whom,
)

M = TypeVar("M")
R = TypeVar("R")


def _call(method: Callable[..., R], request: object, timeout: float) -> R:
    try:
        return method(request, timeout=timeout)
    except grpc.RpcError as error:
        raise ApiError(error) from error


class _Outgoing(Iterator[M]):
    """Requests on their way: gRPC swallows what their making raises, so it is kept to be raised by the caller."""

    def __init__(self, requests: Iterable[M]) -> None:
        self._requests = iter(requests)
        self.error: Exception | None = None

    def __next__(self) -> M:
        try:
            return next(self._requests)
        except StopIteration:
            raise
        except Exception as error:
            self.error = error
            raise


def _stream(method: Callable[..., R], requests: Iterable[object], timeout: float) -> R:
    outgoing = _Outgoing(requests)
    try:
        return _call(method, outgoing, timeout)
    except ApiError:
        if outgoing.error is not None:
            raise outgoing.error from None
        raise


class _Channel:
    def __init__(self, address: str, credentials: grpc.ChannelCredentials | None = None) -> None:
        options = channel_options()
        self._channel = (
            grpc.secure_channel(address, credentials, options=options)
            if credentials
            else grpc.insecure_channel(address, options=options)
        )

    def __enter__(self) -> Self:
        """Return the client."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the client."""
        self.close()

    def close(self) -> None:
        """Close the channel."""
        self._channel.close()


class Client(_Channel):
    """Talks to a gateway. Every method raises ApiError."""

    def __init__(self, address: str, credentials: grpc.ChannelCredentials | None = None) -> None:
        """Take `host:port`; plaintext without credentials. It connects when first used."""
        super().__init__(address, credentials)
        self._stub = pb_grpc.GuideServiceStub(self._channel)

    def chat(self, request: pb.ChatRequest, timeout: float = CHAT_SECONDS) -> Iterator[pb.ChatResponse]:
        """Stream one turn."""
        try:
            yield from self._stub.Chat(request, timeout=timeout)
        except grpc.RpcError as error:
            raise ApiError(error) from error

    def conversation(self, catalog: str, visitor_id: str, **shopper: str) -> "Conversation":
        """Return a new conversation; `shopper` may give user_id, language_code, region_code, currency_code."""
        return Conversation(self, catalog, query_pb2.Shopper(visitor_id=visitor_id, **shopper))

    def search(
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
        return _call(self._stub.Search, request, timeout)

    def recommend(
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
        return _call(self._stub.Recommend, request, timeout)

    def describe(
        self, catalog: str, conditions: Iterable[query_pb2.Condition] = (), timeout: float = CALL_SECONDS
    ) -> catalog_pb2.CatalogDescription:
        """Return what can be asked of a catalogue."""
        limits = query_pb2.Filter(conditions=conditions)
        request = pb.DescribeCatalogRequest(catalog=catalog, filter=limits)
        response = _call(self._stub.DescribeCatalog, request, timeout)
        return response.description

    def record_events(
        self, catalog: str, events: Iterable[UserEvent], timeout: float = EVENTS_SECONDS
    ) -> pb.RecordEventsResponse:
        """Record what shoppers did, 1 to 500 events; sending one again has no effect, so retry freely."""
        request = pb.RecordEventsRequest(catalog=catalog, events=events)
        return _call(self._stub.RecordEvents, request, timeout)

    def record_feedback(
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
        _call(self._stub.RecordFeedback, request, timeout)

    def export_shopper(
        self, catalog: str, *, visitor_id: str = "", user_id: str = "", timeout: float = SHOPPER_SECONDS
    ) -> Iterator[pb.ExportShopperResponse]:
        """Stream all that is held about a device or a signed-in shopper: events, then the profile."""
        request = pb.ExportShopperRequest(catalog=catalog, **whom(visitor_id, user_id))
        try:
            yield from self._stub.ExportShopper(request, timeout=timeout)
        except grpc.RpcError as error:
            raise ApiError(error) from error

    def erase_shopper(
        self, catalog: str, *, visitor_id: str = "", user_id: str = "", timeout: float = SHOPPER_SECONDS
    ) -> int:
        """Forget a device or a signed-in shopper; returns how many events were deleted."""
        request = pb.EraseShopperRequest(catalog=catalog, **whom(visitor_id, user_id))
        response = _call(self._stub.EraseShopper, request, timeout)
        return response.deleted_event_count


class Conversation:
    """A conversation: keeps the token from turn to turn."""

    def __init__(self, client: Client, catalog: str, shopper: query_pb2.Shopper) -> None:
        """Start anew."""
        self._client = client
        self._catalog = catalog
        self._shopper = shopper
        self.token = ""
        self.answer = Answer()

    def say(
        self, words: str | answer_pb2.SuggestedAnswer, max_products: int = 0
    ) -> Iterator[pb.ChatResponse]:
        """Stream the next turn; `answer` holds what came so far."""
        self.answer = Answer()
        request = chat_request(
            self._catalog, self._shopper, words, token=self.token, max_products=max_products
        )
        for message in self._client.chat(request):
            self.answer.add(message)
            yield message
        self.token = self.answer.conversation_token or self.token


class IndexClient(_Channel):
    """Feeds catalogues through the retrieval service. Every method raises ApiError.

    Whatever the making of a batch raises ends the import and is raised as it is.
    """

    def __init__(self, address: str, credentials: grpc.ChannelCredentials | None = None) -> None:
        """Take `host:port` of the retrieval service."""
        super().__init__(address, credentials)
        self._stub = index_grpc.IndexServiceStub(self._channel)

    def upsert_products(
        self, catalog: str, batches: Iterable[list[product_pb2.Product]], timeout: float = IMPORT_SECONDS
    ) -> index.UpsertProductsResponse:
        """Add or replace products, batch by batch, as fast as the server takes them."""
        requests = (index.UpsertProductsRequest(catalog=catalog, products=batch) for batch in batches)
        return _stream(self._stub.UpsertProducts, requests, timeout)

    def update_offers(
        self, catalog: str, offers: Iterable[index.Offer], timeout: float = OFFERS_SECONDS
    ) -> index.UpdateOffersResponse:
        """Change prices and stock of 1 to 1,000 products; those of one product are applied in the order given."""
        request = index.UpdateOffersRequest(catalog=catalog, offers=offers)
        return _call(self._stub.UpdateOffers, request, timeout)

    def write_events(
        self, catalog: str, events: Iterable[UserEvent], timeout: float = EVENTS_SECONDS
    ) -> index.WriteEventsResponse:
        """Write 1 to 500 events of shoppers; sending one again has no effect."""
        request = index.WriteEventsRequest(catalog=catalog, events=events)
        return _call(self._stub.WriteEvents, request, timeout)

    def import_reviews(
        self, catalog: str, batches: Iterable[list[retrieval.Review]], timeout: float = IMPORT_SECONDS
    ) -> index.ImportReviewsResponse:
        """Add or replace reviews."""
        requests = (index.ImportReviewsRequest(catalog=catalog, reviews=batch) for batch in batches)
        return _stream(self._stub.ImportReviews, requests, timeout)

    def import_faq(
        self, catalog: str, batches: Iterable[list[retrieval.FaqEntry]], timeout: float = IMPORT_SECONDS
    ) -> index.ImportFaqResponse:
        """Add or replace entries of the shop's FAQ."""
        requests = (index.ImportFaqRequest(catalog=catalog, entries=batch) for batch in batches)
        return _stream(self._stub.ImportFaq, requests, timeout)

    def update_specs(
        self,
        catalog: str,
        attributes: Iterable[catalog_pb2.AttributeSpec] = (),
        categories: Iterable[catalog_pb2.CategorySpec] = (),
        timeout: float = 30.0,
    ) -> str:
        """Say what attributes and categories are called; returns the new revision."""
        request = index.UpdateCatalogSpecsRequest(
            catalog=catalog, attributes=attributes, categories=categories
        )
        response = _call(self._stub.UpdateCatalogSpecs, request, timeout)
        return response.revision

    def list_catalogs(self, timeout: float = CALL_SECONDS) -> list[index.ListCatalogsResponse.Catalog]:
        """Return all catalogues by name."""
        found: list[index.ListCatalogsResponse.Catalog] = []
        token = ""
        while True:
            request = index.ListCatalogsRequest(page_token=token)
            response = _call(self._stub.ListCatalogs, request, timeout)
            found.extend(response.catalogs)
            token = response.next_page_token
            if not token:
                return found

    def delete_catalog(self, catalog: str, timeout: float = 30.0) -> int:
        """Delete a catalogue with everything in it; returns how many products it had."""
        request = index.DeleteCatalogRequest(catalog=catalog)
        response = _call(self._stub.DeleteCatalog, request, timeout)
        return response.deleted_product_count
