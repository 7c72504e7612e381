# ruff: noqa: E501 (word lists and patterns read better unbroken)
"""From words to constraints on the fields of one catalogue."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from shopguide_intent.domain import currencies
from shopguide_intent.domain.aliases import EVERYDAY_CONTEXT
from shopguide_intent.domain.matcher import Entry, Match, Matcher, Sense
from shopguide_intent.domain.model import PRICE, Amount, Bounds, Budget, Condition, Constraint, Strength
from shopguide_intent.domain.negations import Denial, Negation
from shopguide_intent.domain.prices import PriceLimit
from shopguide_intent.domain.spans import Span
from shopguide_intent.domain.tokens import tokenize
from shopguide_intent.domain.utterance import Utterance
from shopguide_runtime.text import normalize_value

HARD_COVERAGE = 0.9
"""A named attribute value filters when so large a share of the category states the attribute."""

MAX_KNOWN_VALUES = 200
"""A vocabulary lists at most so many values of an attribute: a longer list is cut, so it cannot filter."""

MAX_VALUES = 100
"""Texts in one condition, at most."""

_AMBIGUOUS_SHARE = 0.5
"""A value of two attributes filters only when the second is less than so frequent as the first."""

_ONLY_BEFORE = re.compile(
    r"(?:只(?:要|买|看|考虑|想要|想买|认|推荐)|必须是|仅限?|非得|\bonly|\bexclusively)(?: (?:the|a|an|from|by|show me|want))*\s*$"
)
_ONLY_AFTER = re.compile(r"\s*(?:\bonly\b|的?才行|就行了?$)")
_MATTER_OF_TASTE = re.compile(r"recipient|occasion|use|season|style|audience|scene")
"""Attributes that advise rather than describe: what suits a student suits others too."""

_FITTED = re.compile(
    r"\b(?:for|with|that|which|fits?|from|like|compatible)\b[^,.;]*$|(?:能放|放得?下|装得?下|装|适配|兼容|适用于|搭配|套)[^,，。;；的]{0,8}$"
)
_CLAUSES = re.compile(r"[,，。;；!！?？\n]|\bbut\b")
_IMITATION = re.compile(r"faux|vegan|imitation|synthetic|人造|仿|pu")
_NOT_A_FEATURE = re.compile(r"colou?r|size|尺|色|brand|style|model")


@dataclass(frozen=True, slots=True)
class Money:
    """Currencies of a shopper and a catalogue."""

    preferred: str
    language: str
    available: tuple[str, ...]

    def constraint(self, message: Utterance, limit: PriceLimit) -> Constraint:
        """The price constraint of a limit; unsupported when the catalogue has no price in its currency."""
        words = message.words(limit.span)
        code = currencies.choose(limit.currencies, self.preferred, self.language, self.available)
        if code is None:
            return Constraint(None, Strength.UNSUPPORTED, words, 0.9)
        condition = Condition(PRICE, bounds=Bounds(limit.minimum, limit.maximum), currency=code)
        if limit.doubtful:
            return Constraint(condition, Strength.SOFT, words, 0.5)
        return Constraint(condition, Strength.SOFT if limit.approximate else Strength.HARD, words, 0.95)

    def budget(self, message: Utterance, limit: PriceLimit) -> Budget | None:
        """The total budget of a limit, or None when its currency is not the catalogue's."""
        code = currencies.choose(limit.currencies, self.preferred, self.language, self.available)
        if code is None or limit.maximum is None:
            return None
        return Budget(Amount(limit.maximum, code), message.words(limit.span))


