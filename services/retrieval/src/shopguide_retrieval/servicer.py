"""`shopguide.retrieval.v1.RetrievalService`: requests to use cases and back, nothing else."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from shopguide.retrieval.v1 import retrieval_service_pb2 as pb
from shopguide.retrieval.v1 import retrieval_service_pb2_grpc as pb_grpc
from shopguide.type.v1 import catalog_pb2
from shopguide_retrieval.convert import requests
from shopguide_retrieval.convert.attribution import attribution_token
from shopguide_retrieval.convert.catalogs import catalog_name, description_message
from shopguide_retrieval.convert.products import (
    faq_message,
    money,
    product_message,
    review_message,
    scored_message,
)
from shopguide_retrieval.convert.queries import (
    conditions,
    degradation_messages,
    outcome_message,
    timing_messages,
    vector,
)
from shopguide_retrieval.deal_servicer import DealMethods
from shopguide_retrieval.domain.catalog import Catalog
from shopguide_retrieval.domain.conditions import Condition, Range
from shopguide_retrieval.domain.counting import EarlyCounts, RecentCounts
from shopguide_retrieval.domain.deals import DealFinder
from shopguide_retrieval.domain.describe import Describer
from shopguide_retrieval.domain.directory import CatalogDirectory
from shopguide_retrieval.domain.document import load
from shopguide_retrieval.domain.facets import Facet, check_facets, count_facets
from shopguide_retrieval.domain.limits import NotComparable, compile_condition
from shopguide_retrieval.domain.plan import Plan, plan
from shopguide_retrieval.domain.ranking import Candidate, Ranked
from shopguide_retrieval.domain.reader import read_for
from shopguide_retrieval.domain.scope_search import FilledRole, ScopeSearcher
from shopguide_retrieval.domain.search import (
    Listing,
    Order,
    Searcher,
    SearchQuery,
    matched_size,
    with_alternatives,
)
from shopguide_retrieval.domain.shoppers import shopper_keys
from shopguide_retrieval.domain.similar import SimilarFinder
from shopguide_retrieval.domain.stages import Stages
from shopguide_retrieval.domain.texts import FaqBook, ReviewShelf
from shopguide_retrieval.metrics import EMPTY_RESULTS
from shopguide_retrieval.ports import ProductStore
from shopguide_retrieval.recommend_servicer import RecommendMethods, RecommendSide
from shopguide_runtime.calls import RpcContext
from shopguide_runtime.cursor import PageTokens, request_digest
from shopguide_runtime.errors import FieldViolation, InvalidArgument, Unimplemented
from shopguide_runtime.validation import FIELD_UNKNOWN_VALUE, Violations

MAX_INT32 = 2**31 - 1


@dataclass(frozen=True)
class ReadSide:
    """The use cases of the read path."""

    directory: CatalogDirectory
    products: ProductStore
    counts: RecentCounts
    searcher: Searcher
    scopes: ScopeSearcher
    similar: SimilarFinder
    describer: Describer
    faq: FaqBook
    reviews: ReviewShelf
    tokens: PageTokens
    deals: DealFinder
    recommending: RecommendSide


class RetrievalServicer(DealMethods, RecommendMethods, pb_grpc.RetrievalServiceServicer):
    """The read path."""

    def __init__(self, use: ReadSide) -> None:
        """Take the use cases."""
        self._use = use

    async def Search(self, request: pb.SearchRequest, context: RpcContext) -> pb.SearchResponse:
        """Return one page of products."""
        checked = requests.search(request)
        digest = request_digest(request)
        offset = int(self._use.tokens.open(request.page_token, digest)["offset"]) if request.page_token else 0
        catalog = await self._use.directory.find(checked.catalog)
        check_facets(catalog, request.spec.facet_fields)
        query = SearchQuery(
            checked.text,
            checked.vector,
            checked.fusion,
            _order(catalog, request, checked.currency),
            request.spec.expand_groups,
            request.spec.forbid_relaxation,
            shopper_keys(request.shopper.visitor_id, request.shopper.user_id),
            checked.personalization,
            checked.diversity,
            checked.page_size,
        )
        limits = plan(catalog, checked.conditions, checked.constraints, checked.currency)
        read_for(request.shopper.user_id, request.shopper.visitor_id)
        stages, end = Stages(), offset + checked.page_size
        counts = EarlyCounts(self._use.counts, catalog, stages)
        counts.begin(limits.limits)
        try:
            listing = await self._use.searcher.search(
                catalog, query, limits, stages=stages, foresee=counts.begin
            )
            response = await self._page(
                catalog, request, checked.currency, query, limits, listing, slice(offset, end), counts
            )
        finally:
            counts.drop()
        if end < len(listing.ranked):
            response.next_page_token = self._use.tokens.issue({"offset": end}, digest)
        if not response.results:
            EMPTY_RESULTS.labels("Search").inc()
        return response

    async def _page(
        self,
        catalog: Catalog,
        request: pb.SearchRequest,
        currency: str,
        query: SearchQuery,
        limits: Plan,
        listing: Listing,
        page: slice,
        counts: EarlyCounts,
    ) -> pb.SearchResponse:
        use = self._use
        alternatives = await use.searcher.alternatives(catalog, query, limits, listing)
        shown = list(listing.ranked[page])
        others = _distinct(alternatives.values(), {r.candidate.id for r in shown})
        with listing.stages.stage("products"):
            found, total, named, facets = await asyncio.gather(
                use.searcher.load(catalog, [*shown, *others]),
                counts.within(listing.limits),
                matched_size(listing, counts.within),
                count_facets(use.products, catalog, listing.limits, request.spec.facet_fields, currency),
            )
        shown_ids = {r.candidate.id for r in shown}
        return pb.SearchResponse(
            results=[scored_message(f, request.view) for f in found if f.product.id in shown_ids],
            total_size=min(total, MAX_INT32),
            matched_size=min(named, MAX_INT32),
            facets=[_facet_message(f) for f in facets],
            attribution_token=attribution_token("Search", catalog),
            timings=timing_messages(listing.stages.seconds),
            constraint_outcomes=[
                outcome_message(o) for o in with_alternatives(listing.outcomes, alternatives)
            ],
            degradations=degradation_messages(listing.degradations),
            alternatives=[scored_message(f, request.view) for f in found if f.product.id not in shown_ids],
            corrected_query=listing.corrected,
        )

    async def SearchScopes(
        self,
        request: pb.SearchScopesRequest,
        context: RpcContext,
    ) -> pb.SearchScopesResponse:
        """Return the best joint choice for several roles."""
        checked = requests.scopes(request)
        catalog = await self._use.directory.find(checked.catalog)
        requests.check_budget(catalog, checked.budget)
        outfit = await self._use.scopes.search(
            catalog, checked.roles, checked.conditions, checked.budget, checked.alternatives, checked.currency
        )
        results = await asyncio.gather(*(self._scope_result(catalog, f, request) for f in outfit.roles))
        return pb.SearchScopesResponse(
            scopes=results,
            total_price=money(outfit.total) if outfit.total else None,
            missing_roles=[f.role.name for f in outfit.roles if not f.chosen],
            minimum_total=money(outfit.minimum) if outfit.minimum else None,
            attribution_token=attribution_token("SearchScopes", catalog),
            degradations=degradation_messages(outfit.degradations),
            timings=timing_messages(outfit.stages.seconds),
        )

    async def _scope_result(
        self, catalog: Catalog, filled: FilledRole, request: pb.SearchScopesRequest
    ) -> pb.SearchScopesResponse.ScopeResult:
        wanted = [*([filled.chosen] if filled.chosen else []), *filled.alternatives]
        found = await self._use.searcher.load(catalog, wanted)
        messages = [scored_message(f, request.view, filled.role.name) for f in found]
        chosen_id = filled.chosen.candidate.id if filled.chosen else ""
        return pb.SearchScopesResponse.ScopeResult(
            role=filled.role.name,
            chosen=next((m for m in messages if m.product_id == chosen_id), None),
            alternatives=[m for m in messages if m.product_id != chosen_id],
            constraint_outcomes=[outcome_message(o) for o in filled.listing.outcomes],
            matched_size=min(filled.matched, MAX_INT32),
        )

    async def DescribeCatalog(
        self,
        request: pb.DescribeCatalogRequest,
        context: RpcContext,
    ) -> pb.DescribeCatalogResponse:
        """Return the vocabulary of a catalogue or of a part of it."""
        found = Violations()
        name = catalog_name(found, request.catalog)
        wanted = conditions(found, request.filter)
        found.raise_if_any()
        catalog = await self._use.directory.find(name)
        if request.if_revision_not and request.if_revision_not == catalog.state:
            return pb.DescribeCatalogResponse(unchanged=True)
        limits = [limit for limit in plan(catalog, wanted, ()).platform if _asked(limit.key, wanted)]
        description = await self._use.describer.describe(catalog, limits)
        return pb.DescribeCatalogResponse(description=description_message(description))

    async def FindSimilar(
        self,
        request: pb.FindSimilarRequest,
        context: RpcContext,
    ) -> pb.FindSimilarResponse:
        """Return products like the given ones."""
        checked = requests.similar(request)
        catalog = await self._use.directory.find(checked.catalog)
        limits = plan(catalog, checked.conditions, checked.constraints)
        similar = await self._use.similar.find(
            catalog, request.product_ids, request.unlike_product_ids, limits
        )
        ranked: Sequence[Ranked] = similar.listing.ranked[: checked.page_size] if similar.listing else ()
        found = await self._use.searcher.load(catalog, ranked)
        if not found:
            EMPTY_RESULTS.labels("FindSimilar").inc()
        return pb.FindSimilarResponse(
            results=[scored_message(f, request.view) for f in found],
            missing_ids=similar.missing,
            attribution_token=attribution_token("FindSimilar", catalog),
            constraint_outcomes=[outcome_message(o) for o in similar.listing.outcomes]
            if similar.listing
            else [],
        )

    async def BatchGetProducts(
        self,
        request: pb.BatchGetProductsRequest,
        context: RpcContext,
    ) -> pb.BatchGetProductsResponse:
        """Return products by id, in the order asked."""
        found = Violations()
        name = catalog_name(found, request.catalog)
        wanted = requests.ids(found, "product_ids", list(request.product_ids), 1, 100)
        found.raise_if_any()
        catalog = await self._use.directory.find(name)
        stored = await self._use.products.fetch(catalog, wanted, ("product", "update_time"))
        products = [load(stored[i]["product"], stored[i]["update_time"]) for i in wanted if i in stored]
        return pb.BatchGetProductsResponse(
            products=[product_message(p, request.view) for p in products],
            missing_ids=[i for i in wanted if i not in stored],
        )

    async def SearchFaq(self, request: pb.SearchFaqRequest, context: RpcContext) -> pb.SearchFaqResponse:
        """Return entries of the shop's FAQ."""
        found = Violations()
        name = catalog_name(found, request.catalog)
        query = found.text("query", request.query, max_chars=requests.MAX_QUERY_CHARS)
        size = found.page_size("page_size", request.page_size, 3, 20)
        found.text("language_code", request.language_code, required=False, max_chars=35)
        found.raise_if_any()
        catalog = await self._use.directory.find(name)
        given = vector(request.query_vector) if request.HasField("query_vector") else None
        matches, lost = await self._use.faq.search(catalog, query, request.language_code, size, given)
        return pb.SearchFaqResponse(
            matches=[pb.SearchFaqResponse.Match(entry=faq_message(m.entry), score=m.score) for m in matches],
            degradations=degradation_messages(lost),
        )

    async def SearchReviews(
        self,
        request: pb.SearchReviewsRequest,
        context: RpcContext,
    ) -> pb.SearchReviewsResponse:
        """Return reviews."""
        found = Violations()
        name = catalog_name(found, request.catalog)
        query = found.text("query", request.query, required=False, max_chars=requests.MAX_QUERY_CHARS)
        size = found.page_size("page_size", request.page_size, 10, 100)
        products = requests.ids(found, "product_ids", list(request.product_ids), 0, 20)
        found.raise_if_any()
        catalog = await self._use.directory.find(name)
        matches, total, lost = await self._use.reviews.search(catalog, query, products, size)
        return pb.SearchReviewsResponse(
            matches=[
                pb.SearchReviewsResponse.Match(review=review_message(m.review), score=m.score)
                for m in matches
            ],
            total_size=min(total, MAX_INT32),
            degradations=degradation_messages(lost),
        )

    async def SummarizeReviews(
        self,
        request: pb.SummarizeReviewsRequest,
        context: RpcContext,
    ) -> pb.SummarizeReviewsResponse:
        """Refuse: review digests are not made yet."""
        raise _planned("SummarizeReviews", "review digests")


