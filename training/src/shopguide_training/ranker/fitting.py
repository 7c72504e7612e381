"""Fits LambdaMART (Burges, 2010) with LightGBM on top of the untrained score, and takes the trees out of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import lightgbm
import numpy as np

from shopguide_retrieval.domain.features import FEATURES
from shopguide_retrieval.domain.ranker import LearnedModel
from shopguide_retrieval.domain.trees import Forest
from shopguide_training.ranker.lists import Floats, RankedList

GRADES = (0.0, 0.01, 0.1, 1 / 3, 2 / 3, 1.0)
"""Gains that judgments may have; LightGBM wants them numbered."""

RISING = (
    "dense_scaled",
    "sparse_scaled",
    "relevance",
    "field_title",
    "field_brand",
    "field_category",
    "field_any",
    "model_match",
    "popularity",
    "rating",
)
"""Features of which more can only speak for a product."""

UNKNOWN_IN_JUDGMENTS = ("available", "other_language")
"""Features that the public judgments say nothing about: all their products are in stock and in the query's language."""


@dataclass(frozen=True)
class FitPlan:
    """How a forest is grown. The defaults are small and slow: there are a hundred and thirty judged queries."""

    features: tuple[str, ...] = tuple(f for f in FEATURES if f not in UNKNOWN_IN_JUDGMENTS)
    trees: int = 100
    leaves: int = 6
    depth: int = 4
    learning_rate: float = 0.05
    rows_in_leaf: int = 100
    shrinkage: float = 5.0
    """L2 penalty of a leaf's value."""
    feature_share: float = 0.4
    """Of the features, drawn anew for each tree."""
    trust: float = 10.0
    """Units of the untrained score's logit for a relevance of 1: the higher, the less the trees change an order."""
    blend: float = 0.25
    """Share of the fitted correction that is applied."""
    seed: int = 0

    def parameters(self) -> dict[str, Any]:
        """Return what LightGBM is told."""
        return {
            "objective": "lambdarank",
            "label_gain": list(GRADES),
            "lambdarank_truncation_level": 20,
            "num_leaves": self.leaves,
            "max_depth": self.depth,
            "learning_rate": self.learning_rate,
            "min_data_in_leaf": self.rows_in_leaf,
            "lambda_l2": self.shrinkage,
            "feature_fraction": self.feature_share,
            "bagging_fraction": 0.8,
            "bagging_freq": 1,
            "max_bin": 63,
            "monotone_constraints": [int(name in RISING) for name in self.features],
            "seed": self.seed,
            "deterministic": True,
            "force_row_wise": True,
            "num_threads": 1,
            "verbose": -1,
        }


def fit(lists: Sequence[RankedList], plan: FitPlan) -> LearnedModel:
    """Return the model of the judged candidates of these lists. Raises ValueError when there are none."""
    booster = train(lists, plan)
    made_from = {"lists": len(lists), "sources": sorted({one.source for one in lists})}
    return LearnedModel(plan.features, forest_of(booster), plan.blend / plan.trust, made_from)


def train(lists: Sequence[RankedList], plan: FitPlan) -> lightgbm.Booster:
    """Return LightGBM's own model; its raw scores come on top of `trust` × the untrained score."""
    columns = [FEATURES.index(name) for name in plan.features]
    judged = [(one, np.isfinite(one.gains)) for one in lists]
    judged = [(one, known) for one, known in judged if known.any()]
    if not judged:
        raise ValueError("no list has a judged candidate")
    data = lightgbm.Dataset(
        np.concatenate([one.matrix[known][:, columns] for one, known in judged]),
        label=np.concatenate([_grades(one.gains[known]) for one, known in judged]),
        group=[int(known.sum()) for _, known in judged],
        weight=np.concatenate([_weights(one)[known] for one, known in judged]),
        init_score=np.concatenate([plan.trust * one.base[known] for one, known in judged]),
    )
    return lightgbm.train(plan.parameters(), data, num_boost_round=plan.trees)


def forest_of(booster: lightgbm.Booster) -> Forest:
    """Return the trees of a fitted model as tables; a tree that never split is one leaf."""
    tables: dict[str, list[float]] = {k: [] for k in ("features", "thresholds", "left", "right", "values")}
    depths = [0]
    roots = [_add(tables, tree["tree_structure"], depths, 0) for tree in booster.dump_model()["tree_info"]]
    integers = {k: np.asarray(tables[k], dtype=np.intp) for k in ("features", "left", "right")}
    return Forest(
        roots=np.asarray(roots, dtype=np.intp),
        **integers,
        thresholds=np.asarray(tables["thresholds"], dtype=np.float64),
        values=np.asarray(tables["values"], dtype=np.float64),
        depth=max(depths),
    )


def _add(tables: dict[str, list[float]], node: Mapping[str, Any], depths: list[int], depth: int) -> int:
    """Add a node and all below it; returns its position."""
    position = len(tables["values"])
    leaf = "split_feature" not in node
    row = {"features": 0, "thresholds": 0.0, "left": position, "right": position, "values": 0.0}
    row |= (
        {"values": node["leaf_value"]}
        if leaf
        else {"features": node["split_feature"], "thresholds": node["threshold"]}
    )
    for name, value in row.items():
        tables[name].append(value)
    depths.append(depth)
    if not leaf:
        for side in ("left", "right"):
            tables[side][position] = _add(tables, node[f"{side}_child"], depths, depth + 1)
    return position


def _grades(gains: Floats) -> Floats:
    """Return the number of the nearest grade of each gain."""
    return np.asarray(np.abs(gains[:, None] - np.array(GRADES)).argmin(axis=1), dtype=np.float64)


def _weights(one: RankedList) -> Floats:
    return np.ones(len(one.ids)) if one.weights is None else one.weights
