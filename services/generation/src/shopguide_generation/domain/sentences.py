"""Cutting text into sentences, and measuring its length as shoppers feel it."""

import re

_CITATION = re.compile(r"\[\d+\]")
_ABBREVIATION = re.compile(
    r"(?:\b(?:e\.g|i\.e|etc|vs|No|Mr|Mrs|Dr|approx|incl|max|min|St|Inc|Ltd|Co)|\b[A-Z])\.$"
)
_BOUNDARY = re.compile(r"[。！？]+[”』」）\"']*|[.!?]+[\"”')]*(?=\s|$)|\n+")

MAX_QUOTE_WORDS = 70
MAX_QUOTE_CHARACTERS = 120


def sentences(text: str) -> list[str]:
    """The sentences of a text, stripped, in order; a line break also ends one."""
    found: list[str] = []
    start = 0
    for boundary in _BOUNDARY.finditer(text):
        piece = text[start : boundary.end()]
        if boundary.group().startswith(".") and _ABBREVIATION.search(piece.rstrip()):
            continue
        found.append(piece.strip())
        start = boundary.end()
    return [piece for piece in [*found, text[start:].strip()] if piece]


def length(text: str, language: str) -> int:
    """Words of an English text; of a Chinese one Han characters plus other words. Citations do not count."""
    plain = _CITATION.sub("", text)
    if language == "zh":
        return len(re.findall(r"[㐀-鿿]|[A-Za-z]+|\d[\d.,]*", plain))
    return len(re.findall(r"[^\s]*\w[^\s]*", plain))


def fits_quote(parts: list[str]) -> bool:
    """True when the sentences together may be quoted: short enough for one answer."""
    text = " ".join(parts)
    han = len(re.findall(r"[㐀-鿿]", text))
    return han <= MAX_QUOTE_CHARACTERS and len(text.split()) <= MAX_QUOTE_WORDS
