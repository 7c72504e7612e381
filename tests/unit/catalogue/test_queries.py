"""The judged queries, and the conversations the catalogue must be able to carry."""

from collections import Counter
from decimal import Decimal

import pytest

from shopguide_devstack.catalogue import Catalogue
from shopguide_devstack.catalogue.items import Item
from shopguide_devstack.catalogue.model import Product, Review
from shopguide_devstack.catalogue.queries import grade
from shopguide_devstack.catalogue.traits import holds
from shopguide_devstack.catalogue.wishes import read_wishes


def number(product: Product, key: str) -> float:
    """Return a number of a product, or minus one where the page does not state it."""
    return product.attributes[key].numbers[0] if key in product.attributes else -1.0


def has(product: Product, key: str, text: str) -> bool:
    """Return whether a product states a text."""
    return key in product.attributes and text in product.attributes[key].texts


def price(product: Product) -> Decimal:
    """Return the selling price."""
    return Decimal(product.price.amount)


@pytest.fixture(scope="module")
def over_ear_cancelling(products: list[Product]) -> list[Product]:
    """Return English over-ear headphones with noise cancelling."""
    return [p for p in products if has(p, "form", "over-ear") and number(p, "noise_cancelling") == 1]


@pytest.fixture(scope="module")
def item(items: tuple[Item, ...]) -> Item:
    """Return the first Chinese headphones with their facts."""
    return next(item for item in items if item.id == "zh-headphones-001")


def test_floors_and_twins(catalogue: Catalogue) -> None:
    """There are at least sixty queries a language, and twins name each other."""
    queries = {query.id: query for query in catalogue.queries()}
    counts = Counter(query.language_code for query in queries.values())
    assert min(counts["zh-Hans"], counts["en"]) >= 60
    assert all(queries[query.twin].twin == query.id for query in queries.values() if query.twin)


def test_judgements_name_products_of_the_language(catalogue: Catalogue, products: list[Product]) -> None:
    """Grades are 1 to 3 and stand for products in the language of the query."""
    language = {product.id: product.language_code for product in products}
    for query in catalogue.queries():
        assert set(query.relevant.values()) <= {1, 2, 3}
        assert {language[product_id] for product_id in query.relevant} == {query.language_code}


def test_nearly_every_query_has_a_full_answer(catalogue: Catalogue) -> None:
    """Only the query that nothing satisfies lacks a product of grade 3."""
    unanswered = [query.text for query in catalogue.queries() if 3 not in query.relevant.values()]
    assert unanswered == ["noise cancelling over-ear headphones under $60 with 40+ hours of battery"]


def test_queries_tell_products_apart(catalogue: Catalogue) -> None:
    """No query is satisfied by more than sixty percent of its category."""
    for query in catalogue.queries():
        grades = list(query.relevant.values())
        assert grades.count(3) <= 0.6 * len(grades), query.text


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        ({"is": {"form": "over-ear"}, "below": 2000}, 3),
        ({"is": {"form": "over-ear"}, "below": 200}, 2),
        ({"is": {"form": "in-ear"}, "at_least": {"battery_hours": 90}, "below": 2000}, 1),
        ({"not": {"form": "in-ear"}, "at_most": {"weight_g": 256}, "brand": "声谷"}, 3),
        ({"is": {"water_resistance": "IPX4"}}, 1),
    ],
)
def test_grades(item: Item, table: dict, expected: int) -> None:
    """All wishes give 3, half of them 2, fewer 1; an unstated fact satisfies no positive wish."""
    assert grade(item, read_wishes(table)) == expected


def test_values_are_named_in_english(item: Item) -> None:
    """A fact is identified by its English word, a number by its value, an unstated fact by nothing."""
    assert holds(item.facts["form"], "over-ear")
    assert not holds(item.facts["form"], "头戴式")
    assert holds(item.facts["battery_hours"], 40)
    assert not holds(None, 1)


