"""How likely a product is bought with a chosen one: counted on occasions, with what is known of their categories.

P(i | a) = (n + K p) / (s + K), where s occasions with the chosen product a were read and n of them held i as well. The
prior p is what the categories say, P(category of i | category of a) times the share of i in its category, so that a
product with few purchases takes after its kind; without categories it is how often i is bought at all. Lift decides
what goes together at all; it does not rank, because it would put rare pairs first.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from shopguide_retrieval.domain.recommend_habits import Habits, occasions, shrunk_lift
from shopguide_retrieval.ports_recommend import Neighbour

PRIOR_OCCASIONS = 50.0
"""K: occasions' worth of the prior. Tuned, as what follows, on a part of the known baskets of the development data."""

PRIOR_CATEGORY_OCCASIONS = 200.0
"""Occasions' worth of how often a category is bought at all, in P(category | category)."""

LEAST_TOGETHER = 2
"""Buyers of both for a product to count as bought together: one may be an accident."""

LEAST_LIFT = 0.5
"""Shrunk lift of a pair from which it goes together at all: below it the two rather exclude each other."""

COMPLEMENT_LIFT = 1.1
"""Lift from which one is said to complement the other."""


@dataclass
class Pairs:
    """What was bought with one chosen product."""

    seen: int = 0
    """Occasions on which it was bought."""
    together: Counter[str] = field(default_factory=Counter)
    """Of these, with another product."""
    buyers: Counter[str] = field(default_factory=Counter)
    """Buyers of both on one occasion."""


@dataclass(frozen=True, slots=True)
class Fit:
    """How well a product goes with the chosen ones."""

    score: float
    """Mean over the chosen ones of the likelihood."""
    known: float
    """How much of the likelihood stands on purchases of the chosen ones themselves, in [0, 1)."""
    bought: bool
    """Whether enough buyers bought it with one of them."""
    best: str
    """The chosen one that it goes with best."""
    lift: float
    """How many times as often as by chance it is bought with that."""


def count_pairs(ids: Collection[str], buyers: Iterable[Neighbour]) -> dict[str, Pairs]:
    """Return for each of the ids what its buyers bought on the same occasions."""
    found = {i: Pairs() for i in ids}
    for one in buyers:
        with_anchor: dict[str, set[str]] = {}
        for occasion in occasions(one.trail):
            for anchor in found.keys() & occasion:
                found[anchor].seen += 1
                found[anchor].together.update(occasion - {anchor})
                with_anchor.setdefault(anchor, set()).update(occasion - {anchor})
        for anchor, others in with_anchor.items():
            found[anchor].buyers.update(others)
    return found


def paired(pairs: Mapping[str, Pairs], habits: Habits) -> set[str]:
    """Return the products that were bought with one of the chosen ones, by enough buyers and not in spite of it."""
    found: set[str] = set()
    for one in pairs.values():
        for other, n in one.together.items():
            expected = one.seen * rate(other, habits)
            if one.buyers[other] >= LEAST_TOGETHER and shrunk_lift(n, expected) >= LEAST_LIFT:
                found.add(other)
    return found - pairs.keys()


def likeliest(
    pairs: Mapping[str, Pairs],
    complements: Iterable[str],
    leaves: Mapping[str, str],
    habits: Habits,
    size: int,
) -> list[str]:
    """Return the products that fit best: those bought with the chosen ones, and the bestsellers of `complements`."""
    sold = (i for leaf in complements for i in habits.bestsellers.get(leaf, ()))
    ids = dict.fromkeys((*sorted(paired(pairs, habits)), *sold))
    fits = {i: fit(i, habits.leaves.get(i, ""), pairs, leaves, habits).score for i in ids if i not in pairs}
    return sorted(fits, key=lambda i: (-fits[i], i))[:size]


def fit(
    product_id: str, leaf: str, pairs: Mapping[str, Pairs], leaves: Mapping[str, str], habits: Habits
) -> Fit:
    """Return how well a product of a category goes with the chosen ones, whose categories are `leaves`."""
    usual = max(rate(product_id, habits), 1e-9)
    likelihoods = {
        a: likelihood(p, p.together[product_id], prior(product_id, leaf, leaves[a], habits))
        for a, p in pairs.items()
    }
    known = [p.seen / (p.seen + PRIOR_OCCASIONS) for p in pairs.values()]
    best = max(sorted(likelihoods), key=lambda a: likelihoods[a])
    return Fit(
        sum(likelihoods.values()) / len(likelihoods),
        sum(known) / len(known),
        any(p.buyers[product_id] >= LEAST_TOGETHER for p in pairs.values()),
        best,
        likelihoods[best] / usual,
    )


def likelihood(pairs: Pairs, together: int, expected: float) -> float:
    """Return P(i | a) of a product bought `together` times with a, whose prior is `expected`."""
    return (together + PRIOR_OCCASIONS * expected) / (pairs.seen + PRIOR_OCCASIONS)


def prior(product_id: str, leaf: str, anchor_leaf: str, habits: Habits) -> float:
    """Return what the categories say of P(i | a); without them how often the product is bought at all."""
    if not leaf or not anchor_leaf:
        return rate(product_id, habits)
    sold = habits.category_occasions.get(leaf, 0)
    share = min(1.0, (habits.occasions.get(product_id, 0) + 0.5) / (sold + 0.5))
    pair = habits.category_pairs.get((min(leaf, anchor_leaf), max(leaf, anchor_leaf)), 0)
    usual = sold / max(1, habits.all_occasions)
    anchored = habits.category_occasions.get(anchor_leaf, 0)
    together = (pair + PRIOR_CATEGORY_OCCASIONS * usual) / (anchored + PRIOR_CATEGORY_OCCASIONS)
    return together * share


def rate(product_id: str, habits: Habits) -> float:
    """Return the share of all occasions on which a product is bought, half a purchase added."""
    return (habits.occasions.get(product_id, 0) + 0.5) / (habits.all_occasions + 0.5)
