"""Generated limits on a real Qdrant engine: not one product outside of them, and exact counts."""

import random

import pytest

from fakes.retrieval_world import limit, product
from shopguide.retrieval.v1 import retrieval_service_pb2 as pb
from shopguide.type.v1 import product_pb2, query_pb2

pytestmark = pytest.mark.anyio

WORDS = (
    "red",
    "trail",
    "running",
    "shoe",
    "phone",
    "无线",
    "耳机",
    "手机",
    "蓝牙",
    "headphones",
    "16",
    "4090",
)
BRANDS = ("Nike", "Sony", "小米", "Apple", "Bose")
CATEGORIES = (("Shoes",), ("Audio", "Headphones"), ("数码", "手机"))
COLORS = ("red", "black", "白色")
QUERIES = 500


def generated(count, random_):
    """Return products that differ in every field."""
    found = []
    for i in range(count):
        attributes = {"color": random_.choice(COLORS)}
        if random_.random() < 0.8:
            attributes["battery"] = (random_.choice((10, 20, 30, 40)), "h")
        one = product(
            f"p{i:04}",
            " ".join(random_.choices(WORDS, k=5)),
            round(random_.uniform(1, 500), 2) if random_.random() < 0.95 else None,
            brand=random_.choice(BRANDS),
            category_path=random_.choice(CATEGORIES),
            attributes=attributes,
            availability=random_.choice((0, 1, 2, 3)),
        )
        if random_.random() < 0.7:
            one.rating.CopyFrom(
                product_pb2.Rating(average=random_.choice((2.5, 3.5, 4.5)), count=random_.randint(1, 999))
            )
        found.append(one)
    return found


def random_limit(random_):
    """Return a limit and the test, in plain Python on the product itself, that it stands for."""
    low = random_.uniform(1, 400)
    high = low + random_.uniform(5, 100)
    some = random_.sample(BRANDS, 2)
    color = random_.choice(COLORS)
    category = random_.choice(("Shoes", "HEADPHONES", "手机"))
    hours = random_.choice((15, 20, 35))
    return random_.choice(
        [
            (limit("price", high=round(high, 2)), lambda p: has_price(p) and amount(p) <= round(high, 2)),
            (limit("price", low=low, high=high), lambda p: has_price(p) and low <= amount(p) <= high),
            (limit("brand", any_of=[b.upper() for b in some]), lambda p: p.brand in some),
            (limit("brand", none_of=some), lambda p: p.brand not in some),
            (
                limit("category", any_of=[category]),
                lambda p: category.lower() in {c.lower() for c in p.category_path},
            ),
            (limit("attributes.color", any_of=[color]), lambda p: color in p.attributes["color"].texts),
            (limit("attributes.color", none_of=[color]), lambda p: color not in p.attributes["color"].texts),
            (
                limit("attributes.battery", low=hours),
                lambda p: any(n >= hours for n in numbers(p, "battery")),
            ),
            (limit("rating", low=4), lambda p: p.HasField("rating") and p.rating.average >= 4),
        ]
    )


def has_price(one):
    """Return whether a product has a price."""
    return one.HasField("price")


def amount(one):
    """Return the price of a product in major units."""
    return round(one.price.units + one.price.nanos / 1e9, 2)


def numbers(one, key):
    """Return the numbers of an attribute."""
    return one.attributes[key].numbers if key in one.attributes else ()


async def test_five_hundred_searches_without_a_violation(world):
    """Every product returned satisfies every limit that is reported as applied, and total_size is the exact count."""
    random_ = random.Random(7)
    products = generated(400, random_)
    await world.fill(products)
    by_id = {p.id: p for p in products}
    in_stock = [p for p in products if p.availability != product_pb2.Product.AVAILABILITY_OUT_OF_STOCK]
    spec = pb.SearchSpec(expand_groups=True, forbid_relaxation=True)
    violations, found = [], 0
    for _ in range(QUERIES):
        chosen = [random_limit(random_) for _ in range(random_.randint(1, 3))]
        query = " ".join(random_.choices(WORDS, k=2))
        response = await world.search(query, *(c for c, _ in chosen), spec=spec, page_size=100)
        expected = sum(all(test(p) for _, test in chosen) for p in in_stock)
        if response.total_size != expected:
            violations.append((query, [c.condition for c, _ in chosen], response.total_size, expected))
        for result in response.results:
            found += 1
            if not all(test(by_id[result.product_id]) for _, test in chosen):
                violations.append((query, [c.condition for c, _ in chosen], result.product_id))
    assert not violations[:3]
    assert found > QUERIES


async def test_relaxed_limits_hold_as_stated(world):
    """When limits give way, every product satisfies what is reported as applied or relaxed to."""
    random_ = random.Random(11)
    products = generated(150, random_)
    await world.fill(products)
    by_id = {p.id: p for p in products}
    relaxed = 0
    for _ in range(100):
        chosen = [random_limit(random_) for _ in range(4)]
        response = await world.search("running shoe", *(c for c, _ in chosen), page_size=100)
        for (_, test), outcome in zip(chosen, response.constraint_outcomes, strict=True):
            applied = outcome.outcome == query_pb2.ConstraintOutcome.OUTCOME_APPLIED
            relaxed += outcome.outcome == query_pb2.ConstraintOutcome.OUTCOME_RELAXED
            assert not applied or all(test(by_id[r.product_id]) for r in response.results)
            for result in response.results if outcome.HasField("relaxed_to") else ():
                assert satisfies(by_id[result.product_id], outcome.relaxed_to)
    assert relaxed


def satisfies(one, condition):
    """Return whether a product satisfies a range."""
    values = {
        "price": [amount(one)] if has_price(one) else [],
        "rating": [one.rating.average] if one.HasField("rating") else [],
        "attributes.battery": list(numbers(one, "battery")),
    }[condition.field]
    low = condition.range.minimum if condition.range.HasField("minimum") else float("-inf")
    high = condition.range.maximum if condition.range.HasField("maximum") else float("inf")
    return any(low <= v <= high for v in values)
