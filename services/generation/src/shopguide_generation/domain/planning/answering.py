"""Plans that answer from what is written: the listing, the shop's rules, the reviews."""

import re
from collections.abc import Iterator

from shopguide_generation.domain.facts import (
    SIGNAL_KEYS,
    AnswerContext,
    Fact,
    Option,
    Slot,
    Source,
    SourceKind,
)
from shopguide_generation.domain.moves import (
    Apology,
    AskSeller,
    DigestHead,
    DigestPoints,
    HandOver,
    ListingSays,
    ListingSilent,
    Move,
    NoPolicy,
    NoReviews,
    OfferOrderCheck,
    Point,
    PolicyQuote,
    ReviewQuotes,
    ReviewsMention,
)
from shopguide_generation.domain.names import display_name, is_instruction
from shopguide_generation.domain.planning.steps import Plan, Step, filler, must, wanted
from shopguide_generation.domain.ranking import reasons, speakable
from shopguide_generation.domain.reviews import (
    about,
    best_quote,
    complaints,
    grumbles,
    praises,
    quote_for,
    texts,
)
from shopguide_generation.domain.sentences import fits_quote, sentences
from shopguide_generation.domain.topics import mentions, topic
from shopguide_runtime.text import detect_language, normalize_value

STRONG_SENTIMENT = -0.6
"""At or below this the shopper is taken to be upset."""

SETTLEMENTS = {
    "en": {"replace": "replacement", "exchange": "replacement", "refund": "refund", "repair": "repair"},
    "zh": {"换新": "换新", "换货": "换新", "补发": "补发", "退款": "退款", "维修": "维修"},
}
"""How a rule of the shop names a way to settle a trouble, and how it is offered."""

MAX_POINTS = 3

GOOD_STARS, BAD_STARS = 4, 2
"""From this many stars on a review praises; up to this many it criticises."""


def product_question(context: AnswerContext) -> Plan:
    """The listing's answer; or that it has none, what is nearest, and what reviews say."""
    if not context.products:
        return Plan(
            tuple(must(ListingSilent(0, topic(context.query, context.language)))),
            context.slot,
            answered=False,
        )
    number, source = context.products[0]
    asked = _asked(context, source)
    if asked:
        return Plan(
            (*must(ListingSays(number, asked)), *_beside(context, number, source, asked)), context.slot
        )
    return _unanswered(context, number, source)


def _asked(context: AnswerContext, source: Source) -> tuple[Fact, ...]:
    skipped = {"name", "id", "brand", *SIGNAL_KEYS} - {context.question_key}
    candidates = [f for f in source.facts if speakable(f, context.language) and f.key not in skipped]
    named = [f for f in candidates if f.key == context.question_key]
    return tuple(named or [f for f in candidates if mentions(context.query, f)])[:2]


def _beside(context: AnswerContext, number: int, source: Source, asked: tuple[Fact, ...]) -> list[Step]:
    keys = {fact.key for fact in asked}
    term = _term_of(asked)
    steps = wanted(*_reviews_on(context, source, term)) if term else []
    more = tuple(fact for fact in reasons(context, number, 6) if fact.key not in keys)
    return [*steps, *filler(*_said(number, more[:3]))]


def _said(number: int, facts: tuple[Fact, ...]) -> list[Move]:
    return [ListingSays(number, facts, asked=False)] if facts else []


def _term_of(asked: tuple[Fact, ...]) -> str:
    return next((fact.value for fact in asked if isinstance(fact.value, str)), "")


def _unanswered(context: AnswerContext, number: int, source: Source) -> Plan:
    term = topic(_without_name(context.query, source), context.language)
    near = reasons(context, number, 3)
    steps = [
        *must(ListingSilent(number, _absent(source, term), context.question_key)),
        *must(*_said(number, near)),
        *must(*_reviews_on(context, source, term)),
        *must(AskSeller()),
    ]
    return Plan(tuple(steps), context.slot, answered=False)


