"""What to do when nothing satisfies all hard limits: relax one, the least important first, and say so.

Importance, from the least: ranges of attributes (they can give way by a little), other tests of attributes (texts,
yes or no: they give way altogether), rating, other text fields, category, brand, price, then everything negated
("not leather" is never given up for a positive wish), then availability and id.
Within a rank the constraint that was read with less confidence goes first, then the later one. A range gives way only
as far as the nearest values that exist; anything else is dropped. When no single one is enough, the least
important one is dropped and the next one is tried as well.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace

from shopguide_retrieval.domain import conditions as c
from shopguide_retrieval.domain.conditions import Constraint, ConstraintOutcome, Outcome, Range
from shopguide_retrieval.domain.limits import ATTRIBUTE_PREFIX, Limit, loosened
from shopguide_runtime.money import exponent

_RANKS = {"rating": 2, "language": 3, "category": 4, "brand": 5, "price": 6, "availability": 8, "id": 8}
_NEGATED = 7


@dataclass(frozen=True, slots=True)
class Hard:
    """A hard constraint of the request: its position, itself and the limit it means."""

    position: int
    constraint: Constraint
    limit: Limit


@dataclass(frozen=True, slots=True)
class Relaxed:
    """The limits in force and what became of each hard constraint, by position."""

    limits: tuple[Limit, ...]
    outcomes: dict[int, ConstraintOutcome]
    given_up: tuple[Hard, ...] = ()
    """Constraints that gave way, in the order they did."""


Counter = Callable[[Sequence[Limit]], Awaitable[int]]
"""Counts the products in scope that satisfy all limits."""

Nearest = Callable[[Sequence[Limit], str, float, bool], Awaitable[Sequence[float]]]
"""Find, under limits, a few stored numbers of a key beyond a bound, above it (True) or below, the nearest first."""

NEAR = 0.2
"""A range is widened to the nearest number and to the few that lie within this share of it, not further."""


def importance(hard: Hard) -> tuple[int, float, int]:
    """Return what constraints are sorted by, the first to give way first."""
    condition = hard.constraint.condition
    field = condition.field if condition else ""
    rank = _RANKS.get(field, 0)
    if field.startswith(ATTRIBUTE_PREFIX):
        rank = 0 if condition and condition.range and not _is_exact(condition.range) else 1
    if hard.limit.none_of:
        rank = _NEGATED
    return rank, hard.constraint.confidence, -hard.position


def _is_exact(bounds: Range) -> bool:
    return bounds.minimum == bounds.maximum


async def relax(
    hard: Sequence[Hard], count: Counter, nearest: Nearest, *, forbidden: bool = False
) -> Relaxed:
    """Return the limits under which something is found, with the outcome of each constraint.

    With `forbidden` set, or when even the scope itself is empty, all limits stay in force.
    """
    limits = [h.limit for h in hard]
    kept = Relaxed(
        tuple(limits), {h.position: ConstraintOutcome(h.constraint, Outcome.APPLIED) for h in hard}
    )
    if not hard or forbidden or await count(limits) or not await count([]):
        return kept
    order = sorted(hard, key=importance)
    for needed in range(1, len(order) + 1):
        given_up = await _weakest(order, needed, count)
        if given_up:
            return await _outcome(hard, given_up, count, nearest)
    return kept


async def _weakest(order: Sequence[Hard], needed: int, count: Counter) -> tuple[Hard, ...]:
    """Return the least important constraints that make room: `needed - 1` fixed ones and one that is tried in turn."""
    fixed = tuple(order[: needed - 1])
    for candidate in order[needed - 1 :]:
        given_up = (*fixed, candidate)
        if await count([h.limit for h in order if h not in given_up]):
            return given_up
    return ()


async def _outcome(
    hard: Sequence[Hard], given_up: tuple[Hard, ...], count: Counter, nearest: Nearest
) -> Relaxed:
    limits = [h.limit for h in hard if h not in given_up]
    outcomes = {h.position: ConstraintOutcome(h.constraint, Outcome.APPLIED) for h in hard}
    for one in given_up:
        outcome, limit = await _give_way(one, limits, count, nearest)
        outcomes[one.position] = outcome
        limits += [limit] if limit else []
    return Relaxed(tuple(limits), outcomes, given_up)


async def _give_way(
    one: Hard, others: Sequence[Limit], count: Counter, nearest: Nearest
) -> tuple[ConstraintOutcome, Limit | None]:
    """Return what becomes of a constraint under the other limits, and the limit that holds instead."""
    condition = one.constraint.condition
    if condition is None or condition.range is None:
        known = one.limit.none_of or await count([one.limit])
        reason = c.NO_MATCH if known else c.UNKNOWN_VALUE
        return ConstraintOutcome(one.constraint, Outcome.DROPPED, reason), None
    value, limit = await _nearest_bound(one.limit, others, nearest)
    if value is None or limit is None:
        return ConstraintOutcome(one.constraint, Outcome.DROPPED, c.NO_MATCH), None
    scale = _scale(one)
    relaxed = loosened(
        condition,
        minimum=_rescaled(limit.minimum, one.limit.minimum, condition.range.minimum, scale),
        maximum=_rescaled(limit.maximum, one.limit.maximum, condition.range.maximum, scale),
    )
    return (
        ConstraintOutcome(one.constraint, Outcome.RELAXED, c.NO_MATCH, relaxed, value / scale),
        limit,
    )


async def _nearest_bound(
    limit: Limit, others: Sequence[Limit], nearest: Nearest
) -> tuple[float | None, Limit | None]:
    """Return the stored number nearest to the range, and the range made wide enough for it and its neighbours."""
    found: list[tuple[float, float, Limit]] = []
    if limit.maximum is not None and (above := await nearest(others, limit.key, limit.maximum, True)):
        found.append((above[0] - limit.maximum, above[0], replace(limit, maximum=_neighbour(above))))
    if limit.minimum is not None and (below := await nearest(others, limit.key, limit.minimum, False)):
        found.append((limit.minimum - below[0], below[0], replace(limit, minimum=_neighbour(below))))
    if not found:
        return None, None
    _, value, wider = min(found, key=lambda f: f[:2])
    return value, wider


def _neighbour(numbers: Sequence[float]) -> float:
    """Return the furthest of the numbers that is still near the first one."""
    return [n for n in numbers if abs(n - numbers[0]) <= NEAR * abs(numbers[0])][-1]


def _scale(one: Hard) -> float:
    """Return how many units of the index make one of the condition (minor units of a price)."""
    key = one.limit.key
    return float(10 ** exponent(key.removeprefix("price.").upper())) if key.startswith("price.") else 1.0


def _rescaled(bound: float | None, before: float | None, asked: float | None, scale: float) -> float | None:
    """Return a bound in the unit of the condition; one that did not move stays exactly as asked."""
    return asked if bound == before or bound is None else bound / scale
