"""Points of an answer on the wire."""

import qdrant_edge as edge
from qdrant_client.grpc import points_pb2

from shopguide_devstack.qdrant.search import Group, Hit
from shopguide_devstack.qdrant.values import payload_message, point_id_message, vectors_message


def scored_point(hit: Hit) -> points_pb2.ScoredPoint:
    """Return the wire form of a search hit."""
    return points_pb2.ScoredPoint(
        id=point_id_message(hit.id),
        version=hit.version,
        score=hit.score,
        payload=payload_message(hit.payload),
        vectors=vectors_message(hit.vector),
        order_value=_order_value(hit.order_value),
    )


def retrieved_point(record: edge.Record) -> points_pb2.RetrievedPoint:
    """Return the wire form of a stored point."""
    return points_pb2.RetrievedPoint(
        id=point_id_message(record.id),
        payload=payload_message(record.payload),
        vectors=vectors_message(record.vector),
        order_value=_order_value(record.order_value),
    )


def point_group(group: Group) -> points_pb2.PointGroup:
    """Return the wire form of a group."""
    return points_pb2.PointGroup(id=_group_id(group.id), hits=[scored_point(hit) for hit in group.hits])


def facet_hit(hit: edge.FacetHit) -> points_pb2.FacetHit:
    """Return the wire form of one value of a facet with its count."""
    return points_pb2.FacetHit(value=_facet_value(hit.value), count=hit.count)


def _order_value(value: float | None) -> points_pb2.OrderValue | None:
    if value is None:
        return None
    return points_pb2.OrderValue(int=value) if isinstance(value, int) else points_pb2.OrderValue(float=value)


def _group_id(value: int | str) -> points_pb2.GroupId:
    if isinstance(value, str):
        return points_pb2.GroupId(string_value=value)
    if value < 0:
        return points_pb2.GroupId(integer_value=value)
    return points_pb2.GroupId(unsigned_value=value)


def _facet_value(value: object) -> points_pb2.FacetValue:
    if isinstance(value, bool):
        return points_pb2.FacetValue(bool_value=value)
    if isinstance(value, int):
        return points_pb2.FacetValue(integer_value=value)
    return points_pb2.FacetValue(string_value=str(value))
