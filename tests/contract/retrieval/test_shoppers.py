"""WriteEvents, ExportShopper and EraseShopper over a real channel."""

import asyncio
import json
import time

import grpc
import grpc.aio
import pytest
from google.protobuf.timestamp_pb2 import Timestamp
from google.rpc import error_details_pb2
from google.type import money_pb2

from fakes.retrieval_world import CATALOG, FINGERPRINT, product, shop
from fakes.shopper_events import Event, event, forgetting, of, written
from shopguide.retrieval.v1 import index_service_pb2 as pb
from shopguide.type.v1 import query_pb2
from shopguide_retrieval.adapters.qdrant_shopper_schema import SHOPPERS, shopper_collection
from shopguide_runtime.errors import Unavailable, from_rpc_error

pytestmark = pytest.mark.anyio


async def exported(world, catalog=CATALOG, **who):
    """Return a shopper's events and profile."""
    events, profiles = [], []
    async for message in world.write.ExportShopper(of(catalog, **who)):
        events += message.events
        profiles.append(message.profile_json)
    assert not any(profiles[:-1])
    return events, json.loads(profiles[-1])


async def refused(call):
    """Return the error that a call ends with."""
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await call
    return from_rpc_error(caught.value, "retrieval")


def violations(failure):
    """Return the fields named by an event's failure."""
    bad = error_details_pb2.BadRequest()
    assert any(detail.Unpack(bad) for detail in failure.status.details)
    return {v.field for v in bad.field_violations}


def changed(message, **fields):
    """Return a copy of an event with other fields; None clears one."""
    copy = Event()
    copy.CopyFrom(message)
    for name, value in fields.items():
        copy.ClearField(name)
        if value is not None:
            copy.MergeFrom(Event(**{name: value}))
    return copy


GOOD = event("good", "h1")
LINE = Event.Line
SAID = Event.Feedback(turn_id="t", verdict=Event.Feedback.VERDICT_WRONG)
YUAN = money_pb2.Money(currency_code="CNY", units=1)
BAD = {
    "no id": ({"event_id": None}, "event_id"),
    "blank id": ({"event_id": " "}, "event_id"),
    "long id": ({"event_id": "x" * 65}, "event_id"),
    "long id in bytes": ({"event_id": "手" * 22}, "event_id"),
    "id with a line break": ({"event_id": "a\nb"}, "event_id"),
    "no type": ({"type": None}, "type"),
    "unknown type": ({"type": 99}, "type"),
    "no shopper": ({"shopper": None}, "shopper.visitor_id"),
    "user without visitor": ({"shopper": query_pb2.Shopper(user_id="u")}, "shopper.visitor_id"),
    "long visitor": ({"shopper": query_pb2.Shopper(visitor_id="x" * 129)}, "shopper.visitor_id"),
    "bad user": ({"shopper": query_pb2.Shopper(visitor_id="v", user_id="a b")}, "shopper.user_id"),
    "no lines": ({"lines": None}, "lines"),
    "101 lines": ({"lines": [LINE(product_id="h1")] * 101}, "lines"),
    "line without product": ({"lines": [LINE()]}, "lines[0].product_id"),
    "long product": ({"lines": [LINE(product_id="x" * 129)]}, "lines[0].product_id"),
    "negative quantity": ({"lines": [LINE(product_id="h1", quantity=-1)]}, "lines[0].quantity"),
    "no quantity": ({"lines": [LINE(product_id="h1", quantity=0)]}, "lines[0].quantity"),
    "price without currency": (
        {"lines": [LINE(product_id="h1", unit_price=money_pb2.Money(units=1))]},
        "lines[0].unit_price.currency_code",
    ),
    "price in no currency": (
        {"lines": [LINE(product_id="h1", unit_price=money_pb2.Money(units=1, currency_code="yuan"))]},
        "lines[0].unit_price.currency_code",
    ),
    "negative price": (
        {"lines": [LINE(product_id="h1", unit_price=money_pb2.Money(units=-1, currency_code="CNY"))]},
        "lines[0].unit_price",
    ),
    "immense price": (
        {"lines": [LINE(product_id="h1", unit_price=money_pb2.Money(units=2**60, currency_code="CNY"))]},
        "lines[0].unit_price",
    ),
    "search without query": ({"type": Event.TYPE_SEARCH, "lines": None}, "query"),
    "long query": ({"query": "x" * 2001}, "query"),
    "control character": ({"query": "a\0b"}, "query"),
    "long attribution": ({"attribution_token": "x" * 4001}, "attribution_token"),
    "next week": ({"event_time": Timestamp(seconds=int(time.time()) + 7 * 86_400)}, "event_time"),
    "milliseconds": ({"event_time": Timestamp(seconds=1_700_000_000_000)}, "event_time"),
    "before 1970": ({"event_time": Timestamp(seconds=-5)}, "event_time"),
    "bad nanos": ({"event_time": Timestamp(seconds=5, nanos=2_000_000_000)}, "event_time.nanos"),
    "feedback of a view": ({"feedback": SAID}, "feedback"),
    "feedback without feedback": ({"type": Event.TYPE_FEEDBACK, "lines": None}, "feedback"),
    "feedback without verdict": (
        {"type": Event.TYPE_FEEDBACK, "feedback": Event.Feedback(turn_id="t")},
        "feedback.verdict",
    ),
    "feedback on no turn": (
        {"type": Event.TYPE_FEEDBACK, "feedback": Event.Feedback(verdict=1)},
        "feedback.turn_id",
    ),
    "long comment": (
        {"type": Event.TYPE_FEEDBACK, "feedback": Event.Feedback(turn_id="t", verdict=1, comment="x" * 2001)},
        "feedback.comment",
    ),
}


