"""Boosted regression trees, evaluated for all candidates at once with numpy: serving needs no training library.

Rows do not walk from node to node. Every node of every tree is compared with every row at once, and each comparison
that fails rules out the leaves on its left; the first leaf that is left is the one a walk would have reached (QuickScorer,
Lucchese et al., 2015).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

Integers = NDArray[np.intp]
Floats = NDArray[np.float64]

LARGEST_FOREST = 20_000
"""Nodes of all trees together: more would take longer than a search may."""

MOST_LEAVES = 64
"""Of one tree: as many as an integer has bits."""


@dataclass(frozen=True, slots=True)
class _Table:
    """A forest as comparisons: [comparisons of the tree that has most] x [trees], those beyond a tree's own never fail."""

    features: Integers
    thresholds: Floats
    """As a column."""
    kept: NDArray[np.unsignedinteger[Any]]
    """The leaves that are left when a comparison fails, as bits, as a column; as narrow as the largest tree allows."""
    values: Floats
    """What each leaf adds, `MOST_LEAVES` places for each tree."""


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

    @cached_property
    def _table(self) -> _Table:
        trees = [_comparisons(self, int(root)) for root in self.roots]
        shape = max(len(inner) for inner, _ in trees), len(trees)
        features, thresholds = np.zeros(shape, dtype=np.intp), np.full(shape, np.inf)
        word = _word(max(len(leaves) for _, leaves in trees))
        kept, values = np.full(shape, ~word(0)), np.zeros((len(trees), MOST_LEAVES))
        for tree, (inner, leaves) in enumerate(trees):
            for row, (node, ruled_out) in enumerate(inner):
                features[row, tree], thresholds[row, tree] = self.features[node], self.thresholds[node]
                kept[row, tree] = ~word(ruled_out)
            values[tree, : len(leaves)] = self.values[leaves]
        return _Table(features.ravel(), thresholds.reshape(-1, 1), kept.reshape(-1, 1), values.ravel())

    def predict(self, matrix: Floats) -> Floats:
        """Return the sum of all trees for each row of `matrix` [rows, columns]."""
        rows, trees = len(matrix), len(self.roots)
        if not rows or not trees:
            return np.zeros(rows)
        table = self._table
        failed = np.ascontiguousarray(matrix.T)[table.features] > table.thresholds
        word = table.kept.dtype.type
        left = np.where(failed, table.kept, ~word(0)).reshape(-1, trees, rows)
        possible = np.bitwise_and.reduce(left, axis=0)
        first = np.frexp((possible & (~possible + word(1))).astype(np.float64))[1] - 1
        leaves = first + np.arange(0, trees * MOST_LEAVES, MOST_LEAVES)[:, None]
        return np.asarray(table.values.take(leaves).sum(axis=0))


def _word(leaves: int) -> type[np.unsignedinteger[Any]]:
    """Return the narrowest integer that has a bit for each leaf."""
    words = (np.uint8, np.uint16, np.uint32, np.uint64)
    return next(word for word in words if np.iinfo(word).bits >= leaves)


def _comparisons(forest: Forest, root: int) -> tuple[list[tuple[int, int]], list[int]]:
    """Return the inner nodes of a tree, each with its left leaves as bits, and its leaves from left to right."""
    inner: list[tuple[int, int]] = []
    leaves: list[int] = []

    def walk(node: int) -> int:
        left, right = int(forest.left[node]), int(forest.right[node])
        if left == node:
            if len(leaves) == MOST_LEAVES:
                raise ValueError(f"a tree has more than {MOST_LEAVES} leaves")
            leaves.append(node)
            return 1 << (len(leaves) - 1)
        below = walk(left)
        inner.append((node, below))
        return below | walk(right)

    walk(root)
    return inner, leaves


def read_forest(raw: Mapping[str, Sequence[Any]], columns: int) -> Forest:
    """Return the forest that `write_forest` wrote, over rows with this many columns.

    Raises ValueError when a node leads nowhere, compares a column that is not there, or comes back to itself, and when
    a tree has more than `MOST_LEAVES` leaves.
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
    depth = _depth(indices["roots"], indices["left"], indices["right"])
    if depth >= MOST_LEAVES:
        raise ValueError(f"a tree has more than {MOST_LEAVES} leaves")
    forest = Forest(
        indices["roots"],
        indices["features"],
        numbers["thresholds"],
        indices["left"],
        indices["right"],
        numbers["values"],
        depth,
    )
    forest.predict(np.zeros((1, columns)))
    return forest


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
