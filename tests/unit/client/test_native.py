from importlib import resources

import pytest

from shopguide.type.v1 import catalog_pb2, product_pb2
from shopguide_client.importing import native
from shopguide_client.importing.native import RowError
from shopguide_client.importing.rows import read_rows
from shopguide_devstack.catalogue.loader import load_catalogue

ROW = {"id": "1", "title": "Mouse"}


@pytest.mark.parametrize(
    ("amount", "units", "nanos"),
    [
        ("0.05", 0, 50_000_000),
        ("1299", 1299, 0),
        (12.5, 12, 500_000_000),
        (" 7.999999999 ", 7, 999_999_999),
        (0, 0, 0),
    ],
)
def test_money_is_exact(amount, units, nanos):
    """Decimal text becomes units and nanos without rounding."""
    found = native.money(amount, "USD", "price")
    assert (found.units, found.nanos, found.currency_code) == (units, nanos, "USD")


@pytest.mark.parametrize(
    ("amount", "currency", "message"),
    [
        ("abc", "USD", "is not a number"),
        (None, "USD", "is not a number"),
        ("-1", "USD", "is not an amount"),
        ("NaN", "USD", "is not an amount"),
        ("Infinity", "USD", "is not an amount"),
        ("1e999999999", "USD", "is not an amount"),
        ("1", "", "has no currency"),
    ],
)
def test_money_that_is_none(amount, currency, message):
    """What is no amount of money is refused with its field."""
    with pytest.raises(RowError, match=f"price: .*{message}"):
        native.money(amount, currency, "price")


def test_a_product():
    """Money is an amount with its currency; everything else is as in the message."""
    values = {
        **ROW,
        "price": {"amount": "9.90", "currency_code": "EUR"},
        "availability": "AVAILABILITY_PREORDER",
        "attributes": {"color": {"texts": ["red"]}},
    }
    product = native.product(values)
    assert (product.price.units, product.price.nanos) == (9, 900_000_000)
    assert product.availability == product_pb2.Product.AVAILABILITY_PREORDER
    assert list(product.attributes["color"].texts) == ["red"]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"colour": "red"}, "colour"),
        ({"title": 5}, "title"),
        ({"attributes": {"size": {"numbers": ["big"]}}}, "numbers"),
        ({"id": ""}, "id: is missing"),
        ({"price": 12}, "price: must be an object"),
        ({"price": {"amount": "12"}}, "price: has no currency"),
    ],
)
def test_wrong_products(changes, message):
    """An unknown field, a wrong type, a missing id and money of another form are refused by their field."""
    with pytest.raises(RowError, match=message):
        native.product({**ROW, **changes})


def test_specs_by_language():
    """Names may be given by language and aliases by word, or in the form of the message."""
    spec = native.attribute_spec(
        {
            "key": "form",
            "kind": "KIND_TEXT",
            "labels": {"zh": ["形态"], "en": ["form", "shape"]},
            "value_aliases": {"入耳": ["入耳式", "in-ear"]},
        }
    )
    assert [(names.language_code, list(names.names)) for names in spec.labels] == [
        ("en", ["form", "shape"]),
        ("zh", ["形态"]),
    ]
    assert [(alias.alias, list(alias.values)) for alias in spec.value_aliases] == [
        ("入耳", ["入耳式", "in-ear"])
    ]
    category = native.category_spec(
        {"id": "audio", "parent": "electronics", "labels": [{"language_code": "en", "names": ["Audio"]}]}
    )
    assert category == catalog_pb2.CategorySpec(
        id="audio", labels=[catalog_pb2.Labels(language_code="en", names=["Audio"])]
    )


def test_wrong_specs():
    """Names that are no lists, and kinds that do not exist, are refused."""
    with pytest.raises(RowError, match="labels"):
        native.attribute_spec({"key": "form", "labels": {"zh": "形态"}})
    with pytest.raises(RowError, match="kind"):
        native.attribute_spec({"key": "form", "kind": "KIND_COLOUR"})


@pytest.mark.parametrize(
    ("kind", "convert"),
    [
        ("products", native.product),
        ("reviews", native.review),
        ("faq", native.faq_entry),
        ("attributes", native.attribute_spec),
        ("categories", native.category_spec),
    ],
)
def test_the_demo_catalogue_speaks_the_contract(kind, convert):
    """Every row of the demo catalogue becomes a message."""
    with resources.as_file(load_catalogue().folder / f"{kind}.jsonl.gz") as path:
        rows = list(read_rows(path))
    assert [row.line for row in rows if row.error] == []
    assert len([convert(row.values) for row in rows]) > 30


def test_an_offer():
    """Amounts are plain or with their currency, an availability is short or full; what is empty stays unset."""
    plain = {"product_id": "a", "price": "9.90", "currency_code": "EUR", "availability": "in_stock"}
    full = {
        "product_id": "a",
        "price": {"amount": "9.90", "currency_code": "EUR"},
        "availability": "AVAILABILITY_IN_STOCK",
    }
    assert native.offer(plain) == native.offer({**full, "original_price": None})
    assert not native.offer({"product_id": "a", "price": "", "availability": ""}).HasField("price")


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"price": "5", "currency_code": "EUR"}, "product_id: is missing"),
        ({"product_id": "a", "price": "5"}, "price: has no currency"),
        ({"product_id": "a", "price": "five", "currency_code": "EUR"}, "price: 'five' is not a number"),
        ({"product_id": "a", "availability": "soon"}, "availability"),
        ({"product_id": "a", "colour": "red"}, "colour"),
    ],
)
def test_an_offer_that_is_none(values, message):
    """The field is named."""
    with pytest.raises(RowError, match=message):
        native.offer(values)
