"""The shopper's part of GuideService and IndexService in memory."""

from dataclasses import dataclass, field

from google.rpc import code_pb2, status_pb2

from fakes.guide_servers import FakeGuide, FakeIndex, refuse_as_asked
from shopguide.gateway.v1 import guide_service_pb2 as pb
from shopguide.retrieval.v1 import index_service_pb2 as index
from shopguide.type.v1.user_event_pb2 import UserEvent


@dataclass
class ShopperGuide(FakeGuide):
    """Takes events and feedback, exports two events and a profile, erases three."""

    requests: list[object] = field(default_factory=list)

    def RecordEvents(self, request, context):
        self.requests.append(request)
        refuse_as_asked(context, request.events[0].query)
        return pb.RecordEventsResponse(written_count=len(request.events), unknown_product_ids=["p9"])

    def RecordFeedback(self, request, context):
        self.requests.append(request)
        return pb.RecordFeedbackResponse()

    def ExportShopper(self, request, context):
        self.requests.append(request)
        refuse_as_asked(context, request.visitor_id)
        yield pb.ExportShopperResponse(
            events=[UserEvent(event_id="e1", query="红鞋"), UserEvent(event_id="e2")]
        )
        yield pb.ExportShopperResponse(profile_json='{"event_count":2}')

    def EraseShopper(self, request, context):
        self.requests.append(request)
        return pb.EraseShopperResponse(deleted_event_count=3)


@dataclass
class ShopperIndex(FakeIndex):
    """Takes events once each, but none on `bad` products, and knows no product `gone`."""

    events: dict[str, UserEvent] = field(default_factory=dict)
    sizes: list[int] = field(default_factory=list)

    def WriteEvents(self, request, context):
        self.sizes.append(len(request.events))
        status = status_pb2.Status(code=code_pb2.INVALID_ARGUMENT, message="lines: not this one")
        failures, written = [], 0
        for position, event in enumerate(request.events):
            if event.lines and event.lines[0].product_id == "bad":
                failures.append(index.ItemFailure(id=event.event_id, index=position, status=status))
            else:
                written += event.event_id not in self.events
                self.events[event.event_id] = event
        taken = len(request.events) - len(failures)
        gone = {line.product_id for e in request.events for line in e.lines} & {"gone"}
        return index.WriteEventsResponse(
            written_count=written,
            duplicate_count=taken - written,
            failures=failures,
            unknown_product_ids=gone,
        )
