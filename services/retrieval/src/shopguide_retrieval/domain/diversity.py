"""Variety at the top of a list: maximal marginal relevance (Carbonell, Goldstein, 1998) over the products' vectors."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from shopguide_retrieval.domain.ranking import Ranked

DEPTH = 30
"""Products at the top among which variety is sought: what a shopper looks at."""

Vectors = Mapping[str, NDArray[np.float32]]


def diversify(ranked: Sequence[Ranked], vectors: Vectors, strength: float) -> list[Ranked]:
    """Return the list with its first `DEPTH` products in an order that prefers what differs from those before.

    `strength` in [0, 1] is the share that difference has beside the score: 0 changes nothing. A product without a vector
    is taken to be like no other. Nothing is left out, and equal choices fall to the better ranked one.
    """
    top = list(ranked[:DEPTH])
    if strength <= 0 or len(top) < 3:  # noqa: PLR2004 - the first stays and one other has no choice
        return list(ranked)
    scores, likeness = (
        _spread([one.score for one in top]),
        _likeness([vectors.get(r.candidate.id) for r in top]),
    )
    taken, rest = [0], list(range(1, len(top)))
    while rest:
        nearest = likeness[np.ix_(rest, taken)].max(axis=1)
        worth = (1 - strength) * scores[rest] - strength * nearest
        taken.append(rest.pop(int(np.argmax(np.round(worth, 9)))))
    return [*(top[i] for i in taken), *ranked[DEPTH:]]


def _spread(values: Sequence[float]) -> NDArray[np.float64]:
    """Scale to [0, 1]; equal values to 1."""
    numbers = np.asarray(values, dtype=np.float64)
    span = numbers.max() - numbers.min()
    return (numbers - numbers.min()) / span if span > 0 else np.ones(len(numbers))


def _likeness(vectors: Sequence[NDArray[np.float32] | None]) -> NDArray[np.float64]:
    """Return the cosines of all pairs, scaled so that the two least alike have 0 and the same product 1."""
    known = [i for i, v in enumerate(vectors) if v is not None]
    likeness = np.zeros((len(vectors), len(vectors)))
    if len(known) > 1:
        matrix = np.stack([v for v in vectors if v is not None]).astype(np.float64)
        cosines = matrix @ matrix.T
        floor = float(cosines.min())
        likeness[np.ix_(known, known)] = (cosines - floor) / max(1 - floor, 1e-9)
    return likeness