def test_quiet_headphones_under_two_thousand(products: list[Product]) -> None:
    """At least ten groups of Chinese headphones satisfy all limits and differ in price, depth and weight."""
    found = [
        p
        for p in products
        if p.category_path[-1] == "耳机"
        and price(p) <= 2000
        and number(p, "noise_cancelling") == 1
        and not has(p, "form", "入耳式")
    ]
    assert len({p.group_id for p in found}) >= 10
    assert {("声谷", Decimal(1299)), ("Norte", Decimal(1799)), ("声谷", Decimal(699))} <= {
        (p.brand, price(p)) for p in found
    }
    assert len({number(p, "weight_g") for p in found}) >= 8


def test_page_of_the_first_choice_is_silent_on_water(products: list[Product]) -> None:
    """The Q7 states no water resistance while the Lite does."""
    by_title = {p.title.split(" 头戴")[0]: p for p in products if p.brand == "声谷"}
    assert "water_resistance" not in by_title["声谷 Q7"].attributes
    assert by_title["声谷 Lite"].attributes["water_resistance"].texts == ("IPX4",)


def test_no_long_lasting_headphones_under_sixty_dollars(over_ear_cancelling: list[Product]) -> None:
    """Nothing under $60 lasts 40 hours; the closest lasts 35; the cheapest that lasts costs $74."""
    cheap = [p for p in over_ear_cancelling if price(p) <= 60]
    assert max(number(p, "battery_hours") for p in cheap) == 35
    lasting = [p for p in over_ear_cancelling if number(p, "battery_hours") >= 40]
    assert min(price(p) for p in lasting) == 74


@pytest.mark.parametrize(
    ("language", "occasion", "leaves", "budget"),
    [
        ("en", "beach wedding", ("Dresses", "Sandals", "Clutches"), 250),
        ("zh-Hans", "海边婚礼", ("连衣裙", "凉鞋", "手拿包"), 1200),
    ],
)
def test_outfit_fits_the_budget(
    products: list[Product], language: str, occasion: str, leaves: tuple[str, ...], budget: int
) -> None:
    """Dress, sandals and clutch for the occasion fit the budget in several ways."""
    options = [
        sorted({price(p) for p in products if p.category_path[-1] == leaf and has(p, "occasion", occasion)})
        for leaf in leaves
    ]
    sums = [a + b + c for a in options[0] for b in options[1] for c in options[2]]
    assert language in {p.language_code for p in products if p.category_path[-1] in leaves}
    assert sum(total <= budget for total in sums) >= 5
    assert sum(total > budget for total in sums) >= 5


def test_the_outfit_of_the_example_exists(products: list[Product]) -> None:
    """The linen dress, leather sandals and woven clutch cost $231 together, $249 with the silk dress."""
    wanted = {
        "Mirela Sea Salt Linen": 129,
        "Mirela Far Hill Silk": 147,
        "Costara Dune": 64,
        "Olasol Weave": 38,
    }
    found = {name: price(p) for name in wanted for p in products if p.title.startswith(name)}
    assert found == wanted


def test_phones_for_parents(products: list[Product]) -> None:
    """Several phones around 2000 yuan have an easy mode."""
    found = [p for p in products if number(p, "elder_mode") == 1 and p.language_code == "zh-Hans"]
    assert len({p.group_id for p in found if 1700 <= price(p) <= 2300}) >= 2


@pytest.mark.parametrize(
    ("product_id", "phrase", "times"),
    [
        ("en-headphones-003", "PS5", 2),
        ("zh-phones-001", "爸妈", 4),
        ("zh-hair-dryers-001", "线", 5),
        ("en-blenders-001", "jar arrived cracked", 2),
    ],
)
def test_reviews_mention_what_shoppers_ask(
    reviews: list[Review], product_id: str, phrase: str, times: int
) -> None:
    """Reviews of the well-known products mention what the listing leaves open."""
    assert sum(phrase in r.text for r in reviews if r.product_id == product_id) >= times


def test_help_answers_the_examples(catalogue: Catalogue) -> None:
    """The rules on return postage and damaged items are the ones that answers quote."""
    answers = {entry.id: entry.answer for entry in catalogue.faq()}
    assert (
        "质量问题由店铺承担运费；七天无理由退货由买家承担，开通“退换无忧”的订单除外"
        in answers["faq-return-postage-zh"]
    )
    assert "within 30 days, and the return label is free" in answers["faq-damaged-item-en"]
