"""The joint choice of several roles under one total."""

from itertools import product as combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shopguide_retrieval.domain.scopes import Choice, Option, choose, minimum_total, substitutes

OPTIONS = st.lists(
    st.builds(
        Option,
        st.sampled_from([f"p{i}" for i in range(8)]),
        st.integers(0, 8).map(lambda n: n / 8),
        st.integers(0, 60),
    ),
    max_size=5,
    unique_by=lambda o: o.id,
)
ROLES = st.lists(OPTIONS, min_size=1, max_size=4)


def brute_force(roles, budget):
    """Return the best (filled, relevance, -total) over every combination without a repeated product."""
    best = (-1, 0.0, 0)
    for picks in combinations(*([*options, None] for options in roles)):
        chosen = [p for p in picks if p]
        total = sum(p.cost for p in chosen)
        if len({p.id for p in chosen}) < len(chosen) or (budget is not None and total > budget):
            continue
        best = max(best, (len(chosen), sum(p.relevance for p in chosen), -total))
    return best


@settings(max_examples=300, deadline=None)
@given(ROLES, st.one_of(st.none(), st.integers(0, 150)))
def test_the_choice_is_as_good_as_brute_force(roles, budget):
    """No combination fills more roles, is more relevant or, at equal relevance, cheaper; the budget holds."""
    choice = choose(roles, budget)
    chosen = [o for o in choice.options if o]
    assert choice.total == sum(o.cost for o in chosen)
    assert budget is None or choice.total <= budget
    assert len({o.id for o in chosen}) == len(chosen)
    assert (len(chosen), sum(o.relevance for o in chosen), -choice.total) == brute_force(roles, budget)


def test_a_cheaper_shoe_makes_room_for_the_bag():
    """Filling every role beats the most relevant product of one."""
    shoes = [Option("dear", 1.0, 90), Option("fair", 0.7, 40)]
    bags = [Option("bag", 0.5, 30)]
    assert [o.id for o in choose([shoes, bags], 100).options] == ["fair", "bag"]


def test_one_product_cannot_fill_two_roles():
    """A product that leads two roles is given to one of them."""
    both = [Option("a", 1.0, 1), Option("b", 0.9, 1)]
    assert {o.id for o in choose([both, both], None).options} == {"a", "b"}


def test_what_cannot_be_paid_stays_empty():
    """A role whose every product is beyond the budget is left empty; the others are filled."""
    choice = choose([[Option("dear", 1.0, 500)], [Option("fair", 0.1, 50)]], 100)
    assert choice == Choice((None, Option("fair", 0.1, 50)), 50)


@pytest.mark.parametrize(("budget", "expected"), [(None, ["c", "d"]), (70, ["c"]), (55, [])])
def test_substitutes_keep_the_total(budget, expected):
    """An alternative is offered only when the total stays within the budget with it."""
    options = [Option("a", 1.0, 30), Option("c", 0.8, 45), Option("d", 0.7, 60)]
    choice = Choice((Option("a", 1.0, 30), Option("b", 1.0, 25)), 55)
    assert [o.id for o in substitutes(0, options, choice, budget)] == expected


def test_the_minimum_total_fills_every_role():
    """It is the cheapest way to fill all roles with different products, or None when one has no candidate."""
    roles = [[Option("a", 1, 10), Option("b", 1, 30)], [Option("a", 1, 10), Option("c", 1, 25)]]
    assert minimum_total(roles) == 35
    assert minimum_total([*roles, []]) is None
