"""English number words: two hundred, fifteen hundred, a thousand and fifty."""

from __future__ import annotations

import re

_UNITS = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_SMALL = {word: value for value, word in enumerate(_UNITS)} | {
    word: 10 * value for value, word in enumerate(_TENS, start=2)
}
_SCALES = {"hundred": 100, "thousand": 1000, "grand": 1000, "million": 1_000_000}
_WORD = "|".join(sorted([*_SMALL, *_SCALES], key=len, reverse=True))

_JOINT = r"(?: and |[ -])"
_RUN = rf"(?:{_WORD})(?:{_JOINT}(?:{_WORD})){{0,6}}\b"
_AFTER_NUMBER = "".join(rf"(?<!{word}[ -])" for word in sorted([*_SMALL, *_SCALES]))
NUMBER_WORDS = rf"(?:\ba (?=hundred|thousand|grand|million))?\b{_AFTER_NUMBER}{_RUN}"
"""Regular expression of a run of number words."""


def parse_words(text: str) -> float | None:
    """Value of a run of number words, or None when it is not one."""
    total, section, seen = 0, 0, False
    for word in re.findall(r"[a-z]+", text):
        if word in ("a", "and"):
            continue
        seen = True
        if word in _SMALL:
            section += _SMALL[word]
        elif word == "hundred":
            section = (section or 1) * 100
        elif word in _SCALES:
            total, section = total + (section or 1) * _SCALES[word], 0
        else:
            return None
    return float(total + section) if seen else None
