"""Every text by which a statement may name a product."""

import re

from shopguide_generation.domain.facts import AnswerContext
from shopguide_generation.domain.grounding.text import fold, is_han


def aliases(context: AnswerContext, names: tuple[str, ...]) -> dict[str, frozenset[int]]:
    """Every text that names a product without doubt, and words of names that only one product has."""
    found: dict[str, set[int]] = {}
    for number, source in context.products:
        for name in {names[number - 1], fold(source.title), fold(source.text("name"))} - {""}:
            found.setdefault(name, set()).add(number)
    for word, number in _telling_words(context).items():
        found.setdefault(word, set()).add(number)
    return {name: frozenset(numbers) for name, numbers in found.items()}


def _telling_words(context: AnswerContext) -> dict[str, int]:
    holders: dict[str, set[int]] = {}
    written: dict[str, bool] = {}
    for number, source in context.products:
        original = f"{source.text('name') or source.title} {source.text('brand')}"
        for word in re.findall(r"[A-Za-z0-9][\w./+-]*", original):
            if any(map(is_han, word)):
                continue
            folded = fold(word)
            holders.setdefault(folded, set()).add(number)
            model = any(c.isdigit() for c in word) and any(c.isalpha() for c in word)
            written[folded] = written.get(folded, False) or model
    return {
        w: next(iter(n))
        for w, n in holders.items()
        if len(n) == 1 and len(w) > 1 and written[w] and not _is_measure(w)
    }


def _is_measure(word: str) -> bool:
    return re.fullmatch(r"\d+(?:\.\d+)?[a-z]{1,3}", word) is not None
