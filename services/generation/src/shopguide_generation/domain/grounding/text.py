"""Folding of text for comparison, and bookkeeping of which parts of a statement are accounted for."""

import re
import unicodedata
from collections.abc import Iterator

_SAME = str.maketrans(
    {
        "’": "'",
        "‘": "'",
        "–": "-",
        "—": "-",
        "‑": "-",
        "\u00a0": " ",
        "“": '"',
        "”": '"',
        "「": '"',
        "」": '"',
    }
)


_HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_TOKEN = re.compile(rf"[{_HAN}]+|[^\W{_HAN}](?:[^\W{_HAN}]|['.+-](?=\w))*|[^\w\s]|_")
_NUMBER_GOES_ON = re.compile(r"\d[.,]\d")
_NUMBER_WENT_ON = re.compile(r"\d[.,]\d$")
_PUNCTUATION = ",.;:!?()\"'-/|、。，；：！？（）…·[]"


def fold(text: str) -> str:
    """NFKC, lower case, one kind of quote and dash, single spaces. Comparable, and cut at the same places everywhere."""
    plain = unicodedata.normalize("NFKC", text.replace("，", "、")).translate(_SAME)
    lowered = "".join(c.lower() if len(c.lower()) == 1 else c for c in plain)
    return re.sub(r"\s+", " ", lowered).strip()


def is_han(character: str) -> bool:
    """True for a CJK ideograph."""
    return (
        "\u3400" <= character <= "\u9fff"
        or "\uf900" <= character <= "\ufaff"
        or "\U00020000" <= character <= "\U000323af"
    )


class Coverage:
    """Which characters of a folded statement are accounted for."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._taken = bytearray(len(text))

    def take(self, start: int, end: int) -> None:
        """Mark `[start, end)` as accounted for."""
        self._taken[start:end] = b"\x01" * (end - start)

    def free(self, start: int, end: int) -> bool:
        """True when nothing in `[start, end)` is accounted for yet."""
        return not any(self._taken[start:end])

    def find(self, piece: str) -> Iterator[tuple[int, int]]:
        """Each free place where `piece` stands, at word boundaries where it begins or ends in Latin letters or digits."""
        if not piece:
            return
        at = self.text.find(piece)
        while at >= 0:
            end = at + len(piece)
            if self.free(at, end) and self.bounded(at, end):
                yield at, end
            at = self.text.find(piece, at + 1)

    def bounded(self, start: int, end: int) -> bool:
        """True when a piece does not begin or end inside a Latin word or a number."""
        before = self.text[start - 1] if start else " "
        after = self.text[end] if end < len(self.text) else " "
        if _joins(before, self.text[start]) or _joins(self.text[end - 1], after):
            return False
        return not (
            _NUMBER_GOES_ON.match(self.text, end - 1) or _NUMBER_WENT_ON.search(self.text[: start + 1])
        )

    def remaining(self) -> Iterator[tuple[int, int]]:
        """Each stretch that is not accounted for: of one Latin word, of one run of Han characters, or one symbol."""
        for token in _TOKEN.finditer(self.text):
            for start, end in self._gaps(*token.span()):
                if self.text[start:end].strip(_PUNCTUATION):
                    yield start, end

    def _gaps(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        at = start
        while at < end:
            if self._taken[at]:
                at += 1
                continue
            stop = at
            while stop < end and not self._taken[stop]:
                stop += 1
            yield at, stop
            at = stop


def _joins(left: str, right: str) -> bool:
    return left.isalnum() and right.isalnum() and not is_han(left) and not is_han(right)
