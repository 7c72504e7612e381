"""What holds typed limits against the catalogue finds planted faults and nothing else."""

from itertools import product as combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopguide.retrieval.v1 import retrieval_service_pb2 as pb
from shopguide.type.v1 import product_pb2, query_pb2
from shopguide_evaluation.products import Products
from shopguide_evaluation.scope_budgets import Option, best
from shopguide_evaluation.typed_limits import Tally, TypedQuery, generate, judge

Outcome = query_pb2.ConstraintOutcome


def item(identifier, cents, brand="Norte", available=True, **attributes):
    """Return a product with a price in cents."""
    one = product_pb2.Product(id=identifier, title=f"{brand} mouse {identifier}", brand=brand)
    one.price.units, one.price.nanos, one.price.currency_code = cents // 100, cents % 100 * 10**7, "USD"
    one.availability = 1 if available else 2
    for key, value in attributes.items():
        getattr(one.attributes[key], "texts" if isinstance(value, str) else "numbers").append(value)
    return one


SHOP = Products(
    [
        item("a", 999, "Norte", weight=80.0),
        item("b", 2000, "Ola", weight=120.0, color="Red "),
        item("c", 3000, "Ola", weight=95.0, color="blue"),
        item("d", 500, "Norte", available=False),
    ]
)


def within(name, low=None, high=None):
    """Return a range."""
    return query_pb2.Condition(field=name, range=query_pb2.NumberRange(minimum=low, maximum=high))


def texts(name, test, *values):
    """Return a test on texts."""
    return query_pb2.Condition(field=name, **{test: query_pb2.TextSet(values=values)})


@pytest.mark.parametrize(
    ("conditions", "passing"),
    [
        ([within("price", 9.99, 20)], "ab"),
        ([within("price", high=9.98)], ""),
        ([texts("brand", "any_of", "OLA")], "bc"),
        ([texts("brand", "none_of", "Ola")], "a"),
        ([texts("attributes.color", "any_of", "red"), within("attributes.weight", 100)], "b"),
        ([texts("attributes.color", "none_of", "red")], "ac"),
        ([within("attributes.unknown", 1)], ""),
    ],
)
def test_which_products_pass(conditions, passing):
    """Bounds are inclusive, case and outer spaces do not matter, what is sold out never passes."""
    found = SHOP.passing_all(conditions)
    assert {p.id for p, ok in zip(SHOP.all, found, strict=True) if ok} == set(passing)


def answer(*results, outcomes=(), total=0):
    """Return a response."""
    return pb.SearchResponse(
        results=[query_pb2.ScoredProduct(product_id=i) for i in results],
        constraint_outcomes=outcomes,
        total_size=total,
    )


def applied(condition):
    """Return the outcome of a constraint that holds."""
    return Outcome(constraint=query_pb2.Constraint(condition=condition), outcome=Outcome.OUTCOME_APPLIED)


def relaxed(condition, to, nearest):
    """Return the outcome of a constraint that gave way."""
    return Outcome(
        constraint=query_pb2.Constraint(condition=condition),
        outcome=Outcome.OUTCOME_RELAXED,
        relaxed_to=to,
        nearest_value=nearest,
    )


CHEAP, OLA = within("price", high=20), texts("brand", "any_of", "Ola")
TOO_CHEAP, UP_TO_20 = within("price", high=5), within("price", high=20)


@pytest.mark.parametrize(
    ("conditions", "response", "fault"),
    [
        ((CHEAP,), answer("a", "b", outcomes=[applied(CHEAP)], total=2), None),
        ((CHEAP,), answer("a", "c", outcomes=[applied(CHEAP)], total=2), "violations"),
        ((CHEAP,), answer(outcomes=[applied(CHEAP)], total=2), "empty_though_satisfiable"),
        ((CHEAP,), answer("a", outcomes=[applied(CHEAP)], total=1), "wrong_totals"),
        (
            (CHEAP,),
            answer("a", outcomes=[relaxed(CHEAP, within("price", high=30), 30)]),
            "relaxed_though_satisfiable",
        ),
        ((TOO_CHEAP, OLA), answer("b", outcomes=[relaxed(TOO_CHEAP, UP_TO_20, 20), applied(OLA)]), None),
        (
            (TOO_CHEAP, OLA),
            answer("b", outcomes=[relaxed(TOO_CHEAP, UP_TO_20, 9.99), applied(OLA)]),
            "wrong_nearest",
        ),
        (
            (TOO_CHEAP, OLA),
            answer("c", outcomes=[relaxed(TOO_CHEAP, UP_TO_20, 20), applied(OLA)]),
            "violations",
        ),
    ],
)
def test_planted_faults_are_found(conditions, response, fault):
    """Exactly the one that was planted."""
    tally = Tally()
    judge(SHOP, TypedQuery("mouse", conditions), response, tally)
    assert [f["fault"] for f in tally.faults] == ([fault] if fault else [])


def test_generated_queries_repeat_themselves():
    """A seed gives the same queries; some can be satisfied, some cannot, none has a field twice."""
    queries = list(generate(SHOP, 200, 7))
    assert queries == list(generate(SHOP, 200, 7))
    satisfiable = [bool(SHOP.passing_all(q.conditions).any()) for q in queries]
    assert 20 < sum(satisfiable) < 200
    assert all(len({c.field for c in q.conditions}) == len(q.conditions) for q in queries)


OPTIONS = st.lists(
    st.builds(Option, st.just(""), st.integers(0, 4).map(lambda n: n / 4), st.integers(0, 50)), max_size=5
)


@given(st.lists(OPTIONS, min_size=2, max_size=5), st.integers(0, 120))
def test_the_best_of_baskets_is_that_of_every_combination(lists, budget):
    """Halves put together find what looking at each combination finds."""
    values = [
        (len(chosen := [o for o in picks if o]), sum(o.score for o in chosen))
        for picks in combinations(*([*options, None] for options in lists))
        if sum(o.cost for o in picks if o) <= budget
    ]
    filled, total = best(lists, budget)
    assert (filled, pytest.approx(total)) == max(values)
