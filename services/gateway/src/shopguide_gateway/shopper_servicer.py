"""The part of GuideService that records what shoppers do, gives it out and forgets it."""

from collections.abc import AsyncIterator
from typing import Any

import grpc.aio

from shopguide.gateway.v1 import guide_service_pb2 as pb
from shopguide_gateway.convert.shoppers import (
    check_events,
    read_feedback,
    read_who,
    write_part,
    write_recorded,
)
from shopguide_gateway.metrics import observe_events
from shopguide_gateway.ports_shoppers import ShopperRecords

Context = grpc.aio.ServicerContext[Any, Any]


class ShopperMethods:
    """Methods of `GuideServicer`."""

    _records: ShopperRecords

    async def RecordEvents(
        self,
        request: pb.RecordEventsRequest,
        context: Context,  # noqa: ARG002
    ) -> pb.RecordEventsResponse:
        """Write what shoppers did; bad events are reported and do not stop good ones."""
        check_events(request)
        recorded = await self._records.record(request.catalog, request.events)
        observe_events(recorded)
        return write_recorded(recorded)

    async def RecordFeedback(
        self,
        request: pb.RecordFeedbackRequest,
        context: Context,  # noqa: ARG002
    ) -> pb.RecordFeedbackResponse:
        """Write what a shopper thought of an answer."""
        await self._records.record_feedback(request.catalog, read_feedback(request))
        return pb.RecordFeedbackResponse()

    async def ExportShopper(
        self,
        request: pb.ExportShopperRequest,
        context: Context,  # noqa: ARG002
    ) -> AsyncIterator[pb.ExportShopperResponse]:
        """Stream all that is held about a shopper."""
        async for part in self._records.export(request.catalog, read_who(request)):
            yield write_part(part)

    async def EraseShopper(
        self,
        request: pb.EraseShopperRequest,
        context: Context,  # noqa: ARG002
    ) -> pb.EraseShopperResponse:
        """Forget a shopper."""
        erased = await self._records.erase(request.catalog, read_who(request))
        return pb.EraseShopperResponse(deleted_event_count=erased)
