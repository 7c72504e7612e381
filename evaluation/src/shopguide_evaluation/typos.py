"""Search with slips of the pen over the demo catalogue, against the same queries without.

58 hand-written queries and two generated from each text of the pairs of `crossing`: a letter left out, doubled, swapped
or hit beside in a Latin word, or a space inside a Chinese one.
"""

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from shopguide_evaluation.crossing import LANGUAGES, Language, Pair, read_data, score_text
from shopguide_evaluation.statistics import mean

if TYPE_CHECKING:
    from shopguide_evaluation.connection import Retrieval

EACH = 2
"""Slips generated for each text."""
_LONG = re.compile(r"[a-z]{5,}")
_HAN = re.compile("[\u4e00-\u9fff]{2,}")
_BESIDE = dict(zip("qwertyuiopasdfghjklzxcvbnm", "wqewrtyuiospadfghjkxzcvbnl", strict=True))


@dataclass(frozen=True)
class Slip:
    """A query with a slip and the pair it belongs to."""

    pair: Pair
    language: Language
    typed: str
    written: bool
    """By hand rather than generated."""


def slips(pairs: Sequence[Pair], seed: int) -> list[Slip]:
    """Return the hand-written and the generated slips; the same seed gives the same."""
    by_id = {pair.id: pair for pair in pairs}
    written = [_slip(by_id[row["id"]], row["typed"]) for row in read_data("typos.jsonl")]
    return [*written, *_generated(pairs, random.Random(seed))]


async def run(stub: "Retrieval", catalog: str, pairs: Sequence[Pair], seed: int) -> dict[str, Any]:
    """Return nDCG@10 of clean and of slipped queries, and their ratio, hand-written and generated apart."""
    clean = {
        (pair.id, language): await score_text(
            stub, catalog, pair.text[language], language, pair.grades[language]
        )
        for pair in pairs
        for language in LANGUAGES
    }
    rows = []
    for slip in slips(pairs, seed):
        grades = slip.pair.grades[slip.language]
        score = await score_text(stub, catalog, slip.typed, slip.language, grades)
        rows.append((slip, clean[slip.pair.id, slip.language], score))
    kinds = {
        "written": [r for r in rows if r[0].written],
        "generated": [r for r in rows if not r[0].written],
        "all": rows,
    }
    worst = sorted(rows, key=lambda row: row[2] - row[1])[:20]
    return {
        **{name: _summary([(c, s) for _, c, s in found]) for name, found in kinds.items()},
        "worst": [
            {"typed": slip.typed, "clean": round(c, 3), "slipped": round(s, 3)} for slip, c, s in worst
        ],
    }


def _summary(scores: Sequence[tuple[float, float]]) -> dict[str, float]:
    before, after = mean([c for c, _ in scores]), mean([s for _, s in scores])
    return {
        "queries": before.n,
        "clean": round(before.mean, 4),
        "slipped": round(after.mean, 4),
        "standard_error": round(mean([s - c for c, s in scores]).standard_error, 4),
        "ratio": round(after.mean / before.mean, 4),
    }


def _slip(pair: Pair, typed: str) -> Slip:
    return Slip(
        pair, "zh" if _HAN.search(pair.text["zh"]) and not typed.isascii() else "en", typed, written=True
    )


def _generated(pairs: Sequence[Pair], chance: random.Random) -> Iterator[Slip]:
    for pair in pairs:
        for language in LANGUAGES:
            for _ in range(EACH):
                text = pair.text[language]
                words = list((_LONG if language == "en" else _HAN).finditer(text))
                word = chance.choice(words)
                broken = _misspelled(word[0], chance) if language == "en" else _spaced(word[0], chance)
                typed = text[: word.start()] + broken + text[word.end() :]
                yield Slip(pair, language, typed, written=False)


def _misspelled(word: str, chance: random.Random) -> str:
    """Return a word with one slip after its first letter, which few people miss."""
    at = chance.randrange(1, len(word) - 1)
    made = {
        "left out": word[:at] + word[at + 1 :],
        "doubled": word[: at + 1] + word[at:],
        "swapped": word[:at] + word[at + 1] + word[at] + word[at + 2 :],
        "beside": word[:at] + _BESIDE[word[at]] + word[at + 1 :],
    }
    return made[chance.choice(sorted(made))]


def _spaced(word: str, chance: random.Random) -> str:
    at = chance.randrange(1, len(word))
    return f"{word[:at]} {word[at:]}"
