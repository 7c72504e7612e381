"""Facts that code works out from given facts: differences, savings, totals. An answer may state these too."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal
from enum import StrEnum
from itertools import permutations

from shopguide_generation.domain.facts import AnswerContext, Fact, Money, Source
from shopguide_generation.domain.units import canonical


class DerivedKind(StrEnum):
    """How a derived fact came about."""

    DIFFERENCE = "difference"
    """Subject's value minus the other's; negative when the subject has less."""
    SHORTFALL = "shortfall"
    """How far the subject's value is from the limit; negative when it is below."""
    SAVING = "saving"
    SAVING_PERCENT = "saving_percent"
    TOTAL = "total"
    LEFT = "left"
    COUNT = "count"
    LIMIT = "limit"
    """A number the shopper stated."""


@dataclass(frozen=True, slots=True)
class Derived:
    """One derived number. `unit` is the ISO 4217 code when it is an amount of money."""

    kind: DerivedKind
    key: str
    value: Decimal
    unit: str = ""
    subject: int | None = None
    other: int | None = None


@dataclass(frozen=True, slots=True)
class Difference:
    """How one product differs from another in one number."""

    subject: int
    other: int
    fact: Fact
    other_fact: Fact
    delta: Decimal

    @property
    def derived(self) -> Derived:
        """The same as a derived fact."""
        return Derived(
            DerivedKind.DIFFERENCE, self.fact.key, self.delta, measure(self.fact)[1], self.subject, self.other
        )


def measure(fact: Fact) -> tuple[Decimal | None, str]:
    """The number of a fact and its canonical unit (ISO code for money); None when it has no number."""
    if isinstance(fact.value, Money):
        return fact.value.amount, fact.value.currency
    if isinstance(fact.value, Decimal):
        return fact.value, canonical(fact.unit)
    return None, ""


def differences(first: tuple[int, Source], second: tuple[int, Source]) -> Iterator[Difference]:
    """Every number in which two products differ, measured alike in both, in the order of the first's facts."""
    (subject, source), (other, reference) = first, second
    for fact in source.facts:
        twin = reference.get(fact.key)
        if twin is None or fact.key == "list_price":
            continue
        (mine, unit), (theirs, their_unit) = measure(fact), measure(twin)
        if mine is not None and theirs is not None and unit == their_unit and mine != theirs:
            yield Difference(subject, other, fact, twin, mine - theirs)


def saving(source: Source) -> Money | None:
    """What the list price is above the price; None when either is missing or it is not above."""
    price, listed = source.money("price"), source.money("list_price")
    if price is None or listed is None or price.currency != listed.currency or listed.amount <= price.amount:
        return None
    return Money(listed.amount - price.amount, price.currency)


def saving_percent(source: Source) -> Decimal | None:
    """The saving as a share of the list price in per cent, rounded down to one decimal place."""
    saved, listed = saving(source), source.money("list_price")
    if saved is None or listed is None:
        return None
    percent = saved.amount * 100 / listed.amount
    return percent.quantize(Decimal("0.1"), ROUND_DOWN).normalize()


def standard(context: AnswerContext) -> tuple[Derived, ...]:
    """Everything that follows from the facts and the request alone, whatever the plan."""
    return (*_between(context), *_savings(context), *_limits(context), *_sums(context), *_counts(context))


def _between(context: AnswerContext) -> Iterator[Derived]:
    for first, second in permutations(context.products, 2):
        yield from (difference.derived for difference in differences(first, second))


def _savings(context: AnswerContext) -> Iterator[Derived]:
    for number, source in context.products:
        saved, percent = saving(source), saving_percent(source)
        if saved is not None and percent is not None:
            yield Derived(DerivedKind.SAVING, "price", saved.amount, saved.currency, number)
            yield Derived(DerivedKind.SAVING_PERCENT, "price", percent, "%", number)


def _limits(context: AnswerContext) -> Iterator[Derived]:
    for outcome in context.outcomes:
        bounds = (outcome.limit.minimum, outcome.limit.maximum)
        for bound in (value for value in bounds if value is not None):
            unit = outcome.limit.unit if outcome.limit.key == "price" else canonical(outcome.limit.unit)
            yield Derived(DerivedKind.LIMIT, outcome.limit.key, bound, unit)
            if outcome.gave_way:
                yield from _shortfalls(context, outcome.limit.key, bound, unit)


def _shortfalls(context: AnswerContext, key: str, bound: Decimal, unit: str) -> Iterator[Derived]:
    for number, source in context.products:
        fact = source.get(key)
        value, measured = measure(fact) if fact else (None, "")
        if value is not None and value != bound and measured == unit:
            yield Derived(DerivedKind.SHORTFALL, key, value - bound, unit, number)


def _sums(context: AnswerContext) -> Iterator[Derived]:
    if context.budget is None:
        return
    total, spent = context.budget.total, context.budget.spent
    yield Derived(DerivedKind.LIMIT, "budget", total.amount, total.currency)
    if spent is not None and spent.currency == total.currency:
        yield Derived(DerivedKind.TOTAL, "price", spent.amount, spent.currency)
        yield Derived(DerivedKind.LEFT, "budget", total.amount - spent.amount, total.currency)


def _counts(context: AnswerContext) -> Iterator[Derived]:
    shown = len(context.offers)
    stated = sum(outcome.kept or outcome.gave_way for outcome in context.outcomes)
    for key, count in (("shown", shown), ("limits", stated)):
        if count:
            yield Derived(DerivedKind.COUNT, key, Decimal(count))
    if context.total_matches is not None:
        yield Derived(DerivedKind.COUNT, "matches", Decimal(context.total_matches))
