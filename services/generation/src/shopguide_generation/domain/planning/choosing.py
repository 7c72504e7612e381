"""Plans that put products forward: recommendations, similar products, gifts, relaxed limits, nothing found."""

from collections.abc import Iterable, Iterator

from shopguide_generation.domain.derived import Difference, differences, measure
from shopguide_generation.domain.facts import (
    UNCHECKABLE,
    AnswerContext,
    Fact,
    Limit,
    Option,
    Outcome,
    OutcomeStatus,
    Slot,
    Source,
)
from shopguide_generation.domain.labels import label
from shopguide_generation.domain.moves import (
    Alternative,
    ClosestChoice,
    Criteria,
    DigestMention,
    FirstChoice,
    LoosenOne,
    MoreAbout,
    Move,
    NearestValue,
    NothingFound,
    OtherSide,
    PutForward,
    Remaining,
    Unchecked,
)
from shopguide_generation.domain.needs import serves, wishes
from shopguide_generation.domain.planning.steps import Plan, Step, filler, must, wanted
from shopguide_generation.domain.ranking import is_taste, kept, reasons, satisfies, speakable, trade
from shopguide_generation.domain.reviews import praises
from shopguide_generation.domain.signals import given
from shopguide_runtime.text import detect_language

NAMED_ALTERNATIVES = 2
"""Products named beside the first choice; more would be a list, which the product cards are."""


def recommendation(context: AnswerContext) -> Plan:
    """First choice, alternatives by their trade-off; or the closest when limits gave; or nothing found."""
    if not context.offers:
        return _nothing(context)
    number = context.offers[0][0]
    relaxed = gave_way(context)
    if relaxed:
        return _compromise(context, number, relaxed)
    steps = [
        *must(*_first(context, number)),
        *must(*unchecked(context)),
        *wanted(*put_forward(context, number)),
        *wanted(*alternatives(context, number)),
        *_fillers(context, number),
    ]
    return Plan(tuple(steps), asked_back(context))


def _compromise(context: AnswerContext, number: int, relaxed: tuple[Outcome, ...]) -> Plan:
    """The closest product, what keeps the limit that it breaks, and which limit may give."""
    opening = list(_closest(context, number, relaxed))
    sides = [move for move in opening if isinstance(move, OtherSide)]
    kin = _kind(context.source(number))
    others = [m for m in alternatives(context, number) if _kind(context.source(m.number)) == kin]
    others = [] if sides else others[:1]
    steps = [*must(*opening), *must(*unchecked(context)), *wanted(*others), *_fillers(context, number)]
    broken = [side.broken for side in sides if side.broken]
    limits = [*broken, *(outcome.limit for outcome in relaxed), *([] if broken else kept(context))]
    return Plan(tuple(steps), loosening(context, limits))


def loosening(context: AnswerContext, limits: Iterable[Limit]) -> Slot | None:
    """The question which limit may give; None when there is no choice."""
    words = dict.fromkeys(label(limit, context.language) for limit in limits)
    options = tuple(Option(word) for word in words if spoken(word, context.language))
    return Slot("loosen", "", options[:4]) if len(options) > 1 else None


def asked_back(context: AnswerContext) -> Slot | None:
    """What to ask: the slot given unless the shopper has said it already, else what tells the offers apart."""
    known = {outcome.limit.key for outcome in context.outcomes if outcome.limit.hard}
    known |= {"recipient"} if context.recipient else set()
    known |= {"use"} if context.uses else set()
    known |= {"occasion"} if context.occasion else set()
    if context.slot and context.slot.key.removeprefix("attributes.") not in known:
        return context.slot
    slot = telling_slot(context)
    return slot if slot and slot.key not in known else None


def gift(context: AnswerContext) -> Plan:
    """As a recommendation, with what was looked at for the person and what reviews say for it."""
    base = recommendation(context)
    if not context.offers or gave_way(context):
        return base
    number = context.offers[0][0]
    needed = wishes(context)
    serving = [f for f in reasons(context, number) if any(serves(f, wish) for wish in needed)]
    labels = tuple(dict.fromkeys(label(f, context.language) for f in serving)) if context.recipient else ()
    criteria = [Criteria(spoken(context.recipient, context.language), labels)] if len(labels) > 1 else []
    praise = list(_mentions(context, number))
    first, *rest = base.steps
    return Plan((*must(*criteria), first, *wanted(*praise), *rest), base.slot)


