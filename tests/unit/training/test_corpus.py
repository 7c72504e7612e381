"""The corpus of the intent heads."""

from pathlib import Path
from random import Random

import pytest

from shopguide_training.intents.corpus import (
    INTENTS,
    LANGUAGES,
    digest,
    intent_examples,
    sentiment_examples,
    written_examples,
)
from shopguide_training.intents.patterns import Pattern, read_patterns, read_slots

DATA = Path(__file__).parents[3] / "training" / "data"


def test_a_pattern_lists_its_forms_and_fills_its_slots() -> None:
    """Choices multiply; slots take words from the list."""
    pattern = Pattern("(find|show) {product}( now|)")
    assert pattern.forms() == ["find {product} now", "find {product}", "show {product} now", "show {product}"]
    assert pattern.sample(Random(1), {"product": ["lamp"]}) in {
        form.format(product="lamp") for form in pattern.forms()
    }


@pytest.mark.parametrize("intent", INTENTS)
def test_every_intent_has_enough_distinct_forms(intent: str) -> None:
    """At least 250 forms over both languages and 50 in each."""
    counts = []
    for language in LANGUAGES:
        lines = read_patterns(DATA / "intents" / "patterns" / language / f"{intent}.txt")
        counts.append(len({form for line in lines for form in line.forms()}))
    assert sum(counts) >= 250
    assert min(counts) >= 50


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_slot_of_every_pattern_is_known(language: str) -> None:
    """Each line can be sampled."""
    slots = read_slots(DATA / "intents" / "slots" / f"{language}.toml")
    for folder in ("intents/patterns", "sentiment"):
        for path in sorted((DATA / folder / language).glob("*.txt")):
            for pattern in read_patterns(path):
                assert "{" not in pattern.sample(Random(0), slots), (path.name, pattern.text)


def test_the_corpus_repeats_exactly() -> None:
    """One seed, one corpus; another seed, another corpus."""
    assert digest(intent_examples(DATA, 30, 1)) == digest(intent_examples(DATA, 30, 1))
    assert digest(intent_examples(DATA, 30, 1)) != digest(intent_examples(DATA, 30, 2))


def test_judging_sentences_are_enough_and_never_trained_on() -> None:
    """Twenty-five a language and intent, none of them in the corpus."""
    written = written_examples(DATA, "held_out")
    for language in LANGUAGES:
        for intent in INTENTS:
            assert sum(e.language == language and e.label == intent for e in written) >= 25
    assert not {e.text for e in written} & {e.text for e in intent_examples(DATA, 100, 7)}


def test_sentiments_are_balanced() -> None:
    """Every sentiment has as many sentences as the others, within a tenth."""
    found = sentiment_examples(DATA, 100, 7)
    sizes = [sum(e.label == label for e in found) for label in ("negative", "neutral", "positive")]
    assert max(sizes) <= 1.15 * min(sizes)
