"""Other words for the same thing, in both languages: 手机壳 is 手机套 is "phone case".

Groups come from `data/synonyms.txt`, which ships, and from what a catalogue calls its categories, attributes and values.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from importlib.resources import files

import rjieba

from shopguide_retrieval.domain.catalog import Catalog
from shopguide_retrieval.domain.tokenizer import fold, is_han, pieces, tokenize
from shopguide_runtime.text import Language

Phrase = tuple[str, ...]
"""The words of a name in order: a Latin word by its stem, a Chinese one as jieba cuts it."""

MAX_WORDS = 5
"""Longer names are no synonyms that a shopper types."""


class Lexicon:
    """Groups of names."""

    def __init__(self, groups: Iterable[Sequence[str]]) -> None:
        """Take groups of names; a name may be in several groups."""
        self._groups: list[tuple[str, ...]] = []
        self._by_phrase: dict[Phrase, list[int]] = defaultdict(list)
        for names in groups:
            self._add(tuple(dict.fromkeys(fold(n) for n in names if n.strip())))

    def synonyms(self, text: str) -> list[str]:
        """Return the other names of what a text names, longest name first; of names inside one another the longest."""
        found = (n for key, names in self._named(text) for n in names if phrase(n) != key)
        return list(dict.fromkeys(found))

    def translated(self, text: str, language: Language) -> list[str]:
        """Return for each thing that a text names its first name in a language, where it has one."""
        firsts = (next((n for n in names if _language(n) == language), "") for _, names in self._named(text))
        return list(dict.fromkeys(filter(None, firsts)))

    def words(self) -> Iterator[str]:
        """Yield the words of all names as they are written."""
        for names in self._groups:
            for name in names:
                yield from pieces(name)

    def _add(self, names: tuple[str, ...]) -> None:
        phrases = {key for n in names if 0 < len(key := phrase(n)) <= MAX_WORDS}
        if len(phrases) > 1:
            self._groups.append(names)
            for key in phrases:
                self._by_phrase[key].append(len(self._groups) - 1)

    def _named(self, text: str) -> Iterator[tuple[Phrase, tuple[str, ...]]]:
        """Yield what a text names: the words, and all names of each group that they stand for."""
        words = phrase(text)
        position = 0
        while position < len(words):
            length = self._longest(words, position)
            key = words[position : position + length]
            for group in self._by_phrase.get(key, ()):
                yield key, self._groups[group]
            position += max(1, length)

    def _longest(self, words: Phrase, start: int) -> int:
        longest = min(MAX_WORDS, len(words) - start)
        return next((n for n in range(longest, 0, -1) if words[start : start + n] in self._by_phrase), 0)


@lru_cache(maxsize=16_384)
def phrase(text: str) -> Phrase:
    """Return the words of a name or of a query in order."""
    return tuple(word for piece in pieces(text) for word in _words(piece))


@lru_cache(maxsize=1)
def shipped() -> Lexicon:
    """Return the groups that ship."""
    lines = _lines("synonyms.txt")
    return Lexicon([name for side in line.split("|") for name in side.split(",")] for line in lines)


@lru_cache(maxsize=1)
def common_words() -> frozenset[str]:
    """Return the ordinary English words that ship."""
    return frozenset(word for line in _lines("common_words.txt") for word in line.split())


def _lines(name: str) -> list[str]:
    text = files("shopguide_retrieval").joinpath(f"data/{name}").read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


@lru_cache(maxsize=64)
def _of_catalog(key: tuple[str, str], groups: tuple[tuple[str, ...], ...]) -> Lexicon:
    del key  # tells catalogues and their revisions apart
    return Lexicon(groups)


def of_catalog(catalog: Catalog) -> Lexicon:
    """Return what a catalogue calls its categories, attributes and values."""
    return _of_catalog((catalog.name, catalog.revision), tuple(_given(catalog)))


def _given(catalog: Catalog) -> Iterator[tuple[str, ...]]:
    for category in catalog.categories.values():
        yield tuple(name for names in category.labels.values() for name in names)
    for attribute in catalog.attributes.values():
        yield tuple(name for names in attribute.labels.values() for name in names)
        aliases: dict[str, list[str]] = defaultdict(list)
        for alias, values in attribute.value_aliases.items():
            for value in values:
                aliases[value].append(alias)
        yield from ((value, *others) for value, others in aliases.items())


def _language(name: str) -> Language:
    return "zh" if any(map(is_han, name)) else "en"


def _words(piece: str) -> Iterator[str]:
    if is_han(piece):
        yield from rjieba.cut(piece)
    else:
        yield from tokenize(piece, document=False)[:1]