def _first(context: AnswerContext, number: int) -> list[Move]:
    extreme, key = _extreme(context, number)
    reference = next((n for n, s in context.products if s.id == context.reference_id), None)
    return [
        FirstChoice(
            number=number,
            reasons=reasons(context, number),
            total=context.total_matches,
            limits=kept(context),
            noun=noun(context),
            purpose=purpose(context),
            gift=bool(context.recipient),
            similar_to=reference,
            extreme=extreme,
            extreme_key=key,
        )
    ]


def _extreme(context: AnswerContext, number: int) -> tuple[str, str]:
    if context.ordering is None or len(context.offers) < 2:  # noqa: PLR2004 - an extreme needs two
        return "", ""
    key, descending = context.ordering
    fact = context.source(number).get(key)
    mine, unit = measure(fact) if fact else (None, "")
    others = [measure(f) if (f := s.get(key)) else (None, "") for _, s in context.offers]
    if key not in {"price", "rating"} or mine is None or any(v is None or u != unit for v, u in others):
        return "", ""
    values = [v for v, _ in others if v is not None]
    if mine != (max(values) if descending else min(values)):
        return "", ""
    return ("highest" if descending else "lowest"), key


def _closest(context: AnswerContext, number: int, relaxed: tuple[Outcome, ...]) -> Iterator[Move]:
    told = {outcome.limit.key for outcome in relaxed} | {"price", "category"}
    source = context.source(number)
    held = [fact for limit in kept(context) if limit.key not in told and (fact := source.get(limit.key))]
    asked = tuple(fact for fact in held if speakable(fact, context.language) and fact.value is not False)
    because = asked or tuple(fact for fact in reasons(context, number, 4) if fact.key not in told)[:2]
    yield ClosestChoice(number, relaxed, kept(context), because)
    for outcome in relaxed:
        other = _keeper(context, outcome, number)
        if other is not None:
            yield OtherSide(other, outcome.limit, _broken(context, other))
            return


def _broken(context: AnswerContext, number: int) -> Limit | None:
    """The first hard limit that a product is seen to break."""
    source = context.source(number)
    limits = [outcome.limit for outcome in context.outcomes if outcome.kept or outcome.gave_way]
    return next((one for one in limits if source.get(one.key) and not satisfies(source, one)), None)


def _keeper(context: AnswerContext, outcome: Outcome, number: int) -> int | None:
    named = [n for n, s in context.products if s.id == outcome.alternative_id]
    others = [n for n, _ in (*context.outsiders, *context.offers) if n != number]
    return next((n for n in (*named, *others) if satisfies(context.source(n), outcome.limit)), None)


def gave_way(context: AnswerContext) -> tuple[Outcome, ...]:
    """The hard limits that the first offer breaks because nothing keeps them all."""
    return tuple(outcome for outcome in context.outcomes if outcome.gave_way)


def unchecked(context: AnswerContext) -> list[Move]:
    """A move that names the wishes that no field of the catalogue can express; empty when there are none."""
    wishes = tuple(
        outcome.limit.evidence
        for outcome in context.outcomes
        if outcome.limit.evidence
        and (outcome.status is OutcomeStatus.UNSUPPORTED or outcome.reason in UNCHECKABLE)
    )
    return [Unchecked(wishes)] if wishes else []


def put_forward(context: AnswerContext, *numbers: int) -> Iterator[PutForward]:
    """Why the ranking put products forward: the most telling reason of each that has one."""
    for number in numbers:
        for reason in given(context, number)[:1]:
            yield PutForward(number, reason)


def alternatives(context: AnswerContext, reference: int) -> Iterator[Alternative]:
    """The next offers, each by what it trades against the reference."""
    skipped = {s.id for n, s in context.offers if n == reference}
    currency = _currency(context.source(reference))
    others = [n for n, s in context.offers if s.id not in skipped and _currency(s) in {currency, ""}]
    for number in others[:NAMED_ALTERNATIVES]:
        yield alternative(context, number, reference)


def _kind(source: Source) -> str:
    categories = source.all("category")
    return str(categories[-1].value) if categories else ""


def _currency(source: Source) -> str:
    price = source.money("price")
    return price.currency if price else ""


def alternative(context: AnswerContext, number: int, reference: int) -> Alternative:
    """How product `number` trades against the reference; one of another kind is no trade, not even in price."""
    if _kind(context.source(number)) != _kind(context.source(reference)):
        return Alternative(number, reference)
    gap = _price_gap(context, number, reference)
    gains, losses = trade(context, number, reference)
    return Alternative(
        number,
        reference,
        gain=gains[0] if gains else None,
        loss=losses[0] if losses else None,
        price_gap=gap,
        feature=_feature(context, number, reference),
    )


