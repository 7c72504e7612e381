"""What a product is without: "wine glasses without stem" must not rank by "stem".

A text that says that something is absent ("stemless", "no stem", "sugar-free", 无糖, 不含酒精) yields a term such as
`¬stem` beside its words. A query that asks for the absence has that term, and its bare word counts against products.
On the English development queries, where one in five asks so, this is worth .05 nDCG@10 over all queries
(`benchmarks/results/retrieval-quality.md`).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from shopguide_retrieval.domain.tokenizer import ENGLISH_STOPWORDS, is_han, tokenize

_WORD = r"[^\W\d_]{3,}"
_SAID_ABSENT = re.compile(
    rf"\b(?:without|w/o|no|non|not|zero|free of|free from)[ -]+(?:any |an? |the )?"
    rf"({_WORD})(?:[ -]({_WORD}))?(?:[ -]({_WORD}))?"
    rf"|\b({_WORD})[ -]free\b|\b({_WORD})less\b",
    re.IGNORECASE,
)
_ABSENCE_HINTS = ("less", "free", "no ", "no-", "non ", "non-", "not ", "not-", "zero", "without", "w/o")
_SAID_ABSENT_ZH = re.compile("(?:不含|不带|没有|无需|无|免|零)([\u4e00-\u9fff]{1,4})")
_ASKED_ABSENT = re.compile(
    r"\b(?:without|w/o|with no|free of|free from)\s+(?:any |an? |the )?(.+?)(?=$|[,;.(]|\s(?:for|with|under|and)\s)",
    re.IGNORECASE,
)
_ASKED_ABSENT_ZH = re.compile(
    "(?:不要|不想要|不带|不含|没有|别要|不需要)(?:有|带)?([^\\s，,。；;、的]{1,8})的?"
)
_ASKED_FREE = re.compile(rf"\b({_WORD})[ -]free\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Negated:
    """A query taken apart."""

    wanted: str
    """The query without what it asks to be absent; the query itself when nothing else is left."""
    absent: tuple[str, ...] = ()
    """Terms of what must not be there."""
    without: tuple[str, ...] = ()
    """Terms that say of products that it is not there."""


def absence(term: str) -> str:
    """Return the term that says that what `term` names is absent."""
    return f"¬{term}"


def absent_terms(text: str) -> Iterator[str]:
    """Yield `absence` of each word that a product's text says is not there."""
    if text.isascii() and not _may_say_absent(text.lower()):
        return
    for match in _SAID_ABSENT.finditer(text):
        for word in filter(None, match.groups()):
            if word.lower() not in ENGLISH_STOPWORDS:
                yield from map(absence, tokenize(word, document=False))
    for match in _SAID_ABSENT_ZH.finditer(text):
        yield absence(next(iter(tokenize(match[1], document=False))))


def _may_say_absent(lower: str) -> bool:
    """Tell, much faster than the expression can, that most texts have nothing that it could match."""
    return any(hint in lower for hint in _ABSENCE_HINTS)


def negated(query: str) -> Negated:
    """Take a query apart into what is wanted and what must be absent."""
    phrases: list[str] = []

    def take(match: re.Match[str]) -> str:
        phrases.append(match[1])
        return " "

    wanted = " ".join(_ASKED_ABSENT_ZH.sub(take, _ASKED_ABSENT.sub(take, query)).split()).strip(" ,，。;；")
    free = tuple(absence(t) for w in _ASKED_FREE.findall(query) for t in tokenize(w, document=False))
    if not phrases or not wanted:
        return Negated(query, (), free)
    terms = dict.fromkeys(t for phrase in phrases for t in _whole_words(phrase))
    return Negated(wanted, tuple(terms), (*(absence(t) for t in terms), *free))


def _whole_words(phrase: str) -> list[str]:
    """Return the terms of a phrase; single characters of longer Chinese words would exclude far too much."""
    terms = tokenize(phrase, document=False)
    long = [t for t in terms if len(t) > 1 or not is_han(t)]
    return long or terms
