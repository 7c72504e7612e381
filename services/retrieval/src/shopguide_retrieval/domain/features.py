"""What ranking knows of a product for a query, as numbers: one row for each candidate, one column for each feature.

The same code serves and trains (`shopguide_training.ranker`), so a learned ranker sees when it is asked what it saw
when it was made. Every value is finite whatever a payload lacks. A query's terms weigh by how few of the candidates
hold them: within a list, the rarer term tells the products apart.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from shopguide_retrieval.domain.card import Card
from shopguide_retrieval.domain.field_terms import ATTRIBUTES, BRAND, CATEGORY, TITLE, FieldTerms
from shopguide_retrieval.domain.quality import price_levels, shrunk_ratings
from shopguide_retrieval.domain.ranking import Candidate
from shopguide_retrieval.domain.tokenizer import tokenize
from shopguide_runtime.text import Language, detect_language

Numbers = NDArray[np.float64]
"""One number for each candidate, or one row of features for each."""

FEATURES = (
    "dense",  # cosine with the query; one that is not in the dense list has the lowest of the list
    "dense_scaled",  # the same between the lowest and the highest of the list
    "dense_rank",  # 1 / log2(1 + rank) in the dense list, 0 outside it
    "sparse",  # BM25, 0 outside the sparse list
    "sparse_scaled",
    "sparse_rank",
    "relevance",  # fused
    "relevance_rank",
    "field_title",  # share of the query's terms, by weight, that the title holds
    "field_brand",
    "field_category",
    "field_attributes",
    "field_any",
    "title_phrase",  # share of the query's neighbouring terms that stand side by side in the title
    "title_head",  # whether the title holds the query's last term, in English what is looked for
    "title_focus",  # share of the title's terms that the query holds
    "title_length",  # log(1 + terms)
    "model_match",  # share of the query's terms with digits that the product holds
    "category_agreement",  # share of the best candidates' relevance that its category has
    "brand_agreement",
    "price_level",  # log of its price over the median of its category among the candidates
    "popularity",
    "rating",  # shrunk towards the mean of the candidates
    "available",
    "other_language",  # whether it is in another language than the query
    "query_terms",  # log(1 + terms)
    "query_zh",
)
"""Names of the columns, in order. A learned ranker names the ones it was made with."""

FEATURES_VERSION = 1
"""Changes whenever a feature is computed otherwise: models that were made before are refused."""

FEEDBACK = 10
"""Candidates taken for good when others are compared with them (pseudo-relevance feedback)."""


@dataclass(frozen=True, slots=True)
class RankingContext:
    """What a list is ranked for."""

    text: str = ""
    """The query, as it is searched; empty for browsing and for products like others."""


@dataclass(frozen=True)
class _Query:
    terms: tuple[str, ...]
    language: Language


def feature_matrix(
    candidates: Sequence[Candidate], relevance: Mapping[str, float], context: RankingContext
) -> Numbers:
    """Return float64 [len(candidates), len(FEATURES)], all finite.

    `relevance` has the fused relevance of every candidate by id.
    """
    if not candidates:
        return np.zeros((0, len(FEATURES)))
    fused = np.array([relevance[c.id] for c in candidates], dtype=np.float64)
    query = _Query(
        tuple(dict.fromkeys(tokenize(context.text, document=False))), detect_language(context.text)
    )
    cards = [c.card for c in candidates]
    columns = {
        **_scores(candidates, fused),
        **_matches(query, [c.terms for c in cards]),
        **_agreement(cards, fused),
        **quality_features(cards),
        "other_language": np.array([bool(c.language) and c.language != query.language for c in cards]),
        "query_terms": np.log1p(len(query.terms)),
        "query_zh": float(query.language == "zh"),
    }
    matrix = np.empty((len(FEATURES), len(candidates)))
    for row, name in enumerate(FEATURES):
        matrix[row] = columns[name]
    np.nan_to_num(matrix, copy=False, nan=0.0, posinf=0.0, neginf=0.0)
    # The engine's scores differ in the eighth digit from call to call: that must not cross a model's threshold.
    return matrix.round(6).T


def _scores(candidates: Sequence[Candidate], fused: Numbers) -> dict[str, Numbers]:
    dense, has_dense = _known([c.dense for c in candidates])
    sparse, has_sparse = _known([c.sparse for c in candidates])
    dense[~has_dense] = dense[has_dense].min() if has_dense.any() else 0.0
    return {
        "dense": dense,
        "dense_scaled": _scaled(dense, float(dense.min())),
        "dense_rank": _discounts(dense, has_dense),
        "sparse": sparse,
        "sparse_scaled": _scaled(sparse, 0.0),
        "sparse_rank": _discounts(sparse, has_sparse),
        "relevance": fused,
        "relevance_rank": _discounts(fused, np.ones(len(fused), dtype=bool)),
    }


def _known(values: Sequence[float | None]) -> tuple[Numbers, NDArray[np.bool_]]:
    """Return the numbers, 0 where there is none, and which there are."""
    numbers = np.array([np.nan if v is None else v for v in values], dtype=np.float64)
    known = np.isfinite(numbers)
    return np.where(known, numbers, 0.0), known


def _scaled(values: Numbers, floor: float) -> Numbers:
    span = float(values.max()) - floor
    return (values - floor) / span if span > 0 else np.zeros_like(values)


def _discounts(values: Numbers, known: NDArray[np.bool_]) -> Numbers:
    """Return 1 / log2(1 + rank), equal values sharing the better rank, 0 where there is no value."""
    ordered = np.sort(-values[known])
    ranks = 1 + np.searchsorted(ordered, -values)
    return np.where(known, 1 / np.log2(1 + ranks), 0.0)


def _matches(query: _Query, fields: Sequence[FieldTerms]) -> dict[str, Numbers]:
    """Compare the query's terms with each field."""
    places = np.zeros((len(fields), len(query.terms)), dtype=np.int64)
    for column, term in enumerate(query.terms):
        padded = f" {term} "
        # Without its spaces a term is ruled out faster: they are the most frequent characters.
        for row in [n for n, f in enumerate(fields) if term in f.written and padded in f.written]:
            places[row, column] = fields[row].places(padded)
    held = places > 0
    holders = held.sum(axis=0)
    weights = np.log1p((len(fields) - holders + 0.5) / (holders + 0.5))
    weights /= max(float(weights.sum()), 1e-9)
    in_title = (places & TITLE) > 0
    sizes = np.array([f.title_size for f in fields], dtype=np.float64)
    numbered = np.array([any(c.isdigit() for c in t) for t in query.terms], dtype=bool)
    return {
        "field_title": in_title @ weights,
        "field_brand": ((places & BRAND) > 0) @ weights,
        "field_category": ((places & CATEGORY) > 0) @ weights,
        "field_attributes": ((places & ATTRIBUTES) > 0) @ weights,
        "field_any": held @ weights,
        "title_phrase": _phrases(query.terms, in_title, fields),
        "title_head": in_title[:, -1].astype(float) if query.terms else np.zeros(len(fields)),
        "title_focus": in_title.sum(axis=1) / np.maximum(sizes, 1),
        "title_length": np.log1p(sizes),
        "model_match": held[:, numbered].mean(axis=1) if numbered.any() else np.zeros(len(fields)),
    }


