"""The bilingual corpus: sentences sampled from hand-written patterns, and a hand-written held-out set."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

from shopguide_training.intents.patterns import Pattern, Slots, read_patterns, read_slots

LANGUAGES = ("zh", "en")
INTENTS = (
    "SEARCH",
    "RECOMMEND",
    "SIMILAR",
    "BUNDLE",
    "COMPARE",
    "PRODUCT_QUESTION",
    "SHOP_QUESTION",
    "DEAL",
    "GIFT",
    "COMPLAINT",
    "REVIEWS",
    "CHITCHAT",
    "OUT_OF_SCOPE",
)
SENTIMENTS = ("negative", "neutral", "positive")
_NEUTRAL_INTENTS = (
    "SEARCH",
    "RECOMMEND",
    "SIMILAR",
    "BUNDLE",
    "COMPARE",
    "PRODUCT_QUESTION",
    "SHOP_QUESTION",
    "OUT_OF_SCOPE",
)
_TYPO_SHARE = 0.08


@dataclass(frozen=True, slots=True)
class Example:
    """A sentence with its label; `group` is the pattern it came from."""

    language: str
    label: str
    text: str
    group: str


def intent_examples(data: Path, per_intent: int, seed: int) -> list[Example]:
    """About `per_intent` sentences for every intent and language, and all of the set `written`.

    None of them is in the held-out set.
    """
    held_out = {example.text for example in written_examples(data, "held_out")}
    found = _examples(data / "intents" / "patterns", data / "intents" / "slots", INTENTS, per_intent, seed)
    corpus = [*found, *written_examples(data, "written")]
    return [example for example in corpus if example.text not in held_out]


def sentiment_examples(data: Path, per_label: int, seed: int) -> list[Example]:
    """About `per_label` sentences for every sentiment and language, none twice."""
    return list(_examples(data / "sentiment", data / "intents" / "slots", SENTIMENTS, per_label, seed))


def with_feelings(intents: Iterable[Example]) -> list[Example]:
    """Sentences of intents as sentiment examples: complaints are negative, most requests neutral."""
    labels = {"COMPLAINT": "negative"} | dict.fromkeys(_NEUTRAL_INTENTS, "neutral")
    return [replace(e, label=labels[e.label]) for e in intents if e.label in labels]


def written_examples(data: Path, name: str) -> list[Example]:
    """Sentences written one by one: `written`, which is trained on, or `held_out`, which only judges."""
    with (data / "intents" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return [
            Example(row["language"], row["intent"], row["text"], row["text"]) for row in csv.DictReader(file)
        ]


def digest(examples: Iterable[Example]) -> str:
    """Identifier of a corpus: 12 hexadecimal digits."""
    text = "\n".join(f"{e.language}\t{e.label}\t{e.text}" for e in examples)
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _examples(folder: Path, slots: Path, labels: Iterable[str], count: int, seed: int) -> Iterator[Example]:
    for language in LANGUAGES:
        words = read_slots(slots / f"{language}.toml")
        for label in labels:
            rng = Random(f"{seed}/{language}/{label}")
            patterns = read_patterns(folder / language / f"{label}.txt")
            for pattern, text in _sentences(patterns, words, count, rng):
                yield Example(language, label, text, f"{label}/{pattern.text}")


def _sentences(
    patterns: list[Pattern], slots: Slots, count: int, rng: Random
) -> Iterator[tuple[Pattern, str]]:
    """Sentences of every pattern in turn until `count` are found or three rounds bring nothing new."""
    seen: set[str] = set()
    barren = 0
    while len(seen) < count and barren < 3 * len(patterns):
        for pattern in patterns:
            text = _noisy(pattern.sample(rng, slots), rng)
            barren = barren + 1 if text in seen else 0
            if text and text not in seen:
                seen.add(text)
                yield pattern, text


def _noisy(text: str, rng: Random) -> str:
    """Now and then what fingers do: a lost or doubled letter, lost punctuation, another case."""
    if rng.random() < _TYPO_SHARE and text.isascii():
        text = _mistyped(text, rng)
    if rng.random() < _TYPO_SHARE:
        text = text.rstrip("？?。.!！") + rng.choice(
            ("?", "？", "。", "!", "~", "") if not text.isascii() else ("?", ".", "!", "")
        )
    if rng.random() < 2 * _TYPO_SHARE:
        text = text[:1].upper() + text[1:]
    return text


def _mistyped(text: str, rng: Random) -> str:
    letters = [i for i, char in enumerate(text) if char.isalpha() and i > 0]
    if not letters:
        return text
    at = rng.choice(letters)
    return rng.choice((text[:at] + text[at + 1 :], text[:at] + text[at] + text[at:]))
