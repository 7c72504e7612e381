"""What recommendation and bundles are judged by, on baskets small enough to count by hand."""

import gzip

import pytest

from shopguide_evaluation.recommend import (
    Given,
    Lists,
    co_occurring,
    completion,
    first_baskets,
    given_one,
    next_basket,
    popular_beside,
)
from shopguide_evaluation.sequences import Case, Purchase, basket_shop

PURCHASES = [
    Purchase("a", 1.0, ("milk", "bread", "tea")),
    Purchase("b", 2.0, ("milk", "bread")),
    Purchase("c", 3.0, ("tea", "jam")),
    Purchase("d", 4.0, ("milk",)),
]


def case(shopper, *wanted, time=0.0):
    """Return a case without a history."""
    return Case(shopper, (), frozenset(wanted), time)


def test_recall_of_baskets_by_hand():
    """One of two and two of two: .75 on average."""
    lists = Lists("any", [["milk", "jam"], ["milk", "tea"]])
    cases = [case("a", "milk", "tea"), case("b", "milk", "tea")]
    assert next_basket(lists, cases)["recall"]["mean"] == 0.75


def test_the_first_basket_is_the_earliest():
    """Of two baskets of a household the earlier one counts, wherever it stands in the file."""
    later, earlier, other = (
        case("a", "milk", time=9.0),
        case("a", "tea", time=2.0),
        case("b", "jam", time=5.0),
    )
    assert first_baskets([later, earlier, other]) == [earlier, other]


def test_one_product_is_given_and_the_others_wanted():
    """A basket of one product, or of none that is known, is no case; only known products are given."""
    cases = [case("a", "milk", "new"), case("b", "milk"), case("c", "new", "newer")]
    assert given_one(cases, {"milk"}) == [Given("milk", frozenset({"new"}))]


def test_simple_methods_by_hand():
    """Bread and tea are with milk twice and once; of equals the more popular comes first."""
    assert popular_beside(PURCHASES, ["milk"])["milk"][:2] == ["bread", "tea"]
    found = co_occurring(PURCHASES, ["milk", "tea"])
    assert found["milk"] == ["bread", "tea"]
    assert found["tea"] == ["milk", "bread", "jam"]


def test_completion_is_compared_pair_by_pair():
    """One method finds half and all, the other all and nothing: .25 more on average."""
    cases = [Given("milk", frozenset({"bread", "tea"})), Given("jam", frozenset({"tea"}))]
    rows = completion(
        {
            "counts": {"milk": ["bread"], "jam": []},
            "ours": {"milk": ["bread"], "jam": ["x", "y", "z", "tea"]},
        },
        cases,
        "counts",
    )
    assert [r["recall"]["mean"] for r in rows] == [0.25, 0.75]
    assert [r["hit_rate_3"]["mean"] for r in rows] == [0.5, 0.5]
    assert rows[1]["more_recall"]["mean"] == 0.5


@pytest.mark.parametrize("validation", [False, True])
def test_held_out_baskets_are_no_events(tmp_path, validation):
    """No basket is both known and wanted; validation leaves the test's baskets out; the draw is always the same."""
    with gzip.open(tmp_path / "groceries_dev.csv.gz", "wt", encoding="utf-8") as lines:
        lines.writelines(f"whole milk,item {n} ,item {n}\n" for n in range(200))
    shop = basket_shop(tmp_path, validation=validation)
    known, wanted = {p.shopper for p in shop.purchases}, {c.shopper for c in shop.cases}
    tested = {c.shopper for c in basket_shop(tmp_path).cases}
    assert not known & wanted
    assert 0.1 < len(wanted) / len(known | wanted) < 0.3
    assert not validation or not tested & (known | wanted)
    assert all(len(p.products) == 2 for p in shop.purchases)
    assert {c.shopper for c in basket_shop(tmp_path, validation=validation).cases} == wanted
