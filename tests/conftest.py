"""What every test may use."""

import pytest


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """Run async tests (`pytest.mark.anyio`) on asyncio."""
    return "asyncio"
