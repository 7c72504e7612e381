import gzip
import math

import numpy as np
import pytest

from shopguide_evaluation.intents import Prediction, Sentence, calibration_error, measure, read_sentences
from shopguide_evaluation.judgments import JudgmentError, read_judgments
from shopguide_evaluation.length import length_of, within_bounds
from shopguide_evaluation.ranking import dcg, ndcg, recall, reciprocal_rank
from shopguide_evaluation.statistics import compare, mean

GAINS = {"a": 3.0, "b": 2.0, "c": 0.0, "d": 1.0}


def test_dcg_by_hand():
    """DCG of gains 3, 2, 0, 1 at 3 is 3/1 + 2/log2(3) + 0."""
    assert dcg([3, 2, 0, 1], 3) == pytest.approx(3 + 2 / math.log2(3))


def test_ndcg_by_hand():
    """Ranking c, a, x, b at 3: an unjudged item gains nothing, b lies behind the cut."""
    ideal = 3 + 2 / math.log2(3) + 1 / math.log2(4)
    assert ndcg(["c", "a", "x", "b"], GAINS, 3) == pytest.approx((3 / math.log2(3)) / ideal)


def test_ndcg_of_the_best_order_is_one():
    """The ideal order scores 1, also when fewer items are judged than ranks asked for."""
    assert ndcg(["a", "b", "d"], GAINS, 10) == pytest.approx(1.0)


def test_measures_without_anything_relevant():
    """Without a gain there is nothing to rank well: nDCG and recall are None, the reciprocal rank is 0."""
    nothing = {"a": 0.0}
    assert ndcg(["a"], nothing, 10) is None
    assert recall(["a"], nothing, 10) is None
    assert reciprocal_rank(["a"], nothing) == 0.0


def test_recall_and_reciprocal_rank_by_hand():
    """Two of three relevant items are in the first four; the first one stands at rank 2."""
    ranking = ["c", "d", "x", "a", "b"]
    assert recall(ranking, GAINS, 4) == pytest.approx(2 / 3)
    assert reciprocal_rank(ranking, GAINS) == 0.5


@pytest.fixture
def write(tmp_path):
    """Return a function that writes a CSV file."""

    def write_lines(*lines: str, name: str = "qrels.csv"):
        path = tmp_path / name
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return path

    return write_lines


@pytest.mark.parametrize(
    ("scheme", "labels", "gains"),
    [
        ("esci", ["E", "s", " C ", "I"], [1.0, 0.1, 0.01, 0.0]),
        ("linear", ["3", "0.5", "0", "-1"], [3.0, 0.5, 0.0, -1.0]),
        ("binary", ["3", "0.5", "0", "-1"], [1.0, 1.0, 0.0, 0.0]),
    ],
)
def test_gain_schemes(write, scheme, labels, gains):
    """Each scheme gives a label its published worth."""
    rows = [f"shoes,p{n},{label}" for n, label in enumerate(labels)]
    (query,) = read_judgments(write("query,product_id,label", *rows), scheme)
    assert (query.id, query.text) == ("shoes", "shoes")
    assert list(query.gains.values()) == gains


def test_judgments_are_grouped_by_id(write):
    """Rows of one query_id are one query, also when two queries have the same words; `rating` stands for `label`."""
    path = write("query_id,query,product_id,rating", "1,shoes,a,1", "2,shoes,b,1", "1,shoes,c,0")
    first, second = read_judgments(path, "linear")
    assert (first.gains, second.gains) == ({"a": 1.0, "c": 0.0}, {"b": 1.0})


@pytest.mark.parametrize(
    ("lines", "line"),
    [
        (["query,product_id,label", "shoes,a,E", "shoes,b,X"], "line 3"),
        (["query,product,label", "shoes,a,E"], "line 2"),
        (["query,product_id,grade", "shoes,a,E"], "line 2"),
        (["query,product_id,label", "shoes,a"], "line 2"),
    ],
)
def test_bad_lines_are_named(write, lines, line):
    """An unknown label, a missing column and a short row are refused with the line they stand in."""
    with pytest.raises(JudgmentError, match=line):
        read_judgments(write(*lines), "esci")


