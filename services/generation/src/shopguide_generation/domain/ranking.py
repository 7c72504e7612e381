"""Which facts are reasons: those that serve the need, were asked for, or tell the shown products apart."""

import re
from decimal import Decimal

from shopguide_generation.domain.derived import Difference, differences, measure
from shopguide_generation.domain.facts import AnswerContext, Fact, Limit, Source
from shopguide_generation.domain.labels import identifies, label, prefers_higher
from shopguide_generation.domain.names import is_instruction, width
from shopguide_generation.domain.needs import Wish, serves, wishes
from shopguide_runtime.text import normalize_value

_UNSPEAKABLE = re.compile(
    r"\d|\b(?:not?|non|without|less|more|than|max|min)\b|[不无非未没\[\]{}<>|*#`\"“”]", re.IGNORECASE
)
"""Labels that count, deny or compare by themselves would say something else in a sentence than in a table."""

_TASTE = re.compile(r"^(?:colou?r|occasion|season|recipient|scene)$|requires?_|needs?_|needed|required")
"""Keys that are a matter of taste or of the occasion, or a burden: no reason for a product unless asked for."""

MAX_VALUE_WIDTH = 28
"""Longest attribute text, in columns, that may stand in a sentence."""

_TRIFLING_SHARE = Decimal("0.03")
"""Measures closer than this share of the other's are alike."""

_TRIFLE = Decimal("0.3")
"""Ratings closer than this are alike."""

_SERVES_NEED, _WAS_ASKED, _STANDS_OUT, _IS_MEASURED = 100, 60, 25, 10
_NEED_STEP = 10
_TOLD_ALREADY = -8
"""A word or a yes that was asked for is told with the limits; repeating it argues little."""


def reasons(context: AnswerContext, number: int, count: int = 3) -> tuple[Fact, ...]:
    """The facts that best argue for product `number`, best first, one per key; at most `count`."""
    source = context.source(number)
    scored = [(worth(context, source, fact), -at, fact) for at, fact in enumerate(source.attributes)]
    ranked = sorted((item for item in scored if item[0] > 0), key=lambda item: item[:2], reverse=True)
    unique: dict[str, Fact] = {}
    for _, _, fact in ranked:
        unique.setdefault(fact.key, fact)
    return tuple(unique.values())[:count]


def is_taste(key: str) -> bool:
    """True for a key that is a matter of taste or a burden, such as a colour: no gain over another product."""
    return _TASTE.search(key) is not None


def worth(context: AnswerContext, source: Source, fact: Fact) -> float:
    """How much a fact argues for its product; 0 or less means that it should not be brought up."""
    if not speakable(fact, context.language) or fact.value is False or _refused(context, fact):
        return 0
    asked = [outcome.limit for outcome in context.outcomes if outcome.limit.key == fact.key]
    if is_taste(fact.key) and not asked and not any(serves(fact, wish) for wish in wishes(context)):
        return 0
    score = 0.0
    for rank, wish in enumerate(wishes(context)):
        if serves(fact, wish):
            score += (_SERVES_NEED - _NEED_STEP * rank) * (
                0.4 if _is_worst(context, source, fact, wish) else 1
            )
            break
    if asked:
        score += _WAS_ASKED if measure(fact)[0] is not None else _TOLD_ALREADY
    return score + _telling(context, source, fact) - (4 if _foreign_label(fact, context.language) else 0)


def _telling(context: AnswerContext, source: Source, fact: Fact) -> float:
    twins = [twin for _, other in context.offers if other is not source and (twin := other.get(fact.key))]
    value, unit = measure(fact)
    if value is None:
        distinct = any(twin.value != fact.value for twin in twins) or not twins
        return (
            (6 if fact.value is True else 3)
            + (3 if distinct else 0)
            - (2 if _foreign(fact, context.language) else 0)
        )
    values = [v for twin in twins for v, u in [measure(twin)] if v is not None and u == unit]
    better = prefers_higher(fact)
    if values and better is not None and _beats(value, values, higher=better):
        return _STANDS_OUT + _IS_MEASURED
    behind = values and better is not None and _beats(value, values, higher=not better)
    return (_IS_MEASURED if unit else 0) - (8 if behind else 0)


