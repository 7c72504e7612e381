"""One list out of the dense and the sparse candidates.

The default is a weighted sum of scores scaled to [0, 1] within each list; weights by language are tuned on
development data (`benchmarks/results/retrieval-quality.md`). Plain reciprocal rank fusion loses to the dense list
alone in Chinese. All orders are (-score, id): the same lists always give the same order.
"""

import statistics
from collections.abc import Mapping
from enum import Enum

Scores = Mapping[str, float]
"""Score by product id."""

RRF_K = 60
"""Rank constant of reciprocal rank fusion (Cormack et al., 2009)."""


class Fusion(Enum):
    """How the lists become one."""

    WEIGHTED = "WEIGHTED"
    RRF = "RRF"
    DBSF = "DBSF"


def fuse(
    dense: Scores, sparse: Scores, dense_weight: float, fusion: Fusion = Fusion.WEIGHTED
) -> dict[str, float]:
    """Return the fused score, in [0, 1], of every product that is in a list; `dense_weight` is in [0, 1].

    A list that is missing leaves the whole weight to the other one.
    """
    if not dense or not sparse:
        dense_weight = 1.0 if dense else 0.0
    scale = {
        Fusion.WEIGHTED: _scale_from_floor,
        Fusion.RRF: _reciprocal_ranks,
        Fusion.DBSF: _scale_by_spread,
    }[fusion]
    scaled_dense, scaled_sparse = scale(dense, cosine=True), scale(sparse, cosine=False)
    ids = dense.keys() | sparse.keys()
    return {
        i: dense_weight * scaled_dense.get(i, 0.0) + (1 - dense_weight) * scaled_sparse.get(i, 0.0)
        for i in ids
    }


def by_score(scores: Scores) -> list[str]:
    """Return the ids, best first, equal scores by id."""
    return sorted(scores, key=lambda i: (-scores[i], i))


def _scale_from_floor(scores: Scores, *, cosine: bool) -> dict[str, float]:
    """Scale to [0, 1]: cosines from the lowest of the list (they never come near 0), BM25 from 0."""
    if not scores:
        return {}
    floor = min(scores.values()) if cosine and len(scores) > 1 else 0.0
    span = max(scores.values()) - floor
    return {i: (s - floor) / span if span > 0 else 1.0 for i, s in scores.items()}


def _reciprocal_ranks(scores: Scores, *, cosine: bool) -> dict[str, float]:
    del cosine  # ranks know no scale
    return {i: (RRF_K + 1) / (RRF_K + rank) for rank, i in enumerate(by_score(scores), start=1)}


def _scale_by_spread(scores: Scores, *, cosine: bool) -> dict[str, float]:
    del cosine
    if not scores:
        return {}
    mean, spread = statistics.fmean(scores.values()), statistics.pstdev(scores.values()) or 1.0
    return {i: min(1.0, max(0.0, ((s - mean) / spread + 3) / 6)) for i, s in scores.items()}
