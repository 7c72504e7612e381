"""What a ranker is trained on: lists of candidates with their features and what each candidate is worth."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class RankedList:
    """The candidates of one query."""

    source: str
    """The set of judgments, or `clicks`."""
    query: str
    ids: tuple[str, ...]
    """Product ids, ascending."""
    matrix: Floats
    """Features [len(ids), features]."""
    base: Floats
    """Untrained score of each."""
    sparse: Floats
    """Score in the sparse list, 0 outside it."""
    gains: Floats
    """What each is worth, in [0, 1]; nan where nobody has judged it."""
    ideal: tuple[float, ...]
    """The gains of all judged products, those that were not found included, best first."""
    weights: Floats | None = None
    """How much each counts in a fit; 1 without."""

    def order(self, scores: Floats) -> list[int]:
        """Return the positions, best score first, equal ones by id."""
        return sorted(range(len(self.ids)), key=lambda i: (-round(float(scores[i]), 6), self.ids[i]))


def ndcg(one: RankedList, scores: Floats, depth: int = 10) -> float:
    """Return nDCG at `depth`, unjudged products being worth nothing, against the ideal order of all judged ones."""
    gains = np.nan_to_num(one.gains, nan=0.0)
    best = _dcg(one.ideal[:depth])
    return _dcg([float(gains[i]) for i in one.order(scores)[:depth]]) / best if best else 0.0


def _dcg(gains: Sequence[float]) -> float:
    return sum(g / math.log2(rank + 2) for rank, g in enumerate(gains))


@dataclass(frozen=True)
class Difference:
    """The paired difference of two runs over the same queries."""

    mean: float
    standard_error: float
    queries: int

    def text(self) -> str:
        """Return it for a table."""
        return f"{self.mean:+.4f} ± {self.standard_error:.4f}"


def paired(first: Mapping[str, float], second: Mapping[str, float]) -> Difference:
    """Return the mean of (second − first) over the queries of `first`, with its standard error."""
    differences = np.array([second[q] - first[q] for q in first])
    error = float(differences.std(ddof=1) / math.sqrt(len(differences))) if len(differences) > 1 else 0.0
    return Difference(float(differences.mean()), error, len(differences))
