"""From what shoppers clicked to what a ranker learns from: clicks fall on what stands on top, whatever it is worth.

Inverse propensity weighting (Joachims, Swaminathan, Schnabel: Unbiased Learning-to-Rank with Biased Feedback, 2017):
a click at a rank that is looked at with probability p counts 1 / p times. The probabilities come from the log itself: they
fall with the rank as `rank ** -eta`, and `eta` is read off products that were shown at several ranks for one query.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

LARGEST_WEIGHT = 20.0
"""Of one click: clipping trades a little bias for much less variance (Bottou et al., 2013)."""

FEWEST_SHOWN = 5
"""Times that a product was shown at each of two ranks before they are compared."""


@dataclass(frozen=True, slots=True)
class Impression:
    """A product shown for a query at a rank (from 1), and whether it was clicked or bought."""

    query: str
    product_id: str
    rank: int
    clicked: bool


def examination_exponent(impressions: Iterable[Impression]) -> float:
    """Return eta in [0, 3]: how fast attention falls with the rank.

    The same product for the same query is worth the same wherever it stands, so the ratio of its click rates at two ranks
    is the ratio of attention (intervention harvesting; Agarwal et al., 2019). 1 when nothing was shown at two ranks.
    """
    shown: dict[tuple[str, str], dict[int, list[bool]]] = defaultdict(lambda: defaultdict(list))
    for one in impressions:
        shown[one.query, one.product_id][one.rank].append(one.clicked)
    above = below = 0.0
    for ranks in shown.values():
        known = sorted((r, c) for r, c in ranks.items() if len(c) >= FEWEST_SHOWN)
        for position, (upper, first) in enumerate(known):
            for lower, second in known[position + 1 :]:
                weight, distance = min(len(first), len(second)), math.log(lower / upper)
                above += weight * distance * math.log(_rate(first) / _rate(second))
                below += weight * distance**2
    return min(3.0, max(0.0, above / below)) if below else 1.0


def click_gains(impressions: Sequence[Impression], eta: float) -> dict[str, dict[str, float]]:
    """Return the estimated worth of each shown product by query, in [0, 1]: clicks over attention, not over showings.

    `eta` 0 takes clicks as they are.
    """
    clicks: dict[tuple[str, str], float] = defaultdict(float)
    showings: dict[tuple[str, str], int] = defaultdict(int)
    for one in impressions:
        key = one.query, one.product_id
        showings[key] += 1
        clicks[key] += min(LARGEST_WEIGHT, one.rank**eta) if one.clicked else 0.0
    gains: dict[str, dict[str, float]] = defaultdict(dict)
    for (query, product), count in showings.items():
        gains[query][product] = clicks[query, product] / count
    return {query: _scaled(worth) for query, worth in gains.items()}


def _rate(clicked: Sequence[bool]) -> float:
    """Return the click rate, drawn a little towards one half so that it is never 0."""
    return (sum(clicked) + 0.5) / (len(clicked) + 1)


def _scaled(worth: Mapping[str, float]) -> dict[str, float]:
    best = max(worth.values())
    return {product: value / best if best else 0.0 for product, value in worth.items()}
