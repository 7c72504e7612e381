"""The node and the client's own in-memory implementation, holding the same points."""

import asyncio
import warnings
from collections.abc import Awaitable, Iterator
from dataclasses import dataclass
from typing import TypeVar

import pytest
from qdrant_client import AsyncQdrantClient
from qdrant_client import models as m

from fakes.qdrant_node import running_node
from fakes.qdrant_requests import DENSE, DIMENSION, INDEXES, SPARSE, Requests

T = TypeVar("T")
COLLECTION = "products"
SEED = 20260


@dataclass
class Pair:
    """Two clients to be asked the same questions."""

    node: AsyncQdrantClient
    oracle: AsyncQdrantClient
    runner: asyncio.Runner

    def both(
        self, method: str, *, collection: str = COLLECTION, **arguments: object
    ) -> tuple[object, object]:
        """Return the node's and the oracle's answer to the same call."""

        async def ask() -> tuple[object, object]:
            calls = (getattr(client, method)(collection, **arguments) for client in (self.node, self.oracle))
            first, second = [await call for call in calls]
            return first, second

        return self.run(ask())

    def run(self, call: Awaitable[T]) -> T:
        """Run a coroutine to its end."""
        return self.runner.run(call)  # type: ignore[arg-type] # a coroutine, as all clients' calls are


async def _fill(client: AsyncQdrantClient) -> None:
    await client.create_collection(
        COLLECTION,
        vectors_config={DENSE: m.VectorParams(size=DIMENSION, distance=m.Distance.COSINE)},
        sparse_vectors_config={SPARSE: m.SparseVectorParams(modifier=m.Modifier.IDF)},
    )
    points = Requests(SEED).points()
    for start in range(0, len(points), 100):
        await client.upsert(COLLECTION, points[start : start + 100])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the oracle says that it needs no indexes
        for field, schema in INDEXES.items():
            await client.create_payload_index(COLLECTION, field, schema)


@pytest.fixture(scope="session")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    """A node in a process of its own and the oracle, both filled."""
    with running_node(tmp_path_factory.mktemp("node") / "data") as node, asyncio.Runner() as runner:
        oracle = AsyncQdrantClient(":memory:")
        client = node.client()
        runner.run(_fill(client))
        runner.run(_fill(oracle))
        yield Pair(client, oracle, runner)
        runner.run(client.close())
