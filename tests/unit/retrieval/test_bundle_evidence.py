"""How likely a product is bought with a chosen one."""

import pytest

from shopguide_retrieval.domain.bundle_evidence import (
    count_pairs,
    fit,
    likeliest,
    likelihood,
    paired,
    prior,
    rate,
)
from shopguide_retrieval.domain.recommend_habits import Habits, learn_habits
from shopguide_retrieval.ports_recommend import Neighbour, Step

DAY = 86_400.0
LEAVES = {"phone": "phones", "case": "cases", "rare": "cases", "milk": ""}


def buyer(number, *occasions):
    """Return a shopper who bought these products on occasions a month apart."""
    times: dict[str, list[float]] = {}
    for month, products in enumerate(occasions):
        for one in products:
            times.setdefault(one, []).append(30 * DAY * month)
    return Neighbour(f"v:{number}", [Step(i, 1.0, t[-1], tuple(t)) for i, t in times.items()])


def shop():
    """Return 40 shoppers: 20 bought a phone, 10 of them with a case, 2 with the rare case; all bought milk later."""
    callers = [
        buyer(n, ["phone", *(["case"] if n < 10 else []), *(["rare"] if n < 2 else [])], ["milk"])
        for n in range(20)
    ]
    return [*callers, *(buyer(f"m{n}", ["milk"]) for n in range(20))]


def test_pairs_count_occasions_and_buyers():
    """Milk a month after the phone is not together with it; a buyer of two phones with two cases is one buyer of both."""
    twice = buyer("twice", ["phone", "case"], ["phone", "case"])
    pairs = count_pairs(["phone"], [*shop()[:20], twice])["phone"]
    assert (pairs.seen, pairs.together["case"], pairs.buyers["case"]) == (22, 12, 11)
    assert pairs.together["milk"] == 0


def test_likelihood_by_hand():
    """60 occasions = 20 with phones + 40 with milk; the prior is P(cases | phones) times the share among cases."""
    habits = learn_habits(shop(), LEAVES)
    assert habits.all_occasions == 60
    cases_with_phones = (10 + 200 * 10 / 60) / (20 + 200)
    expected = cases_with_phones * (10.5 / 10.5)
    assert prior("case", "cases", "phones", habits) == pytest.approx(expected)
    assert prior("rare", "cases", "phones", habits) == pytest.approx(cases_with_phones * 2.5 / 10.5)
    pairs = count_pairs(["phone"], shop())["phone"]
    assert likelihood(pairs, 10, expected) == pytest.approx((10 + 50 * expected) / 70)


def test_without_a_category_the_prior_is_how_often_it_is_bought():
    """Milk has no category: 40 of 60 occasions, half a purchase added."""
    habits = learn_habits(shop(), LEAVES)
    assert prior("milk", "", "phones", habits) == rate("milk", habits) == pytest.approx(40.5 / 60.5)


def test_what_goes_together_needs_two_buyers_and_no_exclusion():
    """Case and rare case go with the phone; what one buyer alone combined, and what hardly ever comes along, does not."""
    odd = buyer("odd", ["phone", "lamp", "milk"])
    buyers = [*shop(), odd]
    found = paired(count_pairs(["phone"], buyers), learn_habits(buyers, LEAVES))
    assert found == {"case", "rare"}


def test_the_likeliest_are_paired_or_sell_best_in_a_complementing_category():
    """Cases by their number of purchases; of the lamps' category, which complements, the bestseller as well."""
    leaves = LEAVES | {"lamp": "lamps"}
    habits = learn_habits([*shop(), buyer("l", ["lamp"])], leaves)
    pairs = count_pairs(["phone"], shop())
    assert likeliest(pairs, [], {"phone": "phones"}, habits, 5) == ["case", "rare"]
    assert likeliest(pairs, ["lamps"], {"phone": "phones"}, habits, 5) == ["case", "rare", "lamp"]
    assert likeliest(pairs, ["lamps"], {"phone": "phones"}, habits, 1) == ["case"]


def test_the_likelier_product_fits_better_though_both_have_the_same_lift():
    """Case and rare case are bought with phones alone; the one that is bought five times as often comes first."""
    habits, pairs = learn_habits(shop(), LEAVES), count_pairs(["phone"], shop())
    case, rare = (fit(i, "cases", pairs, {"phone": "phones"}, habits) for i in ("case", "rare"))
    assert case.score > rare.score
    assert case.bought
    assert rare.bought
    assert case.best == "phone"
    assert case.lift > 1


def test_a_product_nobody_bought_takes_after_its_category():
    """A new case fits a phone better than a new lamp does, which nobody bought."""
    habits, pairs = learn_habits(shop(), LEAVES), count_pairs(["phone"], shop())
    case = fit("new-case", "cases", pairs, {"phone": "phones"}, habits)
    lamp = fit("new-lamp", "lamps", pairs, {"phone": "phones"}, habits)
    assert case.score > lamp.score
    assert not case.bought


def test_nothing_learned_gives_numbers_all_the_same():
    """Without any purchase the score is a number and nothing counts as bought."""
    found = fit("case", "cases", count_pairs(["phone"], []), {"phone": "phones"}, Habits())
    assert found.known == 0.0
    assert not found.bought
    assert found.score >= 0.0
