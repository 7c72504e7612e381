"""What makes a price good, and what list prices are worth believing."""

import math
import random

import pytest

from shopguide_retrieval.domain.bargains import Bargain, bargain, best_of_groups, spread
from shopguide_retrieval.domain.model import Price
from shopguide_retrieval.domain.price_levels import price_level
from shopguide_retrieval.domain.ranking import Candidate, Ranked

LEVEL = price_level(dict.fromkeys(range(10000, 110000, 10000), 1))


def ranked(identifier="a", price=50_000, was=None, **payload):
    """Return a candidate of the category whose prices are 100 to 1,000."""
    values = {
        "currency": "CNY",
        "price": {"cny": price},
        "leaf": "headphones",
        "list_price": was,
        "group": identifier,
    }
    return Ranked(Candidate(identifier, values | payload), 0.0, {}, ())


def judged(*arguments, level=LEVEL, **fields) -> Bargain:
    """Return what is known of a candidate's price."""
    found = bargain(ranked(*arguments, **fields), level)
    assert found is not None
    return found


def test_the_saving_is_exactly_what_the_list_price_says():
    """Share and amount follow from the two stored prices and nothing else."""
    one = judged("a", 80_000, 100_000)
    assert (one.discount, one.saving) == (0.2, Price(20_000, "CNY"))
    assert "BELOW_LIST_PRICE" in one.reasons


@pytest.mark.parametrize(
    ("price", "was"),
    [(80_000, None), (80_000, 80_000), (80_000, 70_000), (5_000, 60_000), (100_000, 210_000), (0, 90_000)],
    ids=["none", "equal", "lower", "more than 90 % off", "twice the dearest of the category", "free"],
)
def test_a_list_price_that_says_nothing_or_is_absurd_gives_no_saving(price, was):
    """Then neither share nor amount is stated, and the discount earns nothing."""
    one = judged("a", price, was)
    assert (one.discount, one.saving, one.signals["discount"]) == (None, None, 0.0)
    assert "BELOW_LIST_PRICE" not in one.reasons


def test_the_share_of_the_category_that_costs_more():
    """Exactly counted; equal prices do not cost more."""
    assert [judged("a", p).cheaper_than for p in (10_000, 30_000, 100_000, 5_000)] == [0.9, 0.7, 0.0, 1.0]
    assert judged("a", 30_000).reasons == ("CHEAP_FOR_CATEGORY",)
    assert not judged("a", 40_000).is_deal


def test_another_kind_of_thing_is_not_cheap_for_its_category():
    """A case among phones: its share is stated, but it is no reason and earns nothing."""
    one = judged("a", 1_000)
    assert (one.cheaper_than, one.is_deal, one.signals["category"]) == (1.0, False, 0.0)


def test_a_category_of_few_prices_says_nothing():
    """Fewer than five products with a price are no price level."""
    assert price_level({100: 2, 200: 2}) is None
    assert judged("a", 100, level=None).cheaper_than is None


def test_few_ratings_are_shrunk():
    """Five stars of two shoppers are not highly rated, those of a thousand are."""
    few = judged("a", 30_000, rating=5.0, popularity=math.log1p(2))
    many = judged("a", 30_000, rating=5.0, popularity=math.log1p(1000))
    assert "HIGHLY_RATED" not in few.reasons
    assert "HIGHLY_RATED" in many.reasons
    assert many.rating > few.rating > 3.9


def test_a_product_without_a_price_is_no_bargain():
    """Nothing can be said of it."""
    assert bargain(ranked("a", price=None, currency=""), LEVEL) is None


def test_one_of_a_group_is_kept_the_best_deal():
    """The cheapest colour is the deal, whatever the order they came in."""
    colours = [judged("red", 90_000, 100_000, group="g"), judged("blue", 70_000, 100_000, group="g")]
    assert [b.ranked.candidate.id for b in best_of_groups(colours)] == ["blue"]


def test_the_order_does_not_depend_on_the_order_of_candidates():
    """Equal scores are decided by the id."""
    pool = [judged(f"p{i}", 20_000 + 10_000 * (i % 3), 100_000) for i in range(12)]
    orders = []
    for seed in range(5):
        random.Random(seed).shuffle(pool)
        orders.append([b.ranked.candidate.id for b in spread(best_of_groups(pool), 12, 0.8)])
    assert orders.count(orders[0]) == 5


def test_no_category_fills_the_list():
    """Slightly worse deals of other categories come between; the scores fall all the way."""
    shoes = [judged(f"s{i}", 60_000, 100_000, leaf="shoes") for i in range(6)]
    bags = [judged(f"b{i}", 65_000, 100_000, leaf="bags") for i in range(6)]
    taken = spread(best_of_groups([*shoes, *bags]), 6, 0.8)
    leaves = [b.ranked.candidate.leaf for b in taken]
    assert (leaves.count("shoes"), leaves.count("bags")) == (3, 3)
    scores = [b.ranked.score for b in taken]
    assert scores == sorted(scores, reverse=True)


@pytest.mark.parametrize(("share", "expected"), [(0.1, 10_000), (0.5, 50_000), (1.0, 100_000)])
def test_quantiles(share, expected):
    """The lowest price that the share does not exceed."""
    assert LEVEL.quantile(share) == expected
