"""The terms of a product's short fields, kept in its payload so that ranking can compare them with a query.

A string rather than a list: a payload of a few hundred short values is slow to read, one string is not.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from shopguide_retrieval.domain.tokenizer import tokenize

FIELD_SEPARATOR = "\t"
"""Between the fields; terms hold no white space."""

MAX_TITLE_TERMS = 64
MAX_ATTRIBUTE_TERMS = 96
"""Longer fields are cut: what stands first says most, and a hundred of these are read for every query."""


TITLE, BRAND, CATEGORY, ATTRIBUTES = 1, 2, 4, 8
"""Bits of the fields."""


@dataclass(frozen=True, slots=True)
class FieldTerms:
    """Terms of a product by field."""

    places: Mapping[str, int] = field(default_factory=dict)
    """For each term, the bits of the fields that hold it."""
    title: str = " "
    """The terms of the title in reading order, a space before, between and after them."""
    title_size: int = 0
    """Distinct terms of the title."""


NO_TERMS = FieldTerms()


def write_terms(title: str, brand: str, category: str, attributes: str) -> str:
    """Return the terms of the four fields as they are kept in a payload."""
    fields = (
        tokenize(title, document=True)[:MAX_TITLE_TERMS],
        _distinct(tokenize(brand, document=True)),
        _distinct(tokenize(category, document=True)),
        _distinct(tokenize(attributes, document=True))[:MAX_ATTRIBUTE_TERMS],
    )
    return FIELD_SEPARATOR.join(" ".join(terms) for terms in fields)


@lru_cache(maxsize=8_192)
def read_terms(written: str) -> FieldTerms:
    """Return what `write_terms` wrote; nothing for an empty string or one with another number of fields."""
    fields = written.split(FIELD_SEPARATOR)
    if len(fields) != 4:  # noqa: PLR2004 - as many as are written
        return NO_TERMS
    places: dict[str, int] = {}
    for bit, terms in zip((TITLE, BRAND, CATEGORY, ATTRIBUTES), fields, strict=True):
        for term in terms.split():
            places[term] = places.get(term, 0) | bit
    return FieldTerms(places, f" {fields[0]} ", sum(bits & TITLE for bits in places.values()))


def _distinct(terms: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(terms))
