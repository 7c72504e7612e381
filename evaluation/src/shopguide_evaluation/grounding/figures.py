"""Finds the figures of a text: money, percentages, ratings, measures, counts, times of day and plain numbers."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from shopguide_evaluation.grounding.numerals import ARABIC, CHINESE, ENGLISH, decimals_of, value_of
from shopguide_evaluation.grounding.units import PATTERN as UNIT
from shopguide_evaluation.grounding.units import canonical


class Kind(StrEnum):
    """What a figure is."""

    MONEY = "price"
    PERCENT = "percentage"
    RATING = "rating"
    MEASURE = "number with a unit"
    REVIEWS = "count of reviews"
    MENTIONS = "count of mentions"
    PRODUCTS = "count"
    CLOCK = "time of day"
    PLAIN = "number"


@dataclass(frozen=True)
class Figure:
    """A figure and where it stands."""

    kind: Kind
    """What it is."""
    value: float
    """Value in major units of the currency, per cent, stars, base units of the dimension, or as it stands."""
    unit: str = ""
    """Currency or dimension."""
    raw: float = 0.0
    """The number as written, before its unit is taken into account."""
    decimals: int = 0
    """Decimals shown."""
    factor: float = 1.0
    """Base units in one unit."""
    start: int = 0
    """Where it begins."""
    end: int = 0
    """Where it ends."""
    text: str = ""
    """As written."""


_CURRENCIES = {
    # ¥ stands for yuan and yen alike.
    **dict.fromkeys(
        ("¥", "￥", "元", "块", "块钱", "rmb", "cny", "yuan", "人民币", "jpy", "jp¥", "日元"), "¥"
    ),
    **dict.fromkeys(("$", "us$", "usd", "dollar", "dollars", "bucks", "美元", "美金", "刀"), "USD"),
    **dict.fromkeys(("€", "eur", "euro", "euros", "欧元"), "EUR"),
    **dict.fromkeys(("£", "gbp", "pounds", "英镑"), "GBP"),
}
_NOUNS = (
    "products? options? picks? items? models? matches choices results? pairs? limits? conditions? things?"
)
_NUMBER = rf"(?<![A-Za-z0-9_.,])(?<![A-Za-z]-)(?:{ARABIC})(?!\d|[.,]\d)"
_ANY = rf"(?:{_NUMBER}|(?<![第百分之]){CHINESE}|(?<![A-Za-z-])(?i:{ENGLISH})(?![A-Za-z]))"
_CODES = "CNY|RMB|USD|EUR|GBP|JPY|SEK|NOK|DKK|CHF|AUD|CAD|HKD|TWD|SGD|KRW|INR"
_EURO = r"\d{1,3}(?:\.\d{3})*,\d{2}"


def currency_of(word: str) -> str:
    """Return one name for a currency however it is written."""
    return _CURRENCIES.get(word.lower(), word.upper())


def _word(text: str) -> str:
    return rf"(?i:{text})(?![A-Za-z])"


_PATTERNS: tuple[tuple[Kind, str], ...] = (
    (Kind.CLOCK, r"(?<!\d)(?P<hour>[01]?\d|2[0-3]):(?P<minute>[0-5]\d)(?!\d)"),
    (Kind.CLOCK, r"(?<![\d.])(?P<hour>\d{1,2})\s?(?P<half>[ap]m)\b"),
    (Kind.MONEY, rf"(?P<number>{_EURO})\s?(?P<unit>€)"),
    (Kind.MONEY, rf"(?P<unit>US\$|JP¥|[¥￥$€£]|\b(?:{_CODES}))\s?(?P<number>{ARABIC})(?P<scale>[kK万])?(?![A-Za-z\d])"),
    (Kind.MONEY, rf"(?P<number>{_ANY})\s?(?P<scale>[kK万千])?\s?(?P<unit>块钱|[元块€£]|美元|美金|欧元|英镑|日元)"),
    (Kind.MONEY, rf"(?P<number>{_NUMBER})\s?(?P<unit>{_word(f'dollars?|bucks|euros?|yuan|{_CODES}')})"),
    (Kind.PERCENT, rf"(?P<number>{_NUMBER})\s?(?:[%％]|{_word('per ?cent')})"),
    (Kind.PERCENT, rf"百分之(?P<number>{_ANY}|{CHINESE})"),
    (Kind.PERCENT, rf"(?P<number>{_NUMBER})\s?(?P<fold>折)"),
    (Kind.RATING, rf"(?P<number>{_NUMBER})\s?(?:★|星(?!期)|分(?![钟期贝])|/\s?5\b|{_word('stars?|out of (?:5|five)')})"),
    (Kind.RATING, rf"(?:评分|均分|打分)[^\d|\n]{{0,3}}?(?P<number>{_NUMBER})"),
    (Kind.RATING, r"(?i:rat(?:ed|ing)(?: of| is| at)?:?)\s(?P<number>(?<!\d)[0-5](?:\.\d+)?)(?![\d%])"),
    (Kind.REVIEWS, rf"(?P<number>{_ANY})\s?(?:条|个|份)?\s?(?:评价|评论|评分|买家)"),
    (Kind.REVIEWS, rf"(?P<number>{_ANY})\s(?:of its\s|shopper |customer |buyer )?{_word('reviews?|ratings?')}"),
    (Kind.MENTIONS, rf"(?P<number>{_ANY})\s?(?:次|人次)"),
    (Kind.MENTIONS, rf"(?P<number>{_ANY})\s?{_word('times|mentions?')}"),
    (Kind.MEASURE, rf"(?P<number>{_ANY})\s?(?P<scale>[万千](?=毫安))?\s?-?(?P<unit>{UNIT})"),
    (Kind.PRODUCTS, rf"(?P<number>{_ANY})\s?(?:款|个(?!月|小时|工作|星期)|件|双|只|台|部|种|支|条|项|点(?!\d))"),
)  # fmt: skip
_PLAIN = (
    (Kind.PLAIN, rf"(?P<number>{_NUMBER})(?P<scale>[万千kK])?(?![A-Za-z\d])"),
    # A bare Chinese numeral counts from ten on, as in 两千以内.
    (
        Kind.PLAIN,
        "(?<![第百分之])(?P<number>[一二两三四五六七八九][十百千万][零一二三四五六七八九十百千万]*)",
    ),
)
_EQUAL = 1e-6
_SKIPPED = frozenset({"一", "one", "One"})


def find_figures(text: str, nouns: Iterable[str] = ()) -> list[Figure]:
    """Return the figures in order; `nouns` are plurals of what is sold, such as `headphones`, for counts of products."""
    found: list[Figure] = []
    for kind, pattern in (*_PATTERNS, _products(nouns), *_PLAIN):
        for match in re.finditer(pattern, text):
            figure = _figure(kind, match)
            if figure is not None and not any(figure.start < f.end and f.start < figure.end for f in found):
                found.append(figure)
    return sorted((f for f in found if f.text not in _SKIPPED), key=lambda f: f.start)


def _products(nouns: Iterable[str]) -> tuple[Kind, str]:
    known = "|".join([*_NOUNS.replace("_", " ").split(), *(re.escape(n) for n in nouns)])
    return Kind.PRODUCTS, rf"(?P<number>{_ANY})\s(?:[a-z-]+\s){{0,3}}?{_word(known)}"


def _figure(kind: Kind, match: re.Match[str]) -> Figure | None:
    groups = match.groupdict()
    start, end, text = match.start(), match.end(), match.group()
    if kind is Kind.CLOCK:
        return Figure(kind, _minutes(groups), start=start, end=end, text=text)
    number, unit = groups["number"], groups.get("unit") or ""
    if unit == "G":  # 5G is a network, not a weight
        return None
    if number in _SKIPPED and kind is not Kind.MONEY:
        return Figure(kind, 1.0, start=start, end=end, text=number)
    if unit == "€" and re.fullmatch(_EURO, number):
        number = number.replace(".", "").replace(",", ".")
    raw = value_of(number, groups.get("scale") or "")
    plain = Figure(kind, raw, "", raw, decimals_of(number), start=start, end=end, text=text)
    match kind:
        case Kind.MONEY:
            return replace(plain, unit=currency_of(unit))
        case Kind.PERCENT if groups.get("fold"):
            return replace(plain, value=100 - (raw if raw > 10 else 10 * raw))  # noqa: PLR2004 - 95折 and 9.5折
        case Kind.MEASURE:
            dimension, factor = canonical(unit)
            return replace(plain, value=raw * factor, unit=dimension, factor=factor)
    return plain


def _minutes(groups: dict[str, str]) -> float:
    hour = int(groups["hour"] or 0)
    if groups.get("half") == "pm":
        hour = hour % 12 + 12
    return float(60 * hour + int(groups.get("minute") or 0))


def measures_of(number: float, unit: str) -> Iterator[Figure]:
    """Yield the figures that a typed number stands for: the measure, and the number itself."""
    if unit:
        dimension, factor = canonical(unit)
        yield Figure(Kind.MEASURE, number * factor, dimension, raw=number, factor=factor)
    yield Figure(Kind.PLAIN, number, raw=number)


def same(said: Figure, known: Figure) -> bool:
    """Return whether a figure says the same as a known one; decimals may be rounded, but not to whole numbers."""
    if said.unit != known.unit:
        return False
    if abs(said.value - known.value) <= _EQUAL * max(1.0, abs(known.value)):
        return True
    return said.kind is not Kind.MONEY and is_rounded(said, known.value / said.factor)


def is_rounded(said: Figure, exact: float) -> bool:
    """Return whether a figure is a number rounded to the decimals it shows, halves either way; at least to one."""
    return said.decimals > 0 and abs(exact - said.raw) <= 0.5 * 10**-said.decimals + _EQUAL
