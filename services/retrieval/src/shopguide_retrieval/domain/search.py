"""Search: candidates within the limits, relaxed when there are none, fused, ranked, counted."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from shopguide_retrieval.domain import conditions as c
from shopguide_retrieval.domain.arranging import Arranger
from shopguide_retrieval.domain.catalog import Catalog
from shopguide_retrieval.domain.conditions import Constraint, ConstraintOutcome, Outcome
from shopguide_retrieval.domain.document import LAYOUT, load
from shopguide_retrieval.domain.encoding import EncodedQuery, GivenVector, QueryEncoder
from shopguide_retrieval.domain.features import RankingContext
from shopguide_retrieval.domain.fusion import Fusion, fuse
from shopguide_retrieval.domain.limits import Limit
from shopguide_retrieval.domain.model import Degradation, ScoredProduct
from shopguide_retrieval.domain.plan import Plan
from shopguide_retrieval.domain.ranker import Ranker
from shopguide_retrieval.domain.ranking import (
    Candidate,
    Ranked,
    Wish,
    leading_categories,
    one_per_group,
    ordered_by,
    rank,
)
from shopguide_retrieval.domain.relaxation import Hard, Relaxed, relax
from shopguide_retrieval.domain.stages import Stages
from shopguide_retrieval.metrics import CANDIDATES, CONSTRAINTS, DEGRADED
from shopguide_retrieval.ports import CandidateQuery, ProductStore
from shopguide_runtime.errors import FailedPrecondition
from shopguide_runtime.text import detect_language

DENSE_WEIGHTS = {"en": 0.58, "zh": 0.58}
"""Share of the dense list by the query's language, tuned on development data (see `domain.fusion`)."""

CANDIDATES_A_PLACE = 8
"""Candidates of each list for each product of a page, up to as many as a list may have; the same on every page. For pages
of ten, eight cost .002 nDCG@10 (± .003) against 100 candidates on the English development queries, six .007; on the
electronics queries neither costs anything."""

COMPARABLE_SHARE = 0.5
"""A product with this share of the best relevance without limits is taken for what the query names."""

CLEAR_SHARE = 0.6
"""A category with this share of the relevance of the best results is what the query clearly names."""

OLDER_INDEX = "OLDER_INDEX"
"""Fallback of a search over products that an older version of this service has indexed."""

Foresee = Callable[[Sequence[Limit]], None]
"""Told of limits within which products will have to be counted."""

NEAREST_NUMBERS = 5
"""How many stored numbers beyond a bound are looked at when a range gives way."""


@dataclass(frozen=True, slots=True)
class Order:
    """A payload key to order by."""

    key: str
    descending: bool = False


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """What to search for and how."""

    text: str
    vector: GivenVector | None = None
    fusion: Fusion = Fusion.WEIGHTED
    order: Order | None = None
    expand_groups: bool = False
    forbid_relaxation: bool = False
    shopper: tuple[str, ...] = ()
    """Keys of the shopper's profiles."""
    personalization: float = 0.0
    """How much the shopper's taste counts, in [0, 1]."""
    diversity: float = 0.0
    """How much variety counts beside the score, in [0, 1]."""
    page_size: int = 0
    """Products on a page; 0 when the caller wants a list as long as can be had."""


@dataclass(frozen=True)
class Listing:
    """A ranked list and how it came about."""

    ranked: tuple[Ranked, ...]
    limits: tuple[Limit, ...]
    """In force."""
    outcomes: tuple[ConstraintOutcome, ...]
    scope: tuple[Limit, ...] = ()
    """What the query names: the wished category, else the categories of its best results; empty when unknown."""
    given_up: tuple[Hard, ...] = ()
    degradations: tuple[Degradation, ...] = ()
    stages: Stages = field(default_factory=Stages)
    corrected: str = ""
    """What the query was taken for, when it was not searched as written."""


