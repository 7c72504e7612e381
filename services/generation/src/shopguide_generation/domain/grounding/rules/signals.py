"""Reasons of the ranking: whoever says one must be able to point at the fact that gives it."""

import re
from functools import cache

from shopguide_generation.domain.grounding.reading import Reading
from shopguide_generation.domain.grounding.report import Reason
from shopguide_generation.domain.grounding.text import fold
from shopguide_generation.domain.signals import Given, Signal, given
from shopguide_generation.domain.wording.signal_words import PREDICATES

_OTHER = r"(?P<other>[^.。;；!！?？]*?\[\d+\]) ?"


@cache
def _patterns(language: str) -> tuple[tuple[Signal, re.Pattern[str]], ...]:
    found = []
    for signal, words in PREDICATES[language].items():
        escaped = re.escape(fold(words)).replace(r"\ ", " ?").replace(" ?", r"\s?")
        told = escaped.replace(re.escape("{other}"), r"\s?" + _OTHER)
        found.append((signal, re.compile(told.replace(re.escape("{percent}"), r"(?P<percent>\d+)"))))
    return tuple(found)


def apply(reading: Reading) -> None:
    """Take every reason that a fact of its product gives; report the others."""
    for signal, pattern in _patterns(reading.language):
        for match in pattern.finditer(reading.text):
            if not reading.coverage.free(match.start(), match.start() + 1):
                continue
            subject = _borne_out(reading, signal, match)
            if subject is None:
                reading.find(*match.span(), Reason.WRONG_VALUE)
            else:
                reading.claim("reason", subject, signal.value, match.group())
            reading.coverage.take(*match.span())


def _borne_out(reading: Reading, signal: Signal, match: re.Match[str]) -> int | None:
    """The product whose facts give the reason in the match, or None."""
    for number in reading.mentions.subject(match.start()):
        for one in given(reading.grounds.context, number):
            if one.signal is signal and _same(one, match):
                return number
    return None


def _same(one: Given, match: re.Match[str]) -> bool:
    said = match.groupdict()
    if one.other is not None:
        return said["other"].rstrip().endswith(f"[{one.other}]")
    return one.percent is None or said["percent"] == str(one.percent)
