"""Words of a search query that carry the wish, with weights."""

from __future__ import annotations

import re
from collections.abc import Iterator

import rjieba

from shopguide_intent.domain.matcher import Match, Matcher, Sense
from shopguide_intent.domain.model import Keyword
from shopguide_intent.domain.utterance import utterance

MAX_KEYWORDS = 16
_WEIGHTS = (
    (Sense.CATEGORY, 1.0),
    (Sense.BRAND, 0.9),
    (Sense.FLAG, 0.8),
    (Sense.VALUE, 0.8),
    (Sense.LABEL, 0.6),
)
_MODEL_WEIGHT, _WORD_WEIGHT = 0.8, 0.5
_STOP = frozenset(
    [
        "a",
        "an",
        "the",
        "of",
        "for",
        "with",
        "and",
        "or",
        "to",
        "in",
        "on",
        "at",
        "by",
        "from",
        "is",
        "are",
        "be",
        "it",
        "this",
        "that",
        "these",
        "those",
        "my",
        "your",
        "our",
        "me",
        "i",
        "you",
        "we",
        "they",
        "his",
        "her",
        "some",
        "any",
        "no",
        "not",
        "do",
        "does",
        "can",
        "will",
        "would",
        "should",
        "have",
        "has",
        "had",
        "very",
        "more",
        "most",
        "than",
        "as",
        "if",
        "so",
        "but",
        "what",
        "which",
        "who",
        "how",
        "的",
        "了",
        "和",
        "与",
        "或",
        "在",
        "是",
        "有",
        "我",
        "你",
        "他",
        "她",
        "它",
        "们",
        "这",
        "那",
        "个",
        "款",
        "就",
        "都",
        "也",
        "很",
        "要",
        "能",
        "可以",
        "吗",
        "呢",
        "吧",
        "啊",
        "给",
        "用",
        "及",
        "把",
        "被",
        "让",
        "从",
        "到",
        "对",
        "等",
        "上",
        "下",
        "里",
        "一个",
        "一款",
    ]
)
_WORDY = re.compile(r"\w")


def words(text: str) -> list[str]:
    """Words of a text in either language, in order."""
    return [w for w in rjieba.cut(text) if _WORDY.search(w)]


def content_words(text: str) -> list[str]:
    """`words` without function words."""
    return [w for w in words(text) if w.lower() not in _STOP]


def keywords(query: str, matcher: Matcher) -> tuple[Keyword, ...]:
    """Keywords of a search query, best first, each once; weights are in [0, 1]."""
    folded = utterance(query)
    best: dict[str, float] = {}
    for text, weight in _weighted(folded.shown, folded.text, matcher):
        best[text] = max(weight, best.get(text, 0.0))
    ranked = sorted(best.items(), key=lambda row: -row[1])
    return tuple(Keyword(text, weight) for text, weight in ranked[:MAX_KEYWORDS])


def _weighted(shown: str, text: str, matcher: Matcher) -> Iterator[tuple[str, float]]:
    at = 0
    for match in [*matcher.find(text), None]:
        end = match.span.start if match else len(text)
        for word in content_words(shown[at:end]):
            yield word, _MODEL_WEIGHT if any(c.isdigit() for c in word) else _WORD_WEIGHT
        if match is not None:
            yield shown[match.span.start : match.span.end], _weight(match)
            at = match.span.end


def _weight(match: Match) -> float:
    return next((weight for sense, weight in _WEIGHTS if match.of(sense)), _WORD_WEIGHT)
