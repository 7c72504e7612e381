"""Puts products into words: titles, descriptions and the record that is written."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random

from shopguide_devstack.catalogue.items import Item, text_of
from shopguide_devstack.catalogue.model import (
    CURRENCIES,
    LANGUAGE_CODES,
    AttributeValues,
    Language,
    Money,
    Product,
    Rating,
)
from shopguide_devstack.catalogue.specs import attribute_spec, group_labels
from shopguide_devstack.catalogue.traits import Fact

MOST_SENTENCES = 7
"""A description has at most so many sentences about facts; the lines below them list every fact."""

LOWER_CASE = {"with", "for", "and", "g", "h", "kg", "ml", "mm", "cm", "min", "m", "dB", "kPa", "mAh", "bar"}
"""Words of an English title that keep their case: small words and units."""


def number_text(value: float) -> str:
    """Write a number without a needless fraction; versions such as 5.0 are written by the caller."""
    return str(int(value)) if value == int(value) else str(value)


def fact_text(key: str, fact: Fact, language: Language) -> str:
    """Write the value of a fact without its unit."""
    if isinstance(fact, float):
        return f"{fact:.1f}" if key == "bluetooth_version" else number_text(fact)
    return ("、" if language == "zh" else ", ").join(text_of(fact, language))


def fact_texts(item: Item) -> dict[str, str]:
    """Write every stated fact of a product, by key."""
    return {key: fact_text(key, fact, item.language) for key, fact in item.facts.items()}


def title(item: Item) -> str:
    """Compose the title: brand, model, what it is, then its selling points."""
    values = fact_texts(item)
    head = _pieces(item.kind.title[item.language], item, values)
    tail = _pieces(item.kind.tail[item.language], item, values)
    noun = item.kind.noun.get(item.language)
    if item.language == "zh":
        return " ".join([f"{item.brand} {item.model}", "".join(head).removesuffix(noun) + noun, *tail])
    words = [item.brand, item.model, *(_capitals(piece) for piece in head), noun]
    return ", ".join([" ".join(filter(None, words)), *(_capitals(piece) for piece in tail)])


def _pieces(patterns: tuple[str, ...], item: Item, values: Mapping[str, str]) -> list[str]:
    pieces = []
    for pattern in patterns:
        flag, text = pattern[1:].split(" ", 1) if pattern.startswith("?") else ("", pattern)
        if not flag or item.facts.get(flag) == 1.0:
            pieces.append(filled(text, values))
    return [piece for piece in pieces if piece is not None]


def filled(pattern: str, values: Mapping[str, str]) -> str | None:
    """Put values into a pattern; None when it names a fact that is not stated."""
    try:
        return pattern.format_map(values)
    except KeyError:
        return None


def _capitals(text: str) -> str:
    return " ".join(word if word in LOWER_CASE else word[:1].upper() + word[1:] for word in text.split(" "))


def description(item: Item, rng: Random) -> str:
    """Compose the description: an opening, sentences about facts, then one line per fact."""
    language = item.language
    names = {"brand": item.brand, "model": item.model, "use": rng.choice(item.kind.uses[language])}
    sentences = [rng.choice(item.kind.opening[language]).format_map(names), *_fact_sentences(item, rng)]
    lines = [f"• {line}" for line in fact_lines(item)]
    return "\n".join([("" if language == "zh" else " ").join(sentences), *lines])


def _fact_sentences(item: Item, rng: Random) -> list[str]:
    told = []
    for key, value in fact_texts(item).items():
        trait = item.kind.trait(key)
        patterns = trait.sentences[item.language] if trait else ()
        if patterns and item.facts[key] != 0.0:
            told.append(rng.choice(patterns).replace("{}", value))
    kept = sorted(rng.sample(range(len(told)), min(len(told), MOST_SENTENCES)))
    return [told[place] for place in kept]


def fact_lines(item: Item) -> list[str]:
    """Return one line per stated fact, with its label and unit."""
    yes, no = ("是", "否") if item.language == "zh" else ("yes", "no")
    lines = []
    for key, value in fact_texts(item).items():
        spec = attribute_spec(key)
        unit = spec.unit_labels.get(item.language, ("",))[0]
        shown = (yes if value == "1" else no) if spec.kind == "KIND_BOOLEAN" else f"{value} {unit}".strip()
        label = spec.labels[item.language][0]
        lines.append(
            f"{label}：{shown}" if item.language == "zh" else f"{label[:1].upper() + label[1:]}: {shown}"
        )
    return lines


def money(amount: float, language: Language) -> Money:
    """Write an amount of major units as money of the language's currency."""
    return Money(CURRENCIES[language], f"{amount:.2f}")


def product(item: Item, seed: int) -> Product:
    """Put a product into words and fields."""
    labels = (*(group_labels()[parent] for parent in item.kind.parents), item.kind.label)
    rated = Rating(item.rating_average, item.rating_count) if item.rating_count else None
    return Product(
        id=item.id,
        group_id=item.group_id,
        title=title(item),
        description=description(item, Random(f"{seed}/texts/{item.group_id}")),
        language_code=LANGUAGE_CODES[item.language],
        category_path=tuple(label.get(item.language) for label in labels),
        brand=item.brand,
        price=money(item.price, item.language),
        original_price=money(item.list_price, item.language),
        availability=item.availability,
        attributes={key: _values(item, key, fact) for key, fact in item.facts.items()},
        rating=rated,
        uri=f"https://shop.example/p/{item.id}",
    )


def _values(item: Item, key: str, fact: Fact) -> AttributeValues:
    if isinstance(fact, float):
        return AttributeValues(numbers=(fact,), unit=attribute_spec(key).unit)
    return AttributeValues(texts=text_of(fact, item.language))
