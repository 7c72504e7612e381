"""How long each stage of a request took, for the response and for the metrics."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from shopguide_retrieval.metrics import STAGE_SECONDS


class Stages:
    """Collects the seconds of stages; a stage that runs twice adds up."""

    def __init__(self) -> None:
        """Start without a stage."""
        self.seconds: dict[str, float] = {}

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Time what runs inside."""
        start = time.perf_counter()
        try:
            yield
        finally:
            taken = time.perf_counter() - start
            self.seconds[name] = self.seconds.get(name, 0.0) + taken
            STAGE_SECONDS.labels(name).observe(taken)
