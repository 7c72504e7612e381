"""Which question back would change the answer most: the text attribute that splits the products found best."""

import math
from collections import Counter
from collections.abc import Iterable, Sequence

from shopguide_gateway.domain.model import (
    Catalogue,
    Condition,
    Constraint,
    FollowUpSlot,
    Language,
    Scored,
    SuggestedAnswer,
)
from shopguide_runtime.money import format_money, from_major

_MOST_OPTIONS = 4
_LEAST_COVERAGE = 0.6
_LEAST_CANDIDATES = 4
_LEAST_BITS = 0.5
"""Fewer bits than this mean that nearly all share one value."""
_COMMON_WEIGHT = 0.1
"""What is left of the gain of an attribute that every product of the catalogue carries, whatever its kind."""
_CLEAR_GAIN = 0.7
"""From this gain on (bits) the best attribute is asked for; below it the budget tells more, where prices differ."""
_LEAST_SPREAD = 2.0
"""Prices differ enough to ask for the budget when the upper third begins at this multiple of the lower third's end."""
_FIRST_CHOICE_KEYS = ("occasion", "use", "style", "form")
"""Attributes whose answer shoppers know without looking; they win over equally splitting ones."""
_NEVER_KEYS = frozenset({"recipient"})
"""Attributes that are not asked for: who buys for themselves is not asked for whom it is."""


def choose_slot(
    candidates: Sequence[Scored],
    catalogue: Catalogue | None,
    constraints: Iterable[Constraint],
    language: Language,
    asked: str = "",
) -> FollowUpSlot | None:
    """Return the attribute to ask for, with its most frequent values, or None when no answer would tell them apart.

    Entropy of the values among the products found (bits, no more than the answers offered can tell), times the share of
    them that carry the attribute, times how much the attribute is of their kind rather than of everything (1 minus the
    share of the catalogue that carries it). Left out are limits in force, `asked` (the field asked for last), and what
    nearly all share. Where no attribute tells much, the budget is asked for, unless it is known or the prices are alike.
    """
    spoken = [s for s in candidates if s.product.language.startswith(language) or not s.product.language]
    if catalogue is None or len(spoken) < _LEAST_CANDIDATES:
        return None
    held = {asked, *(c.condition.field for c in constraints if c.condition is not None)}
    scored = [
        (_gain(values, len(spoken), catalogue.coverage.get(key, 0.0)) + _preference(key), key, values)
        for key, values in _values_by_key(spoken).items()
        if f"attributes.{key}" not in held and key not in _NEVER_KEYS and _label(catalogue, key, language)
    ]
    best = max(scored, key=lambda row: (row[0], row[1]), default=(0.0, "", Counter[str]()))
    budget = _budget(spoken, language) if best[0] < _CLEAR_GAIN and "price" not in held else None
    if budget is not None or best[0] <= 0:
        return budget
    return _slot(best[1], best[2], _label(catalogue, best[1], language))


def _budget(candidates: Sequence[Scored], language: Language) -> FollowUpSlot | None:
    """Return the question for the budget, with the lower, the middle and the upper third of the prices as answers."""
    priced = [s.product.price for s in candidates if s.product.price is not None]
    currencies = Counter(price.currency for price in priced).most_common(1)
    if not currencies:
        return None
    currency = currencies[0][0]
    amounts = sorted(float(price.amount) for price in priced if price.currency == currency)
    if len(amounts) < _LEAST_CANDIDATES:
        return None
    low, high = _rounded(amounts[len(amounts) // 3]), _rounded(amounts[2 * len(amounts) // 3])
    if high < _LEAST_SPREAD * low:
        return None
    thirds: tuple[tuple[float | None, float | None], ...] = ((None, low), (low, high), (high, None))
    return FollowUpSlot("price", "", tuple(_range(a, b, currency, language) for a, b in thirds))


def _rounded(amount: float) -> float:
    """Return the amount with two figures that count: 1,249 becomes 1,200."""
    return float(f"{amount:.2g}")


def _range(low: float | None, high: float | None, currency: str, language: Language) -> SuggestedAnswer:
    shown = [format_money(from_major(x, currency), currency) if x is not None else "" for x in (low, high)]
    words = {
        "en": (f"under {shown[1]}", f"{shown[0]} to {shown[1]}", f"over {shown[0]}"),
        "zh": (f"{shown[1]} 以内", f"{shown[0]} 到 {shown[1]}", f"{shown[0]} 以上"),
    }[language]
    text = words[0] if low is None else words[2] if high is None else words[1]
    return SuggestedAnswer(text, Condition("price", minimum=low, maximum=high, currency=currency))


def _values_by_key(candidates: Sequence[Scored]) -> dict[str, Counter[str]]:
    found: dict[str, Counter[str]] = {}
    for candidate in candidates:
        for key, attribute in candidate.product.attributes.items():
            if attribute.texts:
                found.setdefault(key, Counter()).update(attribute.texts[:1])
    return found


def _gain(values: Counter[str], candidates: int, share: float) -> float:
    total = values.total()
    if total / candidates < _LEAST_COVERAGE or not 1 < len(values) <= 2 * _MOST_OPTIONS:
        return -math.inf
    entropy = -sum(n / total * math.log2(n / total) for n in values.values())
    if entropy < _LEAST_BITS:
        return -math.inf
    told = min(entropy, math.log2(_MOST_OPTIONS))
    return told * total / candidates * (_COMMON_WEIGHT + (1 - _COMMON_WEIGHT) * (1 - min(share, 1.0)))


def _preference(key: str) -> float:
    return 0.5 if key in _FIRST_CHOICE_KEYS else 0.0


def _label(catalogue: Catalogue, key: str, language: Language) -> str:
    spec = catalogue.attributes.get(key)
    return next(iter(spec.labels.get(language, ())), "") if spec else ""


def _slot(key: str, values: Counter[str], label: str) -> FollowUpSlot:
    ranked: list[tuple[str, int]] = sorted(values.items(), key=lambda item: (-item[1], item[0]))
    options = tuple(
        SuggestedAnswer(value, Condition(f"attributes.{key}", any_of=(value,)))
        for value, _ in ranked[:_MOST_OPTIONS]
    )
    return FollowUpSlot(f"attributes.{key}", label, options)
