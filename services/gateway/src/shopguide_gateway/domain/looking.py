"""Carries out a plan: asks retrieval for what the turn has to speak of."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from shopguide_gateway.domain.advising import Advisor
from shopguide_gateway.domain.bundles import outfit
from shopguide_gateway.domain.deals import best_deals, of_category
from shopguide_gateway.domain.facts import digest_source, policy_source, product_source, review_sources
from shopguide_gateway.domain.lookups import (
    Look,
    Looked,
    distinct,
    fitting_results,
    held,
    looked_up,
    of_products,
)
from shopguide_gateway.domain.model import (
    Ask,
    Catalogue,
    Constraint,
    FaqMatch,
    Found,
    Outcome,
    ReviewResult,
    Scored,
    SearchResult,
    Understanding,
)
from shopguide_gateway.domain.naming import named_first
from shopguide_gateway.domain.plans import Action, Plan
from shopguide_gateway.domain.speech import with_currency, with_language, without_language
from shopguide_gateway.ports import Retriever
from shopguide_runtime.errors import ShopguideError

_CANDIDATES = 20
_DEAL_CANDIDATES = 60
_REVIEWS_READ = 50
_REVIEWS_QUOTED = 8
_REVIEWS_FOR_QUESTION = 5
_LEAST_FAQ_SCORE, _LEAST_FAQ_SHARE = 0.5, 0.85
"""An entry answers from this score on, and beside a better one only with this share of its score."""
_LEAST_COMPLAINT_SCORE, _CLEAR_LEAD = 0.3, 0.1
_COMPARED_BY_SEARCH = 2


class Looker:
    """Looks up what a plan needs. A class because every action shares one retriever."""

    def __init__(self, retriever: Retriever) -> None:
        """Take the retrieval service."""
        self._retriever = retriever
        self._advisor = Advisor(retriever)
        self._actions: Mapping[Action, Callable[[Look], Awaitable[Looked]]] = {
            "search": self._search,
            "recommend": self._recommend,
            "deals": self._deals,
            "bundle": self._bundle,
            "goes_with": self._goes_with,
            "compare": self._compare,
            "similar": self._similar,
            "product_question": self._product_question,
            "reviews": self._reviews,
            "policy": self._policy,
            "none": self._nothing,
        }

    async def look(
        self, ask: Ask, understanding: Understanding, catalogue: Catalogue | None, plan: Plan
    ) -> Looked:
        """Return what the plan needs. Raises ShopguideError when retrieval cannot answer."""
        specs = catalogue.attributes if catalogue else {}
        shopper = with_currency(ask.shopper, understanding, catalogue)
        looked = await self._actions[plan.action](Look(ask, understanding, specs, plan, shopper))
        wishes = (*understanding.constraints, *(c for s in understanding.scopes for c in s.constraints))
        outcomes = with_unsupported(looked.found.outcomes, wishes)
        return replace(looked, found=replace(looked.found, outcomes=outcomes))

    async def _nothing(self, _look: Look) -> Looked:
        return Looked(Found())

    async def _search(self, look: Look) -> Looked:
        result = await self._query(look, _CANDIDATES)
        return looked_up(result, look, fitting_results(result, look.ask.max_products))

    async def _recommend(self, look: Look) -> Looked:
        return await self._advisor.recommend(look, self._search)

    async def _goes_with(self, look: Look) -> Looked:
        return await self._advisor.goes_with(look, self._search)

    async def _deals(self, look: Look) -> Looked:
        return await self._advisor.deals(look, self._searched_deals)

    async def _searched_deals(self, look: Look) -> Looked:
        result = await self._query(look, _DEAL_CANDIDATES)
        fitting = fitting_results(result, _DEAL_CANDIDATES)
        relevant = of_category(fitting, look.understanding.constraints)
        return looked_up(result, look, best_deals(relevant, look.ask.max_products))

    async def _query(self, look: Look, page_size: int) -> SearchResult:
        wish = look.understanding
        return await self._retriever.search(
            look.ask.catalog,
            wish.search_query,
            shopper=look.shopper,
            constraints=with_language(held(wish), wish.language),
            conditions=look.ask.filter,
            vector=wish.query_vector,
            ordering=wish.ordering,
            page_size=page_size,
        )

    async def _bundle(self, look: Look) -> Looked:
        wish = look.understanding
        bundle = await self._retriever.search_scopes(
            look.ask.catalog,
            wish.scopes,
            shopper=look.shopper,
            budget=wish.budget,
            shared=with_language(wish.constraints, wish.language),
            conditions=look.ask.filter,
        )
        filled = outfit(bundle, wish.scopes)
        found = Found(
            shown=filled.chosen,
            sources=tuple(product_source(s, look.specs) for s in (*filled.chosen, *filled.spare)),
            outcomes=distinct(
                without_language(outcome for role in bundle.roles for outcome in role.outcomes)
            ),
            total_price=filled.total,
            missing_roles=filled.missing_roles,
            attribution_token=bundle.attribution_token,
        )
        return Looked(found, bundle.degradations, bundle.timings)

    async def _compare(self, look: Look) -> Looked:
        if not look.plan.target_ids:
            result = await self._query(look, _CANDIDATES)
            return looked_up(result, look, result.results[:_COMPARED_BY_SEARCH])
        products = await self._retriever.products(look.ask.catalog, look.plan.target_ids)
        return Looked(of_products(products, look.specs))

    async def _similar(self, look: Look) -> Looked:
        if not look.plan.target_ids:
            return await self._search(look)
        result, reference = await asyncio.gather(
            self._retriever.find_similar(
                look.ask.catalog,
                look.plan.target_ids,
                with_language(look.understanding.constraints, look.understanding.language),
                look.ask.filter,
                _CANDIDATES,
            ),
            self._retriever.products(look.ask.catalog, look.plan.target_ids[:1]),
        )
        looked = looked_up(result, look, result.results[: look.ask.max_products])
        if not reference:
            return looked
        source = product_source(Scored(reference[0]), look.specs)
        found = replace(looked.found, sources=(*looked.found.sources, source), reference_source_id=source.id)
        return replace(looked, found=found)

    async def _product_question(self, look: Look) -> Looked:
        looked = await self._targets(look)
        ids = [s.product.id for s in looked.found.shown]
        if not ids:
            return looked
        reviews = await self._optional_reviews(look, look.ask.text, ids, _REVIEWS_FOR_QUESTION)
        found = replace(looked.found, sources=(*looked.found.sources, *review_sources(reviews.reviews)))
        return replace(looked, found=found)

    async def _reviews(self, look: Look) -> Looked:
        looked = await self._targets(look)
        if not looked.found.shown:
            return looked
        product = looked.found.shown[0].product
        reviews = await self._retriever.search_reviews(look.ask.catalog, "", [product.id], _REVIEWS_READ)
        telling = sorted(reviews.reviews, key=lambda r: (-r.helpful_count, r.id))[:_REVIEWS_QUOTED]
        digest = digest_source(product, reviews.total_size, reviews.reviews)
        sources = (looked.found.sources[0], digest, *review_sources(telling))
        return replace(looked, found=replace(looked.found, shown=looked.found.shown[:1], sources=sources))

    async def _targets(self, look: Look) -> Looked:
        if look.plan.target_ids:
            products = await self._retriever.products(look.ask.catalog, look.plan.target_ids)
            return Looked(of_products(products, look.specs))
        if not look.understanding.search_query:
            return Looked(Found())
        result = await self._query(look, _CANDIDATES)
        return looked_up(result, look, named_first(look.ask.text, result.results)[:1])

    async def _optional_reviews(
        self, look: Look, query: str, product_ids: Sequence[str], size: int
    ) -> ReviewResult:
        try:
            return await self._retriever.search_reviews(look.ask.catalog, query, product_ids, size)
        except ShopguideError:
            return ReviewResult()

    async def _policy(self, look: Look) -> Looked:
        wish = look.understanding
        # The words are mostly what was embedded already: then retrieval need not embed them again.
        vector = wish.query_vector if wish.search_query == look.ask.text else None
        entries = await self._retriever.search_faq(look.ask.catalog, look.ask.text, wish.language, vector)
        fitting = _clearest(entries) if look.plan.task == "COMPLAINT" else _fitting(entries)
        return Looked(Found(sources=tuple(policy_source(e) for e in fitting)))


def _fitting(entries: Sequence[FaqMatch]) -> tuple[FaqMatch, ...]:
    """Return the entries that answer; one far behind the best is about something else."""
    best = max((e.score for e in entries), default=0.0)
    return tuple(e for e in entries if e.score >= max(_LEAST_FAQ_SCORE, _LEAST_FAQ_SHARE * best))


def with_unsupported(outcomes: Iterable[Outcome], constraints: Iterable[Constraint]) -> tuple[Outcome, ...]:
    """Return the outcomes, and one for each wish that no field can express and that nobody told of."""
    told = tuple(outcomes)
    known = {o.constraint.evidence for o in told}
    silent = (c for c in constraints if c.strength == "UNSUPPORTED" and c.evidence not in known)
    return (*told, *(Outcome(c, "DROPPED", "UNSUPPORTED") for c in silent))


def _clearest(entries: Sequence[FaqMatch]) -> tuple[FaqMatch, ...]:
    """Return the one rule that a complaint falls under; complaints tell a story, so a clear lead is enough."""
    scores = [entry.score for entry in entries] + [0.0, 0.0]
    leads = scores[0] >= _LEAST_COMPLAINT_SCORE and scores[0] - scores[1] >= _CLEAR_LEAD
    return tuple(entries[:1]) if leads or scores[0] >= _LEAST_FAQ_SCORE else ()
