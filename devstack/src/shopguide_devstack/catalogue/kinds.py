"""Kinds of products, read from the vocabulary files."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from shopguide_devstack.catalogue.model import LANGUAGES, Language
from shopguide_devstack.catalogue.traits import FlagTrait, LevelTrait, NumberTrait, TextTrait, Trait
from shopguide_devstack.catalogue.words import Words, pair, pairs, phrases

Table = Mapping[str, Any]
KIND_FILES = ("audio", "mobile", "computing", "bags", "home", "kitchen", "shoes", "fashion", "care", "play")
"""Vocabulary files that hold kinds, in the order of the catalogue."""


@dataclass(frozen=True)
class Aspect:
    """A side of a product that reviews praise or complain about."""

    id: str
    """Name, unique in its kind."""
    name: Words
    """Word for people."""
    key: str
    """Attribute whose value decides whether praise or complaint is plausible; empty when none does."""
    praise: Mapping[Language, tuple[str, ...]]
    """Clauses that praise it; `{key}` stands for an attribute's number."""
    complaint: Mapping[Language, tuple[str, ...]]
    """Clauses that complain about it."""


@dataclass(frozen=True)
class Kind:
    """A leaf category and everything needed to invent products of it."""

    id: str
    """Identifier of the category."""
    parents: tuple[str, ...]
    """Identifiers of the categories above it, from the root."""
    label: Words
    """Name of the category."""
    aliases: Mapping[Language, tuple[str, ...]]
    """Other names."""
    noun: Words
    """What one product is called in a title."""
    brands: Mapping[Language, tuple[str, ...]]
    """Brands that make it."""
    models: Mapping[Language, tuple[str, ...]]
    """Patterns or names of models; `#` becomes a number."""
    price: Mapping[Language, tuple[float, float]]
    """Cheapest and most expensive, in the language's currency."""
    count: int
    """Products per language, before variants."""
    variant: str
    """Attribute in which variants differ; empty without variants."""
    uses: Mapping[Language, tuple[str, ...]]
    """Occasions of use, as nouns."""
    title: Mapping[Language, tuple[str, ...]]
    """Pieces before the noun; `{key}` stands for a value, `?key text` stands only if the flag is 1."""
    tail: Mapping[Language, tuple[str, ...]]
    """Pieces after the noun."""
    opening: Mapping[Language, tuple[str, ...]]
    """First sentences of the description."""
    traits: tuple[Trait, ...]
    """Attributes in the order in which they are drawn."""
    aspects: tuple[Aspect, ...]
    """Aspects of reviews, its own and the shared ones."""

    def trait(self, key: str) -> Trait | None:
        """Return the trait of an attribute key, or None."""
        return next((trait for trait in self.traits if trait.key == key), None)


def read_vocabulary(name: str) -> dict[str, Any]:
    """Parse one vocabulary file of the package."""
    folder = files("shopguide_devstack.catalogue") / "vocabulary"
    return tomllib.loads((folder / f"{name}.toml").read_text(encoding="utf-8"))


@cache
def kinds() -> tuple[Kind, ...]:
    """Return every kind of product, in the order of the catalogue."""
    shared = aspects(read_vocabulary("shared")["aspects"])
    tables = (read_vocabulary(name) for name in KIND_FILES)
    return tuple(_kind(key, table, shared) for group in tables for key, table in group.items())


@cache
def value_lists() -> dict[str, tuple[Words, ...]]:
    """Return the named lists of values that several kinds share."""
    return {name: pairs(values) for name, values in read_vocabulary("shared")["values"].items()}


def _kind(key: str, table: Table, shared: tuple[Aspect, ...]) -> Kind:
    both = {language: phrases(table[language]) for language in LANGUAGES}
    return Kind(
        id=key,
        parents=tuple(table["parents"]),
        label=Words(both["zh"][0], both["en"][0]),
        aliases={language: both[language][1:] for language in LANGUAGES},
        noun=pair(table["noun"]),
        brands=_by_language(table, "brands"),
        models=_by_language(table, "models"),
        price={lang: (table[f"price_{lang}"][0], table[f"price_{lang}"][1]) for lang in LANGUAGES},
        count=table["count"],
        variant=table.get("variant", ""),
        uses=_by_language(table, "uses"),
        title=_by_language(table, "title"),
        tail=_by_language(table, "tail"),
        opening=_by_language(table, "opening"),
        traits=tuple(read_trait(name, trait) for name, trait in table["attributes"].items()),
        aspects=aspects(table["aspects"]) + shared,
    )


def _by_language(table: Table, name: str) -> dict[Language, tuple[str, ...]]:
    return {language: phrases(table.get(f"{name}_{language}", "")) for language in LANGUAGES}


def aspects(table: Table) -> tuple[Aspect, ...]:
    """Read a table of aspects."""
    return tuple(
        Aspect(
            key, pair(row["name"]), row.get("key", ""), _by_language(row, "love"), _by_language(row, "gripe")
        )
        for key, row in table.items()
    )


def read_trait(key: str, table: Table) -> Trait:
    """Read one attribute of a kind; the fields that are present decide what sort of trait it is."""
    common: dict[str, Any] = {
        "key": key,
        "coverage": table.get("coverage", 1.0),
        "when": {name: tuple(_scalar(v) for v in values) for name, values in table.get("when", {}).items()},
        "sentences": {language: phrases(table.get(language, "")) for language in LANGUAGES},
    }
    if "odds" in table:
        return FlagTrait(**common, odds=tuple(table["odds"]))
    if "of" in table:
        return _text_trait(common, table)
    if "levels" in table:
        levels = tuple(float(level) for level in table["levels"])
        return LevelTrait(**common, levels=levels, lean=table.get("lean", 0.0))
    return _number_trait(common, table)


def _scalar(value: float | str) -> float | str:
    return value if isinstance(value, str) else float(value)


def _text_trait(common: dict[str, Any], table: Table) -> TextTrait:
    of = table["of"]
    return TextTrait(
        **common,
        values=value_lists()[of] if isinstance(of, str) else pairs(of),
        weights=tuple(table.get("weights", ())),
        many=table.get("many", 1),
        by={k: {v: tuple(places) for v, places in rows.items()} for k, rows in table.get("by", {}).items()},
    )


def _number_trait(common: dict[str, Any], table: Table) -> NumberTrait:
    low, high = table["span"]
    return NumberTrait(
        **common,
        span=(float(low), float(high)),
        step=table.get("step", 1.0),
        lean=table.get("lean", 0.0),
        by={
            k: {v: (float(a), float(b)) for v, (a, b) in rows.items()}
            for k, rows in table.get("by", {}).items()
        },
    )
