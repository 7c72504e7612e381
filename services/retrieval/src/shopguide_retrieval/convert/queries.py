"""Conditions, constraints, outcomes, degradations, timings."""

import re
from collections.abc import Mapping, Sequence

from google.protobuf.duration_pb2 import Duration

from shopguide.type.v1 import answer_pb2, query_pb2
from shopguide_retrieval.domain.conditions import (
    Condition,
    Constraint,
    ConstraintOutcome,
    Outcome,
    Range,
    Strength,
)
from shopguide_retrieval.domain.encoding import GivenVector
from shopguide_retrieval.domain.model import Degradation
from shopguide_runtime.errors import ShopguideError
from shopguide_runtime.status import encode, sanitize
from shopguide_runtime.validation import (
    FIELD_MALFORMED,
    FIELD_OUT_OF_RANGE,
    FIELD_REQUIRED,
    Violations,
)

MAX_CONDITIONS = 32
MAX_VALUES = 100
MAX_VALUE_CHARS = 500

_CURRENCY = re.compile(r"[A-Z]{3}")
_Pb = query_pb2.Constraint
_STRENGTHS = {
    _Pb.STRENGTH_UNSPECIFIED: Strength.SOFT,
    _Pb.STRENGTH_HARD: Strength.HARD,
    _Pb.STRENGTH_SOFT: Strength.SOFT,
    _Pb.STRENGTH_UNSUPPORTED: Strength.UNSUPPORTED,
}
_STRENGTH_MESSAGES = {v: k for k, v in _STRENGTHS.items() if k}
_OUTCOME_MESSAGES = {
    Outcome.APPLIED: query_pb2.ConstraintOutcome.OUTCOME_APPLIED,
    Outcome.RELAXED: query_pb2.ConstraintOutcome.OUTCOME_RELAXED,
    Outcome.DROPPED: query_pb2.ConstraintOutcome.OUTCOME_DROPPED,
}


def conditions(found: Violations, message: query_pb2.Filter) -> tuple[Condition, ...]:
    """Return the conditions of a filter; what is malformed is noted."""
    found.count("filter.conditions", len(message.conditions), maximum=MAX_CONDITIONS)
    return tuple(condition(found, f"filter.conditions[{i}]", c) for i, c in enumerate(message.conditions))


def constraints(
    found: Violations, field: str, messages: Sequence[query_pb2.Constraint]
) -> tuple[Constraint, ...]:
    """Return the constraints of a request; what is malformed is noted."""
    found.count(field, len(messages), maximum=MAX_CONDITIONS)
    return tuple(_constraint(found, f"{field}[{i}]", m) for i, m in enumerate(messages))


def condition(found: Violations, field: str, message: query_pb2.Condition) -> Condition:
    """Return the condition of a message; what is malformed is noted."""
    name = found.text(f"{field}.field", message.field, max_chars=100)
    test = message.WhichOneof("test")
    if test is None:
        found.add(field, "must have any_of, none_of or range", FIELD_REQUIRED)
    if message.currency_code and not _CURRENCY.fullmatch(message.currency_code):
        found.add(f"{field}.currency_code", "must be an ISO 4217 code", FIELD_MALFORMED)
    return Condition(
        name,
        any_of=_values(found, f"{field}.any_of", message.any_of.values) if test == "any_of" else (),
        none_of=_values(found, f"{field}.none_of", message.none_of.values) if test == "none_of" else (),
        range=_range(found, f"{field}.range", message.range) if test == "range" else None,
        currency=message.currency_code,
    )


def vector(message: query_pb2.QueryVector) -> GivenVector:
    """Return the vector of a message; its length and numbers are checked where they are used."""
    return GivenVector(tuple(message.values), message.encoder_fingerprint)


def outcome_message(outcome: ConstraintOutcome) -> query_pb2.ConstraintOutcome:
    """Return the message of what became of a constraint."""
    return query_pb2.ConstraintOutcome(
        constraint=_constraint_message(outcome.constraint),
        outcome=_OUTCOME_MESSAGES[outcome.outcome],
        reason=outcome.reason,
        relaxed_to=condition_message(outcome.relaxed_to) if outcome.relaxed_to else None,
        nearest_value=outcome.nearest_value,
        alternative_product_id=outcome.alternative_product_id,
    )


def condition_message(stored: Condition) -> query_pb2.Condition:
    """Return the message of a condition."""
    message = query_pb2.Condition(field=stored.field, currency_code=stored.currency)
    if stored.any_of:
        message.any_of.values.extend(stored.any_of)
    elif stored.none_of:
        message.none_of.values.extend(stored.none_of)
    elif stored.range:
        message.range.SetInParent()
        if stored.range.minimum is not None:
            message.range.minimum = stored.range.minimum
        if stored.range.maximum is not None:
            message.range.maximum = stored.range.maximum
    return message


def degradation_messages(degradations: Sequence[Degradation]) -> list[answer_pb2.Degradation]:
    """Return the messages of what was left out; internals of errors stay inside."""
    return [
        answer_pb2.Degradation(
            component=one.component,
            fallback=one.fallback,
            status=encode(one.error if isinstance(one.error, ShopguideError) else sanitize(one.error)),
        )
        for one in degradations
    ]


def timing_messages(seconds: Mapping[str, float]) -> list[answer_pb2.StageTiming]:
    """Return the messages of stage times."""
    return [
        answer_pb2.StageTiming(stage=stage, duration=Duration(nanos=int(s % 1 * 1e9), seconds=int(s)))
        for stage, s in seconds.items()
    ]


def _constraint(found: Violations, field: str, message: query_pb2.Constraint) -> Constraint:
    strength = _STRENGTHS.get(message.strength)
    if strength is None:
        found.add(f"{field}.strength", "is not a value of the enum", FIELD_MALFORMED)
        strength = Strength.SOFT
    found.number(f"{field}.confidence", message.confidence, 0, 1)
    stated = message.HasField("condition")
    if not stated and strength is not Strength.UNSUPPORTED:
        found.add(f"{field}.condition", "must be set", FIELD_REQUIRED)
    # An unsupported wish may carry half a condition: it is reported as it came, not applied, so not checked either.
    checked = Violations() if strength is Strength.UNSUPPORTED else found
    return Constraint(
        condition(checked, f"{field}.condition", message.condition) if stated else None,
        strength,
        found.text(f"{field}.evidence", message.evidence, required=False, max_chars=MAX_VALUE_CHARS),
        message.confidence or 1.0,
    )


def _constraint_message(constraint: Constraint) -> query_pb2.Constraint:
    return query_pb2.Constraint(
        condition=condition_message(constraint.condition) if constraint.condition else None,
        strength=_STRENGTH_MESSAGES[constraint.strength],
        evidence=constraint.evidence,
        confidence=constraint.confidence,
    )


def _values(found: Violations, field: str, values: Sequence[str]) -> tuple[str, ...]:
    found.count(f"{field}.values", len(values), 1, MAX_VALUES)
    return tuple(
        found.text(f"{field}.values[{i}]", v, max_chars=MAX_VALUE_CHARS) for i, v in enumerate(values)
    )


def _range(found: Violations, field: str, message: query_pb2.NumberRange) -> Range:
    low = found.number(f"{field}.minimum", message.minimum) if message.HasField("minimum") else None
    high = found.number(f"{field}.maximum", message.maximum) if message.HasField("maximum") else None
    if low is None and high is None:
        found.add(field, "must have a bound", FIELD_REQUIRED)
    if low is not None and high is not None and low > high:
        found.add(field, "minimum must not exceed maximum", FIELD_OUT_OF_RANGE)
    return Range(low, high)
