"""Money: conversions keep the amount, and shoppers read it as they expect."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopguide_runtime import money

CURRENCIES = ["CNY", "USD", "EUR", "JPY", "KWD"]


@given(st.integers(-(10**12), 10**12), st.sampled_from(CURRENCIES))
def test_minor_units_survive_the_round_trip(minor, currency):
    """Units and nanos of an amount give the amount back, and both carry its sign."""
    units, nanos = money.from_minor(minor, currency)
    assert money.to_minor(units, nanos, currency) == minor
    assert units * nanos >= 0


@given(st.integers(-(10**9), 10**9), st.sampled_from(CURRENCIES))
def test_major_units_survive_the_round_trip(minor, currency):
    """Prices of any sensible size pass through major units, which conditions use, without loss."""
    assert money.from_major(money.to_major(minor, currency), currency) == minor


@pytest.mark.parametrize(
    ("units", "nanos", "currency", "minor"),
    [
        (12, 340_000_000, "CNY", 1234),
        (12, 345_000_000, "USD", 1235),
        (-12, -345_000_000, "USD", -1235),
        (12, 499_999_999, "JPY", 12),
        (1, 234_000_000, "KWD", 1234),
    ],
)
def test_minor_units(units, nanos, currency, minor):
    """Amounts become minor units of the currency, rounded half away from zero."""
    assert money.to_minor(units, nanos, currency) == minor


@pytest.mark.parametrize(("units", "nanos"), [(1, -1), (-1, 1), (0, 10**9)])
def test_contradictory_money_is_refused(units, nanos):
    """Units and nanos of different sign, or too many nanos, are no amount."""
    with pytest.raises(ValueError, match="nanos"):
        money.to_minor(units, nanos, "CNY")


@pytest.mark.parametrize(
    ("minor", "currency", "text"),
    [
        (129900, "CNY", "¥1,299"),
        (129950, "CNY", "¥1,299.50"),
        (129900, "USD", "$1,299"),
        (5750, "USD", "$57.50"),
        (5, "USD", "$0.05"),
        (-5750, "USD", "-$57.50"),
        (129900, "EUR", "1.299,00 €"),
        (123456789, "EUR", "1.234.567,89 €"),
        (1980, "JPY", "JP¥1,980"),
        (1500, "KWD", "KWD 1.500"),
        (0, "CNY", "¥0"),
    ],
)
def test_format(minor, currency, text):
    """Amounts read as shoppers of that currency expect."""
    assert money.format_money(minor, currency) == text
