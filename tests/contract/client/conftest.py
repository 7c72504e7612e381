"""The fakes that the SDK and the command line talk to."""

from collections.abc import Iterator

import pytest

from fakes.guide_servers import FakeGuide, FakeIndex, serving


@pytest.fixture
def guide() -> FakeGuide:
    """Return the gateway's side."""
    return FakeGuide()  # type: ignore[abstract] # the methods that no test calls are UNIMPLEMENTED


@pytest.fixture
def index() -> FakeIndex:
    """Return the index's side."""
    return FakeIndex()  # type: ignore[abstract] # as above


@pytest.fixture
def address(guide, index) -> Iterator[str]:
    """Serve both for one test."""
    with serving(guide, index) as where:
        yield where
