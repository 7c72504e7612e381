# ruff: noqa: E501 (word lists and patterns read better unbroken)
"""Number limits with units: 至少16GB, 40+ hours of battery, 蓝牙5.3以上, lighter than 1.5 kg."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from shopguide_intent.domain.numbers import NUMBER, parse_number
from shopguide_intent.domain.spans import Claims, Span
from shopguide_intent.domain.units import UNIT, UNITS, Unit


@dataclass(frozen=True, slots=True)
class NumberLimit:
    """A limit on a number that is not a price; what it limits is decided by grounding."""

    span: Span
    """The comparator, the number and the unit."""
    minimum: float | None
    maximum: float | None
    approximate: bool
    unit: Unit | None
    hint: str
    """Dimension that the comparator implies ("lighter" implies mass), or empty."""


_HINTS = {
    "lighter": "mass", "heavier": "mass", "轻于": "mass", "重于": "mass",
    "shorter": "length", "longer": "length", "taller": "length", "wider": "length", "narrower": "length",
    "thinner": "length", "thicker": "length", "larger": "", "bigger": "", "smaller": "",
    "louder": "loudness", "quieter": "loudness",
}  # fmt: skip

_N, _U = rf"(?P<n>{NUMBER})", rf"(?P<u>{UNIT})"
_N2 = rf"(?P<n2>{NUMBER})\s?-?(?P<u2>{UNIT})"
_NU = rf"{_N}\s?-?{_U}?"
_MIN_BEFORE = (
    r"(?:至少(?:要|得|有|能|是|在)?|不低于|不少于|不小于|不短于|高于|大于|超过|多于|最低|最少|重于|[>≥]=?|"
    r"(?:with |has |have |of )?\bat least|\b(?:min of|minimum(?: of)?)|\bmore than|\bover|\babove|\bgreater than|"
    r"\b(?:longer|taller|wider|thicker|larger|bigger|heavier|louder|higher) than|\bno less than|\bnot less than|\bstarting at)"
)
_MAX_BEFORE = (
    r"(?:不超过|不要超过|别超过|不能超过|不高于|不大于|不多于|低于|小于|少于|最多|最高|最大|至多|顶多|轻于|[<≤]=?|"
    r"\bat most|\b(?:max of|maximum(?: of)?)|\bless than|\bfewer than|\bunder|\bbelow|\bup to|\bno more than|\bnot more than|\bwithin|"
    r"\b(?:shorter|smaller|thinner|narrower|lighter|quieter|lower) than|\bno (?:heavier|bigger|larger|longer|taller|wider) than)"
)
_MIN_AFTER = (
    r"(?:及?以上|或以上|起步|起(?![床球])|往上|\s?\+(?![a-z0-9])|\s?or (?:more|higher|above|better|greater|longer|larger|bigger|newer|later|up)\b"
    r"|\s?and (?:up|above|higher|over)\b|\s?(?:min|minimum)\b)"
)
_MAX_AFTER = r"(?:及?以下|或以下|以内|之内|\s?or (?:less|lower|under|below|fewer|lighter|smaller|shorter)\b|\s?and (?:under|below)\b|\s?(?:max|maximum)\b)"

_RANGE = re.compile(
    rf"(?:\b(?:between|from)\s)?{_N}\s?-?(?P<u>{UNIT})?\s?(?:到|至|~|-|to|and)\s?{_N2}(?:之间|左右)?"
)
_BEFORE = re.compile(rf"(?P<cmp>(?P<min>{_MIN_BEFORE})|(?P<max>{_MAX_BEFORE}))\s?(?:a |an )?{_NU}")
_PLUS = re.compile(rf"{_N}\s?(?:\+\s?-?)(?P<u>{UNIT})")
_AFTER = re.compile(rf"{_NU}(?:(?P<min>{_MIN_AFTER})|(?P<max>{_MAX_AFTER}))")
_AFTER_NOUN = re.compile(
    rf"{_N}\s?-?{_U}(?: (?!and\b|or\b|with\b)[a-z]+){{1,2}} or "
    r"(?:(?P<min>more|higher|better|larger|above)|(?P<max>less|lower|smaller))\b"
)
_THAN_ZH = re.compile(rf"比\s?{_NU}(?:更|还)?(?P<word>轻|重|大|小|长|短|高|低|多|少|久|薄|厚)")
_JOINED = re.compile(r"(?:[$¥€£]|[a-z-])\d$")
_GROWS = "重大长高多久厚"
_DOTTED = re.compile(r"[.,/]?\d")


def find_limits(text: str, claims: Claims) -> Iterator[NumberLimit]:
    """Number limits with a unit in folded `text`; each is claimed.

    Numbers without a unit are left alone: see `bare_limits`.
    """
    for pattern in (_RANGE, _PLUS, _BEFORE, _AFTER, _AFTER_NOUN, _THAN_ZH):
        for match in pattern.finditer(text):
            limit = _read(match, text)
            if limit is not None and limit.unit is not None and claims.claim(limit.span):
                yield limit


def bare_limits(text: str) -> Iterator[NumberLimit]:
    """Limits without a unit, such as the "5.3以上" of "蓝牙5.3以上"; not claimed, since most are no limits."""
    for pattern in (_PLUS_BARE, _BEFORE, _AFTER):
        for match in pattern.finditer(text):
            limit = _read(match, text)
            if limit is not None and limit.unit is None:
                yield limit


_MENTION = re.compile(rf"(?<![x×*/-]){_NU}(?!\s?[x×*])")
_NETWORK = re.compile(r"[2-6]g")
_PLUS_BARE = re.compile(rf"{_N}(?P<u>)\+(?=\s|[)），,。]|$)")


def find_mentions(text: str, claims: Claims) -> Iterator[NumberLimit]:
    """Numbers with a unit and no comparator, outside of claims: "16GB memory". Nothing is claimed."""
    for match in _MENTION.finditer(text):
        limit = _read(match, text)
        network = _NETWORK.fullmatch(match.group())
        if limit is not None and limit.unit is not None and not network and claims.free(limit.span):
            yield replace(limit, minimum=limit.maximum, approximate=True)


def _read(match: re.Match[str], text: str) -> NumberLimit | None:
    value = parse_number(match["n"])
    if (
        value is None
        or _DOTTED.match(text[match.end() :])
        or text[: match.start()].endswith(("$", "¥", "€", "£"))
    ):
        return None
    groups = match.groupdict()
    unit = UNITS.get(groups.get("u") or "")
    if groups.get("n2"):
        return _range(match, value, groups)
    span = _trimmed(match)
    minimum, maximum = (value, None) if _is_minimum(match, groups) else (None, value)
    return NumberLimit(
        span, minimum, maximum, approximate=False, unit=unit, hint=_hint(groups.get("cmp") or "")
    )


def _range(match: re.Match[str], low: float, groups: dict[str, str]) -> NumberLimit | None:
    high, unit = parse_number(groups["n2"]), UNITS[groups["u2"]]
    first = UNITS.get(groups.get("u") or "", unit)
    if high is None or first.dimension != unit.dimension:
        return None
    low = low * first.factor / unit.factor
    approximate = match.group().endswith("左右")
    return NumberLimit(_trimmed(match), low, high, approximate, unit, "") if low < high else None


def _is_minimum(match: re.Match[str], groups: dict[str, str]) -> bool:
    if match.re is _THAN_ZH:
        return groups["word"] in _GROWS
    return match.re in (_PLUS, _PLUS_BARE) or groups.get("min") is not None


def _hint(comparator: str) -> str:
    return next((dimension for word, dimension in _HINTS.items() if word in comparator), "")


def _trimmed(match: re.Match[str]) -> Span:
    words = match.group()
    return Span(
        match.start() + len(words) - len(words.lstrip()), match.end() - len(words) + len(words.rstrip())
    )
