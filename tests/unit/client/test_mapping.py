import json
from decimal import Decimal
from typing import Any

import pytest

from shopguide.type.v1 import catalog_pb2, product_pb2
from shopguide_client.importing.mapping import (
    MappingError,
    RowMapper,
    load_mapping,
    parse_mapping,
    shipped_mappings,
)
from shopguide_client.importing.native import RowError


def mapped(row: dict[str, Any], fields: dict[str, Any] | None = None, **more: Any) -> product_pb2.Product:
    """Return the product that a row becomes."""
    data = {"currency": "USD", "fields": {"id": "sku", "title": "name", **(fields or {})}, **more}
    return RowMapper(parse_mapping(data)).product({"sku": "1", "name": "Mouse", **row})


def values_of(product: product_pb2.Product) -> dict[str, list[Any]]:
    """Return the attributes as lists of texts or numbers."""
    return {key: [*cell.texts, *cell.numbers] for key, cell in product.attributes.items()}


def test_icecat():
    """Cents become money, and packed attributes become texts, numbers and flags under keys without their prefix."""
    mapper = RowMapper(load_mapping("icecat"))
    packed = {
        "attr_t_product_colour": "Black",
        "attr_n_weight__g_": 95,
        "attr_b_wireless": "Yes",
        "attr_b_odd": "maybe",
        "attr_t_none": "",
    }
    product = mapper.product(
        {
            "product_id": "7",
            "title": "Mouse",
            "price_cents": "12999",
            "attributes": json.dumps(packed),
            "brand": "HP",
        }
    )
    assert (product.price.units, product.price.nanos, product.price.currency_code) == (
        129,
        990_000_000,
        "USD",
    )
    assert (product.brand, product.language_code) == ("HP", "en")
    assert values_of(product) == {
        "product_colour": ["Black"],
        "weight__g": [95.0],
        "wireless": [1.0],
    }
    assert [(s.key, s.kind) for s in mapper.specs()] == [("wireless", catalog_pb2.AttributeSpec.KIND_BOOLEAN)]


def test_esci():
    """A category path is split, two columns become one description, colour becomes an attribute."""
    row = {
        "product_id": "B1",
        "title": "Shoe",
        "category": "Fashion > Shoes >",
        "bullet_points": "light",
        "description": "A shoe.",
        "price": "1,299.50",
        "rating": "4.5",
        "rating_count": "12",
        "color": "red",
        "image": "http://x/1.jpg",
    }
    product = RowMapper(load_mapping("esci")).product(row)
    assert list(product.category_path) == ["Fashion", "Shoes"]
    assert product.description == "light\nA shoe."
    assert (product.price.units, product.price.nanos) == (1299, 500_000_000)
    assert (product.rating.average, product.rating.count) == (4.5, 12)
    assert list(product.attributes["color"].texts) == ["red"]
    assert list(product.image_uris) == ["http://x/1.jpg"]


def test_titles():
    """Ids and titles are enough; the language is left for the index to find."""
    product = RowMapper(load_mapping("titles")).product({"product_id": "1", "title": "耳机"})
    assert (product.id, product.title, product.language_code) == ("1", "耳机", "")


def test_all_shipped_mappings_load():
    """Each mapping that ships is named, and is right in itself."""
    assert shipped_mappings() == ["esci", "icecat", "titles"]
    assert all(load_mapping(name).fields["id"].names == ("product_id",) for name in shipped_mappings())


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"fields": {"id": "a", "title": "b", "prize": "c"}}, "unknown prize"),
        ({"fields": {"id": "a"}}, "title is missing"),
        ({}, "id is missing"),
        ({"fields": {"id": "a", "title": {"scale": 2}}}, r"fields\.title: must be a column"),
        ({"fields": {"id": "a", "title": 3}}, r"fields\.title: must be a column"),
    ],
)
def test_wrong_mappings(data, message):
    """An unknown field, a missing one and a table without a column are named."""
    with pytest.raises(MappingError, match=message):
        parse_mapping(data)


def test_mapping_files(tmp_path):
    """A mapping of one's own is read by its path; one that is no TOML or not there is refused by its name."""
    path = tmp_path / "mine.toml"
    path.write_text('[fields]\nid = "a"\ntitle = "b"\n', encoding="utf-8")
    assert load_mapping(path).fields["title"].names == ("b",)
    path.write_text("[fields", encoding="utf-8")
    with pytest.raises(MappingError, match=r"mine\.toml"):
        load_mapping(path)
    with pytest.raises(MappingError, match="shipped are: esci, icecat, titles"):
        load_mapping("none")


@pytest.mark.parametrize("empty", ["", "  ", None, float("nan")])
def test_empty_cells_are_left_out(empty):
    """What holds nothing, NaN of a data frame included, sets no field."""
    product = mapped(
        {"p": empty, "r": empty, "c": empty},
        {"price": "p", "rating": "r", "brand": "c"},
        attributes={"columns": {"color": "c"}},
    )
    assert not product.HasField("price")
    assert not product.HasField("rating")
    assert (product.brand, len(product.attributes)) == ("", 0)


@pytest.mark.parametrize("bad", ["cheap", "nan", "1e999999999", "inf", "$5"])
def test_numbers_that_are_none(bad):
    """What is no number that money can be is refused with the column and the value, and costs no memory."""
    with pytest.raises(RowError, match="cost"):
        mapped({"cost": bad}, {"price": "cost"})


def test_an_id_or_title_that_is_empty():
    """A row without an id or a title is refused with the column that lacks it."""
    with pytest.raises(RowError, match="sku: is empty"):
        mapped({"sku": " "})
    with pytest.raises(RowError, match="name: is empty"):
        mapped({"name": None})


def test_at_most_64_attributes():
    """More attributes than a product may have are left out, the first ones stay."""
    product = mapped({"all": {f"key_{n}": n for n in range(70)}}, attributes={"json": {"column": "all"}})
    assert sorted(product.attributes) == sorted(f"key_{n}" for n in range(64))


def test_attribute_keys_and_values():
    """Keys take the form of the contract without running into each other; lists stay lists; empty lists are left out."""
    packed = {
        "HDMI 1": "a",
        "hdmi-2": "b",
        "3D Ready": True,
        "颜色": "red",
        "sizes": [38, 39.5],
        "mixed": ["S", 2],
        "gone": [],
        "blank": [""],
    }
    product = mapped({"all": packed}, attributes={"json": {"column": "all"}})
    assert values_of(product) == {
        "hdmi_1": ["a"],
        "hdmi_2": ["b"],
        "d_ready": [1.0],
        "sizes": [38.0, 39.5],
        "mixed": ["S", "2"],
    }


@pytest.mark.parametrize("packed", ["{", "[1]", "3"])
def test_packed_attributes_that_are_no_object(packed):
    """A column that should hold a JSON object and does not is named."""
    with pytest.raises(RowError, match="all: is not"):
        mapped({"all": packed}, attributes={"json": {"column": "all"}})


def test_scale_keeps_cents_exact():
    """Scaling is decimal: 0.1 of 0.3 is 0.03."""
    product = mapped({"cost": "0.3"}, {"price": {"column": "cost", "scale": 0.1}})
    assert Decimal(product.price.nanos) == Decimal("0.03") * 10**9
