"""Variety, and places for products that nobody has tried."""

from hypothesis import given
from hypothesis import strategies as st

from shopguide_retrieval.domain.ranking import Candidate, Ranked
from shopguide_retrieval.domain.recommend_selection import NEW_ARRIVAL, varied, with_new


def ranked(*rows):
    """Return products from (id, category, score)."""
    return [Ranked(Candidate(i, {"leaf": leaf}), score) for i, leaf, score in rows]


def ids(products):
    """Return the ids in order."""
    return [p.candidate.id for p in products]


def listed(count, prefix="p"):
    """Return products without a category, the best first."""
    return ranked(*((f"{prefix}{i}", "", 1.0 - i / 1000) for i in range(count)))


def test_another_category_comes_before_the_third_of_the_same():
    """A slightly worse product of another category breaks a row of the same one."""
    found = varied(ranked(("a1", "a", 1.0), ("a2", "a", 0.99), ("a3", "a", 0.98), ("b1", "b", 0.9)), 3, 0.1)
    assert ids(found) == ["a1", "b1", "a2"]
    assert [p.score for p in found] == sorted((p.score for p in found), reverse=True)


def test_a_much_better_product_keeps_its_place():
    """Variety never lifts what does not fit."""
    found = varied(ranked(("a1", "a", 1.0), ("a2", "a", 0.9), ("b1", "b", 0.1)), 2, 0.1)
    assert ids(found) == ["a1", "a2"]


def test_products_without_a_category_do_not_push_each_other():
    """In a catalogue without categories the order is that of the scores."""
    assert ids(varied(listed(5), 5, 0.5)) == ["p0", "p1", "p2", "p3", "p4"]


def test_the_same_seed_gives_the_same_list():
    """Exploration is stable for a shopper and a day, and differs between shoppers."""
    chosen, new = listed(20), listed(30, "n")
    assert ids(with_new(chosen, new, 10, 0.3, "ann|1")) == ids(with_new(chosen, new, 10, 0.3, "ann|1"))
    assert len({tuple(ids(with_new(chosen, new, 10, 0.3, f"{i}|1"))) for i in range(20)}) > 10


def test_the_share_holds_over_many_shoppers():
    """A share of .15 of ten places gives three new products in two lists, on average."""
    chosen, new = listed(20), listed(30, "n")
    counts = [
        sum(p.candidate.id.startswith("n") for p in with_new(chosen, new, 10, 0.15, f"{i}|1"))
        for i in range(400)
    ]
    assert set(counts) == {1, 2}
    assert 1.4 < sum(counts) / len(counts) < 1.6


def test_new_products_say_that_they_are_new():
    """Every product in an exploration place carries the reason."""
    found = with_new(listed(20), listed(30, "n"), 10, 0.2, "ann|1")
    assert all((NEW_ARRIVAL in p.reasons) == p.candidate.id.startswith("n") for p in found)


@given(st.integers(1, 40), st.integers(0, 40), st.integers(1, 20), st.floats(0, 1), st.text(max_size=5))
def test_any_share_gives_a_full_list_without_repeats(known, new, size, share, seed):
    """Whatever the share, no product stands twice and no place stays empty that could be filled."""
    found = ids(with_new(listed(known)[:size], listed(new, "n"), size, share, seed))
    assert len(found) == len(set(found)) <= size
    assert len(found) >= min(size, known)
