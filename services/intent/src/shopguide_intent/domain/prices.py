# ruff: noqa: E501 (word lists and patterns read better unbroken)
"""Price limits in both languages: 两千以内, 一千到两千, under $50, between 30 and 60 bucks.

Precision comes first: a number without a currency is a price only where the words around leave no
other reading, so that model numbers, sizes, ages and quantities never become limits.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from shopguide_intent.domain import currencies
from shopguide_intent.domain.numbers import NUMBER, parse_number
from shopguide_intent.domain.numbers_zh import RANGE_NUMERAL, parse_range_numeral
from shopguide_intent.domain.spans import Claims, Span
from shopguide_intent.domain.units import UNIT

MIN_BARE_CEILING = 5.0
"""Smallest number without a currency that can be read as an upper price limit."""

MIN_BARE_FLOOR = 100.0
"""Smallest number without a currency that can be read as a lower price limit."""

APPROXIMATION = 0.15
"""Half width of the range that "around" means."""


class Kind(Enum):
    """How a price is limited."""

    MAX = "max"
    MIN = "min"
    RANGE = "range"
    AROUND = "around"


@dataclass(frozen=True, slots=True)
class PriceLimit:
    """A limit on the price of one product, or on everything together when `total`."""

    span: Span
    minimum: float | None
    maximum: float | None
    approximate: bool
    total: bool
    currencies: tuple[str, ...]
    """ISO codes that the written currency may mean; empty when none was written."""
    doubtful: bool = False
    """Whether another reading, such as an age, is possible."""


class _Bare(Enum):
    """What becomes of a number without a currency."""

    NEVER = "never"
    CHECKED = "checked"
    ALWAYS = "always"


@dataclass(frozen=True, slots=True)
class _Pattern:
    regex: re.Pattern[str]
    kind: Kind
    total: bool
    bare: _Bare


def _money(name: str) -> str:
    return (
        rf"(?P<{name}_pre>{currencies.BEFORE})?\s?(?P<{name}>{NUMBER})\s?(?P<{name}_post>{currencies.AFTER})?"
    )


_TOTAL = r"(?:总共|一共|总预算|总价|总计|合计|加起来|全部加起来|全套|一套|total|altogether|all together|combined|in all|overall|all in|for everything)"
_MAX_ZH = r"(?:不超过|不要超过|别超过|不能超过|不高于|不要高于|低于|少于|小于|便宜于|最多|最高|顶多|至多|控制在|封顶|[<≤]=?)"
_MIN_ZH = r"(?:至少|不低于|不少于|高于|大于|超过|最低|最少|[>≥]=?)"
_WITHIN_ZH = r"(?:以内|以下|之内|之下|内(?![容存衣裤裙增胆部饰])|封顶|往下)"
_ABOVE_ZH = r"(?:以上|起步|往上|朝上)"
_MAX_EN = (
    r"(?:(?:priced? |costs? |costing |for |at )?\b(?:under|below|less than|lower than|cheaper than|no more than|not more than|"
    r"not over|at most|up to|within|max(?:imum)?(?: price| budget| of)*(?: is|:)?|upper limit(?: of| is)?|"
    r"(?:can'?t|cannot|don'?t want to|won'?t) (?:spend|pay|go)(?: any)? (?:more than|over|above))|<=?)"
)
_MIN_EN = r"(?:(?:priced? |costs? |costing )?\b(?:over|above|more than|at least|min(?:imum)?(?: price)?(?: of)?|starting (?:at|from)|greater than|higher than)|>=?)"
_AROUND_EN = r"\b(?:around|about|roughly|approximately|approx\.?|circa|somewhere near|near)|~"
_BUDGET_ZH = r"(?:预算|心理价位?|价位|价格|价钱|单价|售价)(?:大概|大约|差不多|就|只有|有限|是|在|为|有|控制在|不超过|约|[::])*"
_BUDGET_EN = (
    r"(?:\b(?:my )?(?:budget|price limit|spending limit)(?: is| of|:| around| about)*(?: max(?:imum)?)?)"
)
_AROUND_ZH = r"(?:左右|上下|附近|出头|来块|多块)"


def _compile(*rows: tuple[str, Kind, bool, _Bare]) -> tuple[_Pattern, ...]:
    return tuple(_Pattern(re.compile(text), kind, total, bare) for text, kind, total, bare in rows)


_A, _B = _money("a"), _money("b")
_PATTERNS = _compile(
    # Totals over several products.
    (
        rf"{_TOTAL}[^\d\n,，。;；]{{0,8}}?(?:{_MAX_ZH}|{_MAX_EN})\s?{_A}(?:{_WITHIN_ZH})?",
        Kind.MAX,
        True,
        _Bare.CHECKED,
    ),
    (
        rf"(?:{_TOTAL}\s?(?:budget|预算)?(?: is| of|:|是|在)?)\s?{_A}(?:{_WITHIN_ZH})?",
        Kind.MAX,
        True,
        _Bare.CHECKED,
    ),
    (
        rf"(?:{_MAX_EN}|\bfor|\bbudget(?: of| is)?)?\s?{_A}\s?(?:in )?{_TOTAL}(?:\s?budget)?",
        Kind.MAX,
        True,
        _Bare.CHECKED,
    ),
    (rf"{_MAX_ZH}?{_A}(?:{_WITHIN_ZH})?(?:{_TOTAL}|总预算)", Kind.MAX, True, _Bare.CHECKED),
    # Ranges.
    (
        rf"(?:(?:priced? |costs? |costing )?\b(?:between|from)\b)\s?{_A}\s?(?:and|to|-|&)\s?{_B}",
        Kind.RANGE,
        False,
        _Bare.CHECKED,
    ),
    (
        rf"(?:{_BUDGET_ZH}|{_BUDGET_EN})?\s?{_A}\s?(?:到|至|~|-|—)\s?{_B}(?:之间|左右|以内)?",
        Kind.RANGE,
        False,
        _Bare.CHECKED,
    ),
    (rf"{_A}\s?to\s?{_B}", Kind.RANGE, False, _Bare.CHECKED),
    # Upper bounds.
    (rf"(?:{_BUDGET_ZH})?{_A}\s?{_WITHIN_ZH}", Kind.MAX, False, _Bare.CHECKED),
    (rf"(?:{_BUDGET_ZH})?{_MAX_ZH}\s?{_A}(?:{_WITHIN_ZH})?", Kind.MAX, False, _Bare.CHECKED),
    (rf"{_MAX_EN}\s?{_A}", Kind.MAX, False, _Bare.CHECKED),
    (
        rf"{_A}\s?(?:or (?:less|under|below|cheaper)|and (?:under|below)|max(?:imum)?\b|tops\b|at most)",
        Kind.MAX,
        False,
        _Bare.CHECKED,
    ),
    # Around.
    (
        rf"(?:{_BUDGET_ZH}|{_BUDGET_EN}|大概|大约|差不多)?\s?{_A}\s?{_AROUND_ZH}",
        Kind.AROUND,
        False,
        _Bare.CHECKED,
    ),
    (rf"(?:{_AROUND_EN})\s?{_A}", Kind.AROUND, False, _Bare.CHECKED),
    # Lower bounds.
    (rf"(?:{_BUDGET_ZH})?{_A}\s?{_ABOVE_ZH}", Kind.MIN, False, _Bare.CHECKED),
    (rf"(?:{_BUDGET_ZH})?{_MIN_ZH}\s?{_A}", Kind.MIN, False, _Bare.CHECKED),
    (rf"{_MIN_EN}\s?{_A}", Kind.MIN, False, _Bare.CHECKED),
    (rf"{_A}\s?(?:or more|and up|and above|or above|\+)", Kind.MIN, False, _Bare.CHECKED),
    # A budget is a ceiling; a price named without a comparator is a wish.
    (rf"(?:预算)(?:大概|大约|差不多|就|只有|有限|是|在|为|有|[::])*{_A}", Kind.MAX, False, _Bare.ALWAYS),
    (rf"{_BUDGET_EN}\s?{_A}", Kind.MAX, False, _Bare.ALWAYS),
    (rf"\bi(?: only)? have {_A}(?: to spend)?", Kind.MAX, False, _Bare.CHECKED),
    (rf"(?:{_BUDGET_ZH}|大概|大约|差不多){_A}", Kind.AROUND, False, _Bare.CHECKED),
    (rf"(?:\bfor )?{_A}", Kind.AROUND, False, _Bare.NEVER),
)
_SPOKEN_RANGE = re.compile(
    rf"(?P<cue>预算|价位|价格|大概|大约)?(?P<range>{RANGE_NUMERAL})(?P<after>块钱?|元|左右|的|以内|$)"
)

_CUE = re.compile(r"预算|价|budget|pric|cost|spend")
_PERSON = re.compile(
    r"(?:\b(?:women|men|people|kids?|boys?|girls?|toddlers?|children|adults?|teens?|babies|players|seniors|age[sd]?|aged)"
    r"|岁|年龄|身高|体重)\s?$"
)
_MODEL_WORD = re.compile(r"(?:^|[^a-z])(?P<word>[a-z][a-z0-9+-]*)\s?$")
_NOT_MODEL = frozenset(
    [
        "for",
        "and",
        "or",
        "but",
        "is",
        "are",
        "the",
        "a",
        "an",
        "of",
        "in",
        "with",
        "to",
        "under",
        "over",
        "please",
        "shoes",
        "price",
        "priced",
        "cost",
        "costs",
        "budget",
        "from",
        "at",
    ]
)
_CLAUSE_END = re.compile(
    r"\s*(?:$|[\n,，。.;；!！?？、)）的吧呢哦啊呀且并但有买能求推送给就也都还我价之左上可要]"
    r"|\s(?:for|with|and|or|but|that|which|if|preferably|please|pls|plz|thanks|thank|from|by|on|in|budget|price|would|shipped|to|each|per|only|max)\b)"
)
_MODEL_LINES = frozenset(
    ["rtx", "gtx", "rx", "core", "ryzen", "series", "galaxy", "iphone", "note", "mate", "model"]
)
_COUNTING = ("最多", "至多", "up to", "within", "at most", "less than")
_MODEL_SUFFIX = re.compile(r"(?:max|min)\b(?! of)")
_ADULT = 18
_UNIT_NEXT = re.compile(rf"\s?-?(?:{UNIT})")
_DENOMINATION = re.compile(r"gift ?card|voucher|top[- ]?up|礼品卡|购物卡|充值|面值|代金券|话费")


def find_prices(text: str, claims: Claims) -> Iterator[PriceLimit]:
    """Price limits in folded `text`, claimed as they are found."""
    yield from _spoken_ranges(text, claims)
    for pattern in _PATTERNS:
        for match in pattern.regex.finditer(text):
            limit = _read(pattern, match, text)
            if limit is not None and claims.claim(limit.span):
                yield limit


def _spoken_ranges(text: str, claims: Claims) -> Iterator[PriceLimit]:
    for match in _SPOKEN_RANGE.finditer(text):
        bounds = parse_range_numeral(match["range"])
        money = (
            match["cue"]
            or match["after"] in ("块", "块钱", "元", "左右")
            or (bounds and bounds[0] >= MIN_BARE_FLOOR)
        )
        end = match.end("range") if match["after"] in ("的", "") else match.end()
        span = Span(match.start(), end)
        if bounds and money and claims.claim(span):
            yield PriceLimit(span, *bounds, approximate=True, total=False, currencies=())


def _read(pattern: _Pattern, match: re.Match[str], text: str) -> PriceLimit | None:
    values, written = _values(pattern.kind, match), _written(match)
    if values is None or (pattern.kind is Kind.AROUND and _DENOMINATION.search(text)):
        return None
    doubtful: bool | None = False
    if not written:
        doubtful = _bare(pattern, match, text, values)
    if doubtful is None:
        return None
    low, high = _bounds(pattern.kind, values)
    approximate = pattern.kind is Kind.AROUND or match.group().rstrip().endswith("左右")
    return PriceLimit(_trimmed(match), low, high, approximate, pattern.total, written, doubtful)


def _trimmed(match: re.Match[str]) -> Span:
    words = match.group()
    return Span(
        match.start() + len(words) - len(words.lstrip()), match.end() - len(words) + len(words.rstrip())
    )


def _values(kind: Kind, match: re.Match[str]) -> tuple[float, ...] | None:
    names = ("a", "b") if kind is Kind.RANGE else ("a",)
    values = [parse_number(match[name]) for name in names]
    if any(v is None or v <= 0 for v in values):
        return None
    found = [v for v in values if v is not None]
    if kind is Kind.RANGE:
        found = _aligned(found[0], found[1], match["a"], match["b"])
    return tuple(found) if found == sorted(found) else None


def _aligned(low: float, high: float, low_text: str, high_text: str) -> list[float]:
    """一两千 and 1-2k: the scale of the second number holds for the first."""
    scale = {"k": 1000, "千": 1000, "万": 10000, "w": 10000, "百": 100}.get(high_text[-1], 1)
    if scale > 1 and low_text[-1] != high_text[-1] and low * scale < high:
        return [low * scale, high]
    return [low, high]


def _written(match: re.Match[str]) -> tuple[str, ...]:
    groups = match.groupdict()
    for name in ("a_pre", "b_pre", "a_post", "b_post"):
        if groups.get(name):
            return currencies.codes(groups[name])
    return ()


def _bounds(kind: Kind, values: tuple[float, ...]) -> tuple[float | None, float | None]:
    match kind:
        case Kind.MAX:
            return None, values[0]
        case Kind.MIN:
            return values[0], None
        case Kind.RANGE:
            return values[0], values[1]
        case Kind.AROUND:
            return round(values[0] * (1 - APPROXIMATION), 2), round(values[0] * (1 + APPROXIMATION), 2)


def _bare(pattern: _Pattern, match: re.Match[str], text: str, values: tuple[float, ...]) -> bool | None:
    """Whether a number without a currency is a doubtful price; None when it is no price at all."""
    if pattern.bare is not _Bare.CHECKED:
        return False if pattern.bare is _Bare.ALWAYS and not _UNIT_NEXT.match(text[match.end() :]) else None
    span = _trimmed(match)
    before, after = text[: span.start], text[span.end :]
    number_last = match.end("b" if pattern.kind is Kind.RANGE else "a") >= span.end
    if _UNIT_NEXT.match(after) or (number_last and not _CLAUSE_END.match(after)):
        return None
    if _CUE.search(match.group()):
        return False
    if _PERSON.search(before):
        return True if pattern.kind is Kind.MAX and values[0] >= _ADULT else None
    return False if _plausible(pattern.kind, match, before, values[0]) else None


def _plausible(kind: Kind, match: re.Match[str], before: str, value: float) -> bool:
    chinese = not match.group().isascii()
    comparator_first = match.start("a") - match.start() > 1
    if not comparator_first and _after_model(before, value):
        return False
    if _MODEL_SUFFIX.match(match.group()) and before.rstrip()[-1:].isalnum():
        return False
    if kind is Kind.MAX:
        return value >= MIN_BARE_CEILING * (2 if chinese or match.group().startswith(_COUNTING) else 1)
    if kind is Kind.MIN:
        return chinese and not comparator_first and value >= MIN_BARE_FLOOR and value % 50 == 0
    if kind is Kind.RANGE and comparator_first:
        return value >= MIN_BARE_CEILING
    return value >= MIN_BARE_FLOOR / 2 and (chinese or comparator_first or value % 50 == 0)


def _after_model(before: str, value: float) -> bool:
    """Whether the number follows a Latin word, as in "iphone 13" or "rtx 4060"."""
    found = _MODEL_WORD.search(before)
    if found is None or found["word"] in _NOT_MODEL:
        return before.endswith(("-", "/", ".", "#"))
    return value % 100 != 0 or found["word"] in _MODEL_LINES
