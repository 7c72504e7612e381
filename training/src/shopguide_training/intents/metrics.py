"""How heads are judged: accuracy, macro-F1, calibration error, separation of out-of-scope messages."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from sklearn.metrics import f1_score, roc_auc_score

Floats = npt.NDArray[np.float32]
_BINS = 15


@dataclass(frozen=True, slots=True)
class Scores:
    """Figures over one set."""

    count: int
    accuracy: float
    macro_f1: float
    calibration_error: float
    """Expected calibration error over 15 bins of equal width."""


def judge(probabilities: Floats, truth: npt.NDArray[np.int64]) -> Scores:
    """Scores of probabilities [n, labels] against label indices [n]."""
    guess = probabilities.argmax(axis=1)
    return Scores(
        count=len(truth),
        accuracy=float((guess == truth).mean()),
        macro_f1=float(f1_score(truth, guess, average="macro")),
        calibration_error=calibration_error(probabilities.max(axis=1), guess == truth),
    )


def calibration_error(confidence: Floats, correct: npt.NDArray[np.bool_]) -> float:
    """Mean gap between confidence and accuracy, weighted by the size of each bin."""
    bins = np.minimum((confidence * _BINS).astype(int), _BINS - 1)
    gaps = [
        abs(confidence[bins == b].mean() - correct[bins == b].mean()) * (bins == b).mean()
        for b in range(_BINS)
        if (bins == b).any()
    ]
    return float(sum(gaps))


def separation(scores_in: Floats, scores_out: Floats) -> float:
    """AUROC of telling `scores_out` (should be high) from `scores_in` (should be low)."""
    truth = np.r_[np.zeros(len(scores_in)), np.ones(len(scores_out))]
    return float(roc_auc_score(truth, np.r_[scores_in, scores_out]))
