"""Point ids, vectors and payloads between the wire and the engine."""

import math
import uuid
from collections.abc import Mapping
from typing import Any

import qdrant_edge as edge
from qdrant_client.conversions.conversion import payload_to_grpc
from qdrant_client.grpc import json_with_int_pb2, points_pb2, qdrant_common_pb2
from typing_extensions import TypeIs

from shopguide_devstack.qdrant.errors import InvalidRequest, Unsupported

PointId = int | uuid.UUID | str
"""The engine gives integers and UUIDs; it would also take a UUID as text."""
EngineVector = list[float] | list[list[float]] | edge.SparseVector


def is_multi(vector: list[float] | list[list[float]]) -> TypeIs[list[list[float]]]:
    """Tell whether a vector is a multi-vector, that is, a list of dense ones."""
    return bool(vector) and isinstance(vector[0], list)


def point_id(message: qdrant_common_pb2.PointId) -> PointId:
    """Return the engine's point id: an unsigned 64-bit integer or a UUID.

    Raises:
        InvalidRequest: the id is unset or not a UUID.
    """
    kind = message.WhichOneof("point_id_options")
    if kind == "num":
        return message.num
    try:
        return uuid.UUID(message.uuid)
    except ValueError:
        raise InvalidRequest(f"Unable to parse UUID: {message.uuid!r}") from None


def point_id_message(value: PointId) -> qdrant_common_pb2.PointId:
    """Return the wire form of a point id."""
    if isinstance(value, int):
        return qdrant_common_pb2.PointId(num=value)
    return qdrant_common_pb2.PointId(uuid=str(value))


def dense_vector(message: points_pb2.DenseVector) -> list[float]:
    """Return the components of a dense vector.

    Raises:
        InvalidRequest: a component is NaN or infinite; the engine would store it and answer nonsense later.
    """
    return _finite(list(message.data))


def sparse_vector(indices: list[int], values: list[float]) -> edge.SparseVector:
    """Return the engine's sparse vector.

    Raises:
        InvalidRequest: lengths differ, an index occurs twice or a value is not finite.
    """
    if len(indices) != len(values):
        raise InvalidRequest("Wrong input: sparse vector must have as many values as indices")
    if len(set(indices)) != len(indices):
        raise InvalidRequest("Wrong input: sparse vector indices must be unique")
    return edge.SparseVector(indices, _finite(values))


def stored_vector(message: points_pb2.Vector) -> EngineVector:
    """Return one vector of a point to be written, in the current or the deprecated wire form."""
    kind = message.WhichOneof("vector")
    if kind == "dense":
        return dense_vector(message.dense)
    if kind == "sparse":
        return sparse_vector(list(message.sparse.indices), list(message.sparse.values))
    if kind == "multi_dense":
        return [dense_vector(row) for row in message.multi_dense.vectors]
    if kind is not None:
        raise Unsupported(f"inference (`{kind}` as a vector)")
    if message.HasField("vectors_count"):
        return _rows(_finite(list(message.data)), message.vectors_count)
    if message.HasField("indices"):
        return sparse_vector(list(message.indices.data), list(message.data))
    return _finite(list(message.data))


def stored_vectors(message: points_pb2.Vectors) -> dict[str, EngineVector]:
    """Return the vectors of a point by name; the unnamed vector has the name ""."""
    if message.WhichOneof("vectors_options") == "vector":
        return {"": stored_vector(message.vector)}
    return {name: stored_vector(vector) for name, vector in message.vectors.vectors.items()}


def query_vector(message: points_pb2.VectorInput) -> EngineVector:
    """Return a vector given by value in a query.

    Raises:
        Unsupported: the input asks for inference.
        InvalidRequest: the input is empty.
    """
    kind = message.WhichOneof("variant")
    if kind == "dense":
        return dense_vector(message.dense)
    if kind == "sparse":
        return sparse_vector(list(message.sparse.indices), list(message.sparse.values))
    if kind == "multi_dense":
        return [dense_vector(row) for row in message.multi_dense.vectors]
    if kind is None:
        raise InvalidRequest("Wrong input: a vector input is empty")
    raise Unsupported(f"inference (`{kind}` as a query)")


def payload(fields: Mapping[str, json_with_int_pb2.Value]) -> dict[str, Any]:
    """Return a payload as plain Python values.

    Raises:
        InvalidRequest: a number is not finite; JSON has no such number.
    """
    return {key: value.string_value or _json(value) for key, value in fields.items()}


def payload_message(values: Mapping[str, Any] | None) -> dict[str, json_with_int_pb2.Value]:
    """Return the wire form of a payload, empty for None."""
    return payload_to_grpc(dict(values)) if values else {}


def vectors_message(vectors: Any) -> points_pb2.VectorsOutput | None:  # noqa: ANN401 - the engine's own loose type
    """Return the wire form of the vectors the engine returned with a point, None when there are none."""
    if vectors is None:
        return None
    if not isinstance(vectors, dict):
        return points_pb2.VectorsOutput(vector=_vector_message(vectors))
    if set(vectors) == {""}:
        return points_pb2.VectorsOutput(vector=_vector_message(vectors[""]))
    named = {name: _vector_message(vector) for name, vector in vectors.items()}
    return points_pb2.VectorsOutput(vectors=points_pb2.NamedVectorsOutput(vectors=named))


def _vector_message(vector: EngineVector) -> points_pb2.VectorOutput:
    if isinstance(vector, edge.SparseVector):
        sparse = points_pb2.SparseVector(indices=vector.indices, values=vector.values)
        return points_pb2.VectorOutput(sparse=sparse)
    if is_multi(vector):
        rows = [points_pb2.DenseVector(data=row) for row in vector]
        return points_pb2.VectorOutput(multi_dense=points_pb2.MultiDenseVector(vectors=rows))
    return points_pb2.VectorOutput(dense=points_pb2.DenseVector(data=vector))


def _finite(numbers: list[float]) -> list[float]:
    # single-precision components cannot overflow a double-precision sum, so only NaN and infinity spoil it
    if not math.isfinite(sum(numbers)):
        raise InvalidRequest("Wrong input: vector components must be finite numbers")
    return numbers


def _rows(numbers: list[float], count: int) -> list[list[float]]:
    if count == 0 or len(numbers) % count:
        raise InvalidRequest("Wrong input: multi-vector length is not a multiple of its vectors_count")
    width = len(numbers) // count
    return [numbers[start : start + width] for start in range(0, len(numbers), width)]


def _json(value: json_with_int_pb2.Value) -> Any:  # noqa: ANN401 - any JSON value
    # Most values are texts: `string_value` is empty for all others, and reading it is one step instead of two.
    kind = value.WhichOneof("kind")
    if kind == "list_value":
        return [item.string_value or _json(item) for item in value.list_value.values]
    if kind == "struct_value":
        return payload(value.struct_value.fields)
    if kind is None or kind == "null_value":
        return None
    plain = getattr(value, kind)
    if kind == "double_value" and not math.isfinite(plain):
        raise InvalidRequest("Wrong input: payload numbers must be finite")
    return plain
