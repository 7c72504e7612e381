"""Numbers as people write them: 1,299 · 2万 · 两千 · twelve."""

import re

_DIGITS = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_PLACES = {"十": 10, "百": 100, "千": 1000}
_SCALES = {"k": 1000.0, "万": 10_000.0, "千": 1000.0, "百": 100.0}
_ONES = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_WORDS = {word: n for n, word in enumerate(f"{_ONES} eighteen nineteen".split(), 1)}
_WORDS |= {word: 10 * n for n, word in enumerate(_TENS.split(), 2)}

ARABIC = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
CHINESE = "[零〇一二两三四五六七八九十百千万]+"
ENGLISH = "|".join(sorted(_WORDS, key=len, reverse=True))


def chinese_value(text: str) -> float:
    """Return the value of a Chinese numeral up to 万, such as 两千三 (2300) or 一万二千 (12000)."""
    high, _, low = text.rpartition("万")
    value = chinese_value(high) * 10_000 if high else 0.0
    digit, last_place, seen = 0, 10, 0
    for char in low:
        if char in _PLACES:
            last_place = _PLACES[char]
            seen += (digit or 1) * last_place
            digit = 0
        else:
            digit = _DIGITS[char]
    # 两千三 is 2300, 二十三 is 23, 两千零三 is 2003.
    trailing = digit * (last_place // 10 if seen and "零" not in low and "〇" not in low else 1)
    return value + seen + trailing


def value_of(number: str, scale: str = "") -> float:
    """Return the value of a number in digits, in Chinese or as an English word, times `k`, `千` or `万`."""
    factor = _SCALES.get(scale.lower(), 1.0)
    if number[0].isdigit():
        return float(number.replace(",", "")) * factor
    if re.fullmatch(CHINESE, number):
        return chinese_value(number) * factor
    return float(_WORDS[number.lower()]) * factor


def decimals_of(number: str) -> int:
    """Return how many decimals a number shows."""
    return len(number.partition(".")[2]) if number[0].isdigit() else 0
