"""Filters from the wire to the engine.

Two traps of qdrant-edge 0.9 are handled here and nowhere else: a Python bool given to `MatchValue` is read as an
integer and then matches nothing (see `_Boolean`), and an empty list of conditions is not the same as none inside
a nested filter.
"""

from collections.abc import Callable, Iterable
from datetime import UTC
from typing import Any, Protocol

import qdrant_edge as edge
from google.protobuf.timestamp_pb2 import Timestamp
from qdrant_client.grpc import qdrant_common_pb2

from shopguide_devstack.qdrant.errors import InvalidRequest, Unsupported
from shopguide_devstack.qdrant.values import PointId, point_id

Condition = Any  # qdrant_edge names the union only in its stub


class HasFilter(Protocol):
    """Any request with an optional `filter`."""

    @property
    def filter(self) -> qdrant_common_pb2.Filter:
        """The filter, empty when unset."""
        ...

    def HasField(self, field_name: Any, /) -> bool:  # noqa: ANN401 - each message has its own literal type
        """Tell whether a field is set."""
        ...


def request_filter(request: HasFilter) -> edge.Filter | None:
    """Return the engine's form of a request's filter, None when it has none."""
    return engine_filter(request.filter) if request.HasField("filter") else None


def engine_filter(message: qdrant_common_pb2.Filter) -> edge.Filter:
    """Return the engine's form of a filter.

    Raises:
        InvalidRequest: a condition is empty or contradicts itself.
        Unsupported: a condition the engine does not know.
    """
    minimum = None
    if message.HasField("min_should"):
        minimum = edge.MinShould(
            [condition(c) for c in message.min_should.conditions], message.min_should.min_count
        )
    return edge.Filter(
        must=_conditions(message.must),
        should=_conditions(message.should),
        must_not=_conditions(message.must_not),
        min_should=minimum,
    )


def excluding(base: edge.Filter | None, ids: set[PointId]) -> edge.Filter | None:
    """Return `base` narrowed to the points outside `ids`."""
    if not ids:
        return base
    return edge.Filter(must=None if base is None else [base], must_not=[edge.HasIdCondition(set(ids))])


def condition(message: qdrant_common_pb2.Condition) -> Condition:
    """Return the engine's form of one condition."""
    kind = message.WhichOneof("condition_one_of")
    if kind is None:
        raise InvalidRequest("Malformed condition: it has no type")
    if kind not in _CONDITIONS:
        raise Unsupported(f"a `{kind}` condition")
    return _CONDITIONS[kind](getattr(message, kind))


def geo_point(message: qdrant_common_pb2.GeoPoint) -> edge.GeoPoint:
    """Return the engine's form of a point on earth (degrees)."""
    return edge.GeoPoint(lon=message.lon, lat=message.lat)


def _conditions(messages: Iterable[qdrant_common_pb2.Condition]) -> list[Condition] | None:
    return [condition(message) for message in messages] or None


def _field(message: qdrant_common_pb2.FieldCondition) -> edge.FieldCondition:
    present = [name for name in _FIELD_TESTS if message.HasField(name)]  # type: ignore[arg-type] # the names below
    if not present:
        raise InvalidRequest(f"Malformed condition on `{message.key}`: it tests nothing")
    tests = {}
    for name in present:
        keyword, convert = _FIELD_TESTS[name]
        tests[keyword] = convert(getattr(message, name))
    return edge.FieldCondition(message.key, **tests)


def _match(message: qdrant_common_pb2.Match) -> Any:  # noqa: ANN401 - a union named only in the engine's stub
    kind = message.WhichOneof("match_value")
    if kind is None:
        raise InvalidRequest("Malformed match condition: it has no value")
    return _MATCHES[kind](getattr(message, kind))


def _range(message: qdrant_common_pb2.Range) -> edge.RangeFloat:
    return edge.RangeFloat(**_bounds(message))


def _values_count(message: qdrant_common_pb2.ValuesCount) -> edge.ValuesCount:
    return edge.ValuesCount(**_bounds(message))


