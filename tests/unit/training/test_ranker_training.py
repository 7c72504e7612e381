"""How the ranker is made: fits, crossings, clicks."""

import json

import numpy as np
import pytest

from shopguide_retrieval.domain.features import FEATURES
from shopguide_retrieval.domain.ranker import read_model, write_model
from shopguide_training.ranker.clicked import clicked_lists, read_impressions
from shopguide_training.ranker.clicks import Impression, click_gains, examination_exponent
from shopguide_training.ranker.crossing import cross, folds
from shopguide_training.ranker.fitting import FitPlan, fit, forest_of, train
from shopguide_training.ranker.lists import RankedList, ndcg, paired

_PLAN = FitPlan(trees=30, rows_in_leaf=5, trust=1.0, blend=1.0)


def _lists(source: str, count: int, seed: int = 0) -> list[RankedList]:
    """Return lists whose good products are those with the title's share; the untrained score is noise."""
    random = np.random.default_rng(seed)
    return [_list(random, source, f"q{n}") for n in range(count)]


def _list(random: np.random.Generator, source: str, query: str) -> RankedList:
    matrix = random.uniform(size=(20, len(FEATURES))).round(4)
    gains = (matrix[:, FEATURES.index("field_title")] > 0.7).astype(float)
    base = random.uniform(size=20) * 0.1
    ids = tuple(f"p{n:02}" for n in range(20))
    return RankedList(source, query, ids, matrix, base, base, gains, tuple(sorted(gains, reverse=True)))


def test_a_fit_finds_what_makes_products_good():
    """Trained on some lists it orders others better than the untrained score; what is written predicts the same."""
    known, unseen = _lists("a", 30), _lists("a", 10, seed=1)
    model = fit(known, _PLAN)
    before = np.mean([ndcg(one, one.base) for one in unseen])
    after = np.mean([ndcg(one, one.base + model.corrections(one.matrix)) for one in unseen])
    assert after > before + 0.2
    again = read_model(write_model(model))
    assert (again.corrections(unseen[0].matrix) == model.corrections(unseen[0].matrix)).all()


def test_the_served_trees_are_those_that_lightgbm_fitted():
    """Ranking trees with monotone constraints, to 1e-6."""
    known = _lists("a", 20)
    booster = train(known, _PLAN)
    rows = np.vstack([one.matrix for one in known])[:, [FEATURES.index(f) for f in _PLAN.features]]
    assert np.abs(forest_of(booster).predict(rows) - booster.predict(rows, raw_score=True)).max() < 1e-6


def test_products_that_nobody_judged_are_not_fitted_to():
    """A list without any judgment cannot be trained on."""
    one = _lists("a", 1)[0]
    unjudged = RankedList("a", "q", one.ids, one.matrix, one.base, one.sparse, np.full(20, np.nan), (1.0,))
    with pytest.raises(ValueError, match="judged"):
        fit([unjudged], _PLAN)


def test_crossings_judge_every_query_once_and_never_train_on_it():
    """Folds part the queries evenly; a set that may not be trained on is judged all the same."""
    lists = [*_lists("a", 12), *_lists("b", 8, seed=2)]
    fold_of = folds(lists, 0)
    sizes = np.bincount(list(fold_of.values()))
    assert sizes.max() - sizes.min() <= 1
    crossed = cross(lists, lambda one: one.source == "a", _PLAN, repeats=2)
    assert crossed.unseen_queries.keys() == crossed.untrained.keys() == set(fold_of)
    assert {source for source, _ in crossed.unseen_catalogues} == {"b"}
    better = paired(crossed.untrained, crossed.unseen_queries)
    assert better.mean > 2 * better.standard_error


def test_ndcg_counts_what_was_not_found():
    """The ideal holds judged products that are no candidates; equal scores come by id."""
    one = _lists("a", 1)[0]
    perfect = RankedList(
        "a", "q", ("x", "y"), one.matrix[:2], one.base[:2], one.base[:2], np.array([1.0, np.nan]), (1.0, 1.0)
    )
    assert ndcg(perfect, np.array([1.0, 1.0])) == pytest.approx(1 / (1 + 1 / np.log2(3)))


def _simulated(eta: float, sessions: int, seed: int) -> tuple[list[Impression], dict[str, float]]:
    """Return clicks of shoppers who look at rank r with probability r ** -eta, and the true worth of each product.

    A shop that ranks nearly the wrong way round, with some shuffling: what is good stands low.
    """
    random = np.random.default_rng(seed)
    worth = {f"p{n}": 0.1 + 0.8 * n / 9 for n in range(10)}
    shown = sorted(worth, key=lambda i: worth[i])
    log: list[Impression] = []
    for _ in range(sessions):
        noisy = sorted(range(10), key=lambda n: n + random.normal(scale=1.5))
        for rank, n in enumerate(noisy, start=1):
            clicked = random.uniform() < rank**-eta * worth[shown[n]]
            log.append(Impression("q", shown[n], rank, bool(clicked)))
    return log, worth


def _order_kept(gains: dict[str, float], worth: dict[str, float]) -> float:
    """Return the share of pairs in the true order."""
    pairs = [(a, b) for a in worth for b in worth if worth[a] < worth[b]]
    return float(np.mean([gains[a] < gains[b] for a, b in pairs]))


@pytest.mark.parametrize("seed", range(3))
def test_weighting_by_attention_recovers_the_true_order_better_than_clicks(seed):
    """The exponent is read off the log, and naive click rates lose to weighted ones."""
    log, worth = _simulated(eta=1.0, sessions=3000, seed=seed)
    eta = examination_exponent(log)
    assert eta == pytest.approx(1.0, abs=0.25)
    naive, weighted = (
        _order_kept(click_gains(log, 0.0)["q"], worth),
        _order_kept(click_gains(log, eta)["q"], worth),
    )
    assert weighted > 0.9
    assert weighted > naive + 0.2


def test_clicks_without_any_change_of_rank_take_the_usual_attention():
    """Nothing can be read off, so 1 is taken."""
    assert examination_exponent([Impression("q", "p", 1, clicked=True)] * 50) == 1.0


def test_a_log_becomes_lists_to_train_on(tmp_path):
    """Products shown have grades, the others stay unjudged; queries without a click are left out."""
    path = tmp_path / "log.jsonl"
    rows = [
        {"query": "q0", "product_id": "p01", "rank": 1, "clicked": False},
        {"query": "q0", "product_id": "p02", "rank": 2, "clicked": True},
        {"query": "q1", "product_id": "p01", "rank": 1, "clicked": False},
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    made = clicked_lists(_lists("a", 3), list(read_impressions(path)))
    assert [one.query for one in made] == ["q0"]
    assert np.flatnonzero(np.isfinite(made[0].gains)).tolist() == [1, 2]
    assert made[0].gains[2] == 1.0


@pytest.mark.parametrize(
    "line", ['{"query": "q"}', "nonsense", '{"query": "q", "product_id": "p", "rank": 0, "clicked": true}']
)
def test_a_wrong_line_of_a_log_is_named(tmp_path, line):
    """With its number."""
    path = tmp_path / "log.jsonl"
    path.write_text(f"{line}\n", encoding="utf-8")
    with pytest.raises(ValueError, match="line 1"):
        list(read_impressions(path))
