"""Learned ranking: trees, model files, order."""

import json

import lightgbm
import numpy as np
import pytest

from shopguide_retrieval.adapters.ranker_files import load_ranker
from shopguide_retrieval.domain.features import FEATURES, FEATURES_VERSION, RankingContext, feature_matrix
from shopguide_retrieval.domain.ranker import LearnedModel, ModelError, Ranker, read_model, write_model
from shopguide_retrieval.domain.ranking import Candidate
from shopguide_retrieval.domain.trees import Forest, read_forest, write_forest
from shopguide_training.ranker.fitting import forest_of

_QUERY = RankingContext("red shoes")


def _booster(seed: int) -> tuple[lightgbm.Booster, np.ndarray]:
    random = np.random.default_rng(seed)
    matrix = random.normal(size=(600, 7)).round(3)
    target = matrix[:, 0] * matrix[:, 1] + np.sin(matrix[:, 2]) + 0.1 * random.normal(size=600)
    settings = {
        "objective": "regression",
        "num_leaves": 9,
        "min_data_in_leaf": 5,
        "verbose": -1,
        "num_threads": 1,
    }
    return lightgbm.train(settings, lightgbm.Dataset(matrix, target), 40), matrix


@pytest.mark.parametrize("seed", range(3))
def test_trees_say_what_lightgbm_says(seed):
    """To 1e-9, on rows it was fitted to, on others, and on thresholds themselves."""
    booster, matrix = _booster(seed)
    forest = forest_of(booster)
    others = np.vstack([matrix, np.full((1, 7), 1e9), np.full((1, 7), -1e9), np.zeros((1, 7))])
    others[: len(forest.thresholds), 0][: min(50, len(others))] = forest.thresholds[: min(50, len(others))]
    assert np.abs(forest.predict(others) - booster.predict(others)).max() < 1e-9


def test_trees_survive_their_file():
    """Written and read, they predict the same."""
    booster, matrix = _booster(0)
    forest = forest_of(booster)
    again = read_forest(json.loads(json.dumps(write_forest(forest))), 7)
    assert again.depth == forest.depth
    assert (again.predict(matrix) == forest.predict(matrix)).all()


@pytest.mark.parametrize(
    ("table", "value"),
    [("features", 7), ("left", 10**6), ("right", -1), ("thresholds", float("nan")), ("values", float("inf"))],
)
def test_damaged_trees_are_refused(table, value):
    """Whatever leads out of the tables."""
    raw = write_forest(forest_of(_booster(0)[0]))
    raw[table][0] = value
    with pytest.raises(ValueError, match=r"node|finite|threshold"):
        read_forest(raw, 7)


def test_circles_are_refused():
    """A tree that comes back to its root would never end."""
    raw = {
        "roots": [0],
        "features": [0, 0],
        "thresholds": [0, 0],
        "left": [1, 0],
        "right": [1, 0],
        "values": [0, 0],
    }
    with pytest.raises(ValueError, match="circle"):
        read_forest(raw, 1)


def _chain(leaves: int, shape: str) -> dict[str, list[float]]:
    """Return one tree whose every comparison has a leaf on one side; `left` or `right` is where it goes on."""
    inner = leaves - 1
    ahead = [*range(1, inner), 2 * inner]
    beside = list(range(inner, 2 * inner))
    itself = list(range(inner, 2 * inner + 1))
    left, right = (ahead, beside) if shape == "left" else (beside, ahead)
    return {
        "roots": [0],
        "features": [0] * (inner + leaves),
        "thresholds": [float(n if shape == "right" else -n) for n in range(inner)] + [0.0] * leaves,
        "left": left + itself,
        "right": right + itself,
        "values": [0.0] * inner + [float(n) for n in range(leaves)],
    }


@pytest.mark.parametrize("shape", ["left", "right"])
def test_a_tree_may_have_as_many_leaves_as_an_integer_has_bits(shape):
    """64 leaves, one below the other, are told apart; one more is refused."""
    forest = read_forest(_chain(64, shape), 1)
    values = np.arange(-70, 70, dtype=float)[:, None] + 0.5
    expected = np.clip(np.ceil(values if shape == "right" else -values).ravel(), 0, 63)
    assert forest.predict(values).tolist() == expected.tolist()
    with pytest.raises(ValueError, match="64 leaves"):
        read_forest(_chain(65, shape), 1)


def test_no_trees_and_no_rows_add_nothing():
    """The empty forest is zero, and so is the sum over no rows."""
    empty = Forest(*(np.zeros(0, int),) * 2, np.zeros(0), *(np.zeros(0, int),) * 2, np.zeros(0), 0)
    assert empty.predict(np.zeros((3, 2))).tolist() == [0, 0, 0]
    assert forest_of(_booster(0)[0]).predict(np.zeros((0, 7))).shape == (0,)


