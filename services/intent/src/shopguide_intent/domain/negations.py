# ruff: noqa: E501 (word lists and patterns read better unbroken)
"""What the shopper does not want: 不要苹果, 别给我推荐…, not leather, without fragrance, except …."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from shopguide_intent.domain.spans import Claims, Span


class Denial(Enum):
    """What kind of thing is denied."""

    EXCLUDE = "exclude"
    """A thing of another kind, brand or value is wanted: 不要苹果, no leather."""
    LACK = "lack"
    """The thing must not have a feature or part: without window, 不带摄像头."""


@dataclass(frozen=True, slots=True)
class Negation:
    """A denied phrase; whether the catalogue can express it is decided by grounding."""

    span: Span
    """Cue and phrase."""
    phrase: Span
    denial: Denial
    explicit: bool
    """Whether to report the phrase even if nothing grounds it; false for cues that are often no wish."""
    follows: bool = False
    """Whether it continues the list of the negation before: then it holds only if that one does."""


@dataclass(frozen=True, slots=True)
class _Cue:
    regex: re.Pattern[str]
    denial: Denial
    explicit: bool


_CUES = (
    _Cue(
        re.compile(
            r"(?<![要想用需])(?:不要|别要|不想要|不想买|不喜欢|不考虑|不买|不接受|别给我推荐|别给我|别推荐|不要给我推荐|不要推荐|别买|"
            r"排除|去掉|除了|拒绝|避开)"
        ),
        Denial.EXCLUDE,
        explicit=True,
    ),
    _Cue(re.compile(r"(?:不带|不含|不能有|不能含)"), Denial.LACK, explicit=True),
    _Cue(re.compile(r"(?<!有)(?:没有|无|免)"), Denial.LACK, explicit=False),
    _Cue(re.compile(r"(?:不是|不能是|非(?!常|洲))"), Denial.EXCLUDE, explicit=False),
    _Cue(
        re.compile(
            r"\b(?:(?:do not|don'?t|dont|doesn'?t|didn'?t) (?:want|like|need|show me|recommend|give me)|except(?: for)?|excluding|exclude|"
            r"anything but|other than|avoid|i hate|nothing from|nothing by|not from|not by|but not|but no)\b"
        ),
        Denial.EXCLUDE,
        explicit=True,
    ),
    _Cue(re.compile(r"\bno\b(?![.\d])"), Denial.EXCLUDE, explicit=False),
    _Cue(re.compile(r"\b(?:not|non)\b-?"), Denial.EXCLUDE, explicit=False),
    _Cue(
        re.compile(r"\b(?:without|w/o|free of|lacking|does not have|doesn'?t have)\b"),
        Denial.LACK,
        explicit=True,
    ),
)
_BOUNDARY = re.compile(
    r"[\n,，。;；!！?？.()（）:：]|的|款(?![式型])|其他|其它|都行|都可以|就行|之外|以外|这种|那种|这类|那类|"
    r"\s(?:but|with|for|that|which|please|pls|in|under|over|below|above|from|at|is|are|if|because|since|than|as|to)\b"
)
_JOINER = re.compile(r"\s?(?:和|或者|或|跟|与|及|、|/|也不要|\bor\b|\band\b|\bnor\b|&)\s?")
_DETERMINER = re.compile(
    r"\s*(?:(?:any|anything|a|an|the|from|made of|made from|made by|brand|items?|ones?|for|in|用来|用于|用|带|有|含|是|任何|牌子)\s?(?![a-z]))*"
)
_NO_WISH = re.compile(
    r"\s*(?:(?:your|my|only|just|sure|too|so|very|more|less|that|to|be|have|even|really|enough|bad|good|idea|longer|problem|"
    r"matter|worries|thanks|yet|working|work|available|need|needed|one|way|what|it|this|and|or|because|if|over|under)\b"
    r"|太|这么|那么|很|了|紧|钱|脸|超过|高于|低于|多于|少于|吗|呢|吧|啊|问题|货|收到|用|错|知道|什么|关系|再|是)"
)
_MAX_PHRASE = 40


def find_negations(text: str, claims: Claims) -> Iterator[Negation]:
    """Denied phrases in folded `text`, one per member of a list ("不要苹果和华为"). Nothing is claimed."""
    seen = Claims(list(claims.spans))
    for cue in _CUES:
        for match in cue.regex.finditer(text):
            span = Span(match.start(), match.end())
            if seen.free(span) and not _NO_WISH.match(text, match.end()):
                yield from _phrases(text, cue, span, seen)


def _phrases(text: str, cue: _Cue, cue_span: Span, seen: Claims) -> Iterator[Negation]:
    at = _skip(text, cue_span.end)
    end = _end(text, at, seen)
    start = cue_span.start
    for phrase in _members(text, at, end):
        span = Span(start, phrase.end)
        if len(phrase) and seen.claim(span):
            yield Negation(span, phrase, cue.denial, cue.explicit, follows=start != cue_span.start)
        start = phrase.end


def _skip(text: str, at: int) -> int:
    found = _DETERMINER.match(text, at)
    return found.end() if found else at


def _end(text: str, at: int, seen: Claims) -> int:
    boundary = _BOUNDARY.search(text, at)
    end = min(boundary.start() if boundary else len(text), at + _MAX_PHRASE, len(text))
    return min([end, *(s.start for s in seen.spans if s.start >= at)])


def _members(text: str, at: int, end: int) -> Iterator[Span]:
    while at < end:
        joiner = _JOINER.search(text, at, end)
        stop = joiner.start() if joiner else end
        words = text[at:stop]
        yield Span(at + len(words) - len(words.lstrip()), stop - len(words) + len(words.rstrip()))
        if joiner is None:
            return
        at = _skip(text, joiner.end())
