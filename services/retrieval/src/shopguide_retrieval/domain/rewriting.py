"""From the words of a query to what is searched: spacing and spelling mended, absences taken out, synonyms added.

What is written stays: a correction replaces a word only when the catalogue does not have it and one other word is
clearly meant; otherwise, and for synonyms, words are added with less weight.
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, pairwise

import rjieba

from shopguide_retrieval.domain.lexicon import Lexicon
from shopguide_retrieval.domain.negation import Negated, negated
from shopguide_retrieval.domain.spelling import Spelled, Speller
from shopguide_retrieval.domain.tokenizer import HAN, is_han, tokenize
from shopguide_runtime.text import Language, simplify

ABSENT_WEIGHT = -1.0
"""Of the words that a query wants absent, together."""
WITHOUT_WEIGHT = 0.75
"""Of the terms that say so of a product, together."""
MAYBE_WEIGHT = 0.5
"""Of a correction that is only likely."""
SYNONYM_WEIGHT = 0.3
"""Of another word for the same thing."""

_RUNS = re.compile(rf"[{HAN}]+|[^{HAN}]+")
_HAN_SPACE = re.compile(rf"(?<=[{HAN}]) (?=[{HAN}])")


@dataclass(frozen=True, slots=True)
class Rewritten:
    """A query as it is searched."""

    text: str
    """To embed."""
    terms: Mapping[str, float] = field(default_factory=dict)
    """Weight of each term; negative ones count against a product."""
    corrected: str = ""
    """What the query was taken for, when it was not searched as written."""


def plain(text: str) -> Rewritten:
    """Return a text to be searched as it is written."""
    return Rewritten(text, dict.fromkeys(tokenize(text, document=False), 1.0))


def rewrite(
    text: str,
    lexicons: Sequence[Lexicon] = (),
    speller: Speller | None = None,
    right: Collection[str] = (),
    into: Language | None = None,
) -> Rewritten:
    """Return a query as it is searched; the words in `right` are not corrected.

    With `into`, the language of the products when it is not that of the query, what the query names is embedded under
    its names in that language too: the encoder knows rare things by their name in one language only.
    """
    spaced = join_han(" ".join(text.split()))
    spelled = speller.correct(spaced, right) if speller else Spelled(spaced)
    asked = negated(spelled.text)
    terms = _wanted_terms(asked)
    _add(
        terms,
        (t for word in (spelled.maybe if spelled else ()) for t in tokenize(word, document=False)),
        MAYBE_WEIGHT,
    )
    for lexicon in lexicons:
        for synonym in lexicon.synonyms(asked.wanted):
            _add(terms, _words_of(synonym), SYNONYM_WEIGHT)
    names = [n for lexicon in lexicons for n in lexicon.translated(asked.wanted, into)] if into else []
    embedded = " ".join(dict.fromkeys((asked.wanted, *names)))
    return Rewritten(embedded, terms, spelled.text if spelled.text != " ".join(text.split()) else "")


def join_han(text: str) -> str:
    """Return the text with the spaces inside Chinese words taken out: 耳 机 is 耳机, while 连衣裙 女童 stays two words."""
    parts = _HAN_SPACE.split(text)
    joined = parts[0]
    for before, after in pairwise(parts):
        joined += after if _one_word(_RUNS.findall(before)[-1], _RUNS.findall(after)[0]) else f" {after}"
    return joined


def _one_word(before: str, after: str) -> bool:
    """Return whether a space stands inside a word: what it leaves is a lone character, or was one of a longer word."""
    if len(before) == 1 or len(after) == 1:
        return True
    if len(rjieba.cut(before)[-1]) > 1 and len(rjieba.cut(after)[0]) > 1:
        return False
    ends = accumulate(len(word) for word in rjieba.cut(before + after))
    return len(before) not in ends


def _wanted_terms(asked: Negated) -> dict[str, float]:
    terms = dict.fromkeys(tokenize(asked.wanted, document=False), 1.0)
    terms |= _shared(asked.without, WITHOUT_WEIGHT)
    return terms | {t: w for t, w in _shared(asked.absent, ABSENT_WEIGHT).items() if t not in terms}


def _shared(terms: Sequence[str], weight: float) -> dict[str, float]:
    return dict.fromkeys(terms, weight / max(1, len(terms)) ** 0.5)


def _add(terms: dict[str, float], new: Iterable[str], weight: float) -> None:
    for term in new:
        terms.setdefault(term, weight)


def _words_of(phrase: str) -> list[str]:
    """Return the terms of a synonym: the single characters of its words would match far too much."""
    terms = tokenize(simplify(phrase), document=False)
    return [t for t in terms if len(t) > 1 or not is_han(t)] or terms
