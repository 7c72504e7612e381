"""From fused candidates to the list a shopper sees: wishes, priors, one product a group, orders, reasons.

Every part of a score is added and reported by name, so a list can be explained: `relevance` (fused, in [0, 1]),
`wishes` (soft constraints), `prior` (rating and popularity, too small to outweigh relevance).
"""

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import repeat
from operator import attrgetter
from typing import Any

from shopguide_retrieval.domain.card import Card, card
from shopguide_retrieval.domain.conditions import Constraint
from shopguide_retrieval.domain.fusion import by_score
from shopguide_retrieval.domain.limits import Limit, values_at

WISH_WEIGHTS = {"category": 0.30, "brand": 0.25, "price": 0.20, "language": 0.35}
"""Most that a satisfied wish adds to a score, by field; relevance spans [0, 1]."""
OTHER_WISH_WEIGHT = 0.15
HIGH_RATING, FEWEST_RATINGS = 4.5, 20
"""Mean stars and number of ratings from which a product is called highly rated."""
GOOD_RATING, LOW_PRICE_LEVEL = 4.2, math.log(0.8)
"""Shrunk mean stars, and log of the price over the median of its kind, from which a product is called good value."""
PREFERRED_SHARE = 0.45
"""When an order is asked for, only products with at least this share of the best relevance are ordered."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A product of the index with the parts of its payload that ranking needs."""

    id: str
    payload: Mapping[str, Any]
    dense: float | None = None
    sparse: float | None = None
    within: bool = True
    """Whether it satisfies the limits of the search; one that does not only tells what the query names."""
    state: float | None = None
    """Changes with every write to the product; None when it was not found by a list of candidates."""
    prepared: Card | None = field(default=None, compare=False, repr=False)
    """What was worked out from the payload before."""

    @property
    def card(self) -> Card:
        """What ranking reads of the payload."""
        return self.prepared or card(self.payload)

    @property
    def group(self) -> str:
        """The group of variants it belongs to."""
        return str(self.payload.get("group") or self.id)

    @property
    def leaf(self) -> str:
        """Its own category, normalised; empty when it has none."""
        return str(self.payload.get("leaf") or "")


@dataclass(frozen=True, slots=True)
class Wish:
    """A soft constraint, or a hard one that gave way: products that satisfy it, or nearly, come first."""

    constraint: Constraint
    limit: Limit


@dataclass(frozen=True, slots=True)
class Told:
    """Why a product stands where it does."""

    signals: Mapping[str, float] = field(default_factory=dict)
    """The parts of its score, and features, by name."""
    reasons: tuple[str, ...] = ()


Columns = Mapping[str, Sequence[float]]
"""A number for each candidate of a list, by name."""


class Ranked:
    """A candidate and its score; why it has that score is worked out when somebody asks.

    A search ranks some hundred candidates and shows ten.
    """

    __slots__ = ("_position", "_tell", "_told", "candidate", "relevance", "score")

    def __init__(
        self,
        candidate: Candidate,
        score: float,
        signals: Mapping[str, float] | None = None,
        reasons: Iterable[str] = (),
        relevance: float = 0.0,
        tell: Callable[[int], Told] | None = None,
        position: int = 0,
    ) -> None:
        """Take the signals and reasons, or `tell`, which works them out for a position."""
        self.candidate = candidate
        self.score = score
        self.relevance = relevance
        self._tell = tell
        self._position = position
        self._told = None if tell else Told(signals or {}, tuple(reasons))

    @property
    def told(self) -> Told:
        """Signals and reasons."""
        if self._told is None and self._tell:
            self._told = self._tell(self._position)
        return self._told or Told()

    @property
    def signals(self) -> Mapping[str, float]:
        """The parts of the score, and features, by name."""
        return self.told.signals

    @property
    def reasons(self) -> tuple[str, ...]:
        """Machine words that say why it is shown."""
        return self.told.reasons

    def changed(
        self,
        *,
        score: float | None = None,
        signals: Mapping[str, float] | None = None,
        reasons: Iterable[str] | None = None,
    ) -> "Ranked":
        """Return the same candidate with another score, other signals or reasons; None leaves them."""

        def tell(_: int) -> Told:
            return Told(
                self.signals if signals is None else signals,
                self.reasons if reasons is None else tuple(reasons),
            )

        score = self.score if score is None else score
        return Ranked(self.candidate, score, relevance=self.relevance, tell=tell)


def rank(
    candidates: Mapping[str, Candidate],
    relevance: Mapping[str, float],
    wishes: Sequence[Wish],
    more: Callable[[Sequence[Candidate]], Columns] | None = None,
) -> list[Ranked]:
    """Return the candidates within the limits by total score, equal ones by id.

    `more` gives further signals of candidates; the one named `model` is added to the score.
    """
    found = [one for one in map(candidates.__getitem__, sorted(relevance)) if one.within]
    fused = [relevance[one.id] for one in found]
    columns = more(found) if more else {}
    near = [[nearness(wish.limit, one.payload) for one in found] for wish in wishes]
    wished = _wished(wishes, near, len(found))
    priors = [one.card.prior for one in found]
    parts = {**columns, "relevance": fused, "wishes": wished, "prior": priors}
    model = columns.get("model") or [0.0] * len(found)
    # The engine's scores differ in the eighth digit from call to call: that must not decide an order.
    scores = [round(f + w + p + m, 6) for f, w, p, m in zip(fused, wished, priors, model, strict=True)]
    tell = partial(_told, found, parts, wishes, near)
    ranked = list(
        map(Ranked, found, scores, repeat(None), repeat(()), fused, repeat(tell), range(len(found)))
    )
    return sorted(ranked, key=attrgetter("score"), reverse=True)


