"""Examples in queries: point ids become their vectors, and averages of examples.

The engine takes vectors only. As in Qdrant, a point named as an example is left out of the results of the query that
names it, unless the vectors come from another collection (`lookup_from`).
"""

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
import qdrant_edge as edge
from qdrant_client.grpc import points_pb2

from shopguide_devstack.qdrant.errors import InvalidRequest, Missing, Unsupported, missing_point
from shopguide_devstack.qdrant.values import EngineVector, PointId, is_multi, point_id, query_vector


class Examples:
    """The examples of one query: resolves them and remembers which points to leave out of the results."""

    def __init__(self, shard: edge.EdgeShard, vector_name: str, *, foreign: bool) -> None:
        self._shard = shard
        self._vector_name = vector_name
        self._foreign = foreign
        self._referenced: set[PointId] = set()

    @property
    def excluded(self) -> set[PointId]:
        """The points that must not be among the results."""
        return set() if self._foreign else self._referenced

    def vector(self, message: points_pb2.VectorInput) -> EngineVector:
        """Return the vector of an example.

        Raises:
            Missing: the point does not exist or lacks the vector.
        """
        if message.WhichOneof("variant") != "id":
            return query_vector(message)
        identifier = point_id(message.id)
        self._referenced.add(identifier)
        return self._stored(identifier)

    def vectors(self, messages: Sequence[points_pb2.VectorInput]) -> list[EngineVector]:
        """Return the vectors of several examples."""
        return [self.vector(message) for message in messages]

    def _stored(self, identifier: PointId) -> EngineVector:
        records = self._shard.retrieve([identifier], False, [self._vector_name])
        if not records:
            raise missing_point(identifier)
        vectors = records[0].vector
        vector = vectors.get(self._vector_name) if isinstance(vectors, dict) else vectors
        if vector is None:
            raise Missing(f"Not found: Point {identifier} has no vector `{self._vector_name}`")
        return vector


def average(positives: list[EngineVector], negatives: list[EngineVector]) -> EngineVector:
    """Return Qdrant's `average_vector` of examples: twice the mean of the positives less the mean of the negatives.

    Without negatives it is the mean of the positives.

    Raises:
        InvalidRequest: no positive example, or vectors of different kinds or sizes.
        Unsupported: the examples are multi-vectors.
    """
    if not positives:
        raise InvalidRequest(
            "Wrong input: at least one positive example is required by the average_vector strategy"
        )
    if all(isinstance(vector, edge.SparseVector) for vector in positives + negatives):
        return _sparse_average(positives, negatives)  # type: ignore[arg-type] # as just seen
    dense = [vector for vector in positives + negatives if isinstance(vector, list)]
    if any(is_multi(vector) for vector in dense):
        raise Unsupported("the average_vector strategy over multi-vectors")
    if len({len(vector) for vector in dense}) > 1 or len(dense) < len(positives) + len(negatives):
        raise InvalidRequest("Wrong input: Vector dimension error: examples differ in size or kind")
    return _dense_average(positives, negatives)


def _dense_average(positives: list[EngineVector], negatives: list[EngineVector]) -> list[float]:
    mean = np.mean(np.asarray(positives, dtype=np.float32), axis=0)
    if negatives:
        mean = mean + mean - np.mean(np.asarray(negatives, dtype=np.float32), axis=0)
    return [float(component) for component in mean]


def _sparse_average(
    positives: list[edge.SparseVector], negatives: list[edge.SparseVector]
) -> edge.SparseVector:
    total: defaultdict[int, float] = defaultdict(float)
    _add(total, positives, (2.0 if negatives else 1.0) / len(positives))
    if negatives:
        _add(total, negatives, -1.0 / len(negatives))
    indices = sorted(total)
    return edge.SparseVector(indices, [total[index] for index in indices])


def _add(total: defaultdict[int, float], vectors: list[edge.SparseVector], weight: float) -> None:
    for vector in vectors:
        for index, value in zip(vector.indices, vector.values, strict=True):
            total[index] += weight * value
