"""One message in two aligned forms: as shown, and folded for matching."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from shopguide_intent.domain.spans import Span
from shopguide_runtime.text import simplify

_SPACES = re.compile(r"\s+")
_QUOTES = str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"', "＄": "$", "￥": "¥", "–": "-", "—": "-"})


@dataclass(frozen=True, slots=True)
class Utterance:
    """A message ready for parsing; both texts have the same length, so a `Span` fits both."""

    shown: str
    """NFKC text with collapsed spaces, in the shopper's own case and script."""

    text: str
    """`shown` in lower case and simplified Chinese."""

    def words(self, span: Span) -> str:
        """The shopper's words at `span`."""
        return self.shown[span.start : span.end].strip()


def utterance(raw: str) -> Utterance:
    """Normalise a raw message."""
    shown = unicodedata.normalize("NFKC", raw.translate(_QUOTES)).translate(_QUOTES)
    shown = "".join(c if unicodedata.category(c)[0] != "C" else " " for c in shown)
    shown = _SPACES.sub(" ", shown).strip()
    return Utterance(shown, "".join(map(_fold, _same_length_simplified(shown))))


def _fold(char: str) -> str:
    low = char.lower()
    return low if len(low) == 1 else char


def _same_length_simplified(text: str) -> str:
    simple = simplify(text)
    return simple if len(simple) == len(text) else text
