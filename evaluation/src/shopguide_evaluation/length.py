"""How long an answer is: 40 to 120 words in English, 60 to 180 characters in Chinese, tables apart."""

import re

_BOUNDS = {"en": (40, 120), "zh": (60, 180)}
_ROW = re.compile(r"^\s*\|.*\|\s*$", re.MULTILINE)
_CITATION = re.compile(r"\s*\[\d+\]")
_SPACE = re.compile(r"\s+")


def length_of(text: str, language: str) -> int:
    """Return words (en) or characters without spaces (zh), without tables and citations."""
    prose = _CITATION.sub("", _ROW.sub("", text))
    return len(_SPACE.sub("", prose)) if language == "zh" else len(prose.split())


def within_bounds(length: int, language: str) -> bool:
    """Return whether a length is as it should be."""
    low, high = _BOUNDS[language]
    return low <= length <= high
