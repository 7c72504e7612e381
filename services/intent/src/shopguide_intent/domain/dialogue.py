# ruff: noqa: E501 (word lists and patterns read better unbroken)
"""What a message means in its conversation: follow-ups, answers to an open question, new topics."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from shopguide_intent.domain.model import (
    BRAND,
    CATEGORY,
    PRICE,
    Bounds,
    Condition,
    Constraint,
    DialogueState,
    ProductReference,
    ShownProduct,
    Strength,
)
from shopguide_intent.domain.numbers import NUMBER, parse_number
from shopguide_intent.domain.utterance import Utterance
from shopguide_runtime.text import normalize_value

_CHEAPER = re.compile(
    r"(?:更|再|稍微|有没有)?便宜(?:一?点|一?些|的)(?:儿)?|更便宜|再低一?点|太贵了?|价格(?:再)?低一?点"
    r"|\b(?:cheaper|less expensive|more affordable|lower[- ]priced?|too expensive|too pricey|something lower)\b"
)
_DEARER = re.compile(
    r"(?:更|再)?贵(?:一?点|一?些)|更贵|更高端|\b(?:more expensive|pricier|higher[- ]end|more premium)\b"
)
_FOLLOW_UP = re.compile(
    r"^(?:那么?|换成?|再|还有|改成|如果|或者|只要|不要|别|要)|呢[？?]?$|的话|(?:一点|点|些|一些)的?[？?]?$"
    r"|^(?:what|how) about\b|^and\b|\binstead\b|\belse\b|^(?:in|with|without|only|make it|or|but|not|no|any|anything|something)\b|\bones?\b|\bmore\b|\banother\b"
)
_FILLER = re.compile(
    r"那么?|换成?|再|还有|改成|如果|或者|只要|有没有|的话|一点|点的|一些|呢|吧|吗|呀|的|款|色|个|了|更|要|是|有|主要|平时|一般|用来|用于|用|送给?|其他|别的|其它|一下|大概|左右"
    r"|\b(?:what|how|about|and|instead|else|in|with|without|only|make|it|or|but|ones?|more|another|other|the|any|anything|some|a|an|of|for|is|do|you|have|are|there|please|them|something|options?|mostly|mainly|usually|i|need|want|my|use|using)\b"
)
_NO_LIMIT = re.compile(
    r"(?:价格|预算|价位)(?:不限|无所谓|随便|都行|没(?:有)?限制)|不限(?:价格|预算)|\b(?:any price|price doesn'?t matter|no budget limit|money is no object)\b"
)
_NO_BRAND = re.compile(
    r"(?:品牌|牌子)(?:不限|无所谓|随便|都行)|不限(?:品牌|牌子)|\bany brand\b|\bbrand doesn'?t matter\b"
)
_BARE_ANSWER = re.compile(
    rf"(?:大概|大约|差不多|around|about)?\s?(?P<n>{NUMBER})\s?(?:块|元)?(?P<soft>左右|上下)?(?:吧|呢)?[。.]?"
)
_CENT = 0.01
_MAX_ANSWER = 30
_WORDY = re.compile(r"\w")


@dataclass(frozen=True, slots=True)
class Wish:
    """What one message says by itself."""

    message: Utterance
    query: str
    """Its search query."""
    remainder: str
    """Its query without words of the catalogue other than categories, and without need words."""
    constraints: tuple[Constraint, ...]
    anaphoric: bool
    references: tuple[ProductReference, ...]


@dataclass(frozen=True, slots=True)
class Turn:
    """What a message means in its conversation."""

    query: str
    constraints: tuple[Constraint, ...]
    topic_changed: bool = False
    answers_question: bool = False
    elliptical: bool = False
    answer: str = ""
    """The answer to the open question, as picked or written."""
    changed_limits: bool = False
    """Whether the message changed limits that were in force."""


def resolve(wish: Wish, state: DialogueState) -> Turn:
    """Read a message in the light of the turns before."""
    own = (*wish.constraints, *_comparative(wish, state))
    if not state.search_query and not state.constraints and not state.shown:
        return Turn(wish.query, own)
    answer = _answer(wish, state)
    if answer is not None:
        return answer
    category = _of(CATEGORY, own)
    elliptical = category is None and not _WORDY.search(_bare(wish.remainder))
    refines = (
        category is not None
        and _same_category(category, state)
        and bool(_FOLLOW_UP.search(wish.message.text))
    )
    if elliptical or refines or wish.anaphoric or wish.references:
        kept = without_waived(wish.message.text, state.constraints)
        query = _continued(wish, state, own) if elliptical else wish.query
        changed = kept != state.constraints or len(own) > len(wish.constraints)
        return Turn(query, merge(kept, own), elliptical=elliptical, changed_limits=changed)
    return Turn(wish.query, own, topic_changed=True)


def _relates(text: str) -> bool:
    """Whether a message changes limits rather than answering a question."""
    return any(pattern.search(text) for pattern in (_NO_LIMIT, _NO_BRAND, _CHEAPER, _DEARER))


def _bare(remainder: str) -> str:
    """A remainder without words that only relate it to the turns before."""
    for pattern in (_NO_LIMIT, _NO_BRAND, _CHEAPER, _DEARER, _FILLER):
        remainder = pattern.sub("", remainder)
    return remainder


def carried(turn_constraints: Sequence[Constraint], state: DialogueState) -> tuple[Constraint, ...]:
    """Constraints in force when a message turned out not to open a new topic."""
    return merge(state.constraints, turn_constraints)


def without_waived(text: str, constraints: Iterable[Constraint]) -> tuple[Constraint, ...]:
    """`constraints` without those that the words lift ("价格不限")."""
    waived = {field for field, pattern in ((PRICE, _NO_LIMIT), (BRAND, _NO_BRAND)) if pattern.search(text)}
    return tuple(c for c in constraints if c.field not in waived)


def merge(before: Iterable[Constraint], now: Iterable[Constraint]) -> tuple[Constraint, ...]:
    """Constraints of earlier turns and of this one; a new one takes the place of an old one on its field.

    A range narrows an older range where the two agree. Unsupported ones belong to their own turn only.
    """
    now = tuple(now)
    kept, joined = [], list(now)
    for old in before:
        if old.condition is None or old.strength is Strength.UNSUPPORTED:
            continue
        at = next((i for i, new in enumerate(joined) if _same_slot(old, new)), None)
        if at is None:
            kept.append(old)
        else:
            joined[at] = _narrowed(old, joined[at])
    return (*kept, *joined)


def _same_slot(old: Constraint, new: Constraint) -> bool:
    if old.condition is None or new.condition is None or old.field != new.field:
        return False
    return bool(old.condition.none_of) == bool(new.condition.none_of)


def _narrowed(old: Constraint, new: Constraint) -> Constraint:
    if old.condition is None or new.condition is None:
        return new
    if new.condition.none_of:
        values = tuple(dict.fromkeys((*old.condition.none_of, *new.condition.none_of)))
        return replace(new, condition=replace(new.condition, none_of=values))
    first, second = old.condition.bounds, new.condition.bounds
    if first is None or second is None or old.strength is not new.strength:
        return new
    low = second.minimum if second.minimum is not None else first.minimum
    high = second.maximum if second.maximum is not None else first.maximum
    if low is not None and high is not None and low > high:
        return new
    return replace(new, condition=replace(new.condition, bounds=Bounds(low, high)))


def _comparative(wish: Wish, state: DialogueState) -> tuple[Constraint, ...]:
    """便宜点的 and "cheaper ones": a price below the cheapest product in view, or below the one pointed at."""
    named = {r.position for r in wish.references}
    shown = [p for i, p in enumerate(state.shown, start=1) if not named or i in named]
    priced = [p for p in shown if p.price is not None]
    if not priced or any(c.field == PRICE for c in wish.constraints):
        return ()
    for pattern, cheaper in ((_CHEAPER, True), (_DEARER, False)):
        match = pattern.search(wish.message.text)
        if match:
            return (_relative_price(priced, match.group(), cheaper=cheaper),)
    return ()


def _relative_price(shown: Sequence[ShownProduct], words: str, *, cheaper: bool) -> Constraint:
    prices = [p.price for p in shown if p.price is not None]
    if cheaper:
        limit = min(prices, key=lambda p: p.value)
        bounds = Bounds(maximum=round(limit.value - _CENT, 2))
    else:
        limit = min(prices, key=lambda p: p.value)
        bounds = Bounds(minimum=round(limit.value + _CENT, 2))
    strength = Strength.HARD if cheaper else Strength.SOFT
    return Constraint(Condition(PRICE, bounds=bounds, currency=limit.currency), strength, words, 0.85)


def _answer(wish: Wish, state: DialogueState) -> Turn | None:
    """The message as the answer to the open question, or None."""
    if not state.open_slot or wish.anaphoric or wish.references or _relates(wish.message.text):
        return None
    said = normalize_value(wish.message.shown).strip(" 。.!！")
    for offered in state.offered:
        if said == normalize_value(offered.text):
            picked = (
                ()
                if offered.condition is None
                else (Constraint(offered.condition, Strength.HARD, offered.text, 0.95),)
            )
            return _answered(wish, state, (*wish.constraints, *picked), offered.text)
    number = _BARE_ANSWER.fullmatch(said)
    if state.open_slot == PRICE and number:
        return _answered(wish, state, (*wish.constraints, *_price_answer(number, wish, state)), said)
    short = len(said) <= _MAX_ANSWER and _of(CATEGORY, wish.constraints) is None
    if (
        short
        and not said.endswith(("?", "？", "吗", "呢"))
        and not _FOLLOW_UP.search(said)
        and _fits_slot(wish, state.open_slot)
    ):
        return _answered(wish, state, wish.constraints, wish.message.shown)
    return None


def _fits_slot(wish: Wish, slot: str) -> bool:
    """Whether a free answer fits: a limit on the slot's own field, or words of need and nothing else."""
    if slot in (PRICE, BRAND) or slot.startswith("attributes."):
        return any(c.field == slot for c in wish.constraints)
    return not _WORDY.search(_bare(wish.remainder))


