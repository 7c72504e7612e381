"""Tokens for dictionary look-up: Latin words, numbers, single Chinese characters."""

from __future__ import annotations

import re
from dataclasses import dataclass

_TOKEN = re.compile(r"[a-zà-öø-ÿ]+(?:'[a-z]+)?|\d+(?:\.\d+)?|[^\W\d_]", re.IGNORECASE)
_KEEP_S = ("ss", "us", "is", "os", "as")


@dataclass(frozen=True, slots=True)
class Token:
    """A token and its place; `key` is its dictionary form."""

    key: str
    start: int
    end: int


def tokenize(text: str) -> tuple[Token, ...]:
    """Tokens of folded `text`, in order."""
    return tuple(Token(_key(m.group()), m.start(), m.end()) for m in _TOKEN.finditer(text))


def _key(word: str) -> str:
    word = word.lower()
    if not word.isascii():
        return word
    return singular(word.removesuffix("'s").replace("'", ""))


def singular(word: str) -> str:
    """An English word without its plural ending; unchanged when it has none."""
    if len(word) <= 3 or not word.endswith("s") or word.endswith(_KEEP_S):  # noqa: PLR2004 (gas, bus)
        return word
    if word.endswith("ies") and len(word) > 4:  # noqa: PLR2004 (ties, pies)
        return word[:-3] + "y"
    if word.endswith(("shes", "ches", "sses", "xes", "zes")):
        return word[:-2]
    return word[:-1]
