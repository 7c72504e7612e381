"""Qdrant's own messages, built and read directly.

Every search reads some hundred points, every import writes thousands. The client's models between messages and Python
values would take longer than the engine does, so both leave them out; `tests/unit/retrieval/test_qdrant_messages.py`
holds both forms equal.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from qdrant_client import grpc
from qdrant_client.conversions.conversion import payload_to_grpc

from shopguide_retrieval.domain.bm25 import SparseVector
from shopguide_retrieval.domain.limits import NUMBERS_PREFIX, Limit
from shopguide_retrieval.ports import Vector


def filter_message(limits: Sequence[Limit], preferred: Sequence[Limit] = ()) -> grpc.Filter | None:
    """Return the filter that all `limits` and, when there are any, one of `preferred` must pass."""
    must = [_condition(limit) for limit in limits if not limit.none_of]
    must_not = [_condition(limit) for limit in limits if limit.none_of]
    if preferred:
        either = grpc.Filter(should=[_positive(limit) for limit in preferred])
        must.append(grpc.Condition(filter=either))
    return grpc.Filter(must=must, must_not=must_not) if must or must_not else None


def _positive(limit: Limit) -> grpc.Condition:
    condition = _condition(limit)
    return grpc.Condition(filter=grpc.Filter(must_not=[condition])) if limit.none_of else condition


def _condition(limit: Limit) -> grpc.Condition:
    values = limit.any_of or limit.none_of
    if values:
        return grpc.Condition(field=grpc.FieldCondition(key=limit.key, match=_match(values)))
    bounds = grpc.Range(gte=limit.minimum, lte=limit.maximum)
    within = grpc.Condition(field=grpc.FieldCondition(key=limit.key, range=bounds))
    if not limit.key.startswith(NUMBERS_PREFIX):
        return within
    # As in `qdrant_filters.to_condition`: most attributes' numbers have no index, their keys have.
    match = grpc.Match(keyword=limit.key.removeprefix(NUMBERS_PREFIX))
    carried = grpc.Condition(field=grpc.FieldCondition(key="keys", match=match))
    return grpc.Condition(filter=grpc.Filter(must=[carried, within]))


def _match(values: Sequence[str | int]) -> grpc.Match:
    if isinstance(values[0], str):
        return grpc.Match(keywords=grpc.RepeatedStrings(strings=[str(v) for v in values]))
    return grpc.Match(integers=grpc.RepeatedIntegers(integers=[int(v) for v in values]))


def dense_query(vector: Vector) -> grpc.Query:
    """Return the query for the points nearest to a dense vector."""
    return grpc.Query(nearest=grpc.VectorInput(dense=grpc.DenseVector(data=vector.tolist())))


def sparse_query(vector: SparseVector) -> grpc.Query:
    """Return the query for the points with the greatest product with a sparse vector."""
    sparse = grpc.SparseVector(indices=vector.indices, values=vector.values)
    return grpc.Query(nearest=grpc.VectorInput(sparse=sparse))


def order_query(key: str, *, descending: bool) -> grpc.Query:
    """Return the query for points in the order of an indexed payload key."""
    direction = grpc.Direction.Desc if descending else grpc.Direction.Asc
    return grpc.Query(order_by=grpc.OrderBy(key=key, direction=direction))


def point_ids(ids: Iterable[str]) -> list[grpc.PointId]:
    """Return ids of points given as UUIDs."""
    return [grpc.PointId(uuid=i) for i in ids]


def only(keys: Iterable[str]) -> grpc.WithPayloadSelector:
    """Return the selector of these payload keys."""
    return grpc.WithPayloadSelector(include=grpc.PayloadIncludeSelector(fields=list(keys)))


def all_but(keys: Iterable[str]) -> grpc.WithPayloadSelector:
    """Return the selector of all payload keys but these."""
    return grpc.WithPayloadSelector(exclude=grpc.PayloadExcludeSelector(fields=list(keys)))


def point(
    identifier: str, vectors: Mapping[str, Vector | SparseVector], values: Mapping[str, Any]
) -> grpc.PointStruct:
    """Return a point to be written: its id (a UUID), its vectors by name, its payload."""
    named = grpc.NamedVectors(vectors={name: _vector(vector) for name, vector in vectors.items()})
    return grpc.PointStruct(
        id=grpc.PointId(uuid=identifier),
        vectors=grpc.Vectors(vectors=named),
        payload=payload_to_grpc(dict(values)),
    )


def _vector(vector: Vector | SparseVector) -> grpc.Vector:
    if isinstance(vector, SparseVector):
        return grpc.Vector(sparse=grpc.SparseVector(indices=vector.indices, values=vector.values))
    return grpc.Vector(dense=grpc.DenseVector(data=vector.tolist()))


def payload(fields: Mapping[str, grpc.Value]) -> dict[str, Any]:
    """Return a payload in Python values."""
    return {key: _plain(value) for key, value in fields.items()}


def _plain(value: grpc.Value) -> Any:  # noqa: ANN401 - any JSON value
    kind = value.WhichOneof("kind")
    if kind == "list_value":
        return [_plain(one) for one in value.list_value.values]
    if kind == "struct_value":
        return payload(value.struct_value.fields)
    return None if kind is None or kind == "null_value" else getattr(value, kind)
