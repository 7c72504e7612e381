"""RecordEvents, RecordFeedback, ExportShopper and EraseShopper of the gateway over real channels."""

import asyncio
import logging
from contextlib import asynccontextmanager
from functools import partial

import grpc
import grpc.aio
import pytest
from google.rpc import status_pb2

from fakes.gateway_records import FakeRecords
from fakes.gateway_services import FakeRetriever, FakeUnderstander, FakeWriter
from shopguide.gateway.v1 import guide_service_pb2 as pb
from shopguide.gateway.v1 import guide_service_pb2_grpc as pb_grpc
from shopguide.retrieval.v1 import index_service_pb2 as index
from shopguide.retrieval.v1 import index_service_pb2_grpc as index_grpc
from shopguide.type.v1 import query_pb2
from shopguide.type.v1.user_event_pb2 import UserEvent
from shopguide_gateway.adapters.shoppers import GrpcShopperRecords
from shopguide_gateway.adapters.vault import new_key
from shopguide_gateway.bootstrap import SERVICE, make_servicer
from shopguide_gateway.config import GatewaySettings
from shopguide_gateway.domain.shopper_data import ExportedPart, Feedback, Recorded, RefusedEvent, Who
from shopguide_runtime.channels import open_channel
from shopguide_runtime.errors import Unavailable, from_rpc_error
from shopguide_runtime.testing import serve_in_process

pytestmark = pytest.mark.anyio

CATALOG = "catalogs/default"
SHOPPER = query_pb2.Shopper(visitor_id="v1", user_id="u1")
VIEW = UserEvent(
    event_id="e1", type=UserEvent.TYPE_VIEW, shopper=SHOPPER, lines=[UserEvent.Line(product_id="p1")]
)
Verdict = pb.RecordFeedbackRequest


@asynccontextmanager
async def serving(records):
    """Serve a gateway over a memory of shoppers and give a stub."""
    settings = GatewaySettings(conversation_keys=(new_key(),))
    servicer = make_servicer(settings, FakeUnderstander(), FakeRetriever(), FakeWriter(), records)
    add = partial(pb_grpc.add_GuideServiceServicer_to_server, servicer)
    async with serve_in_process([add], service_names=[SERVICE]) as address, open_channel(address) as channel:
        yield pb_grpc.GuideServiceStub(channel)


async def refused(call):
    """Return the error that a call ends with."""
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await call
    return from_rpc_error(caught.value, "gateway")


class FakeIndex(index_grpc.IndexServiceServicer):
    """Remembers requests and answers what a real one would."""

    def __init__(self):
        self.requests = []

    async def WriteEvents(self, request, context):
        """Write one, know two, refuse the second."""
        self.requests.append(request)
        failure = index.ItemFailure(id="bad", status=status_pb2.Status(code=3, message="type"), index=1)
        bad = [failure] if len(request.events) > 1 else []
        return index.WriteEventsResponse(
            written_count=1, duplicate_count=2, failures=bad, unknown_product_ids=["p9"]
        )

    async def ExportShopper(self, request, context):
        """Give one event and a profile."""
        self.requests.append(request)
        yield index.ExportShopperResponse(events=[VIEW])
        yield index.ExportShopperResponse(profile_json='{"key":"u:u1"}')

    async def EraseShopper(self, request, context):
        """Erase seven."""
        self.requests.append(request)
        return index.EraseShopperResponse(deleted_event_count=7)


@asynccontextmanager
async def behind():
    """Serve a fake of retrieval and a gateway over it."""
    fake = FakeIndex()
    add = partial(index_grpc.add_IndexServiceServicer_to_server, fake)
    async with (
        serve_in_process([add], service_names=["shopguide.retrieval.v1.IndexService"]) as address,
        open_channel(address) as channel,
        serving(GrpcShopperRecords(channel)) as stub,
    ):
        yield fake, stub


