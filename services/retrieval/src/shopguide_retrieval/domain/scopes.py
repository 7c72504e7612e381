"""Several product roles under one total: the best joint choice, exactly.

A multiple-choice knapsack, solved by dynamic programming over the undominated (value, cost) states. A product that
two roles want is resolved by branching: it is forbidden to one role, then to the other, best bound first. Filled
roles count first, then the sum of relevance, then the lower total; equal choices are decided by the order of the
candidates, so the answer is always the same. Candidates that as many others as there are roles match in both relevance
and cost are left out beforehand: whatever the other roles take, one of those others is free.
"""

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Option:
    """A candidate of a role: its id, relevance in [0, 1] and cost in minor units, quantity counted."""

    id: str
    relevance: float
    cost: int


@dataclass(frozen=True, slots=True)
class Choice:
    """The option chosen for each role (None: left empty), in the order of the roles, and what they cost together."""

    options: tuple[Option | None, ...]
    total: int


@dataclass(frozen=True, slots=True)
class _State:
    """A choice for the first roles; `value` is roles filled, then relevance in all."""

    value: tuple[int, float]
    cost: int
    options: tuple[Option | None, ...]


_Forbidden = frozenset[tuple[int, str]]
"""Pairs of role and product that may not be combined."""


def choose(roles: Sequence[Sequence[Option]], budget: int | None) -> Choice:
    """Return the most valuable choice of at most one option per role that costs at most `budget` together.

    The same product is never chosen for two roles. `budget` None means no limit.
    """
    roles = [_contenders(options, len(roles)) for options in roles]
    root = _solve(roles, budget, frozenset())
    heap: list[tuple[tuple[float, ...], int, _State, _Forbidden]] = [(_key(root), 0, root, frozenset())]
    serial = 0
    while True:
        _, _, state, forbidden = heapq.heappop(heap)
        clash = _clash(state)
        if clash is None:
            return Choice(state.options, state.cost)
        for ban in clash:
            serial += 1
            branch = _solve(roles, budget, forbidden | {ban})
            heapq.heappush(heap, (_key(branch), serial, branch, forbidden | {ban}))


def minimum_total(roles: Sequence[Sequence[Option]]) -> int | None:
    """Return the lowest total that fills every role, or None when a role has no candidate."""
    if not all(roles):
        return None
    cheapest = [[Option(o.id, 0.0, o.cost) for o in options] for options in roles]
    filled = choose(cheapest, None)
    return filled.total if all(filled.options) else None


def substitutes(role: int, options: Sequence[Option], choice: Choice, budget: int | None) -> list[Option]:
    """Return the other options of a role that keep the total within the budget, in their order."""
    current = choice.options[role]
    others = choice.total - (current.cost if current else 0)
    taken = {o.id for o in choice.options if o}
    return [o for o in options if o.id not in taken and (budget is None or others + o.cost <= budget)]


def _contenders(options: Sequence[Option], roles: int) -> list[Option]:
    """Return the options that fewer than `roles` others match in relevance and cost, in their order."""
    by_cost = sorted(range(len(options)), key=lambda i: (options[i].cost, -options[i].relevance, i))
    best: list[float] = []
    kept: set[int] = set()
    for i in by_cost:
        relevance = options[i].relevance
        if len(best) < roles or relevance > best[0]:
            kept.add(i)
            heapq.heappush(best, relevance)
            if len(best) > roles:
                heapq.heappop(best)
    return [option for i, option in enumerate(options) if i in kept]


def _key(state: _State) -> tuple[float, ...]:
    """Return what a heap sorts by: the best state first."""
    return (-state.value[0], -state.value[1], state.cost)


def _clash(state: _State) -> tuple[tuple[int, str], tuple[int, str]] | None:
    """Return the first product that two roles hold, with both roles."""
    holder: dict[str, int] = {}
    for role, option in enumerate(state.options):
        if option is None:
            continue
        if option.id in holder:
            return (holder[option.id], option.id), (role, option.id)
        holder[option.id] = role
    return None


def _solve(roles: Sequence[Sequence[Option]], budget: int | None, forbidden: _Forbidden) -> _State:
    """Return the best choice, clashes between roles ignored."""
    states = [_State((0, 0.0), 0, ())]
    for role, options in enumerate(roles):
        allowed = [o for o in options if (role, o.id) not in forbidden]
        states = _undominated([new for state in states for new in _extended(state, allowed, budget)])
    return min(states, key=_key)


def _extended(state: _State, options: Sequence[Option], budget: int | None) -> Iterator[_State]:
    for option in options:
        cost = state.cost + option.cost
        if budget is None or cost <= budget:
            value = (state.value[0] + 1, state.value[1] + option.relevance)
            yield _State(value, cost, (*state.options, option))
    yield _State(state.value, state.cost, (*state.options, None))


def _undominated(states: list[_State]) -> list[_State]:
    """Return the states that no cheaper or equally cheap one matches in value, cheapest first."""
    kept: list[_State] = []
    for state in sorted(states, key=lambda s: (s.cost, -s.value[0], -s.value[1])):
        if not kept or state.value > kept[-1].value:
            kept.append(state)
    return kept
