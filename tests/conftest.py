"""What every test may use."""

from collections.abc import AsyncIterator

import pytest


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """Run async tests (`pytest.mark.anyio`) on asyncio."""
    return "asyncio"


@pytest.fixture(scope="session", autouse=True)
async def one_event_loop(anyio_backend: str) -> AsyncIterator[None]:
    """Keep one event loop for all tests: gRPC's poller still delivers events to a loop that a test has closed."""
    yield  # noqa: PT022 - only a fixture that yields keeps the loop
