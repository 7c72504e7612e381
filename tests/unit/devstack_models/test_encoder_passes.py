"""How the text encoder groups rows, cuts texts and checks its weights."""

import hashlib
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakes.model_code import model_module

encoder = model_module("text_encoder", "encoder")


@given(st.lists(st.integers(1, 512), max_size=80), st.integers(64, 4096))
def test_every_row_is_in_exactly_one_pass_within_the_budget(lengths: list[int], budget: int) -> None:
    """Passes are a partition; only a row that is too long by itself may exceed the budget."""
    groups = list(encoder.passes(lengths, budget))
    assert sorted(index for group in groups for index in group) == list(range(len(lengths)))
    for group in groups:
        longest = max(lengths[index] for index in group)
        assert len(group) == 1 or len(group) * longest <= budget


def test_rows_of_similar_length_share_a_pass() -> None:
    """Short queries are not padded to the length of a long passage."""
    groups = list(encoder.passes([500, 8, 500, 8, 8], 1024))
    assert {frozenset(group) for group in groups} == {frozenset({1, 3, 4}), frozenset({0, 2})}


@given(st.lists(st.integers(1, 512), max_size=80), st.integers(64, 4096), st.integers(1, 8))
def test_a_plan_is_a_partition_within_the_budget(lengths: list[int], budget: int, threads: int) -> None:
    """Dividing a request among the threads loses no row, and needs no more passes than there are threads for it."""
    groups = encoder.plan(lengths, budget, threads)
    assert sorted(index for group in groups for index in group) == list(range(len(lengths)))
    assert all(groups)
    for group in groups:
        assert len(group) == 1 or len(group) * max(lengths[index] for index in group) <= budget
    assert len(groups) <= max(threads, len(list(encoder.passes(lengths, budget))))


@pytest.mark.parametrize(
    ("lengths", "threads", "sizes"),
    [
        ([60] * 16, 2, [8, 8]),
        ([66] * 16, 2, [8, 8]),
        ([60] * 16, 1, [16]),
        ([60] * 16, 8, [6, 5, 5]),
        ([12] * 6, 2, [6]),
        ([512], 2, [1]),
        ([64] * 64, 2, [16, 16, 16, 16]),
    ],
)
def test_what_fits_the_threads_is_divided_among_them(
    lengths: list[int], threads: int, sizes: list[int]
) -> None:
    """A batch of passages occupies every thread; short queries, one long row and large batches stay as they were."""
    assert [len(group) for group in encoder.plan(lengths, 1024, threads)] == sizes


@pytest.fixture
def weights(tmp_path: Path) -> Path:
    """A folder with a manifest that describes it."""
    files = {"openvino/encoder.xml": b"graph", "openvino/encoder.bin": b"numbers", "tokenizer.json": b"{}"}
    (tmp_path / "openvino").mkdir()
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    manifest = {
        "model": {"encoder.revision": "abc"},
        "files": {name: hashlib.sha256(content).hexdigest() for name, content in files.items()},
    }
    (tmp_path / "manifest.json").write_text(json.dumps(manifest))
    return tmp_path


def test_the_configured_weights_are_accepted(weights: Path) -> None:
    """Files and identity that agree pass."""
    encoder.verify(weights, {"encoder.revision": "abc", "threads": "0"})


def test_other_weights_are_refused(weights: Path) -> None:
    """The error names the configured and the found value."""
    with pytest.raises(encoder.WeightsError, match=r"'abd', the weights in .* have 'abc'"):
        encoder.verify(weights, {"encoder.revision": "abd"})


def test_a_damaged_file_is_refused(weights: Path) -> None:
    """A changed byte is found before it becomes wrong vectors."""
    (weights / "openvino" / "encoder.bin").write_bytes(b"nombers")
    with pytest.raises(encoder.WeightsError, match=r"encoder\.bin differs"):
        encoder.verify(weights, {"encoder.revision": "abc"})
