"""Measures of a ranking against graded judgments.

DCG@k = Σ gain(i) / log2(i + 1) over the first k ranks; nDCG@k divides by the DCG@k of all judged items in their best
order (Järvelin and Kekäläinen, 2002). Unjudged items gain nothing.
"""

import math
from collections.abc import Iterable, Mapping, Sequence


def dcg(gains: Iterable[float], k: int) -> float:
    """Return the discounted cumulative gain of the first k ranks."""
    return sum(gain / math.log2(rank + 1) for rank, gain in enumerate(list(gains)[:k], 1))


def ndcg(ranking: Sequence[str], gains: Mapping[str, float], k: int) -> float | None:
    """Return nDCG@k in [0, 1], or None when nothing judged has a gain."""
    ideal = dcg(sorted(gains.values(), reverse=True), k)
    if ideal == 0:
        return None
    return dcg((gains.get(item, 0.0) for item in ranking), k) / ideal


def recall(ranking: Sequence[str], gains: Mapping[str, float], k: int) -> float | None:
    """Return the share of the items with a gain that stand in the first k ranks, or None when there are none."""
    relevant = {item for item, gain in gains.items() if gain > 0}
    return len(relevant & set(ranking[:k])) / len(relevant) if relevant else None


def reciprocal_rank(ranking: Sequence[str], gains: Mapping[str, float]) -> float:
    """Return 1 / rank of the first item with a gain, or 0."""
    return next((1 / rank for rank, item in enumerate(ranking, 1) if gains.get(item, 0.0) > 0), 0.0)
