"""Conditions, constraints, what became of them, scopes, money."""

from collections.abc import Iterable
from decimal import Decimal
from typing import cast

from google.type import money_pb2

from shopguide.type.v1 import answer_pb2, query_pb2
from shopguide_gateway.domain.model import (
    Condition,
    Constraint,
    Money,
    Ordering,
    Outcome,
    OutcomeKind,
    QueryVector,
    Scope,
    Strength,
    SuggestedAnswer,
)

_NANOS = 1_000_000_000
_STRENGTHS = query_pb2.Constraint.Strength
_OUTCOMES = query_pb2.ConstraintOutcome.Outcome


def read_money(message: money_pb2.Money) -> Money | None:
    """Return the amount, or None for an unset message."""
    if not message.currency_code:
        return None
    return Money(message.currency_code, message.units + Decimal(message.nanos) / _NANOS)


def write_money(money: Money) -> money_pb2.Money:
    """Return the message; fractions beyond nanos are cut."""
    units = int(money.amount)
    nanos = int((money.amount - units) * _NANOS)
    return money_pb2.Money(currency_code=money.currency, units=units, nanos=nanos)


def read_condition(message: query_pb2.Condition) -> Condition:
    """Return the condition; the caller has validated it."""
    bounds = message.range
    return Condition(
        message.field,
        tuple(message.any_of.values),
        tuple(message.none_of.values),
        bounds.minimum if bounds.HasField("minimum") else None,
        bounds.maximum if bounds.HasField("maximum") else None,
        message.currency_code,
    )


def write_condition(condition: Condition) -> query_pb2.Condition:
    """Return the message with the one test that the condition has."""
    message = query_pb2.Condition(field=condition.field, currency_code=condition.currency)
    if condition.any_of:
        message.any_of.values.extend(condition.any_of)
    elif condition.none_of:
        message.none_of.values.extend(condition.none_of)
    else:
        message.range.CopyFrom(query_pb2.NumberRange(minimum=condition.minimum, maximum=condition.maximum))
    return message


def read_conditions(message: query_pb2.Filter) -> tuple[Condition, ...]:
    """Return the conditions of a filter."""
    return tuple(read_condition(c) for c in message.conditions)


def write_filter(conditions: Iterable[Condition]) -> query_pb2.Filter:
    """Return a filter in which all conditions must hold."""
    return query_pb2.Filter(conditions=[write_condition(c) for c in conditions])


def read_constraint(message: query_pb2.Constraint) -> Constraint:
    """Return the constraint; an unspecified strength is a soft one."""
    name = _STRENGTHS.Name(message.strength).removeprefix("STRENGTH_")
    strength = cast(Strength, "SOFT" if name == "UNSPECIFIED" else name)
    condition = read_condition(message.condition) if message.HasField("condition") else None
    return Constraint(condition, strength, message.evidence, message.confidence)


def write_constraint(constraint: Constraint) -> query_pb2.Constraint:
    """Return the message."""
    return query_pb2.Constraint(
        condition=write_condition(constraint.condition) if constraint.condition else None,
        strength=f"STRENGTH_{constraint.strength}",
        evidence=constraint.evidence,
        confidence=constraint.confidence,
    )


def write_constraints(constraints: Iterable[Constraint]) -> list[query_pb2.Constraint]:
    """Return one message a constraint."""
    return [write_constraint(c) for c in constraints]


def read_outcome(message: query_pb2.ConstraintOutcome) -> Outcome:
    """Return what became of a constraint; an unknown kind counts as dropped."""
    name = _OUTCOMES.Name(message.outcome).removeprefix("OUTCOME_")
    return Outcome(
        read_constraint(message.constraint),
        cast(OutcomeKind, "DROPPED" if name == "UNSPECIFIED" else name),
        message.reason,
        read_condition(message.relaxed_to) if message.HasField("relaxed_to") else None,
        message.nearest_value if message.HasField("nearest_value") else None,
        message.alternative_product_id,
    )


def write_outcome(outcome: Outcome) -> query_pb2.ConstraintOutcome:
    """Return the message."""
    return query_pb2.ConstraintOutcome(
        constraint=write_constraint(outcome.constraint),
        outcome=f"OUTCOME_{outcome.kind}",
        reason=outcome.reason,
        relaxed_to=write_condition(outcome.relaxed_to) if outcome.relaxed_to else None,
        nearest_value=outcome.nearest_value,
        alternative_product_id=outcome.alternative_product_id,
    )


def write_outcomes(outcomes: Iterable[Outcome]) -> list[query_pb2.ConstraintOutcome]:
    """Return one message an outcome."""
    return [write_outcome(o) for o in outcomes]


def read_scope(message: query_pb2.Scope) -> Scope:
    """Return the role; a quantity of 0 means 1."""
    constraints = tuple(read_constraint(c) for c in message.constraints)
    return Scope(message.role, message.query, constraints, message.quantity or 1)


def write_scope(scope: Scope) -> query_pb2.Scope:
    """Return the message."""
    return query_pb2.Scope(
        role=scope.role,
        query=scope.query,
        constraints=write_constraints(scope.constraints),
        quantity=scope.quantity,
    )


def write_budget(total: Money, evidence: str) -> query_pb2.Budget:
    """Return the message."""
    return query_pb2.Budget(total=write_money(total), evidence=evidence)


def read_ordering(message: query_pb2.Ordering) -> Ordering | None:
    """Return the order asked for, or None for an unset message."""
    return Ordering(message.field, message.descending) if message.field else None


def write_ordering(ordering: Ordering | None) -> query_pb2.Ordering | None:
    """Return the message, or None."""
    return query_pb2.Ordering(field=ordering.field, descending=ordering.descending) if ordering else None


def read_vector(message: query_pb2.QueryVector) -> QueryVector | None:
    """Return the vector, or None for an unset message."""
    if not message.values:
        return None
    return QueryVector(tuple(message.values), message.encoder_fingerprint)


def write_vector(vector: QueryVector | None) -> query_pb2.QueryVector | None:
    """Return the message, or None."""
    if vector is None:
        return None
    return query_pb2.QueryVector(values=vector.values, encoder_fingerprint=vector.encoder_fingerprint)


def read_answer(message: answer_pb2.SuggestedAnswer) -> SuggestedAnswer:
    """Return an answer that can be picked."""
    condition = read_condition(message.condition) if message.HasField("condition") else None
    return SuggestedAnswer(message.text, condition)


def write_answer(answer: SuggestedAnswer) -> answer_pb2.SuggestedAnswer:
    """Return the message."""
    condition = write_condition(answer.condition) if answer.condition else None
    return answer_pb2.SuggestedAnswer(text=answer.text, condition=condition)
