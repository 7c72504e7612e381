"""The shopper's own words may be repeated: before any product is named, after "for", as a role, or in quotation marks."""

import re

from shopguide_generation.domain.grounding.reading import Reading
from shopguide_generation.domain.grounding.text import fold

_FOR = re.compile(r"(?:\bfor|送|给|为)\s?$")


def apply(reading: Reading) -> None:
    """Take what the shopper said, where repeating it asserts nothing about a product."""
    _limits(reading)
    reading.take_phrases()
    _quoted(reading)
    _echoes(reading)


def _limits(reading: Reading) -> None:
    """The shopper's own words for a limit, before any product is named; read first, since they may hold set words."""
    for outcome in reading.grounds.context.outcomes:
        for start, end in list(reading.coverage.find(fold(outcome.limit.evidence))):
            if end <= reading.mentions.first:
                reading.coverage.take(start, end)


def _echoes(reading: Reading) -> None:
    """The shopper's words before any product is named, or right after "for"."""
    for echo in reading.grounds.echoes:
        for start, end in list(reading.coverage.find(echo)):
            early = start < reading.mentions.first
            if (
                early
                or (echo in reading.grounds.purposes and _FOR.search(reading.text[:start]))
                or _is_role(reading, end, echo)
            ):
                reading.coverage.take(start, end)


def _is_role(reading: Reading, end: int, echo: str) -> bool:
    following = reading.mentions.named_from(end)
    gap = reading.text[end : following.start].strip() if following else "x"
    roles = [reading.grounds.context.source(n).role for n in following.numbers] if following else []
    return gap in {"", ":", "、", ",", "选"} and echo in {role.lower() for role in roles}


def _quoted(reading: Reading) -> None:
    for echo in reading.grounds.echoes:
        quoted = f'"{echo}"'
        at = reading.text.find(quoted)
        while at >= 0:
            if reading.coverage.free(at, at + len(quoted)):
                reading.coverage.take(at, at + len(quoted))
            at = reading.text.find(quoted, at + 1)
