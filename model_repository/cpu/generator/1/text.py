"""From token ids to text while they arrive: whole characters only, and nothing of a stop text."""

from __future__ import annotations

from collections.abc import Sequence

from tokenizers import Tokenizer
from tokenizers.decoders import DecodeStream


class TextStream:
    """Decodes one generation step by step; the pieces it returns add up to the text before the stop text."""

    def __init__(
        self, tokenizer: Tokenizer, stop: Sequence[str], *, include_stop: bool, skip_special_tokens: bool
    ) -> None:
        self._tokenizer = tokenizer
        self._decoder = DecodeStream(skip_special_tokens=skip_special_tokens)
        self._stop = StopText(stop, include=include_stop)

    @property
    def stopped(self) -> bool:
        """Whether a stop text was found."""
        return self._stop.found

    def feed(self, ids: Sequence[int]) -> str:
        """Take new token ids and return the text that is now certain; empty while a character is incomplete."""
        return self._stop.feed("".join(self._decoder.step(self._tokenizer, token) or "" for token in ids))

    def finish(self) -> str:
        """Return the text held back because it might have begun a stop text."""
        return self._stop.finish()


class StopText:
    """Ends a text before the first of several stop texts, holding back what could be the beginning of one."""

    def __init__(self, stop: Sequence[str], *, include: bool = False) -> None:
        self._stop = tuple(stop)
        self._include = include
        self._hold = max((len(text) for text in stop), default=1) - 1
        self._pending = ""
        self.found = False

    def feed(self, text: str) -> str:
        """Take more text and return the part that can be shown."""
        if self.found:
            return ""
        self._pending += text
        end = self._first_match()
        if end is not None:
            self.found = True
            return self._release(end)
        return self._release(len(self._pending) - self._hold)

    def finish(self) -> str:
        """Return what is still held back; nothing after a stop text."""
        return "" if self.found else self._release(len(self._pending))

    def _first_match(self) -> int | None:
        matches = [(at, text) for text in self._stop if (at := self._pending.find(text)) >= 0]
        if not matches:
            return None
        at, text = min(matches)
        return at + len(text) if self._include else at

    def _release(self, count: int) -> str:
        count = max(count, 0)
        released, self._pending = self._pending[:count], self._pending[count:]
        return released
