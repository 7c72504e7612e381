"""Whatever is left must be words that assert nothing, or the subject's own text."""

import re

from shopguide_generation.domain.grounding.reading import Reading
from shopguide_generation.domain.grounding.report import Reason
from shopguide_generation.domain.grounding.text import is_han
from shopguide_generation.domain.grounding.vocabulary import glue

_LONGEST_PHRASE = 8


def apply(reading: Reading) -> None:
    """Account for all remaining words, or report them."""
    for start, end in list(reading.coverage.remaining()):
        if is_han(reading.text[start]):
            _han(reading, start, end)
        elif not _latin(reading, start, end):
            reading.find(start, end, _reason(reading.text[start:end]))


def _latin(reading: Reading, start: int, end: int) -> bool:
    word = reading.text[start:end]
    if word in glue(reading.language) or word in {"'s", "s"}:
        return True
    holders = (*reading.mentions.following(end), *reading.candidates(start))
    return any(_has_word(reading.grounds.text_of(number), word) for number in holders) and not word.isdigit()


def _has_word(text: str, word: str) -> bool:
    return re.search(rf"(?<![a-z0-9]){re.escape(word)}(?![a-z0-9])", text) is not None


def _han(reading: Reading, start: int, end: int) -> None:
    """Reads a run of Han characters as set words and text of the subject, longest first; reports what is neither."""
    at = start
    while at < end:
        size = _longest(reading, at, end)
        if size == 0:
            stop = at + 1
            while stop < end and _longest(reading, stop, end) == 0:
                stop += 1
            reading.find(at, stop, Reason.UNKNOWN_WORD)
            at = stop
        at += size


def _longest(reading: Reading, at: int, end: int) -> int:
    known = glue("zh")
    texts = [reading.grounds.text_of(n) for n in (*reading.mentions.following(end), *reading.candidates(at))]
    for size in range(min(end - at, _LONGEST_PHRASE), 0, -1):
        piece = reading.text[at : at + size]
        if (
            piece in known
            or (size > 1 and any(piece in text for text in texts))
            or _is_value(reading, at, piece)
        ):
            return size
    return 0


def _is_value(reading: Reading, at: int, piece: str) -> bool:
    return bool(reading.grounds.values.get(piece, frozenset()) & set(reading.candidates(at)))


def _reason(text: str) -> Reason:
    if any(c.isdigit() for c in text):
        return Reason.UNKNOWN_NUMBER
    return Reason.UNKNOWN_WORD
