"""The pattern language of the corpus: `(a|b|)` is a choice, `{slot}` a word from a list."""

from __future__ import annotations

import itertools
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

_CHOICE = re.compile(r"\(([^()]*\|[^()]*)\)")
_SLOT = re.compile(r"\{([a-z]+\d?)\}")
_SPACES = re.compile(r" {2,}")

Slots = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Pattern:
    """One hand-written line of the corpus."""

    text: str

    def forms(self) -> list[str]:
        """Every sentence form of the line: its choices made, its slots open."""
        pieces = _CHOICE.split(self.text)
        options = [piece.split("|") if i % 2 else [piece] for i, piece in enumerate(pieces)]
        return ["".join(form) for form in itertools.product(*options)]

    def sample(self, rng: Random, slots: Slots) -> str:
        """One sentence of the line.

        Raises:
            KeyError: the line names an unknown slot.
        """
        form = _CHOICE.sub(lambda match: rng.choice(match.group(1).split("|")), self.text)
        filled = _SLOT.sub(lambda match: rng.choice(slots[match.group(1)]), form)
        return _SPACES.sub(" ", filled).strip()


def read_patterns(path: Path) -> list[Pattern]:
    """The lines of a pattern file; empty lines do not count."""
    return [Pattern(line.strip()) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def read_slots(path: Path) -> dict[str, list[str]]:
    """The word lists of one language."""
    return tomllib.loads(path.read_text(encoding="utf-8"))
