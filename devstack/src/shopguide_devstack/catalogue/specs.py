"""Attribute specifications and the category tree, read from the vocabularies."""

from __future__ import annotations

from functools import cache
from typing import Any

from shopguide_devstack.catalogue.kinds import kinds, read_vocabulary
from shopguide_devstack.catalogue.model import LANGUAGES, AttributeSpec, Category
from shopguide_devstack.catalogue.traits import FlagTrait, TextTrait, Trait
from shopguide_devstack.catalogue.words import Words, pair, phrases


@cache
def attribute_specs() -> dict[str, AttributeSpec]:
    """Return the specification of every attribute key that some kind uses.

    Raises `KeyError` for a key that the attribute vocabulary does not describe.
    """
    table = read_vocabulary("attributes") | read_vocabulary("text_attributes")
    traits = {trait.key: trait for kind in kinds() for trait in kind.traits}
    return {key: _spec(key, table[key], trait) for key, trait in sorted(traits.items())}


def attribute_spec(key: str) -> AttributeSpec:
    """Return the specification of one attribute key."""
    return attribute_specs()[key]


def _spec(key: str, row: dict[str, Any], trait: Trait) -> AttributeSpec:
    unit = row.get("unit", "")
    better = {"more": True, "less": False}.get(row.get("better", ""))
    return AttributeSpec(
        key=key,
        kind=_kind_of(trait),
        labels={language: phrases(row[language]) for language in LANGUAGES},
        unit=unit,
        unit_labels={"zh": (row["unit_zh"],), "en": (unit,)} if unit else {},
        higher_is_better=better,
        value_aliases=_value_aliases(key, row.get("values", {})) if isinstance(trait, TextTrait) else {},
    )


def _kind_of(trait: Trait) -> str:
    if isinstance(trait, TextTrait):
        return "KIND_TEXT"
    return "KIND_BOOLEAN" if isinstance(trait, FlagTrait) else "KIND_NUMBER"


def _value_aliases(key: str, extra: dict[str, str]) -> dict[str, tuple[str, ...]]:
    """Collect the words for each value; a word for one language's value stands for the other's as well."""
    others = {pair(stored): phrases(words) for stored, words in extra.items()}
    table: dict[str, dict[str, None]] = {}
    for value in dict.fromkeys([*_values(key), *others]):
        for word in (value.zh, value.en, *others.get(value, ())):
            table.setdefault(word.lower(), {}).update({value.zh: None, value.en: None})
    return {alias: tuple(stored) for alias, stored in table.items() if list(stored) != [alias]}


def _values(key: str) -> list[Words]:
    traits = (kind.trait(key) for kind in kinds())
    return [value for trait in traits if isinstance(trait, TextTrait) for value in trait.values]


def categories() -> tuple[Category, ...]:
    """Return the category tree, parents before children."""
    groups = read_vocabulary("shared")["groups"]
    nodes: dict[str, Category] = {}
    for kind in kinds():
        for parent, group in zip(("", *kind.parents), kind.parents, strict=False):
            words: dict[str, tuple[str, ...]] = {lang: phrases(groups[group][lang]) for lang in LANGUAGES}
            nodes.setdefault(group, Category(group, parent, words))
        labels: dict[str, tuple[str, ...]] = {
            lang: (kind.label.get(lang), *kind.aliases[lang]) for lang in LANGUAGES
        }
        nodes[kind.id] = Category(kind.id, kind.parents[-1], labels)
    return tuple(nodes.values())


@cache
def group_labels() -> dict[str, Words]:
    """Return the names of the inner categories."""
    groups = read_vocabulary("shared")["groups"]
    return {key: Words(phrases(row["zh"])[0], phrases(row["en"])[0]) for key, row in groups.items()}
