r"""Reads text with labelled spans: `a [noise cancelling|attribute] [headset|product_type]`; `\[`, `\]`, `\|` are literal."""

import re
from collections.abc import Collection
from dataclasses import dataclass

_TOKEN = re.compile(r"\\[\[\]|\\]|[\[\]|]|[^\\\[\]|]+|\\")


class MarkupError(ValueError):
    """Marked text is malformed; the message says how."""


@dataclass(frozen=True)
class Span:
    """A labelled stretch of a text."""

    start: int
    """First byte of the span in the UTF-8 text."""
    end: int
    """Byte after the last one."""
    label: str
    """Label of the span."""
    text: str
    """The words."""


@dataclass(frozen=True)
class MarkedText:
    """A text and its spans."""

    text: str
    """The text without marks."""
    spans: tuple[Span, ...]
    """Spans in the order of the text; they do not overlap."""


@dataclass
class _Reader:
    """What has been read so far."""

    text: str = ""
    start: int | None = None
    label: str | None = None

    def add(self, words: str) -> None:
        """Append literal text, to the label when one is open."""
        if self.label is None:
            self.text += words
        else:
            self.label += words


def parse_markup(marked: str, labels: Collection[str]) -> MarkedText:
    """Return the plain text and its spans, offsets in UTF-8 bytes.

    Raises:
        MarkupError: A span is nested, empty, not closed or has no label of `labels`; a mark stands alone.
    """
    reader, spans = _Reader(), list[Span]()
    for token in _TOKEN.findall(marked):
        if token in ("[", "|", "]"):
            _mark(reader, spans, token, labels)
        else:
            reader.add(token[1:] if token.startswith("\\") and len(token) > 1 else token)
    if reader.start is not None:
        raise MarkupError("a span is not closed")
    return MarkedText(reader.text, tuple(spans))


def _mark(reader: _Reader, spans: list[Span], mark: str, labels: Collection[str]) -> None:
    """Open a span, start its label, or close it."""
    if mark == "[":
        if reader.start is not None:
            raise MarkupError("a span inside a span")
        reader.start = len(reader.text)
        return
    if reader.start is None or (mark == "|") != (reader.label is None):
        raise MarkupError(f"{mark!r} where it means nothing (write \\{mark})")
    if mark == "|":
        reader.label = ""
        return
    spans.append(_close(reader, reader.start, str(reader.label), labels))
    reader.start = reader.label = None


def _close(reader: _Reader, start: int, label: str, labels: Collection[str]) -> Span:
    """Return the span that ends where the text ends now."""
    words = reader.text[start:]
    if label not in labels:
        raise MarkupError(f"unknown label {label!r}")
    if not words.strip():
        raise MarkupError(f"an empty span of {label!r}")
    first = len(reader.text[:start].encode())
    return Span(first, first + len(words.encode()), label, words)
