"""Events and profiles of shoppers on a real Qdrant node: concurrent writers, a killed node, erasure, a rebuild."""

import asyncio
import json
import random

import pytest
from qdrant_client import models

from fakes.retrieval_world import CATALOG, FakeEncoder, product, shop
from fakes.shopper_events import event, forgetting, of, written
from shopguide.retrieval.v1 import index_service_pb2 as pb
from shopguide_retrieval.adapters.qdrant_lists import sparse
from shopguide_retrieval.adapters.qdrant_shopper_schema import (
    EVENTS,
    ITEMS,
    SHOPPERS,
    TASTE,
    shopper_collection,
)
from shopguide_retrieval.bootstrap import make_rebuilder
from shopguide_retrieval.config import RetrievalSettings
from shopguide_retrieval.domain.profiles import profile
from shopguide_retrieval.domain.shoppers import items_vector

pytestmark = pytest.mark.anyio

SHOP_EVENTS, SHOP_SHOPPERS = shopper_collection("shop", EVENTS), shopper_collection("shop", SHOPPERS)


async def told(world, **who):
    """Return the ids of a shopper's events and their profile."""
    events, told_profile = [], "{}"
    async for message in world.write.ExportShopper(of(**who)):
        events += [e.event_id for e in message.events]
        told_profile = message.profile_json or told_profile
    return events, json.loads(told_profile)


async def points(world, name, **query):
    """Return all points of a collection."""
    return (await world.qdrant.scroll(name, limit=1000, with_vectors=True, **query))[0]


async def test_thirty_two_writers_of_one_shopper_lose_nothing(world):
    """Whatever 32 concurrent writers wrote of one shopper is in the profile when the last one has returned."""
    await world.fill(shop())
    writers = [
        written(*(event(f"w{w}-{i}", random.choice(["h1", "h2", "p3"]), user="u1") for i in range(3)))
        for w in range(32)
    ]
    responses = await asyncio.gather(*(world.write.WriteEvents(request) for request in writers))
    assert sum(r.written_count for r in responses) == 96
    for who in ({"visitor_id": "ann"}, {"user_id": "u1"}):
        events, learned = await told(world, **who)
        assert len(events) == 96
        assert learned["event_count"] == 96
        assert {i["product_id"] for i in learned["interactions"]} == {"h1", "h2", "p3"}


async def test_each_writer_finds_its_event_in_the_profile(world):
    """What a writer was told is written shows in the profile that it reads next, among 16 other writers."""
    await world.fill([product(f"q{i}", f"Thing {i}", 1) for i in range(16)])

    async def write_and_look(number):
        await world.write.WriteEvents(written(event(f"e{number}", f"q{number}")))
        _, learned = await told(world, visitor_id="ann")
        return f"q{number}" in {i["product_id"] for i in learned["interactions"]}

    assert all(await asyncio.gather(*map(write_and_look, range(16))))


async def test_what_was_acknowledged_survives_a_killed_node(world, node, tmp_path):
    """A node that is killed after the acknowledgement has the events and the profile when it is back."""
    await world.fill(shop())
    for number in range(5):
        await world.write.WriteEvents(written(event(f"e{number}", "h1")))
    node.kill()
    node.__init__(tmp_path, "--port", str(node.port))
    events, learned = await told(world, visitor_id="ann")
    assert events == [f"e{i}" for i in range(5)]
    assert learned["event_count"] == 5


async def test_a_profile_that_was_not_reached_is_made_up_by_a_retry(world):
    """When a writer ends between its events and the profile, sending the events again brings the profile."""
    await world.fill(shop())
    request = written(event("e1", "h1"), event("e2", "h2"))
    await world.write.WriteEvents(request)
    everything = models.FilterSelector(filter=models.Filter())
    await world.qdrant.delete(SHOP_SHOPPERS, everything, wait=True)
    assert (await told(world, visitor_id="ann"))[1] == {}
    assert (await world.write.WriteEvents(request)).duplicate_count == 2
    assert (await told(world, visitor_id="ann"))[1]["event_count"] == 2


async def test_an_erased_shopper_is_not_found_by_any_query(world):
    """After an erasure neither events nor vectors nor neighbours of the shopper are found; others stay."""
    await world.fill(shop())
    await world.write.WriteEvents(
        written(
            event("a1", "h1", "h2", visitor="ann", kind="PURCHASE", query="gift for mum"),
            event("a2", kind="SEARCH", visitor="ann", query="noise"),
            event("b1", "h1", "p3", visitor="bob", kind="PURCHASE"),
        )
    )
    before = {p.payload["key"]: p for p in await points(world, SHOP_SHOPPERS)}
    assert before.keys() == {"v:ann", "v:bob"}
    await world.write.EraseShopper(forgetting(visitor_id="ann"))
    assert [p.payload["event_id"] for p in await points(world, SHOP_EVENTS)] == ["b1"]
    alike = sparse(items_vector({"h1": 1.0, "h2": 1.0}))
    for query in (
        {"query": alike, "using": ITEMS},
        {"query": before["v:ann"].vector[TASTE], "using": TASTE},
        {"query": models.OrderByQuery(order_by=models.OrderBy(key="last_time"))},
    ):
        found = await world.qdrant.query_points(SHOP_SHOPPERS, limit=10, with_payload=True, **query)
        assert [p.payload["key"] for p in found.points] == ["v:bob"]
    counts = await world.qdrant.facet(SHOP_SHOPPERS, "item_ids", exact=True)
    assert {h.value: h.count for h in counts.hits if h.count} == {"h1": 1, "p3": 1}


