"""A fake Triton per test."""

from collections.abc import AsyncIterator

import pytest

from fakes.triton_fake import FakeTriton, serving


@pytest.fixture(scope="session", autouse=True)
async def one_event_loop(anyio_backend: str) -> AsyncIterator[None]:
    """Keep one event loop for all tests: gRPC's poller still delivers events to a loop that a test has closed."""
    yield  # noqa: PT022 - only a fixture that yields keeps the loop


@pytest.fixture
async def fake() -> FakeTriton:
    """What Triton answers."""
    return FakeTriton()


@pytest.fixture
async def address(fake: FakeTriton) -> AsyncIterator[str]:
    """Where the fake listens."""
    async with serving(fake) as address:
        yield address
