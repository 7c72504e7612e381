"""FindDeals over a real channel."""

from dataclasses import replace

import pytest
from qdrant_client import models

from fakes.retrieval_catalogue import refused
from fakes.retrieval_world import CATALOG, ids, limit, money, product, wish
from shopguide.retrieval.v1 import index_service_pb2 as index_pb
from shopguide.retrieval.v1 import retrieval_service_pb2 as pb
from shopguide.type.v1 import product_pb2, query_pb2
from shopguide_retrieval.adapters.qdrant_catalogs import QdrantCatalogStore
from shopguide_retrieval.adapters.qdrant_schema import CollectionSettings
from shopguide_runtime.errors import InvalidArgument

pytestmark = pytest.mark.anyio


def priced(identifier, title, price, was=None, leaf="Headphones", **fields):
    """Return a product with a list price."""
    one = product(identifier, title, price, category_path=["Shop", leaf], **fields)
    if was is not None:
        one.original_price.CopyFrom(money(was))
    return one


def stock():
    """Return headphones from 100 to 1,000 and kettles from 50 to 120, some of them reduced."""
    headphones = [priced(f"h{i}", f"Wireless headphones model {i}", 100.0 * i) for i in range(1, 11)]
    kettles = [
        priced(f"k{i}", f"Electric kettle model {i}", 40.0 + 10 * i, leaf="Kettles") for i in range(1, 9)
    ]
    reduced = [
        priced("h-deal", "Wireless headphones reduced", 600, 900),
        priced("h-absurd", "Wireless headphones absurd", 500, 90_000),
        priced(
            "h-gone",
            "Wireless headphones sold out",
            300,
            900,
            availability=product_pb2.Product.AVAILABILITY_OUT_OF_STOCK,
        ),
        priced("k-red", "Electric kettle red", 90, 120, leaf="Kettles", group_id="kettle"),
        priced("k-blue", "Electric kettle blue", 80, 120, leaf="Kettles", group_id="kettle"),
    ]
    return headphones + kettles + reduced


@pytest.fixture
async def shop(empty):
    """A service with the products above."""
    await empty.fill(stock())
    return empty


async def find(world, query="", *constraints, **fields):
    """Return deals."""
    request = pb.FindDealsRequest(
        **{"catalog": CATALOG, "query": query, "constraints": constraints, "page_size": 50} | fields
    )
    return await world.read.FindDeals(request)


def deal(response, identifier):
    """Return what is good about the price of a product."""
    return next(d for d in response.deals if d.product_id == identifier)


async def test_every_deal_says_why_and_by_how_much(shop):
    """Shares and savings are those of the stored prices; only what can be bought is a deal."""
    response = await find(shop)
    found = ids(response.results)
    assert [d.product_id for d in response.deals] == found
    assert "h-gone" not in found
    one = deal(response, "h-deal")
    assert one.discount_share == pytest.approx(1 / 3)
    assert one.saving == money(300)
    assert one.cheaper_than_share == pytest.approx(4 / 12)
    for result, said in zip(response.results, response.deals, strict=True):
        assert ("BELOW_LIST_PRICE" in result.reasons) == said.HasField("discount_share")
        assert "BELOW_LIST_PRICE" in result.reasons or said.cheaper_than_share >= 0.7
        listed = result.product.original_price
        assert not said.HasField("saving") or said.saving.units == listed.units - result.product.price.units


async def test_an_absurd_list_price_is_no_saving(shop):
    """A list price of a hundred times what such things cost is not advertised."""
    assert "h-absurd" not in ids((await find(shop)).results)


async def test_variants_are_one_deal(shop):
    """Of a group the best deal is shown."""
    assert [i for i in ids((await find(shop)).results) if i in ("k-red", "k-blue")] == ["k-blue"]


async def test_without_a_query_no_category_fills_the_list(shop):
    """Both kinds of product are among the first."""
    first = (await find(shop)).results[:4]
    assert {r.product.category_path[-1] for r in first} == {"Headphones", "Kettles"}


async def test_a_query_names_what_may_be_a_deal(shop):
    """Only products of what the words name."""
    found = (await find(shop, "electric kettle")).results
    assert found
    assert {r.product.category_path[-1] for r in found} == {"Kettles"}
    assert "k-blue" in ids(found[:2])


async def test_limits_hold_and_are_accounted_for(shop):
    """Constraints and the platform's filter apply; what became of each constraint is said."""
    under = query_pb2.Filter(conditions=[limit("price", high=100).condition])
    response = await find(shop, "", limit("category", any_of=["Kettles"]), filter=under)
    assert all(r.product.price.units <= 100 for r in response.results)
    assert {r.product.category_path[-1] for r in response.results} == {"Kettles"}
    assert [o.outcome for o in response.constraint_outcomes] == [query_pb2.ConstraintOutcome.OUTCOME_APPLIED]


async def test_a_wish_comes_first(shop):
    """Without a query, deals of the wished category lead."""
    found = (await find(shop, "", wish("category", any_of=["Headphones"]))).results
    assert found[0].product.category_path[-1] == "Headphones"


async def test_no_deal_is_an_empty_list(empty):
    """Nothing is called a deal for want of a better one."""
    await empty.fill([priced("a", "Mug", 10), priced("b", "Cup", 12)])
    response = await find(empty)
    assert (list(response.results), list(response.deals)) == ([], [])


async def test_the_same_request_gives_the_same_list(shop):
    """With and without a query."""
    for query in ("", "headphones"):
        lists = [ids((await find(shop, query)).results) for _ in range(3)]
        assert lists[0] == lists[1] == lists[2]


async def test_an_offer_makes_a_deal_at_once(shop):
    """A price that was cut a moment ago is found, with the category's new prices."""
    cut = index_pb.Offer(product_id="h9", price=money(450), original_price=money(900))
    await shop.write.UpdateOffers(index_pb.UpdateOffersRequest(catalog=CATALOG, offers=[cut]))
    response = await find(shop, "headphones")
    assert response.results[0].product_id == "h9"
    assert deal(response, "h9").cheaper_than_share == pytest.approx(7 / 12)


async def test_an_old_catalogue_has_deals_by_category_only(shop):
    """One imported before list prices were indexed still answers, and says what is missing; an import mends it."""
    store = QdrantCatalogStore(shop.qdrant, CollectionSettings())
    await store.put(replace(await store.get("shop"), layout=1))
    everything = models.Filter()
    await shop.qdrant.delete_payload("shop_products_v1", ["discount", "list_price"], everything)
    await shop.qdrant.set_payload("shop_products_v1", {"content_hash": "of another layout"}, everything)
    response = await find(shop)
    assert [d.component for d in response.degradations] == ["index"]
    assert response.results
    assert not any(d.HasField("saving") for d in response.deals)
    await shop.fill(stock())
    mended = await find(shop)
    assert not mended.degradations
    assert deal(mended, "h-deal").saving == money(300)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"catalog": "shop"}, "catalog"),
        ({"query": "x" * 2001}, "query"),
        ({"page_size": -1}, "page_size"),
        ({"shopper": query_pb2.Shopper(currency_code="yuan")}, "shopper.currency_code"),
        ({"constraints": [limit("price", low=9, high=3)]}, "constraints[0].condition.range"),
        ({"filter": query_pb2.Filter(conditions=[limit("size", high=3).condition])}, "filter.conditions[0]"),
    ],
)
async def test_a_malformed_request_names_the_field(shop, wrong, field):
    """One violation, at its path."""
    error = await refused(find(shop, **wrong))
    assert isinstance(error, InvalidArgument)
    assert [v.field for v in error.violations] == [field]
