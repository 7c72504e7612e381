"""Numbers as shoppers write them, in digits or words of either language."""

from __future__ import annotations

import re

from shopguide_intent.domain import numbers_en, numbers_zh

_PLAIN = r"(?:\d{1,3}(?:,\d{3}){1,3}(?:\.\d{1,6})?|\d{1,12}(?:\.\d{1,6})?|\.\d{1,6})"
_SCALED = rf"{_PLAIN}(?:\s?(?:hundred|thousand|grand|million)\b|[kw](?![a-z0-9])|[百千万亿](?:\d(?!\d))?)?"

NUMBER = rf"(?:(?<![\d.])(?<!\d,)(?:{_SCALED})|{numbers_zh.NUMERAL}|{numbers_en.NUMBER_WORDS})"
"""Regular expression of a number in folded text; give a match to `parse_number`."""

_DIGIT_FORM = re.compile(
    rf"(?P<plain>{_PLAIN})\s?(?P<scale>hundred|thousand|grand|million|[kw]|[百千万亿])?(?P<tail>\d)?$"
)
_FACTORS = {"hundred": 1e2, "thousand": 1e3, "grand": 1e3, "million": 1e6, "k": 1e3, "w": 1e4}


def parse_number(text: str) -> float | None:
    """Value of text that matched `NUMBER`, or None when it is not a number."""
    text = text.strip()
    match = _DIGIT_FORM.match(text)
    if match:
        return _scale(float(match["plain"].replace(",", "")), match["scale"], match["tail"] or "")
    value = numbers_zh.parse_numeral(text)
    return numbers_en.parse_words(text) if value is None else value


def _scale(value: float, scale: str | None, tail: str) -> float:
    if scale is None:
        return value
    if scale in _FACTORS:
        return round(value * _FACTORS[scale], 6)
    return round(numbers_zh.mixed(value, scale, tail), 6)