def _without_name(query: str, source: Source) -> str:
    """The question without the words of the product's short name."""
    words = {word for word in display_name(source).split() if len(word) > 1 or word.isdigit()}
    return re.sub(
        "|".join(rf"(?<![A-Za-z0-9]){re.escape(w)}(?![A-Za-z0-9])" for w in words) or "$^", " ", query
    )


def _absent(source: Source, term: str) -> str:
    """The term, unless some text of the source has it after all (then it cannot be called unmentioned)."""
    written = normalize_value(" ".join([source.title, *(str(f.value) for f in source.facts)]))
    return "" if term and normalize_value(term) in written else term


def _reviews_on(context: AnswerContext, source: Source, term: str) -> list[Move]:
    if not term:
        return []
    found = [(n, r) for n, r in about(context, source) if _has(r, term)]
    quote = next((q for _, r in found if (q := quote_for(r, term))), "")
    ordered = sorted(found, key=lambda item: not quote_for(item[1], term))
    return [ReviewsMention(tuple(n for n, _ in ordered[:5]), term, quote)] if found else []


def _has(review: Source, term: str) -> bool:
    return any(normalize_value(term) in normalize_value(t) and not is_instruction(t) for t in texts(review))


def shop_question(context: AnswerContext) -> Plan:
    """The shop's own words with their citation; nothing beyond them."""
    quotes = list(_policies(context, 2))
    if not quotes:
        return Plan(tuple(must(NoPolicy())), context.slot, answered=False)
    return Plan((*must(quotes[0]), *filler(*quotes[1:]), *wanted(OfferOrderCheck())), context.slot)


def _policies(context: AnswerContext, count: int) -> Iterator[PolicyQuote]:
    for number, source in context.of_kind(SourceKind.POLICY)[:count]:
        said = policy_words(source, context)
        if said:
            yield PolicyQuote(number, said, detect_language(" ".join(said), "en") != context.language)


def policy_words(source: Source, context: AnswerContext) -> tuple[str, ...]:
    """Whole sentences of a rule, as many as may be quoted: all of it, else those that share words with the query."""
    written = [
        s for text in _rule(source) for s in sentences(text) if not is_instruction(s) and s.isprintable()
    ]
    if fits_quote(written):
        return tuple(written)
    sharing = [s for s in written if _overlap(s, context)]
    kept: list[str] = []
    for sentence in sharing or written:
        if fits_quote([*kept, sentence]):
            kept.append(sentence)
    return tuple(s for s in written if s in kept) or tuple(written[:1])


def _rule(source: Source) -> tuple[str, ...]:
    """What a rule says, its question aside."""
    return tuple(f.value for key in ("answer", "text") for f in source.all(key) if isinstance(f.value, str))


def _overlap(sentence: str, context: AnswerContext) -> bool:
    said, asked = normalize_value(sentence), normalize_value(context.query)
    if context.language == "zh":
        return any(asked[i : i + 2] in said for i in range(len(asked) - 1))
    return any(word in said.split() for word in asked.split() if len(word) > 3)  # noqa: PLR2004 - content words


def complaint(context: AnswerContext) -> Plan:
    """Acknowledge once, cite the rule, collect what is needed, hand over. Nothing is sold."""
    strong = context.sentiment <= STRONG_SENTIMENT or context.repeat_count > 1
    hand_over = strong
    quotes = list(_policies(context, 1))
    ways = _settlements(context, quotes)
    steps = [
        *must(Apology(strong, context.repeat_count)),
        *must(*quotes),
        *must(HandOver(hand_over, bool(ways))),
    ]
    slot = Slot("settlement", "", ways) if ways else context.slot
    return Plan(tuple(steps), slot, hand_over=hand_over)


