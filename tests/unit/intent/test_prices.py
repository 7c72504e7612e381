# ruff: noqa: E501 (tables read better unbroken)
"""Price limits: found where they are said, and nowhere else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopguide_intent.domain.prices import PriceLimit, find_prices
from shopguide_intent.domain.spans import Claims
from shopguide_intent.domain.utterance import utterance


def _prices(text: str) -> list[PriceLimit]:
    return list(find_prices(utterance(text).text, Claims()))


@pytest.mark.parametrize(
    ("text", "minimum", "maximum"),
    [
        ("两千以内的耳机", None, 2000), ("2000块以下", None, 2000), ("不超过500元", None, 500), ("一千到两千的手机", 1000, 2000),
        ("200-300元的裙子", 200, 300), ("1-2k的显示器", 1000, 2000), ("预算三百", None, 300), ("预算五千到八千", 5000, 8000),
        ("3000以上的手机", 3000, None), ("至少100块的", 100, None), ("价格控制在1千5以内", None, 1500), ("最高2000元", None, 2000),
        ("headphones under $50", None, 50), ("between 30 and 60 bucks", 30, 60), ("at least €20", 20, None),
        ("jacket below two hundred dollars", None, 200), ("no more than 1.5k", None, 1500), ("shoes under 50", None, 50),
        ("price lower than 50.00 dollars", None, 50), ("maximum price of $200", None, 200), ("$15-25", 15, 25),
        ("from $10 to $20", 10, 20), ("my budget is 300", None, 300), ("$100 or less", None, 100), ("over 20 dollars", 20, None),
        ("can't spend more than 80 bucks", None, 80), ("costs less than $10", None, 10), ("tv under 500 in black", None, 500),
        ("50 dollars and up", 50, None), ("£30 max", None, 30),
    ],
)  # fmt: skip
def test_a_price_limit_is_read_exactly(text: str, minimum: float | None, maximum: float | None) -> None:
    """Comparators and ranges of both languages give hard bounds."""
    (limit,) = _prices(text)
    assert (limit.minimum, limit.maximum, limit.approximate, limit.total) == (minimum, maximum, False, False)


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("2000左右的手机", 1700, 2300),
        ("around $100", 85, 115),
        ("三四百块的耳机", 300, 400),
        ("$50 headphones", 42.5, 57.5),
        ("大概1000元", 850, 1150),
    ],
)
def test_an_approximate_price_is_a_range_around_it(text: str, low: float, high: float) -> None:
    """左右, around and a bare price are wishes of fifteen per cent either way."""
    (limit,) = _prices(text)
    assert limit.approximate
    assert (limit.minimum, limit.maximum) == (low, high)


@pytest.mark.parametrize(
    ("text", "maximum"),
    [
        ("dress, sandals and a clutch, 250 total", 250), ("一共不超过8000", 8000), ("总预算8000", 8000), ("8000以内一套", 8000),
        ("total budget of $300", 300), ("for under $300 in total", 300), ("加起来2000以内", 2000), ("$250 altogether", 250),
    ],
)  # fmt: skip
def test_a_total_is_told_from_a_price(text: str, maximum: float) -> None:
    """Words such as total and 一共 make a limit on everything together."""
    (limit,) = _prices(text)
    assert limit.total
    assert limit.maximum == maximum


@pytest.mark.parametrize(
    "text",
    [
        "iphone 13 pro max", "iphone 13以上", "2 in 1 laptop", "# 10 self-seal envelopes", "women's size 10 shoes", "rtx 4060以上",
        "toys for kids under 3", "gifts for women over 50", "kettlebell under 50 lbs", "16GB以上", "至少16GB内存", "7-14岁", "195-50r13c",
        "100x40x42cm", "电动车充电器 锂电 20串72v", "under armour shoes", "no. 21 lipstick", "40+ hours", "up to 4 people", "1/2 inch binder",
        "all in one printer", "total: 120x160cm", "1.75 leather belts", "potassium citrate 200mg", "airpods 2", "战略管理第16版", "$50 gift card",
        "iphone 13 pro max 256", "3岁以内宝宝", "6.5寸以上", "pack of 12", "watch series 5", "最多3个", "1080p monitor", "7 by 5 foot backdrop",
    ],
)  # fmt: skip
def test_no_price_is_invented(text: str) -> None:
    """Sizes, ages, model numbers, counts and units are no prices."""
    assert _prices(text) == []


def test_an_age_that_could_be_a_price_is_doubtful() -> None:
    """The words "gifts for men under 50" may mean either, so it is marked."""
    (limit,) = _prices("gifts for men under 50")
    assert limit.doubtful


@given(
    st.integers(5, 9_000_000),
    st.sampled_from(["under ${}", "no more than {} dollars", "{}元以内", "不超过{}块", "{} bucks or less"]),
)
def test_any_upper_limit_with_a_currency_is_found(amount: int, form: str) -> None:
    """Whatever the amount, an explicit ceiling is read as that ceiling."""
    (limit,) = _prices(form.format(amount))
    assert (limit.minimum, limit.maximum) == (None, amount)


@given(st.integers(1, 1_000_000), st.integers(1, 1_000_000))
def test_a_range_is_never_turned_round(one: int, other: int) -> None:
    """Bounds come out in order, and a range that falls is no range."""
    for limit in _prices(f"between ${one} and ${other}"):
        if limit.minimum is not None and limit.maximum is not None:
            assert limit.minimum <= limit.maximum


@given(st.text(max_size=80))
def test_any_text_is_survived(text: str) -> None:
    """No message makes the parser fail, and every limit has a bound."""
    for limit in _prices(text):
        assert limit.minimum is not None or limit.maximum is not None
