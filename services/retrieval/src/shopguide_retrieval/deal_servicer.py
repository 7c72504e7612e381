"""The part of `RetrievalService` that finds the best prices."""

from typing import TYPE_CHECKING

from shopguide.retrieval.v1 import retrieval_service_pb2 as pb
from shopguide_retrieval.convert.attribution import attribution_token
from shopguide_retrieval.convert.deals import deal_message, deals
from shopguide_retrieval.convert.products import scored_message
from shopguide_retrieval.convert.queries import degradation_messages, outcome_message
from shopguide_retrieval.domain.plan import plan
from shopguide_retrieval.metrics import EMPTY_RESULTS
from shopguide_runtime.calls import RpcContext

if TYPE_CHECKING:
    from shopguide_retrieval.servicer import ReadSide


class DealMethods:
    """Methods of `RetrievalServicer`."""

    _use: "ReadSide"

    async def FindDeals(
        self,
        request: pb.FindDealsRequest,
        context: RpcContext,  # noqa: ARG002
    ) -> pb.FindDealsResponse:
        """Return products whose price is good, best first, with what is good about it."""
        checked = deals(request)
        catalog = await self._use.directory.find(checked.catalog)
        limits = plan(catalog, checked.conditions, checked.constraints, checked.currency)
        found = await self._use.deals.find(catalog, checked.query, limits, checked.page_size)
        by_id = {b.ranked.candidate.id: b for b in found.bargains}
        loaded = await self._use.searcher.load(catalog, [b.ranked for b in found.bargains])
        if not loaded:
            EMPTY_RESULTS.labels("FindDeals").inc()
        return pb.FindDealsResponse(
            results=[scored_message(one, request.view) for one in loaded],
            deals=[deal_message(by_id[one.product.id]) for one in loaded],
            attribution_token=attribution_token("FindDeals", catalog),
            constraint_outcomes=[outcome_message(o) for o in found.outcomes],
            degradations=degradation_messages(found.degradations),
        )
