"""The vocabulary of products, read from the counts of one indexed payload key (see `domain.document`)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from shopguide_retrieval.domain.document import SEPARATOR

MAX_VOCABULARY = 500_000
"""Entries read at most."""


@dataclass(frozen=True, slots=True)
class ValueCount:
    """A value as shown to shoppers and how many products have it."""

    value: str
    count: int


@dataclass
class Vocabulary:
    """What products say, by field such as `brand` or `attributes.color`."""

    texts: dict[str, dict[str, dict[str, int]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(dict))
    )
    """field → normalised → shown → count."""
    numbers: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    units: dict[str, dict[str, int]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(int)))


def parse(facet: Mapping[str, int]) -> Vocabulary:
    """Take apart `field=normalised TAB shown` and `attributes.key#number TAB unit`."""
    vocabulary = Vocabulary()
    for entry, count in facet.items():
        head, _, tail = entry.partition(SEPARATOR)
        name, mark, value = _split(head)
        if mark == "=":
            vocabulary.texts[name][value][tail] = count
        else:
            vocabulary.numbers[name].append(float(value))
            vocabulary.units[name][tail] += count
    return vocabulary


def _split(head: str) -> tuple[str, str, str]:
    """Return field, mark and value; keys hold neither `=` nor `#`, values may."""
    position = min((p for p in (head.find("="), head.find("#")) if p >= 0), default=len(head))
    return head[:position], head[position : position + 1], head[position + 1 :]


def shown(values: Mapping[str, Mapping[str, int]]) -> list[ValueCount]:
    """Return each value in its most frequent spelling, with the products of all spellings."""
    return by_count(
        ValueCount(max(sorted(spellings), key=lambda s: spellings[s]), sum(spellings.values()))
        for spellings in values.values()
    )


def by_count(values: Iterable[ValueCount]) -> list[ValueCount]:
    """Return values, most frequent first, equal ones by name."""
    return sorted(values, key=lambda v: (-v.count, v.value))