async def test_bad_events_are_named_and_the_good_ones_are_written(world):
    """Each kind of bad event is refused by field, with its id and position; the good ones between them are written."""
    bad = [changed(GOOD, **({"event_id": f"bad{i}"} | fields)) for i, (fields, _) in enumerate(BAD.values())]
    response = await world.write.WriteEvents(written(event("one", "h1"), *bad, event("two", "h2")))
    assert response.written_count == 2
    assert [f.index for f in response.failures] == list(range(1, len(bad) + 1))
    for failure, message, (_, field) in zip(response.failures, bad, BAD.values(), strict=True):
        assert failure.id == message.event_id[:64]
        assert field in violations(failure), message
    assert [e.event_id for e in (await exported(world, visitor_id="ann"))[0]] == ["one", "two"]


@pytest.mark.parametrize(
    ("request_", "field"),
    [
        (pb.WriteEventsRequest(events=[GOOD]), "catalog"),
        (pb.WriteEventsRequest(catalog="shop", events=[GOOD]), "catalog"),
        (pb.WriteEventsRequest(catalog=CATALOG), "events"),
        (pb.WriteEventsRequest(catalog=CATALOG, events=[GOOD] * 501), "events"),
    ],
)
async def test_a_bad_request_is_refused_as_a_whole(world, request_, field):
    """A request for no catalogue, without events or with more than 500 names its wrong field."""
    error = await refused(world.write.WriteEvents(request_))
    assert [v.field for v in error.violations] == [field]


@pytest.mark.parametrize("method", ["ExportShopper", "EraseShopper"])
@pytest.mark.parametrize(
    ("who", "field"),
    [({}, "visitor_id"), ({"visitor_id": ""}, "visitor_id"), ({"user_id": "a b"}, "user_id")],
)
async def test_whom_must_be_said(world, method, who, field):
    """Export and erase refuse a request that names nobody."""
    request = (of if method == "ExportShopper" else forgetting)(**who)
    call = getattr(world.write, method)(request)
    error = await refused(call.read() if method == "ExportShopper" else call)
    assert [v.field for v in error.violations] == [field]


async def test_an_unknown_catalogue_is_not_found(world):
    """Events, exports and erasures for a catalogue that does not exist are NOT_FOUND and create nothing."""
    calls = (
        world.write.WriteEvents(written(GOOD, catalog="catalogs/other")),
        world.write.ExportShopper(of("catalogs/other", visitor_id="ann")).read(),
        world.write.EraseShopper(forgetting("catalogs/other", visitor_id="ann")),
    )
    for call in calls:
        assert (await refused(call)).reason == "CATALOG_NOT_FOUND"
    names = [c.name for c in (await world.qdrant.get_collections()).collections]
    assert not any(name.startswith("other") for name in names)


