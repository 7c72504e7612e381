"""What goes with the chosen products: bought together more often than chance, and of another role.

Two sources. *Products*: what buyers of the chosen ones bought at about the same time, by shrunk lift. *Categories*:
categories that go with theirs (`recommend_habits`), so that a product that nobody has bought yet can complete a
basket too; within such a category the products nearest to the chosen ones (a case for this brand, a bag in this
language) and the popular ones come first. A product of the category of a chosen one is no complement but an
alternative, and is left out; of each other category at most one is chosen, under the budget together.
"""

import asyncio
import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from shopguide_retrieval.domain.bm25 import SparseVector
from shopguide_retrieval.domain.card import POPULARITY_SCALE
from shopguide_retrieval.domain.catalog import Catalog
from shopguide_retrieval.domain.conditions import ConstraintOutcome
from shopguide_retrieval.domain.crowd import Crowd, Snapshot
from shopguide_retrieval.domain.encoding import EncodedQuery
from shopguide_retrieval.domain.limits import Limit
from shopguide_retrieval.domain.model import Degradation, Price
from shopguide_retrieval.domain.plan import Plan
from shopguide_retrieval.domain.ranking import Candidate, Ranked
from shopguide_retrieval.domain.recommend_habits import bought_together, shrunk_lift
from shopguide_retrieval.domain.scopes import Option, choose
from shopguide_retrieval.domain.search import Listing, Searcher, SearchQuery
from shopguide_retrieval.domain.stages import Stages
from shopguide_retrieval.ports import ProductStore, Vector
from shopguide_retrieval.ports_recommend import NeighbourStore

BUYERS = 500
"""Latest buyers of the chosen products whose purchases are read."""

LEAST_TOGETHER = 2
"""Buyers of both for a product to count as bought together: one may be an accident."""

LEAST_LIFT = 1.2

PAIR_PRODUCTS = 150
"""Products bought together that are looked up, the best first."""

OPTIONS = 12
"""Of each role that the joint choice looks at."""

CATEGORY_WEIGHT, NEARNESS_WEIGHT, POPULARITY_WEIGHT, TOGETHER_WEIGHT = 0.35, 0.25, 0.1, 1.0
"""What lift of the category, likeness to the chosen products, popularity and lift of the product itself count."""


@dataclass(frozen=True)
class Bundle:
    """The products to add, and what they cost together."""

    chosen: tuple[Ranked, ...]
    missing: tuple[str, ...]
    """Ids of the request that the catalogue does not have."""
    total: Price | None = None
    outcomes: tuple[ConstraintOutcome, ...] = ()
    degradations: tuple[Degradation, ...] = ()


@dataclass(frozen=True)
class Anchors:
    """The chosen products that exist."""

    leaves: Mapping[str, str]
    """Category by id."""
    groups: tuple[str, ...]
    target: Vector | None
    """Mean direction of their vectors."""
    complements: Mapping[str, dict[str, float]] = field(default_factory=dict)
    """For each category that goes with them: its lift by chosen product."""


@dataclass(slots=True)
class Together:
    """How often a product was bought with the chosen ones."""

    support: int
    lifts: dict[str, float]
    """By chosen product."""

    @property
    def lift(self) -> float:
        """The best of the lifts."""
        return max(self.lifts.values())


