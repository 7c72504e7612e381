"""What is known of a catalogue besides its products; kept in the index, shared by all replicas."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Self

from shopguide_runtime.text import normalize_value


class AttributeKind(Enum):
    """What values an attribute has; MIXED when products disagree."""

    TEXT = "TEXT"
    NUMBER = "NUMBER"
    BOOLEAN = "BOOLEAN"
    MIXED = "MIXED"


@dataclass(frozen=True, slots=True)
class AttributeSpec:
    """What an attribute is and what shoppers call it."""

    key: str
    kind: AttributeKind | None = None
    unit: str = ""
    labels: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Names by language, the one to show first."""
    higher_is_better: bool | None = None
    value_aliases: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Stored values by the other word for them."""


@dataclass(frozen=True, slots=True)
class CategorySpec:
    """A category and its names by language; elements of category paths with any of these names belong to it."""

    id: str
    labels: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def names(self) -> frozenset[str]:
        """Return the normalised id and names."""
        return frozenset(
            normalize_value(n) for n in (self.id, *(n for ns in self.labels.values() for n in ns))
        )


@dataclass(frozen=True, slots=True)
class Catalog:
    """The record of one catalogue."""

    name: str
    fingerprint: str
    """Of the encoder that made the stored vectors."""
    version: int = 1
    """Of the products collection that is served."""
    average_length: float = 0.0
    """Mean weighted length of a product in terms, fixed per version; 0 until the first product."""
    layout: int = 1
    """Of the payload (`domain.document.LAYOUT`) that its collections have indexes for."""
    edition: int = 0
    """How often this record has been written; a write is refused when another was faster."""
    revision: str = ""
    """Changes with every change to the products or specs but those of prices and stock alone."""
    offers_revision: str = ""
    """Changes with every change of prices and stock alone."""
    currencies: frozenset[str] = frozenset()
    attribute_kinds: Mapping[str, AttributeKind] = field(default_factory=dict)
    """Every attribute key that a product carries, and the kind of its values."""
    indexed_numbers: frozenset[str] = frozenset()
    """Attribute keys whose numbers have a payload index of their own; ranges on others are checked product by product."""
    attributes: Mapping[str, AttributeSpec] = field(default_factory=dict)
    categories: Mapping[str, CategorySpec] = field(default_factory=dict)

    @property
    def state(self) -> str:
        """What changes with every change to the products or specs."""
        return f"{self.revision}.{self.offers_revision}" if self.offers_revision else self.revision

    def kind(self, key: str) -> AttributeKind | None:
        """Return the kind of an attribute as stored, or None when no product carries it."""
        return self.attribute_kinds.get(key)

    def category_names(self, name: str) -> frozenset[str]:
        """Return the normalised names that mean the same category as `name`, itself included."""
        wanted = normalize_value(name)
        same = [spec.names() for spec in self.categories.values() if wanted in spec.names()]
        return frozenset({wanted}).union(*same)

    def seen(self, currencies: frozenset[str], kinds: Mapping[str, AttributeKind]) -> Self:
        """Return the record with further currencies and attribute keys of products taken in."""
        merged = dict(self.attribute_kinds)
        for key, kind in kinds.items():
            merged[key] = kind if merged.get(key, kind) is kind else AttributeKind.MIXED
        return replace(self, currencies=self.currencies | currencies, attribute_kinds=merged)
