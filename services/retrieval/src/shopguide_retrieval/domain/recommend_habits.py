"""What a catalogue's shoppers do again and again, and what they buy together: learned from the latest of them.

Nothing here needs a model: a product is a consumable when its buyers come back for it, and two categories complement
each other when they are bought together more often than chance would have it.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice, pairwise
from statistics import median
from typing import Protocol

from shopguide_retrieval.ports_recommend import Neighbour

TOGETHER_SECONDS = 7 * 86_400.0
"""Purchases of one shopper this near to each other belong together: a case is often bought days after the phone."""

AGAIN_SECONDS = 86_400.0
"""Two purchases of a product nearer than this are one: an order sent twice, a second piece put in later."""

CONSUMABLE_SHARE = 0.05
"""Share of buyers who came back from which a product is a consumable."""

PRIOR_BUYERS = 5.0
"""Buyers' worth of the category's habit that a product's own habit is mixed with, and a category's with none."""

EARLY, LATE = 0.7, 3.0
"""A repurchase is due from this share of the usual interval to this many intervals after the last purchase."""

MEMORY_SECONDS = 250 * 86_400.0
"""Half-life of a purchase as a sign of habit; on the groceries of the development data 60 days find less."""

FIRM_SHARE = 0.25
"""Sum of remembered purchases times share of buyers who come back from which a habit is firm."""

OWN_RHYTHM_SHARE = 0.5
"""Share for a product that this shopper has bought again already, whatever others do."""


class Tried(Protocol):
    """A product that a shopper had to do with: an interaction of a profile or a step of a trail."""

    @property
    def product_id(self) -> str:
        """Which product."""

    @property
    def purchase_times(self) -> Sequence[float]:
        """When it was bought, in Unix seconds, the oldest first."""


@dataclass(slots=True)
class Repeat:
    """How a product or a category is bought again."""

    buyers: int = 0
    returned: int = 0
    intervals: list[float] = field(default_factory=list)
    """Seconds between two purchases of one shopper."""

    def add(self, times: Sequence[float]) -> None:
        """Count one buyer who bought at these times, the oldest first."""
        apart = [b - a for a, b in pairwise(times) if b - a >= AGAIN_SECONDS]
        self.buyers += 1
        self.returned += bool(apart)
        self.intervals += apart


@dataclass(frozen=True)
class Habits:
    """Repeat purchases and common purchases of the shoppers that were read."""

    leaves: Mapping[str, str] = field(default_factory=dict)
    """Category of each bought product."""
    products: Mapping[str, Repeat] = field(default_factory=dict)
    categories: Mapping[str, Repeat] = field(default_factory=dict)
    category_buyers: Mapping[str, int] = field(default_factory=dict)
    category_pairs: Mapping[tuple[str, str], int] = field(default_factory=dict)
    """Shoppers who bought of both categories (in order of the alphabet) together."""
    shoppers: int = 0
    """Who bought anything."""

    def repeat_share(self, product_id: str, leaf: str = "") -> float:
        """Return the share of buyers who buy the product again, mixed with that of its category."""
        usual = self.categories.get(leaf or self.leaves.get(product_id, ""), Repeat())
        prior = usual.returned / (usual.buyers + PRIOR_BUYERS)
        own = self.products.get(product_id, Repeat())
        return (own.returned + PRIOR_BUYERS * prior) / (own.buyers + PRIOR_BUYERS)

    def consumable(self, product_id: str, leaf: str = "") -> bool:
        """Tell whether a product is bought again rather than once."""
        return self.repeat_share(product_id, leaf) >= CONSUMABLE_SHARE

    def interval(self, product_id: str, leaf: str = "") -> float | None:
        """Return the usual seconds between two purchases; of the category where the product has none of its own."""
        own = self.products.get(product_id, Repeat()).intervals
        usual = own or self.categories.get(leaf or self.leaves.get(product_id, ""), Repeat()).intervals
        return median(usual) if usual else None

    def due(self, bought: Tried, now: float) -> float:
        """Return how due a repurchase is, in [0, 1]: 0 for what is not a consumable or was bought just now.

        The shopper's own rhythm counts where there is one, else that of all buyers.
        """
        times = bought.purchase_times
        own = [b - a for a, b in pairwise(times) if b - a >= AGAIN_SECONDS]
        usual = median(own) if own else self.interval(bought.product_id)
        share = max(self.repeat_share(bought.product_id), OWN_RHYTHM_SHARE if own else 0.0)
        if not times or usual is None or share < CONSUMABLE_SHARE:
            return 0.0
        firmness = sum(0.5 ** ((now - t) / MEMORY_SECONDS) for t in times) * share / FIRM_SHARE
        return float(min(1.0, firmness) * _timely((now - times[-1]) / usual))

    def category_lift(self, first: str, second: str) -> float:
        """Return how many times as often two categories are bought together as chance has it, shrunk towards 1."""
        pair = self.category_pairs.get((min(first, second), max(first, second)), 0)
        expected = self.category_buyers.get(first, 0) * self.category_buyers.get(second, 0)
        return shrunk_lift(pair, expected / max(1, self.shoppers))

    def complements(self, leaf: str, least_lift: float = 1.25, least_support: int = 3) -> dict[str, float]:
        """Return the categories that go with one, with their lift; a category does not complement itself."""
        pairs = [(a if b == leaf else b, n) for (a, b), n in self.category_pairs.items() if leaf in (a, b)]
        lifts = {c: self.category_lift(leaf, c) for c, n in pairs if c != leaf and n >= least_support}
        return {c: lift for c, lift in lifts.items() if lift >= least_lift}


def _timely(waited: float) -> float:
    """Return how timely a repurchase is after so many usual intervals: 0 up to half of `EARLY`, then rising to 1."""
    if waited > LATE:
        return LATE / waited
    return min(1.0, max(0.0, (waited - EARLY / 2) / (EARLY / 2)))


def shrunk_lift(observed: float, expected: float, prior: float = 2.0) -> float:
    """Return observed over expected, both increased by `prior`, so that one accident does not count."""
    return (observed + prior) / (expected + prior)


def learn_habits(shoppers: Iterable[Neighbour], leaves: Mapping[str, str]) -> Habits:
    """Return the habits of shoppers whose purchases have these categories."""
    products: dict[str, Repeat] = {}
    categories: dict[str, Repeat] = {}
    category_buyers: Counter[str] = Counter()
    pairs: Counter[tuple[str, str]] = Counter()
    buyers = 0
    for shopper in shoppers:
        bought = [i for i in shopper.trail if i.purchase_times]
        buyers += bool(bought)
        for one in bought:
            products.setdefault(one.product_id, Repeat()).add(one.purchase_times)
            categories.setdefault(leaves.get(one.product_id, ""), Repeat()).add(one.purchase_times)
        category_buyers.update({leaves[i.product_id] for i in bought if leaves.get(i.product_id)})
        pairs.update(_pairs(bought, leaves))
    return Habits(leaves, products, categories, category_buyers, pairs, buyers)


def bought_together(first: Tried, second: Tried) -> bool:
    """Tell whether a shopper bought two products at about the same time."""
    return any(abs(a - b) <= TOGETHER_SECONDS for a in first.purchase_times for b in second.purchase_times)


def _pairs(bought: Sequence[Tried], leaves: Mapping[str, str]) -> set[tuple[str, str]]:
    """Return the pairs of categories that one shopper bought together."""
    dated = sorted(
        (t, leaf) for i in bought if (leaf := leaves.get(i.product_id, "")) for t in i.purchase_times
    )
    found = set()
    for position, (time, leaf) in enumerate(dated):
        for later, other in islice(dated, position + 1, None):
            if later - time > TOGETHER_SECONDS:
                break
            if other != leaf:
                found.add((min(leaf, other), max(leaf, other)))
    return found
