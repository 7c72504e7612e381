"""The retrieval service over gRPC."""

from collections.abc import Awaitable, Sequence
from dataclasses import replace
from typing import TypeVar

import grpc
import grpc.aio

from shopguide.retrieval.v1 import retrieval_service_pb2 as pb
from shopguide.retrieval.v1 import retrieval_service_pb2_grpc as pb_grpc
from shopguide.type.v1 import query_pb2
from shopguide_gateway.convert.answers import read_degradations, read_timings
from shopguide_gateway.convert.guide import write_shopper
from shopguide_gateway.convert.limits import (
    read_money,
    read_outcome,
    write_budget,
    write_constraints,
    write_filter,
    write_ordering,
    write_scope,
    write_vector,
)
from shopguide_gateway.convert.products import read_catalogue, read_product, read_scored
from shopguide_gateway.domain.model import (
    BasketResult,
    BundleResult,
    Catalogue,
    Condition,
    Constraint,
    Deal,
    DealResult,
    FaqMatch,
    Money,
    Ordering,
    Product,
    QueryVector,
    RecommendResult,
    Review,
    ReviewResult,
    RoleResult,
    Scope,
    SearchResult,
    Shopper,
    View,
)
from shopguide_runtime.errors import from_rpc_error

_FULL = query_pb2.PRODUCT_VIEW_FULL
_MOST_SEEN = 50
_List = pb.RecommendResponse | pb.FindSimilarResponse | pb.FindBundleResponse | pb.FindDealsResponse
R = TypeVar("R")


async def _answer(call: Awaitable[R]) -> R:
    try:
        return await call
    except grpc.aio.AioRpcError as error:
        raise from_rpc_error(error, "retrieval") from error


class GrpcRetriever:
    """Retrieves through the retrieval service."""

    def __init__(self, channel: grpc.aio.Channel) -> None:
        """Use a channel that the caller closes."""
        self._stub = pb_grpc.RetrievalServiceStub(channel)

    async def describe(self, catalog: str, held: Catalogue | None) -> Catalogue:
        """Return what can be asked of the catalogue, `held` itself while it is still current."""
        revision = held.revision if held else ""
        request = pb.DescribeCatalogRequest(catalog=catalog, if_revision_not=revision)
        response = await _answer(self._stub.DescribeCatalog(request))
        if response.unchanged and held is not None:
            return held
        return read_catalogue(response.description)

    async def describe_part(self, catalog: str, conditions: Sequence[Condition]) -> Catalogue:
        """Return what can be asked of the products that pass the conditions."""
        request = pb.DescribeCatalogRequest(catalog=catalog, filter=write_filter(conditions))
        return read_catalogue((await _answer(self._stub.DescribeCatalog(request))).description)

    async def search(
        self,
        catalog: str,
        query: str,
        *,
        shopper: Shopper,
        constraints: Sequence[Constraint] = (),
        conditions: Sequence[Condition] = (),
        vector: QueryVector | None = None,
        ordering: Ordering | None = None,
        page_size: int = 20,
        page_token: str = "",
        view: View = "FULL",
    ) -> SearchResult:
        """Return one page of products."""
        request = pb.SearchRequest(
            catalog=catalog,
            query=query,
            filter=write_filter(conditions),
            constraints=write_constraints(constraints),
            shopper=write_shopper(shopper),
            view=f"PRODUCT_VIEW_{view}",
            page_size=page_size,
            page_token=page_token,
            query_vector=write_vector(vector),
            ordering=write_ordering(ordering),
        )
        return _read_search(await _answer(self._stub.Search(request)))

    async def search_scopes(
        self,
        catalog: str,
        scopes: Sequence[Scope],
        *,
        shopper: Shopper,
        budget: Money | None,
        shared: Sequence[Constraint],
        conditions: Sequence[Condition],
    ) -> BundleResult:
        """Return one product a role, chosen together within the budget."""
        request = pb.SearchScopesRequest(
            catalog=catalog,
            scopes=[write_scope(s) for s in scopes],
            budget=write_budget(budget, "") if budget else None,
            filter=write_filter(conditions),
            shared_constraints=write_constraints(shared),
            shopper=write_shopper(shopper),
            view=_FULL,
        )
        return _read_bundle(await _answer(self._stub.SearchScopes(request)))

    async def find_similar(
        self,
        catalog: str,
        product_ids: Sequence[str],
        constraints: Sequence[Constraint],
        conditions: Sequence[Condition],
        page_size: int,
    ) -> SearchResult:
        """Return products like the given ones."""
        request = pb.FindSimilarRequest(
            catalog=catalog,
            product_ids=product_ids,
            filter=write_filter(conditions),
            constraints=write_constraints(constraints),
            view=_FULL,
            page_size=page_size,
        )
        found = _read_list(await _answer(self._stub.FindSimilar(request)))
        return replace(found, matched_size=len(found.results))

    async def recommend(
        self,
        catalog: str,
        query: str,
        *,
        shopper: Shopper,
        seen_ids: Sequence[str],
        constraints: Sequence[Constraint],
        conditions: Sequence[Condition],
        vector: QueryVector | None,
        page_size: int,
    ) -> RecommendResult:
        """Return products for this shopper."""
        request = pb.RecommendRequest(
            catalog=catalog,
            query=query,
            shopper=write_shopper(shopper),
            context_product_ids=seen_ids[-_MOST_SEEN:],
            constraints=write_constraints(constraints),
            filter=write_filter(conditions),
            query_vector=write_vector(vector),
            view=_FULL,
            page_size=page_size,
        )
        response = await _answer(self._stub.Recommend(request))
        return RecommendResult(_read_list(response), response.basis == pb.RecommendResponse.BASIS_PERSONAL)

    async def list_trending(
        self, catalog: str, conditions: Sequence[Condition], page_size: int
    ) -> SearchResult:
        """Return what shoppers turn to now more than they used to, then what is popular."""
        request = pb.ListTrendingRequest(
            catalog=catalog, filter=write_filter(conditions), view=_FULL, page_size=page_size
        )
        response = await _answer(self._stub.ListTrending(request))
        return SearchResult(
            results=tuple(read_scored(r) for r in response.results),
            attribution_token=response.attribution_token,
        )

    async def find_bundle(
        self,
        catalog: str,
        product_ids: Sequence[str],
        *,
        budget: Money | None,
        constraints: Sequence[Constraint],
        conditions: Sequence[Condition],
        most: int,
    ) -> BasketResult:
        """Return products that go with the given ones."""
        request = pb.FindBundleRequest(
            catalog=catalog,
            product_ids=product_ids,
            budget=write_budget(budget, "") if budget else None,
            constraints=write_constraints(constraints),
            filter=write_filter(conditions),
            view=_FULL,
            max_products=most,
        )
        response = await _answer(self._stub.FindBundle(request))
        return BasketResult(_read_list(response), read_money(response.total_price))

    async def find_deals(
        self,
        catalog: str,
        query: str,
        *,
        shopper: Shopper,
        constraints: Sequence[Constraint],
        conditions: Sequence[Condition],
        vector: QueryVector | None,
        page_size: int,
    ) -> DealResult:
        """Return products with good prices."""
        request = pb.FindDealsRequest(
            catalog=catalog,
            query=query,
            shopper=write_shopper(shopper),
            constraints=write_constraints(constraints),
            filter=write_filter(conditions),
            query_vector=write_vector(vector),
            view=_FULL,
            page_size=page_size,
        )
        response = await _answer(self._stub.FindDeals(request))
        return DealResult(_read_list(response), {d.product_id: _read_deal(d) for d in response.deals})

    async def products(self, catalog: str, product_ids: Sequence[str]) -> tuple[Product, ...]:
        """Return the products that exist, in the order asked."""
        request = pb.BatchGetProductsRequest(catalog=catalog, product_ids=product_ids, view=_FULL)
        response = await _answer(self._stub.BatchGetProducts(request))
        return tuple(read_product(p) for p in response.products)

    async def search_faq(
        self, catalog: str, query: str, language: str, vector: QueryVector | None
    ) -> tuple[FaqMatch, ...]:
        """Return entries of the shop's FAQ, best first."""
        request = pb.SearchFaqRequest(
            catalog=catalog, query=query, language_code=language, query_vector=write_vector(vector)
        )
        response = await _answer(self._stub.SearchFaq(request))
        return tuple(_read_faq(m) for m in response.matches)

    async def search_reviews(
        self, catalog: str, query: str, product_ids: Sequence[str], page_size: int
    ) -> ReviewResult:
        """Return reviews of the products, best first."""
        request = pb.SearchReviewsRequest(
            catalog=catalog, query=query, product_ids=product_ids, page_size=page_size
        )
        response = await _answer(self._stub.SearchReviews(request))
        return ReviewResult(tuple(_read_review(m.review) for m in response.matches), response.total_size)