def test_gzipped_sentences(tmp_path):
    """Labelled sentences are read from gzipped CSV, commas inside of quotes included."""
    path = tmp_path / "intents.csv.gz"
    with gzip.open(path, "wt", encoding="utf-8") as stream:
        stream.write('text,intent,language\n"红色的，便宜点",SEARCH,zh\nhello,CHITCHAT,en\n')
    assert read_sentences(path) == [
        Sentence("红色的，便宜点", "SEARCH", "zh"),
        Sentence("hello", "CHITCHAT", "en"),
    ]


def test_mean_and_standard_error_by_hand():
    """1, 2, 3, 4 have mean 2.5 and standard error √(5/3)/2; one value has no error."""
    found = mean([1, 2, 3, 4])
    assert (found.mean, found.n) == (2.5, 4)
    assert found.standard_error == pytest.approx(math.sqrt(5 / 3) / 2)
    assert mean([7]).standard_error == 0.0


def test_comparison_of_a_clear_difference():
    """Better on all of 12 queries by the same amount: only 2 of 4096 sign patterns are as extreme."""
    first = {str(n): 0.0 for n in range(12)} | {"only here": 1.0}
    second = {str(n): 0.1 for n in range(12)} | {"only there": 1.0}
    found = compare(first, second)
    assert (found.better, found.worse, found.difference.n) == (12, 0, 12)
    assert found.difference.mean == pytest.approx(0.1)
    assert found.p_value == pytest.approx(2 / 4096, abs=8e-4)


def test_comparison_of_no_difference():
    """As much better as worse: every sign pattern is as extreme, so p is 1."""
    found = compare({"a": 0.0, "b": 0.2}, {"a": 0.2, "b": 0.0})
    assert (found.p_value, found.better, found.worse) == (1.0, 1, 1)


def test_comparison_needs_common_queries():
    """Two runs over different queries cannot be compared."""
    with pytest.raises(ValueError, match="no query in common"):
        compare({"a": 1.0}, {"b": 1.0})


def test_calibration_error_by_hand():
    """Two bins: three at 0.95 of which two are right, one at 0.15 that is wrong; 1.0 belongs to the last bin."""
    right = np.array([True, True, False, False])
    confidence = np.array([0.95, 0.95, 0.95, 0.15])
    assert calibration_error(right, confidence) == pytest.approx(0.75 * abs(2 / 3 - 0.95) + 0.25 * 0.15)
    assert calibration_error(np.array([True]), np.array([1.0])) == 0.0


def test_intent_measures_by_hand():
    """Accuracy, macro-F1 over the true labels, OOS AUROC, and the same for each language."""
    sentences = [
        Sentence("a", "SEARCH", "en"),
        Sentence("b", "SEARCH", "en"),
        Sentence("c", "GIFT", "zh"),
        Sentence("d", "OUT_OF_SCOPE", "zh"),
    ]
    predictions = [
        Prediction("SEARCH", 0.9, 0.1),
        Prediction("GIFT", 0.6, 0.2),
        Prediction("GIFT", 0.8, 0.3),
        Prediction("OUT_OF_SCOPE", 0.7, 0.7),
    ]
    found = measure(sentences, predictions)
    assert found["all"]["accuracy"] == 0.75
    assert found["all"]["macro_f1"] == pytest.approx((2 / 3 + 2 / 3 + 1) / 3)
    assert found["all"]["oos_auroc"] == 1.0
    assert found["all"]["ece"] == pytest.approx(0.25 * (0.1 + 0.6 + 0.2 + 0.3))
    assert (found["en"]["accuracy"], found["zh"]["accuracy"]) == (0.5, 1.0)
    assert "oos_auroc" not in found["en"]


def test_length_leaves_out_tables_and_citations():
    """English counts words, Chinese counts characters without spaces."""
    assert length_of("Two good words [1].\n| a | b |\n|---|---|\n| 1 | 2 |\n", "en") == 3
    assert length_of("首选 声谷 [1]。", "zh") == 5
    assert [within_bounds(n, "en") for n in (39, 40, 120, 121)] == [False, True, True, False]
    assert [within_bounds(n, "zh") for n in (59, 60, 180, 181)] == [False, True, True, False]
