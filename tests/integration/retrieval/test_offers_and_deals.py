"""Offers and deals on a real Qdrant engine: conditional writes of payloads, facets of prices, lists by discount."""

import asyncio
import random

import pytest

from fakes.retrieval_catalogue import stored
from fakes.retrieval_world import CATALOG, ids, limit, money, product
from shopguide.retrieval.v1 import index_service_pb2 as index_pb
from shopguide.retrieval.v1 import retrieval_service_pb2 as pb

pytestmark = pytest.mark.anyio

CATEGORIES = ("Headphones", "Kettles", "Bags", "Shoes")
WRITERS = 8


def shop(count, random_):
    """Return products of four categories, some with a list price."""
    found = []
    for i in range(count):
        price = random_.randint(20, 400)
        one = product(f"p{i:03}", f"{random_.choice(CATEGORIES)} model {i}", price)
        one.category_path.extend(["Shop", one.title.split()[0]])
        if random_.random() < 0.4:
            one.original_price.CopyFrom(money(price * random_.choice((1.1, 1.5, 3, 50))))
        found.append(one)
    return found


async def update(world, *offers):
    """Send offers and return the answer."""
    return await world.write.UpdateOffers(index_pb.UpdateOffersRequest(catalog=CATALOG, offers=offers))


async def test_deals_are_those_of_the_stored_prices(world):
    """Shares, savings and ranks in the category are exact, however the engine counts."""
    products = shop(160, random.Random(3))
    await world.fill(products)
    by_id = {p.id: p for p in products}
    response = await world.read.FindDeals(pb.FindDealsRequest(catalog=CATALOG, page_size=100))
    assert len(response.results) > 20
    for deal in response.deals:
        one = by_id[deal.product_id]
        same = [p.price.units for p in products if p.category_path == one.category_path]
        cheaper = sum(price > one.price.units for price in same) / len(same)
        assert deal.cheaper_than_share == pytest.approx(cheaper)
        if deal.HasField("saving"):
            listed, price = (m.units * 100 + m.nanos // 10**7 for m in (one.original_price, one.price))
            assert deal.saving.units * 100 + deal.saving.nanos // 10**7 == listed - price
            assert deal.discount_share == pytest.approx((listed - price) / listed)
            assert listed < 10 * price
    assert {r.product.category_path[-1] for r in response.results[:8]} == set(CATEGORIES)


async def test_offers_are_seen_by_the_next_search_and_lose_nothing(world):
    """After hundreds of offers among imports, every product has its last price and the next import changes nothing."""
    products = shop(120, random.Random(5))
    await world.fill(products)

    async def writer(number):
        for round_ in range(3):
            mine = [p for i, p in enumerate(products) if i % WRITERS == number]
            changes = [
                index_pb.Offer(product_id=p.id, price=money(1000 + 10 * round_ + number)) for p in mine
            ]
            assert (await update(world, *changes)).updated_count == len(mine)

    async def searches():
        for _ in range(30):
            assert (await world.search("headphones model")).results

    await asyncio.gather(searches(), *(writer(n) for n in range(WRITERS)))
    for number in range(WRITERS):
        found = await world.search("", limit("price", low=1020 + number, high=1020 + number), page_size=100)
        assert set(ids(found.results)) == {p.id for i, p in enumerate(products) if i % WRITERS == number}
    embedded = world.encoder.embedded
    now = [await stored(world, p.id) for p in products[:40]]
    assert (await world.fill(now)).unchanged_count == 40
    assert world.encoder.embedded == embedded


async def test_offers_and_imports_of_the_same_products(world):
    """Both kinds of writers at once: texts and prices are each of one writer, and payload and hash belong together."""
    products = shop(20, random.Random(9))
    await world.fill(products)

    async def imports():
        for round_ in range(5):
            for one in products:
                one.description = f"edition {round_}"
            await world.fill(products)

    async def offers():
        for round_ in range(5):
            await update(
                world, *(index_pb.Offer(product_id=p.id, price=money(500 + round_)) for p in products)
            )

    await asyncio.gather(imports(), offers())
    now = [await stored(world, p.id) for p in products]
    assert {p.description for p in now} == {"edition 4"}
    assert (await world.fill(now)).unchanged_count == 20
