"""One number for each candidate of a recommendation: signals in [0, 1], weighted, summed, each with its reason."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from shopguide_retrieval.domain.card import POPULARITY_SCALE
from shopguide_retrieval.domain.crowd import Snapshot
from shopguide_retrieval.domain.ranking import Candidate, Ranked, Wish, rank
from shopguide_retrieval.domain.recommend_evidence import Evidence
from shopguide_retrieval.domain.recommend_model import Weights

RELEVANT_SHARE = 0.5
"""With a query, products below this share of the best relevance are left out: they are not what was asked for."""

STRONG = 0.2
"""Least signal of which a reason is made."""

HIGH_RATING, RATERS = 4.5, 20
"""Average and count from which a product is highly rated."""

BOUGHT_TOGETHER_SHOPPERS = 2
"""Shoppers who must have bought both, before anybody is told so."""

_KEPT_REASONS = ("PREORDER", "MATCHES_")


@dataclass(frozen=True)
class Signs:
    """What is known about the candidates."""

    evidence: Mapping[str, Evidence]
    relevance: Mapping[str, float]
    """To the query; empty without one."""
    due: Mapping[str, float]
    expected: Mapping[str, float]
    """Purchases expected of this shopper, over those of the most expected product; empty for one without routine."""
    crowd: Snapshot
    viewed: frozenset[str]
    """Products the shopper saw and did not buy."""
    owned: frozenset[str]
    """Products the shopper has bought."""
    routine: float
    """Share of the products that the shopper bought which are consumables."""
    asked: bool
    """Whether there is a query."""
    nearest: tuple[float, float] | None
    """Lowest and highest cosine of the products nearest to the shopper's interest: the span of `taste`."""

    @property
    def best_sequence(self) -> float:
        """The highest score of the evidence; 1 without any."""
        return max((e.sequence for e in self.evidence.values()), default=0.0) or 1.0

    @property
    def best_alike(self) -> float:
        """The highest user-based estimate; 1 without any."""
        return max((e.alike for e in self.evidence.values()), default=0.0) or 1.0


def scored(
    candidates: Mapping[str, Candidate], signs: Signs, wishes: Sequence[Wish], weights: Weights
) -> list[Ranked]:
    """Return the candidates by score, equal ones by id."""
    least = RELEVANT_SHARE * max(signs.relevance.values(), default=0.0)
    wanted = {
        i: c for i, c in candidates.items() if not signs.asked or signs.relevance.get(i, least) >= least
    }
    best = signs.best_sequence, signs.best_alike
    signals = {i: _signals(c, signs, best) for i, c in wanted.items()}
    base = {i: _base(s, weights, _openness(i, s, signs, weights), signs.routine) for i, s in signals.items()}
    ranked = [_told(r, signals[r.candidate.id], signs) for r in rank(wanted, base, wishes)]
    return sorted(ranked, key=lambda r: (-r.score, r.candidate.id))


def _signals(candidate: Candidate, signs: Signs, best: tuple[float, float]) -> dict[str, float]:
    evidence = signs.evidence.get(candidate.id)
    trend = signs.crowd.trends.get(candidate.id)
    signals = {
        "collaborative": evidence.sequence / best[0] if evidence else 0.0,
        "alike": evidence.alike / best[1] if evidence else 0.0,
        "taste": _taste(candidate, signs),
        "popularity": _popularity(candidate, signs.crowd),
        "trend": 1 - math.exp(-trend.rise / 3) if trend else 0.0,
        "due": signs.due.get(candidate.id, 0.0),
        "expected": signs.expected.get(candidate.id, 0.0),
    }
    return signals | ({"relevance": signs.relevance.get(candidate.id, 0.0)} if signs.asked else {})


def _openness(product_id: str, signals: Mapping[str, float], signs: Signs, weights: Weights) -> float:
    """Return what is left of the personal signals: all for a product new to the shopper, less for one seen.

    For one that was bought it is how due it is: liking coffee is no reason to buy it again the next day.
    """
    if product_id in signs.owned:
        return signals["due"]
    return weights.seen if product_id in signs.viewed else 1.0


def _base(signals: Mapping[str, float], weights: Weights, openness: float, routine: float) -> float:
    """Return the weighted sum; what is expected by habit counts more the more the shopper buys by routine."""
    personal = (
        weights.collaborative * signals["collaborative"]
        + weights.alike * signals["alike"]
        + weights.taste * signals["taste"]
    )
    personal *= 1 - routine * (1 - weights.routine_personal)
    usual = weights.expected * signals["expected"] + weights.routine_popularity * signals["popularity"]
    again = (1 - routine) * weights.due * signals["due"] + routine * usual
    crowd = weights.popularity * signals["popularity"] + weights.trend * signals["trend"]
    return personal * openness + crowd + weights.relevance * signals.get("relevance", 0.0) + again


def _taste(candidate: Candidate, signs: Signs) -> float:
    if signs.nearest is None or candidate.dense is None:
        return 0.0
    low, high = signs.nearest
    return min(1.0, max(0.0, (candidate.dense - low) / max(high - low, 1e-6)))


def _popularity(candidate: Candidate, crowd: Snapshot) -> float:
    """Return how popular a product is: by the shoppers who had to do with it, by its ratings without any."""
    rated = min(1.0, float(candidate.payload.get("popularity") or 0.0) / POPULARITY_SCALE)
    if not crowd.shoppers:
        return rated
    had = math.log1p(crowd.counts.get(candidate.id, 0)) / math.log1p(crowd.most)
    return 0.8 * had + 0.2 * rated


def _told(ranked: Ranked, signals: Mapping[str, float], signs: Signs) -> Ranked:
    """Return the product with its signals and reasons in place of those of a search."""
    kept = [r for r in ranked.reasons if r.startswith(_KEPT_REASONS) and r != "MATCHES_QUERY"]
    reasons = [*_personal_reasons(ranked.candidate, signals, signs), *kept, *_crowd_reasons(ranked, signals)]
    others = {k: v for k, v in ranked.signals.items() if k in ("wishes", "prior")}
    told = tuple(dict.fromkeys(reasons)) or (("POPULAR",) if signals["popularity"] else ())
    return Ranked(ranked.candidate, ranked.score, {**signals, **others}, told)


def _personal_reasons(candidate: Candidate, signals: Mapping[str, float], signs: Signs) -> list[str]:
    evidence = signs.evidence.get(candidate.id)
    together = evidence is not None and evidence.together >= BOUGHT_TOGETHER_SHOPPERS
    reasons = {
        "MATCHES_QUERY": signs.asked and signals.get("relevance", 0.0) > 0,
        "REPURCHASE_DUE": signals["due"] >= 2 * STRONG,
        "BOUGHT_TOGETHER": together and signals["collaborative"] >= STRONG,
        "ALIKE_SHOPPERS": max(signals["collaborative"], signals["alike"]) >= STRONG,
        "MATCHES_TASTE": signals["taste"] >= 2 * STRONG,
        "VIEWED_RECENTLY": candidate.id in signs.viewed,
    }
    return [reason for reason, holds in reasons.items() if holds]


def _crowd_reasons(ranked: Ranked, signals: Mapping[str, float]) -> list[str]:
    payload = ranked.candidate.payload
    raters = math.expm1(float(payload.get("popularity") or 0.0))
    reasons = {
        "TRENDING": signals["trend"] >= STRONG,
        "HIGHLY_RATED": float(payload.get("rating") or 0.0) >= HIGH_RATING and raters >= RATERS,
        "POPULAR": signals["popularity"] >= 3 * STRONG,
    }
    return [reason for reason, holds in reasons.items() if holds]
