# ruff: noqa: E501 (word lists and patterns read better unbroken)
"""How many of a thing are wanted: 买两个, 来三双, I need 3 shirts."""

from __future__ import annotations

import re
from dataclasses import dataclass

from shopguide_intent.domain.numbers import NUMBER, parse_number
from shopguide_intent.domain.spans import Span

MAX_QUANTITY = 100
_CLASSIFIER = "个件双条只台部盒包瓶套本把张支袋箱对份副块顶"
_PATTERNS = (
    re.compile(rf"(?:买|要|来|需要|想要|订|下单|各)(?P<n>{NUMBER})[{_CLASSIFIER}](?!月|人|小时|性|工|多)"),
    re.compile(rf"\b(?:buy|order|get|need|want|purchase)(?: me)? (?P<n>{NUMBER})(?: of (?:them|these|those|it)| pairs? of|"
               r" (?:pcs|pieces|units|copies))(?![a-z0-9-])"),
    re.compile(rf"\b(?:buy|order|purchase|get me) (?P<n>{NUMBER})(?= [a-z]{{3,}})(?! (?:in|pack|piece|inch|oz|ounce|pound|foot|feet)\b)"),
    re.compile(r"(?:^|\s)x\s?(?P<n>\d{1,2})$"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number of pieces, at least 2."""

    span: Span
    count: int


def find_quantity(text: str) -> Quantity | None:
    """The first quantity in folded `text`, or None; one piece is never said to be a quantity."""
    for pattern in _PATTERNS:
        for match in pattern.finditer(text):
            value = parse_number(match["n"])
            if value is not None and value == int(value) and 1 < value <= MAX_QUANTITY:
                return Quantity(Span(match.start("n"), match.end()), int(value))
    return None