@dataclass(frozen=True)
class Pool:
    """Candidates and how relevant each is, those outside the limits included: they tell what the query names."""

    candidates: Mapping[str, Candidate]
    relevance: Mapping[str, float]

    @property
    def named_scope(self) -> tuple[Limit, ...]:
        """The categories that the best candidates speak for, within the limits or not."""
        leading = leading_categories(self.candidates, self.relevance)
        return (Limit("leaf", any_of=leading),) if leading else ()

    @property
    def clear_scope(self) -> tuple[Limit, ...]:
        """The one category that the query clearly names, when no product of comparable relevance is within the limits.

        Otherwise empty: a vague query ("a gift under 50") names no category that its limits could be held against.
        """
        within = [self.relevance[i] for i, one in self.candidates.items() if one.within]
        best = max(self.relevance.values(), default=0.0)
        if not within or max(within) >= COMPARABLE_SHARE * best:
            return ()
        clear = leading_categories(self.candidates, self.relevance, share=CLEAR_SHARE)
        return (Limit("leaf", any_of=clear),) if clear else ()

    def any_in(self, scope: Sequence[Limit]) -> bool:
        """Return whether a candidate within the limits is in the scope."""
        found = (one for one in self.candidates.values() if one.within)
        return any(all(s.holds(one.payload) for s in scope) for one in found)


