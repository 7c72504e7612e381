"""BM25 document weights."""

import math

import pytest

from shopguide_retrieval.domain.bm25 import Bm25, average_length, query_vector
from shopguide_retrieval.domain.tokenizer import term_id


def weight(vector, term):
    """Return the weight of a term."""
    return dict(zip(vector.indices, vector.values, strict=True))[term_id(term)]


def test_weights_follow_the_formula():
    """A term's weight is tf (k1 + 1) / (tf + k1 (1 - b + b length / average))."""
    vector = Bm25(average_length=4).document([("red red shoe", 1.0)])
    norm = 1.2 * (0.25 + 0.75 * 3 / 4)
    assert weight(vector, "red") == pytest.approx(2 * 2.2 / (2 + norm))
    assert weight(vector, "shoe") == pytest.approx(1 * 2.2 / (1 + norm))


def test_fields_count_with_their_weight():
    """A term in a heavy field weighs more than the same term in a light one."""
    vector = Bm25(average_length=10).document([("camera", 3.0), ("tripod", 0.4)])
    assert weight(vector, "camera") > 2 * weight(vector, "tripod")


def test_indices_ascend_and_are_unique():
    """Sparse vectors are sorted by index without repeats, as the index demands."""
    vector = Bm25(average_length=10).document([("b a c a b", 1.0), ("a", 2.0)])
    assert list(vector.indices) == sorted(set(vector.indices))


def test_an_empty_text_has_an_empty_vector():
    """No term, no weight, no division by zero."""
    assert Bm25(average_length=1).document([("", 1.0)]).indices == ()
    assert query_vector("").indices == ()


def test_query_terms_count_once():
    """Repeating a word in a query does not change it."""
    assert query_vector("shoe shoe shoe") == query_vector("shoe")


def test_average_length_is_weighted():
    """The average counts terms with their field weights and is at least 1."""
    assert average_length([[("one two", 2.0)], [("three", 1.0)]]) == pytest.approx(2.5)
    assert average_length([]) == 1.0
    assert math.isfinite(average_length([[("", 1.0)]]))
