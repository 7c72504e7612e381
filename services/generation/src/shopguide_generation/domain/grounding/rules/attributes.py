"""Labels and text values: what a statement says a product is or has must be a fact of that product."""

from shopguide_generation.domain.facts import Fact
from shopguide_generation.domain.grounding.reading import Reading
from shopguide_generation.domain.grounding.report import Reason
from shopguide_generation.domain.grounding.text import fold, is_han
from shopguide_generation.domain.grounding.vocabulary import NEGATIONS


def apply(reading: Reading) -> None:
    """Verify text values, what is denied, and bare labels."""
    _values(reading)
    _negations(reading)
    _labels(reading)


def _values(reading: Reading) -> None:
    for value, numbers in sorted(reading.grounds.values.items(), key=lambda item: -len(item[0])):
        if len(value) < 2 and is_han(value):  # noqa: PLR2004 - single characters are read last
            continue
        for start, end in list(reading.coverage.find(value)):
            if reading.inside_label(start, end):
                continue
            _value(reading, start, end, value, numbers)


def _value(reading: Reading, start: int, end: int, value: str, numbers: frozenset[int]) -> None:
    holders = (*(reading.mentions.following(end) or ()), *reading.candidates(start))
    subject = next((n for n in holders if n in numbers), None)
    if subject is None:
        return
    facts = reading.grounds.facts_of((subject,))
    keys = {fact.key for fact in facts if isinstance(fact.value, str) and fold(fact.value) == value}
    named = _label_before(reading, start)
    if named and not named & keys:
        reading.find(start, end, Reason.WRONG_VALUE)
        return
    reading.coverage.take(start, end)
    reading.claim("text", subject, min(keys & named if named else keys), value)


def _label_before(reading: Reading, start: int) -> frozenset[str] | None:
    """The keys of a label that stands directly before a place."""
    head = reading.text[:start].rstrip(" :")
    fitting = [word for word in reading.grounds.labels if head.endswith(word)]
    return reading.grounds.labels[max(fitting, key=len)] if fitting else None


def _negations(reading: Reading) -> None:
    """A denial stands only before a flag that is false, or before what the shopper refused."""
    for word in NEGATIONS[reading.language]:
        for start, end in list(reading.coverage.find(word)):
            answer = start == 0 and reading.text[end : end + 1] == ":"
            if answer or _denied_flag(reading, start, end) or _refused(reading, start, end):
                reading.coverage.take(start, end)
            else:
                reading.find(start, min(end + 20, len(reading.text)), Reason.FALSE_NEGATION)
                reading.coverage.take(start, end)


def _denied_flag(reading: Reading, start: int, end: int) -> bool:
    label, place = _label_after(reading, end)
    if not label:
        return False
    keys = reading.grounds.labels[label]
    subjects = reading.mentions.subject(start)
    denied = [f for f in reading.grounds.facts_of(subjects, keys) if f.value is False]
    repeats = _before_products(reading, start) or reading.asked(start)
    limited = repeats and any(
        o.limit.key in keys and o.limit.flag is False for o in reading.grounds.context.outcomes
    )
    if denied or limited:
        reading.coverage.take(place, place + len(label))
        reading.claim("denied", subjects[0] if subjects else None, min(keys), label)
        return True
    return False


def _label_after(reading: Reading, end: int) -> tuple[str, int]:
    rest = reading.text[end:].lstrip()
    place = len(reading.text) - len(rest)
    fitting = [word for word in reading.grounds.labels if rest.startswith(word)]
    return (max(fitting, key=len), place) if fitting else ("", place)


def _refused(reading: Reading, start: int, end: int) -> bool:
    refused = {fold(v) for o in reading.grounds.context.outcomes for v in o.limit.none_of}
    rest = reading.text[end:].lstrip()
    repeats = _before_products(reading, start) or reading.asked(start)
    return repeats and any(rest.startswith(value) for value in refused)


def _before_products(reading: Reading, at: int) -> bool:
    return at < reading.mentions.first


def _labels(reading: Reading) -> None:
    for label in sorted(reading.grounds.labels, key=len, reverse=True):
        keys = reading.grounds.labels[label]
        for start, end in list(reading.coverage.find(label)):
            reading.coverage.take(start, end)
            if not _borne_out(reading, start, keys):
                reading.find(start, end, Reason.UNKNOWN_WORD)


def _borne_out(reading: Reading, start: int, keys: frozenset[str]) -> bool:
    limited = {o.limit.key for o in reading.grounds.context.outcomes}
    if keys & limited and (_before_products(reading, start) or reading.asked(start)):
        return True
    found = reading.grounds.facts_of(reading.candidates(start), keys)
    if any(_asserts(fact) for fact in found):
        _claim_flag(reading, start, found)
        return True
    about_nothing = not reading.mentions.numbers and not reading.mentions.support
    return about_nothing and _known_key(reading, keys)


def _asserts(fact: Fact) -> bool:
    return fact.value is not False


def _claim_flag(reading: Reading, start: int, found: list[Fact]) -> None:
    flag = next((fact for fact in found if fact.value is True), None)
    if flag is not None:
        subjects = reading.mentions.subject(start)
        reading.claim("flag", subjects[0] if subjects else None, flag.key, "true")


def _known_key(reading: Reading, keys: frozenset[str]) -> bool:
    """A label in a statement about no product ("I looked at weight and battery") needs some product that has the key."""
    every = tuple(range(1, len(reading.grounds.context.sources) + 1))
    return bool(reading.grounds.facts_of(every, keys)) or not every