async def test_erasing_among_writers_leaves_profiles_of_what_there_is(world):
    """However erasures and writes of a device and its user fall together, each profile is that of the events left."""
    await world.fill(shop())
    random_ = random.Random(5)
    shoppers = [("ann", "u1"), ("ann", ""), ("bob", "u1"), ("bob", "")]

    async def act(number):
        await asyncio.sleep(random_.uniform(0, 0.5))
        visitor, user = shoppers[number % 4]
        if number % 3:
            await world.write.WriteEvents(
                written(event(f"e{number}", "h1", "p3", visitor=visitor, user=user))
            )
        else:
            who = {"user_id": user} if user else {"visitor_id": visitor}
            await world.write.EraseShopper(forgetting(**who))

    await asyncio.gather(*map(act, range(60)))
    stored = await points(world, SHOP_EVENTS)
    for key in ("v:ann", "v:bob", "u:u1"):
        expected = sum(key in p.payload["keys"] for p in stored)
        found = [
            p.payload["event_count"] for p in await points(world, SHOP_SHOPPERS) if p.payload["key"] == key
        ]
        assert found == ([expected] if expected else [])


async def test_an_erasure_that_ended_half_way_is_finished_by_the_next(world):
    """When events are gone but a profile of another key still tells of them, erasing again corrects that profile."""
    await world.fill(shop())
    await world.write.WriteEvents(
        written(event("e1", "h1", user="u1"), event("e2", "p3", visitor="bob", user="u1"))
    )
    (gone,) = [p for p in await points(world, SHOP_EVENTS) if p.payload["event_id"] == "e1"]
    await world.qdrant.delete(SHOP_EVENTS, [gone.id], wait=True)
    assert (await world.write.EraseShopper(forgetting(visitor_id="ann"))).deleted_event_count == 0
    _, learned = await told(world, user_id="u1")
    assert [i["product_id"] for i in learned["interactions"]] == ["p3"]
    assert await told(world, visitor_id="ann") == ([], {})


async def test_a_rebuild_keeps_events_and_computes_tastes_anew(world):
    """After a change of encoder events and interactions are the same, and the taste is in the new encoder's space."""
    await world.fill(shop())
    await world.write.WriteEvents(written(event("e1", "h1", "p3")))
    events, before = await told(world, visitor_id="ann")
    world.encoder.name = "new@111111111111/384/none"
    assert (await told(world, visitor_id="ann"))[1]["taste"] == before["taste"]
    settings = RetrievalSettings(qdrant_hnsw_m=0)
    done = await make_rebuilder(settings, world.qdrant, FakeEncoder(world.encoder.name)).rebuild("shop")
    assert done.new.version == 2
    (point,) = await points(world, SHOP_SHOPPERS)
    assert point.payload["fingerprint"] == world.encoder.name
    after = await told(world, visitor_id="ann")
    assert after == (events, before)


async def test_many_shoppers_in_one_request(world):
    """A request of 500 events of 400 shoppers makes a profile for each, with the same result as one by one."""
    await world.fill(shop())
    request = pb.WriteEventsRequest(
        catalog=CATALOG,
        events=[
            event(f"e{i}", "h1" if i % 2 else "h2", visitor=f"v{i % 400}", at=1000 + i) for i in range(500)
        ],
    )
    assert (await world.write.WriteEvents(request)).written_count == 500
    counts = [p.payload["event_count"] for p in await points(world, SHOP_SHOPPERS)]
    assert sorted(counts) == [1] * 300 + [2] * 100


async def test_a_very_long_history(world):
    """A shopper with more events than a profile is made of keeps the count of all and the latest of them."""
    await world.fill(shop())
    for start in range(0, 1500, 500):
        await world.write.WriteEvents(
            written(*(event(f"e{i}", f"x{i}", at=1000 + i) for i in range(start, start + 500)))
        )
    await world.write.WriteEvents(written(event("last", "h1", at=9000)))
    events, learned = await told(world, visitor_id="ann")
    assert len(events) == 1501
    assert events[-1] == "last"
    assert learned["event_count"] == 1501
    assert [i["product_id"] for i in learned["interactions"][:2]] == ["h1", "x1499"]
    assert profile("v:ann", []).digest == ""
