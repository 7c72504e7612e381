"""English: how each move is said."""

import re
from collections.abc import Callable
from typing import Any

from shopguide_generation.domain import moves as m
from shopguide_generation.domain.derived import Difference
from shopguide_generation.domain.facts import Fact, Limit, Money, Slot
from shopguide_generation.domain.labels import family, label
from shopguide_generation.domain.limit_words import CHEAPER_WORDS, flag_word, price_said, values_said
from shopguide_generation.domain.prices import price
from shopguide_generation.domain.units import canonical, number, quantity
from shopguide_generation.domain.wording import en_talk
from shopguide_generation.domain.wording.voice import SUITING_KEYS, Voice

_NUMERALS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_BEFORE_NOUN = frozenset(
    {"brand", "color", "colour", "material", "fabric", "form", "style", "pattern", "finish"}
)
_ADJECTIVE_KEYS = frozenset({"color", "colour", "material", "fabric", "form", "style", "pattern", "finish"})

_EVENT = re.compile(r"(?:wedding|birthday|party|picnic|trip|concert)$", re.IGNORECASE)
_ADJECTIVE = re.compile(
    r"(?:able|ible|proof|free|less)$|^(?:vegan|organic|rechargeable|silent|quiet|portable|decaf\w*|ionic|insulated|handmade)$"
)
"""Names of yes/no attributes that are adjectives: `foldable` is said with "is", `microphone` with "has"."""


def numeral(count: int) -> str:
    """Small counts as words: `three`; larger ones as digits."""
    return _NUMERALS[count] if 0 <= count < len(_NUMERALS) else str(count)


def listed(parts: list[str], word: str = "and") -> str:
    """`a`, `a and b`, `a, b and c`."""
    return " ".join([", ".join(parts[:-1]), word, parts[-1]]) if len(parts) > 1 else "".join(parts)


def capital(text: str) -> str:
    """The text with its first letter raised."""
    return text[:1].upper() + text[1:]


