"""Places in a message, and who has already explained them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Half-open range of character positions in one `Utterance`."""

    start: int
    end: int

    def overlaps(self, other: Span) -> bool:
        """Whether the two ranges share a character."""
        return self.start < other.end and other.start < self.end

    def __len__(self) -> int:
        return self.end - self.start


@dataclass(slots=True)
class Claims:
    """The parts of a message that a parser has explained; no part is explained twice."""

    spans: list[Span] = field(default_factory=list)

    def free(self, span: Span) -> bool:
        """Whether no claimed range overlaps `span`."""
        return not any(span.overlaps(other) for other in self.spans)

    def claim(self, span: Span) -> bool:
        """Take `span` if it is free; return whether it was."""
        if not self.free(span):
            return False
        self.spans.append(span)
        return True


def cut(text: str, spans: Iterable[Span], filler: str = " ") -> str:
    """`text` with every span replaced by `filler` and runs of spaces collapsed."""
    pieces: list[str] = []
    at = 0
    for span in sorted(spans):
        if span.start < at:
            at = max(at, span.end)
            continue
        pieces.extend((text[at : span.start], filler))
        at = span.end
    pieces.append(text[at:])
    return " ".join("".join(pieces).split())


def mask(text: str, spans: Iterable[Span]) -> str:
    """`text` of the same length with every span blanked, so that positions stay valid."""
    chars = list(text)
    for span in spans:
        chars[span.start : span.end] = "\n" * (min(span.end, len(chars)) - span.start)
    return "".join(chars)
