"""Several product roles in one request: candidates for each, then the best joint choice under the total."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from shopguide_retrieval.domain.catalog import Catalog
from shopguide_retrieval.domain.conditions import Condition, Constraint
from shopguide_retrieval.domain.encoding import EncodedQuery, QueryEncoder
from shopguide_retrieval.domain.limits import Limit, price_key, values_at
from shopguide_retrieval.domain.model import Degradation, Price
from shopguide_retrieval.domain.plan import Plan, plan
from shopguide_retrieval.domain.ranking import Ranked
from shopguide_retrieval.domain.scopes import Choice, Option, choose, minimum_total, substitutes
from shopguide_retrieval.domain.search import Listing, Searcher, SearchQuery
from shopguide_retrieval.domain.stages import Stages

CANDIDATES_PER_ROLE = 200
"""Ranked products of a role that take part in the joint choice: all that the best and the affordable list find."""

RELEVANT_SHARE = 0.5
"""Of the best relevance of its role: a product below it does not fill the role."""


@dataclass(frozen=True, slots=True)
class Role:
    """One product role: its name, query, own limits and how many of it."""

    name: str
    query: str
    constraints: tuple[Constraint, ...] = ()
    quantity: int = 1


@dataclass(frozen=True, slots=True)
class FilledRole:
    """What was found for a role."""

    role: Role
    listing: Listing
    chosen: Ranked | None
    alternatives: tuple[Ranked, ...]
    matched: int


@dataclass(frozen=True, slots=True)
class Outfit:
    """The joint choice: roles in the order asked, and their totals in one currency."""

    roles: tuple[FilledRole, ...]
    total: Price | None
    minimum: Price | None
    """Lowest total that fills every role; only when the budget is too small for that."""
    degradations: tuple[Degradation, ...]
    stages: Stages


class ScopeSearcher:
    """Fills several roles at once."""

    def __init__(self, searcher: Searcher, encoder: QueryEncoder) -> None:
        """Take what searches one role."""
        self._searcher = searcher
        self._encoder = encoder

    async def search(
        self,
        catalog: Catalog,
        roles: Sequence[Role],
        conditions: Sequence[Condition],
        budget: Price | None,
        alternatives: int,
        currency: str = "",
    ) -> Outfit:
        """Return the best products for all roles together; the total never exceeds `budget`.

        Raises InvalidArgument when the filter does not fit the catalogue.
        """
        stages = Stages()
        with stages.stage("encode"):
            encoded = await self._encoder.encode_all(catalog, [role.query for role in roles])
        plans = [plan(catalog, conditions, role.constraints, currency) for role in roles]
        listings = await asyncio.gather(
            *(
                self._role(catalog, role, one, vectors, budget, stages)
                for role, one, vectors in zip(roles, plans, encoded, strict=True)
            )
        )
        paid_in = budget.currency if budget else _common_currency(listings)
        with stages.stage("choose"):
            options = [
                _options(role, listing, paid_in, priced=budget is not None)
                for role, listing in zip(roles, listings, strict=True)
            ]
            choice = choose(options, budget.minor if budget else None)
        matched = await asyncio.gather(*(self._searcher.matched(catalog, listing) for listing in listings))
        filled = _filled(roles, listings, options, choice, matched, budget, alternatives)
        minimum = None
        if budget and not all(choice.options) and (total := minimum_total(options)) is not None:
            minimum = Price(total, budget.currency)
        return Outfit(filled, _total(filled, choice, paid_in), minimum, encoded[0].degradations, stages)

    async def _role(
        self,
        catalog: Catalog,
        role: Role,
        one: Plan,
        encoded: EncodedQuery,
        budget: Price | None,
        stages: Stages,
    ) -> Listing:
        """Return the list of a role; with a budget, the best products and the best that it can pay for."""
        affordable = None
        if budget and budget.currency in catalog.currencies:
            affordable = Limit(price_key(budget.currency), maximum=budget.minor // role.quantity)
        return await self._searcher.search_encoded(
            catalog, SearchQuery(role.query), one, encoded, stages, affordable
        )


def _options(role: Role, listing: Listing, currency: str, *, priced: bool) -> list[Option]:
    """Return the relevant products of a list, with what the wanted quantity of each costs.

    With `priced` set, products without a price in the currency are left out; else they cost nothing.
    """
    best = max((r.relevance for r in listing.ranked), default=0.0)
    options: list[Option] = []
    relevant = [r for r in listing.ranked if r.relevance >= RELEVANT_SHARE * best]
    for one in relevant[:CANDIDATES_PER_ROLE]:
        prices = values_at(one.candidate.payload, price_key(currency)) if currency else []
        if prices or not priced:
            cost = int(prices[0]) * role.quantity if prices else 0
            options.append(Option(one.candidate.id, max(0.0, one.score), cost))
    return options


def _common_currency(listings: Sequence[Listing]) -> str:
    """Return the one currency of all candidates that have a price, or an empty string."""
    seen = {str(r.candidate.payload.get("currency") or "") for li in listings for r in li.ranked}
    seen.discard("")
    return seen.pop() if len(seen) == 1 else ""


def _filled(
    roles: Sequence[Role],
    listings: Sequence[Listing],
    options: Sequence[Sequence[Option]],
    choice: Choice,
    matched: Sequence[int],
    budget: Price | None,
    alternatives: int,
) -> tuple[FilledRole, ...]:
    limit = budget.minor if budget else None
    filled: list[FilledRole] = []
    for position, (role, listing) in enumerate(zip(roles, listings, strict=True)):
        by_id = {r.candidate.id: r for r in listing.ranked}
        chosen = choice.options[position]
        others = substitutes(position, options[position], choice, limit)[:alternatives]
        filled.append(
            FilledRole(
                role,
                listing,
                by_id[chosen.id] if chosen else None,
                tuple(by_id[o.id] for o in others),
                matched[position],
            )
        )
    return tuple(filled)


def _total(filled: Sequence[FilledRole], choice: Choice, currency: str) -> Price | None:
    """Return what the chosen products cost together, when each of them has a price in the currency."""
    chosen = [f.chosen for f in filled if f.chosen]
    if not currency or not chosen:
        return None
    priced = all(values_at(one.candidate.payload, price_key(currency)) for one in chosen)
    return Price(choice.total, currency) if priced else None