def _price_gap(context: AnswerContext, number: int, reference: int) -> Difference | None:
    pair = (number, context.source(number)), (reference, context.source(reference))
    return next((d for d in differences(*pair) if d.fact.key == "price"), None)


def _feature(context: AnswerContext, number: int, reference: int) -> Fact | None:
    other = context.source(reference)
    for fact in reasons(context, number, 6):
        twin = other.get(fact.key)
        if is_taste(fact.key) or (
            isinstance(fact.value, str) and not any(serves(fact, w) for w in wishes(context))
        ):
            continue
        if not (twin and (twin.value == fact.value or measure(fact)[0] is not None)):
            return fact
    return None


def _fillers(context: AnswerContext, number: int) -> Iterator[Step]:
    said = len(reasons(context, number))
    more = reasons(context, number, said + 2)[said:]
    if more:
        yield from filler(MoreAbout(number, more))
    named = 1 + min(NAMED_ALTERNATIVES, len(context.offers) - 1)
    if context.total_matches is not None and context.total_matches > named:
        yield from filler(Remaining(named, context.total_matches))
    for other, _ in context.offers[1 : 1 + NAMED_ALTERNATIVES]:
        facts = reasons(context, other, 3)
        if facts:
            yield from filler(MoreAbout(other, facts))


def _mentions(context: AnswerContext, number: int) -> Iterator[DigestMention]:
    for cited, digest, points in praises(context):
        if digest.subject_id in {"", context.source(number).id} and points:
            yield DigestMention(cited, points[0], number)
            return


def _nothing(context: AnswerContext) -> Plan:
    limits = tuple(
        o.limit for o in context.outcomes if o.limit.hard and o.status is not OutcomeStatus.UNSUPPORTED
    )
    near = [NearestValue(outcome) for outcome in context.outcomes if outcome.nearest is not None]
    steps = [
        *must(NothingFound(limits, spoken(context.search_query, context.language))),
        *wanted(*near[:2]),
        *must(*unchecked(context)),
        *must(*([LoosenOne(limits)] if limits else [])),
    ]
    return Plan(tuple(steps), loosening(context, limits) or context.slot, answered=False)


def telling_slot(context: AnswerContext) -> Slot | None:
    """A question whose answer would split the offers: an attribute in which they differ, two to four values."""
    for fact in (f for _, s in context.offers for f in s.attributes):
        if not isinstance(fact.value, str) or not speakable(fact, context.language):
            continue
        if fact.key in {"color", "colour", "recipient"}:
            continue
        values = dict.fromkeys(s.text(fact.key) for _, s in context.offers if s.text(fact.key))
        short = all(len(v) <= 16 and speakable(Fact(fact.key, v), context.language) for v in values)  # noqa: PLR2004 - fits a button
        fits = all(detect_language(v, "en") == context.language for v in values)
        if 2 <= len(values) <= 4 and short and fits:  # noqa: PLR2004 - two to four buttons
            return Slot(fact.key, label(fact, context.language), tuple(Option(v) for v in values))
    return None


def noun(context: AnswerContext) -> str:
    """What the offers are, when all share a category named in the answer's language; else the empty string."""
    categories = [s.all("category") for _, s in context.offers]
    last = {str(facts[-1].value).split(">")[-1].strip() for facts in categories if facts}
    if len(last) != 1 or not all(categories):
        return ""
    word = last.pop()
    plural = context.language == "zh" or word.casefold().endswith("s")
    if (
        not plural
        or not spoken(word, context.language)
        or not speakable(Fact("category", word), context.language)
    ):
        return ""
    return word if context.language == "zh" else word.lower()


def purpose(context: AnswerContext) -> str:
    """What it is for in the answer's language: the use, else the occasion, else the empty string."""
    said = context.uses if context.recipient else (*context.uses, context.occasion)
    limited = {value for outcome in context.outcomes for value in outcome.limit.any_of}
    return next((text for text in said if text not in limited and spoken(text, context.language)), "")


def spoken(text: str, language: str) -> str:
    """The shopper's words when they can be repeated: short, clean and in the answer's language; else empty."""
    plain = " ".join(text.split())
    fits = plain and speakable(Fact("words", plain), language) and detect_language(plain, "en") == language
    return plain if fits and not any(c.isdigit() for c in plain) else ""
