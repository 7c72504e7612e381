"""Recommend, FindBundle and ListTrending: requests to use cases and back, nothing else."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from shopguide.retrieval.v1 import retrieval_service_pb2 as pb
from shopguide.type.v1 import query_pb2
from shopguide_retrieval.convert import recommendations, requests
from shopguide_retrieval.convert.attribution import attribution_token
from shopguide_retrieval.convert.products import money, scored_message
from shopguide_retrieval.convert.queries import degradation_messages, outcome_message, timing_messages
from shopguide_retrieval.domain.bundles import BundleFinder
from shopguide_retrieval.domain.catalog import Catalog
from shopguide_retrieval.domain.directory import CatalogDirectory
from shopguide_retrieval.domain.plan import plan
from shopguide_retrieval.domain.ranking import Ranked
from shopguide_retrieval.domain.recommend import Basis, Recommender
from shopguide_retrieval.domain.search import Searcher
from shopguide_retrieval.domain.trend_listing import TrendLister
from shopguide_retrieval.metrics import EMPTY_RESULTS
from shopguide_runtime.calls import RpcContext

if TYPE_CHECKING:
    from shopguide_retrieval.servicer import ReadSide

_BASES = {
    Basis.PERSONAL: pb.RecommendResponse.BASIS_PERSONAL,
    Basis.CONTEXT: pb.RecommendResponse.BASIS_CONTEXT,
    Basis.POPULAR: pb.RecommendResponse.BASIS_POPULAR,
}


@dataclass(frozen=True)
class RecommendSide:
    """The use cases of recommendation."""

    directory: CatalogDirectory
    searcher: Searcher
    recommender: Recommender
    bundles: BundleFinder
    trending: TrendLister


class RecommendMethods:
    """The methods of RetrievalService that live on what shoppers do."""

    _use: "ReadSide"

    async def Recommend(
        self,
        request: pb.RecommendRequest,
        context: RpcContext,  # noqa: ARG002
    ) -> pb.RecommendResponse:
        """Return products for a shopper."""
        checked = recommendations.recommend(request)
        use = self._use.recommending
        catalog = await use.directory.find(checked.catalog)
        limits = plan(catalog, checked.conditions, checked.constraints, checked.currency)
        made = await use.recommender.recommend(catalog, checked.asked, limits)
        with made.stages.stage("products"):
            results = await self._scored(catalog, made.ranked, request.view)
        if not results:
            EMPTY_RESULTS.labels("Recommend").inc()
        return pb.RecommendResponse(
            results=results,
            basis=_BASES[made.basis],
            attribution_token=attribution_token("Recommend", catalog),
            constraint_outcomes=[outcome_message(o) for o in made.listing.outcomes],
            degradations=degradation_messages(made.degradations),
            timings=timing_messages(made.stages.seconds),
        )

    async def _scored(
        self, catalog: Catalog, ranked: Sequence[Ranked], view: query_pb2.ProductView
    ) -> list[query_pb2.ScoredProduct]:
        """Return the messages of ranked products; nothing is read for a view of the ids alone."""
        if view == query_pb2.PRODUCT_VIEW_ID:
            return [
                query_pb2.ScoredProduct(
                    product_id=r.candidate.id, score=r.score, signal_scores=r.signals, reasons=r.reasons
                )
                for r in ranked
            ]
        found = await self._use.recommending.searcher.load(catalog, ranked)
        return [scored_message(f, view) for f in found]

    async def FindBundle(
        self,
        request: pb.FindBundleRequest,
        context: RpcContext,  # noqa: ARG002
    ) -> pb.FindBundleResponse:
        """Return products that go with the given ones."""
        checked = recommendations.bundle(request)
        use = self._use.recommending
        catalog = await use.directory.find(checked.catalog)
        requests.check_budget(catalog, checked.budget)
        limits = plan(catalog, checked.conditions, checked.constraints)
        bundle = await use.bundles.find(catalog, checked.ids, checked.size, limits, checked.budget)
        found = await use.searcher.load(catalog, bundle.chosen)
        if not found:
            EMPTY_RESULTS.labels("FindBundle").inc()
        return pb.FindBundleResponse(
            results=[scored_message(f, request.view) for f in found],
            missing_ids=bundle.missing,
            attribution_token=attribution_token("FindBundle", catalog),
            total_price=money(bundle.total) if bundle.total else None,
            constraint_outcomes=[outcome_message(o) for o in bundle.outcomes],
            degradations=degradation_messages(bundle.degradations),
        )

    async def ListTrending(
        self,
        request: pb.ListTrendingRequest,
        context: RpcContext,  # noqa: ARG002
    ) -> pb.ListTrendingResponse:
        """Return what rises, then what is popular."""
        checked = recommendations.trending(request)
        use = self._use.recommending
        catalog = await use.directory.find(checked.catalog)
        limits = plan(catalog, checked.conditions, ())
        ranked = await use.trending.list(catalog, limits.platform, checked.window, checked.page_size)
        found = await use.searcher.load(catalog, ranked)
        if not found:
            EMPTY_RESULTS.labels("ListTrending").inc()
        return pb.ListTrendingResponse(
            results=[scored_message(f, request.view) for f in found],
            attribution_token=attribution_token("ListTrending", catalog),
        )
