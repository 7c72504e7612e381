"""A running retrieval service over a real local Qdrant node."""

import pytest

from fakes.qdrant_node import NodeProcess
from fakes.retrieval_world import retrieval


@pytest.fixture
def node(tmp_path):
    """A node of its own."""
    running = NodeProcess(tmp_path)
    yield running
    running.stop()


@pytest.fixture
async def world(node):
    """A service without a catalogue."""
    client = node.client()
    async with retrieval(client) as running:
        yield running
    await client.close()
