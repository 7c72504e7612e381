"""Which question back would change the answer most: the text attribute that splits the candidates best."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from shopguide_gateway.domain.model import (
    AttributeSpec,
    Condition,
    Constraint,
    FollowUpSlot,
    Language,
    Scored,
    SuggestedAnswer,
)

_MOST_OPTIONS = 4
_LEAST_COVERAGE = 0.6
_LEAST_CANDIDATES = 4
_FIRST_CHOICE_KEYS = ("occasion", "use", "recipient", "style", "form")
"""Attributes whose answer shoppers know without looking; they win over equally splitting ones."""


def choose_slot(
    candidates: Sequence[Scored],
    specs: Mapping[str, AttributeSpec],
    constraints: Iterable[Constraint],
    language: Language,
) -> FollowUpSlot | None:
    """Return the attribute to ask for, with its most frequent values, or None when no answer would tell them apart.

    Entropy of the values among the candidates (bits), weighted by coverage; limits already in force are left out.
    """
    if len(candidates) < _LEAST_CANDIDATES:
        return None
    held = {c.condition.field for c in constraints if c.condition is not None}
    scored = [
        (_gain(values, len(candidates)) + _preference(key), key, values)
        for key, values in _values_by_key(candidates, language).items()
        if f"attributes.{key}" not in held and specs.get(key) and _label(specs[key], language)
    ]
    best = max(scored, default=(0.0, "", Counter[str]()))
    if best[0] <= 0:
        return None
    return _slot(best[1], best[2], specs[best[1]], language)


def _values_by_key(candidates: Sequence[Scored], language: Language) -> dict[str, Counter[str]]:
    found: dict[str, Counter[str]] = {}
    for candidate in candidates:
        if candidate.product.language.startswith(language) or not candidate.product.language:
            for key, attribute in candidate.product.attributes.items():
                if attribute.texts:
                    found.setdefault(key, Counter()).update(attribute.texts[:1])
    return found


def _gain(values: Counter[str], candidates: int) -> float:
    total = values.total()
    if total / candidates < _LEAST_COVERAGE or not 1 < len(values) <= 2 * _MOST_OPTIONS:
        return -math.inf
    entropy = -sum(n / total * math.log2(n / total) for n in values.values())
    return entropy * total / candidates


def _preference(key: str) -> float:
    return 0.5 if key in _FIRST_CHOICE_KEYS else 0.0


def _label(spec: AttributeSpec, language: Language) -> str:
    return next(iter(spec.labels.get(language, ())), "")


def _slot(key: str, values: Counter[str], spec: AttributeSpec, language: Language) -> FollowUpSlot:
    options = tuple(
        SuggestedAnswer(value, Condition(f"attributes.{key}", any_of=(value,)))
        for value, _ in sorted(values.items(), key=lambda item: (-item[1], item[0]))[:_MOST_OPTIONS]
    )
    return FollowUpSlot(f"attributes.{key}", _label(spec, language), options)
