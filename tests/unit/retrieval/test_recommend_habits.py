"""What shoppers buy again, and what they buy together."""

from hypothesis import given
from hypothesis import strategies as st

from shopguide_retrieval.domain.recommend_habits import Habits, learn_habits, shrunk_lift
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
