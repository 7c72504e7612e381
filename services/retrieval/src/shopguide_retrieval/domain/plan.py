"""A request's conditions, sorted by what they do: limits of the platform, hard limits of the shopper, wishes."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from shopguide_retrieval.domain import conditions as c
from shopguide_retrieval.domain.catalog import Catalog
from shopguide_retrieval.domain.conditions import Condition, Constraint, ConstraintOutcome, Outcome, Strength
from shopguide_retrieval.domain.limits import Limit, NotComparable, compile_condition
from shopguide_retrieval.domain.model import Availability
from shopguide_retrieval.domain.ranking import Wish
from shopguide_retrieval.domain.relaxation import Hard
from shopguide_runtime.errors import FieldViolation, InvalidArgument
from shopguide_runtime.validation import FIELD_MALFORMED, FIELD_UNKNOWN_VALUE

IN_STOCK = Limit("availability", none_of=(int(Availability.OUT_OF_STOCK),))
"""Holds unless the request says something about availability itself."""

SCOPE_CONFIDENCE = 0.5
"""A wished category read with at least this confidence is what the query names."""


@dataclass(frozen=True)
class Plan:
    """What a search has to obey and what it should prefer."""

    platform: tuple[Limit, ...]
    """Never relaxed."""
    hard: tuple[Hard, ...] = ()
    wishes: tuple[Wish, ...] = ()
    wish_positions: tuple[int, ...] = ()
    """Positions of the wishes among the constraints of the request."""
    decided: dict[int, ConstraintOutcome] = field(default_factory=dict)
    """Outcomes known before the search, by position."""

    @property
    def limits(self) -> tuple[Limit, ...]:
        """All limits, before any gives way."""
        return (*self.platform, *(h.limit for h in self.hard))

    @property
    def scope(self) -> tuple[Limit, ...]:
        """The category that the query names, when a wish says so."""
        named = [w.limit for w in self.wishes if _names_category(w)]
        return (
            (Limit("category", any_of=tuple(sorted({v for n in named for v in n.any_of}))),) if named else ()
        )

    @property
    def keys(self) -> tuple[str, ...]:
        """Payload keys that ranking needs for the wishes and that relaxation may turn into wishes."""
        keys = [w.limit.key for w in self.wishes] + [h.limit.key for h in self.hard]
        return tuple(dict.fromkeys(("category", *(key.split(".")[0] for key in keys))))


def plan(
    catalog: Catalog, conditions: Sequence[Condition], constraints: Sequence[Constraint], currency: str = ""
) -> Plan:
    """Return the plan for a platform's filter and a shopper's constraints; `currency` is the shopper's.

    Raises InvalidArgument when a condition of the filter does not fit the catalogue; a constraint that does not is
    dropped with its reason.
    """
    platform = _platform(catalog, conditions, currency)
    hard: list[Hard] = []
    wishes: dict[int, Wish] = {}
    decided: dict[int, ConstraintOutcome] = {}
    for position, constraint in enumerate(constraints):
        if constraint.condition is None or constraint.strength is Strength.UNSUPPORTED:
            decided[position] = ConstraintOutcome(constraint, Outcome.DROPPED, c.UNSUPPORTED)
            continue
        try:
            limit = compile_condition(constraint.condition, catalog, currency)
        except NotComparable as error:
            decided[position] = ConstraintOutcome(constraint, Outcome.DROPPED, error.reason)
            continue
        if constraint.strength is Strength.HARD:
            hard.append(Hard(position, constraint, limit))
        else:
            wishes[position] = Wish(constraint, limit)
    speaks_of_stock = any(one.key == "availability" for one in (*platform, *(h.limit for h in hard)))
    platform += () if speaks_of_stock else (IN_STOCK,)
    return Plan(platform, tuple(hard), tuple(wishes.values()), tuple(wishes), decided)


def _platform(catalog: Catalog, conditions: Sequence[Condition], currency: str) -> tuple[Limit, ...]:
    limits: list[Limit] = []
    violations: list[FieldViolation] = []
    for position, condition in enumerate(conditions):
        try:
            limits.append(compile_condition(condition, catalog, currency))
        except NotComparable as error:
            reason = FIELD_UNKNOWN_VALUE if error.reason == c.UNKNOWN_FIELD else FIELD_MALFORMED
            violations.append(FieldViolation(f"filter.conditions[{position}]", error.message, reason))
    if violations:
        raise InvalidArgument(violations)
    return tuple(limits)


def _names_category(wish: Wish) -> bool:
    return (
        wish.limit.key == "category"
        and bool(wish.limit.any_of)
        and wish.constraint.confidence >= SCOPE_CONFIDENCE
    )
