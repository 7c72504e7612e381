"""What a catalogue's shoppers do again and again, and what they buy together: learned from the latest of them.

Nothing here needs a model: a product is a consumable when its buyers come back for it, and two categories complement
each other when they are bought on one occasion more often than chance would have it. What a shopper will buy again
is estimated by credibility (Buehlmann 1967): of the shopper's own count and what shoppers buy of the product on
average, the own count weighs as much as the product's buyers come back.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import combinations, pairwise
from statistics import median
from typing import NamedTuple, Protocol

from shopguide_retrieval.ports_recommend import Neighbour

TOGETHER_SECONDS = 7 * 86_400.0
"""Purchases up to this long after the first of an occasion belong to it: a case is often bought days after the phone."""

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

CREDIBLE_BUYERS = 50.0
"""Buyers' worth of the category's habit in the credibility of a product: of 5, 20, 50 and 100 the best on weeks 28-35
of the groceries of the development data."""

BESTSELLERS = 5
"""Products of a category that may complete a basket without having been bought with the chosen ones."""

JUST_BOUGHT = 0.05
"""Share of the usual interval within which nothing is bought again."""

ANY_TIME = 0.6
"""What a purchase counts for the expectation whatever the time since; the rest only when it is timely."""


class Tried(Protocol):
    """A product that a shopper had to do with: an interaction of a profile or a step of a trail."""

    @property
    def product_id(self) -> str:
        """Which product."""

    @property
    def purchase_times(self) -> Sequence[float]:
        """When it was bought, in Unix seconds, the oldest first."""


class Expectation(NamedTuple):
    """What is expected of a product before the shopper's own purchases are looked at."""

    average: float = 0.0
    """Purchases for each shopper."""
    credibility: float = 0.0
    """Weight of the shopper's own purchases against the average, in [0, 1]."""


@dataclass(slots=True)
class Repeat:
    """How a product or a category is bought again."""

    buyers: int = 0
    returned: int = 0
    purchases: int = 0
    """On different days."""
    intervals: list[float] = field(default_factory=list)
    """Seconds between two purchases of one shopper."""

    def add(self, times: Sequence[float]) -> None:
        """Count one buyer who bought at these times, the oldest first."""
        apart = _apart(times)
        self.buyers += 1
        self.returned += bool(apart)
        self.purchases += 1 + len(apart)
        self.intervals += apart


