"""What other shoppers say about the next product.

Two formulas over the same neighbours. *Sequence*: for each product i shared with a neighbour, the products j around
it in the neighbour's trail count, later ones more, near ones more; i and j are divided by a power of how many
shoppers have them. With equal weights for all distances and powers of one half this is item-based KNN by cosine.
*User-based*: r(u, j) = sum of sim(u, v) r(v, j) over the neighbours v, divided by the sum of sim(u, v).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from shopguide_retrieval.domain.recommend_model import LATEST, REACH, Weights
from shopguide_retrieval.domain.shoppers import Interaction
from shopguide_retrieval.ports_recommend import Neighbour, Step

LEAST_STRENGTH = 0.1
"""Of an interaction: a single look at a product long ago still says a little."""


@dataclass(slots=True)
class Evidence:
    """What speaks for one product."""

    sequence: float = 0.0
    alike: float = 0.0
    """The user-based estimate."""
    together: int = 0
    """Neighbours who bought it and a shared product."""


@dataclass(frozen=True, slots=True)
class Nearness:
    """What is left of a product's weight so many steps after or before a shared one."""

    after: tuple[float, ...]
    before: tuple[float, ...]


def present_interest(
    history: Sequence[Interaction | Step], context: Sequence[str], weights: Weights
) -> dict[str, float]:
    """Return the weight of each product for what comes next: of this visit (latest last) first, then of the past.

    `history` is newest first. Every step back multiplies by `weights.recency`, so a visit outweighs the past.
    """
    now = list(dict.fromkeys(reversed(context)))
    strength = dict.fromkeys(now, 1.0)
    past = [i for i in history if i.product_id not in strength]
    strength |= {i.product_id: _strength(i, weights) for i in past}
    order = list(dict.fromkeys([*now, *(i.product_id for i in past)]))[:LATEST]
    return {i: strength[i] * weights.recency**age for age, i in enumerate(order)}


def gather(
    neighbours: Iterable[Neighbour],
    interest: Mapping[str, float],
    counts: Mapping[str, int],
    weights: Weights,
) -> dict[str, Evidence]:
    """Return the evidence for every product of the neighbours, those of `interest` included."""
    found: dict[str, Evidence] = {}
    similarity, nearness = 0.0, _nearness(weights)
    for one in neighbours:
        similarity += one.similarity
        _add_alike(found, one)
        for position, step in enumerate(one.trail):
            if step.product_id in interest:
                importance = (
                    interest[step.product_id] / counts.get(step.product_id, 1) ** weights.shared_count
                )
                _add_around(found, one.trail, position, importance, nearness)
    for product_id, evidence in found.items():
        evidence.sequence /= counts.get(product_id, 1) ** weights.own_count
        evidence.alike /= max(similarity, 1e-9)
    return found


def _strength(interaction: Interaction | Step, weights: Weights) -> float:
    return float(max(LEAST_STRENGTH, min(1.0, interaction.weight)) ** weights.history_strength)


def _add_alike(found: dict[str, Evidence], neighbour: Neighbour) -> None:
    for step in neighbour.trail:
        evidence = found.get(step.product_id)
        if evidence is None:
            evidence = found[step.product_id] = Evidence()
        evidence.alike += neighbour.similarity * min(1.0, step.weight)


def _add_around(
    found: dict[str, Evidence],
    trail: Sequence[Step],
    position: int,
    importance: float,
    nearness: Nearness,
) -> None:
    """Add what the products around one shared product of a trail get by it; a trail is newest first."""
    shared_bought = trail[position].bought
    for other in range(max(0, position - REACH), min(len(trail), position + REACH + 1)):
        if other == position:
            continue
        step, steps = trail[other], position - other
        evidence = found[step.product_id]
        near = nearness.after[steps] if steps > 0 else nearness.before[-steps]
        evidence.sequence += importance * near * min(1.0, step.weight)
        evidence.together += shared_bought and step.bought


@lru_cache(maxsize=8)
def _nearness(weights: Weights) -> Nearness:
    after = tuple(float(weights.after ** (steps - 1)) if steps else 0.0 for steps in range(REACH + 1))
    return Nearness(after, tuple(weights.before * near for near in after))
