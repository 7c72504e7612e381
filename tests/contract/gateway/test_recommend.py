"""Recommend of the gateway over a real channel: each place asks for its own kind of list."""

import asyncio
from contextlib import asynccontextmanager
from functools import partial

import grpc
import grpc.aio
import pytest

from fakes.gateway_records import FakeRecords
from fakes.gateway_services import FakeRetriever, FakeUnderstander, FakeWriter
from shopguide.gateway.v1 import guide_service_pb2 as pb
from shopguide.gateway.v1 import guide_service_pb2_grpc as pb_grpc
from shopguide.type.v1 import query_pb2
from shopguide_gateway.adapters.vault import new_key
from shopguide_gateway.bootstrap import SERVICE, make_servicer
from shopguide_gateway.config import GatewaySettings
from shopguide_gateway.domain.recommending import POPULAR_CACHED
from shopguide_runtime.channels import open_channel
from shopguide_runtime.errors import NotFound, Unavailable, from_rpc_error
from shopguide_runtime.testing import serve_in_process

pytestmark = pytest.mark.anyio


@asynccontextmanager
async def serving(retriever):
    """Serve a gateway over a fake of retrieval and give a function that recommends."""
    servicer = make_servicer(
        GatewaySettings(conversation_keys=(new_key(),)),
        FakeUnderstander(),
        retriever,
        FakeWriter(),
        FakeRecords(),
    )
    add = partial(pb_grpc.add_GuideServiceServicer_to_server, servicer)
    async with serve_in_process([add], service_names=[SERVICE]) as address, open_channel(address) as channel:
        stub = pb_grpc.GuideServiceStub(channel)

        async def recommend(placement="", context=(), **fields):
            shopper = fields.pop("shopper", query_pb2.Shopper(visitor_id="v1"))
            request = {
                "catalog": "catalogs/default",
                "shopper": shopper,
                "placement": placement,
                "context_product_ids": context,
            }
            return await stub.Recommend(pb.RecommendRequest(**request | fields))

        yield recommend


def limited(field="brand"):
    """Return a filter of one condition."""
    condition = query_pb2.Condition(field=field, any_of=query_pb2.TextSet(values=["Norte"]))
    return query_pb2.Filter(conditions=[condition])


async def refused(call):
    """Return the error that a call ends with."""
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await call
    return from_rpc_error(caught.value, "gateway")


PLACES = [
    ("", (), "recommend"),
    ("home", ("p1",), "recommend"),
    ("product", ("p1",), "find_similar"),
    ("product", (), "recommend"),
    ("cart", ("p1",), "find_bundle"),
    ("cart", (), "recommend"),
    ("deals", (), "find_deals"),
    ("trending", (), "list_trending"),
]


@pytest.mark.parametrize(("placement", "context", "method"), PLACES)
async def test_each_place_asks_for_its_own_list(placement, context, method):
    """The placement and whether products are in view decide what is looked for."""
    retriever = FakeRetriever()
    async with serving(retriever) as recommend:
        found = await recommend(placement, context)
    assert retriever.calls[0] == method
    assert found.results
    assert not found.degradations


async def test_the_context_travels_with_its_latest_product_last():
    """A product seen again counts at its last place."""
    retriever = FakeRetriever()
    async with serving(retriever) as recommend:
        await recommend("home", ("p1", "p2", "p1"))
    assert retriever.arguments[0]["seen_ids"] == ("p2", "p1")


async def test_the_cart_is_filled_up_with_what_suits_the_shopper():
    """After what completes the cart comes the shopper's own list, no product twice, at most the page."""
    async with serving(FakeRetriever()) as recommend:
        found = await recommend("cart", ("p1",), page_size=4)
    ids = [r.product_id for r in found.results]
    assert ids[:2] == ["p2", "p3"]
    assert len(ids) == len(set(ids)) == 4


async def test_popular_products_stand_in_when_retrieval_is_away():
    """What was popular a while ago is listed, and the answer says why; products in view are left out."""
    retriever = FakeRetriever()
    async with serving(retriever) as recommend:
        await recommend()
        await asyncio.sleep(0.05)
        retriever.error = Unavailable("retrieval")
        found = await recommend("home", ("p1",))
        filtered = await refused(recommend("home", filter=limited()))
        deals = await refused(recommend("deals"))
    assert [d.fallback for d in found.degradations] == [POPULAR_CACHED]
    assert found.results
    assert "p1" not in [r.product_id for r in found.results]
    assert isinstance(filtered, Unavailable)
    assert isinstance(deals, Unavailable)


async def test_without_anything_remembered_the_error_is_plain():
    """A gateway that never reached retrieval says UNAVAILABLE."""
    async with serving(FakeRetriever(error=Unavailable("retrieval"))) as recommend:
        assert isinstance(await refused(recommend()), Unavailable)


async def test_an_unknown_catalogue_is_not_found():
    """No popular list of another catalogue stands in."""
    async with serving(FakeRetriever()) as recommend:
        assert isinstance(await refused(recommend(catalog="catalogs/none")), NotFound)


BAD = {
    "placement": {"placement": "basement"},
    "shopper.visitor_id": {"shopper": query_pb2.Shopper()},
    "context_product_ids": {"context": [f"p{i}" for i in range(10_000)]},
    "context_product_ids[0]": {"context": [""]},
    "page_size": {"page_size": -1},
    "catalog": {"catalog": "default"},
}


@pytest.mark.parametrize("field", BAD)
async def test_bad_input_is_named(field):
    """Every malformed request names its field."""
    async with serving(FakeRetriever()) as recommend:
        error = await refused(recommend(**BAD[field]))
    assert field in {v.field for v in error.violations}
