"""A catalogue's life: partial failures, variants, deletion, and catalogues that know nothing of each other."""

import asyncio

import pytest

from fakes.retrieval_catalogue import refused, stored
from fakes.retrieval_world import CATALOG, ids, limit, money, product, shop
from shopguide.retrieval.v1 import index_service_pb2 as index_pb
from shopguide.retrieval.v1 import retrieval_service_pb2 as pb
from shopguide.type.v1 import catalog_pb2
from shopguide_runtime.errors import NotFound

pytestmark = pytest.mark.anyio

OTHER = "catalogs/shop-2"
"""The name of one is the beginning of the other's."""


async def fill(world, catalog, products):
    """Write products to a catalogue."""
    return await world.write.UpsertProducts(
        iter([index_pb.UpsertProductsRequest(catalog=catalog, products=products)])
    )


async def found(world, catalog, query="", **fields):
    """Return the ids that a search finds."""
    return ids(
        (
            await world.read.Search(pb.SearchRequest(catalog=catalog, query=query, page_size=100, **fields))
        ).results
    )


@pytest.fixture
async def two(world):
    """A second catalogue, with one product of the same id as in the first and other contents."""
    await fill(
        world,
        OTHER,
        [
            product("h1", "Ceramic teapot", 88, currency="USD", brand="Sony", category_path=["Kitchen"]),
            product("k1", "Cast iron teapot", 99, currency="USD", attributes={"volume": (1.2, "l")}),
        ],
    )
    return world


async def test_catalogues_do_not_see_each_other(two):
    """Search, similar products, products by id, deals and descriptions are those of their own catalogue."""
    assert set(await found(two, OTHER)) == {"h1", "k1"}
    assert "k1" not in await found(two, CATALOG, "cast iron teapot")
    assert (await stored(two, "h1")).title.startswith("Sony WH-1000XM5")
    assert (await stored(two, "h1", OTHER)).title == "Ceramic teapot"
    similar = await two.read.FindSimilar(pb.FindSimilarRequest(catalog=OTHER, product_ids=["h1", "p1"]))
    assert (ids(similar.results), list(similar.missing_ids)) == (["k1"], ["p1"])
    about = (await two.read.DescribeCatalog(pb.DescribeCatalogRequest(catalog=OTHER))).description
    assert (about.product_count, [p.currency_code for p in about.prices]) == (2, ["USD"])
    assert [a.spec.key for a in about.attributes] == ["volume"]


async def test_limits_are_those_of_the_catalogue(two):
    """An attribute or a currency of the other one is unknown here."""
    response = await two.read.Search(
        pb.SearchRequest(
            catalog=OTHER,
            query="teapot",
            constraints=[limit("attributes.battery", low=1), limit("price", high=90, currency="CNY")],
        )
    )
    assert [o.reason for o in response.constraint_outcomes] == ["UNKNOWN_FIELD", "NOT_COMPARABLE"]


async def test_writes_stay_in_their_catalogue(two):
    """Offers, deletions and names of categories do not reach a product of the same id elsewhere."""
    offer = index_pb.Offer(product_id="h1", price=money(77, "USD"))
    await two.write.UpdateOffers(index_pb.UpdateOffersRequest(catalog=OTHER, offers=[offer]))
    assert (await stored(two, "h1")).price == money(2499)
    spec = catalog_pb2.CategorySpec(
        id="headphones", labels=[catalog_pb2.Labels(language_code="en", names=["Kitchen"])]
    )
    await two.write.UpdateCatalogSpecs(index_pb.UpdateCatalogSpecsRequest(catalog=CATALOG, categories=[spec]))
    in_kitchen = {"constraints": [limit("category", any_of=["Kitchen"])]}
    assert await found(two, OTHER, "teapot", **in_kitchen) == ["h1"]
    await two.write.DeleteProducts(index_pb.DeleteProductsRequest(catalog=OTHER, product_ids=["h1"]))
    assert "h1" in await found(two, CATALOG, "sony headphones")
    assert await found(two, OTHER) == ["k1"]


