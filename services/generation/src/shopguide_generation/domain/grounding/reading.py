"""A statement being checked: its folded text, whom each place is about, what is accounted for, what was found."""

import re
from decimal import Decimal

from shopguide_generation.domain.grounding.grounds import Grounds
from shopguide_generation.domain.grounding.mentions import Mentions
from shopguide_generation.domain.grounding.report import Claim, Finding, Reason
from shopguide_generation.domain.grounding.text import Coverage, fold
from shopguide_generation.domain.grounding.vocabulary import phrases

_LONG = {"en": 20, "zh": 6}
"""From this length on a set phrase is a clause of its own, read before anything inside it."""

_ASKED = re.compile(r"you asked|your|gave way|matters more|of the|您要的|放宽的是|更看重|预算")
_BREAK = re.compile(
    r",(?!\d)|[;:!?()、；：。！？（）]|\.(?!\d)|\b(?:but|though|while)\b|\band (?=its?\b)|不过|而且"
)


class Reading:
    """One statement and the state of its check. Rules take what they can account for and add claims or findings."""

    def __init__(self, statement: str, grounds: Grounds, language: str, focus: int | None = None) -> None:
        self.grounds = grounds
        self.language = language
        self.text = fold(statement)
        self.coverage = Coverage(self.text)
        self.claims: list[Claim] = []
        self.findings: list[Finding] = []
        self._quotes()
        self.mentions = Mentions(grounds, self.coverage, focus)
        self.findings += self.mentions.findings
        self._breaks = [0, *(m.end() for m in _BREAK.finditer(self.text)), len(self.text)]
        self.phrases: list[tuple[int, int]] = []
        self.label_places = self._find_labels()

    def _quotes(self) -> None:
        """Takes whole sentences quoted from running text before anything else is read in them."""
        self.quoted: list[tuple[int, int, frozenset[int]]] = []
        for piece, numbers in sorted(self.grounds.prose.items(), key=lambda item: -len(item[0])):
            for start, end in list(self.coverage.find(piece)):
                self.coverage.take(start, end)
                self.quoted.append((start, end, numbers))

    def _find_labels(self) -> list[tuple[int, int, frozenset[str]]]:
        """Every place where a label stands as a word of its own, with the keys it may mean."""
        found = []
        for word, keys in self.grounds.labels.items():
            at = self.text.find(word)
            while at >= 0:
                if self.coverage.bounded(at, at + len(word)):
                    found.append((at, at + len(word), keys))
                at = self.text.find(word, at + 1)
        return found

    def inside_label(self, start: int, end: int) -> bool:
        """True when a place is a part of a longer label."""
        return any(
            at <= start and end <= stop and stop - at > end - start for at, stop, _ in self.label_places
        )

    def chunk(self, at: int) -> tuple[int, int]:
        """The stretch between punctuation marks around position `at`."""
        start = max(b for b in self._breaks if b <= at)
        end = min((b for b in self._breaks if b > at), default=len(self.text))
        return start, end

    def around(self, at: int) -> str:
        """The text of the chunk around a position."""
        start, end = self.chunk(at)
        return self.text[start:end]

    def asked(self, at: int) -> bool:
        """True when the words around a position say that they repeat what the shopper asked."""
        return _ASKED.search(self.around(at)) is not None

    def take_phrases(self, *, longest: bool = False) -> None:
        """Takes set phrases that assert nothing, so that words inside them are not read as claims."""
        least = _LONG[self.language] if longest else 0
        for phrase in phrases(self.language):
            if len(phrase) < least:
                break
            for start, end in list(self.coverage.find(phrase)):
                self.coverage.take(start, end)
                self.phrases.append((start, end))

    def candidates(self, at: int) -> tuple[int, ...]:
        """Whom a claim at `at` may be about: the product there, and cited sources that are no products."""
        return (*self.mentions.subject(at), *self.mentions.support)

    def claim(self, kind: str, subject: int | None, key: str, value: str | Decimal, unit: str = "") -> None:
        """Record a claim that is borne out."""
        self.claims.append(Claim(kind, subject, key, value, unit))

    def find(self, start: int, end: int, reason: Reason) -> None:
        """Record a claim that is not borne out."""
        self.findings.append(Finding(self.text[start:end], reason))