def _wished(wishes: Sequence[Wish], near: Sequence[Sequence[float]], count: int) -> list[float]:
    """Return what the wishes add for each candidate; `near` has a row for each wish."""
    wished = [0.0] * count
    for wish, row in zip(wishes, near, strict=True):
        weight = _weight(wish)
        wished = [others + weight * value for others, value in zip(wished, row, strict=True)]
    return wished


def untrained_score(relevance: float, payload: Mapping[str, Any]) -> float:
    """Return the score of a product without wishes and without a learned model."""
    return relevance + card(payload).prior


def one_per_group(ranked: Iterable[Ranked]) -> list[Ranked]:
    """Return the best product of each group, in order."""
    best: dict[str, Ranked] = {}
    for one in ranked:
        best.setdefault(one.candidate.group, one)
    return list(best.values())


def ordered_by(ranked: Sequence[Ranked], key: str, *, descending: bool) -> list[Ranked]:
    """Return the relevant products by a stored number, those without it last, equal ones by relevance.

    Products that merely share a word with the query must not lead a list "from the cheapest": only those with
    `PREFERRED_SHARE` of the best relevance stay.
    """
    best = max((r.relevance for r in ranked), default=0.0)
    relevant = [r for r in ranked if r.relevance >= PREFERRED_SHARE * best]
    sign = -1 if descending else 1

    def position(one: Ranked) -> tuple[bool, float, float, str]:
        values = values_at(one.candidate.payload, key)
        return not values, sign * float(values[0]) if values else 0.0, -one.score, one.candidate.id

    return sorted(relevant, key=position)


def leading_categories(
    candidates: Mapping[str, Candidate], relevance: Mapping[str, float], best: int = 10, share: float = 0.2
) -> tuple[str, ...]:
    """Return the categories that the most relevant candidates speak for: each has at least `share` of their relevance."""
    weights: dict[str, float] = {}
    for i in by_score(relevance)[:best]:
        weights[candidates[i].leaf] = weights.get(candidates[i].leaf, 0.0) + relevance[i]
    total = sum(weights.values())
    return tuple(sorted(c for c, w in weights.items() if c and w >= share * total))


def nearness(limit: Limit, payload: Mapping[str, Any]) -> float:
    """Return 1 when the limit holds, for a range less and less with the distance to it, else 0."""
    if limit.holds(payload):
        return 1.0
    numbers = values_at(payload, limit.key)
    if limit.any_of or limit.none_of or not numbers:
        return 0.0
    return max(_range_nearness(limit, float(n)) for n in numbers)


def _range_nearness(limit: Limit, number: float) -> float:
    bound = limit.maximum if limit.maximum is not None and number > limit.maximum else limit.minimum
    if bound is None:
        return 0.0
    width = max(abs(bound), 1e-9)
    return math.exp(-4 * abs(number - bound) / width)


def _told(
    found: Sequence[Candidate],
    parts: Columns,
    wishes: Sequence[Wish],
    near: Sequence[Sequence[float]],
    position: int,
) -> Told:
    candidate = found[position]
    signals = {name: column[position] for name, column in parts.items()}
    if candidate.dense is not None:
        signals["dense"] = candidate.dense
    if candidate.sparse is not None:
        signals["sparse"] = candidate.sparse
    return Told(signals, _reasons(candidate, wishes, [row[position] for row in near], signals))


def _weight(wish: Wish) -> float:
    condition = wish.constraint.condition
    weight = WISH_WEIGHTS.get(condition.field, OTHER_WISH_WEIGHT) if condition else OTHER_WISH_WEIGHT
    return weight * (0.5 + 0.5 * wish.constraint.confidence)


def _reasons(
    candidate: Candidate, wishes: Sequence[Wish], near: Sequence[float], signals: Mapping[str, float]
) -> tuple[str, ...]:
    reasons = (
        ["MATCHES_QUERY"] if candidate.dense is not None or candidate.sparse is not None else ["POPULAR"]
    )
    for wish, value in zip(wishes, near, strict=True):
        condition = wish.constraint.condition
        if value == 1.0 and condition:
            reasons.append(f"MATCHES_{condition.field.split('.')[0].removesuffix('s').upper()}")
    if candidate.card.preorder:
        reasons.append("PREORDER")
    return tuple(dict.fromkeys((*reasons, *_merits(candidate.card, signals))))


def _merits(of: Card, signals: Mapping[str, float]) -> Iterator[str]:
    """Yield what a product can be praised for; the signals are those of `domain.features`."""
    if of.stars >= HIGH_RATING and of.ratings >= FEWEST_RATINGS:
        yield "HIGHLY_RATED"
    if signals.get("price_level", 0.0) <= LOW_PRICE_LEVEL and signals.get("rating", 0.0) >= GOOD_RATING:
        yield "GOOD_VALUE"
