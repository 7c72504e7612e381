"""`The page does not say`: true only when no fact has the key and no text has the words."""

import re

from shopguide_generation.domain.grounding.reading import Reading
from shopguide_generation.domain.grounding.report import Reason
from shopguide_generation.domain.grounding.vocabulary import ABSENCES

_POINTING = frozenset({"that", "this", "这一点", ""})
_END = re.compile(r"[.,;:\[、；：。]")


def apply(reading: Reading) -> None:
    """Verify each statement of what a page does not say."""
    reading.take_phrases(longest=True)
    for phrase in ABSENCES[reading.language]:
        for start, end in list(reading.coverage.find(phrase)):
            _check(reading, start, end)


def _check(reading: Reading, start: int, end: int) -> None:
    found = _END.search(reading.text, end)
    stop = found.start() if found else len(reading.text)
    term = reading.text[end:stop].strip()
    subjects = reading.mentions.subject(start)
    reading.coverage.take(start, stop)
    if subjects and not any(_stated(reading, number, term) for number in subjects):
        reading.claim("absent", subjects[0], "", term)
    else:
        reading.find(start, stop, Reason.FALSE_ABSENCE)


def _stated(reading: Reading, number: int, term: str) -> bool:
    keys = reading.grounds.given_labels.get(term) or reading.grounds.labels.get(term, frozenset())
    source = reading.grounds.context.source(number)
    if any(source.get(key) is not None for key in keys):
        return True
    return term not in _POINTING and not keys and term in reading.grounds.text_of(number)
