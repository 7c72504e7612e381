"""Cutting a finished text into the statements that are checked one by one, with their places."""

import re

_END = re.compile(
    r"(?:[。！？]+|[.!?]+(?=[\s”\"')]|$))[”」』）\"')]*(?:\s*\[\d+\])*|\n{2,}|\n(?!\|)|(?<!\|)\n(?=\|)"
)
_ABBREVIATION = re.compile(
    r"(?:\b(?:e\.g|i\.e|etc|vs|No|Mr|Mrs|Dr|approx|incl|max|min|Inc|Ltd|Co)|\b[A-Z])\.$"
)


def statements(text: str) -> list[tuple[int, int]]:
    """The start and end, in characters, of every statement: a sentence with the citations after it, or a table."""
    spans: list[tuple[int, int]] = []
    start = 0
    for found in _END.finditer(text):
        inside = _inside_quotes(text[start : found.end()]) or _inside_table(
            text, found.start(), found.group()
        )
        if inside or _ABBREVIATION.search(text[start : found.end()].rstrip()):
            continue
        spans.append((start, found.end()))
        start = found.end()
    return [trimmed for span in [*spans, (start, len(text))] if (trimmed := _trimmed(text, *span))]


def _inside_quotes(piece: str) -> bool:
    return piece.count("“") > piece.count("”")


def _inside_table(text: str, at: int, boundary: str) -> bool:
    line = text[text.rfind("\n", 0, at) + 1 : at]
    return line.lstrip().startswith("|") and not boundary.startswith("\n")


def _trimmed(text: str, start: int, end: int) -> tuple[int, int] | None:
    piece = text[start:end]
    if not piece.strip():
        return None
    return start + len(piece) - len(piece.lstrip()), end - (len(piece) - len(piece.rstrip()))
