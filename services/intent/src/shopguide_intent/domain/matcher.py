"""Longest match of a catalogue's words in a message, by a trie over tokens."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum

from shopguide_intent.domain.aliases import BRAND_ALIASES
from shopguide_intent.domain.model import BRAND, CATEGORY
from shopguide_intent.domain.spans import Span
from shopguide_intent.domain.tokens import Token, tokenize
from shopguide_intent.domain.vocabulary import Attribute, AttributeKind, ValueCount, Vocabulary
from shopguide_runtime.text import normalize_value


class Sense(Enum):
    """What a word of the catalogue names."""

    BRAND = "brand"
    CATEGORY = "category"
    VALUE = "value"
    FLAG = "flag"
    LABEL = "label"


@dataclass(frozen=True, slots=True)
class Entry:
    """One meaning of a word."""

    sense: Sense
    field: str
    values: tuple[str, ...]
    """Stored values that the word stands for; empty for flags and labels."""
    count: int = 0


@dataclass(frozen=True, slots=True)
class Match:
    """A word found in a message, with all its meanings."""

    span: Span
    entries: tuple[Entry, ...]

    def of(self, sense: Sense) -> tuple[Entry, ...]:
        """Its meanings of one sense, most frequent first."""
        return tuple(sorted((e for e in self.entries if e.sense is sense), key=lambda e: -e.count))


@dataclass(slots=True)
class _Node:
    children: dict[str, _Node] = field(default_factory=dict)
    entries: list[Entry] = field(default_factory=list)


class Matcher:
    """Finds the words of one vocabulary; built once per vocabulary and read-only afterwards."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        """Index every name and alias of the vocabulary."""
        self.vocabulary = vocabulary
        self.category_names = _category_names(vocabulary)
        """Every stored name of a category, by any one of them."""
        self.attributes = {attribute.field: attribute for attribute in vocabulary.attributes}
        self._root = _Node()
        for word, entry in _entries(vocabulary, self.category_names):
            self._add(word, entry)

    def find(self, text: str) -> tuple[Match, ...]:
        """Matches in folded `text`, left to right, each the longest at its place, none overlapping."""
        tokens, found, at = tokenize(text), [], 0
        while at < len(tokens):
            match, size = self._longest(tokens, at)
            if match is not None:
                found.append(match)
            at += max(size, 1)
        return tuple(found)

    def within(self, text: str, span: Span) -> tuple[Match, ...]:
        """Matches of parts of `span`, which is itself a match: the "crossbody" of "crossbody bag"."""
        tokens = [t for t in tokenize(text) if t.start >= span.start and t.end <= span.end]
        found: list[Match] = []
        for at in range(len(tokens)):
            match, _ = self._longest(tokens[:-1] if at == 0 else tokens, at)
            if match is not None and not any(match.span.overlaps(other.span) for other in found):
                found.append(match)
        return tuple(found)

    def at(self, text: str, span: Span) -> Match | None:
        """Longest match that starts where the words of `span` start and stays inside it."""
        tokens = [t for t in tokenize(text) if t.start >= span.start and t.end <= span.end]
        return self._longest(tokens, 0)[0] if tokens else None

    def _add(self, word: str, entry: Entry) -> None:
        node = self._root
        tokens = tokenize(normalize_value(word))
        for token in tokens:
            node = node.children.setdefault(token.key, _Node())
        if tokens:
            _join(node.entries, entry)

    def _longest(self, tokens: Sequence[Token], at: int) -> tuple[Match | None, int]:
        node, best, size = self._root, None, 0
        for offset, token in enumerate(tokens[at:], start=1):
            child = node.children.get(token.key)
            if child is None:
                break
            node = child
            if node.entries:
                best, size = Match(Span(tokens[at].start, token.end), tuple(node.entries)), offset
        return best, size


def _join(entries: list[Entry], new: Entry) -> None:
    """Add a meaning; a second one of the same field adds its values to the first."""
    for at, old in enumerate(entries):
        if (old.sense, old.field) == (new.sense, new.field):
            values = tuple(dict.fromkeys((*old.values, *new.values)))
            entries[at] = Entry(old.sense, old.field, values, max(old.count, new.count))
            return
    entries.append(new)


def _category_names(vocabulary: Vocabulary) -> dict[str, tuple[str, ...]]:
    by_spec: dict[str, list[str]] = {}
    for category in vocabulary.categories:
        by_spec.setdefault(category.spec_id or category.name, []).append(category.name)
    return {name: tuple(names) for names in by_spec.values() for name in names}


def _entries(vocabulary: Vocabulary, names: dict[str, tuple[str, ...]]) -> Iterator[tuple[str, Entry]]:
    yield from _brand_entries(vocabulary)
    for category in vocabulary.categories:
        entry = Entry(Sense.CATEGORY, CATEGORY, names[category.name], category.count)
        for word in {category.name, *category.labels}:
            yield word, entry
    for attribute in vocabulary.attributes:
        yield from _attribute_entries(attribute)


def _brand_entries(vocabulary: Vocabulary) -> Iterator[tuple[str, Entry]]:
    by_normal = {normalize_value(brand.value): brand for brand in vocabulary.brands}
    for normal, brand in by_normal.items():
        entry = Entry(Sense.BRAND, BRAND, _spellings(normal, by_normal), brand.count)
        for word in {normal, *BRAND_ALIASES.get(normal, ())}:
            yield word, entry


def _spellings(normal: str, known: Mapping[str, ValueCount]) -> tuple[str, ...]:
    """Stored spellings of one brand: a bilingual catalogue may hold both Apple and 苹果."""
    others = (alias for alias in BRAND_ALIASES.get(normal, ()) if alias in known)
    return tuple(known[name].value for name in dict.fromkeys((normal, *others)))


def _attribute_entries(attribute: Attribute) -> Iterator[tuple[str, Entry]]:
    label_sense = Sense.FLAG if attribute.kind is AttributeKind.BOOLEAN else Sense.LABEL
    for label in attribute.labels:
        yield label, Entry(label_sense, attribute.field, (), attribute.count)
    if attribute.kind is not AttributeKind.TEXT:
        return
    stored = {normalize_value(v.value): v for v in attribute.values}
    aliases: dict[str, list[str]] = {}
    for alias, values in attribute.aliases.items():
        aliases.setdefault(normalize_value(alias), []).extend(values)
    for normal, value in stored.items():
        equals = (v for v in aliases.get(normal, ()) if normalize_value(v) in stored)
        values = tuple(dict.fromkeys((value.value, *equals)))
        yield normal, Entry(Sense.VALUE, attribute.field, values, value.count)
    for alias, names in aliases.items():
        count = sum(stored[n].count for n in map(normalize_value, names) if n in stored)
        yield alias, Entry(Sense.VALUE, attribute.field, tuple(names), count)
