"""Writes the reviews of a product from the aspects that are planted in it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from random import Random
from typing import Any

from shopguide_devstack.catalogue.items import Item
from shopguide_devstack.catalogue.kinds import Aspect, read_vocabulary
from shopguide_devstack.catalogue.model import LANGUAGE_CODES, Language, Review
from shopguide_devstack.catalogue.ratings import STARS, sample_stars
from shopguide_devstack.catalogue.texts import fact_texts, filled
from shopguide_devstack.catalogue.words import phrases

LAST_DAY = datetime(2026, 10, 31, 22, tzinfo=UTC)
"""Nothing in the catalogue happened later."""
REVIEW_DAYS = 548
"""Reviews were written in this many days up to the last one: eighteen months."""
MIDDLE = 3
"""Reviews with fewer stars are found helpful twice as often."""
STRAY_SHARE = 0.15
"""Share of clauses about an aspect that is not planted."""
MOODS: Mapping[int, Sequence[tuple[str, str, float]]] = {
    5: (("good", "good", 0.9), ("fine", "good", 0.1)),
    4: (("good", "good", 0.35), ("fine", "good", 0.45), ("four", "good", 0.2)),
    3: (("mixed", "mixed", 1.0),),
    2: (("poor", "bad", 0.8), ("mixed", "mixed", 0.2)),
    1: (("bad", "bad", 1.0),),
}
"""By stars: pattern list, mood of opening and closing, weight."""


@dataclass(frozen=True)
class Phrases:
    """The parts of reviews that do not depend on the product."""

    openings: Mapping[str, tuple[str, ...]]
    """By mood."""
    closings: Mapping[str, tuple[str, ...]]
    """By mood."""
    patterns: Mapping[str, tuple[str, ...]]
    """By pattern list."""


@cache
def review_phrases(language: Language) -> Phrases:
    """Return the general parts of reviews in one language."""
    table: dict[str, Any] = read_vocabulary("reviews")[language]
    return Phrases(
        openings={mood: phrases(table[f"{mood}_open"]) for mood in ("good", "mixed", "bad")},
        closings={mood: phrases(table[f"{mood}_close"]) for mood in ("good", "mixed", "bad")},
        patterns={name: tuple(table[name]) for name in ("good", "fine", "four", "mixed", "poor", "bad")},
    )


def write_reviews(items: Iterable[Item], seed: int) -> Iterator[Review]:
    """Yield the reviews of every product, oldest first within a product."""
    for item in items:
        if item.reviews:
            yield from Reviewer(item, Random(f"{seed}/reviews/{item.id}")).reviews()


class Reviewer:
    """Writes the reviews of one product; no two of them are alike."""

    def __init__(self, item: Item, rng: Random) -> None:
        """Prepare the clauses that can be said of `item`."""
        self._item = item
        self._rng = rng
        self._phrases = review_phrases(item.language)
        self._values = fact_texts(item)
        self._written: set[str] = set()
        self._quotes = list(item.quotes)

    def reviews(self) -> Iterator[Review]:
        """Yield the reviews in the order of their dates."""
        histogram = sample_stars(self._item.histogram, self._item.reviews)
        stars = [given for given, count in zip(STARS, histogram, strict=True) for _ in range(count)]
        self._rng.shuffle(stars)
        ages = sorted((self._rng.random() ** 1.3 * REVIEW_DAYS for _ in stars), reverse=True)
        for number, (given, age) in enumerate(zip(stars, ages, strict=True), start=1):
            yield self._review(number, given, age)

    def _review(self, number: int, stars: int, age: float) -> Review:
        written = (LAST_DAY - timedelta(days=age)).replace(microsecond=0)
        return Review(
            id=f"{self._item.id}-r{number:03d}",
            product_id=self._item.id,
            stars=stars,
            text=self._fresh_text(stars),
            language_code=LANGUAGE_CODES[self._item.language],
            create_time=written.isoformat().replace("+00:00", "Z"),
            helpful_count=int(self._rng.expovariate(0.6 if stars >= MIDDLE else 0.3)),
        )

    def _fresh_text(self, stars: int) -> str:
        if self._quotes and stars > MIDDLE:
            return self._quotes.pop()
        for _ in range(40):
            text = self._text(stars)
            if text not in self._written:
                break
        self._written.add(text)
        return text

    def _text(self, stars: int) -> str:
        choices = MOODS[stars]
        patterns, mood, _ = self._rng.choices(choices, [weight for *_, weight in choices])[0]
        weeks = self._rng.randint(2, 9)
        praised = self._aspects(self._item.loved, avoid=())
        blamed = self._aspects(self._item.disliked, avoid=praised)
        parts = {
            "open": self._rng.choice(self._phrases.openings[mood]).format(weeks=weeks),
            "close": self._rng.choice(self._phrases.closings[mood]),
            **dict(zip(("love", "love2", "love3"), self._clauses(praised, praise=True), strict=True)),
            **dict(zip(("gripe", "gripe2", "gripe3"), self._clauses(blamed, praise=False), strict=True)),
        }
        text = self._rng.choice(self._phrases.patterns[patterns]).format_map(parts)
        return text if self._item.language == "zh" else sentence_case(text)

    def _aspects(self, planted: Sequence[Aspect], avoid: Sequence[Aspect]) -> list[Aspect]:
        """Return three aspects, the planted ones first, except that chance may put a stray in their place."""
        free = [aspect for aspect in self._item.kind.aspects if aspect not in avoid]
        strays = self._shuffled([aspect for aspect in free if aspect not in planted])
        queue = self._shuffled([aspect for aspect in free if aspect in planted])
        mixed = [strays.pop() if self._rng.random() < STRAY_SHARE else aspect for aspect in queue]
        return [*mixed, *strays][:3]

    def _shuffled(self, aspects: Sequence[Aspect]) -> list[Aspect]:
        return self._rng.sample(aspects, len(aspects))

    def _clauses(self, aspects: Sequence[Aspect], *, praise: bool) -> list[str]:
        return [self._clause(aspect, praise=praise) for aspect in aspects]

    def _clause(self, aspect: Aspect, *, praise: bool) -> str:
        patterns = (aspect.praise if praise else aspect.complaint)[self._item.language]
        known = [text for text in (filled(pattern, self._values) for pattern in patterns) if text is not None]
        return self._rng.choice(known)


def sentence_case(text: str) -> str:
    """Begin every sentence of an English text with a capital."""
    return re.sub(r"(?:^|[.!?] )\W*[a-z]", lambda match: match.group().upper(), text)
