"""Boosted regression trees, evaluated for all candidates at once with numpy: serving needs no training library."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Integers = NDArray[np.intp]
Floats = NDArray[np.float64]

LARGEST_FOREST = 20_000
"""Nodes of all trees together: more would take longer than a search may."""


@dataclass(frozen=True)
class Forest:
    """Trees whose nodes stand in one table; a leaf is a node that leads to itself."""

    roots: Integers
    """Node where each tree starts."""
    features: Integers
    """Column that a node compares; 0 for a leaf."""
    thresholds: Floats
    """A row whose value is at most this goes left."""
    left: Integers
    right: Integers
    values: Floats
    """What a leaf adds."""
    depth: int
    """Comparisons from any root to its deepest leaf."""

    def predict(self, matrix: Floats) -> Floats:
        """Return the sum of all trees for each row of `matrix` [rows, columns]."""
        rows, columns = matrix.shape
        if not rows or not len(self.roots):
            return np.zeros(rows)
        flat = np.ascontiguousarray(matrix, dtype=np.float64).ravel()
        starts = (np.arange(rows) * columns)[:, None]
        children = np.column_stack([self.left, self.right]).ravel()
        nodes = np.broadcast_to(self.roots, (rows, len(self.roots)))
        for _ in range(self.depth):
            compared = flat.take(starts + self.features.take(nodes))
            nodes = children.take(2 * nodes + (compared > self.thresholds.take(nodes)))
        return np.asarray(self.values.take(nodes).sum(axis=1))


def read_forest(raw: Mapping[str, Sequence[Any]], columns: int) -> Forest:
    """Return the forest that `write_forest` wrote, over rows with this many columns.

    Raises ValueError when a node leads nowhere, compares a column that is not there, or comes back to itself.
    """
    indices = {k: np.asarray(raw[k], dtype=np.intp) for k in ("roots", "features", "left", "right")}
    numbers = {k: np.asarray(raw[k], dtype=np.float64) for k in ("thresholds", "values")}
    size = len(numbers["values"])
    if size > LARGEST_FOREST or any(len(v) != size for k, v in (indices | numbers).items() if k != "roots"):
        raise ValueError(f"the tables of the trees differ in length or exceed {LARGEST_FOREST} nodes")
    if not all(np.isfinite(v).all() for v in numbers.values()):
        raise ValueError("a threshold or a value is not finite")
    if _outside(indices["features"], columns) or any(
        _outside(indices[k], size) for k in ("roots", "left", "right")
    ):
        raise ValueError("a node leads to another, or compares a column, that is not there")
    return Forest(
        indices["roots"],
        indices["features"],
        numbers["thresholds"],
        indices["left"],
        indices["right"],
        numbers["values"],
        _depth(indices["roots"], indices["left"], indices["right"]),
    )


def write_forest(forest: Forest) -> dict[str, list[Any]]:
    """Return a forest as lists for JSON."""
    tables = ("roots", "features", "thresholds", "left", "right", "values")
    return {name: getattr(forest, name).tolist() for name in tables}


def _outside(indices: Integers, size: int) -> bool:
    return bool(((indices < 0) | (indices >= size)).any())


def _depth(roots: Integers, left: Integers, right: Integers) -> int:
    """Return the longest way from a root to a leaf; raises ValueError when there is a circle."""
    reached, depth = np.unique(roots), 0
    while (inner := reached[left[reached] != reached]).size:
        reached = np.unique(np.concatenate([left[inner], right[inner]]))
        depth += 1
        if depth > len(left):
            raise ValueError("the nodes of a tree go round in a circle")
    return depth
