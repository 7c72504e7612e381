"""Conditions become limits on index fields."""

import pytest

from shopguide_retrieval.domain import conditions as c
from shopguide_retrieval.domain.catalog import AttributeKind, AttributeSpec, Catalog, CategorySpec
from shopguide_retrieval.domain.conditions import Condition, Range
from shopguide_retrieval.domain.limits import Limit, NotComparable, compile_condition

SHOP = Catalog(
    "shop",
    "f",
    currencies=frozenset({"CNY"}),
    attribute_kinds={
        "color": AttributeKind.TEXT,
        "battery": AttributeKind.NUMBER,
        "waterproof": AttributeKind.BOOLEAN,
    },
    attributes={"color": AttributeSpec("color", value_aliases={"black": ("黑色", "Jet Black")})},
    categories={"phones": CategorySpec("phones", {"en": ("Phones",), "zh": ("手机",)})},
)
BOTH = Catalog("both", "f", currencies=frozenset({"CNY", "USD"}))


def compiled(field, currency="", shop=SHOP, shopper="", **test):
    """Return the limit of a condition."""
    return compile_condition(Condition(field, currency=currency, **test), shop, shopper)


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (None, 199.99, (None, 19999)),
        (None, 19.999, (None, 1999)),
        (0.001, None, (1, None)),
        (57.5, 57.5, (5750, 5750)),
        (None, 1.1 + 2.2, (None, 330)),
    ],
)
def test_prices_become_minor_units_without_crossing_the_limit(low, high, expected):
    """An upper bound is never rounded up, a lower bound never down."""
    limit = compiled("price", range=Range(low, high))
    assert (limit.key, limit.minimum, limit.maximum) == ("price.cny", *expected)


def test_a_price_without_a_currency_means_the_only_one():
    """The catalogue's only currency is taken; the shopper's, when known, goes before."""
    assert compiled("price", range=Range(None, 5)).key == "price.cny"
    assert compiled("price", range=Range(None, 5), shop=BOTH, shopper="USD").key == "price.usd"


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        ({"field": "price", "range": Range(None, 5), "currency": "EUR"}, c.NOT_COMPARABLE),
        ({"field": "price", "range": Range(None, 5), "shop": BOTH}, c.NOT_COMPARABLE),
        ({"field": "price", "range": Range(None, 5), "shopper": "USD"}, c.NOT_COMPARABLE),
        ({"field": "price", "any_of": ("5",)}, c.NOT_COMPARABLE),
        ({"field": "brand", "range": Range(1, 2)}, c.NOT_COMPARABLE),
        ({"field": "attributes.color", "range": Range(1, 2)}, c.NOT_COMPARABLE),
        ({"field": "attributes.smell", "any_of": ("rose",)}, c.UNKNOWN_FIELD),
        ({"field": "weight", "range": Range(1, 2)}, c.UNKNOWN_FIELD),
        ({"field": "availability", "any_of": ("soon",)}, c.NOT_COMPARABLE),
    ],
)
def test_what_cannot_be_compared_is_said(arguments, reason):
    """Other currencies, other kinds of value and unknown fields are refused with a reason, never guessed."""
    with pytest.raises(NotComparable) as caught:
        compiled(**arguments)
    assert caught.value.reason == reason


def test_texts_are_normalised():
    """Case, width, spaces and traditional characters do not matter."""
    assert compiled("brand", any_of=("  ＳＯＮＹ ",)).any_of == ("sony",)
    assert compiled("brand", none_of=("蘋果",)).none_of == ("苹果",)


def test_a_category_means_all_its_names():
    """A category of the platform's specification is found under each of its names."""
    assert set(compiled("category", any_of=("手机",)).any_of) == {"phones", "手机"}


def test_a_value_means_what_its_alias_says():
    """A word that the specification maps to stored values finds those too."""
    terms = compiled("attributes.color", any_of=("Black",)).any_of
    assert set(terms) == {"color=black", "color=黑色", "color=jet black"}


def test_numbers_and_booleans_can_be_named():
    """`16.0` finds a stored 16, and yes finds a stored 1."""
    assert "battery=16" in compiled("attributes.battery", any_of=("16.0",)).any_of
    assert "waterproof=1" in compiled("attributes.waterproof", any_of=("是",)).any_of


def test_language_is_compared_by_its_main_part():
    """`zh-Hans` means products in Chinese."""
    assert compiled("language", any_of=("zh-Hans",)).any_of == ("zh",)


@pytest.mark.parametrize(
    ("limit", "payload", "expected"),
    [
        (Limit("brand", any_of=("sony",)), {"brand": "sony"}, True),
        (Limit("brand", none_of=("sony",)), {"brand": "bose"}, True),
        (Limit("brand", none_of=("sony",)), {}, True),
        (Limit("price.cny", maximum=100), {"price": {"cny": 100}}, True),
        (Limit("price.cny", maximum=100), {"price": {"usd": 1}}, False),
        (Limit("price.cny", maximum=100), {"price": {}}, False),
        (Limit("numbers.size", minimum=42, maximum=43), {"numbers": {"size": [40.0, 42.5]}}, True),
        (Limit("category", any_of=("shoes", "bags")), {"category": ["women", "shoes"]}, True),
    ],
)
def test_holds_says_what_the_filter_says(limit, payload, expected):
    """The plain-Python verdict on missing, single and repeated values."""
    assert limit.holds(payload) is expected
