"""When a collection is optimized."""

from datetime import UTC, datetime
from typing import Any

import pytest
from qdrant_client.grpc import collections_pb2

from shopguide_devstack.qdrant.collection import SETTLED, Collection

RUN_SECONDS = 3.0


class FakeClock:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        """Return the time."""
        return self.now


class FakeShard:
    """A shard whose optimizer runs take a fixed time of the clock."""

    def __init__(self, clock: FakeClock) -> None:
        self._clock = clock
        self.runs = 0

    def update(self, operation: Any) -> None:
        """Take an update."""

    def flush(self) -> None:
        """Do nothing."""

    def optimize(self) -> bool:
        """Count the run and let its time pass."""
        self.runs += 1
        self._clock.now += RUN_SECONDS
        return True


@pytest.fixture
def clock() -> FakeClock:
    """Return a clock that is moved by hand."""
    return FakeClock()


@pytest.fixture
def shard(clock: FakeClock) -> FakeShard:
    """Return a shard that counts its optimizer runs."""
    return FakeShard(clock)


@pytest.fixture
def collection(shard: FakeShard, clock: FakeClock) -> Collection:
    """Return a collection that asks for quantized vectors."""
    config = collections_pb2.CreateCollection(collection_name="c")
    config.vectors_config.params.size = 4
    config.quantization_config.scalar.type = collections_pb2.QuantizationType.Int8
    return Collection(shard, config, datetime.now(UTC), {}, clock)  # type: ignore[arg-type]


def test_first_run_waits_for_nothing(collection: Collection, shard: FakeShard) -> None:
    """A collection that was never optimized is optimized the first time the node is idle."""
    collection.update(None)  # type: ignore[arg-type]
    assert collection.optimize_settled()
    assert shard.runs == 1


def test_an_import_is_not_interrupted_by_runs(
    collection: Collection, shard: FakeShard, clock: FakeClock
) -> None:
    """Pauses between updates that are short against a run's time start none, however many there are."""
    collection.update(None)  # type: ignore[arg-type]
    collection.optimize_settled()
    for _ in range(50):
        collection.update(None)  # type: ignore[arg-type]
        clock.now += RUN_SECONDS
        assert not collection.optimize_settled()
    assert shard.runs == 1


def test_a_settled_collection_is_optimized_once(
    collection: Collection, shard: FakeShard, clock: FakeClock
) -> None:
    """After a quiet time in proportion to the last run one more run follows, and no further one without updates."""
    collection.update(None)  # type: ignore[arg-type]
    collection.optimize_settled()
    collection.update(None)  # type: ignore[arg-type]
    clock.now += SETTLED * RUN_SECONDS
    assert collection.optimize_settled()
    clock.now += SETTLED * RUN_SECONDS
    assert not collection.optimize_settled()
    assert shard.runs == 2
