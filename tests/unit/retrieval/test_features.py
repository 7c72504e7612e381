"""What ranking knows of a product for a query."""

import math

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from shopguide_retrieval.domain.card import card
from shopguide_retrieval.domain.features import FEATURES, RankingContext, feature_matrix
from shopguide_retrieval.domain.field_terms import NO_TERMS, read_terms, write_terms
from shopguide_retrieval.domain.quality import price_levels, shrunk_ratings
from shopguide_retrieval.domain.ranking import Candidate

_SCORES = st.none() | st.floats(allow_nan=True, allow_infinity=True, width=32)
_PAYLOADS = st.fixed_dictionaries(
    {},
    optional={
        "field_terms": st.text(max_size=40) | st.just("red shoe\tnike\tshoes\tred"),
        "leaf": st.sampled_from(["", "shoes"]),
        "brand": st.sampled_from(["", "nike"]),
        "price": st.just({}) | st.just({"usd": 1999}) | st.just({"usd": 0}),
        "currency": st.sampled_from(["", "USD"]),
        "rating": st.none() | st.floats(1, 5),
        "popularity": st.none() | st.floats(0, 1e6),
        "language": st.sampled_from(["zh", "en", ""]),
    },
)


def candidate(identifier: str, title: str = "", **fields) -> Candidate:
    """Return a candidate whose title is indexed."""
    scores = {k: fields.pop(k) for k in ("dense", "sparse") if k in fields}
    terms = write_terms(title, fields.get("brand", ""), fields.get("leaf", ""), fields.pop("attributes", ""))
    return Candidate(identifier, {"id": identifier, "field_terms": terms, **fields}, **scores)


def rows(query: str, *candidates: Candidate, relevance: float = 0.5) -> dict[str, dict[str, float]]:
    """Return the features by candidate and name."""
    matrix = feature_matrix(candidates, {c.id: relevance for c in candidates}, RankingContext(query))
    return {c.id: dict(zip(FEATURES, row, strict=True)) for c, row in zip(candidates, matrix, strict=True)}


@settings(deadline=None)
@given(
    st.text(max_size=30),
    st.lists(st.tuples(_PAYLOADS, _SCORES, _SCORES), max_size=6),
    st.floats(0, 1),
)
def test_features_are_finite_whatever_a_payload_lacks(query, found, relevance):
    """One row for each candidate, one column for each name, no gaps."""
    candidates = [
        Candidate(str(i), payload, dense, sparse) for i, (payload, dense, sparse) in enumerate(found)
    ]
    fused = {c.id: relevance for c in candidates}
    matrix = feature_matrix(candidates, fused, RankingContext(query))
    assert matrix.shape == (len(candidates), len(FEATURES))
    assert np.isfinite(matrix).all()


def test_each_field_is_compared_by_itself():
    """Title, brand, category and attributes each say what share of the query they hold."""
    found = rows(
        "nike red shoes",
        candidate("a", "red running shoes", brand="nike", leaf="shoes", attributes="red"),
        candidate("b", "garden hose"),
    )
    assert found["a"]["field_any"] == 1.0
    assert found["b"]["field_any"] == 0.0
    assert 0 < found["a"]["field_brand"] < found["a"]["field_title"] < 1


def test_the_rarer_term_of_a_query_weighs_more():
    """All candidates are shoes; the one that is suede is what tells them apart."""
    found = rows(
        "suede shoes",
        candidate("a", "suede boots"),
        candidate("b", "canvas shoes"),
        candidate("c", "leather shoes"),
        candidate("d", "shoes"),
    )
    assert found["a"]["field_title"] > found["b"]["field_title"]


def test_phrases_and_model_numbers_are_seen():
    """Neighbouring terms must stand side by side; terms with digits are counted by themselves."""
    found = rows(
        "rtx 4090 card", candidate("a", "asus rtx 4090 card"), candidate("b", "card for rtx without 4080")
    )
    assert found["a"]["title_phrase"] == 1.0
    assert found["b"]["title_phrase"] == 0.0
    assert (found["a"]["model_match"], found["b"]["model_match"]) == (1.0, 0.0)


def test_chinese_and_the_other_language_are_told():
    """The language of the query is a feature, and so is a product in another one."""
    found = rows(
        "红色跑鞋", candidate("a", "红色跑鞋", language="zh"), candidate("b", "red shoes", language="en")
    )
    assert found["a"]["query_zh"] == 1.0
    assert (found["a"]["other_language"], found["b"]["other_language"]) == (0.0, 1.0)
    assert found["a"]["field_title"] == 1.0


def test_agreement_leaves_the_product_itself_out():
    """A category that no other of the best candidates has agrees with nobody."""
    found = rows(
        "shoe", *(candidate(i, "shoe", leaf="shoes") for i in "abc"), candidate("d", "x", leaf="hats")
    )
    assert found["d"]["category_agreement"] == 0.0
    assert found["a"]["category_agreement"] > 0.5


def test_a_score_that_is_missing_counts_as_the_lowest():
    """A product that is only in the sparse list is no nearer than the last of the dense list."""
    found = rows(
        "shoe",
        candidate("a", "x", dense=0.9),
        candidate("b", "x", dense=0.8),
        candidate("c", "x", sparse=3.0),
    )
    assert found["c"]["dense"] == found["b"]["dense"]
    assert (found["a"]["dense_rank"], found["c"]["dense_rank"]) == (1.0, 0.0)


def test_few_ratings_are_drawn_to_the_mean():
    """One rating of 5 stars is worth less than a thousand of 4.8."""
    known = [{"rating": 5.0, "popularity": math.log1p(1)}, {"rating": 4.8, "popularity": math.log1p(1000)}]
    one, many, none = shrunk_ratings([card(payload) for payload in (*known, {})])
    assert none < one < many


def test_price_levels_need_enough_prices_of_a_category():
    """Four prices say nothing; of five, the cheapest is below and the dearest above its category."""
    mug = {"leaf": "mug", "currency": "USD"}
    cards = [card({**mug, "price": {"usd": minor}}) for minor in (500, 900, 1000, 1100, 2000)]
    assert not price_levels(cards[:4]).any()
    levels = price_levels(cards)
    assert levels[0] < levels[2] == 0 < levels[4]
    assert price_levels([card({}), *cards])[0] == 0


def test_terms_of_another_form_are_taken_for_none():
    """An index that was written before these terms existed ranks without them."""
    assert read_terms("") == NO_TERMS
    assert read_terms("one\ttwo") == NO_TERMS
