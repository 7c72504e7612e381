"""Running nodes."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from qdrant_client import models as m

from fakes.qdrant_node import NodeProcess, running_node
from fakes.qdrant_shop import NAME, Node, connected


@pytest.fixture(scope="module")
def runner() -> Iterator[asyncio.Runner]:
    """An event loop for the module's clients."""
    with asyncio.Runner() as running:
        yield running


@pytest.fixture(scope="module")
def shared_process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NodeProcess]:
    """One process for the tests of a module."""
    with running_node(tmp_path_factory.mktemp("node") / "data") as process:
        yield process


@pytest.fixture(scope="module")
def shared_node(shared_process: NodeProcess, runner: asyncio.Runner) -> Iterator[Node]:
    """One client for the tests of a module."""
    node = connected(shared_process, runner)
    yield node
    node.call("close")


@pytest.fixture
def node(shared_node: Node) -> Iterator[Node]:
    """A node without collections."""
    yield shared_node
    for collection in shared_node.call("get_collections").collections:
        shared_node.call("delete_collection", collection.name)


@pytest.fixture
def filled(node: Node) -> Node:
    """A node whose collection `products-v1` holds 20 points with a boolean index."""
    return stocked(node)


@pytest.fixture(scope="module")
def settled(tmp_path_factory: pytest.TempPathFactory, runner: asyncio.Runner) -> Iterator[Node]:
    """Like `filled`, but one for all tests of a module that change nothing."""
    with running_node(tmp_path_factory.mktemp("settled") / "data") as process:
        yield stocked(connected(process, runner))


def stocked(node: Node) -> Node:
    """Return the node with a filled collection."""
    node.create()
    node.fill()
    node.call("create_payload_index", NAME, "sale", m.PayloadSchemaType.BOOL)
    return node


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """An empty data directory."""
    return tmp_path / "data"