def _price_answer(number: re.Match[str], wish: Wish, state: DialogueState) -> tuple[Constraint, ...]:
    value = parse_number(number["n"])
    if value is None or any(c.field == PRICE for c in wish.constraints):
        return ()
    code = next((p.price.currency for p in state.shown if p.price is not None), "")
    if number["soft"]:
        bounds, strength = Bounds(round(value * 0.85, 2), round(value * 1.15, 2)), Strength.SOFT
    else:
        bounds, strength = Bounds(maximum=value), Strength.HARD
    return (Constraint(Condition(PRICE, bounds=bounds, currency=code), strength, number.group(), 0.85),)


def _answered(wish: Wish, state: DialogueState, constraints: Sequence[Constraint], answer: str) -> Turn:
    says_need = not constraints
    query = f"{state.search_query} {answer}".strip() if says_need else _continued(wish, state, constraints)
    return Turn(
        query, merge(state.constraints, constraints), answers_question=True, elliptical=True, answer=answer
    )


def _continued(wish: Wish, state: DialogueState, own: Sequence[Constraint]) -> str:
    """The query of the turn before with what this message adds, and without what it replaces."""
    query = state.search_query
    for old in state.constraints:
        if old.condition and old.condition.any_of and any(_same_slot(old, new) for new in own):
            query = query.replace(old.evidence, " ")
    added = [
        c.evidence for c in own if c.condition and (c.condition.any_of or c.field.startswith("attributes."))
    ]
    added = [words for words in added if words and words in wish.query and words.lower() not in query.lower()]
    return " ".join(" ".join([*added, query]).split())


def _of(field: str, constraints: Iterable[Constraint]) -> Constraint | None:
    return next((c for c in constraints if c.field == field and c.condition and c.condition.any_of), None)


def _same_category(category: Constraint, state: DialogueState) -> bool:
    before = _of(CATEGORY, state.constraints)
    if before is None or before.condition is None or category.condition is None:
        return category.evidence.lower() in state.search_query.lower()
    return bool(set(before.condition.any_of) & set(category.condition.any_of))
