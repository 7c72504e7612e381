"""How good a product's price is: against its own list price, and against what its category costs.

A list price is believed only within reason. One that is ten times the price, or twice what the dearest product of the
category sells for, is made up or mistyped: it counts as none, is not shown as a saving and earns nothing. A price far
below its category's median is taken for another kind of thing (a case among phones), not for a bargain.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from shopguide_retrieval.domain.discounts import MOST_CREDIBLE, share_off
from shopguide_retrieval.domain.limits import price_key, values_at
from shopguide_retrieval.domain.model import Price
from shopguide_retrieval.domain.price_levels import PriceLevel
from shopguide_retrieval.domain.ranking import Candidate, Ranked

BELOW_LIST_PRICE = "BELOW_LIST_PRICE"
CHEAP_FOR_CATEGORY = "CHEAP_FOR_CATEGORY"
HIGHLY_RATED = "HIGHLY_RATED"

LEAST_DISCOUNT = 0.05
"""Off the list price: less is no deal."""

CHEAP_SHARE = 0.7
"""A product is cheap for its category when at least this share of the category costs more."""

COMPARABLE_SHARE = 0.2
"""Of the median price of its category: what costs less is another kind of thing."""

MOST_ABOVE_CATEGORY = 2.0
"""A list price beyond this multiple of the dearest product of the category is not believed."""

GOOD_RATING = 4.3
"""A mean of stars that is worth telling, after the shrinkage of few ratings."""

_USUAL_RATING, _USUAL_COUNT = 3.9, 20
_WEIGHTS = {"discount": 0.5, "category": 0.3, "rating": 0.2}
_FULL_DISCOUNT = 0.5
_FULL_SHARE = 0.95


@dataclass(frozen=True, slots=True)
class Bargain:
    """A product with what is known of its price."""

    ranked: Ranked
    price: Price
    discount: float | None
    """Share off its list price, in (0, .9]; None without a list price that can be believed."""
    saving: Price | None
    cheaper_than: float | None
    """Share of the products of its category that cost more; None when the category says nothing."""
    comparable: bool
    """Whether its price is of the order of its category's."""
    rating: float | None
    """Mean stars, shrunk towards the usual for few ratings."""

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why it is a deal; none of the first two means that it is none."""
        found = [BELOW_LIST_PRICE] if (self.discount or 0.0) >= LEAST_DISCOUNT else []
        if self.comparable and (self.cheaper_than or 0.0) >= CHEAP_SHARE:
            found.append(CHEAP_FOR_CATEGORY)
        if self.rating is not None and self.rating >= GOOD_RATING:
            found.append(HIGHLY_RATED)
        return tuple(found)

    @property
    def is_deal(self) -> bool:
        """Whether its price is good by its list price or by its category."""
        return BELOW_LIST_PRICE in self.reasons or CHEAP_FOR_CATEGORY in self.reasons

    @property
    def signals(self) -> dict[str, float]:
        """The parts of its value, each in [0, its weight]."""
        cheap = (self.cheaper_than or 0.0) if self.comparable else 0.0
        return {
            "discount": _WEIGHTS["discount"] * min(1.0, (self.discount or 0.0) / _FULL_DISCOUNT),
            "category": _WEIGHTS["category"] * _within((cheap - 0.5) / (_FULL_SHARE - 0.5)),
            "rating": _WEIGHTS["rating"] * _within(((self.rating or _USUAL_RATING) - 3) / 2),
        }


def bargain(ranked: Ranked, level: PriceLevel | None) -> Bargain | None:
    """Return what is known of a candidate's price, or None when it has none."""
    payload = ranked.candidate.payload
    currency = str(payload.get("currency") or "")
    prices = values_at(payload, price_key(currency)) if currency else []
    if not prices:
        return None
    price, listed = int(prices[0]), _believed(int(prices[0]), payload.get("list_price"), level)
    return Bargain(
        ranked,
        Price(price, currency),
        share_off(price, listed) if listed else None,
        Price(listed - price, currency) if listed else None,
        level.share_above(price) if level else None,
        level is not None and price >= COMPARABLE_SHARE * level.quantile(0.5),
        _rating(ranked.candidate),
    )


def best_of_groups(bargains: Sequence[Bargain]) -> list[Bargain]:
    """Return the deals, best first, one of each group of variants, with their scores and reasons set."""
    scored = sorted(
        (_scored(b) for b in bargains if b.is_deal), key=lambda b: (-b.ranked.score, b.ranked.candidate.id)
    )
    best: dict[str, Bargain] = {}
    for one in scored:
        best.setdefault(one.ranked.candidate.group, one)
    return list(best.values())


def spread(bargains: Sequence[Bargain], size: int, decay: float) -> list[Bargain]:
    """Return `size` of the bargains (best first) so that no category fills the list.

    Each further one of a category counts `decay` times the one before; the scores say so.
    """
    waiting: dict[str, list[Bargain]] = {}
    for one in bargains:
        waiting.setdefault(one.ranked.candidate.leaf, []).append(one)
    taken: list[Bargain] = []
    factors = dict.fromkeys(waiting, 1.0)
    while waiting and len(taken) < size:
        leaf = min(
            waiting,
            key=lambda k: (-factors[k] * waiting[k][0].ranked.score, waiting[k][0].ranked.candidate.id),
        )
        one = waiting[leaf].pop(0)
        taken.append(replace(one, ranked=one.ranked.changed(score=one.ranked.score * factors[leaf])))
        factors[leaf] *= decay
        if not waiting[leaf]:
            del waiting[leaf]
    return taken


def _scored(one: Bargain) -> Bargain:
    """Return the bargain with the score it is ranked by: its value, relevance and wishes."""
    ranked = one.ranked
    others = {k: v for k, v in ranked.signals.items() if k in ("relevance", "wishes", "dense", "sparse")}
    score = round(
        sum(one.signals.values()) + 0.5 * others.get("relevance", 0.0) + others.get("wishes", 0.0), 6
    )
    reasons = tuple(dict.fromkeys((*one.reasons, *(r for r in ranked.reasons if r != "POPULAR"))))
    return replace(one, ranked=Ranked(ranked.candidate, score, others | one.signals, reasons))


def _believed(price: int, list_price: int | None, level: PriceLevel | None) -> int | None:
    """Return a list price above the price that can be believed, or None."""
    if list_price is None or not 0 < share_off(price, list_price) <= MOST_CREDIBLE:
        return None
    return None if level and list_price > MOST_ABOVE_CATEGORY * level.highest else list_price


def _rating(candidate: Candidate) -> float | None:
    """Return mean stars shrunk towards the usual mean (Bayesian average); `popularity` is the log of their count."""
    stars = candidate.payload.get("rating")
    if stars is None:
        return None
    count = math.expm1(float(candidate.payload.get("popularity") or 0.0))
    return (float(stars) * count + _USUAL_RATING * _USUAL_COUNT) / (count + _USUAL_COUNT)


def _within(share: float) -> float:
    return min(1.0, max(0.0, share))
