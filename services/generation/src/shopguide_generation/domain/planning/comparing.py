"""Plans for comparisons: a table of what differs, and a verdict that answers the stated use."""

from collections.abc import Iterator
from decimal import Decimal

from shopguide_generation.domain.derived import Difference
from shopguide_generation.domain.facts import AnswerContext, Fact
from shopguide_generation.domain.labels import identifies, label
from shopguide_generation.domain.moves import (
    CounterPoint,
    EvenMatch,
    MoreAbout,
    Row,
    Table,
    Unstated,
    Verdict,
)
from shopguide_generation.domain.needs import serves, wishes
from shopguide_generation.domain.planning.choosing import purpose, recommendation
from shopguide_generation.domain.planning.steps import Plan, Step, filler, must, wanted
from shopguide_generation.domain.ranking import reasons, speakable, trade, worth

MAX_COLUMNS = 4
MAX_ROWS = 8


def comparison(context: AnswerContext) -> Plan:
    """A table and a verdict; with fewer than two products a recommendation."""
    numbers = tuple(n for n, _ in context.products)[:MAX_COLUMNS]
    if len(numbers) < 2:  # noqa: PLR2004 - a comparison needs two
        return recommendation(context)
    rows = tuple({row.label: row for row in reversed(list(_rows(context, numbers)))}.values())[::-1]
    verdict = _verdict(context, numbers)
    table = must(Table(numbers, rows)) if rows else []
    return Plan((*table, *verdict), context.slot)


def _rows(context: AnswerContext, numbers: tuple[int, ...]) -> Iterator[Row]:
    sources = [context.source(n) for n in numbers]
    for key in ("price", "rating"):
        cells = tuple(source.get(key) for source in sources)
        if any(cells):
            yield _row(context, key, cells)
    for key in _attribute_keys(context, numbers)[: MAX_ROWS - 2]:
        yield _row(context, key, tuple(source.get(key) for source in sources))


def _row(context: AnswerContext, key: str, cells: tuple[Fact | None, ...]) -> Row:
    known = next(fact for fact in cells if fact)
    shown = tuple(fact if fact and speakable(fact, context.language) else None for fact in cells)
    return Row(label(known, context.language), key, shown)


def _attribute_keys(context: AnswerContext, numbers: tuple[int, ...]) -> list[str]:
    scores: dict[str, float] = {}
    for number in numbers:
        source = context.source(number)
        for fact in source.attributes:
            if identifies(fact.key) or not all(
                speakable(f, context.language) for n in numbers for f in context.source(n).all(fact.key)
            ):
                continue
            value = max(worth(context, source, fact), 1) + _differs(context, numbers, fact)
            scores[fact.key] = max(scores.get(fact.key, 0), value)
    return sorted(scores, key=lambda key: -scores[key])


def _differs(context: AnswerContext, numbers: tuple[int, ...], fact: Fact) -> float:
    twins = [context.source(n).get(fact.key) for n in numbers]
    shared = sum(twin is not None for twin in twins)
    return 8 * (shared - 1) + (12 if len({twin.value for twin in twins if twin}) > 1 else 0)


def _verdict(context: AnswerContext, numbers: tuple[int, ...]) -> list[Step]:
    winner = max(numbers, key=lambda n: (_merit(context, n, numbers), -n))
    rival = next(n for n in numbers if n != winner)
    gains, losses = trade(context, winner, rival)
    gains = _relevant(context, gains)
    features = _exclusive(context, winner, rival)
    if not gains and not features:
        return [*must(EvenMatch(numbers)), *_about(context, numbers)]
    steps = must(Verdict(winner, rival, tuple(gains[:2]), features[:1], purpose(context)))
    for fact in features[:1]:
        if context.source(rival).get(fact.key) is None:
            steps += wanted(Unstated(rival, label(fact, context.language), fact.key))
    counter = _counter(losses)
    return [*steps, *wanted(*counter)]


def _relevant(context: AnswerContext, gains: list[Difference]) -> list[Difference]:
    needed = wishes(context)
    serving = [d for d in gains if any(serves(d.fact, wish) for wish in needed)]
    return serving or gains


def _counter(losses: list[Difference]) -> list[CounterPoint]:
    ahead = [d for d in losses if d.fact.key != "rating"] or losses
    return [CounterPoint(Difference(d.other, d.subject, d.other_fact, d.fact, -d.delta)) for d in ahead[:1]]


def _merit(context: AnswerContext, number: int, numbers: tuple[int, ...]) -> float:
    needed = wishes(context)
    score = 0.0
    for other in (n for n in numbers if n != number):
        gains, losses = trade(context, number, other)
        score += sum(_importance(context, d) for d in gains) - sum(_importance(context, d) for d in losses)
        for fact in _exclusive(context, number, other):
            score += 3 * sum(serves(fact, wish) for wish in needed) or 0.5
    return score


def _importance(context: AnswerContext, difference: Difference) -> float:
    needed = wishes(context)
    for rank, wish in enumerate(needed):
        if serves(difference.fact, wish):
            return max(4 - rank, 1)
    return 0.1 if needed else 1


def _exclusive(context: AnswerContext, number: int, other: int) -> tuple[Fact, ...]:
    rival = context.source(other)
    needed = wishes(context)
    stated = [
        f
        for f in reasons(context, number, 8)
        if (f.unit or not isinstance(f.value, Decimal))
        and (rival.get(f.key) is None or _only_here(f, rival.get(f.key)))
    ]
    serving = [f for f in stated if any(serves(f, wish) for wish in needed)]
    return tuple(serving if needed else stated)


def _only_here(fact: Fact, twin: Fact | None) -> bool:
    return fact.value is True and twin is not None and twin.value is False


def _about(context: AnswerContext, numbers: tuple[int, ...]) -> list[Step]:
    facts = [(n, reasons(context, n, 3)) for n in numbers[:2]]
    return filler(*(MoreAbout(n, found) for n, found in facts if found))
