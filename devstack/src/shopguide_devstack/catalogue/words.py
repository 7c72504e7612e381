"""Bilingual words, the smallest piece of the vocabularies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from shopguide_devstack.catalogue.model import Language


@dataclass(frozen=True)
class Words:
    """One meaning in both languages."""

    zh: str
    """Simplified Chinese."""
    en: str
    """English; it also identifies the meaning in conditions."""

    def get(self, language: Language) -> str:
        """Return the word in `language`."""
        return self.zh if language == "zh" else self.en


def pair(text: str) -> Words:
    """Read `中文|English`; a text without a bar is the same in both languages."""
    zh, bar, en = text.partition("|")
    return Words(zh.strip(), (en if bar else zh).strip())


def pairs(texts: Sequence[str]) -> tuple[Words, ...]:
    """Read a list of `中文|English` entries."""
    return tuple(pair(text) for text in texts)


def phrases(text: str) -> tuple[str, ...]:
    """Read alternatives separated by bars; surrounding space is dropped."""
    return tuple(part.strip() for part in text.split("|") if part.strip())
