"""Which limit gives way when nothing satisfies all of them."""

from itertools import pairwise

import pytest

from shopguide_retrieval.domain import conditions as c
from shopguide_retrieval.domain.conditions import Condition, Constraint, Outcome, Range, Strength
from shopguide_retrieval.domain.limits import Limit
from shopguide_retrieval.domain.relaxation import Hard, importance, relax

pytestmark = pytest.mark.anyio

PRODUCTS = [
    {"brand": "sony", "price": {"usd": 12900}, "terms": ["color=black"], "numbers": {"battery": [30.0]}},
    {"brand": "sony", "price": {"usd": 14900}, "terms": ["color=black"], "numbers": {"battery": [40.0]}},
    {"brand": "jbl", "price": {"usd": 4900}, "terms": ["color=blue"], "numbers": {"battery": [20.0]}},
    {"brand": "apple", "price": {"usd": 54900}, "terms": ["color=white"], "numbers": {"battery": [20.0]}},
]


async def count(limits):
    """Count the products above."""
    return sum(all(one.holds(p) for one in limits) for p in PRODUCTS)


async def nearest(limits, key, bound, above):
    """Return the numbers beyond a bound among the products above."""
    part, name = key.split(".")
    numbers = []
    for product in PRODUCTS:
        if all(one.holds(product) for one in limits):
            value = product[part][name]
            numbers += value if isinstance(value, list) else [value]
    beyond = [n for n in numbers if (n > bound if above else n < bound)]
    return sorted(beyond, reverse=not above)


def hard(position, field, limit, confidence=0.9, **test):
    """Return a hard constraint and its limit."""
    return Hard(position, Constraint(Condition(field, **test), Strength.HARD, "", confidence), limit)


def under(position, dollars, confidence=0.9):
    """Return an upper bound on the price."""
    limit = Limit("price.usd", maximum=dollars * 100)
    return hard(position, "price", limit, confidence, range=Range(None, dollars))


def of_brand(position, name):
    """Return a demand for a brand."""
    return hard(position, "brand", Limit("brand", any_of=(name,)), any_of=(name,))


def not_brand(position, name):
    """Return a refusal of a brand."""
    return hard(position, "brand", Limit("brand", none_of=(name,)), none_of=(name,))


def of_color(position, name, confidence=0.9):
    """Return a demand for a colour."""
    limit = Limit("terms", any_of=(f"color={name}",))
    return hard(position, "attributes.color", limit, confidence, any_of=(name,))


def battery(position, hours):
    """Return a demand for at least this battery life."""
    limit = Limit("numbers.battery", minimum=hours)
    return hard(position, "attributes.battery", limit, range=Range(hours, None))


def wireless(position):
    """Return a demand for a yes-or-no attribute, which is a range of one number."""
    limit = Limit("numbers.wireless", minimum=1.0, maximum=1.0)
    return hard(position, "attributes.wireless", limit, range=Range(1.0, 1.0))


def test_the_stated_order_of_importance():
    """Ranges of attributes give way first, then their other tests, brand, price; a negation goes last."""
    order = [
        battery(1, 50),
        wireless(5),
        of_color(0, "red"),
        of_brand(2, "sony"),
        under(3, 10),
        not_brand(4, "apple"),
    ]
    assert all(importance(a) < importance(b) for a, b in pairwise(order))


def test_less_confidence_gives_way_first():
    """Of two colours the one that was read with less confidence is given up; equally sure, the later one."""
    sure, unsure = of_color(0, "red", 0.9), of_color(1, "blue", 0.5)
    assert min(sure, unsure, key=importance) is unsure
    assert min(of_color(0, "red"), of_color(1, "blue"), key=importance).position == 1


async def test_limits_that_hold_stay():
    """When something satisfies all limits, all are applied."""
    relaxed = await relax([under(0, 130), of_brand(1, "sony")], count, nearest)
    assert {o.outcome for o in relaxed.outcomes.values()} == {Outcome.APPLIED}
    assert not relaxed.given_up


async def test_a_price_gives_way_to_the_nearest_that_exists():
    """Under 100 dollars there is no Sony with that battery: the price moves to its nearest neighbours, and says so."""
    wanted = [under(0, 100), not_brand(1, "jbl")]
    relaxed = await relax(wanted, count, nearest)
    outcome = relaxed.outcomes[0]
    assert (outcome.outcome, outcome.reason, outcome.nearest_value) == (Outcome.RELAXED, c.NO_MATCH, 129.0)
    assert outcome.relaxed_to.range == Range(None, 149.0)
    assert relaxed.outcomes[1].outcome is Outcome.APPLIED
    assert await count(relaxed.limits) == 2


async def test_the_least_important_limit_that_helps_gives_way():
    """The colour is given up before the price, and the price stays exactly as asked."""
    relaxed = await relax([under(0, 50), of_color(1, "black")], count, nearest)
    assert relaxed.outcomes[0].outcome is Outcome.APPLIED
    assert (relaxed.outcomes[1].outcome, relaxed.outcomes[1].reason) == (Outcome.DROPPED, c.NO_MATCH)
    assert [h.position for h in relaxed.given_up] == [1]


async def test_a_value_that_no_product_has_is_named_unknown():
    """Dropping a colour that nobody sells is reported as an unknown value, not as a conflict."""
    relaxed = await relax([of_color(0, "mauve"), under(1, 200)], count, nearest)
    assert relaxed.outcomes[0].reason == c.UNKNOWN_VALUE


async def test_two_give_way_when_one_is_not_enough():
    """A colour nobody sells and a price below everything: both give way, the negation holds."""
    relaxed = await relax([of_color(0, "mauve"), under(1, 10), not_brand(2, "jbl")], count, nearest)
    assert [relaxed.outcomes[i].outcome for i in range(3)] == [
        Outcome.DROPPED,
        Outcome.RELAXED,
        Outcome.APPLIED,
    ]
    assert await count(relaxed.limits)


async def test_a_lower_bound_moves_down():
    """At least 100 hours of battery do not exist: the nearest below is offered."""
    relaxed = await relax([battery(0, 100)], count, nearest)
    assert relaxed.outcomes[0].nearest_value == 40.0
    assert relaxed.outcomes[0].relaxed_to.range == Range(40.0, None)


async def test_nothing_gives_way_when_forbidden():
    """With relaxation forbidden all limits stay, and nothing satisfies them."""
    relaxed = await relax([under(0, 10)], count, nearest, forbidden=True)
    assert await count(relaxed.limits) == 0
    assert relaxed.outcomes[0].outcome is Outcome.APPLIED
