"""Generated searches with one to four typed limits, judged product by product against the whole catalogue.

What must hold: no product outside a limit that is reported as in force; where a product satisfies all limits, all of
them are in force, something is found and the count is exact; where none does, what gave way is named, and the nearest
number that is reported is the nearest there is.
"""

import asyncio
import random
import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from shopguide.retrieval.v1 import retrieval_service_pb2 as pb
from shopguide.type.v1 import product_pb2, query_pb2
from shopguide_evaluation.products import Products, price_of

if TYPE_CHECKING:
    from shopguide_evaluation.connection import Retrieval

_AT_ONCE = 3
_TIMEOUT = 60.0
_PAGE = 50
_MOST_LIMITS = 4
_IMPOSSIBLE_SHARE = 0.5
_CONFIDENCE = 0.9
_WORD = re.compile(r"[^\W\d_]{3,}")
_Outcome = query_pb2.ConstraintOutcome


@dataclass(frozen=True)
class TypedQuery:
    """Words and the limits that go with them."""

    text: str
    """What is searched for."""
    conditions: tuple[query_pb2.Condition, ...]
    """Hard limits, on different fields."""


@dataclass
class Tally:
    """What was found over many searches."""

    counts: dict[str, int] = field(default_factory=dict)
    """How often each thing was so."""
    faults: list[dict[str, str]] = field(default_factory=list)
    """The first twenty things that should not have been so."""
    seconds: list[float] = field(default_factory=list)
    """Of each search, as the caller waited."""

    def add(self, name: str, number: int = 1) -> None:
        """Count something."""
        self.counts[name] = self.counts.get(name, 0) + number

    def fault(self, name: str, query: TypedQuery, detail: str) -> None:
        """Count something that should not be, with an example."""
        self.add(name)
        if len(self.faults) < _MOST_FAULTS:
            limits = "; ".join(str(c).replace("\n", " ") for c in query.conditions)
            self.faults.append({"fault": name, "query": query.text, "limits": limits, "detail": detail})


_MOST_FAULTS = 20

FAULTS = (
    "violations",
    "empty_though_satisfiable",
    "relaxed_though_satisfiable",
    "wrong_totals",
    "wrong_nearest",
)
"""What must not occur."""


def generate(products: Products, count: int, seed: int) -> Iterator[TypedQuery]:
    """Yield searches made of a product's words and values; some ask for what that product, and often none, has."""
    rng = random.Random(seed)
    while count:
        one = rng.choice(products.all)
        words = _WORD.findall(one.title)
        if not words:
            continue
        impossible = rng.random() < _IMPOSSIBLE_SHARE
        wanted = rng.randint(2 if impossible else 1, _MOST_LIMITS)
        conditions = list(_conditions(products, one, rng, wanted, impossible=impossible))
        if conditions:
            yield TypedQuery(
                " ".join(rng.sample(words, min(len(words), rng.randint(1, 3)))), tuple(conditions)
            )
            count -= 1


def _conditions(
    products: Products, one: product_pb2.Product, rng: random.Random, wanted: int, *, impossible: bool
) -> Iterator[query_pb2.Condition]:
    fields = ["brand", "price", *(f"attributes.{key}" for key in sorted(one.attributes))]
    rng.shuffle(fields)
    made = 0
    for name in fields:
        condition = _condition(products, one, name, rng, impossible=impossible and made == 0)
        if condition is not None:
            yield condition
            made += 1
        if made == wanted:
            return


def _condition(
    products: Products, one: product_pb2.Product, name: str, rng: random.Random, *, impossible: bool
) -> query_pb2.Condition | None:
    if name == "price":
        number = price_of(one) if one.HasField("price") else None
        return None if number is None else _range(name, number, rng, impossible=impossible)
    values = one.attributes.get(name.removeprefix("attributes.")) if name != "brand" else None
    if values is not None and values.numbers:
        return _range(name, values.numbers[0], rng, impossible=impossible)
    texts = [one.brand] if name == "brand" else list(values.texts) if values is not None else []
    if not any(t.strip() for t in texts):
        return None
    other = rng.choice(products.all).brand if name == "brand" else ""
    return _text_test(name, rng.choice([t for t in texts if t.strip()]), other, rng, impossible=impossible)


def _text_test(
    name: str, own: str, other: str, rng: random.Random, *, impossible: bool
) -> query_pb2.Condition:
    """Return a test on a text: the product's own value, or not another one; when impossible, the other way round."""
    if rng.random() < 0.3 and (other or impossible):  # noqa: PLR2004 - three of ten are negations
        refused = own if impossible or not other or other == own else other
        if refused != own or impossible:
            return query_pb2.Condition(field=name, none_of=query_pb2.TextSet(values=[refused]))
    wanted = [other] if impossible and other else [own, *([other] if other and rng.random() < 0.3 else [])]  # noqa: PLR2004
    return query_pb2.Condition(field=name, any_of=query_pb2.TextSet(values=wanted))


