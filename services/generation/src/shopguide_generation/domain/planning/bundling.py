"""Plans with sums: bundles under one budget, and deals against the list price."""

from collections.abc import Iterator
from decimal import Decimal

from shopguide_generation.domain.derived import Derived, DerivedKind, saving_percent
from shopguide_generation.domain.facts import AnswerContext, Fact, Money, Source
from shopguide_generation.domain.moves import (
    BudgetLeft,
    BundlePart,
    BundleTotal,
    Deal,
    MissingRoles,
    MoreAbout,
    Move,
    NoCompanion,
    NoDeal,
    Shared,
    Swap,
)
from shopguide_generation.domain.names import display_name
from shopguide_generation.domain.planning.choosing import put_forward, recommendation, spoken, unchecked
from shopguide_generation.domain.planning.steps import Plan, filler, must, wanted
from shopguide_generation.domain.prices import total
from shopguide_generation.domain.ranking import reasons, speakable

NAMED_DEALS = 3

NAMED_REASONS = 2
"""Parts of a bundle of which it is told why they belong to it."""

LOOKS = ("color", "colour", "material", "style")
"""What tells how a part of a bundle looks beside the others."""

PARTS_WITH_REASONS = 4
"""Up to this many parts each is told with a reason; more would be a list."""


def bundle(context: AnswerContext) -> Plan:
    """The sum first, each part with its price, what is left, and a swap where one fits."""
    chosen = _chosen(context)
    reference = next((n for n, s in context.products if s.id == context.reference_id), None)
    if not chosen and reference is not None:
        return Plan((*must(NoCompanion(reference)), *must(*unchecked(context))), answered=False)
    if not chosen:
        return recommendation(context)
    spent = _spent(context, chosen)
    sum_fact = Derived(DerivedKind.TOTAL, "price", spent.amount, spent.currency) if spent else None
    steps = [
        *must(BundleTotal(tuple(_parts(context, chosen)), spent, sum_fact)),
        *must(*_left(context, spent)),
        *must(*_missing(context)),
        *wanted(*put_forward(context, *(n for n, _ in chosen[:NAMED_REASONS]))),
        *wanted(*_shared(chosen)),
        *wanted(*_swap(context, chosen, spent)),
        *must(*unchecked(context)),
    ]
    return Plan(tuple(steps), context.slot)


def _chosen(context: AnswerContext) -> list[tuple[int, Source]]:
    """The first offer of every role; offers without a role each stand for themselves."""
    taken: dict[str, tuple[int, Source]] = {}
    for number, source in context.offers:
        taken.setdefault(source.role or f"#{number}", (number, source))
    return list(taken.values())


def _spent(context: AnswerContext, chosen: list[tuple[int, Source]]) -> Money | None:
    prices = [price for _, source in chosen if (price := source.money("price"))]
    summed = total(prices) if len(prices) == len(chosen) else None
    return summed or (context.budget.spent if context.budget and not prices else None)


def _parts(context: AnswerContext, chosen: list[tuple[int, Source]]) -> Iterator[BundlePart]:
    for number, source in chosen:
        name = display_name(source).casefold()
        looks = [fact for key in LOOKS if (fact := source.get(key))]
        because = [f for f in looks if speakable(f, context.language) and str(f.value).casefold() not in name]
        told = because[0] if because and len(chosen) <= PARTS_WITH_REASONS else None
        yield BundlePart(number, spoken(source.role, context.language), told)


def _left(context: AnswerContext, spent: Money | None) -> list[Move]:
    if context.budget is None or spent is None or context.budget.total.currency != spent.currency:
        return []
    limit = context.budget.total
    left = Money(limit.amount - spent.amount, limit.currency)
    return [BudgetLeft(limit, left, Derived(DerivedKind.LEFT, "budget", left.amount, left.currency))]


def _missing(context: AnswerContext) -> list[Move]:
    roles = tuple(role for name in context.missing_roles if (role := spoken(name, context.language)))
    return [MissingRoles(roles)] if roles else []


def _shared(chosen: list[tuple[int, Source]]) -> list[Move]:
    if len(chosen) < 2:  # noqa: PLR2004 - one part shares nothing
        return []
    for fact in chosen[0][1].attributes:
        held = all(any(f.value == fact.value for f in source.all(fact.key)) for _, source in chosen)
        if held and isinstance(fact.value, str) and fact.value.isprintable() and len(fact.value) <= 20:  # noqa: PLR2004 - a word, not prose
            return [Shared(tuple(n for n, _ in chosen), fact)]
    return []


def _swap(context: AnswerContext, chosen: list[tuple[int, Source]], spent: Money | None) -> list[Move]:
    if spent is None or context.budget is None:
        return []
    numbers = {n for n, _ in chosen}
    for number, source in context.products:
        if number in numbers or not source.role:
            continue
        replaced = next((n for n, s in chosen if s.role == source.role), None)
        swapped = _swapped(context, replaced, source, spent)
        if replaced is not None and swapped is not None and swapped.amount <= context.budget.total.amount:
            fact = Derived(DerivedKind.TOTAL, "price", swapped.amount, swapped.currency)
            return [Swap(number, replaced, swapped, fact)]
    return []


def _swapped(context: AnswerContext, replaced: int | None, source: Source, spent: Money) -> Money | None:
    old = context.source(replaced).money("price") if replaced else None
    new = source.money("price")
    if old is None or new is None or {old.currency, new.currency} != {spent.currency}:
        return None
    return Money(spent.amount - old.amount + new.amount, spent.currency)


def deal(context: AnswerContext) -> Plan:
    """The largest true saving first; without list prices it says that there is nothing to compare with."""
    if not context.offers:
        return recommendation(context)
    saving = [(percent, n) for n, s in context.offers if (percent := saving_percent(s)) is not None]
    if not saving:
        return _no_deal(context)
    ranked = [n for _, n in sorted(saving, key=lambda item: (-item[0], item[1]))][:NAMED_DEALS]
    largest = len(saving) > 1 and _alone(saving)
    deals = [Deal(n, n == ranked[0], largest and n == ranked[0], _because(context, n)) for n in ranked]
    more = [MoreAbout(n, facts) for n in ranked if (facts := reasons(context, n, 4)[2:])]
    unlisted = [n for n, s in context.offers if saving_percent(s) is None]
    first, others = put_forward(context, ranked[0]), put_forward(context, *unlisted)
    steps = [*must(*deals[:1]), *wanted(*first, *deals[1:], *others), *filler(*more)]
    return Plan((*steps, *must(*unchecked(context))), context.slot)


def _alone(saving: list[tuple[Decimal, int]]) -> bool:
    best = max(percent for percent, _ in saving)
    return sum(percent == best for percent, _ in saving) == 1


def _because(context: AnswerContext, number: int) -> tuple[Fact, ...]:
    return reasons(context, number, 2)


def _no_deal(context: AnswerContext) -> Plan:
    priced = [(money, n) for n, s in context.offers if (money := s.money("price"))]
    comparable = len({money.currency for money, _ in priced}) == 1 and len(priced) == len(context.offers)
    lowest = (
        min(priced, key=lambda item: (item[0].amount, item[1]))[1] if comparable and len(priced) > 1 else None
    )
    base = recommendation(context)
    rest = base.steps if lowest is None else base.steps[1:]
    more = [MoreAbout(lowest, facts)] if lowest and (facts := reasons(context, lowest)) else []
    cheap = put_forward(context, *([lowest] if lowest else []))
    return Plan(
        (*must(NoDeal(lowest)), *wanted(*cheap), *wanted(*more), *(s for s in rest if lowest is None)),
        base.slot,
    )