class EnglishVoice(Voice):
    """Says moves in English."""

    language = "en"
    unnamed = "This product"
    unstated = "not stated"
    stop = "."
    yes, no = "yes", "no"

    def talk(self) -> dict[type[m.Move], Callable[[Any], str]]:
        """See `Voice.talk`."""
        return en_talk.speakers(self)

    def ask(self, slot: Slot) -> str:
        """See `Voice.ask`."""
        return en_talk.question(slot)

    # Facts

    def reason(self, fact: Fact) -> str:
        """A fact as one item of a list of reasons: `40 hours of battery`, `over-ear`, `IPX4 water resistance`."""
        word, kin = label(fact, "en"), family(fact.key, fact.unit).name
        if isinstance(fact.value, bool):
            return word if fact.value else f"no {word}"
        if isinstance(fact.value, str):
            return self._text_reason(fact, word)
        if kin == "rating":
            return f"rated {self.plain(fact)}"
        if kin in {"endurance", "memory", "noise_cancelling", "warranty", "volume"}:
            return f"{self.value(fact)} of {word}"
        if kin == "weight":
            return f"{self.value(fact)} in weight" if word == "weight" else f"{word} {self.value(fact)}"
        if kin == "charge":
            return f"a {self.value(fact)} battery" if word == "battery" else f"{word} {self.value(fact)}"
        if kin == "screen" and canonical(fact.unit) == "in" and "size" not in word:
            return f"a {self.plain(fact)}-inch {word}"
        return f"{word} {self.value(fact)}"

    def _text_reason(self, fact: Fact, word: str) -> str:
        text = self.value(fact)
        if fact.key in _ADJECTIVE_KEYS:
            return text
        return text if word.casefold() in text.casefold() else f"{word} {text}"

    def item(self, fact: Fact) -> str:
        """A reason between commas, where a bare `256 g` is clear."""
        return self.reason(fact).removesuffix(" in weight")

    def details(self, cited: int, facts: tuple[Fact, ...], *, rating: bool = True) -> str:
        """Price, reasons and rating in a row; empty when nothing is known."""
        rated = self.context.source(cited).get("rating") if rating else None
        parts = [self.price(cited), *(self.item(fact) for fact in facts)]
        return ", ".join([*(p for p in parts if p), *([self.reason(rated)] if rated else [])])

    def limit(self, limit: Limit) -> str:
        """A limit as the shopper would say it: `up to $60`, `at least 40 hours of battery`, `not in-ear`."""
        word = label(limit, "en")
        if limit.flag is not None:
            return f"with {word}" if limit.flag else f"without {word}"
        if limit.any_of or limit.none_of:
            said = values_said(limit.any_of or limit.none_of, limit.evidence, "en")
            return ("" if limit.any_of else "not ") + listed(list(said), "or")
        return price_said(limit, "en") or self._range(limit, word)

    def described(self, limits: tuple[Limit, ...], noun: str) -> str:
        """The things that keep the limits: `noise cancelling headphones up to $60 that are not in-ear`."""
        before, after, query = [], [], f"{self.context.query} {self.context.search_query}"
        for limit in (one for one in limits if one.key != "category"):
            said = self.limit(limit)
            compound = flag_word(limit, query, noun, "en")
            if compound or said == CHEAPER_WORDS["en"] or (limit.any_of and limit.key in _BEFORE_NOUN):
                before.append(compound or said)
            elif limit.none_of:
                after.append(f"that are {said}")
            elif limit.key == "price":
                after.insert(0, said)
            elif limit.any_of and limit.key in SUITING_KEYS:
                after.append(f"for {'a ' if _EVENT.search(said) else ''}{said}")
            else:
                after.append(said if limit.flag is not None else f"with {self._keyed(limit, said)}")
        return " ".join([*before, noun or "products", *dict.fromkeys(after)])

    def _keyed(self, limit: Limit, said: str) -> str:
        return f"{label(limit, 'en')} {said}" if limit.any_of else said

    def _range(self, limit: Limit, word: str) -> str:
        low, high = self._bound(limit, "minimum"), self._bound(limit, "maximum")
        of = "" if limit.key == "price" else f" of {word}"
        if limit.minimum is not None and limit.maximum is not None:
            return f"{low} to {high}{of}"
        return f"at least {low}{of}" if limit.minimum is not None else f"up to {high}{of}"

    def _bound(self, limit: Limit, side: str) -> str:
        value = limit.minimum if side == "minimum" else limit.maximum
        if value is None:
            return ""
        return (
            price(Money(value, limit.unit))
            if limit.key == "price" and limit.unit
            else quantity(value, limit.unit, "en")
        )

    def comparison(self, difference: Difference) -> str:
        """A difference as a clause about the subject: `it is 38 g lighter`, `its battery is 10 hours shorter`."""
        fact, size = difference.fact, self.gap(difference)
        kin, word = family(fact.key, fact.unit), label(fact, "en")
        way = kin.more_en if difference.delta > 0 else kin.less_en
        if kin.name == "weight" and word == "weight":
            return f"it is {size} {way}"
        if kin.name in {"endurance", "memory"}:
            return f"it has {size} {'more' if difference.delta > 0 else 'less'} {word}"
        if kin.name == "noise_cancelling":
            return f"its {word} is {way} ({self.value(fact)})"
        if "length" in word:
            way = "longer" if difference.delta > 0 else "shorter"
        if kin.name == "weight":
            way = "higher" if difference.delta > 0 else "lower"
        stated = f" ({self.plain(fact)})" if kin.name == "rating" else ""
        return f"its {word} is {size} {way}{stated}"

    # Choosing

    def first_choice(self, move: m.FirstChoice) -> str:
        """The first choice with how many qualify and why it is first."""
        details = self.details(move.number, move.reasons)
        tail = f"{self.name(move.number)}{': ' + details if details else ''}."
        return capital(self._lead(move)) + " " + tail

    def _lead(self, move: m.FirstChoice) -> str:
        things = self.described(move.limits, move.noun)
        aim = f" for {move.purpose}" if move.purpose else ""
        if move.similar_to:
            return f"closest to {self.name(move.similar_to)} is"
        if move.extreme:
            return f"the {move.extreme} {move.extreme_key} of the {numeral(len(self.context.offers))} shown is at"
        if move.total == 1 and move.limits:
            return f"only one product fits ({', '.join(self.limit(one) for one in move.limits)}):"
        first = self.pick(
            "lead",
            f"the one to look at first{aim} is",
            f"my first choice{aim} is",
            f"{aim.strip()} I would start with" if aim else "I would start with",
        )
        if move.total and move.total > 1:
            return f"of the {numeral(move.total)} {things}{'' if move.limits else ' found'}, {first}"
        return first

    def cheaper(self, name: str, cost: str, gap: str, gain: str, loss: str) -> str:
        """See `Voice.cheaper`."""
        less = f", {gap} less" if gap else ""
        lead = self.fresh(
            "less",
            f"To spend less, {name} is {cost}{less}",
            f"{name} saves {gap} at {cost}" if gap else f"{name} is cheaper at {cost}",
            f"{name} comes at {cost}{less}",
        )
        if loss:
            return f"{lead}; in exchange, {loss}" + (f", though {gain}." if gain else ".")
        return f"{lead}, and {gain}." if gain else f"{lead}."

    def dearer(self, name: str, cost: str, gap: str, gain: str, loss: str) -> str:
        """See `Voice.dearer`."""
        more = f", {gap} more" if gap else ""
        if gain:
            lead = self.fresh(
                "more",
                f"For {gap} more, {name} is {cost}: {gain}" if gap else f"At {cost} there is {name}: {gain}",
                f"{name} costs {cost}{more}, and {gain}",
            )
            return f"{lead}, but {loss}." if loss else f"{lead}."
        return f"{name} costs {cost}{more}" + (f", and {loss}." if loss else ".")

    def same_price(self, name: str, cost: str, gain: str, loss: str) -> str:
        """See `Voice.same_price`."""
        at = f" at {cost}" if cost else ""
        if gain and loss:
            return f"With {name}{at}, {gain}, but {loss}."
        if gain or loss:
            return f"With {name}{at}, {gain or loss}."
        return self.fresh(
            "also",
            f"Another option is {name}{at}.",
            f"Also consider {name}{at}.",
            f"There is also {name}{at}.",
        )

    def feature(self, fact: Fact | None) -> str:
        """See `Voice.feature`."""
        if fact is None:
            return ""
        if not isinstance(fact.value, bool):
            return f"its {label(fact, 'en')} is {self.value(fact)}"
        word = label(fact, "en")
        return f"it is {word}" if _ADJECTIVE.search(word) else f"it has {word}"

    def closest(self, move: m.ClosestChoice) -> str:
        """Nothing keeps all limits; the closest, and how near it comes."""
        count = len(move.relaxed) + len(move.kept)
        lost = ", ".join(self.limit(outcome.limit) for outcome in move.relaxed)
        all_of = "both" if count == 2 else f"all {numeral(count)}"  # noqa: PLR2004 - English has a word for it
        none = (
            f"Nothing meets {all_of} limits." if count > 1 else f"Nothing meets the limit you set ({lost})."
        )
        within = self._within(move)
        parts = [
            *(self.item(fact) for fact in move.reasons),
            *(self._nearness(move.number, o.limit) for o in move.relaxed),
        ]
        cost = self.price(move.number) if not any(o.limit.key == "price" for o in move.relaxed) else ""
        body = ", ".join(part for part in parts if part)
        at = f" at {cost}" if cost else ""
        return f"{none} The closest{within} is {self.name(move.number)}{at}" + (f": {body}." if body else ".")

    def plain_choice(self, move: m.PlainChoice) -> str:
        """The product to look at first, and its price."""
        name = self.name(move.number) if move.named else f"{self.unnamed.lower()} [{move.number}]"
        cost = self.price(move.number) if move.priced else ""
        lead = "I would start with" if move.fits else "Nothing meets all limits. The closest is"
        return f"{lead} {name}" + (f" at {cost}." if cost else ".")

    def _within(self, move: m.ClosestChoice) -> str:
        ceiling = next((one for one in move.kept if one.key == "price" and one.minimum is None), None)
        return f" within {self._bound(ceiling, 'maximum')}" if ceiling else ""

    def _nearness(self, cited: int, limit: Limit) -> str:
        fact = self.context.source(cited).get(limit.key)
        if fact is None:
            return f"but its page does not mention {label(limit, 'en')}"
        if isinstance(fact.value, (str, bool)):
            return self._other_than_asked(fact)
        value = fact.value.amount if isinstance(fact.value, Money) else fact.value
        bound = limit.minimum if limit.minimum is not None and value < limit.minimum else limit.maximum
        if bound is None or value == bound:
            return self.reason(fact) if limit.key != "price" else self.value(fact)
        size = abs(value - bound)
        short = price(Money(size, fact.value.currency)) if isinstance(fact.value, Money) else number(size)
        stated = self.value(fact) if limit.key == "price" else self.reason(fact)
        return f"{stated}, {short} {'short of' if value < bound else 'over'} what you asked"

    def _other_than_asked(self, fact: Fact) -> str:
        word = label(fact, "en")
        if isinstance(fact.value, bool):
            return f"but {'with' if fact.value else 'without'} {word}"
        return f"but its {word} is {self.value(fact)}"

    def other_side(self, move: m.OtherSide) -> str:
        """A product that keeps the limit that gave, and what it gives up for it."""
        cost, wish = self.price(move.number), self._mattering(move.limit)
        than = f" than {self._topic(move.broken)}" if move.broken else ""
        broken = self.context.source(move.number).get(move.broken.key) if move.broken else None
        told = broken and not isinstance(broken.value, (bool, Money))
        tail = f", with {self.reason(broken)}" if told and broken else ""
        at = f" at {cost}" if cost else ""
        return f"If {wish} matters more{than}, {self.name(move.number)} has it{at}{tail}."

    def _mattering(self, limit: Limit) -> str:
        if limit.key == "price":
            return "the price"
        if limit.flag is not None or limit.none_of:
            return self.limit(limit) if limit.flag is not True else label(limit, "en")
        return self.limit(limit).removeprefix("at least ").removeprefix("up to ")

    def _topic(self, limit: Limit) -> str:
        return "the price" if limit.key == "price" else label(limit, "en")

    def more_about(self, move: m.MoreAbout) -> str:
        """Further facts of a product."""
        facts = listed([self.reason(fact) for fact in move.facts])
        return self.pick(
            f"more {move.number}",
            f"{self.name(move.number)} also lists {facts}.",
            f"The page of {self.name(move.number)} also states {facts}.",
        )

    def remaining(self, move: m.Remaining) -> str:
        """How many more fit."""
        rest = move.total - move.named
        return f"{capital(numeral(rest))} more {'fits' if rest == 1 else 'fit'} if none of these suits you."

    def unchecked(self, move: m.Unchecked) -> str:
        """Wishes that could not be checked."""
        words = listed([f"“{wish}”" for wish in move.wishes], "or")
        return f"The catalogue has no field for {words}, so I could not check that."

    def nothing_found(self, move: m.NothingFound) -> str:
        """There is nothing to show."""
        what = f" for {move.sought}" if move.sought else ""
        limits = ", ".join(self.limit(one) for one in move.limits)
        return f"I found nothing{what}" + (
            f" within your limits ({limits})." if limits else " in this catalogue."
        )

    def nearest(self, move: m.NearestValue) -> str:
        """The nearest value there is."""
        limit, value = move.outcome.limit, move.outcome.nearest
        if value is None:
            return ""
        shown = (
            price(Money(value, limit.unit))
            if limit.key == "price" and limit.unit
            else quantity(value, limit.unit, "en")
        )
        return f"The nearest {label(limit, 'en')} there is: {shown}, where you asked for {self.limit(limit)}."

    def loosen(self, move: m.LoosenOne) -> str:
        """Offer to loosen a limit."""
        if len(move.limits) == 1:
            return "If that limit can give a little, I will look again."
        return "Tell me which of these limits may give, and I will look again with the others kept."

    # Comparing

    def verdict(self, move: m.Verdict) -> str:
        """Which product, and why."""
        because = [self.comparison(difference) for difference in move.gains]
        because += [f"its page states {self.reason(fact)}" for fact in move.features]
        aim = (
            f"For {move.purpose}, choose"
            if move.purpose
            else self.pick("verdict", "I would take", "My choice is")
        )
        return f"{aim} {self.name(move.number)}: {listed(because)}."

    def unstated_key(self, move: m.Unstated) -> str:
        """What a page does not say."""
        return f"The page of {self.name(move.number)} does not say anything about {move.label}."

    def counter_point(self, move: m.CounterPoint) -> str:
        """Where the other one is ahead."""
        return f"In favour of {self.name(move.difference.subject)}: {self.comparison(move.difference)}."

    def even(self, move: m.EvenMatch) -> str:
        """Nothing stated decides."""
        names = listed([self.name(n) for n in move.numbers])
        return f"On what the pages state, nothing decides between {names}."

    def listing_says(self, move: m.ListingSays) -> str:
        """What the listing states."""
        if move.asked and isinstance(move.facts[0].value, bool):
            return self._yes_no(move.number, move.facts[0])
        facts = listed([self._stated(fact) for fact in move.facts])
        if move.asked:
            return f"The listing of {self.name(move.number)} states {facts}."
        return f"It lists {facts} [{move.number}]."

    def _stated(self, fact: Fact) -> str:
        word = label(fact, "en")
        if fact.key in {"price", "rating"}:
            return f"{'a rating of' if fact.key == 'rating' else 'a price of'} {self.value(fact)}"
        return f"{word} {self.value(fact)}" if isinstance(fact.value, str) else self.reason(fact)

    def _yes_no(self, cited: int, fact: Fact) -> str:
        answer = "Yes" if fact.value else "No"
        return f"{answer}: the listing of {self.name(cited)} states {'' if fact.value else 'no '}{label(fact, 'en')}."

    # Sums

    def bundle_total(self, move: m.BundleTotal) -> str:
        """The sum and every part; one part alone has no sum."""
        parts = "; ".join(self._part(part) for part in move.parts)
        if len(move.parts) == 1:
            return f"There is {parts}."
        return f"For {price(move.total)} together: {parts}." if move.total else f"Together: {parts}."

    def _part(self, part: m.BundlePart) -> str:
        cost, name = self.price(part.number), self.name(part.number)
        told = part.role and part.role.rstrip("s").casefold() not in name.casefold()
        named = f"as {part.role}, {name}" if told else f"the {name}"
        taste = part.reason is not None and part.reason.key in {"color", "colour"}
        why = f"{' in' if taste else ','} {self.reason(part.reason)}" if part.reason else ""
        return f"{named}{why}" + (f", {cost}" if cost else "")

    def budget_left(self, move: m.BudgetLeft) -> str:
        """What is left, or how far over."""
        size, whole = price(Money(abs(move.left.amount), move.left.currency)), price(move.budget)
        if move.left.amount > 0:
            return self.pick(
                "left", f"{size} of your {whole} is left.", f"That leaves {size} of the {whole}."
            )
        if move.left.amount == 0:
            return f"That uses the whole {whole}."
        return f"That is {size} over your {whole}."

    def shared(self, move: m.Shared) -> str:
        """What all parts have in common."""
        cites = "".join(f"[{n}]" for n in move.numbers)
        all_of = "Both" if len(move.numbers) == 2 else f"All {numeral(len(move.numbers))}"  # noqa: PLR2004 - English has a word for it
        return f"{all_of} {cites} list the same {label(move.fact, 'en')}: {self.value(move.fact)}."

    def swap(self, move: m.Swap) -> str:
        """Another product for a role."""
        return f"With {self.name(move.number)} instead of [{move.instead_of}], the sum would be {price(move.total)}."

    def missing_roles(self, move: m.MissingRoles) -> str:
        """Roles without a product."""
        return f"I found nothing suitable for {listed(list(move.roles), 'or')}."

    def deal(self, move: m.Deal) -> str:
        """A price against its list price."""
        facts = self.deal_facts(move.number)
        because = ", ".join(self.item(fact) for fact in move.reasons)
        why = f" It lists {because} [{move.number}]." if because and move.first else ""
        if move.largest:
            shown = numeral(len(self.context.offers))
            return f"The largest saving of the {shown} shown is on {self.name(move.number)}: {facts}.{why}"
        if move.first:
            return f"The saving to look at first is on {self.name(move.number)}: {facts}.{why}"
        return f"{self.in_turn('deal', 'Next comes', 'There is also')} {self.name(move.number)} at {facts}."

    def saved(self, cost: str, listed: str, less: str, percent: str) -> str:
        """See `Voice.saved`."""
        return f"{cost}, down from {listed}, a saving of {less} ({percent}%)"

    def no_companion(self, move: m.NoCompanion) -> str:
        """Nothing is known to go with a product."""
        return f"There is no record yet of what shoppers buy with {self.name(move.number)}."

    def no_deal(self, move: m.NoDeal) -> str:
        """No list price stands against a price."""
        said = "None of these pages states a list price above the current price, so I cannot call any of them a deal."
        if move.lowest is None:
            return said
        shown = numeral(len(self.context.offers))
        return f"{said} The lowest price of the {shown} shown is {self.price(move.lowest)}, for {self.name(move.lowest)}."

    def criteria(self, move: m.Criteria) -> str:
        """What was looked at, for whom."""
        single = " " not in move.recipient
        whom = f"For {'your ' if single else ''}{move.recipient}" if move.recipient else "For this gift"
        return f"{whom}, I looked at {listed(list(move.labels))}."

    def digest_mention(self, move: m.DigestMention) -> str:
        """How often reviews mention a point."""
        count = self.context.source(move.number).get("rating_count")
        of = f"In {self.plain(count)} reviews" if count else "In its reviews"
        times = move.point.mention_count
        return (
            f"{of} of {self.name(move.about)}, “{self.value(move.point)}” comes up {times} times [{move.number}]."
            if times
            else ""
        )