@dataclass(frozen=True)
class Habits:
    """Repeat purchases and common purchases of the shoppers that were read."""

    leaves: Mapping[str, str] = field(default_factory=dict)
    """Category of each bought product."""
    products: Mapping[str, Repeat] = field(default_factory=dict)
    categories: Mapping[str, Repeat] = field(default_factory=dict)
    occasions: Mapping[str, int] = field(default_factory=dict)
    """Occasions on which each product was bought."""
    category_occasions: Mapping[str, int] = field(default_factory=dict)
    category_pairs: Mapping[tuple[str, str], int] = field(default_factory=dict)
    """Occasions on which both categories (in order of the alphabet) were bought."""
    all_occasions: int = 0
    shoppers: int = 0
    """Who bought anything."""
    expectations: Mapping[str, Expectation] = field(default_factory=dict)
    """By product."""
    bestsellers: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """The most bought products of each category, at most `BESTSELLERS`."""

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
        kind = leaf or self.leaves.get(product_id, "")
        key = product_id, kind
        if key not in self._intervals:
            own = self.products.get(product_id, Repeat()).intervals
            usual = own or self.categories.get(kind, Repeat()).intervals
            self._intervals[key] = median(usual) if usual else None
        return self._intervals[key]

    @cached_property
    def _intervals(self) -> dict[tuple[str, str], float | None]:
        """The medians asked for so far: a median over a frequent product's intervals is not made for every request."""
        return {}

    def due(self, bought: Tried, now: float) -> float:
        """Return how due a repurchase is, in [0, 1]: 0 for what is not a consumable or was bought just now.

        The shopper's own rhythm counts where there is one, else that of all buyers.
        """
        times, usual = bought.purchase_times, self.rhythm(bought)
        again = OWN_RHYTHM_SHARE if _apart(times) else 0.0
        share = max(self.repeat_share(bought.product_id), again)
        if not times or usual is None or share < CONSUMABLE_SHARE:
            return 0.0
        firmness = sum(0.5 ** ((now - t) / MEMORY_SECONDS) for t in times) * share / FIRM_SHARE
        return float(min(1.0, firmness) * _timely((now - times[-1]) / usual))

    def repeats(self, bought: Tried, leaf: str = "") -> bool:
        """Tell whether a product is a consumable, or one for which this shopper has come back already."""
        return bool(_apart(bought.purchase_times)) or self.consumable(bought.product_id, leaf)

    def expected(self, product_id: str, bought: Tried | None, now: float) -> float:
        """Return how many purchases of a product are expected of a shopper, in a time like the one learned from.

        (1 - z) m + z n, where m is the average over all shoppers, n the number of this shopper's own purchases and z the
        credibility; 0 for what was bought just now.
        """
        average, credibility = self.expectations.get(product_id, Expectation())
        general = (1 - credibility) * average
        if bought is None or not bought.purchase_times:
            return general
        usual = self.rhythm(bought)
        waited = (now - bought.purchase_times[-1]) / usual if usual else 1.0
        if waited < JUST_BOUGHT:
            return 0.0
        timely = ANY_TIME + (1 - ANY_TIME) * _timely(waited)
        return general + credibility * timely * (1 + len(_apart(bought.purchase_times)))

    def rhythm(self, bought: Tried) -> float | None:
        """Return the seconds between two purchases of a product: the shopper's own where there are, else the usual."""
        own = _apart(bought.purchase_times)
        return median(own) if own else self.interval(bought.product_id)

    def category_lift(self, first: str, second: str) -> float:
        """Return how many times as often two categories are bought together as chance has it, shrunk towards 1."""
        pair = self.category_pairs.get((min(first, second), max(first, second)), 0)
        expected = self.category_occasions.get(first, 0) * self.category_occasions.get(second, 0)
        return shrunk_lift(pair, expected / max(1, self.all_occasions))

    def complements(self, leaf: str, least_lift: float = 1.1, least_support: int = 3) -> dict[str, float]:
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
    sold: Counter[str] = Counter()
    sold_categories: Counter[str] = Counter()
    pairs: Counter[tuple[str, str]] = Counter()
    buyers = together = 0
    for shopper in shoppers:
        bought = [i for i in shopper.trail if i.purchase_times]
        buyers += bool(bought)
        for one in bought:
            products.setdefault(one.product_id, Repeat()).add(one.purchase_times)
            categories.setdefault(leaves.get(one.product_id, ""), Repeat()).add(one.purchase_times)
        for occasion in occasions(bought):
            kinds = sorted({leaves[i] for i in occasion if leaves.get(i)})
            together += 1
            sold.update(occasion)
            sold_categories.update(kinds)
            pairs.update(combinations(kinds, 2))
    expected = expectations(products, categories, leaves, buyers)
    best = _bestsellers(sold, leaves)
    return Habits(
        leaves, products, categories, sold, sold_categories, pairs, together, buyers, expected, best
    )


def expectations(
    products: Mapping[str, Repeat], categories: Mapping[str, Repeat], leaves: Mapping[str, str], shoppers: int
) -> dict[str, Expectation]:
    """Return what is expected of each product.

    Its credibility is the share of its buyers who came back, with `CREDIBLE_BUYERS` of the share of its category and
    that with `PRIOR_BUYERS` of the share of all.
    """
    returned, buyers = (
        sum(c.returned for c in categories.values()),
        sum(c.buyers for c in categories.values()),
    )
    usual = {c: _mixed(r, returned / max(1, buyers), PRIOR_BUYERS) for c, r in categories.items()}
    return {
        i: Expectation(r.purchases / shoppers, _mixed(r, usual[leaves.get(i, "")], CREDIBLE_BUYERS))
        for i, r in products.items()
    }


def occasions(bought: Iterable[Tried]) -> list[set[str]]:
    """Return what a shopper bought together: from a purchase on for `TOGETHER_SECONDS`, then from the next one on."""
    found: list[set[str]] = []
    start = 0.0
    for time, product_id in sorted((t, i.product_id) for i in bought for t in i.purchase_times):
        if not found or time - start > TOGETHER_SECONDS:
            found.append(set())
            start = time
        found[-1].add(product_id)
    return found


def _bestsellers(sold: Mapping[str, int], leaves: Mapping[str, str]) -> dict[str, list[str]]:
    found: defaultdict[str, list[str]] = defaultdict(list)
    for product_id in sorted(sold, key=lambda i: (-sold[i], i)):
        listed = found[leaves.get(product_id, "")]
        if len(listed) < BESTSELLERS:
            listed.append(product_id)
    return found


def _mixed(repeat: Repeat, share: float, prior: float) -> float:
    return (repeat.returned + prior * share) / (repeat.buyers + prior)


def _apart(times: Sequence[float]) -> list[float]:
    """Return the seconds between the purchases that are not one order sent twice."""
    return [b - a for a, b in pairwise(times) if b - a >= AGAIN_SECONDS]