class BundleFinder:
    """Completes baskets."""

    def __init__(
        self, products: ProductStore, searcher: Searcher, others: NeighbourStore, crowd: Crowd
    ) -> None:
        """Take the stores, and what looks for products under limits."""
        self._products = products
        self._searcher = searcher
        self._others = others
        self._crowd = crowd

    async def find(
        self, catalog: Catalog, ids: Sequence[str], size: int, plan: Plan, budget: Price | None
    ) -> Bundle:
        """Return at most `size` products that go with `ids` and cost at most `budget` together.

        Without any known id, or without purchases to learn from, nothing is added.
        """
        stored, crowd = await asyncio.gather(
            self._products.fetch(catalog, ids, ("group", "leaf")), self._crowd.of(catalog)
        )
        missing = tuple(i for i in ids if i not in stored)
        if not stored:
            return Bundle((), missing)
        anchors, together = await asyncio.gather(
            self._anchors(catalog, stored, crowd), self._together(catalog, list(stored), crowd)
        )
        limited = _limited(plan, anchors, list(stored), budget)
        listing = await self._complements(catalog, anchors, limited)
        relevance = {r.candidate.id: r.relevance for r in listing.ranked}
        found = await self._candidates(catalog, together, limited, listing)
        fitting = [c for c in found.values() if c.id in together or c.leaf in anchors.complements]
        chosen = _affordable(
            _roles([_ranked(c, anchors, together.get(c.id), relevance) for c in fitting]), size, budget
        )
        return Bundle(tuple(chosen), missing, _total(chosen), listing.outcomes, listing.degradations)

    async def _anchors(
        self, catalog: Catalog, stored: Mapping[str, Mapping[str, object]], crowd: Snapshot
    ) -> Anchors:
        vectors = await self._products.vectors(catalog, list(stored))
        mean = np.mean(list(vectors.values()), axis=0) if vectors else None
        target = (
            None if mean is None else np.asarray(mean / max(float(np.linalg.norm(mean)), 1e-9), np.float32)
        )
        leaves = {i: str(p.get("leaf") or "") for i, p in stored.items()}
        complements: defaultdict[str, dict[str, float]] = defaultdict(dict)
        for anchor, leaf in leaves.items():
            for other, lift in crowd.habits.complements(leaf).items():
                if other not in leaves.values():
                    complements[other][anchor] = lift
        groups = tuple(sorted({str(p.get("group") or i) for i, p in stored.items()}))
        return Anchors(leaves, groups, target, complements)

    async def _together(self, catalog: Catalog, ids: Sequence[str], crowd: Snapshot) -> dict[str, Together]:
        """Return what was bought with each chosen product more often than chance."""
        buyers = await self._others.buyers(catalog, ids, BUYERS)
        pairs: dict[str, Counter[str]] = {i: Counter() for i in ids}
        seen: Counter[str] = Counter()
        for one in buyers:
            bought = {i.product_id: i for i in one.trail if i.purchase_times}
            for anchor in pairs.keys() & bought.keys():
                seen[anchor] += 1
                pairs[anchor].update(
                    i for i, other in bought.items() if i != anchor and bought_together(bought[anchor], other)
                )
        found: dict[str, Together] = {}
        for anchor, counts in pairs.items():
            for other, n in counts.items():
                expected = seen[anchor] * crowd.bought.get(other, 1) / max(1, crowd.shoppers)
                lift = shrunk_lift(n, expected)
                if n >= LEAST_TOGETHER and lift >= LEAST_LIFT and other not in pairs:
                    one_found = found.setdefault(other, Together(0, {}))
                    one_found.support += n
                    one_found.lifts[anchor] = lift
        return found

    async def _complements(self, catalog: Catalog, anchors: Anchors, plan: Plan) -> Listing:
        """Return the products of the categories that go with the chosen ones, nearest to these first."""
        wanted = tuple(sorted(anchors.complements))
        scoped = replace(plan, platform=(*plan.platform, Limit("leaf", any_of=wanted))) if wanted else plan
        encoded = None if anchors.target is None else EncodedQuery(anchors.target, SparseVector((), ()))
        return await self._searcher.search_encoded(catalog, SearchQuery(""), scoped, encoded, Stages())

    async def _candidates(
        self, catalog: Catalog, together: Mapping[str, Together], plan: Plan, listing: Listing
    ) -> dict[str, Candidate]:
        limits = tuple(limit for limit in listing.limits if limit.key != "leaf" or not limit.any_of)
        best = sorted(together, key=lambda i: (-together[i].lift, i))[:PAIR_PRODUCTS]
        listed = {r.candidate.id: r.candidate for r in listing.ranked}
        if not best:
            return listed
        pairs = await self._products.popular(
            catalog, (*limits, Limit("id", any_of=tuple(best))), len(best), plan.keys
        )
        return pairs | listed


