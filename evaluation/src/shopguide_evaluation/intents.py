"""Scores intents through the intent service against labelled sentences."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import grpc.aio
import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import f1_score, roc_auc_score

from shopguide.intent.v1 import intent_service_pb2 as pb
from shopguide.intent.v1 import intent_service_pb2_grpc as pb_grpc
from shopguide_evaluation.files import read_csv

OUT_OF_SCOPE = "OUT_OF_SCOPE"
_BATCH = 32
_BINS = 10


@dataclass(frozen=True)
class Sentence:
    """A sentence and the intent that a person gave it."""

    text: str
    """What was said."""
    intent: str
    """Its label."""
    language: str = ""
    """`en` or `zh`; empty when not told."""


@dataclass(frozen=True)
class Prediction:
    """What the service said of a sentence."""

    intent: str
    """Most likely label."""
    confidence: float
    """Its probability."""
    out_of_scope: float
    """Probability of OUT_OF_SCOPE."""


def read_sentences(path: Path) -> list[Sentence]:
    """Return the sentences of a CSV file (`.gz` or not) with columns text, intent, maybe language."""
    return [Sentence(r["text"], r["intent"], r.get("language", "")) for _, r in read_csv(path)]


async def predict(address: str, sentences: Sequence[Sentence]) -> list[Prediction]:
    """Return the service's word on every sentence."""
    async with grpc.aio.insecure_channel(address) as channel:
        stub = pb_grpc.IntentServiceStub(channel)
        found: list[Prediction] = []
        for batch in _batches(sentences):
            requests = [pb.UnderstandRequest(text=s.text, min_confidence=0.0) for s in batch]
            response = await stub.BatchUnderstand(pb.BatchUnderstandRequest(requests=requests), timeout=60)
            found.extend(_prediction(r) for r in response.responses)
    return found


def _batches(sentences: Sequence[Sentence]) -> Iterator[Sequence[Sentence]]:
    for start in range(0, len(sentences), _BATCH):
        yield sentences[start : start + _BATCH]


def _prediction(response: pb.UnderstandResponse) -> Prediction:
    best = response.intents[0]
    outside = next((i.confidence for i in response.intents if i.label == OUT_OF_SCOPE), 0.0)
    return Prediction(best.label, best.confidence, outside)


def measure(sentences: Sequence[Sentence], predictions: Sequence[Prediction]) -> dict[str, Any]:
    """Return accuracy, macro-F1, OOS AUROC and ECE, over all and for each language."""
    found = {"all": _measure(sentences, predictions)}
    for language in sorted({s.language for s in sentences if s.language}):
        chosen = [i for i, s in enumerate(sentences) if s.language == language]
        found[language] = _measure([sentences[i] for i in chosen], [predictions[i] for i in chosen])
    return found


def _measure(sentences: Sequence[Sentence], predictions: Sequence[Prediction]) -> dict[str, float]:
    truth = np.array([s.intent for s in sentences])
    said = np.array([p.intent for p in predictions])
    outside = truth == OUT_OF_SCOPE
    measures = {
        "sentences": float(len(truth)),
        "accuracy": float((truth == said).mean()),
        "macro_f1": float(f1_score(truth, said, average="macro", labels=np.unique(truth))),
        "ece": calibration_error(truth == said, np.array([p.confidence for p in predictions])),
    }
    if outside.any() and not outside.all():
        scores = [p.out_of_scope for p in predictions]
        measures["oos_auroc"] = float(roc_auc_score(outside, scores))
    return measures


def calibration_error(right: NDArray[np.bool_], confidence: NDArray[np.float64]) -> float:
    """Return the expected calibration error over 10 equal bins of confidence (Guo et al., 2017)."""
    bins = np.minimum((confidence * _BINS).astype(int), _BINS - 1)
    gaps = [
        (bins == b).mean() * abs(right[bins == b].mean() - confidence[bins == b].mean())
        for b in range(_BINS)
        if (bins == b).any()
    ]
    return float(sum(gaps))
