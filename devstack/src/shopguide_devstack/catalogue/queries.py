"""Judged queries: what shoppers ask, and which products answer it, derived from the facts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from shopguide_devstack.catalogue.items import Item
from shopguide_devstack.catalogue.kinds import read_vocabulary
from shopguide_devstack.catalogue.model import LANGUAGE_CODES, LANGUAGES, JudgedQuery, Language
from shopguide_devstack.catalogue.wishes import Wish, read_wishes


def judge_queries(items: Sequence[Item]) -> tuple[JudgedQuery, ...]:
    """Return the queries of the vocabulary with graded products; one without a full answer is kept."""
    rows: list[dict[str, Any]] = read_vocabulary("queries")["query"]
    return tuple(
        _judged(f"q{number:03d}", row, language, items)
        for number, row in enumerate(rows, start=1)
        for language in LANGUAGES
        if language in row
    )


def _judged(key: str, row: Mapping[str, Any], language: Language, items: Iterable[Item]) -> JudgedQuery:
    wishes = read_wishes(_in_language(row, language))
    other: Language = "en" if language == "zh" else "zh"
    return JudgedQuery(
        id=f"{key}-{language}",
        language_code=LANGUAGE_CODES[language],
        text=row[language],
        category=row["kind"],
        twin=f"{key}-{other}" if other in row else "",
        conditions=tuple(wish.text for wish in wishes),
        relevant={
            item.id: grade(item, wishes)
            for item in items
            if item.language == language and item.kind.id == row["kind"]
        },
    )


def _in_language(row: Mapping[str, Any], language: Language) -> dict[str, Any]:
    """Replace the fields that hold one value per language, the price limit and the brand, by that value."""
    own = {name: row[name][language] for name in ("below", "brand") if language in row.get(name, {})}
    return {**{name: value for name, value in row.items() if name not in ("below", "brand")}, **own}


def grade(item: Item, wishes: Sequence[Wish]) -> int:
    """Grade a product of the right category: 3 all wishes hold, 2 at least half of them, else 1."""
    held = sum(wish.check(item) for wish in wishes)
    if held == len(wishes):
        return 3
    return 2 if held * 2 >= len(wishes) else 1
