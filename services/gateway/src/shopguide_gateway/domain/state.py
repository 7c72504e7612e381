"""What the next turn must know of this one."""

from collections.abc import Sequence

from shopguide_gateway.domain.model import (
    Constraint,
    FollowUp,
    Scored,
    Shown,
    State,
    SuggestedAnswer,
    Understanding,
)

_MAX_HISTORY = 6
_MAX_TURN_CHARS = 300
_MAX_SHOWN = 20


def shown_product(found: Scored) -> Shown:
    """Return what references to a shown product are resolved with."""
    product = found.product
    color = product.attributes.get("color")
    return Shown(
        product.id,
        product.title[:200],
        product.brand,
        product.price,
        color.texts[0] if color and color.texts else "",
        found.role,
    )


def next_state(
    state: State,
    understanding: Understanding,
    text: str,
    answer: str,
    shown: Sequence[Scored],
    follow_up: FollowUp | None,
) -> State:
    """Return the state after a turn; products stay in view until others are shown."""
    return State(
        turn_number=state.turn_number + 1,
        last_intent=understanding.intent,
        search_query=understanding.search_query or state.search_query,
        language=understanding.language,
        constraints=understanding.constraints,
        shown=tuple(shown_product(s) for s in shown[:_MAX_SHOWN]) or state.shown,
        open_slot=follow_up.slot if follow_up else "",
        offered=follow_up.answers if follow_up else (),
        history=_longer_history(state, text, answer),
    )


def _longer_history(state: State, text: str, answer: str) -> tuple[tuple[str, str], ...]:
    new = (("SHOPPER", text[:_MAX_TURN_CHARS]), ("GUIDE", answer[:_MAX_TURN_CHARS]))
    return (*state.history, *(turn for turn in new if turn[1]))[-_MAX_HISTORY:]


def with_selected(understanding: Understanding, selected: SuggestedAnswer | None) -> tuple[Constraint, ...]:
    """Return the constraints, the picked answer's limit among them."""
    if selected is None or selected.condition is None:
        return understanding.constraints
    picked = Constraint(selected.condition, "HARD", selected.text, 1.0)
    others = (c for c in understanding.constraints if _field(c) != selected.condition.field)
    return (*others, picked)


def _field(constraint: Constraint) -> str:
    return constraint.condition.field if constraint.condition else ""
