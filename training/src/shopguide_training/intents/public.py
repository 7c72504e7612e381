"""Figures on public data, which is never trained on: sentiment of reviews, requests outside of shopping."""

from __future__ import annotations

import csv
import gzip
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

import numpy as np
from scipy.special import softmax

from shopguide_training.intents import corpus
from shopguide_training.intents.embedding import embed
from shopguide_training.intents.fitting import Fit
from shopguide_training.intents.metrics import separation

DATA = Path(os.environ.get("SHOPGUIDE_DATA", "../shared/data"))
_SAMPLE = 400
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class PublicScore:
    """An AUROC on a public set."""

    name: str
    count: int
    auroc: float


async def judge_publicly(encoder: str, cache: Path, fits: dict[str, Fit], data: Path) -> list[PublicScore]:
    """Scores on the sets that are present; none when there are none."""
    scores = []
    for name, reader in (
        ("zh_online_shopping_10_cats, sentiment", _zh_reviews),
        ("aste_v2, sentiment", _en_reviews),
    ):
        rows = list(reader())
        if rows:
            vectors, _ = await embed(encoder, [text for text, _ in rows], cache)
            probabilities = softmax(fits["sentiment"].logits(vectors, [text for text, _ in rows]), axis=1)
            score, positive = probabilities[:, 2] - probabilities[:, 0], np.array([p for _, p in rows])
            scores.append(PublicScore(name, len(rows), separation(score[~positive], score[positive])))
    return [*scores, *await _out_of_scope(encoder, cache, fits["intent"], data)]


async def _out_of_scope(encoder: str, cache: Path, head: Fit, data: Path) -> list[PublicScore]:
    """CLINC150's out-of-scope requests against our English held-out shopping messages."""
    outside = [row["text"] for row in _rows("clinc150/oos_val.csv.gz")]
    if not outside:
        return []
    inside = [
        e.text
        for e in corpus.written_examples(data, "held_out")
        if e.language == "en" and e.label not in ("OUT_OF_SCOPE", "CHITCHAT")
    ]
    vectors, _ = await embed(encoder, [*inside, *outside], cache)
    column = corpus.INTENTS.index("OUT_OF_SCOPE")
    scores = softmax(head.logits(vectors, [*inside, *outside]), axis=1)[:, column]
    auroc = separation(scores[: len(inside)], scores[len(inside) :])
    return [PublicScore("clinc150 out of scope against held-out shopping messages", len(scores), auroc)]


def _zh_reviews() -> Iterator[tuple[str, bool]]:
    rows = [
        (row["review"], row["label"] == "1") for row in _rows("zh_online_shopping_10_cats/reviews_dev.csv.gz")
    ]
    yield from _sample([(text, positive) for text, positive in rows if 0 < len(text) <= _LONGEST])


def _en_reviews() -> Iterator[tuple[str, bool]]:
    found: list[tuple[str, bool] | None] = []
    for name in ("14lap_train", "15res_train"):
        path = DATA / "aste_v2" / f"{name}.txt.gz"
        if path.exists():
            with gzip.open(path, "rt", encoding="utf-8") as file:
                found.extend(_polar(line) for line in file if "####" in line)
    yield from _sample([row for row in found if row is not None])


def _polar(line: str) -> tuple[str, bool] | None:
    """Sentence and polarity when all its opinions agree."""
    text, triplets = line.split("####", 1)
    signs = {sign for sign in ("POS", "NEG", "NEU") if f"'{sign}'" in triplets}
    return (text, signs == {"POS"}) if signs in ({"POS"}, {"NEG"}) else None


def _rows(name: str) -> list[dict[str, str]]:
    path = DATA / name
    if not path.exists():
        return []
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _sample(rows: list[tuple[str, bool]]) -> list[tuple[str, bool]]:
    Random(7).shuffle(rows)
    return rows[:_SAMPLE]
