"""Messages built directly are those that the client's models would become."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from qdrant_client import models
from qdrant_client.conversions.conversion import RestToGrpc, grpc_to_payload, payload_to_grpc
from qdrant_client.grpc import PointStruct, ScoredPoint

from shopguide_retrieval.adapters.payload_cache import PayloadCache
from shopguide_retrieval.adapters.qdrant_filters import to_filter
from shopguide_retrieval.adapters.qdrant_lists import (
    UPSERT_BYTES,
    UPSERT_POINTS,
    point_message,
    upsert_batches,
)
from shopguide_retrieval.adapters.qdrant_messages import filter_message, payload
from shopguide_retrieval.adapters.qdrant_schema import DENSE, SPARSE, point_id
from shopguide_retrieval.domain.bm25 import SparseVector
from shopguide_retrieval.domain.limits import Limit
from shopguide_retrieval.domain.stages import ENGINE, Stages, note_engine
from shopguide_retrieval.ports import Point

LIMITS = st.one_of(
    st.builds(Limit, st.sampled_from(["brand", "terms"]), any_of=st.tuples(st.text(), st.text())),
    st.builds(Limit, st.just("leaf"), none_of=st.tuples(st.text())),
    st.builds(Limit, st.just("availability"), any_of=st.tuples(st.integers(0, 3))),
    st.builds(Limit, st.just("availability"), none_of=st.tuples(st.integers(0, 3), st.integers(0, 3))),
    st.builds(Limit, st.just("price.usd"), minimum=st.integers(0, 10**9)),
    st.builds(Limit, st.just("numbers.weight"), minimum=st.floats(0, 3)),
    st.builds(Limit, st.just("rating"), minimum=st.floats(0, 3), maximum=st.floats(3, 5)),
)
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)


@given(st.lists(LIMITS, max_size=4), st.lists(LIMITS, max_size=3))
def test_filters_are_those_of_the_models(limits, preferred):
    """A filter built directly equals the one that the client makes of its models."""
    models = to_filter(limits, preferred)
    built = filter_message(limits, preferred)
    assert (built is None) == (models is None)
    if models is not None:
        assert built == RestToGrpc.convert_filter(models)


@given(st.dictionaries(st.text(), VALUES))
def test_payloads_are_read_as_the_client_reads_them(values):
    """A payload read directly equals the one that the client reads."""
    message = ScoredPoint(payload=payload_to_grpc(values)).payload
    assert payload(message) == grpc_to_payload(message)


FLOATS = st.floats(-1, 1, width=32)


@given(
    st.lists(FLOATS, min_size=1, max_size=8),
    st.dictionaries(st.integers(0, 2**32 - 1), FLOATS, max_size=8),
    st.dictionaries(st.text(), VALUES),
)
def test_points_are_written_as_the_client_writes_them(dense, sparse, values):
    """A point built directly equals the one that the client makes of its models."""
    indices, weights = tuple(sorted(sparse)), tuple(sparse[i] for i in sorted(sparse))
    given_point = Point("p", np.array(dense, np.float32), SparseVector(indices, weights), values)
    vector = {DENSE: dense, SPARSE: models.SparseVector(indices=list(indices), values=list(weights))}
    model = models.PointStruct(id=point_id("p"), vector=vector, payload=values)
    assert point_message(given_point) == RestToGrpc.convert_point_struct(model)


def _points(count: int, characters: int) -> list[Point]:
    vector = np.zeros(3, np.float32)
    text = "长" * characters
    return [Point(str(i), vector, SparseVector((), ()), {"id": str(i), "text": text}) for i in range(count)]


@pytest.mark.parametrize(
    ("count", "characters", "sizes"),
    [
        (0, 1, []),
        (UPSERT_POINTS, 1, [UPSERT_POINTS]),
        (2 * UPSERT_POINTS + 1, 1, [UPSERT_POINTS, UPSERT_POINTS, 1]),
        (5, UPSERT_BYTES // 8, [2, 2, 1]),
        (2, UPSERT_BYTES, [1, 1]),
    ],
)
def test_no_call_brings_more_points_or_bytes_than_qdrant_takes(count, characters, sizes):
    """Points are written in their order, none is left out, and a point too large for company goes by itself."""
    batches = list(upsert_batches(_points(count, characters)))
    assert [len(batch) for batch in batches] == sizes
    written = [message.id.uuid for batch in batches for message in batch]
    assert written == [point_id(str(i)) for i in range(count)]
    assert all(len(b) == 1 or sum(map(PointStruct.ByteSize, b)) <= UPSERT_BYTES for b in batches)


def test_a_payload_is_kept_for_one_state_of_its_point():
    """After a write the old payload is not found; other collections do not share."""
    cache = PayloadCache(10)
    cache.keep("a", [("p", 1, {"price": 1})])
    assert cache.find("a", {"p": 1, "q": 1}) == {"p": {"price": 1}}
    assert cache.find("a", {"p": 2}) == cache.find("b", {"p": 1}) == {}


@pytest.mark.parametrize("capacity", [0, 1, 3])
def test_the_cache_keeps_what_was_used_last(capacity):
    """No more than its capacity is kept, and what goes is what was not used for longest."""
    cache = PayloadCache(capacity)
    cache.keep("a", [(name, 1, {}) for name in "xyz"])
    cache.find("a", {"x": 1})
    cache.keep("a", [("w", 1, {})])
    assert len(cache) == capacity
    expected = {0: "", 1: "w", 3: "xzw"}[capacity]
    assert set(cache.find("a", dict.fromkeys("wxyz", 1))) == set(expected)


def test_the_engine_counts_once_when_it_is_asked_twice_at_a_time():
    """Answers whose work overlaps add up to the time in which any of them was at work."""
    stages = Stages()
    for start, end in ((0.0, 2.0), (1.0, 3.0), (5.0, 6.0), (5.2, 5.4)):
        stages.note(start, end)
    assert stages.seconds == {ENGINE: 4.0}


def test_the_engine_is_noted_in_the_stage_in_progress():
    """Outside of a stage nothing is noted; inside, the stages have it besides their own time."""
    note_engine(1.0)
    stages = Stages()
    with stages.stage("candidates"):
        note_engine(0.25)
    assert stages.seconds[ENGINE] == pytest.approx(0.25)
    assert stages.seconds["candidates"] < 0.25
