"""A running retrieval service over Qdrant's local mode."""

import pytest
from qdrant_client import AsyncQdrantClient

from fakes.retrieval_world import retrieval, shop


@pytest.fixture
async def empty():
    """A service without a catalogue."""
    async with retrieval(AsyncQdrantClient(":memory:")) as running:
        yield running


@pytest.fixture
async def world(empty):
    """A service with the small shop."""
    await empty.fill(shop())
    return empty
