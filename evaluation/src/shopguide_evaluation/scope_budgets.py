"""Several product roles under one total: is it ever exceeded, and how near is the choice to the best there is?

The best is found by brute force over the full result lists of each role's own Search under the same ceiling (up to 100
products a role, every combination, roles left empty included; a product that would stand in two roles is not excluded,
which can only raise the best). More roles filled count first, then the sum of the scores that each role's own Search
gave. What stands in no such list counts nothing, so the comparison never flatters the joint choice.
"""

import asyncio
import random
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from google.type import money_pb2
from numpy.typing import NDArray

from shopguide.retrieval.v1 import retrieval_service_pb2 as pb
from shopguide.type.v1 import query_pb2
from shopguide_evaluation.products import Products, price_of

if TYPE_CHECKING:
    from shopguide_evaluation.connection import Retrieval

TOPICS = (
    "laptop",
    "mouse",
    "keyboard",
    "monitor",
    "laser printer",
    "headphones",
    "notebook bag",
    "usb cable",
    "toner cartridge",
    "external hard drive",
    "wireless router",
    "projector",
    "webcam",
    "memory module",
)
"""Roles of an electronics shop."""

_AT_ONCE = 2
_TIMEOUT = 60.0
_LIST = 100
_ROLE = 1_000.0
"""What a filled role counts against scores, which stay below 2."""
RELEVANT_SHARE = 0.5
"""Of the best score of its list: a product below it does not fill a role."""


@dataclass(frozen=True)
class Basket:
    """Roles with their quantities, and what all may cost together in minor units."""

    roles: tuple[tuple[str, int], ...]
    budget: int


@dataclass(frozen=True)
class Option:
    """A product of a role's own list: its score and the cost of the wanted quantity in minor units."""

    id: str
    score: float
    cost: int


@dataclass(frozen=True)
class Judged:
    """What became of one basket."""

    basket: Basket
    spent: int
    over: bool
    filled: int
    best_filled: int
    degraded: bool
    """Whether the answer was made without the text encoder: then the lists of both sides differ."""
    total: float
    best_total: float
    seconds: float

    @property
    def ratio(self) -> float:
        """Share of the best total of scores that was reached; 1 when nothing can be bought at all."""
        return self.total / self.best_total if self.best_total > 0 else 1.0


