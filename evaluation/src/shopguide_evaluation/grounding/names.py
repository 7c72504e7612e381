"""Checks names: products and brands that no source has, a name beside another's number, codes of another product."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest

import rjieba

from shopguide.type.v1 import answer_pb2, query_pb2
from shopguide_evaluation.grounding import cues
from shopguide_evaluation.grounding.evidence import Subject, TurnFacts, latin_words
from shopguide_evaluation.grounding.figures import find_figures
from shopguide_evaluation.grounding.mentions import Mention
from shopguide_evaluation.grounding.text import Span, without_citations

Objection = tuple[str, str, str]

_PRODUCT = answer_pb2.Source.KIND_PRODUCT
_WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9'’&.+/-]*[A-Za-z0-9+]|[A-Za-z0-9]")
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_CHINESE_TAIL = re.compile(r"[\u4e00-\u9fff]{1,8}$")
_CHINESE_RUN = re.compile(r"[\u4e00-\u9fff][\u4e00-\u9fff ]{0,9}$")
_QUOTED = re.compile(r"“[^”]*”|\"[^\"]*\"|「[^」]*」|〔[^〕]*〕")
_DAYS = "monday tuesday wednesday thursday friday saturday sunday"
_MONTHS = "january february march april may june july august september october november december"
_GENERAL = "i i'm i'd i'll i've ok faq id app usb pc tv it's ai gps wifi wi-fi bluetooth"
_COMMON = frozenset(f"{_GENERAL} {_DAYS} {_MONTHS}".split())
_ARTICLES = "the a an it its this that these those my your our both yes no and or but"
_PREPOSITIONS = "at of to for if in on with by as from"
_OPENERS = frozenset(f"{_ARTICLES} {_PREPOSITIONS}".split())
_ALONE = frozenset(
    "的了是在和与或不有也都就还很最更太要会能可以上下里外前后中大小多少轻重长短高低好坏快慢新旧远近"
)
_MIN_PIECES = 2


def plurals(facts: TurnFacts) -> list[str]:
    """Return English plurals of what is shown, from the ends of the category paths, for counting phrases."""
    leaves = {r.product.category_path[-1].lower() for r in facts.products if r.product.category_path}
    leaves |= {f.text.lower() for s in facts.sources for f in s.facts if f.key == "category"}
    return sorted({leaf.split()[-1] for leaf in leaves if leaf.isascii() and leaf.strip()})


def _without(text: str, names: Iterable[str]) -> str:
    for name in sorted(names, key=len, reverse=True):
        text = text.replace(name, " ")
    return text


def _values(condition: query_pb2.Condition) -> str:
    return " ".join((*condition.any_of.values, *condition.none_of.values))


class NameChecker:
    """Decides about names, with the evidence of one turn."""

    def __init__(self, subjects: Sequence[Subject], facts: TurnFacts) -> None:
        """Learn every word that may be used."""
        self._subjects = subjects
        self._shopper = latin_words(" ".join(facts.shopper_words))
        wishes = [*facts.constraints, *(o.constraint for o in facts.outcomes)]
        self._shopper |= {w for c in wishes for w in latin_words(f"{c.evidence} {_values(c.condition)}")}
        self._shopper |= {w for s in facts.scopes for w in latin_words(f"{s.role} {s.query}")}
        self._words = self._shopper | {w for s in subjects for w in s.words} | _COMMON
        self._chinese = "\n".join([*(t for s in subjects for t in s.texts), *facts.shopper_words])
        known = " ".join([*(t for s in subjects for t in s.texts), *facts.shopper_words]).lower()
        self._strange = [b for b in facts.brands if len(b) > 1 and b.lower() not in known]

    def check(
        self, text: str, sentence: Span, mentions: Sequence[Mention], before: Sequence[Subject]
    ) -> tuple[list[Objection], int]:
        """Return the objections to the names of a sentence, and how many names were looked at."""
        found = [*self._mentions(text, sentence, mentions)]
        found += self._words_of(text, sentence, mentions)
        found += self._codes_by_mention(text, sentence, mentions, before)
        found += self._brands(text, sentence)
        return list(dict.fromkeys(found)), len(mentions)

    def _mentions(self, text: str, sentence: Span, mentions: Sequence[Mention]) -> Iterator[Objection]:
        for mention in mentions:
            said = text[mention.start : mention.end]
            if mention.missing:
                yield said, "citation", f"there is no source {mention.missing[0]}"
            if mention.disagrees:
                yield said, "product name", "is not the name of the product that is cited beside it"
            lead = text[sentence.start : mention.start]
            if mention.name and self._has_strange_brand(mention, lead):
                yield f"{lead[-6:]}{said}", "brand", "is not the brand of this product"
            if not mention.name and any(s.kind == _PRODUCT for s in mention.cited):
                yield from self._unknown_name(lead, said)

    @staticmethod
    def _has_strange_brand(mention: Mention, lead: str) -> bool:
        """Return whether Chinese characters that cannot be grammar stand where the brand would."""
        brands = {s.brand for s in mention.named if s.brand}
        if not brands or any(mention.name.lower().startswith(b.lower()) for b in brands):
            return False
        tail = _CHINESE_TAIL.search(lead.rstrip(' “"「《（('))
        if tail is None or any(tail.group().endswith(b) for b in brands):
            return False
        return not cues.LEAD_IN.search(tail.group())

    def _unknown_name(self, lead: str, said: str) -> Iterator[Objection]:
        """Object to a run of Chinese characters before a citation that is neither known nor made of words."""
        lead = lead.rstrip()
        run = _CHINESE_RUN.search(lead)
        if run is None or any(figure.end == len(lead) for figure in find_figures(lead)):
            return
        pieces = [p for p in rjieba.cut(run.group(), hmm=False) if p.strip()]
        strange: list[str] = []
        for piece in reversed(pieces):
            if len(piece) == 1 and piece not in _ALONE:
                strange.insert(0, piece)
            elif strange or piece not in self._chinese:
                break
        name = "".join(strange)
        if len(strange) >= _MIN_PIECES and name not in self._chinese:
            yield f"{name}{said}", "product name", "stands in no source"

    def _words_of(self, text: str, sentence: Span, mentions: Sequence[Mention]) -> Iterator[Objection]:
        """Object to Latin names and codes that neither a source nor the shopper has."""
        stretch = without_citations(text)[sentence.start : sentence.end]
        named = {text[m.start : m.end] for m in mentions}
        plain = _QUOTED.sub("", _without(text[sentence.start : sentence.end], named))
        chinese = len(_CHINESE.findall(plain)) > len(re.findall(r"[A-Za-z]{2,}", plain))
        figures = [(f.start, f.end) for f in find_figures(stretch)]
        whole = {m.start - sentence.start for m in mentions if _is_whole(m)}
        matches = list(_WORD.finditer(stretch))
        for match, follower in zip_longest(matches, matches[1:]):
            figure = any(a < match.end() and match.start() < b for a, b in figures)
            if figure or self._is_known(match.group()):
                continue
            lead = stretch[: match.start()].rstrip("“\"'‘（( \n")
            place = _Place(
                not lead or lead[-1] in ":：;；.",
                text[sentence.start + match.end() :].lstrip().startswith("["),
                chinese,
                follower.group() if follower is not None and follower.start() not in whole else "",
            )
            if _looks_like_name(match.group(), place):
                yield match.group(), "product name", "stands in no source"

    def _is_known(self, word: str) -> bool:
        plain = word.lower().removesuffix("'s").removesuffix("’s")
        return plain in self._words or all(p in self._words for p in re.split(r"[-/&.+]", plain) if p)

    def _codes_by_mention(
        self, text: str, sentence: Span, mentions: Sequence[Mention], before: Sequence[Subject]
    ) -> Iterator[Objection]:
        named = [m for m in mentions if m.subjects]
        stretch = _QUOTED.sub(lambda m: " " * len(m.group()), text[sentence.start : sentence.end])
        for part in re.finditer(r"[^，；;：:。,]+", stretch):
            start, end = sentence.start + part.start(), sentence.start + part.end()
            if cues.NEGATION.search(part.group()):
                continue
            here = [m for m in named if start <= m.start < end] or [m for m in named if m.end <= start][-1:]
            about = [s for m in here for s in m.subjects] or list(before)
            yield from self.codes(text, Span(start, end), about)

    def codes(self, text: str, place: Span, about: Sequence[Subject]) -> Iterator[Objection]:
        """Object to codes such as IPX4 that stand in the facts of another product only."""
        ids = {i for s in about for i in (s.id, s.about) if i}
        kin = [s for s in self._subjects if s.id in ids or s.about in ids]
        if not kin:
            return
        known = {w for s in kin for w in s.words} | self._shopper
        for match in _WORD.finditer(without_citations(text)[place.start : place.end]):
            word = match.group().lower()
            if _is_code(word) and word in self._words and word not in known:
                yield match.group(), "code", f"is not among the facts of {kin[0].title}"

    def _brands(self, text: str, sentence: Span) -> Iterator[Objection]:
        stretch = text[sentence.start : sentence.end]
        for brand in self._strange:
            edges = r"(?<![A-Za-z])%s(?![A-Za-z])" if brand.isascii() else "%s"
            if re.search(edges % re.escape(brand), stretch):
                yield brand, "brand", "is the brand of no source"


def _is_code(word: str) -> bool:
    return bool(re.fullmatch(r"[a-z]{2,}-?\d+[a-z]?", word))


@dataclass(frozen=True)
class _Place:
    """Where a word stands: at the beginning, before a citation, in Chinese text; and the word that goes on after it."""

    begins: bool
    cited: bool
    chinese: bool
    following: str


def _is_whole(mention: Mention) -> bool:
    """Return whether a name begins with its brand, so that no word before it can be one."""
    return any(s.brand and mention.name.lower().startswith(s.brand.lower()) for s in mention.named)


def _looks_like_name(word: str, place: _Place) -> bool:
    """Return whether a Latin word that nobody knows looks like a name or a code rather than like language."""
    if len(word) == 1 or not any(c.isalpha() for c in word):
        return False
    if place.chinese or any(c.isdigit() for c in word):
        return True
    if word.islower():
        return False
    if place.begins and word[1:].islower():
        named = place.following[:1].isupper() and place.following.lower() not in _COMMON
        return (place.cited or named) and word.lower() not in _OPENERS
    return True
