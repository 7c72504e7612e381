"""The dialogue policy: intent × state → plan. A table and a few guards, so that every turn can be foretold and tested."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from shopguide_gateway.domain.model import Constraint, State, Understanding

Action = Literal[
    "search",
    "recommend",
    "deals",
    "bundle",
    "goes_with",
    "compare",
    "similar",
    "product_question",
    "reviews",
    "policy",
    "none",
]


@dataclass(frozen=True, slots=True)
class Plan:
    """What to retrieve, what to write, and which products of the conversation it is about."""

    action: Action
    task: str
    target_ids: tuple[str, ...] = ()
    own: tuple[Constraint, ...] = ()
    """Limits and wishes of this turn alone, where those of the turns before are about something else."""


@dataclass(frozen=True, slots=True)
class _Row:
    action: Action
    task: str
    targets: int = 0


_TABLE: Mapping[str, _Row] = {
    "SEARCH": _Row("search", "RECOMMEND"),
    "RECOMMEND": _Row("recommend", "RECOMMEND"),
    "GIFT": _Row("search", "GIFT"),
    "DEAL": _Row("deals", "DEAL"),
    "BUNDLE": _Row("search", "RECOMMEND"),
    "COMPARE": _Row("compare", "COMPARE", targets=2),
    "SIMILAR": _Row("similar", "SIMILAR", targets=1),
    "PRODUCT_QUESTION": _Row("product_question", "ANSWER_PRODUCT", targets=1),
    "REVIEWS": _Row("reviews", "REVIEWS", targets=1),
    "SHOP_QUESTION": _Row("policy", "ANSWER_POLICY"),
    "COMPLAINT": _Row("policy", "COMPLAINT"),
    "CHITCHAT": _Row("none", "CHITCHAT"),
    "OUT_OF_SCOPE": _Row("none", "OUT_OF_SCOPE"),
}
_BUNDLE_INTENTS = frozenset({"SEARCH", "RECOMMEND", "GIFT", "BUNDLE"})
_ABOUT_ONE = frozenset({"product_question", "reviews"})
_MAX_COMPARED = 4


def targets(understanding: Understanding, state: State, least: int) -> tuple[str, ...]:
    """Return the products that the words are about: those pointed at, else the first `least` shown.

    Empty when fewer than `least` are to be had.
    """
    named = tuple(dict.fromkeys(r.product_id for r in understanding.references))
    if len(named) >= least:
        return named[:_MAX_COMPARED]
    if understanding.topic_changed:
        return ()
    pool = dict.fromkeys((*named, *(s.product_id for s in state.shown)))
    return tuple(pool)[:least] if len(pool) >= least else ()


def choose_plan(understanding: Understanding, state: State) -> Plan:
    """Return what to do in this turn."""
    if understanding.intent in _BUNDLE_INTENTS and len(understanding.scopes) > 1:
        return Plan("bundle", "BUNDLE")
    if understanding.abstained and _nothing_to_search(understanding):
        return Plan("none", "CLARIFY")
    if understanding.intent == "BUNDLE" and understanding.references:
        own = tuple(c for c in understanding.constraints if c not in state.constraints)
        return Plan("goes_with", "BUNDLE", targets(understanding, state, 1), own)
    row = _TABLE.get(understanding.intent, _TABLE["SEARCH"])
    if row.action == "recommend":
        return Plan(row.action, row.task, tuple(s.product_id for s in state.shown))
    if row.targets:
        named = targets(understanding, state, row.targets)
        if not named and row.action in _ABOUT_ONE and not _is_grounded(understanding):
            return Plan("none", "CLARIFY")
        return Plan(row.action, row.task, named)
    if row.action in {"search", "deals"} and _nothing_to_search(understanding):
        return Plan("none", "CLARIFY") if understanding.intent == "SEARCH" else Plan(row.action, row.task)
    return Plan(row.action, row.task)


def _is_grounded(understanding: Understanding) -> bool:
    """Return whether the words name anything that the catalogue knows, so that a product can be looked for."""
    return any(c.condition is not None for c in understanding.constraints)


def _nothing_to_search(understanding: Understanding) -> bool:
    return not understanding.search_query and not understanding.constraints
