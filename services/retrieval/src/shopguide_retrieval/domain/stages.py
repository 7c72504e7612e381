"""How long each stage of a request took, for the response and for the metrics."""

import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar

from shopguide_retrieval.metrics import STAGE_SECONDS

ENGINE = "engine"
"""The part of the other stages during which Qdrant itself was at work, by its own account."""


class Stages:
    """Collects the seconds of stages; a stage that runs twice adds up."""

    def __init__(self) -> None:
        """Start without a stage."""
        self._taken: dict[str, float] = {}
        self._engine: list[tuple[float, float]] = []

    @property
    def seconds(self) -> Mapping[str, float]:
        """The seconds of each stage, and of the engine when it was asked; calls at the same time count once."""
        return {**self._taken, ENGINE: _covered(self._engine)} if self._engine else self._taken

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Time what runs inside, tasks started there included."""
        start = time.perf_counter()
        try:
            with self.bound():
                yield
        finally:
            taken = time.perf_counter() - start
            self._taken[name] = self._taken.get(name, 0.0) + taken
            STAGE_SECONDS.labels(name).observe(taken)

    @contextmanager
    def bound(self) -> Iterator[None]:
        """Let the engine's work on behalf of tasks started inside be noted here."""
        token = _current.set(self)
        try:
            yield
        finally:
            _current.reset(token)

    def note(self, start: float, end: float) -> None:
        """Note that the engine worked from `start` to `end`, on the clock of `time.perf_counter`."""
        self._engine.append((start, end))


_current: ContextVar[Stages | None] = ContextVar("shopguide_retrieval_stages", default=None)


def note_engine(seconds: float) -> None:
    """Note, in the stage in progress, that an answer has just come for which the engine says it worked so long."""
    stages = _current.get()
    if stages is not None:
        now = time.perf_counter()
        stages.note(now - seconds, now)


def _covered(spans: Iterable[tuple[float, float]]) -> float:
    """Return the length of the union of spans."""
    total, reached = 0.0, float("-inf")
    for start, end in sorted(spans):
        total += max(0.0, end - max(start, reached))
        reached = max(reached, end)
    return total