class Searcher:
    """Makes ranked lists of products."""

    def __init__(
        self,
        products: ProductStore,
        encoder: QueryEncoder,
        size: int = 100,
        ranker: Ranker | None = None,
        arranger: Arranger | None = None,
    ) -> None:
        """Take the index, the encoder, how many candidates each list may have, what orders and what rearranges them."""
        self._products = products
        self._encoder = encoder
        self._size = size
        self._ranker = ranker or Ranker()
        self._arranger = arranger

    async def search(
        self,
        catalog: Catalog,
        query: SearchQuery,
        plan: Plan,
        preferred: Limit | None = None,
        stages: Stages | None = None,
        foresee: Foresee | None = None,
    ) -> Listing:
        """Return the list for a text query, or the most popular products for an empty one.

        With `preferred`, products that satisfy it are looked for as well as the best ones. `stages` are the caller's;
        `foresee` is told, before the list is ranked, within which limits `matched_size` will count.
        Raises FailedPrecondition for another encoder and InvalidArgument for a malformed vector.
        """
        stages = stages or Stages()
        encoded: EncodedQuery | None = None
        if query.text or query.vector:
            with stages.stage("encode"):
                encoded = await self._encoder.encode(catalog, query.text, query.vector, _languages(plan))
        return await self.search_encoded(catalog, query, plan, encoded, stages, preferred, foresee)

    async def search_encoded(
        self,
        catalog: Catalog,
        query: SearchQuery,
        plan: Plan,
        encoded: EncodedQuery | None,
        stages: Stages,
        affordable: Limit | None = None,
        foresee: Foresee | None = None,
    ) -> Listing:
        """Return the list for a query whose vectors are made (None: browse).

        With `affordable`, products that satisfy it are looked for as well as the best ones; `foresee` is as in `search`.
        """
        with stages.stage("candidates"):
            pool = await self._pool(catalog, query, plan, plan.limits, encoded, affordable)
        relaxed = _as_asked(plan)
        scope = plan.scope or pool.clear_scope
        if not pool.any_in(scope):
            with stages.stage("limits"):
                relaxed = await self._relaxed(catalog, plan, scope, forbidden=query.forbid_relaxation)
            if relaxed.given_up:
                with stages.stage("candidates"):
                    pool = await self._pool(catalog, query, plan, relaxed.limits, encoded, affordable)
            elif plan.hard and not pool.any_in(()):
                # Without a vector, words that match nothing within the limits find nothing: what satisfies the limits
                # is worth more to the shopper than an empty answer.
                pool = await self._pool(catalog, query, plan, relaxed.limits, None, None)
        CANDIDATES.observe(len(pool.candidates))
        named = plan.scope or pool.named_scope
        if foresee and named:
            foresee((*relaxed.limits, *named))
        with stages.stage("rank"):
            wishes = (*plan.wishes, *(Wish(h.constraint, h.limit) for h in relaxed.given_up))
            context = RankingContext(encoded.text if encoded else "")
            best_first = self._ranker.rank(pool.candidates, pool.relevance, wishes, context)
            ranked = await self._arranged(catalog, _ordered(best_first, query), query)
        return Listing(
            tuple(ranked),
            relaxed.limits,
            _outcomes(plan, relaxed, ranked),
            named,
            relaxed.given_up,
            (*(encoded.degradations if encoded else ()), *outdated(catalog)),
            stages,
            encoded.corrected if encoded else "",
        )

    async def _arranged(self, catalog: Catalog, ranked: list[Ranked], query: SearchQuery) -> list[Ranked]:
        """Return the list for the shopper; an order that was asked for by a number stays as it is."""
        if self._arranger is None or query.order or not (query.personalization or query.diversity):
            return ranked
        return await self._arranger.arrange(
            catalog, ranked, query.shopper, query.personalization, query.diversity
        )

    async def matched(self, catalog: Catalog, listing: Listing) -> int:
        """Return how many products within the limits are what the query names."""
        return await matched_size(listing, partial(self._products.count, catalog))

    async def alternatives(
        self, catalog: Catalog, query: SearchQuery, plan: Plan, listing: Listing
    ) -> dict[int, Candidate]:
        """Return, for each constraint that gave way, the best product that satisfies it when the others may give.

        By position of the constraint; one for which nothing exists is left out.
        """
        found: dict[int, Candidate] = {}
        for one in listing.given_up:
            limits = (*plan.platform, *listing.scope, one.limit)
            others = tuple(Wish(h.constraint, h.limit) for h in plan.hard if h is not one)
            candidates = await self._products.popular(catalog, limits, self._size, _keys(plan, query))
            ranked = rank(candidates, dict.fromkeys(candidates, 0.0), (*plan.wishes, *others))
            if ranked:
                found[one.position] = ranked[0].candidate
        return found

    async def load(self, catalog: Catalog, ranked: Sequence[Ranked]) -> list[ScoredProduct]:
        """Return ranked products with everything stored about them; those deleted meanwhile are left out."""
        stored = await self._products.complete(
            catalog, [r.candidate for r in ranked], ("product", "update_time")
        )
        return [
            ScoredProduct(
                load(stored[r.candidate.id]["product"], stored[r.candidate.id]["update_time"]),
                r.score,
                r.signals,
                r.reasons,
            )
            for r in ranked
            if r.candidate.id in stored
        ]

    async def examine(self, catalog: Catalog, query: SearchQuery, plan: Plan) -> tuple[Pool, RankingContext]:
        """Return the candidates of a text query and what they are ranked for: what a ranker is trained on."""
        encoded = await self._encoder.encode(catalog, query.text, query.vector)
        pool = await self._pool(catalog, query, plan, plan.limits, encoded, None)
        return pool, RankingContext(encoded.text)

    async def _pool(
        self,
        catalog: Catalog,
        query: SearchQuery,
        plan: Plan,
        limits: tuple[Limit, ...],
        encoded: EncodedQuery | None,
        affordable: Limit | None,
    ) -> Pool:
        keys = _keys(plan, query)
        if encoded is None:
            candidates = await self._products.popular(catalog, limits, self._size, keys)
            return Pool(candidates, _by_popularity(candidates))
        groups = (tuple(w.limit for w in plan.wishes), (affordable,) if affordable else ())
        reference = plan.platform if plan.hard else None
        wanted = CandidateQuery(
            encoded.dense, encoded.sparse, limits, groups, reference, self._depth(query), keys
        )
        candidates = await self._products.candidates(catalog, wanted)
        return Pool(candidates, _relevance(candidates, query))

    def _depth(self, query: SearchQuery) -> int:
        """Return how many candidates a list may have; what is cheapest may stand far behind what is most relevant."""
        if query.order or not query.page_size:
            return self._size
        return min(self._size, query.page_size * CANDIDATES_A_PLACE)

    async def _relaxed(
        self, catalog: Catalog, plan: Plan, scope: tuple[Limit, ...], *, forbidden: bool
    ) -> Relaxed:
        fixed = (*plan.platform, *scope)

        async def count(limits: Sequence[Limit]) -> int:
            return await self._products.count(catalog, (*fixed, *limits))

        async def nearest(limits: Sequence[Limit], key: str, bound: float, above: bool) -> Sequence[float]:  # noqa: FBT001
            return await self._products.nearest(
                catalog, (*fixed, *limits), key, bound, above=above, size=NEAREST_NUMBERS
            )

        relaxed = await relax(plan.hard, count, nearest, forbidden=forbidden)
        return replace(relaxed, limits=(*plan.platform, *relaxed.limits))