def _is_worst(context: AnswerContext, source: Source, fact: Fact, wish: Wish) -> bool:
    better = wish.wants_more if wish.wants_more is not None else prefers_higher(fact)
    value, unit = measure(fact)
    others = [twin for _, other in context.offers if other is not source and (twin := other.get(fact.key))]
    values = [v for twin in others for v, u in [measure(twin)] if v is not None and u == unit]
    return bool(
        value is not None and values and better is not None and _beats(value, values, higher=not better)
    )


def _beats(value: Decimal, others: list[Decimal], *, higher: bool) -> bool:
    return all(value > other if higher else value < other for other in others)


def _refused(context: AnswerContext, fact: Fact) -> bool:
    return isinstance(fact.value, str) and any(
        normalize_value(fact.value) in {normalize_value(v) for v in outcome.limit.none_of}
        for outcome in context.outcomes
        if outcome.limit.key == fact.key
    )


def speakable(fact: Fact, language: str) -> bool:
    """True when a fact can stand in a sentence: short, clean, and no mere identifier."""
    if identifies(fact.key) or _UNSPEAKABLE.search(label(fact, language)):
        return False
    if not isinstance(fact.value, str):
        return True
    text = fact.value
    tidy = not is_instruction(text) and not any(c in '[]{}<>|*#`\n\r\t;；。"“”' for c in text)
    return (
        bool(text.strip())
        and tidy
        and width(text) <= MAX_VALUE_WIDTH
        and text.isprintable()
        and language != ""
    )


def _foreign_label(fact: Fact, language: str) -> bool:
    return language == "zh" and label(fact, language).isascii()


def _foreign(fact: Fact, language: str) -> bool:
    text = str(fact.value)
    return text.isascii() if language == "zh" else not text.isascii()


def trade(context: AnswerContext, subject: int, reference: int) -> tuple[list[Difference], list[Difference]]:
    """What product `subject` gains and loses against `reference`, price aside, what matters most first."""
    pairs = differences((subject, context.source(subject)), (reference, context.source(reference)))
    gains: list[Difference] = []
    losses: list[Difference] = []
    for difference in sorted(pairs, key=lambda d: -_weight(context, d)):
        better = _wanted(context, difference.fact)
        if better is None or _trifling(difference) or not _comparable(difference.fact, context.language):
            continue
        (gains if (difference.delta > 0) is better else losses).append(difference)
    return gains, losses


def _trifling(difference: Difference) -> bool:
    """True for a difference that nobody would choose by."""
    if difference.fact.key == "rating":
        return abs(difference.delta) < _TRIFLE
    return abs(difference.delta) < abs(measure(difference.other_fact)[0] or Decimal(0)) * _TRIFLING_SHARE


def _comparable(fact: Fact, language: str) -> bool:
    """True for a measured attribute or a rating; a bare number without unit says too little to weigh."""
    measured = bool(fact.unit) or fact.key == "rating"
    return measured and fact.key not in {"price", "rating_count"} and speakable(fact, language)


def _wanted(context: AnswerContext, fact: Fact) -> bool | None:
    for wish in wishes(context):
        if serves(fact, wish) and wish.wants_more is not None:
            return wish.wants_more
    return prefers_higher(fact)


def _weight(context: AnswerContext, difference: Difference) -> float:
    for rank, wish in enumerate(wishes(context)):
        if serves(difference.fact, wish):
            return _SERVES_NEED - _NEED_STEP * rank
    if difference.fact.key in {outcome.limit.key for outcome in context.outcomes}:
        return _WAS_ASKED
    base = max(abs(measure(difference.other_fact)[0] or Decimal(1)), Decimal("0.001"))
    return float(min(abs(difference.delta) / base, Decimal(20)))


def satisfies(source: Source, limit: Limit) -> bool:
    """True when the facts show that the source keeps within the limit; unknown values do not."""
    facts = source.all(limit.key)
    if not facts:
        return False
    if limit.flag is not None:
        return facts[0].value is limit.flag
    if limit.any_of or limit.none_of:
        values = {normalize_value(str(fact.value)) for fact in facts}
        wanted, refused = ({normalize_value(v) for v in side} for side in (limit.any_of, limit.none_of))
        return (not wanted or bool(values & wanted)) and not values & refused
    value, _ = measure(facts[0])
    above = limit.minimum is None or (value is not None and value >= limit.minimum)
    return value is not None and above and (limit.maximum is None or value <= limit.maximum)


def kept(context: AnswerContext) -> tuple[Limit, ...]:
    """The hard limits that every offer satisfies."""
    return tuple(o.limit for o in context.outcomes if o.kept)
