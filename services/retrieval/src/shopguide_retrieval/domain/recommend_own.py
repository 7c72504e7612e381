"""What a shopper's own purchases say about the next one: what is due, what is expected, how much of it is routine."""

from collections.abc import Iterable, Mapping, Sequence

from shopguide_retrieval.domain.recommend_habits import Habits
from shopguide_retrieval.domain.shoppers import Interaction

AGAIN_PRODUCTS = 60
"""Own products that may be recommended again, the most expected first."""

ROUTINE = 0.5
"""Share of products that are bought again from which a shopper only buys by routine."""


def due_again(history: Iterable[Interaction], habits: Habits, now: float) -> dict[str, float]:
    """Return how due each of the shopper's consumables is, in (0, 1], where it is."""
    due = {i.product_id: habits.due(i, now) for i in history if i.bought}
    return {i: d for i, d in due.items() if d > 0}


def owned_for_good(
    history: Iterable[Interaction], habits: Habits, leaves: Mapping[str, str]
) -> tuple[str, ...]:
    """Return what the shopper bought that neither others nor they themselves buy again; `leaves`: category by id."""
    return tuple(
        i.product_id for i in history if i.bought and not habits.repeats(i, leaves.get(i.product_id, ""))
    )


def bought_again(history: Iterable[Interaction], habits: Habits, now: float) -> list[str]:
    """Return the shopper's own products of which most purchases are expected, the most expected first."""
    expected = {i.product_id: habits.expected(i.product_id, i, now) for i in history if habits.repeats(i)}
    return sorted((i for i, e in expected.items() if e > 0), key=lambda i: (-expected[i], i))[:AGAIN_PRODUCTS]


def expected_share(
    ids: Iterable[str], history: Iterable[Interaction], habits: Habits, now: float
) -> dict[str, float]:
    """Return the purchases expected of each product over those of the most expected one, in [0, 1]."""
    own = {i.product_id: i for i in history}
    expected = {i: habits.expected(i, own.get(i), now) for i in ids}
    most = max(expected.values(), default=0.0)
    return {i: e / most for i, e in expected.items() if e > 0}


def routine_share(history: Sequence[Interaction], habits: Habits, leaves: Mapping[str, str]) -> float:
    """Return how much the shopper buys by routine, in [0, 1]: the share of what is bought again, 1 from `ROUTINE` on."""
    bought = [i for i in history if i.bought]
    share = sum(habits.repeats(i, leaves.get(i.product_id, "")) for i in bought) / max(1, len(bought))
    return min(1.0, share / ROUTINE)