async def matched_size(listing: Listing, count: Callable[[Sequence[Limit]], Awaitable[int]]) -> int:
    """Return how many products within the limits are what the query names; `count` counts those within limits.

    In a catalogue without categories: the listed products that are at least half as relevant as the best.
    """
    if listing.scope:
        return await count((*listing.limits, *listing.scope))
    best = max((r.relevance for r in listing.ranked), default=0.0)
    return sum(r.relevance >= best / 2 for r in listing.ranked)


def with_alternatives(
    outcomes: Sequence[ConstraintOutcome], alternatives: Mapping[int, Candidate]
) -> tuple[ConstraintOutcome, ...]:
    """Return the outcomes with the ids of the products that satisfy what was given up."""
    return tuple(
        replace(o, alternative_product_id=alternatives[i].id) if i in alternatives else o
        for i, o in enumerate(outcomes)
    )


def outdated(catalog: Catalog) -> tuple[Degradation, ...]:
    """Return what is lost when the products were indexed by an older version of this service: import them again."""
    if catalog.layout >= LAYOUT:
        return ()
    DEGRADED.labels(OLDER_INDEX).inc()
    message = f"The catalog is indexed in form {catalog.layout}, not {LAYOUT}: import its products again or rebuild it."
    return (Degradation("index", OLDER_INDEX, FailedPrecondition("INDEX_OUTDATED", message)),)


def _languages(plan: Plan) -> tuple[str, ...]:
    """Return the languages that products are limited to."""
    return tuple(str(v) for limit in plan.limits if limit.key == "language" for v in limit.any_of)


def _as_asked(plan: Plan) -> Relaxed:
    outcomes = {h.position: ConstraintOutcome(h.constraint, Outcome.APPLIED) for h in plan.hard}
    return Relaxed(plan.limits, outcomes)


def _keys(plan: Plan, query: SearchQuery) -> tuple[str, ...]:
    order = (query.order.key.split(".")[0],) if query.order else ()
    return tuple(dict.fromkeys((*plan.keys, *order)))


def _relevance(candidates: Mapping[str, Candidate], query: SearchQuery) -> dict[str, float]:
    dense = {i: one.dense for i, one in candidates.items() if one.dense is not None}
    sparse = {i: one.sparse for i, one in candidates.items() if one.sparse is not None}
    return fuse(dense, sparse, DENSE_WEIGHTS[detect_language(query.text)], query.fusion)


def _ordered(ranked: list[Ranked], query: SearchQuery) -> list[Ranked]:
    if query.order:
        ranked = ordered_by(ranked, query.order.key, descending=query.order.descending)
    return ranked if query.expand_groups else one_per_group(ranked)


def _by_popularity(candidates: Mapping[str, Candidate]) -> dict[str, float]:
    popularity = {i: float(one.payload.get("popularity") or 0.0) for i, one in candidates.items()}
    best = max(popularity.values(), default=0.0) or 1.0
    return {i: p / best for i, p in popularity.items()}


def _outcomes(plan: Plan, relaxed: Relaxed, ranked: Sequence[Ranked]) -> tuple[ConstraintOutcome, ...]:
    wished = {
        position: _wish_outcome(wish.constraint, wish.limit, ranked)
        for position, wish in zip(plan.wish_positions, plan.wishes, strict=True)
    }
    by_position = {**plan.decided, **relaxed.outcomes, **wished}
    for outcome in by_position.values():
        CONSTRAINTS.labels(outcome.outcome.value).inc()
    return tuple(by_position[position] for position in sorted(by_position))


def _wish_outcome(constraint: Constraint, limit: Limit, ranked: Sequence[Ranked]) -> ConstraintOutcome:
    if any(limit.holds(r.candidate.payload) for r in ranked):
        return ConstraintOutcome(constraint, Outcome.APPLIED, c.SOFT_PREFERENCE)
    return ConstraintOutcome(constraint, Outcome.DROPPED, c.NO_MATCH)
