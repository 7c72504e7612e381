"""Scoring formulas from the wire to the engine."""

from collections.abc import Callable, Iterable
from typing import Any

import qdrant_edge as edge
from qdrant_client.grpc import points_pb2

from shopguide_devstack.qdrant.errors import InvalidRequest
from shopguide_devstack.qdrant.filters import condition, geo_point
from shopguide_devstack.qdrant.values import payload

_E = edge.Expression


def formula(message: points_pb2.Formula) -> edge.Formula:
    """Return the engine's form of a formula with the default values of its variables."""
    return edge.Formula(expression(message.expression), payload(message.defaults))


def expression(message: points_pb2.Expression) -> edge.Expression:
    """Return the engine's form of an expression.

    Raises:
        InvalidRequest: a part of the expression is empty.
    """
    kind = message.WhichOneof("variant")
    if kind is None:
        raise InvalidRequest("Malformed formula: an expression is empty")
    return _EXPRESSIONS[kind](getattr(message, kind))


def _several(messages: Iterable[points_pb2.Expression]) -> list[edge.Expression]:
    return [expression(message) for message in messages]


def _div(message: points_pb2.DivExpression) -> edge.Expression:
    default = message.by_zero_default if message.HasField("by_zero_default") else None
    return _E.Div(expression(message.left), expression(message.right), default)


def _decay(kind: edge.DecayKind) -> Callable[[points_pb2.DecayParamsExpression], edge.Expression]:
    def convert(message: points_pb2.DecayParamsExpression) -> edge.Expression:
        # qdrant-edge 0.9 demands all five arguments by position, whatever its stub says
        return _E.Decay(
            kind,
            expression(message.x),
            expression(message.target) if message.HasField("target") else None,
            message.midpoint if message.HasField("midpoint") else None,
            message.scale if message.HasField("scale") else None,
        )

    return convert


_EXPRESSIONS: dict[str, Callable[[Any], edge.Expression]] = {
    "constant": _E.Constant,
    "variable": _E.Variable,
    "condition": lambda m: _E.Condition(condition(m)),
    "geo_distance": lambda m: _E.GeoDistance(geo_point(m.origin), m.to),
    "datetime": _E.Datetime,
    "datetime_key": _E.DatetimeKey,
    "mult": lambda m: _E.Mult(_several(m.mult)),
    "sum": lambda m: _E.Sum(_several(m.sum)),
    "max": lambda m: _E.Max(_several(m.max)),
    "min": lambda m: _E.Min(_several(m.min)),
    "div": _div,
    "neg": lambda m: _E.Neg(expression(m)),
    "abs": lambda m: _E.Abs(expression(m)),
    "sqrt": lambda m: _E.Sqrt(expression(m)),
    "pow": lambda m: _E.Pow(expression(m.base), expression(m.exponent)),
    "exp": lambda m: _E.Exp(expression(m)),
    "log10": lambda m: _E.Log10(expression(m)),
    "ln": lambda m: _E.Ln(expression(m)),
    "acosh": lambda m: _E.Acosh(expression(m)),
    "exp_decay": _decay(edge.DecayKind.Exp),
    "gauss_decay": _decay(edge.DecayKind.Gauss),
    "lin_decay": _decay(edge.DecayKind.Lin),
}
