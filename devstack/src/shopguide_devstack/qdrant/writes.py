"""Updates of points from the wire to the engine."""

from collections.abc import Callable, Sequence
from typing import Any

import qdrant_edge as edge
from qdrant_client.grpc import points_pb2, qdrant_common_pb2

from shopguide_devstack.qdrant.errors import InvalidRequest
from shopguide_devstack.qdrant.filters import engine_filter
from shopguide_devstack.qdrant.schema import VectorSchema
from shopguide_devstack.qdrant.values import EngineVector, PointId, payload, point_id, stored_vectors

_Update = edge.UpdateOperation
_MODES = {
    points_pb2.UpdateMode.Upsert: edge.UpdateMode.Upsert,
    points_pb2.UpdateMode.InsertOnly: edge.UpdateMode.InsertOnly,
    points_pb2.UpdateMode.UpdateOnly: edge.UpdateMode.UpdateOnly,
}
Operation = points_pb2.PointsUpdateOperation


def upsert(
    request: points_pb2.UpsertPoints | Operation.PointStructList, schema: VectorSchema
) -> edge.UpdateOperation:
    """Return the operation that writes whole points.

    Raises:
        InvalidRequest: a vector does not fit the collection's schema.
    """
    written = [_point(message, schema) for message in request.points]
    return _Update.upsert_points(written, _update_filter(request), _MODES[request.update_mode])


def update_vectors(
    request: points_pb2.UpdatePointVectors | Operation.UpdateVectors, schema: VectorSchema
) -> edge.UpdateOperation:
    """Return the operation that replaces the named vectors of existing points."""
    written = [edge.PointVectors(point_id(m.id), _vectors(m.vectors, schema)) for m in request.points]
    return _Update.update_vectors(written, _update_filter(request))


def delete_points(selector: points_pb2.PointsSelector) -> edge.UpdateOperation:
    """Return the operation that deletes points by id or filter."""
    return _selected(selector, _Update.delete_points, _Update.delete_points_by_filter)


def delete_vectors(
    request: points_pb2.DeletePointVectors | Operation.DeleteVectors, schema: VectorSchema
) -> edge.UpdateOperation:
    """Return the operation that removes named vectors from points.

    Raises:
        InvalidRequest: the collection has no vector of that name.
    """
    names = list(request.vectors.names)
    for name in names:
        if name not in schema.dense and name not in schema.sparse:
            raise InvalidRequest(f"Wrong input: Not existing vector name error: {name}")
    return _selected(request.points_selector, _Update.delete_vectors, _Update.delete_vectors_by_filter, names)


def set_payload(request: points_pb2.SetPayloadPoints | Operation.SetPayload) -> edge.UpdateOperation:
    """Return the operation that merges values into the payload of points."""
    values, key = payload(request.payload), request.key if request.HasField("key") else None
    return _selected(request.points_selector, _Update.set_payload, _Update.set_payload_by_filter, values, key)


def overwrite_payload(
    request: points_pb2.SetPayloadPoints | Operation.OverwritePayload,
) -> edge.UpdateOperation:
    """Return the operation that replaces the payload of points."""
    values, key = payload(request.payload), request.key if request.HasField("key") else None
    by_ids, by_filter = _Update.overwrite_payload, _Update.overwrite_payload_by_filter
    return _selected(request.points_selector, by_ids, by_filter, values, key)


def delete_payload(request: points_pb2.DeletePayloadPoints | Operation.DeletePayload) -> edge.UpdateOperation:
    """Return the operation that removes keys from the payload of points."""
    by_ids, by_filter = _Update.delete_payload, _Update.delete_payload_by_filter
    return _selected(request.points_selector, by_ids, by_filter, list(request.keys))


def clear_payload(selector: points_pb2.PointsSelector) -> edge.UpdateOperation:
    """Return the operation that empties the payload of points."""
    return _selected(selector, _Update.clear_payload, _Update.clear_payload_by_filter)


def batch_operation(message: Operation, schema: VectorSchema) -> edge.UpdateOperation:
    """Return one operation of a batch of updates.

    Raises:
        InvalidRequest: the operation is empty.
    """
    kind = message.WhichOneof("operation")
    if kind is None:
        raise InvalidRequest("Malformed update operation: it has no type")
    return _OPERATIONS[kind](getattr(message, kind), schema)


def _point(message: points_pb2.PointStruct, schema: VectorSchema) -> edge.Point:
    return edge.Point(point_id(message.id), _vectors(message.vectors, schema), payload(message.payload))


def _vectors(message: points_pb2.Vectors, schema: VectorSchema) -> dict[str, EngineVector]:
    vectors = stored_vectors(message)
    schema.check(vectors)
    return vectors


def _update_filter(request: Any) -> edge.Filter | None:  # noqa: ANN401 - four messages with this field
    return engine_filter(request.update_filter) if request.HasField("update_filter") else None


def _selected(
    selector: points_pb2.PointsSelector,
    by_ids: Callable[..., edge.UpdateOperation],
    by_filter: Callable[..., edge.UpdateOperation],
    *arguments: object,
) -> edge.UpdateOperation:
    kind = selector.WhichOneof("points_selector_one_of")
    if kind is None:
        raise InvalidRequest("Bad request: no points selected")
    if kind == "filter":
        return by_filter(engine_filter(selector.filter), *arguments)
    return by_ids(point_ids(selector.points.ids), *arguments)


def point_ids(messages: Sequence[qdrant_common_pb2.PointId]) -> list[PointId]:
    """Return the engine's point ids."""
    return [point_id(message) for message in messages]


_OPERATIONS: dict[str, Callable[[Any, VectorSchema], edge.UpdateOperation]] = {
    "upsert": upsert,
    "update_vectors": update_vectors,
    "delete_vectors": delete_vectors,
    "set_payload": lambda message, _: set_payload(message),
    "overwrite_payload": lambda message, _: overwrite_payload(message),
    "delete_payload": lambda message, _: delete_payload(message),
    "clear_payload": lambda message, _: clear_payload(message.points),
    "clear_payload_deprecated": lambda message, _: clear_payload(message),
    "delete_points": lambda message, _: delete_points(message.points),
    "delete_deprecated": lambda message, _: delete_points(message),
}
