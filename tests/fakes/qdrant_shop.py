"""A node under test with a client, and the points the tests write to it."""

import asyncio
from dataclasses import dataclass
from typing import Any

import grpc
import pytest
from qdrant_client import AsyncQdrantClient
from qdrant_client import models as m

from fakes.qdrant_node import NodeProcess

NAME = "products-v1"


@dataclass
class Node:
    """A node, a client of it and a loop to run the client's calls on."""

    process: NodeProcess
    client: AsyncQdrantClient
    runner: asyncio.Runner

    def call(self, method: str, *arguments: Any, **keywords: Any) -> Any:
        """Return the client's answer."""
        return self.runner.run(getattr(self.client, method)(*arguments, **keywords))

    def refusal(self, method: str, *arguments: Any, **keywords: Any) -> tuple[grpc.StatusCode, str]:
        """Return the status and text of a call that must fail."""
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            self.call(method, *arguments, **keywords)
        return caught.value.code(), caught.value.details() or ""

    def create(self, name: str = NAME, **options: Any) -> None:
        """Create a collection with a dense vector `text` of 4 components and a sparse vector `bm25`."""
        self.call(
            "create_collection",
            name,
            vectors_config={"text": m.VectorParams(size=4, distance=m.Distance.COSINE)},
            sparse_vectors_config={"bm25": m.SparseVectorParams(modifier=m.Modifier.IDF)},
            **options,
        )

    def fill(self, name: str = NAME, count: int = 20) -> None:
        """Write points 1 to `count`."""
        self.call("upsert", name, [point(number) for number in range(1, count + 1)])


def point(number: int) -> m.PointStruct:
    """Return a point whose vectors and payload follow from its number."""
    return m.PointStruct(
        id=number,
        vector={
            "text": [float(number), 1.0, 2.0, 3.0],
            "bm25": m.SparseVector(indices=[1, number + 1], values=[1.0, 2.0]),
        },
        payload={
            "名称": f"跑步鞋 {number}",
            "sale": number % 2 == 0,
            "stock": number,
            "brand": ["小米", "nike"],
        },
    )


def connected(process: NodeProcess, runner: asyncio.Runner) -> Node:
    """Return a node with a client."""

    async def connect() -> AsyncQdrantClient:
        return process.client()

    return Node(process, runner.run(connect()), runner)
