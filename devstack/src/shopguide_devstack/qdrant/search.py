"""Runs queries on a shard: pages, deterministic fusion, groups.

Two things the engine does not do are done here and nowhere else. Its fusion breaks ties by the order of a hash map, so
that the same call returns different points: all fused candidates are asked for, sorted by (-score, id) and cut. (A fusion
inside a prefetch is cut by the engine: give such a prefetch a limit of at least the sum of its own prefetches.) And it
has no groups in Python: points are fetched in growing numbers and put into groups, which gives exactly the groups of a
search over the whole collection.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import qdrant_edge as edge
from qdrant_client.grpc import points_pb2
from qdrant_client.local.payload_value_extractor import value_by_key

from shopguide_devstack.qdrant.errors import InvalidRequest
from shopguide_devstack.qdrant.queries import (
    DEFAULT_LIMIT,
    PayloadChoice,
    QueryBuilder,
    ShardOf,
    VectorChoice,
    prefetch_limit,
)
from shopguide_devstack.qdrant.values import PointId

_FUSIONS = frozenset({"fusion", "rrf"})
_DEFAULT_GROUP_SIZE = 3


@dataclass(frozen=True)
class Hit:
    """One point of an answer."""

    id: PointId
    version: int
    score: float
    payload: dict[str, Any] | None
    vector: Any
    order_value: float | None


@dataclass(frozen=True)
class Group:
    """The best points that share one value of the grouping field."""

    id: int | str
    hits: list[Hit]


def payload_selector(message: points_pb2.WithPayloadSelector, *, default: bool) -> PayloadChoice:
    """Return which payload the engine is to send; `default` holds when the client did not say."""
    kind = message.WhichOneof("selector_options")
    if kind is None:
        return default
    if kind == "enable":
        return message.enable
    if kind == "include":
        return edge.PayloadSelector.Include(list(message.include.fields))
    return edge.PayloadSelector.Exclude(list(message.exclude.fields))


def vector_selector(message: points_pb2.WithVectorsSelector) -> VectorChoice:
    """Return which vectors the engine is to send; none when the client did not say."""
    if message.WhichOneof("selector_options") == "include":
        return list(message.include.names)
    return message.enable


def search(shard: edge.EdgeShard, request: points_pb2.QueryPoints, shard_of: ShardOf) -> list[Hit]:
    """Return the page of points that a query asks for, best first.

    Raises:
        NodeError: the request is malformed or names what does not exist.
    """
    limit = _positive("limit", request.limit if request.HasField("limit") else DEFAULT_LIMIT)
    builder = QueryBuilder(shard, shard_of)
    with_payload = payload_selector(request.with_payload, default=False)
    with_vector = vector_selector(request.with_vectors)
    if request.query.WhichOneof("variant") in _FUSIONS:
        ranked = _fused(shard, builder, request)
        return _complete(shard, ranked[request.offset : request.offset + limit], with_payload, with_vector)
    engine_request = builder.root(
        request, limit=limit, offset=request.offset, with_payload=with_payload, with_vector=with_vector
    )
    # MMR leaves the vectors it worked with on the points, asked for or not
    return [_hit(point, keep_vector=bool(with_vector)) for point in shard.query(engine_request)]


def _fused(shard: edge.EdgeShard, builder: QueryBuilder, request: points_pb2.QueryPoints) -> list[Hit]:
    candidates = max(1, sum(prefetch_limit(prefetch) for prefetch in request.prefetch))
    everything = builder.root(request, limit=candidates, offset=0, with_payload=False, with_vector=False)
    hits = [_hit(point, keep_vector=False) for point in shard.query(everything)]
    return sorted(hits, key=lambda hit: (-hit.score, _id_order(hit.id)))


def _id_order(identifier: PointId) -> tuple[bool, int]:
    return (not isinstance(identifier, int), int(identifier))


def _hit(point: edge.ScoredPoint, *, keep_vector: bool) -> Hit:
    vector = point.vector if keep_vector else None
    return Hit(point.id, point.version, point.score, point.payload, vector, point.order_value)


def _complete(
    shard: edge.EdgeShard, hits: Sequence[Hit], with_payload: PayloadChoice, with_vector: VectorChoice
) -> list[Hit]:
    if not hits or (with_payload is False and not with_vector):
        return list(hits)
    records = {r.id: r for r in shard.retrieve([hit.id for hit in hits], with_payload, with_vector)}
    return [_completed(hit, records[hit.id]) for hit in hits]


def _completed(hit: Hit, record: edge.Record) -> Hit:
    return Hit(hit.id, hit.version, hit.score, record.payload, record.vector, hit.order_value)


def search_groups(
    shard: edge.EdgeShard, request: points_pb2.QueryPointGroups, shard_of: ShardOf
) -> list[Group]:
    """Return the best groups of points by a payload field, each with its best points.

    The field's values must be keywords or integers; a point with a list of them stands in several groups, a point with
    any other value in none. Prefetches yield as many candidates as the collection has points, so the groups are those
    of a search over everything. A collection with fewer groups than asked for is read to its end.

    Raises:
        NodeError: the request is malformed or names what does not exist.
    """
    limit = _positive("limit", request.limit if request.HasField("limit") else DEFAULT_LIMIT)
    size = _positive(
        "group_size", request.group_size if request.HasField("group_size") else _DEFAULT_GROUP_SIZE
    )
    total = max(1, shard.info().points_count)
    flat = _flat(request, total)
    wanted = limit * size
    while True:
        flat.limit = min(wanted, total)
        hits = search(shard, flat, shard_of)
        groups = _grouped(hits, request.group_by, limit, size)
        full = len(groups) == limit and all(len(group.hits) == size for group in groups)
        if full or len(hits) < flat.limit or flat.limit == total:
            break
        wanted *= 4
    with_payload = payload_selector(request.with_payload, default=False)
    with_vector = vector_selector(request.with_vectors)
    return [Group(group.id, _complete(shard, group.hits, with_payload, with_vector)) for group in groups]


def _flat(request: points_pb2.QueryPointGroups, total: int) -> points_pb2.QueryPoints:
    flat = points_pb2.QueryPoints(collection_name=request.collection_name, prefetch=request.prefetch)
    for name in ("query", "using", "filter", "params", "score_threshold", "lookup_from"):
        if request.HasField(name):
            value = getattr(request, name)
            setattr(flat, name, value) if isinstance(value, (str, float)) else getattr(flat, name).CopyFrom(
                value
            )
    flat.with_payload.include.fields.append(request.group_by)
    _widen(flat.prefetch, total)
    return flat


def _widen(prefetches: Iterable[points_pb2.PrefetchQuery], total: int) -> None:
    for prefetch in prefetches:
        prefetch.limit = total
        _widen(prefetch.prefetch, total)


def _grouped(hits: Iterable[Hit], field: str, limit: int, size: int) -> list[Group]:
    groups: dict[int | str, Group] = {}
    for hit in hits:
        for value in _group_values(hit.payload or {}, field):
            group = groups.setdefault(value, Group(value, []))
            if len(group.hits) < size:
                group.hits.append(Hit(hit.id, hit.version, hit.score, None, None, hit.order_value))
    return list(groups.values())[:limit]


def _group_values(payload: dict[str, Any], field: str) -> list[int | str]:
    values = value_by_key(payload, field) or []
    if any(type(value) not in (int, str) for value in values):
        return []
    return list(dict.fromkeys(values))


def _positive(name: str, value: int) -> int:
    if value < 1:
        raise InvalidRequest(
            f"Validation error in body: [{name}: value {value} invalid, must be 1 or larger]"
        )
    return value