async def test_everything_said_comes_back(world):
    """An export holds every field of every event, the oldest first, and the profile after them."""
    full = event(
        "full", kind="PURCHASE", user="u1", at=1_700_000_000, attribution_token="token", query="headphones"
    )
    full.lines.add(product_id="h1", quantity=2, unit_price=YUAN)
    full.event_time.nanos = 250_000_000
    search = event("search", kind="SEARCH", at=1_600_000_000, query="红色 跑鞋")
    said = event("said", kind="FEEDBACK", at=1_650_000_000, feedback=SAID)
    said.feedback.comment = "Not what I asked for."
    await world.write.WriteEvents(written(full, said, search))
    events, profile = await exported(world, visitor_id="ann")
    assert events == [search, said, full]
    assert profile["key"] == "v:ann"
    assert profile["event_count"] == 2
    assert profile["related_keys"] == ["u:u1"]
    assert [(i["product_id"], i["quantity"]) for i in profile["interactions"]] == [("h1", 2)]
    assert len(profile["taste"]) == 384
    assert [e.event_id for e in (await exported(world, user_id="u1"))[0]] == ["full"]


async def test_repeats_have_no_second_effect(world):
    """An id counts once: in one request, in the next one, with other contents, and its time does not move."""
    first = event("same", "h1")
    response = await world.write.WriteEvents(written(first, event("same", "h2"), event("other", "h2")))
    assert (response.written_count, response.duplicate_count) == (2, 1)
    before = await exported(world, visitor_id="ann")
    again = await world.write.WriteEvents(written(first, event("same", "h2", kind="PURCHASE")))
    assert (again.written_count, again.duplicate_count) == (0, 2)
    assert await exported(world, visitor_id="ann") == before
    assert abs(before[0][0].event_time.seconds - time.time()) < 60


async def test_concurrent_repeats_are_written_once(world):
    """Of many requests with the same events at the same moment exactly one has written each event."""
    events = [event(f"e{i}", "h1") for i in range(5)]
    responses = await asyncio.gather(*(world.write.WriteEvents(written(*events)) for _ in range(8)))
    assert sum(r.written_count for r in responses) == 5
    assert sum(r.duplicate_count for r in responses) == 35
    assert (await exported(world, visitor_id="ann"))[1]["event_count"] == 5


async def test_unknown_products_are_kept_and_count_once_they_come(world):
    """Events on products that the catalogue lacks are written and reported; the taste follows when they arrive."""
    response = await world.write.WriteEvents(written(event("e1", "late", "h1"), event("e2", "never", "late")))
    assert response.written_count == 2
    assert list(response.unknown_product_ids) == ["late", "never"]
    _, before = await exported(world, visitor_id="ann")
    assert {i["product_id"] for i in before["interactions"]} == {"late", "h1", "never"}
    await world.fill([product("late", "Copper kettle", 10)])
    _, after = await exported(world, visitor_id="ann")
    assert after["taste"] != before["taste"]
    assert after["interactions"] == before["interactions"]


async def test_a_signed_in_shopper_is_known_on_every_device(world):
    """Events with a user count for device and user; those without for the device alone."""
    await world.write.WriteEvents(
        written(
            event("e1", "h1", visitor="phone", user="u1"),
            event("e2", "h2", visitor="laptop", user="u1"),
            event("e3", "p3", visitor="laptop"),
        )
    )
    counts = {
        who: (await exported(world, **{kind: who}))[1]["event_count"]
        for kind, who in (("user_id", "u1"), ("visitor_id", "phone"), ("visitor_id", "laptop"))
    }
    assert counts == {"u1": 2, "phone": 1, "laptop": 2}


