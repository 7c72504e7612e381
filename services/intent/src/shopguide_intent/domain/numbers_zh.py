"""Chinese numerals, written or mixed with digits: 两千, 一百五, 2千5, 1.2万, 三点五."""

from __future__ import annotations

_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "俩": 2}
_SMALL = {"十": 10, "百": 100, "千": 1000}
_HUNDRED = 100
_LARGE = {"万": 10_000, "亿": 100_000_000}

_SIGNS = "零〇一二两俩三四五六七八九十百千万亿"
NUMERAL = rf"(?:(?<![{_SIGNS}])[{_SIGNS}]{{1,12}}(?:点[零〇一二三四五六七八九]{{1,4}})?|半)"
"""Regular expression of a written numeral."""

RANGE_NUMERAL = r"(?:[一二两三四五六七八])(?:[二两三四五六七八九])(?:十|百|千|万)"
"""Regular expression of a spoken range such as 三四百 (300 to 400)."""


def parse_numeral(text: str) -> float | None:
    """Value of a written numeral, or None when it is not one.

    A trailing digit after a unit counts the next lower unit, as in speech: 两千五 is 2500.
    """
    if text == "半":
        return 0.5
    whole, _, fraction = text.partition("点")
    value = _parse_whole(whole)
    if value is None or not fraction:
        return value
    digits = [_DIGITS.get(c) for c in fraction]
    if any(d is None for d in digits):
        return None
    return value + float("0." + "".join(str(d) for d in digits))


def parse_range_numeral(text: str) -> tuple[float, float] | None:
    """Bounds of a spoken range: 三四百 is (300, 400). None when the digits do not rise by one."""
    low, high, unit = _DIGITS[text[0]], _DIGITS[text[1]], (_SMALL | _LARGE)[text[2]]
    return (float(low * unit), float(high * unit)) if high == low + 1 else None


def mixed(number: float, unit: str, tail: str) -> float:
    """Digits with a Chinese unit: (2, 千, 5) is 2500, (1.2, 万, "") is 12000."""
    factor = (_SMALL | _LARGE)[unit]
    extra = int(tail) * factor / 10 if tail else 0
    return number * factor + extra


def _parse_whole(text: str) -> float | None:
    if not text or any(c not in _DIGITS and c not in _SMALL and c not in _LARGE for c in text):
        return None
    if all(c in _DIGITS for c in text):
        return float("".join(str(_DIGITS[c]) for c in text))
    return float(_sum_units(text))


def _sum_units(text: str) -> int:
    total, section, digit, last_unit, after_zero = 0, 0, 0, 1, False
    for char in text:
        if char in _DIGITS:
            after_zero = after_zero or char in "零〇"
            digit = _DIGITS[char]
            continue
        if char in _SMALL:
            section += (digit or 1) * _SMALL[char]
        else:
            total = (total + section + digit) * _LARGE[char] or _LARGE[char]
            section = 0
        last_unit, digit, after_zero = (_SMALL | _LARGE)[char], 0, False
    shorthand = last_unit // 10 if last_unit >= _HUNDRED and not after_zero else 1
    return total + section + digit * shorthand
