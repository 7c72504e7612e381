import pytest

from shopguide.gateway.v1 import guide_service_pb2 as pb
from shopguide.type.v1 import catalog_pb2, product_pb2, query_pb2
from shopguide_evaluation.limits import LimitQuery, find_violations, generate, satisfies, understood

HARD = query_pb2.Constraint.STRENGTH_HARD
OUTCOME = query_pb2.ConstraintOutcome.Outcome


def product(price: str = "", brand: str = "Norte", **attributes) -> product_pb2.Product:
    """Return a product; a price as `units.cents`."""
    message = product_pb2.Product(id=f"p-{price}-{brand}", brand=brand)
    if price:
        units, cents = price.split(".")
        message.price.currency_code, message.price.units, message.price.nanos = (
            "USD",
            int(units),
            int(cents) * 10**7,
        )
    for key, values in attributes.items():
        kind = "texts" if isinstance(values[0], str) else "numbers"
        getattr(message.attributes[key], kind).extend(values)
    return message


def below(maximum: float, field: str = "price") -> query_pb2.Condition:
    """Return an upper bound."""
    return query_pb2.Condition(field=field, range=query_pb2.NumberRange(maximum=maximum))


def brand(test: str, *values: str) -> query_pb2.Condition:
    """Return a test on the brand."""
    texts = query_pb2.TextSet(values=values)
    if test == "any_of":
        return query_pb2.Condition(field="brand", any_of=texts)
    return query_pb2.Condition(field="brand", none_of=texts)


@pytest.mark.parametrize(
    ("candidate", "condition", "passes"),
    [
        (product("99.99"), below(100), True),
        (product("100.00"), below(100), True),
        (product("100.01"), below(100), False),
        (product(), below(100), False),
        (product(battery=[30.0, 40.0]), below(35, "attributes.battery"), True),
        (product(battery=[40.0]), below(35, "attributes.battery"), False),
        (product(), below(35, "attributes.battery"), False),
        (product(brand="NORTE"), brand("any_of", "norte", "Ola"), True),
        (product(brand="Costa"), brand("any_of", "Norte"), False),
        (product(brand="norte"), brand("none_of", "Norte"), False),
        (product(brand="Costa"), brand("none_of", "Norte"), True),
    ],
)
def test_whether_a_product_satisfies_a_condition(candidate, condition, passes):
    """Bounds are inclusive, a missing value fails a range, case does not matter."""
    assert satisfies(candidate, condition) is passes


def page(*products: product_pb2.Product, given_up: str = "") -> pb.SearchResponse:
    """Return a page; one limit may be named as relaxed."""
    results = [query_pb2.ScoredProduct(product_id=p.id, product=p) for p in products]
    outcomes = []
    if given_up:
        constraint = query_pb2.Constraint(condition=query_pb2.Condition(field=given_up))
        outcomes.append(query_pb2.ConstraintOutcome(constraint=constraint, outcome=OUTCOME.OUTCOME_RELAXED))
    return pb.SearchResponse(results=results, constraint_outcomes=outcomes)


QUERY = LimitQuery("mouse under $100, not Ola", (below(100), brand("none_of", "Ola")))


def test_planted_violations_are_found():
    """Each product that breaks a limit is found once for each limit it breaks, the others are not."""
    shown = page(product("50.00"), product("150.00"), product("20.00", "Ola"), product("101.00", "Ola"))
    found = list(find_violations(QUERY, shown))
    assert [(v.product_id, v.condition.split()[1]) for v in found] == [
        ("p-150.00-Norte", '"price"'),
        ("p-101.00-Ola", '"price"'),
        ("p-20.00-Ola", '"brand"'),
        ("p-101.00-Ola", '"brand"'),
    ]


def test_a_limit_said_to_be_given_up_is_not_held_against_the_products():
    """Only limits that the answer does not name as relaxed can be violated."""
    found = list(find_violations(QUERY, page(product("150.00"), product("150.00", "Ola"), given_up="price")))
    assert [v.product_id for v in found] == ["p-150.00-Ola"]


def test_understood_only_when_every_limit_is_hard():
    """A limit read as a wish, or not at all, is not understood."""
    hard = [query_pb2.Constraint(condition=c, strength=HARD) for c in QUERY.conditions]
    soft = query_pb2.Constraint(condition=QUERY.conditions[1], strength=query_pb2.Constraint.STRENGTH_SOFT)
    pages = {
        name: pb.SearchResponse(understanding=pb.ChatResponse.Understanding(constraints=constraints))
        for name, constraints in {"all": hard, "one": hard[:1], "soft": [hard[0], soft]}.items()
    }
    assert {name: understood(QUERY, p) for name, p in pages.items()} == {
        "all": True,
        "one": False,
        "soft": False,
    }


def test_generated_queries_say_what_they_test():
    """The numbers and brands of the conditions stand in the words, in both languages, and a seed repeats itself."""
    about = catalog_pb2.CatalogDescription(
        prices=[catalog_pb2.PriceRange(currency_code="USD", minimum=5, maximum=900, count=10)],
        brands=[
            catalog_pb2.ValueCount(value="Norte", count=3),
            catalog_pb2.ValueCount(value="声谷", count=2),
        ],
    )
    queries = list(generate(about, ["mouse"], 60, seed=3))
    assert queries == list(generate(about, ["mouse"], 60, seed=3))
    assert any("美元" in q.text for q in queries)
    assert any("$" in q.text for q in queries)
    for query in queries:
        for condition in query.conditions:
            bounds = [
                getattr(condition.range, n) for n in ("minimum", "maximum") if condition.range.HasField(n)
            ]
            said = [*condition.none_of.values, *(f"{bound:g}" for bound in bounds)]
            assert said
            assert all(word in query.text for word in said), query