def _stump(feature: str, value: float = 1.0) -> LearnedModel:
    """Return a model that adds `value` where a feature is above .5."""
    forest = Forest(
        np.array([0]), np.array([0, 0, 0]), np.array([0.5, 0, 0]), np.array([1, 1, 2]), np.array([2, 1, 2]),
        np.array([0.0, 0.0, value]), 1,
    )  # fmt: skip
    return LearnedModel((feature,), forest, 0.5)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"format": 99}, "format 99"),
        ({"features_version": FEATURES_VERSION + 1}, "train it again"),
        ({"features": ["moon_phase"]}, "moon_phase"),
        ({"trees": {}}, "damaged"),
        ({"weight": "much"}, "damaged"),
    ],
)
def test_a_model_that_does_not_fit_is_refused(change, message):
    """With the reason, before anything is served."""
    raw = json.loads(write_model(_stump("dense")))
    with pytest.raises(ModelError, match=message):
        read_model(json.dumps(raw | change))


def test_what_is_no_json_is_refused():
    """A cut-off file is named as damaged."""
    with pytest.raises(ModelError, match="damaged"):
        read_model('{"format": 1')
    with pytest.raises(ModelError, match="cannot be read"):
        load_ranker("/nowhere/model.json")


def _candidates() -> dict[str, Candidate]:
    terms = {"a": "blue hat\t\t\t", "b": "red shoe\t\t\t", "c": "red shoe\t\t\t"}
    return {i: Candidate(i, {"id": i, "field_terms": t}, dense=0.8, sparse=1.0) for i, t in terms.items()}


def test_the_model_corrects_the_untrained_order_and_says_so():
    """What it adds is a signal; features that took part are signals too."""
    relevance = {"a": 0.6, "b": 0.5, "c": 0.5}
    untrained = Ranker().rank(_candidates(), relevance, (), _QUERY)
    learned = Ranker(_stump("field_title")).rank(_candidates(), relevance, (), _QUERY)
    assert [r.candidate.id for r in untrained] == ["a", "b", "c"]
    assert [r.candidate.id for r in learned] == ["b", "c", "a"]
    assert [r.signals["model"] for r in learned] == [0.5, 0.5, 0.0]
    assert learned[0].signals["field_title"] == 1.0
    assert learned[0].score == pytest.approx(1.0)
    assert "model" not in untrained[0].signals


def test_without_a_query_the_untrained_order_stands():
    """Browsing and likeness were never in the judgments."""
    ranked = Ranker(_stump("field_title")).rank(
        _candidates(), dict.fromkeys("abc", 0.5), (), RankingContext()
    )
    assert [r.candidate.id for r in ranked] == ["a", "b", "c"]
    assert "model" not in ranked[0].signals


def test_ties_and_noise_never_change_an_order():
    """Equal products come by id, and scores that differ in the eighth digit are equal."""
    relevance = dict.fromkeys("abc", 0.5)
    model = read_model(write_model(load_ranker("shipped") or _stump("dense")))
    orders = set()
    for noise in (0.0, 3e-8, -3e-8):
        shaken = {i: Candidate(i, one.payload, 0.8 + noise, 1.0 - noise) for i, one in _candidates().items()}
        ranked = Ranker(model).rank(shaken, {i: r + noise for i, r in relevance.items()}, (), _QUERY)
        orders.add(tuple(r.candidate.id for r in ranked))
    assert len(orders) == 1
    assert orders.pop().index("b") < 2


def test_the_shipped_model_never_punishes_what_is_known_to_be_good():
    """Each feature of known sign, raised alone, never lowers the correction."""
    model = load_ranker("shipped")
    assert model is not None
    random = np.random.default_rng(0)
    base = feature_matrix(list(_candidates().values()), dict.fromkeys("abc", 0.5), _QUERY)
    rows = np.abs(random.normal(size=(200, len(FEATURES)))) * (np.abs(base).max(axis=0) + 0.5)
    for name in (
        "field_title",
        "field_brand",
        "rating",
        "popularity",
        "relevance",
        "dense_scaled",
        "sparse_scaled",
    ):
        column = FEATURES.index(name)
        values = [model.corrections(_with(rows, column, v)) for v in np.linspace(0, 6, 25)]
        assert (np.diff(np.array(values), axis=0) >= -1e-12).all(), name


def _with(rows: np.ndarray, column: int, value: float) -> np.ndarray:
    changed = rows.copy()
    changed[:, column] = value
    return changed