async def test_everything_goes_through_to_retrieval_and_back():
    """Events, counts, failures, unknown products, exports and erasures pass through the gateway unchanged."""
    async with behind() as (fake, stub):
        events = [VIEW, UserEvent(event_id="bad")]
        recorded = await stub.RecordEvents(pb.RecordEventsRequest(catalog=CATALOG, events=events))
        assert list(fake.requests[0].events) == events
        assert (recorded.written_count, recorded.duplicate_count) == (1, 2)
        assert [(f.event_id, f.status.message) for f in recorded.failures] == [("bad", "type")]
        assert list(recorded.unknown_product_ids) == ["p9"]
        parts = [p async for p in stub.ExportShopper(pb.ExportShopperRequest(catalog=CATALOG, user_id="u1"))]
        assert (list(parts[0].events), parts[1].profile_json) == ([VIEW], '{"key":"u:u1"}')
        erased = await stub.EraseShopper(pb.EraseShopperRequest(catalog=CATALOG, visitor_id="v1"))
        assert erased.deleted_event_count == 7
        assert (fake.requests[1].user_id, fake.requests[2].visitor_id) == ("u1", "v1")


async def test_feedback_becomes_an_event_of_the_shopper():
    """Feedback is written as an event whose id is the same for the same feedback and another for another verdict."""
    async with behind() as (fake, stub):
        for verdict in (Verdict.VERDICT_WRONG, Verdict.VERDICT_WRONG, Verdict.VERDICT_HELPFUL):
            request = pb.RecordFeedbackRequest(
                catalog=CATALOG, turn_id="t1", verdict=verdict, comment="Too dear.", shopper=SHOPPER
            )
            await stub.RecordFeedback(request)
        first, again, other = (r.events[0] for r in fake.requests)
        assert first == again
        assert first.event_id != other.event_id
        assert len(first.event_id) <= 64
        assert first.type == UserEvent.TYPE_FEEDBACK
        assert first.shopper == SHOPPER
        assert (first.feedback.turn_id, first.feedback.comment) == ("t1", "Too dear.")
        assert first.feedback.verdict == UserEvent.Feedback.VERDICT_WRONG


async def test_feedback_may_be_anonymous():
    """Without a shopper feedback is kept all the same."""
    records = FakeRecords()
    async with serving(records) as stub:
        await stub.RecordFeedback(
            pb.RecordFeedbackRequest(catalog=CATALOG, turn_id="t1", verdict=Verdict.VERDICT_HELPFUL)
        )
    assert records.feedback == [Feedback("t1", "HELPFUL")]


BAD = [
    ("RecordEvents", pb.RecordEventsRequest(events=[VIEW]), "catalog"),
    ("RecordEvents", pb.RecordEventsRequest(catalog=CATALOG), "events"),
    ("RecordEvents", pb.RecordEventsRequest(catalog=CATALOG, events=[VIEW] * 501), "events"),
    ("RecordFeedback", pb.RecordFeedbackRequest(turn_id="t", verdict=1), "catalog"),
    ("RecordFeedback", pb.RecordFeedbackRequest(catalog=CATALOG, verdict=1), "turn_id"),
    ("RecordFeedback", pb.RecordFeedbackRequest(catalog=CATALOG, turn_id="a\nb", verdict=1), "turn_id"),
    ("RecordFeedback", pb.RecordFeedbackRequest(catalog=CATALOG, turn_id="t"), "verdict"),
    ("RecordFeedback", pb.RecordFeedbackRequest(catalog=CATALOG, turn_id="t", verdict=9), "verdict"),
    (
        "RecordFeedback",
        pb.RecordFeedbackRequest(catalog=CATALOG, turn_id="t", verdict=1, comment="x" * 2001),
        "comment",
    ),
    (
        "RecordFeedback",
        pb.RecordFeedbackRequest(
            catalog=CATALOG, turn_id="t", verdict=1, shopper=query_pb2.Shopper(user_id="u")
        ),
        "shopper.visitor_id",
    ),
    ("ExportShopper", pb.ExportShopperRequest(catalog=CATALOG), "visitor_id"),
    ("ExportShopper", pb.ExportShopperRequest(catalog=CATALOG, user_id=""), "user_id"),
    ("EraseShopper", pb.EraseShopperRequest(catalog=CATALOG), "visitor_id"),
    ("EraseShopper", pb.EraseShopperRequest(catalog="default", visitor_id="v"), "catalog"),
]


