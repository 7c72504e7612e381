"""What neighbours say about the next product."""

import math
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shopguide_retrieval.domain.recommend_evidence import gather, present_interest
from shopguide_retrieval.domain.recommend_model import WEIGHTS
from shopguide_retrieval.domain.shoppers import Interaction
from shopguide_retrieval.ports_recommend import Neighbour

EVEN = replace(WEIGHTS, after=1.0, before=1.0, shared_count=0.5, own_count=0.5)
_IDS = st.sampled_from("abcdef")
_BASKETS = st.lists(st.sets(_IDS, min_size=1), min_size=1, max_size=8)


def trail(*ids, weight=1.0, bought=True):
    """Return interactions, given the newest first."""
    times = range(len(ids), 0, -1)
    return tuple(
        Interaction(i, weight, float(t), bought, 1, (float(t),) if bought else ())
        for i, t in zip(ids, times, strict=True)
    )


def other(*ids, similarity=1.0, **fields):
    """Return a neighbour whose trail has these products, the newest first."""
    return Neighbour(f"v:{'-'.join(ids)}", trail(*ids, **fields), similarity)


def test_what_was_just_viewed_outweighs_the_past():
    """The products of this visit come before everything in the history, the latest of them first."""
    interest = present_interest(trail("x", "y"), ("b", "a"), WEIGHTS)
    assert sorted(interest, key=lambda i: -interest[i]) == ["a", "b", "x", "y"]


def test_a_product_seen_twice_in_a_visit_counts_once_and_as_just_now():
    """Of a repeated product of this visit the last place counts."""
    interest = present_interest((), ("a", "b", "a"), WEIGHTS)
    assert interest == {"a": 1.0, "b": WEIGHTS.recency}


def test_a_purchase_says_more_than_a_look():
    """At the same place in the history a bought product weighs more than one that was looked at."""
    bought = present_interest(trail("a"), (), WEIGHTS)["a"]
    viewed = present_interest(trail("a", weight=0.25, bought=False), (), WEIGHTS)["a"]
    assert bought > viewed > 0


def test_what_came_after_counts_more_than_what_came_before():
    """Of two products as near to the shared one, the one that neighbours turned to later wins."""
    found = gather([other("later", "shared", "earlier")], {"shared": 1.0}, {}, WEIGHTS)
    assert found["later"].sequence > found["earlier"].sequence > 0


def test_near_counts_more_than_far():
    """The further from the shared product, the less a product counts."""
    found = gather([other("far", "near", "shared")], {"shared": 1.0}, {}, WEIGHTS)
    assert found["near"].sequence > found["far"].sequence


def test_neighbours_without_a_shared_product_add_nothing_to_the_sequence():
    """A trail that shares nothing gives no sequence evidence."""
    assert gather([other("a", "b")], {"z": 1.0}, {}, WEIGHTS)["a"].sequence == 0


def test_the_user_based_estimate_is_a_weighted_mean():
    """r(u, j) = sum of sim(u, v) r(v, j) over the sum of sim(u, v)."""
    found = gather([other("j", similarity=3.0), other("k", similarity=1.0)], {}, {}, WEIGHTS)
    assert found["j"].alike == pytest.approx(0.75)
    assert found["k"].alike == pytest.approx(0.25)


def test_bought_together_needs_both_to_be_bought():
    """Looking at both is no common purchase."""
    looked = gather([other("a", "s", bought=False)], {"s": 1.0}, {}, WEIGHTS)
    bought = gather([other("a", "s")], {"s": 1.0}, {}, WEIGHTS)
    assert (looked["a"].together, bought["a"].together) == (0, 1)


@given(_BASKETS, _IDS)
@settings(max_examples=100, deadline=None)
def test_with_even_weights_it_is_item_knn_by_cosine(baskets, item):
    """All neighbours, equal distances and powers of one half give the cosine of two products' shoppers."""
    counts = {i: sum(i in b for b in baskets) for i in "abcdef"}
    shoppers = [other(*sorted(b)) for b in baskets]
    found = gather(shoppers, {item: 1.0}, {i: max(1, n) for i, n in counts.items()}, EVEN)
    for j in set("abcdef") - {item}:
        together = sum(item in b and j in b for b in baskets)
        expected = together / math.sqrt(counts[item] * counts[j]) if together else 0.0
        assert (found[j].sequence if j in found else 0.0) == pytest.approx(expected)
