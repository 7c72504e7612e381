"""Which attribute a number limit is about, in the attribute's own unit."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from shopguide_intent.domain import units
from shopguide_intent.domain.concepts import attribute_concepts, concepts
from shopguide_intent.domain.limits import NumberLimit
from shopguide_intent.domain.matcher import Match, Matcher, Sense
from shopguide_intent.domain.model import RATING, Bounds, Condition, Constraint, Strength
from shopguide_intent.domain.spans import Span
from shopguide_intent.domain.utterance import Utterance
from shopguide_intent.domain.vocabulary import Attribute, AttributeKind

MAX_RATING = 5.0
"""Ratings are stars from 1 to 5."""

_UNSURE = 0.5
"""Confidence of a choice between attributes that fit alike."""

_NEAR = 14
"""Characters between a number and the name of what it measures, at most."""

_CLEAR_LEAD = 0.5
"""An attribute is chosen for certain when its score leads the next by so much."""

_CLAUSE = re.compile(r"[\n,，。;；!！?？]|\band\b|\bwith\b|并且|而且")
_LINK = re.compile(r"\s*(?:版本|version|v|在|要|是|达到?|有|为|of|is|a|an)?\s*")
_RATING_BEFORE = re.compile(
    r"(?:\brat(?:ed|ings?)(?: (?:of|is|with|at))*|评分|星级|口碑分|好评分)(?:要|在|是|达到)?\s*$"
)
_RATING_AFTER = re.compile(r"\s*(?:-?star(?:s)? ratings?|stars?\b|ratings?\b|分(?![钟贝辨]))")


@dataclass(frozen=True, slots=True)
class GroundedLimit:
    """What became of a number limit."""

    constraint: Constraint
    spans: tuple[Span, ...]
    """Words that the search query can do without."""


class NumberGrounder:
    """Finds attributes for number limits in one vocabulary."""

    def __init__(self, matcher: Matcher) -> None:
        """Collect the number attributes and the quantities they speak of."""
        self._numbers = [a for a in matcher.vocabulary.attributes if a.kind is AttributeKind.NUMBER]
        self._concepts = {a.key: attribute_concepts(a) for a in self._numbers}
        self._vocabulary = matcher.vocabulary

    def ground(
        self, message: Utterance, limit: NumberLimit, matches: Sequence[Match], category: str
    ) -> GroundedLimit | None:
        """The constraint that a limit means.

        None when nothing says what it measures: then it is no limit at all.
        """
        rating = _rating(message, limit)
        if rating is not None:
            return rating
        for reading in _readings(limit):
            labelled = self._labelled(message, reading, matches, category)
            if labelled is not None:
                return labelled
        return None if limit.unit is None else self._unlabelled(message, limit, category)

    def _unlabelled(self, message: Utterance, limit: NumberLimit, category: str) -> GroundedLimit | None:
        grounded = [self._by_unit(message, reading, category) for reading in _readings(limit)]
        best = next((g for g in grounded if g.constraint.condition is not None), grounded[0])
        bounded = limit.minimum is not None and limit.maximum is not None
        # "2-6 years" without a comparator describes a product as often as it limits one.
        return None if bounded and best.constraint.condition is None and not best.spans else best

    def mention(
        self, message: Utterance, limit: NumberLimit, matches: Sequence[Match], category: str
    ) -> Constraint | None:
        """The wish behind a number without a comparator ("16GB memory"); it ranks and never filters."""
        for reading in _readings(limit):
            grounded = self._labelled(message, reading, matches, category) or (
                self._by_unit(message, reading, category) if category else None
            )
            constraint = grounded.constraint if grounded else None
            if (
                constraint is not None
                and constraint.condition is not None
                and constraint.confidence > _UNSURE
            ):
                return self._wished(constraint, constraint.condition, message.words(limit.span))
        return None

    def _wished(self, constraint: Constraint, condition: Condition, words: str) -> Constraint:
        attribute = next(a for a in self._numbers if a.field == condition.field)
        value = condition.bounds.minimum if condition.bounds else None
        bounds = {True: Bounds(minimum=value), False: Bounds(maximum=value), None: Bounds(value, value)}
        wanted = replace(condition, bounds=bounds[attribute.higher_is_better])
        return replace(constraint, condition=wanted, strength=Strength.SOFT, evidence=words, confidence=0.6)

    def _labelled(
        self, message: Utterance, limit: NumberLimit, matches: Sequence[Match], category: str
    ) -> GroundedLimit | None:
        for span, fields in _labels_near(message.text, limit, matches):
            comparable = [
                (self._vocabulary.coverage(a.key, category), _same_unit(a, limit), a, bounds)
                for a in self._numbers
                if a.field in fields and (bounds := _in_unit_of(a, limit)) is not None
            ]
            if category and not any(row[0] for row in comparable):
                continue
            if comparable:
                _, _, attribute, bounds = max(comparable, key=lambda row: (row[0] > 0, row[1], row[0]))
                whole = Span(min(span.start, limit.span.start), max(span.end, limit.span.end))
                cut = (limit.span,) if limit.unit is None else (span, limit.span)
                return GroundedLimit(_constraint(attribute, bounds, limit, message.words(whole), 0.95), cut)
        return None

    def _by_unit(self, message: Utterance, limit: NumberLimit, category: str) -> GroundedLimit:
        spoken = concepts(_surroundings(message.text, limit.span))
        scored = sorted(
            ((self._score(a, limit, category, spoken), a) for a in self._numbers), key=lambda row: -row[0]
        )
        words = message.words(limit.span)
        if not scored or scored[0][0] <= 0:
            spans = (limit.span,) if limit.unit and limit.unit.dimension == "reviews" else ()
            return GroundedLimit(Constraint(None, Strength.UNSUPPORTED, words, 0.8), spans)
        lead = scored[0][0] - (scored[1][0] if len(scored) > 1 else 0.0)
        attribute = scored[0][1]
        bounds = _in_unit_of(attribute, limit)
        assert bounds is not None  # noqa: S101 (a positive score implies comparable units)
        constraint = _constraint(attribute, bounds, limit, words, 0.85)
        if lead < _CLEAR_LEAD:
            constraint = replace(constraint, strength=Strength.SOFT, confidence=_UNSURE)
        return GroundedLimit(constraint, (limit.span,))

    def _score(
        self, attribute: Attribute, limit: NumberLimit, category: str, spoken: frozenset[str]
    ) -> float:
        bounds = _in_unit_of(attribute, limit)
        if bounds is None or not _plausible(attribute, bounds) or not attribute.unit:
            return 0.0
        own = self._concepts[attribute.key]
        if spoken and own and not spoken & own:
            return 0.0
        coverage = self._vocabulary.coverage(attribute.key, category)
        if category and coverage == 0.0:
            return 0.0
        certain = 2.0 if spoken & own else 0.0
        return 0.5 + certain + 0.6 * _same_unit(attribute, limit) + coverage


def _same_unit(attribute: Attribute, limit: NumberLimit) -> bool:
    return bool(attribute.unit) and units.unit(attribute.unit) == limit.unit


def _readings(limit: NumberLimit) -> tuple[NumberLimit, ...]:
    """The limit as written, and "512G" as gigabytes too: shoppers leave the B out."""
    if limit.unit != units.UNITS["g"]:
        return (limit,)
    return limit, replace(limit, unit=units.UNITS["gb"])


def _rating(message: Utterance, limit: NumberLimit) -> GroundedLimit | None:
    stars = limit.unit is not None and limit.unit.dimension == "stars"
    value = limit.minimum if limit.minimum is not None else limit.maximum
    if value is None or value > MAX_RATING or (limit.unit is not None and not stars):
        return None
    before = _RATING_BEFORE.search(message.text[: limit.span.start])
    after = _RATING_AFTER.match(message.text, limit.span.end)
    if not (stars or before or after):
        return None
    span = Span(before.start() if before else limit.span.start, after.end() if after else limit.span.end)
    condition = Condition(RATING, bounds=Bounds(limit.minimum, limit.maximum))
    return GroundedLimit(Constraint(condition, Strength.HARD, message.words(span), 0.95), (span,))


def _labels_near(text: str, limit: NumberLimit, matches: Iterable[Match]) -> list[tuple[Span, set[str]]]:
    """Names of attributes beside the limit, nearest first."""
    found = []
    for match in matches:
        fields = {e.field for e in match.entries if e.sense in (Sense.LABEL, Sense.FLAG, Sense.VALUE)}
        gap = _gap(text, match.span, limit.span)
        if gap is None or not fields:
            continue
        if limit.unit is None and not (match.span.end <= limit.span.start and _LINK.fullmatch(gap)):
            continue
        if len(gap) <= _NEAR and not _CLAUSE.search(gap):
            found.append((len(gap), match.span, fields))
    return [(span, fields) for _, span, fields in sorted(found, key=lambda row: row[0])]


def _gap(text: str, word: Span, limit: Span) -> str | None:
    if word.overlaps(limit):
        return None
    return text[word.end : limit.start] if word.end <= limit.start else text[limit.end : word.start]


def _surroundings(text: str, span: Span) -> str:
    before = _CLAUSE.split(text[max(0, span.start - _NEAR) : span.start])[-1]
    after = _CLAUSE.split(text[span.end : span.end + _NEAR])[0]
    return f"{before} | {text[span.start : span.end]} | {after}"


def _in_unit_of(attribute: Attribute, limit: NumberLimit) -> Bounds | None:
    """The limit in the attribute's unit; None when the two cannot be compared."""
    if limit.unit is None:
        return Bounds(limit.minimum, limit.maximum)
    own = units.unit(attribute.unit) if attribute.unit else None
    if own is None or own.dimension != limit.unit.dimension:
        return None
    low = None if limit.minimum is None else units.convert(limit.minimum, limit.unit, own)
    high = None if limit.maximum is None else units.convert(limit.maximum, limit.unit, own, upper=True)
    return Bounds(low, high)


def _plausible(attribute: Attribute, bounds: Bounds) -> bool:
    """Whether the limit lies where the attribute's values lie, give or take a factor of two."""
    if attribute.minimum is None or attribute.maximum is None:
        return True
    values = [v for v in (bounds.minimum, bounds.maximum) if v is not None]
    return all(attribute.minimum / 2 <= v <= attribute.maximum * 2 for v in values)


def _constraint(
    attribute: Attribute, bounds: Bounds, limit: NumberLimit, words: str, confidence: float
) -> Constraint:
    strength = Strength.SOFT if limit.approximate else Strength.HARD
    return Constraint(Condition(attribute.field, bounds=bounds), strength, words, confidence)
