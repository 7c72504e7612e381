# ruff: noqa: E501 (word lists and patterns read better unbroken)
"""Ordering wishes: 最便宜, highest rated, lightest, 续航最长."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from shopguide_intent.domain.spans import Span


@dataclass(frozen=True, slots=True)
class OrderingWish:
    """An order asked for by name of a field, by dimension ("lightest"), or by a label beside a superlative."""

    span: Span
    field: str
    """`price` or `rating`, or empty."""
    dimension: str
    """Dimension of the number to order by, or empty."""
    descending: bool
    label_before: bool = False
    """Whether the words before the span name what is ordered by (续航最长)."""
    label_after: bool = False
    """Whether the words after the span name it (longest battery)."""


_FIXED = (
    (r"最便宜的?|价格最低的?|最低价的?|最实惠的?|\bcheapest\b|\blowest[- ]pric(?:e|ed)\b|\bleast expensive\b|\bmost affordable\b", "price", "", False),
    (r"最贵的?|价格最高的?|\bmost expensive\b|\bpriciest\b", "price", "", True),
    (
        r"评分最?高的?|评价最[好高]的?|好评率最?高的?|口碑最好的?|好评最多的?|\b(?:highest|best|top)[- ](?:rated|reviewed)\b|\bhighest rating\b|\bbest reviews?\b",
        "rating", "", True,
    ),
    (r"最轻的?|\blightest\b", "", "mass", False),
    (r"最重的?|\bheaviest\b", "", "mass", True),
    (r"最安静的?|\bquietest\b", "", "loudness", False),
)  # fmt: skip
_PATTERNS = tuple((re.compile(regex), field, dim, down) for regex, field, dim, down in _FIXED)
_BEFORE = re.compile(r"最(?P<up>大|长|高|久|强|多)|最(?P<down>小|短|低|少)")
_AFTER = re.compile(
    r"\b(?:(?P<up>longest|highest|largest|biggest|most|greatest)|(?P<down>shortest|lowest|smallest|least|fewest))\b\s"
)


def find_orderings(text: str) -> Iterator[OrderingWish]:
    """Ordering wishes in folded `text`, the surest first."""
    for pattern, field, dimension, down in _PATTERNS:
        for match in pattern.finditer(text):
            yield OrderingWish(Span(match.start(), match.end()), field, dimension, down)
    for match in _BEFORE.finditer(text):
        yield OrderingWish(Span(match.start(), match.end()), "", "", bool(match["up"]), label_before=True)
    for match in _AFTER.finditer(text):
        yield OrderingWish(Span(match.start(), match.end() - 1), "", "", bool(match["up"]), label_after=True)