def _settlements(context: AnswerContext, quotes: list[PolicyQuote]) -> tuple[Option, ...]:
    """The ways to settle a trouble that the quoted rule names; none unless it leaves a choice."""
    rule = " ".join(sentence for quote in quotes for sentence in quote.sentences).casefold()
    words = SETTLEMENTS[context.language].items()
    found = dict.fromkeys(said for sign, said in words if sign in rule)
    return tuple(Option(word) for word in found) if len(found) > 1 else ()


def review_digest(context: AnswerContext) -> Plan:
    """Counts first, then what is praised and what is complained of, with reviews' own words."""
    heads = [(n, s) for n, s in context.of_kind(SourceKind.REVIEW_DIGEST) if not _empty(s)]
    if not heads:
        return _single_reviews(context)
    number, digest = heads[0]
    used: set[int] = set()
    good = [
        _with_quote(context, p, used) for n, _, ps in praises(context) if n == number for p in ps[:MAX_POINTS]
    ]
    bad = [
        _with_quote(context, p, used)
        for n, _, ps in complaints(context)
        if n == number
        for p in ps[:MAX_POINTS]
    ]
    steps = [
        *must(_head(number, digest)),
        *must(*([DigestPoints(number, tuple(good), good=True)] if good else [])),
        *must(*([DigestPoints(number, tuple(bad), good=False)] if bad else [])),
        *(_starred(context) if not good and not bad else filler(*_quotes(context, used))),
    ]
    return Plan(tuple(steps), context.slot, answered=bool(good or bad or context.of_kind(SourceKind.REVIEW)))


def _empty(digest: Source) -> bool:
    """True for a digest of no reviews."""
    count = _count(digest, "review_count", "rating_count")
    return count is not None and count.value == 0


def _head(number: int, digest: Source) -> DigestHead:
    total, mean = (
        _count(digest, "review_count", "rating_count"),
        _count(digest, "mean_stars", "rating", "stars"),
    )
    return DigestHead(number, mean, total, _count(digest, "rated_count"))


def _starred(context: AnswerContext) -> list[Step]:
    """Quotations parted by stars; without stars, quotations as they come."""
    quotes = _all_quotes(context, set())
    stars = {n: review.number("stars") for n, review in context.of_kind(SourceKind.REVIEW)}
    good = tuple(q for q in quotes if (stars[q[0]] or 0) >= GOOD_STARS and not grumbles(q[1]))
    bad = tuple(q for q in quotes if 0 < (stars[q[0]] or 0) <= BAD_STARS)
    moves = [ReviewQuotes(some[:MAX_POINTS], tone) for some, tone in ((good, "good"), (bad, "bad")) if some]
    return must(*(moves or _quotes(context, set())))


def _count(digest: Source, *keys: str) -> Fact | None:
    return next((fact for key in keys if (fact := digest.get(key)) and digest.number(key) is not None), None)


def _with_quote(context: AnswerContext, fact: Fact, used: set[int]) -> Point:
    for number, review in context.of_kind(SourceKind.REVIEW):
        quote = quote_for(review, str(fact.value)) if number not in used else ""
        if quote:
            used.add(number)
            return Point(fact, quote, number)
    return Point(fact)


def _quotes(context: AnswerContext, used: set[int]) -> list[Move]:
    found = _all_quotes(context, used)
    return [ReviewQuotes(tuple(found[:MAX_POINTS]))] if found else []


def _all_quotes(context: AnswerContext, used: set[int]) -> list[tuple[int, str]]:
    found: list[tuple[int, str]] = []
    for number, review in context.of_kind(SourceKind.REVIEW):
        clause = best_quote(review, grumbling=0 < (review.number("stars") or 0) <= BAD_STARS)
        if clause and number not in used:
            found.append((number, clause))
    return found


def _single_reviews(context: AnswerContext) -> Plan:
    quotes = _quotes(context, set())
    if quotes:
        return Plan(tuple(must(*quotes)), context.slot)
    shown = context.products[:1]
    page = [move for n, _ in shown for move in _said(n, reasons(context, n, 3))]
    return Plan((*must(NoReviews(bool(page))), *wanted(*page)), context.slot, answered=False)
