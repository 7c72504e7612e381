"""What both languages share: names with citations, values, and choosing between ways to say a thing."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from decimal import Decimal
from hashlib import sha256
from typing import Any, ClassVar

from shopguide_generation.domain import moves as m
from shopguide_generation.domain.derived import Difference, saving, saving_percent
from shopguide_generation.domain.facts import RATING_KEYS, AnswerContext, Fact, Money, Slot
from shopguide_generation.domain.names import display_names
from shopguide_generation.domain.prices import price
from shopguide_generation.domain.units import number, quantity
from shopguide_generation.domain.wording.signal_words import PREDICATES

SUITING_KEYS = frozenset({"occasion", "season", "use", "recipient", "scene"})
"""Keys that say what a product is for."""

_SAID_BY: dict[type[m.Move], str] = {
    m.FirstChoice: "first_choice", m.ClosestChoice: "closest", m.OtherSide: "other_side", m.PlainChoice: "plain_choice",
    m.Alternative: "alternative", m.MoreAbout: "more_about", m.Remaining: "remaining", m.Unchecked: "unchecked",
    m.NothingFound: "nothing_found", m.NearestValue: "nearest", m.LoosenOne: "loosen", m.Table: "table",
    m.Verdict: "verdict", m.Unstated: "unstated_key", m.CounterPoint: "counter_point", m.EvenMatch: "even",
    m.ListingSays: "listing_says", m.BundleTotal: "bundle_total", m.BudgetLeft: "budget_left", m.Shared: "shared",
    m.Swap: "swap", m.MissingRoles: "missing_roles", m.Deal: "deal", m.NoDeal: "no_deal",
    m.NoCompanion: "no_companion",
    m.PutForward: "put_forward", m.Criteria: "criteria", m.DigestMention: "digest_mention",
}  # fmt: skip
"""Which method of a voice says a move; what is not here is `Voice.talk`."""


class Voice(ABC):
    """Puts moves into the words of one language. Same context, same words."""

    language: ClassVar[str]
    unnamed: ClassVar[str]
    unstated: ClassVar[str]
    """What a table cell says when a page does not say."""
    yes: ClassVar[str]
    no: ClassVar[str]
    """What a table cell says of a yes/no attribute."""
    stop: ClassVar[str]
    """What ends a sentence."""

    def __init__(self, context: AnswerContext) -> None:
        self.context = context
        self.names = display_names(context.sources)
        self._used: dict[str, set[int]] = {}
        self._seed = sha256(repr(context).encode("utf-8", "replace")).digest()

    def say(self, move: m.Move) -> str:
        """One or more whole sentences for a move (a table: Markdown rows); empty when there is nothing to say."""
        name = _SAID_BY.get(type(move))
        speak: Callable[[Any], str] = getattr(self, name) if name else self.talk()[type(move)]
        said = speak(move)
        return said if isinstance(move, m.Table) else self.polished(said)

    def polished(self, text: str) -> str:
        """A text put together of pieces, as it is written."""
        return text

    @abstractmethod
    def talk(self) -> dict[type[m.Move], Callable[[Any], str]]:
        """What says the moves that are no choice between products: rules, reviews, small talk."""

    @abstractmethod
    def ask(self, slot: Slot) -> str:
        """The question that fills a slot."""

    def cell(self, fact: Fact | None) -> str:
        """A table cell."""
        if fact is None:
            return self.unstated
        return (self.yes if fact.value else self.no) if isinstance(fact.value, bool) else self.value(fact)

    def pick(self, place: str, *ways: str) -> str:
        """One of several ways to say a thing, always the same for the same context and place."""
        digest = sha256(self._seed + place.encode()).digest()
        return ways[int.from_bytes(digest[:4], "big") % len(ways)]

    def fresh(self, place: str, *ways: str) -> str:
        """As `pick`, but not the way taken last time at this place while there are others."""
        used = self._used.setdefault(place, set())
        if len(used) >= len(ways):
            used.clear()
        chosen = self.pick(place, *(str(at) for at in range(len(ways)) if at not in used))
        used.add(int(chosen))
        return ways[int(chosen)]

    def in_turn(self, place: str, *ways: str) -> str:
        """The first way at the first call for a place, the second at the second, the last from then on."""
        used = self._used.setdefault(place, set())
        used.add(len(used))
        return ways[min(len(used), len(ways)) - 1]

    def round_gap(self, difference: Difference) -> str:
        """A difference in price worth saying: the empty string for an odd one such as `$30.01`."""
        size = abs(difference.delta)
        return self.gap(difference) if size == size.to_integral_value() or size < 1 else ""

    def gap(self, difference: Difference) -> str:
        """The size of a difference, unsigned, with its unit."""
        size = abs(difference.delta)
        if difference.fact.key == "rating":
            return format(size.quantize(Decimal("0.1")), "f")
        if isinstance(difference.fact.value, Money):
            return price(Money(size, difference.fact.value.currency))
        return quantity(size, difference.fact.unit, self.language)

    @abstractmethod
    def comparison(self, difference: Difference) -> str:
        """A difference as a clause about the subject."""

    @abstractmethod
    def feature(self, fact: Fact | None) -> str:
        """A fact that the other product does not have, as a clause; empty for none."""

    @abstractmethod
    def cheaper(self, name: str, cost: str, gap: str, gain: str, loss: str) -> str:
        """Another product that costs less by `gap` (empty: not worth saying), with what is better and worse."""

    @abstractmethod
    def dearer(self, name: str, cost: str, gap: str, gain: str, loss: str) -> str:
        """Another product that costs more."""

    @abstractmethod
    def same_price(self, name: str, cost: str, gain: str, loss: str) -> str:
        """Another product at the same price, or at one that cannot be compared."""

    def alternative(self, move: m.Alternative) -> str:
        """Another product by its trade-off, with the number."""
        name, cost = self.name(move.number), self.price(move.number)
        gain = self.comparison(move.gain) if move.gain else self.feature(move.feature)
        loss = self.comparison(move.loss) if move.loss else ""
        if move.price_gap is None:
            return self.same_price(name, cost, gain, loss)
        tell = self.cheaper if move.price_gap.delta < 0 else self.dearer
        return tell(name, cost, self.round_gap(move.price_gap), gain, loss)

    @abstractmethod
    def saved(self, cost: str, listed: str, less: str, percent: str) -> str:
        """A price against the list price."""

    def deal_facts(self, cited: int) -> str:
        """A product's price, against its list price where that is higher."""
        source = self.context.source(cited)
        less, percent, listed = saving(source), saving_percent(source), source.money("list_price")
        if less is None or percent is None or listed is None:
            return self.price(cited)
        return self.saved(self.price(cited), price(listed), price(less), number(percent))

    def name(self, cited: int) -> str:
        """A product's name with its citation."""
        return f"{self.names[cited - 1] or self.unnamed} [{cited}]"

    def spaced(self, text: str) -> str:
        """The text as it stands after a Han character: with a space when it begins in Latin script or digits."""
        return f" {text}" if text[:1].isascii() and text[:1].isalnum() else text

    def price(self, cited: int) -> str:
        """A product's price as written; empty when it has none."""
        amount = self.context.source(cited).money("price")
        return price(amount) if amount else ""

    def value(self, fact: Fact) -> str:
        """A fact's value with its unit. Flags have no words of their own: the empty string."""
        if isinstance(fact.value, Money):
            return price(fact.value)
        if isinstance(fact.value, bool):
            return ""
        if isinstance(fact.value, str):
            return " ".join(fact.value.split())
        return (
            quantity(fact.value, fact.unit, self.language)
            if fact.key not in RATING_KEYS
            else self.plain(fact)
        )

    def plain(self, fact: Fact) -> str:
        """A number without its unit; a rating with one decimal place."""
        if fact.key in RATING_KEYS and isinstance(fact.value, Decimal):
            return format(fact.value.quantize(Decimal("0.1")), "f")
        return number(fact.value) if not isinstance(fact.value, (str, bool, Money)) else self.value(fact)

    def put_forward(self, move: m.PutForward) -> str:
        """Why the ranking put a product forward; empty when the other product has no name that can be said."""
        other = self.name(move.reason.other) if move.reason.other else ""
        said = PREDICATES[self.language][move.reason.signal].format(other=other, percent=move.reason.percent)
        return f"{self.name(move.number)} {said}{self.stop}"

    def table(self, move: m.Table) -> str:
        """A comparison as a Markdown table, products across, keys down."""
        header = ["", *(self.name(n).strip() for n in move.numbers)]
        lines = [header, ["---"] * len(header), *(self._row(row) for row in move.rows)]
        return "\n".join("| " + " | ".join(cells) + " |" for cells in lines).replace("|  |", "| |")

    def _row(self, row: m.Row) -> list[str]:
        return [row.label, *(self.cell(fact) for fact in row.cells)]
