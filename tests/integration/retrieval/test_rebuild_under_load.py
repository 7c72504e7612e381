"""A catalogue is built anew while shoppers search it and a platform writes to it: nobody may notice."""

import asyncio

import grpc.aio
import pytest

from fakes.retrieval_world import CATALOG, FakeEncoder, ids, limit, product
from shopguide.retrieval.v1 import index_service_pb2 as index_pb
from shopguide.retrieval.v1 import retrieval_service_pb2 as pb
from shopguide.retrieval.v1 import retrieval_service_pb2_grpc as pb_grpc
from shopguide_retrieval.bootstrap import make_rebuilder
from shopguide_retrieval.config import RetrievalSettings

pytestmark = pytest.mark.anyio

SETTINGS = RetrievalSettings(qdrant_hnsw_m=0)
PRODUCTS = 240
SHOPPERS = 8
PATIENCE = 60.0
"""Seconds for one search: the machine that runs the tests may be busy, and this is about answers, not about speed."""
KINDS = ("kettle", "lamp", "tent", "drill", "scarf", "clock")


def catalogue():
    """Return products of six kinds, each with a word of its own and a price."""
    return [product(f"p{i:03}", f"{KINDS[i % 6]} model x{i:03}", 10.0 + i) for i in range(PRODUCTS)]


class SlowEncoder(FakeEncoder):
    """Gives others a turn after every text, as a model in another process would."""

    async def embed(self, texts, role):
        """Embed one text at a time."""
        for _ in texts:
            await asyncio.sleep(0.0005)
        return await super().embed(texts, role)


class Shoppers:
    """Search without a pause; every answer must be full and right."""

    def __init__(self, channel, count):
        """Take a channel without the contract's deadlines, and how many search at the same time."""
        self._read = pb_grpc.RetrievalServiceStub(channel)
        self._count = count
        self._stop = asyncio.Event()
        self.searches = [0] * count
        self.wrong = []

    @property
    def answered(self):
        """Return how many searches have been answered."""
        return sum(self.searches)

    async def ask_anew(self):
        """Return once every search that is now in progress has been answered."""
        before = list(self.searches)

        def waiting():
            return any(now <= then for now, then in zip(self.searches, before, strict=True))

        while waiting() and not self.wrong:  # noqa: ASYNC110 - there is no event for "every one of them"
            await asyncio.sleep(0.01)

    async def run(self):
        """Search until stopped."""
        await asyncio.gather(*(self._search(number) for number in range(self._count)))

    def stop(self):
        """Let each finish the search in progress."""
        self._stop.set()

    async def _search(self, number):
        kind = KINDS[number % len(KINDS)]
        while not self._stop.is_set():
            self.searches[number] += 1
            wanted = number * 7 + self.searches[number] % 200
            try:
                response = await self._read.Search(
                    pb.SearchRequest(
                        catalog=CATALOG,
                        query=f"{kind} x{wanted - wanted % 6 + number % 6:03}",
                        constraints=[limit("price", high=5_000)],
                        page_size=5,
                    ),
                    timeout=PATIENCE,
                )
            except Exception as error:  # noqa: BLE001 - any failure is what must not happen
                self.wrong.append(repr(error))
                return
            if len(response.results) < 5 or response.degradations or response.total_size < PRODUCTS - 100:
                self.wrong.append((len(response.results), response.total_size, list(response.degradations)))


async def write(world):
    """Change prices, add and delete products while the rebuild is at work; returns what must be true afterwards."""
    for number in range(12):
        await world.fill([product(f"new{number}", f"anchor item n{number}", 77.0)])
        await world.fill([product(f"p{number:03}", f"{KINDS[number % 6]} model x{number:03}", 999.0)])
        await world.write.DeleteProducts(
            index_pb.DeleteProductsRequest(catalog=CATALOG, product_ids=[f"p{PRODUCTS - 1 - number:03}"])
        )
        await asyncio.sleep(0.02)


async def test_no_search_fails_or_comes_back_short(world):
    """Eight shoppers get a full answer to every search before, during and after the change; no write is lost."""
    await world.fill(catalogue())
    channel = grpc.aio.insecure_channel(world.address)
    shoppers = Shoppers(channel, SHOPPERS)
    searching = asyncio.create_task(shoppers.run())
    rebuilder = make_rebuilder(SETTINGS, world.qdrant, SlowEncoder(world.encoder.name))
    building = asyncio.create_task(rebuilder.rebuild("shop"))
    writing = asyncio.create_task(write(world))
    done = await building
    during = shoppers.answered
    await writing
    await shoppers.ask_anew()  # as `--keep-seconds` does: searches that began on the old version end on it
    await rebuilder.drop(done)
    await shoppers.ask_anew()
    shoppers.stop()
    await searching
    await channel.close()
    assert not shoppers.wrong[:3]
    assert during >= SHOPPERS
    assert shoppers.answered > during
    assert (done.old.version, done.new.version) == (1, 2)
    await assert_nothing_was_lost(world)


async def assert_nothing_was_lost(world):
    """Every write is in what is served now: new products, new prices, deletions."""
    for number in range(12):
        found = await world.search(f"anchor n{number}", page_size=3)
        assert f"new{number}" in ids(found.results)
    response = await world.search("", limit("price", low=998, high=1000), page_size=100)
    assert {f"p{number:03}" for number in range(12)} <= set(ids(response.results))
    assert response.total_size == 12
    everything = await world.search("", page_size=1)
    assert everything.total_size == PRODUCTS + 12 - 12