def _read_search(response: pb.SearchResponse) -> SearchResult:
    return SearchResult(
        results=tuple(read_scored(r) for r in response.results),
        outcomes=tuple(read_outcome(o) for o in response.constraint_outcomes),
        alternatives=tuple(read_scored(r) for r in response.alternatives),
        total_size=response.total_size,
        matched_size=response.matched_size,
        next_page_token=response.next_page_token,
        attribution_token=response.attribution_token,
        degradations=read_degradations(response.degradations),
        timings=read_timings(response.timings),
    )


def _read_list(response: _List) -> SearchResult:
    """Return a list of products that is no search: how many satisfy the limits is not known."""
    return SearchResult(
        results=tuple(read_scored(r) for r in response.results),
        outcomes=tuple(read_outcome(o) for o in response.constraint_outcomes),
        attribution_token=response.attribution_token,
        degradations=()
        if isinstance(response, pb.FindSimilarResponse)
        else read_degradations(response.degradations),
        timings=read_timings(response.timings) if isinstance(response, pb.RecommendResponse) else (),
    )


def _read_deal(message: pb.FindDealsResponse.Deal) -> Deal:
    return Deal(
        read_money(message.saving) if message.HasField("saving") else None,
        message.discount_share if message.HasField("discount_share") else None,
        message.cheaper_than_share if message.HasField("cheaper_than_share") else None,
    )


def _read_bundle(response: pb.SearchScopesResponse) -> BundleResult:
    return BundleResult(
        roles=tuple(_read_role(s) for s in response.scopes),
        total_price=read_money(response.total_price),
        missing_roles=tuple(response.missing_roles),
        attribution_token=response.attribution_token,
        degradations=read_degradations(response.degradations),
        timings=read_timings(response.timings),
    )


def _read_role(message: pb.SearchScopesResponse.ScopeResult) -> RoleResult:
    return RoleResult(
        message.role,
        read_scored(message.chosen) if message.HasField("chosen") else None,
        tuple(read_scored(a) for a in message.alternatives),
        tuple(read_outcome(o) for o in message.constraint_outcomes),
    )


def _read_faq(message: pb.SearchFaqResponse.Match) -> FaqMatch:
    entry = message.entry
    return FaqMatch(entry.id, entry.question, entry.answer, entry.language_code, message.score)


def _read_review(message: pb.Review) -> Review:
    return Review(
        message.id,
        message.product_id,
        message.text,
        message.language_code,
        message.stars if message.HasField("stars") else None,
        message.helpful_count,
    )
