"""Text to index terms: one tokenizer for documents and queries, Chinese and English alike.

Steps: NFKC, lower case, traditional to simplified Chinese; Han runs yield jieba's words and their single
characters (titles are so short that words alone miss: nDCG@10 .750 for words, .875 with characters, on the Chinese
development queries of `benchmarks/results/retrieval-quality.md`); other words are stemmed (Snowball English) unless
they hold a digit.

Numbers and model names are what shoppers tell products apart by ("iPhone 16", "RTX 4090", "38码", "256GB",
"WH-1000XM5"), so digits are always kept: a model name yields its joined spelling and its parts, so that
"WH-1000XM5", "wh1000xm5" and "1000 XM5" meet. A quantity also yields its normal form (`domain.quantities`).
"""

import re
import threading
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache

import mmh3
import rjieba
import snowballstemmer

from shopguide_retrieval.domain.quantities import quantity_terms
from shopguide_runtime.text import simplify

HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f"
# A Han run, or a word whose inner joints (hyphen, dot, slash, plus, ampersand, apostrophe) belong to a model name or number.
_PIECE = re.compile(rf"[{HAN}]+|[^\W_{HAN}]+(?:[-./+&'’][^\W_{HAN}]+)*")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_JOINTS = re.compile(r"[-/+&'’]|\.(?!\d)|(?<!\d)\.")
_DECIMAL = re.compile(r"(\d+\.\d+)([^\W\d_]*)")
_RUNS = re.compile(r"\d+|[^\W\d_]+")
_IS_HAN = re.compile(rf"[{HAN}]")

ENGLISH_STOPWORDS = frozenset(
    "a an and are as at be been but by for from had has have i if in into is it its me my of on or our so than "  # noqa: SIM905 - reads better
    "that the their them then there these they this to was we were which will with you your".split()
)
"""Function words of English that carry no product meaning; "not", "no" and "without" are kept."""


class _Stemmer(threading.local):
    """A stemmer keeps the word it works on in itself: every thread needs its own."""

    def __init__(self) -> None:
        self.english = snowballstemmer.stemmer("english")


_STEMMER = _Stemmer()


def fold(text: str) -> str:
    """Return a text in the form whose words are indexed: NFKC, lower case, simplified, numbers without separators."""
    return _plain(text).lower()


def pieces(text: str) -> list[str]:
    """Return the runs of Chinese characters and the other words of a text, folded, in reading order."""
    return _PIECE.findall(fold(text))


def tokenize(text: str, *, document: bool) -> list[str]:
    """Return the index terms of `text` in reading order, repeats included, then those of its quantities.

    With `document` set, Chinese compounds also yield the shorter words inside them (jieba's search mode), so
    that a query for the short word finds the compound.
    """
    plain = _plain(text)
    found = [t for piece in _PIECE.findall(plain.lower()) for t in _piece_terms(piece, document=document)]
    found.extend(quantity_terms(plain))
    return found


def document_terms(text: str) -> list[str]:
    """Return the index terms of a text that is stored."""
    return tokenize(text, document=True)


Terms = Callable[[str], Sequence[str]]
"""`document_terms`, or what remembers the terms of texts that are asked for more than once."""


def is_han(term: str) -> bool:
    """Return whether a term is Chinese."""
    return _IS_HAN.match(term) is not None


def _plain(text: str) -> str:
    return _THOUSANDS.sub("", simplify(unicodedata.normalize("NFKC", text)))


def term_id(term: str) -> int:
    """Return the sparse-vector index of a term: |murmur3-32|, the id that Qdrant's own BM25 gives it."""
    return abs(int(mmh3.hash(term, signed=True)))


def _piece_terms(piece: str, *, document: bool) -> Iterator[str]:
    if _IS_HAN.match(piece):
        words = rjieba.cut_for_search(piece) if document else rjieba.cut(piece)
        yield from dict.fromkeys([*words, *piece])
    else:
        yield from _word_terms(piece)


@lru_cache(maxsize=32_768)
def _word_terms(word: str) -> tuple[str, ...]:
    parts = [part for part in _JOINTS.split(word) if part not in ("", "s")]
    joined = ("".join(parts),) if len(parts) > 1 else ()
    return (*joined, *(term for part in parts for term in _part_terms(part)))


def _part_terms(part: str) -> Iterator[str]:
    runs = _RUNS.findall(part)
    if decimal := _DECIMAL.fullmatch(part):
        yield from dict.fromkeys(term for term in (part, *decimal.groups()) if term)
    elif len(runs) > 1:
        yield part
        yield from runs
    elif part not in ENGLISH_STOPWORDS:
        yield stem(part)


@lru_cache(maxsize=65_536)
def stem(word: str) -> str:
    """Return the stem of an English word; others as they are."""
    return str(_STEMMER.english.stemWord(word)) if word.isascii() and word.isalpha() else word
