"""Superlatives and comparatives without a number: true of the products shown, or held back."""

import re
from decimal import Decimal

from shopguide_generation.domain.derived import DerivedKind, measure, saving_percent
from shopguide_generation.domain.grounding.reading import Reading
from shopguide_generation.domain.grounding.report import Reason
from shopguide_generation.domain.grounding.rules.figures import nearest_label
from shopguide_generation.domain.grounding.text import fold
from shopguide_generation.domain.grounding.vocabulary import (
    DIRECTIONS,
    EXTREME_FAMILIES,
    EXTREMES,
    SAVING_WORDS,
    SUPERLATIVES,
    Direction,
    glue,
)
from shopguide_generation.domain.labels import family


def apply(reading: Reading) -> None:
    """Verify superlatives, then comparatives that no number rule has taken."""
    _conditional(reading)
    for match in SUPERLATIVES[reading.language].finditer(reading.text):
        if reading.coverage.free(*match.span()) and match.group() not in glue(reading.language):
            reading.coverage.take(*match.span())
            if not _true_extreme(reading, match.group(), *match.span()):
                reading.find(*match.span(), Reason.FALSE_SUPERLATIVE)
    for word, direction in DIRECTIONS[reading.language].items():
        for start, end in list(reading.coverage.find(word)):
            reading.coverage.take(start, end)
            if not _taken_by_number(reading, start, end) and not _true_comparison(
                reading, start, end, direction
            ):
                reading.find(start, end, Reason.WRONG_COMPARISON)


_NOTHING_FITS = re.compile(r"nothing meets|i found nothing|没有同时满足|没有满足|没有找到|没有这样的")
_BETWEEN_ROLES = re.compile(r"合适的|和|suitable for|\bor\b|[\s、,.。]")
_NO_SAVING = re.compile(r"states a list price above the current price|没有写比现价高的原价")
_YES = re.compile(r"^(yes|有)[:：]")
_NO = re.compile(r"^(no|没有)[:：]")


def _conditional(reading: Reading) -> None:
    """Set phrases that are true only of some answers."""
    found = _NOTHING_FITS.search(reading.text)
    if found and not reading.grounds.nothing_fits and not _of_missing_roles(reading, found.end()):
        reading.find(*found.span(), Reason.CONTRADICTION)
    no_saving = _NO_SAVING.search(reading.text)
    if no_saving and any(d.kind is DerivedKind.SAVING for d in reading.grounds.derived):
        reading.find(*no_saving.span(), Reason.CONTRADICTION)
    denied = any(claim.kind == "denied" for claim in reading.claims)
    for pattern, wrong in ((_YES, denied), (_NO, not denied)):
        answer = pattern.search(reading.text)
        if answer and wrong:
            reading.find(*answer.span(), Reason.CONTRADICTION)


def _of_missing_roles(reading: Reading, at: int) -> bool:
    """Whether what follows names nothing but roles of a bundle that were left empty."""
    rest = reading.text[at:]
    roles = sorted(map(fold, reading.grounds.context.missing_roles), key=len, reverse=True)
    for role in filter(None, roles):
        rest = rest.replace(role, "")
    return rest != reading.text[at:] and not _BETWEEN_ROLES.sub("", rest)


def _true_extreme(reading: Reading, word: str, start: int, end: int) -> bool:
    sign = EXTREMES.get(word)
    subjects = reading.mentions.subject(start)
    if sign is None or len(subjects) != 1:
        return False
    head, tail = reading.text[max(0, start - 8) : start], reading.text[end : end + 10]
    if any(term in head or term in tail for term in SAVING_WORDS):
        return _is_extreme(reading, subjects[0], sign, _saving_values(reading))
    keys = nearest_label(reading, start, end) or frozenset()
    kin = EXTREME_FAMILIES.get(word)
    for fact in reading.grounds.context.source(subjects[0]).facts:
        named = fact.key in keys if kin is None else family(fact.key, fact.unit).name == kin
        values = _values(reading, fact.key) if named else {}
        if named and _is_extreme(reading, subjects[0], sign, values):
            reading.claim("extreme", subjects[0], fact.key, word)
            return True
    return False


def _saving_values(reading: Reading) -> dict[int, Decimal]:
    offers = reading.grounds.context.offers
    return {n: saving_percent(source) or Decimal(0) for n, source in offers}


def _values(reading: Reading, key: str) -> dict[int, Decimal]:
    measured = [
        (n, measure(fact)) for n, source in reading.grounds.context.offers if (fact := source.get(key))
    ]
    units = {unit for _, (_, unit) in measured}
    return {n: value for n, (value, _) in measured if value is not None} if len(units) == 1 else {}


def _is_extreme(reading: Reading, subject: int, sign: int, values: dict[int, Decimal]) -> bool:
    """True when the subject's value is the extreme of all products shown, every one of which has a value."""
    complete = len(values) == len(reading.grounds.context.offers) > 1
    if not complete or subject not in values:
        return False
    return values[subject] == (max if sign > 0 else min)(values.values())


def _taken_by_number(reading: Reading, start: int, end: int) -> bool:
    """True when a verified number stands right beside the comparative: the number rule has judged both."""
    before, after = reading.text[max(0, start - 14) : start].rstrip(), reading.text[end : end + 10].lstrip()
    prior = re.search(r"[\d](?:[\d.,]*)\s?(?:[a-z°%\"]+|[\u4e00-\u9fff]{1,3}|[€])?$", before)
    measured = prior and reading.language == "en"
    return bool(measured or re.match(r"[a-z]{0,3} ?[$¥£€₩₹]?\d", after))


def _true_comparison(reading: Reading, start: int, end: int, direction: Direction) -> bool:
    keys = nearest_label(reading, start, end) or frozenset()
    subjects = reading.mentions.subject(start)
    for derived in reading.grounds.derived:
        if derived.kind is not DerivedKind.DIFFERENCE or derived.subject not in subjects:
            continue
        kin = family(derived.key, derived.unit).name
        named = derived.key in keys or (bool(direction.family) and kin == direction.family)
        if named and (derived.value > 0) == (direction.sign > 0):
            reading.claim("comparison", derived.subject, derived.key, str(direction.sign))
            return True
    return False