async def test_bad_requests_name_their_field():
    """Each malformed request is refused by field and reaches no service behind."""
    records = FakeRecords()
    async with serving(records) as stub:
        for method, request, field in BAD:
            call = getattr(stub, method)(request)
            error = await refused(call.read() if method == "ExportShopper" else call)
            assert field in [v.field for v in error.violations], (method, request)
    assert [*records.events, *records.feedback, *records.asked] == []


async def test_nothing_is_swallowed_when_retrieval_is_away():
    """Without retrieval every method fails as UNAVAILABLE and says when to try again."""
    records = FakeRecords(error=Unavailable("retrieval", retry_after=2.0))
    feedback = pb.RecordFeedbackRequest(catalog=CATALOG, turn_id="t", verdict=1)
    async with serving(records) as stub:
        errors = await asyncio.gather(
            refused(stub.RecordEvents(pb.RecordEventsRequest(catalog=CATALOG, events=[VIEW]))),
            refused(stub.RecordFeedback(feedback)),
            refused(stub.ExportShopper(pb.ExportShopperRequest(catalog=CATALOG, user_id="u")).read()),
            refused(stub.EraseShopper(pb.EraseShopperRequest(catalog=CATALOG, user_id="u"))),
        )
    assert [(type(e), e.retry_after) for e in errors] == [(Unavailable, 2.0)] * 4


async def test_an_address_where_nobody_listens_is_unavailable():
    """A retrieval service that is gone makes UNAVAILABLE with a hint, not INTERNAL."""
    async with open_channel("127.0.0.1:1") as channel, serving(GrpcShopperRecords(channel)) as stub:
        error = await refused(stub.RecordEvents(pb.RecordEventsRequest(catalog=CATALOG, events=[VIEW])))
        assert isinstance(error, Unavailable)
        assert error.retry_after
        call = stub.ExportShopper(pb.ExportShopperRequest(catalog=CATALOG, user_id="u"))
        assert isinstance(await refused(call.read()), Unavailable)


async def test_an_unknown_catalogue_is_not_found():
    """Recording for a catalogue that does not exist is NOT_FOUND."""
    async with serving(FakeRecords()) as stub:
        request = pb.RecordEventsRequest(catalog="catalogs/other", events=[VIEW])
        assert (await refused(stub.RecordEvents(request))).reason == "CATALOG_NOT_FOUND"


async def test_shoppers_words_are_not_logged(caplog):
    """Neither a query nor a comment nor an id of a shopper shows in the log."""
    secret = UserEvent()
    secret.CopyFrom(VIEW)
    secret.query = "gift for my secret love"
    records = FakeRecords(Recorded(0, 0, (RefusedEvent("e1", status_pb2.Status(code=3)),)))
    with caplog.at_level(logging.DEBUG):
        async with serving(records) as stub:
            await stub.RecordEvents(pb.RecordEventsRequest(catalog=CATALOG, events=[secret]))
            await stub.RecordFeedback(
                pb.RecordFeedbackRequest(
                    catalog=CATALOG, turn_id="t1", verdict=1, comment="secret words", shopper=SHOPPER
                )
            )
            await stub.EraseShopper(pb.EraseShopperRequest(catalog=CATALOG, user_id="u1secret"))
    assert "secret" not in caplog.text


async def test_an_export_is_streamed():
    """Parts arrive in order; what they hold is not put together in the gateway."""
    parts = (*[ExportedPart((VIEW,))] * 3, ExportedPart(profile_json="{}"))
    records = FakeRecords(parts=parts)
    async with serving(records) as stub:
        call = stub.ExportShopper(pb.ExportShopperRequest(catalog=CATALOG, visitor_id="v1"))
        found = [part async for part in call]
    assert [len(p.events) for p in found] == [1, 1, 1, 0]
    assert records.asked == [Who("visitor_id", "v1")]
