"""Fitting a calibrated linear head: grouped cross-validation for strength and temperature, then all data."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from shopguide_intent.domain.ngrams import BUCKETS, ngrams

Floats = npt.NDArray[np.float32]
Labels = npt.NDArray[np.int64]

DENSE_SCALE, SPARSE_SCALE = 0.1, 2.0
"""Sizes of the two blocks of features, so that one regularisation suits both."""

STRENGTHS = (1.0, 5.0)
_FOLDS = 3
_MAX_ITERATIONS = 250


@dataclass(frozen=True, slots=True)
class Fit:
    """A fitted head on raw features, and how it did on patterns it had not seen."""

    dense: Floats | None
    """[dimension, labels]."""
    sparse: Floats | None
    """[buckets, labels]."""
    bias: Floats
    temperature: float
    strength: float
    """Inverse regularisation that won."""
    accuracy: float
    """On unseen patterns, by cross-validation."""

    def logits(self, vectors: Floats, texts: Sequence[str]) -> Floats:
        """Calibrated logits [n, labels]."""
        total = np.tile(self.bias, (len(texts), 1))
        if self.dense is not None:
            total = total + vectors @ self.dense
        if self.sparse is not None:
            total = total + ngram_matrix(texts) @ self.sparse
        return np.asarray(total / self.temperature, np.float32)


def ngram_matrix(texts: Sequence[str]) -> sparse.csr_matrix:
    """N-gram features [texts, buckets] exactly as the service computes them."""
    rows = [ngrams(text) for text in texts]
    starts = np.cumsum([0, *(len(row.indices) for row in rows)])
    values, indices = np.concatenate([r.values for r in rows]), np.concatenate([r.indices for r in rows])
    return sparse.csr_matrix((values, indices, starts), shape=(len(texts), BUCKETS))


def fit(
    vectors: Floats | None, texts: Sequence[str] | None, labels: Labels, groups: Sequence[str], seed: int
) -> Fit:
    """Fit a multinomial logistic head on embeddings [n, dimension], on the texts' n-grams, or on both.

    Sentences of one pattern are never on both sides of a fold, and a pattern with many sentences weighs as the
    square root of their number.
    """
    mean, spread = (0.0, 1.0) if vectors is None else (vectors.mean(axis=0), vectors.std(axis=0))
    features = _features(vectors, texts, mean, spread)
    weights = _weights(groups)
    runs = {s: _unseen_logits(features, labels, groups, weights, s, seed) for s in STRENGTHS}
    losses = {s: _loss(logits, labels, _temperature(logits, labels)) for s, logits in runs.items()}
    strength = min(losses, key=lambda s: losses[s])
    model = _model(strength, seed).fit(features, labels, weights)
    return _raw(model, vectors, texts, (mean, spread), runs[strength], labels, strength)


def _features(
    vectors: Floats | None, texts: Sequence[str] | None, mean: Floats | float, spread: Floats | float
) -> sparse.csr_matrix:
    blocks = []
    if vectors is not None:
        blocks.append(sparse.csr_matrix((vectors - mean) / spread * DENSE_SCALE))
    if texts is not None:
        blocks.append(ngram_matrix(texts) * SPARSE_SCALE)
    return sparse.hstack(blocks).tocsr()


def _weights(groups: Sequence[str]) -> Floats:
    sizes = Counter(groups)
    weights = np.array([sizes[group] ** -0.5 for group in groups], np.float32)
    return np.asarray(weights / weights.mean(), np.float32)


def _raw(
    model: LogisticRegression,
    vectors: Floats | None,
    texts: Sequence[str] | None,
    scaling: tuple[Floats | float, Floats | float],
    logits: Floats,
    labels: Labels,
    strength: float,
) -> Fit:
    """The model with scaling folded into its weights."""
    mean, spread = scaling
    coefficients, bias = model.coef_.T, model.intercept_
    dense = None
    if vectors is not None:
        width = vectors.shape[1]
        dense = coefficients[:width] * DENSE_SCALE / np.asarray(spread)[:, None]
        bias = bias - np.asarray(mean) @ dense
        coefficients = coefficients[width:]
    return Fit(
        dense=None if dense is None else dense.astype(np.float32),
        sparse=None if texts is None else (coefficients * SPARSE_SCALE).astype(np.float32),
        bias=bias.astype(np.float32),
        temperature=_temperature(logits, labels),
        strength=strength,
        accuracy=float((logits.argmax(axis=1) == labels).mean()),
    )


def _model(strength: float, seed: int) -> LogisticRegression:
    return LogisticRegression(C=strength, max_iter=_MAX_ITERATIONS, random_state=seed)


def _unseen_logits(
    features: sparse.csr_matrix,
    labels: Labels,
    groups: Sequence[str],
    weights: Floats,
    strength: float,
    seed: int,
) -> Floats:
    """Logits of every sentence by a model that saw nothing of its pattern."""
    logits = np.zeros((len(labels), int(labels.max()) + 1), np.float32)
    for train, test in GroupKFold(_FOLDS, shuffle=True, random_state=seed).split(features, labels, groups):
        model = _model(strength, seed).fit(features[train], labels[train], weights[train])
        logits[test] = model.decision_function(features[test])
    return logits


def _loss(logits: Floats, labels: Labels, temperature: float) -> float:
    return float(-log_softmax(logits / temperature, axis=1)[np.arange(len(labels)), labels].mean())


def _temperature(logits: Floats, labels: Labels) -> float:
    """The temperature with the least log loss."""
    found = minimize_scalar(
        lambda log_t: _loss(logits, labels, float(np.exp(log_t))), bounds=(-2, 2), method="bounded"
    )
    return float(np.exp(found.x))
