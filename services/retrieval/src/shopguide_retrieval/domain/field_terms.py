"""The terms of a product's short fields, kept in its payload so that ranking can compare them with a query.

A string rather than a list: a payload of a few hundred short values is slow to read, one string is not.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from shopguide_retrieval.domain.tokenizer import Terms, document_terms

FIELD_SEPARATOR = "\t"
"""Between the fields; terms hold no white space."""

MAX_TITLE_TERMS = 64
MAX_ATTRIBUTE_TERMS = 96
"""Longer fields are cut: what stands first says most, and a hundred of these are read for every query."""


TITLE, BRAND, CATEGORY, ATTRIBUTES = 1, 2, 4, 8
"""Bits of the fields."""

_FIELDS = 4


@dataclass(frozen=True, slots=True)
class FieldTerms:
    """Terms of a product by field, each with a space before and after it: a term is looked for as ` term `.

    Strings that are searched rather than tables of terms: a query has few terms, and a table for each of some ten
    thousand products that are kept in memory would be many times as large.
    """

    written: str = ""
    """The four fields, separated."""
    fields: tuple[str, ...] = (" ", " ", " ", " ")
    """Title (its terms in reading order), brand, category, attributes."""
    title_size: int = 0
    """Distinct terms of the title."""

    @property
    def title(self) -> str:
        """The terms of the title in reading order."""
        return self.fields[0]

    def places(self, padded: str) -> int:
        """Return the bits of the fields that hold a term, given with a space before and after it."""
        title, brand, category, attributes = self.fields
        return (
            TITLE * (padded in title)
            | BRAND * (padded in brand)
            | CATEGORY * (padded in category)
            | ATTRIBUTES * (padded in attributes)
        )


NO_TERMS = FieldTerms()


def write_terms(title: str, brand: str, category: str, attributes: str, terms: Terms = document_terms) -> str:
    """Return the terms of the four fields as they are kept in a payload; `terms` tells those of a text."""
    fields = (
        terms(title)[:MAX_TITLE_TERMS],
        _distinct(terms(brand)),
        _distinct(terms(category)),
        _distinct(terms(attributes))[:MAX_ATTRIBUTE_TERMS],
    )
    return FIELD_SEPARATOR.join(" ".join(field) for field in fields)


def read_terms(written: str) -> FieldTerms:
    """Return what `write_terms` wrote; nothing for an empty string or one with another number of fields."""
    fields = tuple(f" {' '.join(terms.split())} " for terms in written.split(FIELD_SEPARATOR))
    if len(fields) != _FIELDS:
        return NO_TERMS
    return FieldTerms(FIELD_SEPARATOR.join(fields), fields, len(set(fields[0].split())))


def _distinct(terms: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(terms))
