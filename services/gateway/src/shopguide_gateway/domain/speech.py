"""The wish that nobody utters: products whose page is in the shopper's own language."""

from collections.abc import Iterable

from shopguide_gateway.domain.model import Condition, Constraint, Language, Outcome

_FIELD = "language"


def with_language(constraints: Iterable[Constraint], language: Language) -> tuple[Constraint, ...]:
    """Return the constraints and the soft wish for the language; a limit on it that was asked for stands alone."""
    given = tuple(constraints)
    if any(c.condition is not None and c.condition.field == _FIELD for c in given):
        return given
    return (*given, Constraint(Condition(_FIELD, any_of=(language,)), "SOFT"))


def without_language(outcomes: Iterable[Outcome]) -> tuple[Outcome, ...]:
    """Return what became of the constraints that the shopper did utter."""
    return tuple(o for o in outcomes if not _is_unuttered(o.constraint))


def _is_unuttered(constraint: Constraint) -> bool:
    condition = constraint.condition
    return (
        condition is not None
        and condition.field == _FIELD
        and constraint.strength == "SOFT"
        and not constraint.evidence
    )