class Grounder:
    """Turns matched words and denied phrases into constraints."""

    def __init__(self, matcher: Matcher) -> None:
        """Ground in the matcher's vocabulary."""
        self._matcher = matcher
        self._vocabulary = matcher.vocabulary

    def category(self, text: str, matches: Sequence[Match]) -> Match | None:
        """The match that names what is looked for, or None.

        The head noun comes last in both languages, but not behind "for" or 能放: there stands what the product
        must fit.
        """
        named = [m for m in matches if m.of(Sense.CATEGORY) and not _FITTED.search(text[: m.span.start])]
        if not named:
            return None
        clause = len(_CLAUSES.split(text[: named[0].span.start]))
        same = [m for m in named if len(_CLAUSES.split(text[: m.span.start])) == clause]
        return same[-1]

    def category_name(self, match: Match | None) -> str:
        """Stored name of the most frequent category of a match; empty for None."""
        return match.of(Sense.CATEGORY)[0].values[0] if match else ""

    def positives(
        self, message: Utterance, matches: Sequence[Match], category: Match | None
    ) -> list[Constraint]:
        """Constraints of the brands, categories and values that are named."""
        found = [] if category is None else [self._category(message, category)]
        name = self.category_name(category)
        for match in matches:
            constraint = None if match is category else self._positive(message, match, name)
            if constraint is not None:
                found.append(constraint)
            if match.of(Sense.CATEGORY):
                found.extend(self._parts(message, match, name))
        return _merged(found)

    def _parts(self, message: Utterance, match: Match, category: str) -> Iterator[Constraint]:
        """Wishes inside the name of a category, which never filter: the category says them already."""
        for part in self._matcher.within(message.text, match.span):
            if part.of(Sense.VALUE) or part.of(Sense.FLAG):
                constraint = self._positive(message, part, category)
                if constraint is not None and constraint.field in self._matcher.attributes:
                    yield replace(constraint, strength=Strength.SOFT)

    def negation(
        self, message: Utterance, negation: Negation, category: str
    ) -> tuple[Constraint, Span] | None:
        """The constraint that a denied phrase means and the words that say it.

        None when nothing in the catalogue is called so.
        """
        match = self._matcher.at(message.text, negation.phrase)
        if match is None:
            return self._free_of(message, negation)
        said = Span(negation.span.start, match.span.end)
        whole = match.span.end >= negation.phrase.end
        entry = self._denied(match, negation, category, whole=whole)
        if entry is None:
            return None
        if entry.sense is Sense.FLAG:
            condition = Condition(entry.field, bounds=Bounds(maximum=0.0))
        else:
            condition = Condition(entry.field, none_of=self._containing(entry, denied=True))
        return Constraint(condition, Strength.HARD, message.words(said), 0.9), said

    def _free_of(self, message: Utterance, negation: Negation) -> tuple[Constraint, Span] | None:
        """A lack that the catalogue states as a yes-or-no attribute of its own: alcohol-free, 不含酒精."""
        if negation.denial is not Denial.LACK:
            return None
        phrase = message.text[negation.phrase.start : negation.phrase.end]
        for name in (f"{phrase} free", f"no {phrase}", f"不含{phrase}", f"无{phrase}"):
            match = self._matcher.at(name, Span(0, len(name)))
            if match is not None and match.span == Span(0, len(name)) and match.of(Sense.FLAG):
                condition = Condition(match.of(Sense.FLAG)[0].field, bounds=Bounds(1.0, 1.0))
                words = message.words(negation.span)
                return Constraint(condition, Strength.HARD, words, 0.9), negation.span
        return None

    def is_brand(self, text: str, match: Match) -> bool:
        """Whether a brand-like word means the brand here, not the everyday thing."""
        word = text[match.span.start : match.span.end]
        context = EVERYDAY_CONTEXT.get(word, frozenset())
        rest = text[: match.span.start] + " " + text[match.span.end :]
        latin = set(re.findall(r"[a-z]+", rest))
        if any(w in latin if w.isascii() else w in rest for w in context):
            return False
        other = [*match.of(Sense.VALUE), *match.of(Sense.CATEGORY)]
        return not other or match.of(Sense.BRAND)[0].count > other[0].count

    def _category(self, message: Utterance, match: Match) -> Constraint:
        entry = match.of(Sense.CATEGORY)[0]
        # "only" behind a word often ends a phrase of its own: "for hand wash only".
        only = _ONLY_BEFORE.search(message.text[: match.span.start])
        strength = Strength.HARD if only else Strength.SOFT
        return Constraint(
            Condition(entry.field, any_of=entry.values), strength, message.words(match.span), 0.8
        )

    def _positive(self, message: Utterance, match: Match, category: str) -> Constraint | None:
        words = message.words(match.span)
        if match.of(Sense.BRAND) and self.is_brand(message.text, match):
            entry = match.of(Sense.BRAND)[0]
            only = _only(message.text, match.span)
            return Constraint(
                Condition(entry.field, any_of=entry.values),
                Strength.HARD if only else Strength.SOFT,
                words,
                0.8,
            )
        if match.of(Sense.FLAG):
            entry = match.of(Sense.FLAG)[0]
            condition = Condition(entry.field, bounds=Bounds(1.0, 1.0))
            return Constraint(condition, self._strength(entry, category), words, 0.85)
        return self._value(match, words, category)

    def _value(self, match: Match, words: str, category: str) -> Constraint | None:
        ranked = self._ranked(match.of(Sense.VALUE), category)
        if not ranked:
            return None
        entry = ranked[0]
        clear = len(ranked) == 1 or ranked[1].count < _AMBIGUOUS_SHARE * entry.count
        strength = self._strength(entry, category) if clear else Strength.SOFT
        return Constraint(
            Condition(entry.field, any_of=self._containing(entry, denied=False)),
            strength,
            words,
            0.85 if clear else 0.5,
        )

    def _ranked(self, entries: Iterable[Entry], category: str) -> list[Entry]:
        """Entries of attributes that the category has, if it has any of them, most frequent first."""
        entries = sorted(entries, key=lambda e: -e.count)
        covered = [e for e in entries if self._coverage(e, category) > 0]
        return covered or (entries if not category else [])

    def _coverage(self, entry: Entry, category: str) -> float:
        return self._vocabulary.coverage(self._matcher.attributes[entry.field].key, category)

    def _strength(self, entry: Entry, category: str) -> Strength:
        attribute = self._matcher.attributes[entry.field]
        complete = len(attribute.values) < MAX_KNOWN_VALUES and not _MATTER_OF_TASTE.search(attribute.key)
        stated = self._coverage(entry, category) >= HARD_COVERAGE
        return Strength.HARD if complete and stated else Strength.SOFT

    def _containing(self, entry: Entry, *, denied: bool) -> tuple[str, ...]:
        """The entry's values and those that contain one of them as whole words: red and dark red."""
        if entry.field not in self._matcher.attributes:
            return entry.values[:MAX_VALUES]
        keys = [_padded(v) for v in entry.values]
        stored = (v.value for v in self._matcher.attributes[entry.field].values)
        more = (
            v
            for v in stored
            if any(k in _padded(v) for k in keys) and not (denied and _IMITATION.search(v.lower()))
        )
        return tuple(dict.fromkeys((*entry.values, *more)))[:MAX_VALUES]

    def _denied(self, match: Match, negation: Negation, category: str, *, whole: bool) -> Entry | None:
        features = [
            e for e in (*match.of(Sense.FLAG), *match.of(Sense.VALUE)) if not _NOT_A_FEATURE.search(e.field)
        ]
        if negation.denial is Denial.LACK:
            return features[0] if features and whole else None
        values = [
            *match.of(Sense.BRAND),
            *self._ranked(match.of(Sense.VALUE), category),
            *match.of(Sense.FLAG),
        ]
        if values:
            return values[0]
        others = [e for e in match.of(Sense.CATEGORY) if category not in e.values]
        # "no sugar" speaks of an ingredient, not of the category.
        return others[0] if others and whole and negation.explicit else None