async def test_erasing_a_device_leaves_the_user_what_others_say(world):
    """All of the device's events go, those it sent as a user too; the user's profile is that of the others."""
    await world.write.WriteEvents(
        written(
            event("e1", "h1", visitor="phone", user="u1"),
            event("e2", "h2", visitor="laptop", user="u1"),
            event("e3", "p3", visitor="phone"),
        )
    )
    erased = await world.write.EraseShopper(forgetting(visitor_id="phone"))
    assert erased.deleted_event_count == 2
    assert await exported(world, visitor_id="phone") == ([], {})
    events, profile = await exported(world, user_id="u1")
    assert [e.event_id for e in events] == ["e2"]
    assert [i["product_id"] for i in profile["interactions"]] == ["h2"]
    assert profile["related_keys"] == ["v:laptop"]
    again = await world.write.EraseShopper(forgetting(visitor_id="phone"))
    assert again.deleted_event_count == 0


async def test_erasing_a_user_reaches_every_device(world):
    """All the user's events go on all devices; what a device did signed out stays."""
    await world.write.WriteEvents(
        written(
            event("e1", "h1", visitor="phone", user="u1"),
            event("e2", "h2", visitor="laptop", user="u1"),
            event("e3", "p3", visitor="phone"),
        )
    )
    assert (await world.write.EraseShopper(forgetting(user_id="u1"))).deleted_event_count == 2
    assert await exported(world, user_id="u1") == ([], {})
    assert await exported(world, visitor_id="laptop") == ([], {})
    events, profile = await exported(world, visitor_id="phone")
    assert [e.event_id for e in events] == ["e3"]
    assert profile["related_keys"] == []


async def test_catalogues_know_nothing_of_each_other(world):
    """The same shopper and the same event id in another catalogue are other ones; erasing in one leaves the other."""
    other = "catalogs/shop-events"
    await world.write.UpsertProducts(iter([pb.UpsertProductsRequest(catalog=other, products=shop()[:2])]))
    await world.write.WriteEvents(written(event("e1", "h1")))
    assert await exported(world, other, visitor_id="ann") == ([], {})
    response = await world.write.WriteEvents(written(event("e1", "h2"), catalog=other))
    assert response.written_count == 1
    assert (await world.write.EraseShopper(forgetting(visitor_id="ann"))).deleted_event_count == 1
    events, _ = await exported(world, other, visitor_id="ann")
    assert [e.lines[0].product_id for e in events] == ["h2"]


async def test_a_deleted_catalogue_takes_its_shoppers_along(world):
    """Nothing of the events is left in the index, and a new catalogue of the same name starts without any."""
    await world.write.WriteEvents(written(event("e1", "h1")))
    await world.write.DeleteCatalog(pb.DeleteCatalogRequest(catalog=CATALOG))
    assert [c.name for c in (await world.qdrant.get_collections()).collections] == ["shopguide_catalogs"]
    await world.fill(shop())
    assert await exported(world, visitor_id="ann") == ([], {})


async def test_tastes_of_another_encoder_are_not_used(world):
    """The stored taste names its encoder, so that one made by another is never compared with its vectors."""
    await world.write.WriteEvents(written(event("e1", "h1")))
    name = shopper_collection("shop", SHOPPERS)
    (point,) = (await world.qdrant.scroll(name))[0]
    assert point.payload["fingerprint"] == FINGERPRINT
    await world.qdrant.set_payload(name, {"fingerprint": "other"}, points=[point.id])
    assert (await exported(world, visitor_id="ann"))[1]["taste"] is None


async def test_events_are_not_swallowed_when_the_index_is_away(world, monkeypatch):
    """Without Qdrant a write fails as UNAVAILABLE with a hint when to try again; nothing is acknowledged."""

    async def fail(*_args, **_kwargs):
        raise ConnectionError("away")

    await world.write.WriteEvents(written(event("e0", "h1")))
    monkeypatch.setattr(world.qdrant, "upsert", fail)
    error = await refused(world.write.WriteEvents(written(event("e1", "h1"))))
    assert isinstance(error, Unavailable)
    assert error.retry_after
    monkeypatch.undo()
    assert (await world.write.WriteEvents(written(event("e1", "h1")))).written_count == 1
