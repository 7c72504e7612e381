"""Constraint outcomes to the domain: fields to keys, ranges on yes/no attributes to flags, units from the facts."""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from shopguide.type.v1 import query_pb2
from shopguide_generation.domain.facts import Limit, Outcome, OutcomeStatus, Source

_PREFIX = "attributes."
_STATUS = {
    query_pb2.ConstraintOutcome.OUTCOME_APPLIED: OutcomeStatus.APPLIED,
    query_pb2.ConstraintOutcome.OUTCOME_RELAXED: OutcomeStatus.RELAXED,
    query_pb2.ConstraintOutcome.OUTCOME_DROPPED: OutcomeStatus.DROPPED,
}


def outcomes(
    given: Iterable[query_pb2.ConstraintOutcome], sources: tuple[Source, ...], currency: str
) -> tuple[Outcome, ...]:
    """What became of each constraint, with labels and units as the facts have them."""
    return tuple(_outcome(one, sources, currency) for one in given)


def _outcome(given: query_pb2.ConstraintOutcome, sources: tuple[Source, ...], currency: str) -> Outcome:
    constraint = given.constraint
    unsupported = constraint.strength == query_pb2.Constraint.STRENGTH_UNSUPPORTED
    status = OutcomeStatus.UNSUPPORTED if unsupported else _STATUS.get(given.outcome, OutcomeStatus.DROPPED)
    hard = constraint.strength == query_pb2.Constraint.STRENGTH_HARD
    return Outcome(
        _limit(constraint.condition, sources, currency, hard=hard, evidence=constraint.evidence),
        status,
        given.reason,
        _limit(given.relaxed_to, sources, currency, hard=hard) if given.HasField("relaxed_to") else None,
        _decimal(given.nearest_value) if given.HasField("nearest_value") else None,
        given.alternative_product_id,
    )


def _limit(
    condition: query_pb2.Condition,
    sources: tuple[Source, ...],
    currency: str,
    *,
    hard: bool,
    evidence: str = "",
) -> Limit:
    key = condition.field.removeprefix(_PREFIX)
    unit, labels, boolean = _spoken(key, sources)
    low = _decimal(condition.range.minimum) if condition.range.HasField("minimum") else None
    high = _decimal(condition.range.maximum) if condition.range.HasField("maximum") else None
    return Limit(
        key,
        any_of=tuple(condition.any_of.values),
        none_of=tuple(condition.none_of.values),
        minimum=low,
        maximum=high,
        unit=(condition.currency_code or currency or _currency(sources)) if key == "price" else unit,
        hard=hard,
        evidence=" ".join(evidence.split()),
        labels=labels,
        flag=(low is not None and low > 0) if boolean and (low is not None or high is not None) else None,
    )


def _spoken(key: str, sources: tuple[Source, ...]) -> tuple[str, Mapping[str, str], bool]:
    """The unit and labels of a key, and whether it is a yes/no attribute, as some source has it."""
    facts = [fact for source in sources if (fact := source.get(key))]
    if not facts:
        return "", {}, False
    return facts[0].unit, facts[0].labels, isinstance(facts[0].value, bool)


def _currency(sources: tuple[Source, ...]) -> str:
    prices = (source.money("price") for source in sources)
    return next((price.currency for price in prices if price), "")


def _decimal(value: float) -> Decimal | None:
    """A finite number without the noise of its binary form; None for any other."""
    return None if value - value != 0 else Decimal(repr(round(value, 6))).normalize() + 0