def _planned(method: str, what: str) -> Unimplemented:
    return Unimplemented(
        f"RetrievalService.{method}", f"{method} is not implemented yet; it comes with {what}."
    )


def _order(catalog: Catalog, request: pb.SearchRequest, currency: str) -> Order | None:
    if not request.HasField("ordering"):
        return None
    try:
        number = Condition(request.ordering.field, range=Range(minimum=0))
        return Order(compile_condition(number, catalog, currency).key, request.ordering.descending)
    except NotComparable as error:
        raise _wrong("ordering.field", error.message) from None


def _asked(key: str, wanted: Sequence[Condition]) -> bool:
    """Tell a limit of the request from the one on stock, which a description does not apply by itself."""
    return key != "availability" or any(c.field == "availability" for c in wanted)


def _wrong(field: str, description: str) -> InvalidArgument:
    return InvalidArgument([FieldViolation(field, description, FIELD_UNKNOWN_VALUE)])


def _distinct(candidates: Iterable[Candidate], shown: set[str]) -> list[Ranked]:
    """Return alternatives that are not on the page already, each once."""
    others = {c.id: Ranked(c, 0.0, {}, ("ALTERNATIVE",)) for c in candidates if c.id not in shown}
    return list(others.values())


def _facet_message(facet: Facet) -> pb.Facet:
    values = [catalog_pb2.ValueCount(value=v.value, count=v.count) for v in facet.values]
    return pb.Facet(field=facet.field, values=values, minimum=facet.minimum, maximum=facet.maximum)
