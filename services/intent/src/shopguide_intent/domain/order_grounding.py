"""Which field an ordering wish is about."""

from __future__ import annotations

from collections.abc import Sequence

from shopguide_intent.domain import units
from shopguide_intent.domain.matcher import Match, Sense
from shopguide_intent.domain.model import Ordering
from shopguide_intent.domain.orderings import OrderingWish, find_orderings
from shopguide_intent.domain.spans import Span
from shopguide_intent.domain.vocabulary import AttributeKind, Vocabulary

_NEAR = 2
"""Characters between a superlative and the name it belongs to, at most."""


def ground_ordering(
    text: str, matches: Sequence[Match], vocabulary: Vocabulary
) -> tuple[Ordering, Span] | None:
    """The order asked for in folded `text` and the words that ask for it; None when there is none."""
    for wish in find_orderings(text):
        field = wish.field or _by_dimension(wish, vocabulary) or _by_label(wish, matches, vocabulary)
        if field:
            return Ordering(field, wish.descending), wish.span
    return None


def _by_dimension(wish: OrderingWish, vocabulary: Vocabulary) -> str:
    if not wish.dimension:
        return ""
    for attribute in vocabulary.attributes:
        unit = units.unit(attribute.unit) if attribute.unit else None
        if attribute.kind is AttributeKind.NUMBER and unit is not None and unit.dimension == wish.dimension:
            return attribute.field
    return ""


def _by_label(wish: OrderingWish, matches: Sequence[Match], vocabulary: Vocabulary) -> str:
    numbers = {a.field for a in vocabulary.attributes if a.kind is AttributeKind.NUMBER}
    for match in matches:
        before = wish.label_before and 0 <= wish.span.start - match.span.end <= _NEAR
        after = wish.label_after and 0 <= match.span.start - wish.span.end <= _NEAR
        labels = [e.field for e in match.of(Sense.LABEL) if e.field in numbers]
        if (before or after) and labels:
            return labels[0]
    return ""