def _datetime_range(message: qdrant_common_pb2.DatetimeRange) -> edge.RangeDateTime:
    return edge.RangeDateTime(**{name: iso_time(value) for name, value in _bounds(message).items()})


def _bounds(message: Any) -> dict[str, Any]:  # noqa: ANN401 - three messages with the same four fields
    names = ("lt", "gt", "gte", "lte")
    return {name: getattr(message, name) for name in names if message.HasField(name)}


def iso_time(message: Timestamp) -> str:
    """Return a timestamp as the engine reads it."""
    return message.ToDatetime(tzinfo=UTC).isoformat()


def _geo_box(message: qdrant_common_pb2.GeoBoundingBox) -> edge.GeoBoundingBox:
    return edge.GeoBoundingBox(geo_point(message.top_left), geo_point(message.bottom_right))


def _geo_radius(message: qdrant_common_pb2.GeoRadius) -> edge.GeoRadius:
    return edge.GeoRadius(geo_point(message.center), message.radius)


def _geo_polygon(message: qdrant_common_pb2.GeoPolygon) -> edge.GeoPolygon:
    interiors = [[geo_point(p) for p in ring.points] for ring in message.interiors]
    return edge.GeoPolygon([geo_point(p) for p in message.exterior.points], interiors or None)


def _has_id(message: qdrant_common_pb2.HasIdCondition) -> edge.HasIdCondition:
    return edge.HasIdCondition({point_id(value) for value in message.has_id})


def _nested(message: qdrant_common_pb2.NestedCondition) -> edge.NestedCondition:
    return edge.NestedCondition(message.key, engine_filter(message.filter))


class _Boolean:
    """A boolean that `edge.MatchValue` cannot mistake for an integer.

    The binding tries integers before booleans, so that it reads True as 1, and numpy 1's bool likewise, which still
    offers itself as an index. The binding also takes any type that goes by the name of numpy's bool and has a truth
    value; this one has no integer value.
    """

    def __init__(self, value: bool) -> None:  # noqa: FBT001 - it is the value
        self._value = value

    def __bool__(self) -> bool:
        return self._value


_Boolean.__module__, _Boolean.__name__, _Boolean.__qualname__ = "numpy", "bool_", "bool_"


_CONDITIONS: dict[str, Callable[[Any], Condition]] = {
    "field": _field,
    "filter": engine_filter,
    "has_id": _has_id,
    "nested": _nested,
    "is_empty": lambda message: edge.IsEmptyCondition(message.key),
    "is_null": lambda message: edge.IsNullCondition(message.key),
    "has_vector": lambda message: edge.HasVectorCondition(message.has_vector),
}

_FIELD_TESTS: dict[str, tuple[str, Callable[[Any], Any]]] = {
    "match": ("match", _match),
    "range": ("range", _range),
    "datetime_range": ("range", _datetime_range),
    "geo_bounding_box": ("geo_bounding_box", _geo_box),
    "geo_radius": ("geo_radius", _geo_radius),
    "geo_polygon": ("geo_polygon", _geo_polygon),
    "values_count": ("values_count", _values_count),
    "is_empty": ("is_empty", bool),
    "is_null": ("is_null", bool),
}

_MATCHES: dict[str, Callable[[Any], Any]] = {
    "keyword": edge.MatchValue,
    "integer": edge.MatchValue,
    "boolean": lambda value: edge.MatchValue(_Boolean(value)),  # type: ignore[arg-type] # see `_Boolean`
    "text": edge.MatchText,
    "text_any": edge.MatchTextAny,
    "phrase": edge.MatchPhrase,
    "prefix": edge.MatchPrefix,
    "substring": edge.MatchSubstring,
    "keywords": lambda values: edge.MatchAny(list(values.strings)),
    "integers": lambda values: edge.MatchAny(list(values.integers)),
    "except_keywords": lambda values: edge.MatchExcept(list(values.strings)),
    "except_integers": lambda values: edge.MatchExcept(list(values.integers)),
}
