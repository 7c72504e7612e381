"""What is learned from a shopper's events."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shopguide_retrieval.domain.events import Event, EventType, Feedback, Line
from shopguide_retrieval.domain.profiles import MAX_EVENTS, MAX_INTERACTIONS, profile, with_taste
from shopguide_retrieval.domain.shoppers import (
    Interaction,
    Profile,
    interest,
    item_dimension,
    items_vector,
    shopper_keys,
)

KEY = "v:a"
_IDS = st.sampled_from(["p1", "p2", "p3"])
_LINES = st.lists(st.builds(Line, _IDS, st.integers(1, 5)), min_size=1, max_size=3).map(tuple)


def event(identifier, kind=EventType.VIEW, at=1.0, *product_ids, **fields):
    """Return an event of one visitor."""
    lines = tuple(Line(i) for i in product_ids or ("p1",))
    return Event(identifier, kind, at, "a", lines=fields.pop("lines", lines), **fields)


@st.composite
def histories(draw):
    """Events with distinct ids."""
    kinds = draw(st.lists(st.sampled_from(EventType), max_size=12))
    return [
        Event(
            f"e{i}", kind, draw(st.integers(1, 5)) * 1e6, "a", draw(st.sampled_from(["", "u"])), draw(_LINES)
        )
        for i, kind in enumerate(kinds)
    ]


@given(histories(), st.randoms())
@settings(max_examples=200, deadline=None)
def test_order_and_repeats_do_not_matter(events, random_):
    """Any order of the same events, any of them repeated, gives exactly the same profile."""
    shuffled = [*events, *random_.choices(events, k=5)] if events else []
    random_.shuffle(shuffled)
    assert profile(KEY, shuffled) == profile(KEY, events)


@given(histories())
@settings(max_examples=100, deadline=None)
def test_every_event_more_changes_the_digest(events):
    """A profile that was computed from other events never passes for this one."""
    seen = profile(KEY, events)
    learned = [e for e in events if e.type is not EventType.FEEDBACK]
    assert seen.event_count == len(learned)
    for left_out in learned:
        assert profile(KEY, [e for e in events if e is not left_out]).digest != seen.digest
    assert not learned or profile("v:b", events).digest != seen.digest


@pytest.mark.parametrize(
    ("kinds", "expected"),
    [
        ([EventType.VIEW], 0.25),
        ([EventType.CLICK], 0.3),
        ([EventType.ADD_TO_CART], 0.6),
        ([EventType.PURCHASE], 1.0),
        ([EventType.VIEW] * 3, 0.5),
        ([EventType.ADD_TO_CART, EventType.REMOVE_FROM_CART], 0.42),
        ([EventType.ADD_TO_CART, EventType.REMOVE_FROM_CART, EventType.REMOVE_FROM_CART], 0.42),
        ([EventType.PURCHASE] * 1000, 3.0),
    ],
)
def test_weights(kinds, expected):
    """Kinds of events weigh as documented; repeats saturate; removing takes back a share of the cart's weight once."""
    found = profile(KEY, [event(f"e{i}", kind) for i, kind in enumerate(kinds)])
    assert found.interactions[0].weight == pytest.approx(expected)


def test_what_is_no_interest_is_no_interaction():
    """A search, feedback and a removal alone make no product interesting, though searches count as events."""
    feedback = Feedback("t", "WRONG", "no")
    found = profile(
        KEY,
        [
            event("e1", EventType.SEARCH, query="red shoes"),
            event("e2", EventType.REMOVE_FROM_CART),
            event("e3", EventType.FEEDBACK, lines=(), feedback=feedback),
        ],
    )
    assert found.interactions == ()
    assert found.event_count == 2


def test_purchases_are_remembered():
    """Quantities add up, times of purchase are kept in order, one event with a product on two lines is one purchase."""
    two_lines = (Line("p1", 2), Line("p1", 1))
    events = [
        event("late", EventType.PURCHASE, 20.0, lines=two_lines),
        event("early", EventType.PURCHASE, 10.0, lines=(Line("p1", 4),)),
    ]
    (found,) = profile(KEY, events).interactions
    assert (found.bought, found.quantity, found.purchase_times, found.time) == (True, 7, (10.0, 20.0), 20.0)
    assert found.weight == pytest.approx(math.log2(3))


def test_only_the_latest_count():
    """Of very many events the latest make the profile; of very many products the latest are kept."""
    events = [event(f"e{i:05}", EventType.VIEW, float(i + 1), f"p{i}") for i in range(MAX_EVENTS + 50)]
    found = profile(KEY, events)
    assert found.event_count == MAX_EVENTS + 50
    assert len(found.interactions) == MAX_INTERACTIONS
    assert found.interactions[0].product_id == f"p{MAX_EVENTS + 49}"
    assert profile(KEY, events[-MAX_EVENTS:], len(events)) == found


def test_keys_of_the_same_events_are_related():
    """The profile of a device names the users that signed in on it."""
    events = [event("e1", user_id="u2"), event("e2", user_id="u1"), event("e3")]
    assert profile(KEY, events).related == ("u:u1", "u:u2")
    assert shopper_keys("a", "") == ("v:a",)


def test_taste_is_the_weighted_mean_direction():
    """Taste has length 1, leans to what weighs more and is newer, and names the products that are missing."""
    day = 86_400.0
    learned = Profile(
        KEY,
        (
            Interaction("new", 1.0, 100 * day),
            Interaction("old", 1.0, 70 * day),
            Interaction("gone", 1.0, 60 * day),
        ),
        3,
        100 * day,
    )
    vectors = {"new": np.array([1.0, 0.0], np.float32), "old": np.array([0.0, 1.0], np.float32)}
    found = with_taste(learned, vectors)
    assert found.taste.tolist() == pytest.approx((np.array([1, 0.5]) / math.sqrt(1.25)).tolist())
    assert found.unknown_ids == ("gone",)
    assert with_taste(learned, {}).taste is None
    opposite = {"new": vectors["new"], "old": -vectors["new"]}
    even = replace(
        learned, interactions=(learned.interactions[0], replace(learned.interactions[1], time=100 * day))
    )
    assert with_taste(even, opposite).taste is None


def test_items_vector():
    """The sparse vector has one component a product, ascending, and length 1; no weight, no component."""
    found = items_vector({"a": 3.0, "b": 4.0, "c": 0.0})
    assert list(found.indices) == sorted({item_dimension("a"), item_dimension("b")})
    assert dict(zip(found.indices, found.values, strict=True))[item_dimension("b")] == pytest.approx(0.8)
    assert items_vector({}).indices == ()
    assert interest([Interaction("a", 0.5, 1.0)]) == {"a": 0.5}