def _range(name: str, number: float, rng: random.Random, *, impossible: bool) -> query_pb2.Condition:
    """Return bounds around a number, or (impossible) a narrow range that leaves it out."""
    if number in (0.0, 1.0) and name != "price":
        wanted = 1.0 - number if impossible else number
        return query_pb2.Condition(field=name, range=query_pb2.NumberRange(minimum=wanted, maximum=wanted))
    factor = rng.uniform(1.05, 1.6)
    low, high = sorted((round(number / factor, 2), round(number * factor, 2)))
    bounds = query_pb2.NumberRange()
    side = rng.choice(("low", "high", "both"))
    if impossible:
        away = rng.choice((0.02, 0.3, 3.0, 40.0))
        low, high = sorted((round(number * away, 2), round(number * away * 1.02, 2)))
    if side != "high":
        bounds.minimum = low
    if side != "low":
        bounds.maximum = high
    return query_pb2.Condition(field=name, range=bounds)


async def run(
    stub: "Retrieval", catalog: str, products: Products, queries: Sequence[TypedQuery]
) -> dict[str, Any]:
    """Return what was found over all queries: counts, examples of faults, seconds of the searches."""
    permits, tally = asyncio.Semaphore(_AT_ONCE), Tally()

    async def one(query: TypedQuery) -> None:
        async with permits:
            started = time.perf_counter()
            response = await stub.Search(_request(catalog, query), timeout=_TIMEOUT)
            tally.seconds.append(time.perf_counter() - started)
        judge(products, query, response, tally)

    await asyncio.gather(*(one(q) for q in queries))
    times = np.array(tally.seconds) * 1000
    return {
        "queries": len(queries),
        **dict.fromkeys(FAULTS, 0),
        **dict(sorted(tally.counts.items())),
        "milliseconds": {
            "p50": round(float(np.median(times)), 1),
            "p95": round(float(np.quantile(times, 0.95)), 1),
        },
        "examples": tally.faults,
    }


def _request(catalog: str, query: TypedQuery) -> pb.SearchRequest:
    hard = query_pb2.Constraint.STRENGTH_HARD
    return pb.SearchRequest(
        catalog=catalog,
        query=query.text,
        constraints=[
            query_pb2.Constraint(condition=c, strength=hard, confidence=_CONFIDENCE) for c in query.conditions
        ],
        spec=pb.SearchSpec(expand_groups=True),
        view=query_pb2.PRODUCT_VIEW_ID,
        page_size=_PAGE,
    )


def judge(products: Products, query: TypedQuery, response: pb.SearchResponse, tally: Tally) -> None:
    """Hold a response against the catalogue."""
    tally.add(f"with_{len(query.conditions)}_limits")
    tally.add("products", len(response.results))
    in_force = [_in_force(o) for o in response.constraint_outcomes]
    for condition in filter(None, in_force):
        passing = products.passing(condition)
        for result in response.results:
            if not passing[products.position[result.product_id]]:
                tally.fault("violations", query, result.product_id)
    satisfying = products.passing_all(query.conditions)
    if satisfying.any():
        _judge_satisfiable(query, response, int(satisfying.sum()), tally)
    else:
        _judge_unsatisfiable(products, query, response, tally)


def _in_force(outcome: query_pb2.ConstraintOutcome) -> query_pb2.Condition | None:
    """Return the condition that the outcome says holds, or None when none does."""
    if outcome.outcome == _Outcome.OUTCOME_APPLIED:
        return outcome.constraint.condition
    return outcome.relaxed_to if outcome.HasField("relaxed_to") else None


def _judge_satisfiable(query: TypedQuery, response: pb.SearchResponse, satisfying: int, tally: Tally) -> None:
    tally.add("satisfiable")
    if not response.results:
        tally.fault("empty_though_satisfiable", query, f"{satisfying} products satisfy all limits")
    if any(o.outcome != _Outcome.OUTCOME_APPLIED for o in response.constraint_outcomes):
        tally.fault("relaxed_though_satisfiable", query, f"{satisfying} products satisfy all limits")
    elif response.total_size != satisfying:
        tally.fault("wrong_totals", query, f"{response.total_size} instead of {satisfying}")


def _judge_unsatisfiable(
    products: Products, query: TypedQuery, response: pb.SearchResponse, tally: Tally
) -> None:
    """Count what gave way, and check the nearest number where it is the only one that moved."""
    tally.add("unsatisfiable")
    tally.add("unsatisfiable_and_empty", not response.results)
    gone = [o for o in response.constraint_outcomes if o.outcome != _Outcome.OUTCOME_APPLIED]
    tally.add("gave_way_one" if len(gone) == 1 else "gave_way_several")
    kept = [
        o.constraint.condition for o in response.constraint_outcomes if o.outcome == _Outcome.OUTCOME_APPLIED
    ]
    among = products.passing_all(kept)
    ranges = [o for o in gone if o.constraint.condition.WhichOneof("test") == "range"]
    moved = [o for o in ranges if o.outcome == _Outcome.OUTCOME_RELAXED]
    if len(moved) == 1 or (len(gone) == 1 and ranges):
        one = moved[0] if moved else ranges[0]
        expected = products.nearest(one.constraint.condition, among)
        tally.add("nearest_checked")
        said = [one.nearest_value] if one.HasField("nearest_value") else []
        if not _agree(said, expected):
            tally.fault("wrong_nearest", query, f"said {said}, is {expected}")


def _agree(said: Sequence[float], expected: Sequence[float]) -> bool:
    if not said or not expected:
        return not said and not expected
    return any(bool(np.isclose(said[0], value, 1e-9, 1e-9)) for value in expected)
