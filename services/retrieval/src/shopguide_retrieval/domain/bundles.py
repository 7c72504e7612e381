"""What goes with the chosen products: likely to be bought with them, and of another role.

Two sources. *Products*: what buyers of the chosen ones bought on the same occasions. *Categories*: categories that go
with theirs (`recommend_habits`), so that a product that nobody has bought yet can complete a basket too. The likelihood
of both kinds is estimated alike (`bundle_evidence`); the less is known of the chosen ones' own purchases, the more
likeness to them counts (a case for this brand, a bag in this language). A product of the category of a chosen one is no
complement but an alternative, and is left out; of each other category at most one is chosen, under the budget together.
"""

import asyncio
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from shopguide_retrieval.domain.bm25 import SparseVector
from shopguide_retrieval.domain.bundle_evidence import (
    COMPLEMENT_LIFT,
    Fit,
    count_pairs,
    fit,
    likeliest,
    paired,
)
from shopguide_retrieval.domain.catalog import Catalog
from shopguide_retrieval.domain.conditions import ConstraintOutcome
from shopguide_retrieval.domain.crowd import Crowd, Snapshot
from shopguide_retrieval.domain.encoding import EncodedQuery
from shopguide_retrieval.domain.limits import Limit
from shopguide_retrieval.domain.model import Degradation, Price
from shopguide_retrieval.domain.plan import Plan
from shopguide_retrieval.domain.ranking import Candidate, Ranked
from shopguide_retrieval.domain.scopes import Option, choose
from shopguide_retrieval.domain.search import Listing, Searcher, SearchQuery
from shopguide_retrieval.domain.stages import Stages
from shopguide_retrieval.ports import ProductStore, Vector
from shopguide_retrieval.ports_recommend import NeighbourStore

BUYERS = 2000
"""Latest buyers of the chosen products whose purchases are read."""

PAIR_PRODUCTS = 150
"""Products bought together and bestsellers of complementing categories that are looked up, the likeliest first."""

OPTIONS = 12
"""Of each role that the joint choice looks at."""

NEARNESS = 1.0
"""Share by which likeness to the chosen products raises a score, when nothing is known of their purchases."""


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
        anchors, buyers = await asyncio.gather(
            self._anchors(catalog, stored, crowd), self._others.buyers(catalog, list(stored), BUYERS)
        )
        pairs = count_pairs(list(stored), buyers)
        together = paired(pairs, crowd.habits)
        likely = likeliest(pairs, anchors.complements, anchors.leaves, crowd.habits, PAIR_PRODUCTS)
        limited = _limited(plan, anchors, list(stored), budget)
        listing = await self._complements(catalog, anchors, limited)
        relevance = {r.candidate.id: r.relevance for r in listing.ranked}
        found = await self._candidates(catalog, likely, limited, listing)
        fitting = [c for c in found.values() if c.id in together or c.leaf in anchors.complements]
        fits = {c.id: fit(c.id, c.leaf, pairs, anchors.leaves, crowd.habits) for c in fitting}
        chosen = _affordable(_roles(_ranked(fitting, fits, anchors, relevance)), size, budget)
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

    async def _complements(self, catalog: Catalog, anchors: Anchors, plan: Plan) -> Listing:
        """Return the products of the categories that go with the chosen ones, nearest to these first."""
        wanted = tuple(sorted(anchors.complements))
        scoped = replace(plan, platform=(*plan.platform, Limit("leaf", any_of=wanted))) if wanted else plan
        encoded = None if anchors.target is None else EncodedQuery(anchors.target, SparseVector((), ()))
        return await self._searcher.search_encoded(catalog, SearchQuery(""), scoped, encoded, Stages())

    async def _candidates(
        self, catalog: Catalog, likely: Sequence[str], plan: Plan, listing: Listing
    ) -> dict[str, Candidate]:
        limits = tuple(limit for limit in listing.limits if limit.key != "leaf" or not limit.any_of)
        listed = {r.candidate.id: r.candidate for r in listing.ranked}
        if not likely:
            return listed
        pairs = await self._products.popular(
            catalog, (*limits, Limit("id", any_of=tuple(likely))), len(likely), plan.keys
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
    candidates: Sequence[Candidate], fits: Mapping[str, Fit], anchors: Anchors, relevance: Mapping[str, float]
) -> list[Ranked]:
    """Return the candidates with scores in [0, 1], the best at 1."""
    scores = {
        i: one.score * (1 + NEARNESS * relevance.get(i, 0.0) * (1 - one.known) ** 2)
        for i, one in fits.items()
    }
    best = max(scores.values(), default=0.0) or 1.0
    return [
        Ranked(
            c,
            round(scores[c.id] / best, 6),
            {"together": fits[c.id].score / best, "taste": relevance.get(c.id, 0.0)},
            _reasons(fits[c.id], anchors.complements.get(c.leaf, {})),
        )
        for c in candidates
    ]


def _reasons(one: Fit, lifts: Mapping[str, float]) -> tuple[str, ...]:
    """Return what may be said: that it was bought with a chosen one, and which of these it complements."""
    best = max(sorted(lifts), key=lambda i: lifts[i]) if lifts else one.best
    complements = bool(lifts) or one.lift >= COMPLEMENT_LIFT
    told = (one.bought, "BOUGHT_TOGETHER"), (complements, f"COMPLEMENTS:{best}")
    return tuple(reason for holds, reason in told if holds)


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
