"""UpdateOffers over a real channel: prices and stock change, nothing else does."""

import asyncio

import pytest
from google.type import money_pb2

from fakes.retrieval_catalogue import field_violations, refused, stored
from fakes.retrieval_world import CATALOG, ids, limit, money, product, shop
from shopguide.retrieval.v1 import index_service_pb2 as pb
from shopguide.retrieval.v1 import retrieval_service_pb2 as read_pb
from shopguide.type.v1 import product_pb2
from shopguide_retrieval.adapters.qdrant_schema import point_id
from shopguide_runtime.errors import InvalidArgument, NotFound

pytestmark = pytest.mark.anyio

OUT_OF_STOCK = product_pb2.Product.AVAILABILITY_OUT_OF_STOCK
COLLECTION = "shop_products_v1"


async def update(world, *offers):
    """Send offers and return the answer."""
    return await world.write.UpdateOffers(pb.UpdateOffersRequest(catalog=CATALOG, offers=offers))


def offer(identifier, price=None, was=None, currency="CNY", **fields):
    """Return an offer."""
    message = pb.Offer(product_id=identifier, **fields)
    if price is not None:
        message.price.CopyFrom(money(price, currency))
    if was is not None:
        message.original_price.CopyFrom(money(was, currency))
    return message


async def point(world, identifier):
    """Return the point of a product with its vectors and payload."""
    return (await world.qdrant.retrieve(COLLECTION, [point_id(identifier)], True, True))[0]


async def test_the_next_search_sees_the_new_price(world):
    """A price limit judges by the new price, and so does what is returned; nothing is embedded."""
    embedded = world.encoder.embedded
    response = await update(world, offer("h1", 1799, 2499))
    assert (response.updated_count, list(response.missing_ids), list(response.failures)) == (1, [], [])
    assert world.encoder.embedded == embedded
    found = await world.search("Sony headphones", limit("price", high=1800), limit("price", low=1700))
    assert ids(found.results)[:1] == ["h1"]
    shown = found.results[0].product
    assert (shown.price.units, shown.original_price.units) == (1799, 2499)


async def test_nothing_else_of_the_product_changes(world):
    """Vectors and every payload key that does not speak of the offer stay as they were."""
    before = await point(world, "h1")
    await update(world, offer("h1", 1799, 2499, availability=product_pb2.Product.AVAILABILITY_PREORDER))
    after = await point(world, "h1")
    assert after.vector == before.vector
    changed = {k for k in after.payload if after.payload[k] != before.payload.get(k)}
    assert changed == {
        "price",
        "list_price",
        "discount",
        "availability",
        "content_hash",
        "update_time",
        "product",
    }


async def test_an_import_of_the_same_product_then_finds_it_unchanged(world):
    """What an offer writes is exactly what an import of the product with that offer would have written."""
    await update(world, offer("h1", 1799, 2499, availability=OUT_OF_STOCK))
    written = (await point(world, "h1")).payload
    same = next(p for p in shop() if p.id == "h1")
    same.price.CopyFrom(money(1799))
    same.original_price.CopyFrom(money(2499))
    same.availability = OUT_OF_STOCK
    assert (await world.fill([same])).unchanged_count == 1
    await world.write.DeleteProducts(pb.DeleteProductsRequest(catalog=CATALOG, product_ids=["h1"]))
    await world.fill([same])
    imported = (await point(world, "h1")).payload
    assert {k: v for k, v in imported.items() if k != "update_time"} == {
        k: v for k, v in written.items() if k != "update_time"
    }


async def test_stock_leaves_and_comes_back(world):
    """A product out of stock is not found, until an offer says that it can be had again."""
    await update(world, offer("b2", availability=OUT_OF_STOCK))
    assert "b2" not in ids((await world.search("canvas tote bag")).results)
    await update(world, offer("b2", availability=product_pb2.Product.AVAILABILITY_IN_STOCK))
    assert ids((await world.search("canvas tote bag")).results)[0] == "b2"
    assert (await stored(world, "b2")).price == money(120)


async def test_an_amount_of_zero_takes_the_list_price_away(world):
    """With or without a currency; a list price that is not mentioned stays."""
    await update(world, offer("b2", 99, 120))
    await update(world, offer("b2", 95))
    assert (await stored(world, "b2")).original_price == money(120)
    await update(world, pb.Offer(product_id="b2", original_price=money_pb2.Money()))
    kept = await stored(world, "b2")
    assert (kept.HasField("original_price"), kept.price) == (False, money(95))