async def test_deleting_a_catalogue_leaves_the_others(two):
    """Whichever name is the beginning of the other's."""
    await two.write.DeleteCatalog(index_pb.DeleteCatalogRequest(catalog=CATALOG))
    assert isinstance(await refused(found(two, CATALOG)), NotFound)
    assert set(await found(two, OTHER)) == {"h1", "k1"}
    await fill(two, CATALOG, shop()[:1])
    await two.write.DeleteCatalog(index_pb.DeleteCatalogRequest(catalog=OTHER))
    assert await found(two, CATALOG) == ["h1"]


async def test_streams_to_two_catalogues_at_once(empty):
    """Nothing of one arrives in the other."""
    names = [CATALOG, OTHER]
    streams = [[product(f"{n[-1]}{i}", f"Mug {i}", i + 1) for i in range(150)] for n in names]
    responses = await asyncio.gather(*(fill(empty, n, s) for n, s in zip(names, streams, strict=True)))
    assert [r.upserted_count for r in responses] == [150, 150]
    for name, stream in zip(names, streams, strict=True):
        response = await empty.read.Search(pb.SearchRequest(catalog=name, page_size=100))
        assert response.total_size == 150
        assert set(ids(response.results)) <= {p.id for p in stream}


async def test_a_stream_with_failures_in_every_message(empty):
    """Each bad product is reported by its place in the whole stream; every good one can be found."""
    every = [product(f"p{i}", f"Mug {i}" if i % 7 else "", i + 1.0) for i in range(300)]
    response = await empty.fill(every, size=40)
    bad = [i for i in range(300) if i % 7 == 0]
    assert [(f.index, f.id) for f in response.failures] == [(i, f"p{i}") for i in bad]
    assert (response.upserted_count, response.failed_count) == (300 - len(bad), len(bad))
    assert (await empty.search("mug")).total_size == 300 - len(bad)


async def test_a_stream_sent_again_mends_what_failed(empty):
    """Only what was refused before is new the second time."""
    stream = [product("a", "Mug", 5), product("b", "", 6)]
    await empty.fill(stream)
    stream[1].title = "Cup"
    response = await empty.fill(stream)
    assert (response.upserted_count, response.unchanged_count, response.failed_count) == (2, 1, 0)
    assert (await stored(empty, "b")).title == "Cup"


async def test_variants_follow_their_group(world):
    """One of a group is shown; the next one takes its place when it is gone, sold out or leaves the group."""
    query, phones = "Apple iPhone 16", {"p1", "p2"}
    assert len(phones & set(await found(world, CATALOG, query))) == 1
    first = next(i for i in await found(world, CATALOG, query) if i in phones)
    (second,) = phones - {first}
    gone = index_pb.Offer(product_id=first, availability=2)
    await world.write.UpdateOffers(index_pb.UpdateOffersRequest(catalog=CATALOG, offers=[gone]))
    assert phones & set(await found(world, CATALOG, query)) == {second}
    alone = next(p for p in shop() if p.id == first)
    alone.group_id = ""
    await world.fill([alone])
    assert phones <= set(await found(world, CATALOG, query))
    await world.write.DeleteProducts(index_pb.DeleteProductsRequest(catalog=CATALOG, product_ids=[second]))
    assert phones & set(await found(world, CATALOG, query)) == {first}


async def test_deleting_and_writing_again(world):
    """A product that comes back is embedded, found and priced as the first time."""
    before = await stored(world, "b2")
    await world.write.DeleteProducts(index_pb.DeleteProductsRequest(catalog=CATALOG, product_ids=["b2"]))
    assert "b2" not in await found(world, CATALOG, "canvas tote bag")
    missed = index_pb.Offer(product_id="b2", price=money(1))
    response = await world.write.UpdateOffers(index_pb.UpdateOffersRequest(catalog=CATALOG, offers=[missed]))
    assert list(response.missing_ids) == ["b2"]
    await world.fill([before])
    assert (await stored(world, "b2")) == before
    assert (await found(world, CATALOG, "canvas tote bag"))[0] == "b2"
