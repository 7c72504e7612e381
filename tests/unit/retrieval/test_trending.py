"""What rises."""

from hypothesis import given
from hypothesis import strategies as st

from shopguide_retrieval.domain.trending import rising

_COUNTS = st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 200))


def test_the_fastest_rising_stands_first():
    """Four times as much as before beats twice as much; a fall is no trend."""
    found = rising({"a": 40, "b": 20, "c": 5}, {"a": 10, "b": 10, "c": 45})
    assert list(found)[:2] == ["a", "b"]
    assert "c" not in found


def test_two_clicks_after_none_are_no_trend():
    """Small counts do not trend."""
    assert "new" not in rising({"new": 2, "a": 100}, {"a": 100})


def test_a_busy_week_alone_makes_no_trend():
    """When everything doubles, nothing rises."""
    assert rising({"a": 40, "b": 80}, {"a": 20, "b": 40}) == {}


def test_without_a_time_before_products_are_compared_with_the_mean():
    """On the first day what has more events than others rises."""
    assert list(rising({"a": 50, "b": 3, "c": 4}, {})) == ["a"]


@given(_COUNTS, _COUNTS)
def test_a_trend_is_always_above_its_expectation(recent, before):
    """Whatever the counts, what is listed had more events than expected."""
    assert all(t.events > t.expected for t in rising(recent, before).values())