async def test_unknown_products_are_listed(world):
    """They are no failure and do not stop the others."""
    response = await update(world, offer("nope", 5), offer("b2", 99), offer("nada", 7))
    assert (response.updated_count, list(response.missing_ids)) == (1, ["nope", "nada"])


@pytest.mark.parametrize(
    ("bad", "field"),
    [
        (offer("b2", 5, currency=""), "price.currency_code"),
        (offer("b2", 5, currency="yuan"), "price.currency_code"),
        (offer("b2", 0), "price"),
        (pb.Offer(product_id="b2", price=money_pb2.Money(currency_code="CNY", units=-5)), "price"),
        (pb.Offer(product_id="b2", price=money_pb2.Money(currency_code="CNY", units=5, nanos=-1)), "price"),
        (offer("b2", was=9, currency=""), "original_price.currency_code"),
        (offer("b2", was=9, currency="USD"), "original_price"),
        (offer("b2", 5, availability=99), "availability"),
        (offer("b2"), "price"),
        (offer("", 5), "product_id"),
        (offer("x" * 200, 5), "product_id"),
    ],
)
async def test_a_bad_offer_is_named_and_stops_no_other(world, bad, field):
    """The failure has the position, the id and the one field that is wrong; the other offers are in force."""
    response = await update(world, offer("h1", 1799), bad, offer("h2", 299))
    assert [(f.index, f.id) for f in response.failures] == [(1, bad.product_id[:128])]
    assert field_violations(response.failures[0]) == {field}
    assert response.updated_count == 2
    assert (await stored(world, "h2")).price == money(299)
    assert (await stored(world, "b2")).price == money(120)


async def test_offers_of_one_product_are_applied_in_order(world):
    """What a later offer does not mention comes from the earlier one; the product counts once."""
    response = await update(world, offer("b2", 99, 120), offer("b2", 89), offer("b2", availability=3))
    assert response.updated_count == 1
    kept = await stored(world, "b2")
    assert (kept.price, kept.original_price, kept.availability) == (money(89), money(120), 3)


async def test_a_new_currency_can_be_searched_at_once(world):
    """Its index and its place in the catalogue's record come with the offer."""
    await update(world, offer("b2", 18, currency="USD"))
    found = await world.search("bag", limit("price", high=20, currency="USD"))
    assert ids(found.results) == ["b2"]


@pytest.mark.parametrize("count", [0, 1001])
async def test_a_request_holds_one_to_a_thousand_offers(world, count):
    """More or none is refused as a whole."""
    error = await refused(update(world, *(offer("b2", 5) for _ in range(count))))
    assert isinstance(error, InvalidArgument)
    assert [v.field for v in error.violations] == ["offers"]


async def test_an_unknown_catalogue(empty):
    """Nothing comes into being by an offer."""
    assert isinstance(await refused(update(empty, offer("b2", 5))), NotFound)


async def test_a_description_follows_the_offers(world):
    """The price range and the revision change with them."""
    request = read_pb.DescribeCatalogRequest(catalog=CATALOG)
    before = (await world.read.DescribeCatalog(request)).description
    await update(world, offer("p2", 9999))
    after = (await world.read.DescribeCatalog(request)).description
    assert (before.prices[0].maximum, after.prices[0].maximum) == (6999, 9999)
    assert before.revision != after.revision


async def test_offers_and_imports_at_once_lose_nothing(world):
    """Whatever the order, the texts are those of the last import and payload and hash belong together."""
    titles = [f"Canvas tote bag, edition {i}" for i in range(8)]

    async def imports():
        for title in titles:
            await world.fill([product("b2", title, 120, brand="Muji")])

    async def offers():
        return [(await update(world, offer("b2", 90 + i))).updated_count for i in range(8)]

    _, counts = await asyncio.gather(imports(), offers())
    assert counts == [1] * 8
    kept = await stored(world, "b2")
    assert kept.title == titles[-1]
    assert (await world.fill([kept])).unchanged_count == 1


async def test_a_product_of_an_older_layout_is_completed(world):
    """An offer for a product whose payload lacks later keys writes them all."""
    await world.qdrant.delete_payload(COLLECTION, ["discount", "list_price"], [point_id("b2")])
    await world.qdrant.set_payload(COLLECTION, {"content_hash": "of another layout"}, [point_id("b2")])
    await update(world, offer("b2", 90, 120))
    assert (await point(world, "b2")).payload["discount"] == 0.25
    assert (await world.fill([await stored(world, "b2")])).unchanged_count == 1
