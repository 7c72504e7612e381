"""Recommendation: what others like this shopper turned to next, what is like what they like, what is due again.

Candidates come from the neighbours' trails, from the products nearest to the shopper's present interest (or to a
query), and from what is popular or rising; all of them from the index, under the hard limits. One weighted sum of
signals ranks them (`recommend_model`); every signal and a reason for each stand with the product.
"""

import asyncio
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum

import numpy as np

from shopguide_retrieval.domain.bm25 import SparseVector
from shopguide_retrieval.domain.catalog import Catalog
from shopguide_retrieval.domain.crowd import Crowd, Snapshot
from shopguide_retrieval.domain.encoding import EncodedQuery, GivenVector, QueryEncoder
from shopguide_retrieval.domain.limits import Limit
from shopguide_retrieval.domain.model import Degradation
from shopguide_retrieval.domain.plan import Plan
from shopguide_retrieval.domain.ranking import Candidate, Ranked, Wish, one_per_group
from shopguide_retrieval.domain.recommend_evidence import Evidence, gather, present_interest
from shopguide_retrieval.domain.recommend_model import NEIGHBOURS, WEIGHTS, Weights
from shopguide_retrieval.domain.recommend_own import (
    bought_again,
    due_again,
    expected_share,
    owned_for_good,
    routine_share,
)
from shopguide_retrieval.domain.recommend_scoring import Signs, scored
from shopguide_retrieval.domain.recommend_selection import varied, with_new
from shopguide_retrieval.domain.search import Listing, Searcher, SearchQuery
from shopguide_retrieval.domain.shoppers import Interaction, Profile, shopper_keys
from shopguide_retrieval.domain.stages import Stages
from shopguide_retrieval.metrics import DEGRADED
from shopguide_retrieval.ports import CandidateQuery, ProductStore, Vector
from shopguide_retrieval.ports_recommend import NeighbourStore
from shopguide_retrieval.ports_shoppers import ShopperStore
from shopguide_runtime.errors import DeadlineExceeded, ResourceExhausted, Unavailable

NOT_PERSONAL = "NOT_PERSONAL"
"""Fallback when the shoppers cannot be read: the context, the query or what is popular."""

WITHOUT_HABITS = "WITHOUT_HABITS"
"""Fallback of the first calls after a start, while what all shoppers do is still being read."""

EVIDENCE_PRODUCTS = 120
"""Products of the neighbours that are looked up, the best first."""

TASTE_PRODUCTS = 4
"""Products of the present interest whose vectors make its direction."""

OWN_PRODUCTS = 100
"""Latest purchases of the shopper whose variants are left out too."""

TRENDING_PRODUCTS = 20

NEAREST_PRODUCTS = 100

LEAST_SPAN = 1e-3
"""Of the cosines of the nearest products: below it their texts say nothing, and the rest is rounding."""

_DAY = 86_400


class Basis(Enum):
    """Where a recommendation came from."""

    PERSONAL = "PERSONAL"
    CONTEXT = "CONTEXT"
    POPULAR = "POPULAR"


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked for."""

    visitor_id: str
    user_id: str = ""
    context: tuple[str, ...] = ()
    """Products of this visit, the latest last."""
    excluded: tuple[str, ...] = ()
    text: str = ""
    vector: GivenVector | None = None
    size: int = 20
    exploration: float | None = None


@dataclass(frozen=True)
class Recommendation:
    """The list, and how it came about."""

    ranked: tuple[Ranked, ...]
    basis: Basis
    listing: Listing
    degradations: tuple[Degradation, ...]
    stages: Stages


@dataclass(frozen=True)
class Known:
    """What is known of the shopper and of this visit."""

    keys: tuple[str, ...] = ()
    history: tuple[Interaction, ...] = ()
    """The newest first."""
    taste: Vector | None = None
    interest: Mapping[str, float] = field(default_factory=dict)
    own: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    """Group and category of what the shopper bought and of this visit's products, where the catalogue has them."""
    crowd: Snapshot = field(default_factory=Snapshot)
    target: Vector | None = None
    """Direction of the present interest among the products' vectors."""
    lost: tuple[Degradation, ...] = ()


