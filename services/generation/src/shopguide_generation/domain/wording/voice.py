"""What both languages share: names with citations, values, and choosing between ways to say a thing."""

from abc import ABC, abstractmethod
from decimal import Decimal
from hashlib import sha256
from typing import ClassVar

from shopguide_generation.domain.derived import Difference
from shopguide_generation.domain.facts import RATING_KEYS, AnswerContext, Fact, Money, Slot
from shopguide_generation.domain.moves import Move, PutForward, Row, Table
from shopguide_generation.domain.names import display_names
from shopguide_generation.domain.prices import price
from shopguide_generation.domain.units import number, quantity
from shopguide_generation.domain.wording.signal_words import PREDICATES

SUITING_KEYS = frozenset({"occasion", "season", "use", "recipient", "scene"})
"""Keys that say what a product is for."""


class Voice(ABC):
    """Puts moves into the words of one language. Same context, same words."""

    language: ClassVar[str]
    unnamed: ClassVar[str]
    unstated: ClassVar[str]
    """What a table cell says when a page does not say."""
    stop: ClassVar[str]
    """What ends a sentence."""

    def __init__(self, context: AnswerContext) -> None:
        self.context = context
        self.names = display_names(context.sources)
        self._used: dict[str, set[int]] = {}
        self._seed = sha256(repr(context).encode("utf-8", "replace")).digest()

    @abstractmethod
    def say(self, move: Move) -> str:
        """One or more whole sentences for a move (a table: Markdown rows); empty when there is nothing to say."""

    @abstractmethod
    def ask(self, slot: Slot) -> str:
        """The question that fills a slot."""

    @abstractmethod
    def cell(self, fact: Fact | None) -> str:
        """A table cell."""

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

    @abstractmethod
    def gap(self, difference: Difference) -> str:
        """The size of a difference, unsigned, with its unit."""

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

    def put_forward(self, move: PutForward) -> str:
        """Why the ranking put a product forward; empty when the other product has no name that can be said."""
        other = self.name(move.reason.other) if move.reason.other else ""
        said = PREDICATES[self.language][move.reason.signal].format(other=other, percent=move.reason.percent)
        return f"{self.name(move.number)} {said}{self.stop}"

    def table(self, move: Table) -> str:
        """A comparison as a Markdown table, products across, keys down."""
        header = ["", *(self.name(n).strip() for n in move.numbers)]
        lines = [header, ["---"] * len(header), *(self._row(row) for row in move.rows)]
        return "\n".join("| " + " | ".join(cells) + " |" for cells in lines).replace("|  |", "| |")

    def _row(self, row: Row) -> list[str]:
        return [row.label, *(self.cell(fact) for fact in row.cells)]