def _padded(value: str) -> str:
    return " " + " ".join(t.key for t in tokenize(normalize_value(value))) + " "


def _only(text: str, span: Span) -> bool:
    return bool(_ONLY_BEFORE.search(text[: span.start]) or _ONLY_AFTER.match(text, span.end))


def excluded_together(constraints: Iterable[Constraint]) -> list[Constraint]:
    """The constraints with exclusions of one field made into one: 不要苹果和华为."""
    joined: list[Constraint] = []
    for item in constraints:
        at = next((i for i, other in enumerate(joined) if _both_exclude(other, item)), None)
        if at is None:
            joined.append(item)
        else:
            joined[at] = _exclusion(joined[at], item)
    return joined


def _both_exclude(one: Constraint, other: Constraint) -> bool:
    if one.condition is None or other.condition is None or one.field != other.field:
        return False
    return bool(one.condition.none_of and other.condition.none_of)


def _exclusion(one: Constraint, other: Constraint) -> Constraint:
    values = [v for c in (one, other) if c.condition for v in c.condition.none_of]
    condition = Condition(one.field, none_of=tuple(dict.fromkeys(values))[:MAX_VALUES])
    evidence = f"{one.evidence} {other.evidence}"
    return Constraint(condition, one.strength, evidence, min(one.confidence, other.confidence))


def _merged(constraints: Iterable[Constraint]) -> list[Constraint]:
    """One constraint a field and strength: red and blue become one any-of."""
    merged: dict[tuple[str, Strength, bool], Constraint] = {}
    for item in constraints:
        condition = item.condition
        if condition is None:
            continue
        key = (condition.field, item.strength, bool(condition.any_of))
        before = merged.get(key)
        if before is None or before.condition is None or not condition.any_of:
            merged[key] = item
            continue
        values = tuple(dict.fromkeys((*before.condition.any_of, *condition.any_of)))[:MAX_VALUES]
        merged[key] = Constraint(
            Condition(condition.field, any_of=values),
            item.strength,
            f"{before.evidence} {item.evidence}",
            min(before.confidence, item.confidence),
        )
    return list(merged.values())