class Recommender:
    """Makes recommendations."""

    def __init__(
        self,
        products: ProductStore,
        searcher: Searcher,
        encoder: QueryEncoder,
        shoppers: ShopperStore,
        others: NeighbourStore,
        crowd: Crowd,
        exploration: float = 0.1,
        weights: Weights = WEIGHTS,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """Take the stores, what ranks a query, and the share of places for new products unless a request says it."""
        self._products = products
        self._searcher = searcher
        self._encoder = encoder
        self._shoppers = shoppers
        self._others = others
        self._crowd = crowd
        self._exploration = exploration
        self._weights = weights
        self._clock = clock

    async def recommend(self, catalog: Catalog, asked: Asked, plan: Plan) -> Recommendation:
        """Return products for a shopper; an unknown one gets what fits the context, or what is popular.

        Raises FailedPrecondition for a query vector of another encoder and InvalidArgument for a malformed one.
        """
        stages = Stages()
        with stages.stage("shopper"):
            known = await self._known(catalog, asked)
        evidence, (known, limited, listing) = await asyncio.gather(
            self._evidence(catalog, known, stages), self._surroundings(catalog, asked, plan, known, stages)
        )
        with stages.stage("candidates"):
            candidates = await self._candidates(catalog, asked, limited, known, evidence, listing)
        with stages.stage("rank"):
            signs = self._signs(asked, known, evidence, listing, candidates)
            wishes = (*limited.wishes, *(Wish(h.constraint, h.limit) for h in listing.given_up))
            ranked = one_per_group(scored(candidates, signs, wishes, self._weights))
            shown = self._selected(asked, known, ranked, signs.routine)
        return Recommendation(
            tuple(shown),
            _basis(known, asked),
            listing,
            (*known.lost, *listing.degradations),
            stages,
        )

    def _signs(
        self,
        asked: Asked,
        known: Known,
        evidence: Mapping[str, Evidence],
        listing: Listing,
        candidates: Iterable[str],
    ) -> Signs:
        queried, now = bool(asked.text or asked.vector), self._clock()
        cosines = [r.candidate.dense for r in listing.ranked if r.candidate.dense is not None]
        relevance = {r.candidate.id: r.signals.get("relevance", 0.0) for r in listing.ranked}
        habits = known.crowd.habits
        routine = routine_share(known.history, habits, _leaves(known))
        return Signs(
            evidence,
            relevance if queried else {},
            due_again(known.history, habits, now),
            expected_share(candidates, known.history, habits, now) if routine else {},
            known.crowd,
            frozenset(i.product_id for i in known.history if not i.bought),
            frozenset(i.product_id for i in known.history if i.bought),
            routine,
            queried,
            _span(cosines) if not queried else None,
        )

    async def _known(self, catalog: Catalog, asked: Asked) -> Known:
        keys = shopper_keys(asked.visitor_id, asked.user_id)
        lost: tuple[Degradation, ...] = ()
        profiles: Mapping[str, Profile] = {}
        crowd = Snapshot()
        try:
            profiles, crowd = await asyncio.gather(self._shoppers.get(catalog, keys), self._crowd.of(catalog))
        except (Unavailable, DeadlineExceeded, ResourceExhausted) as error:
            DEGRADED.labels(NOT_PERSONAL).inc()
            lost = (Degradation("shoppers", NOT_PERSONAL, error),)
        if not crowd.made:
            DEGRADED.labels(WITHOUT_HABITS).inc()
            lost = (*lost, Degradation("shoppers", WITHOUT_HABITS, Unavailable("shoppers")))
        history = merged(p.interactions for p in profiles.values())
        interest = present_interest(history, asked.context, self._weights)
        tastes = [p.taste for p in profiles.values() if p.taste is not None]
        return Known(keys, history, tastes[-1] if tastes else None, interest, crowd=crowd, lost=lost)

    async def _surroundings(
        self, catalog: Catalog, asked: Asked, plan: Plan, known: Known, stages: Stages
    ) -> tuple[Known, Plan, Listing]:
        """Return what is known with the shopper's products looked up, the plan without these, and the list of search."""
        owned = [i.product_id for i in known.history if i.bought][:OWN_PRODUCTS]
        looked_up = (*asked.context, *owned, *asked.excluded)
        with stages.stage("own"):
            own, vectors = await asyncio.gather(
                self._products.fetch(catalog, list(dict.fromkeys(looked_up)), ("group", "leaf")),
                self._products.vectors(catalog, list(known.interest)[:TASTE_PRODUCTS]),
            )
        known = replace(known, own=own, target=_direction(known.interest, vectors, known.taste))
        limited = _without_own(plan, asked, known)
        return known, limited, await self._listing(catalog, asked, limited, known, stages)

    async def _evidence(self, catalog: Catalog, known: Known, stages: Stages) -> dict[str, Evidence]:
        if not known.interest:
            return {}
        counts, weights = known.crowd.counts, self._weights
        asked = {i: w / counts.get(i, 1) ** weights.shared_count for i, w in known.interest.items()}
        with stages.stage("neighbours"):
            neighbours = await self._others.neighbours(catalog, asked, NEIGHBOURS, known.keys)
        with stages.stage("evidence"):
            return gather(neighbours, known.interest, counts, weights)

    async def _listing(
        self, catalog: Catalog, asked: Asked, plan: Plan, known: Known, stages: Stages
    ) -> Listing:
        queried = bool(asked.text or asked.vector)
        encoded: EncodedQuery | None = None
        if queried:
            with stages.stage("encode"):
                encoded = await self._encoder.encode(catalog, asked.text, asked.vector)
        elif known.target is not None:
            encoded = EncodedQuery(known.target, SparseVector((), ()))
        with stages.stage("search"):
            if not queried and not plan.hard and not plan.wishes:
                return await self._browsed(catalog, plan, encoded)
            return await self._searcher.search_encoded(
                catalog, SearchQuery(asked.text, asked.vector), plan, encoded, Stages()
            )

    async def _browsed(self, catalog: Catalog, plan: Plan, encoded: EncodedQuery | None) -> Listing:
        """Return what is nearest to the shopper's interest, or popular: without constraints nothing has to give way."""
        if encoded is None:
            found = await self._products.popular(catalog, plan.limits, NEAREST_PRODUCTS)
        else:
            query = CandidateQuery(encoded.dense, None, plan.limits, size=NEAREST_PRODUCTS)
            found = await self._products.candidates(catalog, query)
        ranked = tuple(Ranked(c, c.dense or 0.0) for c in found.values())
        return Listing(ranked, plan.limits, tuple(plan.decided[p] for p in sorted(plan.decided)))

    async def _candidates(
        self,
        catalog: Catalog,
        asked: Asked,
        plan: Plan,
        known: Known,
        evidence: Mapping[str, Evidence],
        listing: Listing,
    ) -> dict[str, Candidate]:
        """Return everything that may be shown: the listing's products, and the evidence's within the same limits."""
        listed = {r.candidate.id: r.candidate for r in listing.ranked}
        best = sorted(evidence, key=lambda i: -evidence[i].sequence)[:EVIDENCE_PRODUCTS]
        rising = (*list(known.crowd.trends)[:TRENDING_PRODUCTS], *known.crowd.favourites)
        own = bought_again(known.history, known.crowd.habits, self._clock())
        others = dict.fromkeys((*own, *best, *rising))
        wanted = tuple(i for i in others if i not in listed)
        if not wanted:
            return listed
        queried = bool(asked.text or asked.vector)
        limits = (*listing.limits, *(listing.scope if queried else ()), Limit("id", any_of=wanted))
        if known.target is None:
            return listed | await self._products.popular(catalog, limits, len(wanted), plan.keys)
        query = CandidateQuery(known.target, None, limits, size=len(wanted), keys=plan.keys)
        return listed | await self._products.candidates(catalog, query)

    def _selected(self, asked: Asked, known: Known, ranked: Sequence[Ranked], routine: float) -> list[Ranked]:
        share = self._exploration if asked.exploration is None else asked.exploration
        variety = self._weights.variety * (1 - routine)
        chosen = varied(ranked, asked.size, 0.0 if asked.text else variety)
        counts = known.crowd.counts
        if not counts or not share:
            return chosen
        new = [r for r in ranked if r.candidate.id not in counts]
        who = asked.user_id or asked.visitor_id
        return with_new(chosen, new, asked.size, share, f"{who}|{int(self._clock() // _DAY)}")


def merged(histories: Iterable[Sequence[Interaction]]) -> tuple[Interaction, ...]:
    """Return the interactions of all keys of a shopper, each product once, the newest first."""
    found: dict[str, Interaction] = {}
    for one in (i for history in histories for i in history):
        known = found.get(one.product_id)
        found[one.product_id] = one if known is None else _stronger(one, known)
    return tuple(sorted(found.values(), key=lambda i: (-i.time, i.product_id)))


def _stronger(first: Interaction, second: Interaction) -> Interaction:
    stronger = max(first, second, key=lambda i: i.weight)
    times = tuple(sorted({*first.purchase_times, *second.purchase_times}))
    return replace(stronger, time=max(first.time, second.time), purchase_times=times,
                   bought=first.bought or second.bought)  # fmt: skip


def _direction(
    interest: Mapping[str, float], vectors: Mapping[str, Vector], taste: Vector | None
) -> Vector | None:
    """Return the normalised direction of the present interest; the taste stands in for unknown products."""
    if not vectors:
        return taste
    total = np.sum([interest[i] * v for i, v in vectors.items()], axis=0)
    return np.asarray(total / max(float(np.linalg.norm(total)), 1e-9), dtype=np.float32)


def _span(cosines: Sequence[float]) -> tuple[float, float] | None:
    """Return the lowest and the highest; None when they do not tell products apart."""
    if not cosines or max(cosines) - min(cosines) < LEAST_SPAN:
        return None
    return min(cosines), max(cosines)


def _without_own(plan: Plan, asked: Asked, known: Known) -> Plan:
    """Return the plan that also leaves out this visit's products, the excluded and the owned, with their variants."""
    owned = owned_for_good(known.history, known.crowd.habits, _leaves(known))
    ids = tuple(dict.fromkeys([*asked.context, *asked.excluded, *owned]))
    if not ids:
        return plan
    groups = tuple(
        sorted({str(known.own[i].get("group") or i) for i in (*asked.context, *owned) if i in known.own})
    )
    limits = [Limit("id", none_of=ids), *([Limit("group", none_of=groups)] if groups else [])]
    return replace(plan, platform=(*plan.platform, *limits))


def _leaves(known: Known) -> dict[str, str]:
    return {i: str(p.get("leaf") or "") for i, p in known.own.items()}


def _basis(known: Known, asked: Asked) -> Basis:
    if known.history:
        return Basis.PERSONAL
    return Basis.CONTEXT if any(i in known.own for i in asked.context) else Basis.POPULAR
