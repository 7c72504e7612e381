"""The trained heads on a message: intent with calibrated probability, and sentiment."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

import numpy as np
import numpy.typing as npt

from shopguide_intent.domain.model import IntentScore
from shopguide_intent.domain.ngrams import BUCKETS, SparseVector, ngrams

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class LinearHead:
    """A multinomial logistic layer over an embedding, n-grams, or both, with a calibrated temperature."""

    labels: tuple[str, ...]
    dense: Floats | None
    """[dimension, labels]; None for a head that does without the encoder."""
    sparse: Floats | None
    """[buckets, labels]; None for a head that reads the embedding alone."""
    bias: Floats
    """[labels]."""
    temperature: float

    def probabilities(self, embedding: Floats | None, features: SparseVector) -> Floats:
        """Probabilities [labels] of one message."""
        logits = self.bias.astype(np.float32)
        if self.dense is not None and embedding is not None:
            logits = logits + embedding @ self.dense
        if self.sparse is not None:
            logits = logits + features.values @ self.sparse[features.indices]
        logits = logits / self.temperature
        shifted = np.exp(logits - logits.max())
        return np.asarray(shifted / shifted.sum(), np.float32)


@dataclass(frozen=True, slots=True)
class Heads:
    """All heads and what they were trained on."""

    intent: LinearHead
    """Reads embedding and n-grams."""
    offline_intent: LinearHead
    """Reads n-grams alone, for when the encoder is away; much less exact."""
    sentiment: LinearHead
    version: str
    encoder_fingerprint: str
    """Encoder whose embeddings the heads read; another one's mean nothing to them."""

    def intents(self, text: str, embedding: Floats | None) -> tuple[IntentScore, ...]:
        """Every intent with its probability, likeliest first; by n-grams alone without an embedding."""
        head = self.offline_intent if embedding is None else self.intent
        probabilities = head.probabilities(embedding, ngrams(text))
        order = np.argsort(-probabilities)
        return tuple(IntentScore(head.labels[i], float(probabilities[i])) for i in order)

    def sentiment_score(self, text: str, embedding: Floats | None) -> float:
        """How the shopper feels in [-1, 1]: probability of positive minus negative; 0 without an embedding."""
        if embedding is None:
            return 0.0
        probabilities = self.sentiment.probabilities(embedding, ngrams(text))
        by_label = dict(zip(self.sentiment.labels, probabilities, strict=True))
        return float(by_label["positive"] - by_label["negative"])


def load_heads(folder: Traversable | None = None) -> Heads:
    """Read `heads.npz` and its card `heads.json` from `folder`; the ones that ship with the service by default.

    Raises:
        ValueError: the two files do not belong together.
    """
    folder = folder or files("shopguide_intent") / "data"
    card = json.loads((folder / "heads.json").read_text(encoding="utf-8"))
    with (folder / "heads.npz").open("rb") as file, np.load(file, allow_pickle=False) as stored:
        arrays = {name: stored[name] for name in stored.files}
    return Heads(
        intent=_head("intent", card, arrays),
        offline_intent=_head("offline_intent", card, arrays),
        sentiment=_head("sentiment", card, arrays),
        version=card["version"],
        encoder_fingerprint=card["encoder_fingerprint"],
    )


def _head(name: str, card: Mapping[str, Any], arrays: Mapping[str, npt.NDArray[Any]]) -> LinearHead:
    labels = tuple(card[name]["labels"])
    dense = _matrix(arrays, f"{name}_dense", (card["dimension"], len(labels)))
    sparse = _matrix(arrays, f"{name}_sparse", (BUCKETS, len(labels)))
    bias = _matrix(arrays, f"{name}_bias", (len(labels),))
    if bias is None or (dense is None and sparse is None):
        msg = f"heads.npz has no weights for {name}"
        raise ValueError(msg)
    return LinearHead(labels, dense, sparse, bias, float(card[name]["temperature"]))


def _matrix(arrays: Mapping[str, npt.NDArray[Any]], name: str, shape: tuple[int, ...]) -> Floats | None:
    if name not in arrays:
        return None
    if arrays[name].shape != shape:
        msg = f"heads.npz and heads.json disagree on {name}: {arrays[name].shape}, expected {shape}"
        raise ValueError(msg)
    return arrays[name].astype(np.float32)
