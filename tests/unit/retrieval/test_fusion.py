"""Dense and sparse lists become one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopguide_retrieval.domain.fusion import Fusion, by_score, fuse

SCORES = st.dictionaries(st.sampled_from("abcdefghij"), st.floats(-1, 30, allow_nan=False), max_size=10)


@given(SCORES, SCORES, st.floats(0, 1), st.sampled_from(Fusion))
def test_fused_scores_cover_both_lists_in_the_unit_interval(dense, sparse, weight, fusion):
    """Every product of either list gets a score; non-negative inputs give scores in [0, 1]."""
    sparse = {k: abs(v) for k, v in sparse.items()}
    fused = fuse(dense, sparse, weight, fusion)
    assert fused.keys() == dense.keys() | sparse.keys()
    assert all(-1e-9 <= s <= 1 + 1e-9 for s in fused.values())


@given(SCORES, SCORES, st.sampled_from(Fusion))
def test_the_order_does_not_depend_on_the_order_of_the_lists(dense, sparse, fusion):
    """The same scores in another insertion order give the same ranking."""
    turned = fuse(dict(reversed(dense.items())), dict(reversed(sparse.items())), 0.6, fusion)
    assert by_score(fuse(dense, sparse, 0.6, fusion)) == by_score(turned)


def test_a_missing_list_leaves_the_weight_to_the_other():
    """Without dense scores the best keyword match scores 1, whatever the weight."""
    assert fuse({}, {"a": 4.0, "b": 2.0}, 0.9) == {"a": 1.0, "b": 0.5}
    assert fuse({"a": 0.9, "b": 0.8}, {}, 0.1) == {"a": 1.0, "b": 0.0}


def test_the_best_of_both_lists_wins():
    """A product that leads both lists scores 1."""
    fused = fuse({"a": 0.9, "b": 0.85, "c": 0.8}, {"a": 5.0, "c": 4.0}, 0.6)
    assert fused["a"] == pytest.approx(1.0)
    assert by_score(fused)[0] == "a"


def test_equal_scores_are_ordered_by_id():
    """Ties are decided by id, not by chance."""
    assert by_score({"b": 1.0, "a": 1.0, "c": 2.0}) == ["c", "a", "b"]
