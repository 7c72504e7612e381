"""The words of one catalogue: brands, categories, attributes, with their counts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class AttributeKind(StrEnum):
    """What values an attribute has."""

    TEXT = "TEXT"
    NUMBER = "NUMBER"
    BOOLEAN = "BOOLEAN"


@dataclass(frozen=True, slots=True)
class ValueCount:
    """A value and how many products have it."""

    value: str
    count: int = 1


@dataclass(frozen=True, slots=True)
class Category:
    """A category as it stands in product paths."""

    name: str
    count: int = 0
    spec_id: str = ""
    """Shared by the names of one category in several languages; empty when the platform gave none."""
    labels: tuple[str, ...] = ()
    """Every name in every language."""
    coverage: Mapping[str, float] = field(default_factory=dict)
    """Share of its products that carry an attribute, by attribute key."""


@dataclass(frozen=True, slots=True)
class Attribute:
    """An attribute and the values it takes."""

    key: str
    kind: AttributeKind
    unit: str = ""
    labels: tuple[str, ...] = ()
    values: tuple[ValueCount, ...] = ()
    aliases: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Stored values by other words for them."""
    count: int = 0
    """Products that carry it."""
    minimum: float | None = None
    maximum: float | None = None
    higher_is_better: bool | None = None
    """None when neither end is better, or when it is not known."""

    @property
    def field(self) -> str:
        """Name in conditions."""
        return f"attributes.{self.key}"


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What can be asked of a catalogue."""

    catalog: str = ""
    revision: str = ""
    product_count: int = 0
    currencies: tuple[str, ...] = ()
    """ISO 4217 codes of its prices, most frequent first."""
    brands: tuple[ValueCount, ...] = ()
    categories: tuple[Category, ...] = ()
    attributes: tuple[Attribute, ...] = ()
    encoder_fingerprint: str = ""

    def coverage(self, key: str, category: str) -> float:
        """Share of the products of `category` that carry attribute `key`; 0 without a category."""
        return next((c.coverage.get(key, 0.0) for c in self.categories if c.name == category), 0.0)
