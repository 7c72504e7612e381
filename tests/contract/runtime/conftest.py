"""Fixtures of the runtime's contract tests: a probe server in the process, and channels to it."""

import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any

import grpc.aio
import pytest

from fakes.probe_service import KINDS, Act, ProbeService, echo
from shopguide_runtime.testing import serve_in_process


@pytest.fixture
def restored_logging() -> Iterator[None]:
    """Give the root logger its handlers back after a test that configures the logs of a server."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> str:
    """Each of the four kinds of call."""
    return str(request.param)


@asynccontextmanager
async def _probe(act: Act = echo, *, as_address: bool = False, **options: Any) -> AsyncIterator[Any]:
    async with serve_in_process([ProbeService(act).add_to], **options) as address:
        if as_address:
            yield address
        else:
            async with grpc.aio.insecure_channel(address) as channel:
                yield channel


@pytest.fixture
def probe() -> Any:
    """Return the context manager that serves a probe and gives a channel, or its address with `as_address`."""
    return _probe
