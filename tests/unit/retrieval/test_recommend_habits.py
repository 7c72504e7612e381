"""What shoppers buy again, and what they buy together."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopguide_retrieval.domain.recommend_habits import Habits, learn_habits, occasions, shrunk_lift
from shopguide_retrieval.domain.recommend_own import (
    bought_again,
    expected_share,
    owned_for_good,
    routine_share,
)
from shopguide_retrieval.domain.shoppers import Interaction
from shopguide_retrieval.ports_recommend import Neighbour

DAY = 86_400.0
LEAVES = {"coffee": "coffee", "tea": "tea", "phone": "phones", "case": "cases", "kettle": "kettles"}


def bought(product_id, *days):
    """Return purchases of a product on these days."""
    times = tuple(d * DAY for d in days)
    return Interaction(product_id, 1.0, times[-1], bought=True, quantity=len(days), purchase_times=times)


def shopper(number, *interactions):
    """Return a shopper with these interactions."""
    return Neighbour(f"v:{number}", interactions)


def coffee_drinkers():
    """Return habits of ten shoppers who buy coffee every 30 days and a kettle once."""
    return learn_habits(
        [shopper(i, bought("coffee", 0, 30, 60), bought("kettle", 5)) for i in range(10)], LEAVES
    )


def test_what_buyers_come_back_for_is_a_consumable():
    """Coffee that everybody buys again is a consumable, a kettle that nobody does is not."""
    habits = coffee_drinkers()
    assert habits.consumable("coffee")
    assert not habits.consumable("kettle")


def test_a_repurchase_is_due_after_the_usual_time():
    """Just bought is not due, a month later it is, years later hardly."""
    habits, coffee = coffee_drinkers(), bought("coffee", 100)
    soon, due, late = (habits.due(coffee, day * DAY) for day in (105, 130, 2000))
    assert soon < due > late
    assert due == 1.0


def test_the_own_rhythm_of_a_shopper_counts_first():
    """Who buys every ten days is due after ten, whatever others do."""
    habits = coffee_drinkers()
    assert habits.due(bought("coffee", 0, 10, 20), 30 * DAY) == 1.0


def test_a_durable_product_is_never_due():
    """A kettle bought long ago is not recommended again."""
    assert coffee_drinkers().due(bought("kettle", 0), 400 * DAY) == 0.0


def test_a_product_that_few_have_bought_takes_after_its_category():
    """A new coffee is a consumable because coffee is."""
    assert coffee_drinkers().consumable("new-coffee", "coffee")


def test_an_order_sent_twice_is_no_repurchase():
    """Two purchases within a day are one."""
    habits = learn_habits([shopper(i, bought("phone", 0, 0.01)) for i in range(20)], LEAVES)
    assert not habits.consumable("phone")


def test_categories_bought_together_complement_each_other():
    """Cases go with phones; kettles, bought by others at other times, do not."""
    together = [shopper(i, bought("phone", i), bought("case", i + 2)) for i in range(8)]
    apart = [shopper(f"k{i}", bought("kettle", 300), bought("tea", 0)) for i in range(40)]
    habits = learn_habits([*together, *apart], LEAVES)
    assert set(habits.complements("phones")) == {"cases"}
    assert habits.complements("kettles") == {}


def test_purchases_weeks_apart_are_not_together():
    """A case bought a month after the phone says nothing."""
    habits = learn_habits([shopper(i, bought("phone", 0), bought("case", 30)) for i in range(8)], LEAVES)
    assert habits.complements("phones") == {}


def test_an_occasion_lasts_a_week_from_its_first_purchase():
    """Days 0, 3 and 7 are one occasion; day 8 begins the next one, whatever lies shortly before it."""
    bought_there = [bought("phone", 0), bought("case", 3), bought("tea", 7, 8), bought("coffee", 14)]
    assert occasions(bought_there) == [{"phone", "case", "tea"}, {"tea", "coffee"}]


def test_lift_of_categories_does_not_fall_with_long_histories():
    """Who buys tea every week and coffee on half of the weeks buys them together as often as by chance."""
    weekly = [
        shopper(i, bought("tea", *range(0, 160, 8)), bought("coffee", *range(0, 160, 16))) for i in range(10)
    ]
    assert learn_habits(weekly, LEAVES).category_lift("tea", "coffee") == 1.0


def test_expected_purchases_by_hand():
    """(1 - z) m + z n with m = 40 / 10 and z = (10 + 50 * (10 + 5 / 2) / 15) / 60 for coffee that all come back for.

    Half of what was bought, coffee but not kettles, brought its buyers back; of the category, five buyers' worth.
    """
    habits = learn_habits(
        [shopper(i, bought("coffee", 0, 30, 60, 90), bought("kettle", 5)) for i in range(10)], LEAVES
    )
    credibility = (10 + 50 * (10 + 5 / 2) / 15) / 60
    assert habits.expectations["coffee"] == pytest.approx((4.0, credibility))
    assert habits.expected("coffee", None, 0.0) == pytest.approx((1 - credibility) * 4)
    due = habits.expected("coffee", bought("coffee", 0, 30), 60 * DAY)
    assert due == pytest.approx((1 - credibility) * 4 + credibility * 2)
    early = habits.expected("coffee", bought("coffee", 0, 30), 40 * DAY)
    assert early == pytest.approx((1 - credibility) * 4 + credibility * 0.6 * 2)
    assert habits.expected("coffee", bought("coffee", 0, 30), 31 * DAY) == 0.0
    assert habits.expected("unknown", None, 0.0) == 0.0


def test_who_came_back_themselves_owns_nothing_for_good():
    """A kettle is owned for good, but not by the one shopper who buys kettles again and again."""
    habits = coffee_drinkers()
    once, often = bought("kettle", 0), bought("kettle", 0, 30, 60)
    assert owned_for_good([once, bought("coffee", 0)], habits, LEAVES) == ("kettle",)
    assert owned_for_good([often], habits, LEAVES) == ()
    four = [once, bought("phone", 0), bought("case", 0), bought("coffee", 0)]
    assert routine_share([once], habits, LEAVES) == 0.0
    assert routine_share(four, habits, LEAVES) == 0.5
    assert routine_share([once, bought("coffee", 0)], habits, LEAVES) == 1.0
    assert bought_again([once, bought("coffee", 0)], habits, 30 * DAY) == ["coffee"]


def test_the_most_expected_product_has_share_one():
    """Own coffee stands before a kettle, which is not bought again; what nobody buys is left out."""
    habits = coffee_drinkers()
    shares = expected_share(["coffee", "kettle", "unknown"], [bought("coffee", 0)], habits, 30 * DAY)
    assert shares["coffee"] == 1.0
    assert 0 < shares["kettle"] < 1
    assert "unknown" not in shares


def test_nothing_learned_makes_nothing_a_consumable():
    """Without shoppers there are no habits."""
    assert not Habits().consumable("p", "leaf")
    assert Habits().complements("leaf") == {}


def test_one_accident_is_no_lift():
    """One common purchase of two rare products has less lift than many of frequent ones."""
    assert shrunk_lift(1, 0.001) < shrunk_lift(30, 10.0) < shrunk_lift(300, 10.0)


@given(
    st.lists(st.lists(st.floats(0, 1000), min_size=1, max_size=6).map(sorted), max_size=10),
    st.floats(0, 3000),
)
def test_due_is_a_share(histories, today):
    """However purchases lie in time, how due one is lies in [0, 1]."""
    habits = learn_habits([shopper(i, bought("coffee", *days)) for i, days in enumerate(histories)], LEAVES)
    for days in histories:
        assert 0.0 <= habits.due(bought("coffee", *days), max(today, days[-1]) * DAY) <= 1.0
