"""From a message to a `Parse`: numbers, limits, negations, references, roles, dialogue; no model involved."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from shopguide_intent.domain.chatter import names_nothing, without_chatter
from shopguide_intent.domain.dialogue import Turn, Wish, resolve
from shopguide_intent.domain.grounding import Grounder, Money, excluded_together
from shopguide_intent.domain.keywords import keywords
from shopguide_intent.domain.limits import bare_limits, find_limits, find_mentions
from shopguide_intent.domain.matcher import Match, Matcher, Sense
from shopguide_intent.domain.model import (
    BRAND,
    CATEGORY,
    PRICE,
    Budget,
    Constraint,
    DialogueState,
    Need,
    Ordering,
    Parse,
    Scope,
    Strength,
)
from shopguide_intent.domain.needs import NeedReading, find_need, need_spans
from shopguide_intent.domain.negations import find_negations
from shopguide_intent.domain.number_grounding import NumberGrounder
from shopguide_intent.domain.order_grounding import ground_ordering
from shopguide_intent.domain.prices import PriceLimit, find_prices
from shopguide_intent.domain.quantities import find_quantity
from shopguide_intent.domain.references import References, find_references
from shopguide_intent.domain.scopes import Role, find_roles
from shopguide_intent.domain.spans import Claims, Span, cut, mask
from shopguide_intent.domain.utterance import Utterance, utterance
from shopguide_runtime.text import detect_language


@dataclass(frozen=True, slots=True)
class ParseContext:
    """What a message is read with."""

    language: str = ""
    """`zh` or `en`; detected when empty."""
    currency: str = ""
    """ISO 4217 code that prices without a currency are in; chosen by language and catalogue when empty."""
    state: DialogueState = field(default_factory=DialogueState)


@dataclass(slots=True)
class _Reading:
    """What has been read so far of one message."""

    message: Utterance
    claims: Claims = field(default_factory=Claims)
    removed: list[Span] = field(default_factory=list)
    """Words that the search query can do without."""
    constraints: list[tuple[Constraint, Span]] = field(default_factory=list)
    totals: list[PriceLimit] = field(default_factory=list)
    matches: tuple[Match, ...] = ()

    def limits(self, field_name: str) -> bool:
        """Whether a limit on a field has been read already."""
        return any(constraint.field == field_name for constraint, _ in self.constraints)

    def add(self, constraint: Constraint, span: Span, removed: Iterable[Span]) -> None:
        """Note a constraint read at `span`."""
        self.constraints.append((constraint, span))
        self.removed.extend(removed)


_WORDY = re.compile(r"[^\W的]")


class Parser:
    """Reads messages against one catalogue's vocabulary; safe for concurrent use."""

    def __init__(self, matcher: Matcher) -> None:
        """Read with the words of one catalogue."""
        self._matcher = matcher
        self._grounder = Grounder(matcher)
        self._numbers = NumberGrounder(matcher)

    def parse(self, raw: str, context: ParseContext) -> Parse:
        """Everything that the words, the catalogue and the dialogue say about a message."""
        reading = _Reading(utterance(raw))
        language = context.language or detect_language(
            raw, default="zh" if context.state.language == "zh" else "en"
        )
        money = Money(context.currency, language, self._matcher.vocabulary.currencies)
        category = self._read_limits(reading, money)
        references = find_references(reading.message, context.state.shown)
        ordering = self._ordering(reading)
        self._negations(reading, self._grounder.category_name(category))
        need = find_need(reading.message.text)
        roles, budget = self._roles(reading, money)
        wish = self._wish(reading, references, need, self._own(reading, roles, category))
        turn = resolve(wish, context.state)
        return Parse(
            language=language,
            search_query=turn.query,
            keywords=keywords(turn.query, self._matcher),
            constraints=turn.constraints,
            scopes=self._scopes(reading, roles, need.need),
            budget=budget,
            references=references.products,
            need=_with_answer(need.need, turn),
            ordering=ordering,
            topic_changed=turn.topic_changed,
            answers_question=turn.answers_question,
            elliptical=turn.elliptical,
            names_product=any(c.field in (BRAND, CATEGORY) and c.condition for c in turn.constraints),
            refines_limits=turn.elliptical and bool(wish.constraints or ordering or turn.changed_limits),
            only_catalog_words=category is not None and not roles and self._explained(reading),
        )

    def _own(self, reading: _Reading, roles: Sequence[Role], category: Match | None) -> list[Constraint]:
        """Constraints that the message itself states for everything it asks for."""
        limits = excluded_together(self._outside(reading, roles))
        if roles:
            return [*self._shared(reading, roles), *limits]
        free = self._free_matches(reading)
        return [*self._grounder.positives(reading.message, free, category), *limits]

    def _shared(self, reading: _Reading, roles: Sequence[Role]) -> list[Constraint]:
        """Wishes named beside the roles, such as an occasion; they hold for every role and never filter."""
        beside = [
            match
            for match in self._free_matches(reading)
            if not any(match.span.overlaps(role.span) for role in roles) and not match.of(Sense.CATEGORY)
        ]
        found = self._grounder.positives(reading.message, beside, None)
        return [replace(c, strength=Strength.SOFT) for c in found if c.field in self._matcher.attributes]

    def _wish(
        self, reading: _Reading, references: References, need: NeedReading, own: Sequence[Constraint]
    ) -> Wish:
        query = self._query(reading, references, need)
        query = "" if names_nothing(query) else query
        return Wish(
            message=reading.message,
            query=query,
            remainder=self._remainder(query),
            constraints=tuple(own),
            anaphoric=references.anaphoric,
            references=references.products,
        )

    def _explained(self, reading: _Reading) -> bool:
        """Whether nothing but words of the catalogue and limits was said."""
        known = [*(m.span for m in reading.matches), *reading.removed]
        return not _WORDY.search(cut(reading.message.text, known))

    def _read_limits(self, reading: _Reading, money: Money) -> Match | None:
        """Read prices and number limits; return the match that names the category."""
        text = reading.message.text
        limits = list(find_limits(text, reading.claims))
        reading.matches = self._matcher.find(mask(text, (limit.span for limit in limits)))
        category = self._grounder.category(text, reading.matches)
        name = self._grounder.category_name(category)
        for limit in [*bare_limits(text), *limits]:
            if limit.unit is None and not reading.claims.free(limit.span):
                continue
            grounded = self._numbers.ground(reading.message, limit, reading.matches, name)
            if grounded is not None:
                reading.claims.claim(limit.span)
                reading.add(grounded.constraint, limit.span, grounded.spans)
        self._prices(reading, money)
        for mention in find_mentions(text, reading.claims):
            wish = self._numbers.mention(reading.message, mention, reading.matches, name)
            if wish is not None and not reading.limits(wish.field):
                reading.add(wish, mention.span, ())
        return category

    def _prices(self, reading: _Reading, money: Money) -> None:
        for price in find_prices(reading.message.text, reading.claims):
            if price.total:
                reading.totals.append(price)
                reading.removed.append(price.span)
                continue
            removed = () if price.doubtful else (price.span,)
            reading.add(money.constraint(reading.message, price), price.span, removed)

    def _ordering(self, reading: _Reading) -> Ordering | None:
        found = ground_ordering(reading.message.text, reading.matches, self._matcher.vocabulary)
        if found is None:
            return None
        ordering, span = found
        reading.removed.append(span)
        return ordering

    def _negations(self, reading: _Reading, category: str) -> None:
        holds = False
        for negation in list(find_negations(reading.message.text, reading.claims)):
            if negation.follows and not holds:
                continue
            grounded = self._grounder.negation(reading.message, negation, category)
            holds = grounded is not None
            if grounded is not None:
                constraint, said = grounded
                reading.claims.claim(said)
                reading.add(constraint, said, (said,))
            elif negation.explicit and not self._is_a_name(reading, negation.span):
                self._report(reading, negation.span)

    def _is_a_name(self, reading: _Reading, span: Span) -> bool:
        """Whether the catalogue has a word for the whole negation, such as 无酒精."""
        return any(m.span.start <= span.start and m.span.end >= span.end for m in reading.matches)

    def _report(self, reading: _Reading, span: Span) -> None:
        """Note a wish that no field of the catalogue can express; its words stay in the query."""
        reading.claims.claim(span)
        words = reading.message.words(span)
        reading.add(Constraint(None, Strength.UNSUPPORTED, words, 0.7), span, ())

    def _free_matches(self, reading: _Reading) -> tuple[Match, ...]:
        return tuple(m for m in reading.matches if reading.claims.free(m.span))

    def _roles(self, reading: _Reading, money: Money) -> tuple[tuple[Role, ...], Budget | None]:
        limits = [*reading.removed, *(span for _, span in reading.constraints)]
        total = bool(reading.totals)
        roles = find_roles(reading.message, limits, self._free_matches(reading), total=total)
        if total:
            return roles, money.budget(reading.message, reading.totals[0]) if roles else self._single(
                reading, money
            )
        return roles, self._implied_total(reading, roles, money) if roles else None

    def _single(self, reading: _Reading, money: Money) -> Budget | None:
        """A "total" over one product is the limit of its price."""
        limit = replace(reading.totals[0], total=False)
        reading.add(money.constraint(reading.message, limit), limit.span, ())
        return None

    def _implied_total(self, reading: _Reading, roles: Sequence[Role], money: Money) -> Budget | None:
        """A single price limit after a whole list ("笔记本+鼠标+包 8000以内") limits the sum."""
        priced = [(c, s) for c, s in reading.constraints if c.field == PRICE and c.strength is Strength.HARD]
        if len(priced) != 1 or priced[0][1].start < roles[-1].span.start or priced[0][0].condition is None:
            return None
        constraint, span = priced[0]
        bounds = constraint.condition.bounds if constraint.condition else None
        if bounds is None or bounds.maximum is None:
            return None
        reading.constraints.remove(priced[0])
        limit = PriceLimit(
            span,
            None,
            bounds.maximum,
            approximate=False,
            total=True,
            currencies=(constraint.condition.currency,) if constraint.condition else (),
        )
        return money.budget(reading.message, limit)

    def _outside(self, reading: _Reading, roles: Sequence[Role]) -> list[Constraint]:
        """Limits outside every role."""
        return [c for c, span in reading.constraints if not any(span.overlaps(role.span) for role in roles)]

    def _scopes(self, reading: _Reading, roles: Sequence[Role], need: Need) -> tuple[Scope, ...]:
        return tuple(self._scope(reading, role, need) for role in roles)

    def _scope(self, reading: _Reading, role: Role, need: Need) -> Scope:
        inside = [m for m in self._free_matches(reading) if m.span.overlaps(role.span)]
        positives = self._grounder.positives(
            reading.message, inside, self._grounder.category(reading.message.text, inside)
        )
        limits = [c for c, span in reading.constraints if span.overlaps(role.span)]
        occasion = need.occasion if need.occasion and need.occasion not in role.name else ""
        return Scope(role.name, f"{occasion} {role.name}".strip(), (*positives, *limits), role.quantity)

    def _query(self, reading: _Reading, references: References, need: NeedReading) -> str:
        removed = [*reading.removed, *references.spans]
        quantity = find_quantity(reading.message.text)
        if quantity is not None:
            removed.append(quantity.span)
        query = without_chatter(reading.message.shown, removed)
        if not query:
            # A message of nothing but limits still names something: 吸力20kPa以上. A price or a refusal does not.
            unnamed = [span for constraint, span in reading.constraints if _names_no_thing(constraint)]
            return without_chatter(reading.message.shown, [*unnamed, *references.spans])
        if need.recipient_span is None:
            return query
        shorter = without_chatter(reading.message.shown, [*removed, need.recipient_span])
        return shorter or query

    def _remainder(self, query: str) -> str:
        """A query without catalogue words other than categories, and without words of need."""
        folded = utterance(query).text
        known = [m.span for m in self._matcher.find(folded) if not m.of(Sense.CATEGORY)]
        return cut(folded, [*known, *need_spans(folded)])


def _names_no_thing(constraint: Constraint) -> bool:
    return constraint.field == PRICE or bool(constraint.condition and constraint.condition.none_of)


def _with_answer(need: Need, turn: Turn) -> Need:
    """The need with a free answer to the open question as a use, when nothing else explains the answer."""
    if turn.answer and not turn.changed_limits and not (need.uses or need.occasion or need.recipient):
        return replace(need, uses=(turn.answer,))
    return need
