"""The terms of a product's short fields, kept in its payload so that ranking can compare them with a query.

A string rather than a list: a payload of a few hundred short values is slow to read, one string is not.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from shopguide_retrieval.domain.tokenizer import tokenize

FIELD_SEPARATOR = "\t"
"""Between the fields; terms hold no white space."""

MAX_TITLE_TERMS = 64
MAX_ATTRIBUTE_TERMS = 96
"""Longer fields are cut: what stands first says most, and a hundred of these are read for every query."""


@dataclass(frozen=True, slots=True)
class FieldTerms:
    """Terms of a product by field."""

    title: frozenset[str] = frozenset()
    brand: frozenset[str] = frozenset()
    category: frozenset[str] = frozenset()
    attributes: frozenset[str] = frozenset()
    title_text: str = ""
    """The terms of the title in reading order, a space before, between and after them."""

    @property
    def all(self) -> frozenset[str]:
        """Terms of any field."""
        return self.title | self.brand | self.category | self.attributes


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
    title, brand, category, attributes = (frozenset(f.split()) for f in fields)
    return FieldTerms(title, brand, category, attributes, f" {fields[0]} ")


def _distinct(terms: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(terms))