def _phrases(terms: Sequence[str], in_title: NDArray[np.bool_], fields: Sequence[FieldTerms]) -> Numbers:
    """Return the share of neighbouring terms that neighbour in the title, for one term whether the title holds it."""
    if len(terms) < 2:  # noqa: PLR2004 - one has no neighbour
        return np.asarray(in_title.any(axis=1), dtype=np.float64)
    found = np.zeros(len(fields))
    for column, (first, second) in enumerate(pairwise(terms)):
        pair = f" {first} {second} "
        for row in np.flatnonzero(in_title[:, column] & in_title[:, column + 1]):
            found[row] += pair in fields[row].title
    return found / (len(terms) - 1)


def _agreement(cards: Sequence[Card], fused: Numbers) -> dict[str, Numbers]:
    """Compare each candidate with what the best ones, itself left out, have in common."""
    best = np.zeros(len(fused))
    leading = np.argsort(-fused, kind="stable")[:FEEDBACK]
    best[leading] = fused[leading] + 1e-6
    return {
        "category_agreement": _shared([c.leaf for c in cards], best),
        "brand_agreement": _shared([c.brand for c in cards], best),
    }


def _shared(values: Sequence[str], best: Numbers) -> Numbers:
    """Return the share of the others' weight that has the same value; 0 for an empty one."""
    totals: dict[str, float] = {}
    for value, weight in zip(values, best.tolist(), strict=True):
        totals[value] = totals.get(value, 0.0) + weight
    same = np.array([totals[v] if v else 0.0 for v in values]) - np.where(
        [bool(v) for v in values], best, 0.0
    )
    return np.asarray(same / np.maximum(best.sum() - best, 1e-9))


def quality_features(cards: Sequence[Card]) -> dict[str, Numbers]:
    """Return the features that need no query: price level, popularity, rating, availability."""
    return {
        "price_level": price_levels(cards),
        "popularity": np.array([c.popularity for c in cards]),
        "rating": shrunk_ratings(cards),
        "available": np.array([not c.preorder for c in cards], dtype=float),
    }
