"""The whole run: corpus, embeddings, fits, judging, files."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy.special import softmax

from shopguide_training.intents import corpus
from shopguide_training.intents.corpus import Example
from shopguide_training.intents.embedding import embed
from shopguide_training.intents.fitting import Fit, Floats, fit
from shopguide_training.intents.metrics import Scores, judge, separation
from shopguide_training.intents.public import PublicScore, judge_publicly
from shopguide_training.intents.report import write_report

_FEELING_STRIDE = 3
"""Every third request joins the sentiment corpus, so that neutral does not drown the other two."""

OUT_OF_SCOPE = corpus.INTENTS.index("OUT_OF_SCOPE")


@dataclass(frozen=True, slots=True)
class TrainingPlan:
    """What to train on and where to put it."""

    encoder: str
    data: Path
    output: Path
    report: Path
    cache: Path
    per_intent: int
    seed: int


@dataclass(frozen=True, slots=True)
class Judgement:
    """Figures of one head on the held-out set in one language."""

    head: str
    language: str
    scores: Scores
    out_of_scope_auroc: float


@dataclass(frozen=True, slots=True)
class Training:
    """The outcome of a run."""

    fits: dict[str, Fit]
    judgements: list[Judgement]
    public: list[PublicScore]
    corpus_digest: str
    corpus_size: int
    fingerprint: str
    seconds: float


async def train(plan: TrainingPlan) -> Training:
    """Train all heads, judge them, write `heads.npz`, `heads.json` and the report."""
    started = time.monotonic()
    intents = corpus.intent_examples(plan.data, plan.per_intent, plan.seed)
    stated = corpus.sentiment_examples(plan.data, plan.per_intent, plan.seed)
    vectors, fingerprint = await embed(plan.encoder, _texts(intents), plan.cache)
    stated_vectors, _ = await embed(plan.encoder, _texts(stated), plan.cache)
    felt = [i for i, e in enumerate(intents) if corpus.with_feelings([e])][::_FEELING_STRIDE]
    feelings = [*stated, *corpus.with_feelings(intents[i] for i in felt)]
    feeling_vectors = np.concatenate([stated_vectors, vectors[felt]])
    fits = {
        "intent": _fit(vectors, intents, corpus.INTENTS, plan.seed, texts=True),
        "offline_intent": _fit(None, intents, corpus.INTENTS, plan.seed, texts=True),
        "sentiment": _fit(feeling_vectors, feelings, corpus.SENTIMENTS, plan.seed, texts=False),
    }
    judgements = await _judge(plan, fits)
    public = await judge_publicly(plan.encoder, plan.cache, fits, plan.data)
    seconds = time.monotonic() - started
    outcome = Training(fits, judgements, public, corpus.digest(intents), len(intents), fingerprint, seconds)
    write_heads(outcome, plan)
    write_report(outcome, plan.report)
    return outcome


def write_heads(outcome: Training, plan: TrainingPlan) -> None:
    """Write the weights and the card that names what they need."""
    plan.output.mkdir(parents=True, exist_ok=True)
    dimension = next(f.dense.shape[0] for f in outcome.fits.values() if f.dense is not None)
    np.savez_compressed(plan.output / "heads.npz", **_arrays(outcome.fits))
    labels = {"intent": corpus.INTENTS, "offline_intent": corpus.INTENTS, "sentiment": corpus.SENTIMENTS}
    card = {
        "version": f"intent-heads@{outcome.corpus_digest[:6]}",
        "encoder_fingerprint": outcome.fingerprint,
        "dimension": dimension,
        "corpus": {"digest": outcome.corpus_digest, "sentences": outcome.corpus_size, "seed": plan.seed},
        "made_by": "python -m shopguide_training.intents",
    }
    for name, result in outcome.fits.items():
        card[name] = {"labels": labels[name], "temperature": result.temperature, "strength": result.strength}
    card["judged"] = [asdict(j) for j in outcome.judgements]
    text = json.dumps(card, ensure_ascii=False, indent=1)
    (plan.output / "heads.json").write_text(text + "\n", encoding="utf-8")


def _arrays(fits: dict[str, Fit]) -> dict[str, npt.NDArray[np.float16] | Floats]:
    arrays: dict[str, npt.NDArray[np.float16] | Floats] = {}
    for name, result in fits.items():
        arrays[f"{name}_bias"] = result.bias
        if result.dense is not None:
            arrays[f"{name}_dense"] = result.dense
        if result.sparse is not None:
            arrays[f"{name}_sparse"] = result.sparse.astype(np.float16)
    return arrays


def _fit(
    vectors: Floats | None, examples: Sequence[Example], labels: Sequence[str], seed: int, *, texts: bool
) -> Fit:
    groups = [example.group for example in examples]
    return fit(vectors, _texts(examples) if texts else None, _indices(examples, labels), groups, seed)


async def _judge(plan: TrainingPlan, fits: dict[str, Fit]) -> list[Judgement]:
    """Both intent heads on the held-out set, by language."""
    examples = corpus.written_examples(plan.data, "held_out")
    vectors, _ = await embed(plan.encoder, _texts(examples), plan.cache)
    truth = _indices(examples, corpus.INTENTS)
    found = []
    for head in ("intent", "offline_intent"):
        probabilities = softmax(fits[head].logits(vectors, _texts(examples)), axis=1)
        for language in corpus.LANGUAGES:
            rows = np.array([example.language == language for example in examples])
            outside = truth[rows] == OUT_OF_SCOPE
            score = probabilities[rows][:, OUT_OF_SCOPE]
            auroc = separation(score[~outside], score[outside])
            found.append(Judgement(head, language, judge(probabilities[rows], truth[rows]), auroc))
    return found


def _texts(examples: Sequence[Example]) -> list[str]:
    return [example.text for example in examples]


def _indices(examples: Sequence[Example], labels: Sequence[str]) -> npt.NDArray[np.int64]:
    places = {label: place for place, label in enumerate(labels)}
    return np.array([places[example.label] for example in examples], np.int64)
