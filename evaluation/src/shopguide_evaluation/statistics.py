"""Means with standard errors, and paired comparisons of two runs over the same queries."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

_ROUNDS = 10_000


@dataclass(frozen=True)
class Mean:
    """A mean and its standard error over `n` queries."""

    mean: float
    """Mean."""
    standard_error: float
    """Sample standard deviation / √n; 0 for a single value."""
    n: int
    """Queries."""


def mean(values: Sequence[float]) -> Mean:
    """Return the mean of at least one value."""
    data = np.asarray(values, dtype=np.float64)
    error = float(data.std(ddof=1) / math.sqrt(len(data))) if len(data) > 1 else 0.0
    return Mean(float(data.mean()), error, len(data))


@dataclass(frozen=True)
class Comparison:
    """How one run differs from another on the queries that both have."""

    difference: Mean
    """Mean of (second − first)."""
    p_value: float
    """Two-sided p of the sign-flip permutation test (Fisher; 10,000 rounds, seed 0)."""
    better: int
    """Queries on which the second run is better."""
    worse: int
    """Queries on which it is worse."""


def compare(first: Mapping[str, float], second: Mapping[str, float]) -> Comparison:
    """Return the paired comparison. Raises ValueError when no query is in both."""
    shared = sorted(first.keys() & second.keys())
    if not shared:
        raise ValueError("the two runs have no query in common")
    differences = np.array([second[q] - first[q] for q in shared])
    signs = np.random.default_rng(0).choice([-1.0, 1.0], size=(_ROUNDS, len(shared)))
    flipped = np.abs((signs * differences).mean(axis=1))
    extreme = int((flipped >= abs(differences.mean()) - 1e-12).sum())
    return Comparison(
        mean(differences.tolist()),
        (extreme + 1) / (_ROUNDS + 1),
        int((differences > 0).sum()),
        int((differences < 0).sum()),
    )
