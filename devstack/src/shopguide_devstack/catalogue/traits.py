"""How the facts of a product are drawn: one trait per attribute of a kind of product.

Facts depend on the product's *tier*, a number in [0, 1] from cheapest to most expensive of its kind, so that
paying more usually buys more and products differ by trade-offs.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random

from shopguide_devstack.catalogue.model import Language
from shopguide_devstack.catalogue.words import Words

Fact = float | tuple[Words, ...]
Facts = dict[str, Fact]


def holds(fact: Fact | None, wanted: float | str) -> bool:
    """Return whether a fact equals a number or contains a value, named by its English word."""
    if fact is None:
        return False
    if isinstance(fact, float):
        return fact == float(wanted)
    return any(word.en == wanted for word in fact)


@dataclass(frozen=True)
class Trait(ABC):
    """What may be stated about one attribute of a kind of product."""

    key: str
    """Attribute key."""
    coverage: float = 1.0
    """Share of products whose page states it."""
    when: Mapping[str, tuple[float | str, ...]] = field(default_factory=dict)
    """The trait exists only if each of these earlier facts has one of the values."""
    sentences: Mapping[Language, tuple[str, ...]] = field(default_factory=dict)
    """Sentences for the description; `{}` stands for the value."""

    def draw(self, rng: Random, tier: float, facts: Facts) -> Fact | None:
        """Return the fact for a product of `tier`, or None where the page does not state it."""
        stated = rng.random() < self.coverage
        value = self.sample(rng, tier, facts)
        return value if stated and self.exists(facts) else None

    def exists(self, facts: Facts) -> bool:
        """Return whether the earlier facts allow this one."""
        return all(any(holds(facts.get(key), v) for v in allowed) for key, allowed in self.when.items())

    @abstractmethod
    def sample(self, rng: Random, tier: float, facts: Facts) -> Fact:
        """Return a value."""

    @abstractmethod
    def goodness(self, fact: Fact) -> float:
        """Place a fact in [0, 1] between the least and the most of its kind; 0.5 when there is no order."""


@dataclass(frozen=True)
class TextTrait(Trait):
    """One or several words out of a list."""

    values: tuple[Words, ...] = ()
    """What it may be."""
    weights: tuple[float, ...] = ()
    """Relative frequency of each; equal when empty."""
    many: int = 1
    """At most so many values; neighbours in the list are drawn together."""
    by: Mapping[str, Mapping[str, tuple[int, ...]]] = field(default_factory=dict)
    """By earlier key and value: which positions of the list are possible."""

    def sample(self, rng: Random, tier: float, facts: Facts) -> Fact:  # noqa: ARG002 - one signature for all traits
        """Draw one value by weight, or a run of neighbours."""
        places = self._places(facts)
        if self.many > 1:
            return self._run(rng, places)
        weights = [self.weights[place] for place in places] if self.weights else None
        return (self.values[rng.choices(places, weights)[0]],)

    def goodness(self, fact: Fact) -> float:  # noqa: ARG002 - words have no order
        """Return 0.5."""
        return 0.5

    def _places(self, facts: Facts) -> list[int]:
        for key, table in self.by.items():
            for value, places in table.items():
                if holds(facts.get(key), value):
                    return list(places)
        return list(range(len(self.values)))

    def _run(self, rng: Random, places: list[int]) -> Fact:
        size = rng.randint(1 + self.many // 2, self.many)
        start = rng.randint(0, max(0, len(places) - size))
        return tuple(self.values[place] for place in places[start : start + size])


@dataclass(frozen=True)
class FlagTrait(Trait):
    """Yes or no, as 1 or 0."""

    odds: tuple[float, float] = (0.5, 0.5)
    """Probability of yes for the cheapest and for the most expensive product."""

    def sample(self, rng: Random, tier: float, facts: Facts) -> Fact:  # noqa: ARG002 - as above
        """Draw 1.0 or 0.0."""
        low, high = self.odds
        return float(rng.random() < low + (high - low) * tier)

    def goodness(self, fact: Fact) -> float:
        """Return the flag itself."""
        return fact if isinstance(fact, float) else 0.5


@dataclass(frozen=True)
class NumberTrait(Trait):
    """A number in a range."""

    span: tuple[float, float] = (0.0, 1.0)
    """Least and most."""
    step: float = 1.0
    """Values are multiples of it."""
    lean: float = 0.0
    """In [-1, 1]: how strongly the value follows (or runs against) the tier."""
    by: Mapping[str, Mapping[str, tuple[float, float]]] = field(default_factory=dict)
    """By earlier key and value: the range that holds instead."""

    def sample(self, rng: Random, tier: float, facts: Facts) -> Fact:
        """Draw a multiple of the step, leaning with the tier."""
        low, high = self._span(facts)
        return self._rounded(low + (high - low) * leaning(rng, tier, self.lean))

    def _span(self, facts: Facts) -> tuple[float, float]:
        for key, table in self.by.items():
            for value, span in table.items():
                if holds(facts.get(key), value):
                    return span
        return self.span

    def _rounded(self, value: float) -> float:
        return round(float(round(value / self.step) * self.step), 3)

    def goodness(self, fact: Fact) -> float:
        """Place the number in its range."""
        low, high = self.span
        return min(1.0, max(0.0, (fact - low) / (high - low))) if isinstance(fact, float) else 0.5


@dataclass(frozen=True)
class LevelTrait(Trait):
    """A number out of a short ascending list, such as memory sizes."""

    levels: tuple[float, ...] = ()
    """What it may be."""
    lean: float = 0.0
    """As in `NumberTrait`."""

    def sample(self, rng: Random, tier: float, facts: Facts) -> Fact:  # noqa: ARG002 - as above
        """Draw a level, leaning with the tier."""
        place = int(leaning(rng, tier, self.lean) * len(self.levels))
        return self.levels[min(place, len(self.levels) - 1)]

    def goodness(self, fact: Fact) -> float:
        """Place the level among its list."""
        known = isinstance(fact, float) and fact in self.levels and len(self.levels) > 1
        return self.levels.index(fact) / (len(self.levels) - 1) if known and isinstance(fact, float) else 0.5


def leaning(rng: Random, tier: float, lean: float) -> float:
    """Mix the tier (or its opposite) with chance; the result is in [0, 1]."""
    anchor = tier if lean >= 0 else 1.0 - tier
    return abs(lean) * anchor + (1.0 - abs(lean)) * rng.random()
