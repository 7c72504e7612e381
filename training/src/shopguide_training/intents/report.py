"""The report of a training run."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from shopguide_training.intents.training import Training

_HEADER = (
    "| head | language | sentences | accuracy | macro-F1 | ECE | AUROC out of scope |\n"
    "|---|---|---|---|---|---|---|"
)


def write_report(outcome: Training, path: Path) -> None:
    """Write the figures of a run with what is needed to repeat it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(_lines(outcome)) + "\n", encoding="utf-8")


def _lines(outcome: Training) -> Iterator[str]:
    yield "# Intent heads\n"
    yield f"{datetime.now(UTC):%Y-%m-%d}, {platform.machine()}, {os.cpu_count()} cores, {outcome.seconds:.0f} s."
    yield f"Encoder `{outcome.fingerprint}`; corpus `{outcome.corpus_digest}`, {outcome.corpus_size} sentences.\n"
    yield "    python -m shopguide_training.intents --encoder HOST:PORT\n"
    yield "`intent` reads the embedding and hashed character n-grams; `offline_intent` the n-grams alone (encoder away)."
    yield "The held-out set is hand-written, none of it made by the patterns; nothing was tuned on it.\n"
    yield _HEADER
    for row in outcome.judgements:
        s = row.scores
        values = (s.accuracy, s.macro_f1, s.calibration_error, row.out_of_scope_auroc)
        figures = " | ".join((str(s.count), *(f"{value:.3f}" for value in values)))
        yield f"| {row.head} | {row.language} | {figures} |"
    yield "\nPublic sets, for evaluation only (AUROC):\n"
    for score in outcome.public:
        yield f"- {score.name}: {score.auroc:.3f} over {score.count} texts"
    yield "\nAccuracy on patterns kept out of training (3 folds by pattern):\n"
    for name, result in outcome.fits.items():
        yield f"- {name}: {result.accuracy:.3f}, temperature {result.temperature:.2f}, strength {result.strength:g}"
