"""The order of candidates: fused relevance, corrected by a learned model where there is one.

The model is a small forest of boosted trees that was fitted on top of the untrained score (`shopguide_training.ranker`):
it says by how much that score should be higher or lower. Without a model, or without a query, the untrained score stands.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np

from shopguide_retrieval.domain.features import (
    FEATURES,
    FEATURES_VERSION,
    RankingContext,
    feature_matrix,
    quality_features,
)
from shopguide_retrieval.domain.ranking import Candidate, Columns, Ranked, Wish, rank
from shopguide_retrieval.domain.trees import Forest, read_forest, write_forest

FORMAT = 1
"""Of the model file."""


class ModelError(ValueError):
    """A model file cannot be used by this service; the message says why."""


@dataclass(frozen=True)
class LearnedModel:
    """A forest over named features, and how much of its sum is added to a score."""

    features: tuple[str, ...]
    forest: Forest
    weight: float
    """What one unit of the forest is worth beside a relevance in [0, 1]."""
    made_from: Mapping[str, Any] = field(default_factory=dict)
    """What it was trained on and how; for people."""

    def corrections(self, matrix: np.ndarray[Any, np.dtype[np.float64]]) -> np.ndarray[Any, Any]:
        """Return what to add to each score, from rows of all `FEATURES`."""
        columns = [FEATURES.index(name) for name in self.features]
        return self.weight * self.forest.predict(matrix[:, columns])


def read_model(text: str) -> LearnedModel:
    """Return the model that `write_model` wrote.

    Raises ModelError for another format, a feature that is not computed any more or is computed otherwise, and for
    damaged trees.
    """
    try:
        raw = json.loads(text)
        names = _checked_features(raw)
        forest = read_forest(raw["trees"], len(names))
        return LearnedModel(names, forest, float(raw["weight"]), raw.get("made_from", {}))
    except ModelError:
        raise
    except (ValueError, KeyError, TypeError) as error:
        raise ModelError(f"the ranking model is damaged: {type(error).__name__} {error}") from error


def _checked_features(raw: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the names of the model's features; raises ModelError when this service computes others."""
    if raw["format"] != FORMAT:
        raise ModelError(f"the ranking model has format {raw['format']}, not {FORMAT}")
    if raw["features_version"] != FEATURES_VERSION:
        raise ModelError(
            f"the ranking model was made for version {raw['features_version']} of the features, this service "
            f"computes version {FEATURES_VERSION}: train it again"
        )
    names = tuple(raw["features"])
    if unknown := [name for name in names if name not in FEATURES]:
        raise ModelError(f"the ranking model needs features that are not computed: {', '.join(unknown)}")
    return names


def write_model(model: LearnedModel) -> str:
    """Return a model as JSON."""
    raw = {
        "format": FORMAT,
        "features_version": FEATURES_VERSION,
        "features": model.features,
        "weight": model.weight,
        "made_from": model.made_from,
        "trees": write_forest(model.forest),
    }
    return json.dumps(raw, separators=(",", ":")) + "\n"


class Ranker:
    """Puts candidates in order."""

    def __init__(self, model: LearnedModel | None = None) -> None:
        """Take the learned model; None ranks by the untrained score."""
        self._model = model

    def rank(
        self,
        candidates: Mapping[str, Candidate],
        relevance: Mapping[str, float],
        wishes: Sequence[Wish],
        context: RankingContext,
    ) -> list[Ranked]:
        """Return the candidates within the limits by total score, equal ones by id.

        Each carries what is known of its quality among its signals and, when the model took part, all features and what
        it adds (`model`).
        """
        if self._model is None or not context.text:
            return rank(candidates, relevance, wishes, _quality)
        return rank(candidates, relevance, wishes, partial(self._features, self._model, relevance, context))

    @staticmethod
    def _features(
        model: LearnedModel,
        relevance: Mapping[str, float],
        context: RankingContext,
        candidates: Sequence[Candidate],
    ) -> Columns:
        matrix = feature_matrix(candidates, relevance, context)
        columns = dict(zip(FEATURES, matrix.T.tolist(), strict=True))
        # What is imputed for the model is no signal of the product: `rank` adds the scores that it has.
        shown = {name: column for name, column in columns.items() if not name.startswith(("dense", "sparse"))}
        return {**shown, "model": model.corrections(matrix).tolist()}


def _quality(candidates: Sequence[Candidate]) -> Columns:
    return {name: column.tolist() for name, column in quality_features([c.card for c in candidates]).items()}
