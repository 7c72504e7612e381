"""Cuts an answer into sentences, clauses and table cells, each with its place in the text."""

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass

CITATION = re.compile(r"\[(\d+)\]")
_OPENING, _CLOSING = "“「『《（(", "”」』》）)"
_END = re.compile(r"[。！？!?]|\.(?=\s|$|[”\"])")
_TAIL = re.compile(r"[”\"」』）)]*(?:\s*\[\d+\])*")
_CLAUSE = re.compile(r"[，；;：:、（）()—–]|,(?!\d{3})|(?<=\s)-(?=\s)")
_ROW = re.compile(r"^\s*\|.*\|\s*$")


@dataclass(frozen=True)
class Span:
    """A stretch of the text."""

    start: int
    """Where it begins."""
    end: int
    """Where it ends."""

    def holds(self, start: int, end: int) -> bool:
        """Return whether a stretch lies in this one."""
        return self.start <= start and end <= self.end


def without_citations(text: str) -> str:
    """Return the text with every `[n]` blanked, so that nothing moves and no number is left of it."""
    return CITATION.sub(lambda m: " " * len(m.group()), text)


def prose(text: str) -> Iterator[Span]:
    """Yield the sentences outside of tables; a quotation stays in one piece, a citation stays with its sentence."""
    for line in _lines(text):
        if not _ROW.match(text[line.start : line.end]):
            yield from _sentences(text, line)


def tables(text: str) -> Iterator[list[Span]]:
    """Yield the rows of each Markdown table, the header first; rules of dashes are left out."""
    rows: list[Span] = []
    for line in _lines(text):
        content = text[line.start : line.end]
        if not _ROW.match(content):
            if rows:
                yield rows
            rows = []
        elif set(content) - set("|-: \t"):
            rows.append(line)
    if rows:
        yield rows


def cells(text: str, row: Span) -> list[Span]:
    """Return the cells of a row."""
    bars = [row.start + m.start() for m in re.finditer(r"\|", text[row.start : row.end])]
    return [Span(a + 1, b) for a, b in itertools.pairwise(bars)]


def clauses(text: str, sentence: Span) -> list[Span]:
    """Return the clauses of a sentence; a comma inside of a number does not part it."""
    cuts = [sentence.start + m.start() for m in _CLAUSE.finditer(text[sentence.start : sentence.end])]
    edges = [sentence.start, *(cut + 1 for cut in cuts), sentence.end]
    return [Span(a, b) for a, b in itertools.pairwise(edges) if b > a]


def _lines(text: str) -> Iterator[Span]:
    start = 0
    for line in text.splitlines(keepends=True):
        yield Span(start, start + len(line.rstrip("\r\n")))
        start += len(line)


def _sentences(text: str, line: Span) -> Iterator[Span]:
    start, position = line.start, line.start
    while position < line.end:
        found = _END.search(text, position, line.end)
        if found is None:
            break
        tail = _TAIL.match(text, found.end(), line.end)
        position = tail.end() if tail else found.end()
        if _depth(text[start:position]) > 0:
            continue
        yield Span(start, position)
        start = position
    if text[start : line.end].strip():
        yield Span(start, line.end)


def _depth(text: str) -> int:
    opened = sum(text.count(c) for c in _OPENING[:4]) - sum(text.count(c) for c in _CLOSING[:4])
    return max(0, opened)
