"""What reviews say: points with their counts, and single reviews that bear them out."""

import re
from collections.abc import Iterator

from shopguide_generation.domain.facts import AnswerContext, Fact, Source, SourceKind
from shopguide_generation.domain.names import is_instruction, width
from shopguide_generation.domain.sentences import sentences
from shopguide_runtime.text import normalize_value

PRAISE_KEYS = frozenset({"praise", "pro", "pros", "strength", "positive", "liked"})
COMPLAINT_KEYS = frozenset({"complaint", "con", "cons", "weakness", "negative", "disliked"})

MAX_QUOTE_WIDTH = 60
"""Longest quotation from a review, in columns."""

_LEANING = re.compile(r"(?:also|and|but|so|then|maybe|or|还|而且|但|不过|就是|所以|然后)\b", re.IGNORECASE)
"""How a sentence begins that leans on the one before."""

_FAULT = re.compile(
    r"\b(?:complain\w*|not|never|no|broke\w*|disappoint\w*|but|however|issues?|problems?|poor|bad|worse|stopped|cracked|"
    r"hard to|too|wish|return\w*|refund\w*|hurts?|cheap\w*|flims\w*|wobbl\w*|slow|loose)\b|n't\b"
    r"|但|不过|可惜|差|坏|退货|缺点|不好|失望|不[够太行]|太|难|没想到|断|漏|松|短|吵",
    re.IGNORECASE,
)

_ENDS = "。！？!?；;\n，,"


def praises(context: AnswerContext) -> Iterator[tuple[int, Source, list[Fact]]]:
    """Each digest with what is praised, most mentioned first."""
    yield from _points(context, PRAISE_KEYS)


def complaints(context: AnswerContext) -> Iterator[tuple[int, Source, list[Fact]]]:
    """Each digest with what is complained of, most mentioned first."""
    yield from _points(context, COMPLAINT_KEYS)


def _points(context: AnswerContext, keys: frozenset[str]) -> Iterator[tuple[int, Source, list[Fact]]]:
    for number, digest in context.of_kind(SourceKind.REVIEW_DIGEST):
        facts = [f for f in digest.facts if f.key in keys and isinstance(f.value, str) and quotable(f.value)]
        yield number, digest, sorted(facts, key=lambda fact: -fact.mention_count)


def texts(source: Source) -> tuple[str, ...]:
    """The running texts of a review, or its title when it has none."""
    return source.prose or (source.title,)


def quotable(text: str) -> bool:
    """True when words of others can stand in an answer: short, no markup, nothing that speaks to a machine."""
    unsafe = (
        any(c in '[]{}<>|*#`“”"\n\r\t' for c in text) or not text.isprintable() or "http" in text.casefold()
    )
    return bool(text.strip()) and not unsafe and width(text) <= MAX_QUOTE_WIDTH and not is_instruction(text)


def _sentences(text: str) -> Iterator[str]:
    return (sentence.rstrip("。.!！?？ ") for sentence in sentences(text))


def clauses(text: str) -> Iterator[str]:
    """The text cut at its punctuation, each piece stripped."""
    piece = ""
    for character in text:
        if character in _ENDS or (character == "." and piece[-1:].isalpha()):
            yield piece.strip()
            piece = ""
        else:
            piece += character
    yield piece.strip()


def quote_for(source: Source, term: str) -> str:
    """The first quotable clause of a review that has the term; the empty string when there is none."""
    wanted = normalize_value(term)
    for text in texts(source):
        if is_instruction(text):
            continue
        for words in (*_sentences(text), *clauses(text)):
            if wanted in normalize_value(words) and wanted != normalize_value(words) and quotable(words):
                return words
    return ""


def grumbles(text: str) -> bool:
    """True when words of a review find fault."""
    return _FAULT.search(text) is not None


def best_quote(source: Source, *, grumbling: bool = False) -> str:
    """The sentence of a review that says most by itself, else a clause; the empty string when none may be quoted.

    With `grumbling` a sentence that finds fault comes first, else one that finds none.
    """
    usable = [t for t in texts(source) if not is_instruction(t)]
    for cut in (_sentences, clauses):
        found = [words for text in usable for words in cut(text) if quotable(words)]
        whole = [words for words in found if not _LEANING.match(words)]
        if whole or found:
            return max(whole or found, key=lambda words: (grumbles(words) is grumbling, width(words)))
    return ""


def about(context: AnswerContext, source: Source) -> tuple[tuple[int, Source], ...]:
    """The reviews given of one product; reviews that name no product count for every one."""
    return tuple((n, r) for n, r in context.of_kind(SourceKind.REVIEW) if r.subject_id in {"", source.id})
