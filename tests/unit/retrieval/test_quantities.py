"""Quantities in one notation."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopguide_retrieval.domain.quantities import quantity_terms


@pytest.mark.parametrize(
    "same",
    [
        ("1TB SSD", "1000GB", "1024 GB", "1024G"),
        ('11.6" laptop', "11.6 inch", "11.6-inch", "11.6英寸", "11.6寸"),
        ("2斤", "1kg", "1000 g", "1公斤"),
        ("2万毫安", "20000mAh", "20000 毫安时"),
        ("500ml", "0.5L", "0.5升"),
        ("2米", "200cm", "2 m"),
        ("1亿像素", "100MP", "10000万像素"),
    ],
)
def test_notations_of_one_quantity_meet(same):
    """All ways to write a quantity yield the same single term."""
    assert len({tuple(quantity_terms(text)) for text in same}) == 1
    assert len(list(quantity_terms(same[0]))) == 1


@pytest.mark.parametrize("text", ["5G phone", "iPhone 16", "v2.4", "RTX4090", "win11", "12 men", "3 in 1"])
def test_what_is_no_quantity_yields_nothing(text):
    """Networks, models, versions and bare numbers are no quantities."""
    assert list(quantity_terms(text)) == []


def test_memory_and_weight_are_told_apart():
    """A capital G is storage, a small one is grams."""
    assert list(quantity_terms("16G")) == ["#16gb"]
    assert list(quantity_terms("16g")) == ["#16g"]


@given(st.text(max_size=80))
def test_any_text_is_read(text):
    """No text breaks it, and every term names a number and a unit."""
    assert all(term[0] == "#" and term[1].isdigit() for term in quantity_terms(text))
