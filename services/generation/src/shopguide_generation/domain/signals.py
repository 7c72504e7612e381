"""Why a product was put forward, as the ranking states it: read from its facts, never guessed."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal
from enum import StrEnum

from shopguide_generation.domain.facts import AnswerContext, Source

REASON_KEY, CHEAPER_KEY = "reason", "cheaper_than_share"

LEAST_CHEAPER_SHARE = Decimal("0.5")
"""From this share of its category on, a product that costs less than others is worth saying so."""


class Signal(StrEnum):
    """A machine-readable reason that can be said, the most telling first."""

    BOUGHT_WITH = "BOUGHT_WITH"
    """Bought together with one product that is among the sources."""
    COMPLEMENTS = "COMPLEMENTS"
    REPURCHASE_DUE = "REPURCHASE_DUE"
    BOUGHT_TOGETHER = "BOUGHT_TOGETHER"
    """Bought together with what the shopper looked at or bought."""
    VIEWED_RECENTLY = "VIEWED_RECENTLY"
    MATCHES_TASTE = "MATCHES_TASTE"
    ALIKE_SHOPPERS = "ALIKE_SHOPPERS"
    TRENDING = "TRENDING"
    NEW_ARRIVAL = "NEW_ARRIVAL"
    CHEAPER_THAN = "CHEAPER_THAN"
    """Costs less than a stated share of its category."""
    CHEAP_FOR_CATEGORY = "CHEAP_FOR_CATEGORY"
    GOOD_VALUE = "GOOD_VALUE"
    """Rated well, and cheaper than most of its kind that were found."""
    POPULAR = "POPULAR"


@dataclass(frozen=True, slots=True)
class Given:
    """A reason that the facts of a product give: with the number of the other product, or a percentage."""

    signal: Signal
    other: int | None = None
    percent: Decimal | None = None


def given(context: AnswerContext, number: int) -> tuple[Given, ...]:
    """The reasons of product `number` that can be said, most telling first."""
    order = list(Signal)
    found = dict.fromkeys(_given(context, context.source(number)))
    return tuple(sorted(found, key=lambda one: order.index(one.signal)))


def _given(context: AnswerContext, source: Source) -> Iterator[Given]:
    words = [str(fact.value) for fact in source.all(REASON_KEY)]
    together = "BOUGHT_TOGETHER" in words
    complements = [word.partition(":")[2] for word in words if word.startswith("COMPLEMENTS:")]
    others = [n for n, s in context.products if s.id in complements and s.id != source.id]
    for other in others[:1]:
        yield Given(Signal.BOUGHT_WITH if together else Signal.COMPLEMENTS, other=other)
    percent = cheaper_percent(source)
    if percent is not None:
        yield Given(Signal.CHEAPER_THAN, percent=percent)
    spoken = {signal.value for signal in Signal} - {"BOUGHT_WITH", "COMPLEMENTS", "CHEAPER_THAN"}
    for word in words:
        tells = word in spoken and not (word == "BOUGHT_TOGETHER" and complements)
        if tells and not (word == "CHEAP_FOR_CATEGORY" and percent is not None):
            yield Given(Signal(word))


def cheaper_percent(source: Source) -> Decimal | None:
    """Whole percent of the products of its category that cost more, rounded down; None below a half or unknown."""
    share = source.number(CHEAPER_KEY)
    if share is None or not LEAST_CHEAPER_SHARE <= share <= 1:
        return None
    return (share * 100).to_integral_value(ROUND_FLOOR)