class Baskets:
    """Makes baskets, asks for them, and holds the answers against the best there is."""

    def __init__(
        self,
        stub: "Retrieval",
        catalog: str,
        products: Products,
        currency: str,
        vectors: Mapping[str, query_pb2.QueryVector] | None = None,
    ) -> None:
        """Take the service, the catalogue as it was imported, the currency of its prices.

        `vectors` of topics, when the caller has them, spare the encoder the same few texts in every role's own Search.
        """
        self._stub = stub
        self._catalog = catalog
        self._products = products
        self._currency = currency
        self._vectors = vectors or {}

    async def generate(self, topics: Sequence[str], count: int, seed: int) -> list[Basket]:
        """Return baskets of two to five of the topics, from a budget too small for all to one that is no limit."""
        rng = random.Random(seed)
        lists = dict(
            zip(topics, await asyncio.gather(*(self.own_list(t, 1, None) for t in topics)), strict=True)
        )
        usable = [t for t in topics if lists[t]]
        return [_basket(rng, usable, lists) for _ in range(count)]

    async def own_list(self, query: str, quantity: int, most: int | None) -> list[Option]:
        """Return what the role's own Search finds among products that cost at most `most` in all."""
        condition = query_pb2.Condition(field="price", currency_code=self._currency)
        condition.range.maximum = (most // quantity if most is not None else 10**9) / 100
        response = await self._stub.Search(
            pb.SearchRequest(
                catalog=self._catalog,
                query=query,
                query_vector=self._vectors.get(query),
                filter=query_pb2.Filter(conditions=[condition]),
                view=query_pb2.PRODUCT_VIEW_ID,
                page_size=_LIST,
            ),
            timeout=_TIMEOUT,
        )
        return [Option(r.product_id, r.score, self._cost(r.product_id, quantity)) for r in response.results]

    async def judge(self, basket: Basket) -> Judged:
        """Ask for a basket and compare."""
        started = time.perf_counter()
        response = await self._stub.SearchScopes(self._request(basket), timeout=_TIMEOUT)
        seconds = time.perf_counter() - started
        lists = [_relevant(await self.own_list(t, n, basket.budget)) for t, n in basket.roles]
        best_filled, best_total = best(lists, basket.budget)
        chosen = [r.chosen.product_id if r.HasField("chosen") else "" for r in response.scopes]
        spent = sum(self._cost(i, n) for i, (_, n) in zip(chosen, basket.roles, strict=True) if i)
        scores = [{o.id: o.score for o in options} for options in lists]
        total = sum(s.get(i, 0.0) for i, s in zip(chosen, scores, strict=True))
        said = response.total_price.units * 100 + response.total_price.nanos // 10**7
        over = spent > basket.budget or (any(chosen) and said != spent)
        filled = sum(map(bool, chosen))
        degraded = any(d.component == "text_encoder" for d in response.degradations)
        return Judged(basket, spent, over, filled, best_filled, degraded, total, best_total, seconds)

    async def judge_all(self, baskets: Sequence[Basket]) -> list[Judged]:
        """Ask for all baskets, two at a time: each fills several roles at once."""
        permits = asyncio.Semaphore(_AT_ONCE)

        async def one(basket: Basket) -> Judged:
            async with permits:
                return await self.judge(basket)

        return await asyncio.gather(*(one(b) for b in baskets))

    def _cost(self, identifier: str, quantity: int) -> int:
        return round(price_of(self._products.all[self._products.position[identifier]]) * 100) * quantity

    def _request(self, basket: Basket) -> pb.SearchScopesRequest:
        units, cents = divmod(basket.budget, 100)
        total = money_pb2.Money(currency_code=self._currency, units=units, nanos=cents * 10**7)
        return pb.SearchScopesRequest(
            catalog=self._catalog,
            scopes=[query_pb2.Scope(role=t, query=t, quantity=n) for t, n in basket.roles],
            budget=query_pb2.Budget(total=total),
            view=query_pb2.PRODUCT_VIEW_ID,
        )


def _basket(rng: random.Random, topics: Sequence[str], lists: Mapping[str, Sequence[Option]]) -> Basket:
    roles = [(t, 2 if rng.random() < 0.15 else 1) for t in rng.sample(topics, rng.randint(2, 5))]  # noqa: PLR2004
    prices = [sorted(o.cost * n for o in lists[t]) for t, n in roles]
    cheapest, median = sum(p[0] for p in prices), sum(p[len(p) // 2] for p in prices)
    kind = rng.choice(("too small", "tight", "tight", "fair", "fair", "loose"))
    factor = {"too small": 0.7, "tight": 1.15, "fair": 1.0, "loose": 3.0}[kind]
    basis = cheapest if kind in ("too small", "tight") else median
    return Basket(tuple(roles), max(100, round(basis * factor * rng.uniform(0.9, 1.1))))


def _relevant(options: Sequence[Option]) -> list[Option]:
    top = max((o.score for o in options), default=0.0)
    return [o for o in options if o.score >= RELEVANT_SHARE * top]


def best(lists: Sequence[Sequence[Option]], budget: int) -> tuple[int, float]:
    """Return how many roles the best choice fills and its sum of scores, over every combination within the budget."""
    half = len(lists) // 2
    first_costs, first_values = _combinations(lists[:half])
    costs, values = _combinations(lists[half:])
    order = np.argsort(costs, kind="stable")
    costs, reached = costs[order], np.maximum.accumulate(values[order])
    affordable = first_costs <= budget
    position = np.searchsorted(costs, budget - first_costs[affordable], side="right") - 1
    value = float((first_values[affordable] + reached[position]).max())
    filled = int(value // _ROLE)
    return filled, value - filled * _ROLE


def _combinations(
    lists: Sequence[Sequence[Option]],
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return cost and value of every choice of at most one option a role."""
    costs, values = np.zeros(1, np.int64), np.zeros(1)
    for options in lists:
        cost = np.array([0, *(o.cost for o in options)], np.int64)
        value = np.array([0.0, *(_ROLE + o.score for o in options)])
        costs = (costs[:, None] + cost).ravel()
        values = (values[:, None] + value).ravel()
    return costs, values


def summarize(judged: Sequence[Judged]) -> dict[str, Any]:
    """Return the counts and shares over all baskets."""
    ratios = np.array([j.ratio for j in judged])
    times = np.array([j.seconds for j in judged]) * 1000
    return {
        "baskets": len(judged),
        "without_encoder": sum(j.degraded for j in judged),
        "over_budget": sum(j.over for j in judged),
        "fewer_roles_than_possible": sum(j.filled < j.best_filled for j in judged),
        "all_roles_filled": sum(j.filled == len(j.basket.roles) for j in judged),
        "total_of_best": round(
            sum(j.total for j in judged) / max(sum(j.best_total for j in judged), 1e-9), 4
        ),
        "ratio_mean": round(float(ratios.mean()), 4),
        "ratio_lowest": round(float(ratios.min()), 4),
        "share_at_least_95_percent": round(float((ratios >= 0.95).mean()), 4),  # noqa: PLR2004 - in the name
        "milliseconds": {
            "p50": round(float(np.median(times)), 1),
            "p95": round(float(np.quantile(times, 0.95)), 1),
        },
        "worst": list(_worst(judged)),
    }


def _worst(judged: Sequence[Judged], shown: int = 5) -> Iterator[dict[str, Any]]:
    for one in sorted(judged, key=lambda j: j.ratio)[:shown]:
        yield {
            "roles": [f"{n} × {t}" for t, n in one.basket.roles],
            "budget": one.basket.budget / 100,
            "spent": one.spent / 100,
            "filled": f"{one.filled} of {one.best_filled}",
            "ratio": round(one.ratio, 4),
        }
