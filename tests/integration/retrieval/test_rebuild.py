"""A catalogue is built anew while it is searched and written."""

import asyncio

import pytest

from fakes.retrieval_world import CATALOG, FakeEncoder, ids, product, shop
from shopguide.retrieval.v1 import index_service_pb2 as index_pb
from shopguide.retrieval.v1 import retrieval_service_pb2 as pb
from shopguide_retrieval.bootstrap import make_rebuilder
from shopguide_retrieval.config import RetrievalSettings

pytestmark = pytest.mark.anyio

SETTINGS = RetrievalSettings(qdrant_hnsw_m=0)


async def test_searches_go_on_while_the_version_changes(world):
    """No search fails or comes back empty, and a product written meanwhile is in the new version."""
    await world.fill(shop())
    rebuilder = make_rebuilder(SETTINGS, world.qdrant, world.encoder)
    stop = asyncio.Event()
    answers = []

    async def keep_asking():
        while not stop.is_set():
            answers.append(ids((await world.search("iPhone 15")).results)[0])

    asking = asyncio.create_task(keep_asking())
    building = asyncio.create_task(rebuilder.rebuild("shop"))
    await world.fill([product("late", "Late kettle", 10)])
    await world.write.DeleteProducts(index_pb.DeleteProductsRequest(catalog=CATALOG, product_ids=["b1"]))
    done = await building
    await asyncio.sleep(0.1)
    stop.set()
    await asking
    await rebuilder.drop(done)
    assert set(answers) == {"p3"}
    assert (done.old.version, done.new.version) == (1, 2)
    assert ids((await world.search("Late kettle")).results)[0] == "late"
    assert "b1" not in ids((await world.search("Leather handbag")).results)


async def test_a_rebuild_takes_the_served_encoder(world):
    """After a change of encoder searches are refused; the rebuild makes them possible, reviews and FAQ included."""
    await world.fill(shop())
    entry = pb.FaqEntry(
        id="f", question="How do I return a product?", phrasings=["send it back"], answer="30 days."
    )
    await world.write.ImportFaq(iter([index_pb.ImportFaqRequest(catalog=CATALOG, entries=[entry])]))
    note = pb.Review(id="r", product_id="h1", text="Battery lasts two days")
    await world.write.ImportReviews(iter([index_pb.ImportReviewsRequest(catalog=CATALOG, reviews=[note])]))
    world.encoder.name = "new@111111111111/384/none"
    await make_rebuilder(SETTINGS, world.qdrant, FakeEncoder(world.encoder.name)).rebuild("shop")
    assert ids((await world.search("WH-1000XM5")).results)[0] == "h1"
    answer = await world.read.SearchFaq(pb.SearchFaqRequest(catalog=CATALOG, query="send it back"))
    assert answer.matches[0].entry == entry
    reviews = await world.read.SearchReviews(pb.SearchReviewsRequest(catalog=CATALOG, query="battery"))
    assert [m.review.id for m in reviews.matches] == ["r"]


async def test_state_survives_a_restart_of_the_node(world, node, tmp_path):
    """Everything is in Qdrant: after a graceful restart of the node the catalogue is there, with its record."""
    await world.fill(shop())
    before = ids((await world.search("headphones")).results)
    node.stop()
    node.__init__(tmp_path, "--port", str(node.port))
    assert ids((await world.search("headphones")).results) == before


async def test_aliases_point_at_the_served_version(world):
    """Operators and other tools find the served collections under names that do not change."""
    await world.fill(shop())
    await make_rebuilder(SETTINGS, world.qdrant, world.encoder).rebuild("shop")
    aliases = {a.alias_name: a.collection_name for a in (await world.qdrant.get_aliases()).aliases}
    assert aliases == {
        "shop_products": "shop_products_v2",
        "shop_reviews": "shop_reviews_v2",
        "shop_faq": "shop_faq_v2",
    }
