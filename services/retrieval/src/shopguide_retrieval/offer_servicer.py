"""The part of `IndexService` that changes prices and stock."""

from typing import TYPE_CHECKING

from shopguide.retrieval.v1 import index_service_pb2 as pb
from shopguide_retrieval.convert.catalogs import catalog_name
from shopguide_retrieval.convert.offers import offer
from shopguide_runtime.calls import RpcContext
from shopguide_runtime.status import encode
from shopguide_runtime.validation import Violations

if TYPE_CHECKING:
    from shopguide_retrieval.index_servicer import WriteSide

MAX_OFFERS = 1_000
"""Offers of one request."""


class OfferMethods:
    """Methods of `IndexServicer`."""

    _use: "WriteSide"

    async def UpdateOffers(
        self,
        request: pb.UpdateOffersRequest,
        context: RpcContext,  # noqa: ARG002
    ) -> pb.UpdateOffersResponse:
        """Change prices and stock of products; those of one product are applied in the order sent."""
        found = Violations()
        name = catalog_name(found, request.catalog)
        found.count("offers", len(request.offers), 1, MAX_OFFERS)
        found.raise_if_any()
        updated = await self._use.offers.update(name, [offer(i, o) for i, o in enumerate(request.offers)])
        return pb.UpdateOffersResponse(
            updated_count=updated.count,
            missing_ids=updated.missing,
            failures=[
                pb.ItemFailure(id=f.id, status=encode(f.error), index=f.index) for f in updated.failures
            ],
        )
