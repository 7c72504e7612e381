"""Imports try again."""

import pytest

from shopguide_retrieval.domain import patience
from shopguide_retrieval.domain.patience import ATTEMPTS, patiently
from shopguide_runtime.errors import FieldViolation, InvalidArgument, Unavailable

pytestmark = pytest.mark.anyio


class Flaky:
    """Fails a number of times, then answers."""

    def __init__(self, failures, error):
        self.left = failures
        self.error = error
        self.calls = 0

    async def __call__(self):
        """Fail or answer."""
        self.calls += 1
        if self.left:
            self.left -= 1
            raise self.error
        return "done"


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch):
    monkeypatch.setattr(patience, "FIRST_WAIT_SECONDS", 0.0)


async def test_a_dependency_that_comes_back_is_waited_for():
    """Two failures and then an answer: the answer."""
    attempt = Flaky(2, Unavailable("text_encoder", retry_after=0))
    assert await patiently(attempt) == "done"
    assert attempt.calls == 3


async def test_patience_ends():
    """After all attempts the last error is raised."""
    attempt = Flaky(100, Unavailable("text_encoder", retry_after=0))
    with pytest.raises(Unavailable):
        await patiently(attempt)
    assert attempt.calls == ATTEMPTS


async def test_what_cannot_get_better_is_not_tried_again():
    """A wrong request fails at once."""
    wrong = InvalidArgument([FieldViolation("title", "is wrong", "FIELD_MALFORMED")])
    attempt = Flaky(1, wrong)
    with pytest.raises(InvalidArgument):
        await patiently(attempt)
    assert attempt.calls == 1
