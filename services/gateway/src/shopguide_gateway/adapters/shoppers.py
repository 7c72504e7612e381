"""The retrieval service's memory of shoppers over gRPC."""

from collections.abc import AsyncIterator, Awaitable, Sequence
from typing import TypeVar, cast

import grpc
import grpc.aio

from shopguide.retrieval.v1 import index_service_pb2 as pb
from shopguide.retrieval.v1 import index_service_pb2_grpc as pb_grpc
from shopguide.type.v1 import query_pb2
from shopguide.type.v1.user_event_pb2 import UserEvent
from shopguide_gateway.domain.shopper_data import (
    Event,
    ExportedPart,
    Feedback,
    Recorded,
    RefusedEvent,
    Who,
)
from shopguide_runtime.errors import Internal, from_rpc_error

R = TypeVar("R")


async def _answer(call: Awaitable[R]) -> R:
    try:
        return await call
    except grpc.aio.AioRpcError as error:
        raise from_rpc_error(error, "retrieval") from error


class GrpcShopperRecords:
    """Keeps what shoppers did through the retrieval service."""

    def __init__(self, channel: grpc.aio.Channel) -> None:
        """Use a channel that the caller closes."""
        self._stub = pb_grpc.IndexServiceStub(channel)

    async def record(self, catalog: str, events: Sequence[Event]) -> Recorded:
        """Write events; what is counted as written is durable."""
        messages = cast(Sequence[UserEvent], events)
        response = await _answer(
            self._stub.WriteEvents(pb.WriteEventsRequest(catalog=catalog, events=messages))
        )
        return Recorded(
            response.written_count,
            response.duplicate_count,
            tuple(RefusedEvent(f.id, f.status) for f in response.failures),
            tuple(response.unknown_product_ids),
        )

    async def record_feedback(self, catalog: str, feedback: Feedback) -> None:
        """Write feedback; it is durable on return, and written once however often it is sent."""
        recorded = await self.record(catalog, [_feedback_event(feedback)])
        if recorded.refused:
            raise Internal("The retrieval service refused feedback that was checked here.")

    async def export(self, catalog: str, who: Who) -> AsyncIterator[ExportedPart]:
        """Stream all that is held about a shopper, the oldest first."""
        request = pb.ExportShopperRequest(catalog=catalog)
        setattr(request, who.kind, who.id)
        try:
            async for part in self._stub.ExportShopper(request):
                yield ExportedPart(tuple(part.events), part.profile_json)
        except grpc.aio.AioRpcError as error:
            raise from_rpc_error(error, "retrieval") from error

    async def erase(self, catalog: str, who: Who) -> int:
        """Forget a shopper; returns how many events were deleted."""
        request = pb.EraseShopperRequest(catalog=catalog)
        setattr(request, who.kind, who.id)
        return (await _answer(self._stub.EraseShopper(request))).deleted_event_count


def _feedback_event(feedback: Feedback) -> UserEvent:
    said = UserEvent.Feedback(
        turn_id=feedback.turn_id, verdict=f"VERDICT_{feedback.verdict}", comment=feedback.comment
    )
    event = UserEvent(event_id=feedback.event_id, type=UserEvent.TYPE_FEEDBACK, feedback=said)
    if feedback.visitor_id:
        event.shopper.CopyFrom(query_pb2.Shopper(visitor_id=feedback.visitor_id, user_id=feedback.user_id))
    return event
