"""One real Triton server with both models for all tests of this folder."""

import importlib.util
import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from fakes.triton_server import ROOT, TritonProcess, copy_repository
from shopguide_devstack.weights.packages import SourceError
from shopguide_devstack.weights.prepare import prepare_models
from shopguide_runtime.triton import TextEncoder, TextGenerator

LIVE_REQUESTS = 12
"""Few, so that a test can fill the generator."""


@pytest.fixture(scope="session", autouse=True)
async def one_event_loop(anyio_backend: str) -> AsyncIterator[None]:
    """Keep one event loop for all tests: gRPC's poller still delivers events to a loop that a test has closed."""
    yield  # noqa: PT022 - only a fixture that yields keeps the loop


@pytest.fixture(scope="session")
def models() -> Path:
    """The prepared weights; made when they are missing."""
    if importlib.util.find_spec("pytriton") is None:
        pytest.skip("nvidia-pytriton, which carries Triton, is not installed")
    try:
        return prepare_models(Path(os.environ.get("SHOPGUIDE_HOME", ROOT / ".shopguide")), print)
    except SourceError as error:
        pytest.skip(f"the packages that carry the weights cannot be had: {error}")


@pytest.fixture(scope="session")
def triton(models: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TritonProcess]:
    """The server; its generator computes in float32 so that it can be compared token by token."""
    scratch = tmp_path_factory.mktemp("triton")
    repository = copy_repository(
        scratch / "repository", precision="f32", max_live_requests=str(LIVE_REQUESTS)
    )
    server = TritonProcess(repository, models, scratch, ("text_encoder", "generator"))
    yield server
    server.stop()


@pytest.fixture
async def encoder(triton: TritonProcess) -> AsyncIterator[TextEncoder]:
    """A client of the text encoder."""
    async with TextEncoder(triton.address) as client:
        yield client


@pytest.fixture
async def generator(triton: TritonProcess) -> AsyncIterator[TextGenerator]:
    """A client of the generator."""
    async with TextGenerator(triton.address) as client:
        yield client