def _limited(plan: Plan, anchors: Anchors, ids: Sequence[str], budget: Price | None) -> Plan:
    """Return the plan that also leaves out the chosen products, their variants and their categories."""
    taken = tuple(sorted({leaf for leaf in anchors.leaves.values() if leaf}))
    limits = [Limit("id", none_of=tuple(ids)), Limit("group", none_of=anchors.groups)]
    limits += [Limit("leaf", none_of=taken)] if taken else []
    limits += [Limit(f"price.{budget.currency.lower()}", maximum=budget.minor)] if budget else []
    return replace(plan, platform=(*plan.platform, *limits))


def _ranked(
    candidate: Candidate, anchors: Anchors, together: Together | None, relevance: Mapping[str, float]
) -> Ranked:
    lifts = anchors.complements.get(candidate.leaf, {})
    signals = {
        "together": min(1.0, math.log2(together.lift) / 5) if together else 0.0,
        "category": min(1.0, math.log2(max(lifts.values())) / 5) if lifts else 0.0,
        "taste": relevance.get(candidate.id, 0.0),
        "popularity": min(1.0, float(candidate.payload.get("popularity") or 0.0) / POPULARITY_SCALE),
    }
    score = (
        TOGETHER_WEIGHT * signals["together"]
        + CATEGORY_WEIGHT * signals["category"]
        + NEARNESS_WEIGHT * signals["taste"]
        + POPULARITY_WEIGHT * signals["popularity"]
    )
    return Ranked(candidate, round(score, 6), signals, _reasons(lifts, together))


def _reasons(lifts: Mapping[str, float], together: Together | None) -> tuple[str, ...]:
    source = together.lifts if together else lifts
    best = max(sorted(source), key=lambda i: source[i])
    return (*(("BOUGHT_TOGETHER",) if together else ()), f"COMPLEMENTS:{best}")


def _roles(ranked: Sequence[Ranked]) -> list[list[Ranked]]:
    """Return the products by category, the category with the best product first; each group of variants once.

    A product without a category is a role of its own.
    """
    roles: defaultdict[str, list[Ranked]] = defaultdict(list)
    groups: set[str] = set()
    for one in sorted(ranked, key=lambda r: (-r.score, r.candidate.id)):
        if one.candidate.group not in groups:
            groups.add(one.candidate.group)
            roles[one.candidate.leaf or f"id:{one.candidate.id}"].append(one)
    return list(roles.values())


def _affordable(roles: Sequence[Sequence[Ranked]], size: int, budget: Price | None) -> list[Ranked]:
    """Return one product of each of the first `size` roles, chosen jointly under the budget, best first.

    A role for which nothing is left gives its place to the next one.
    """
    if budget is None:
        return sorted((r[0] for r in roles[:size]), key=lambda r: (-r.score, r.candidate.id))
    chosen: list[Ranked] = []
    for end in range(size, len(roles) + 1 if len(roles) > size else size + 1):
        picked = _joint(roles[:end], size, budget)
        chosen = picked if len(picked) > len(chosen) or not chosen else chosen
        if len(chosen) >= min(size, len(roles)):
            break
    return sorted(chosen, key=lambda r: (-r.score, r.candidate.id))


def _joint(roles: Sequence[Sequence[Ranked]], size: int, budget: Price) -> list[Ranked]:
    by_id = {r.candidate.id: r for role in roles for r in role}
    key = budget.currency.lower()
    options = [
        [Option(r.candidate.id, r.score, int(r.candidate.payload["price"][key])) for r in role[:OPTIONS]]
        for role in roles
    ]
    picked = choose(options, budget.minor).options
    best = sorted((by_id[o.id] for o in picked if o), key=lambda r: (-r.score, r.candidate.id))
    return best[:size]


def _total(chosen: Sequence[Ranked]) -> Price | None:
    """Return what the products cost together; None when they have no price in one currency."""
    currencies = {str(r.candidate.payload.get("currency") or "") for r in chosen}
    if len(currencies) != 1 or "" in currencies:
        return None
    currency = currencies.pop()
    return Price(sum(int(r.candidate.payload["price"][currency.lower()]) for r in chosen), currency)
