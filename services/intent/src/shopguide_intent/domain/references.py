# ruff: noqa: E501 (word lists and patterns read better unbroken)
"""Words that point at products shown before: 第一个和第三个, the second one, 那个红色的, 声谷 Lite."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from shopguide_intent.domain.model import ProductReference, ShownProduct
from shopguide_intent.domain.spans import Span
from shopguide_intent.domain.utterance import Utterance

_ORDINALS_EN = {
    "first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4, "fifth": 5, "5th": 5, "sixth": 6, "6th": 6,
}  # fmt: skip
_DIGITS_ZH = {c: i for i, c in enumerate("一二三四五六七八九十", start=1)}
_CLASSIFIER = r"(?:个|款|件|双|台|种|部|条|只|张|把|瓶|支|套|项|名|家)"
_ORDINAL_ZH = re.compile(
    rf"第(?P<n>[一二三四五六七八九十]|\d{{1,2}})(?:{_CLASSIFIER}(?!月|人|星期)|(?=[和跟与、比]|呢?[?？]?$))"
)
_ORD = "|".join(_ORDINALS_EN)
_ORDINAL_EN = re.compile(
    rf"\b(?:the )?(?P<n>{_ORD})(?= (?:one|option|item|product|choice|pick|two|three)\b|\s*(?:and|or|vs\.?|versus|&|,) (?:the )?(?:{_ORD})\b|\s*[?.!,]|\s*$"
    r"| (?:is|has|have|does|do|and|or|vs|versus|better|cheaper|look|looks|come|comes|in)\b)"
)
_NUMBERED_EN = re.compile(
    r"(?:\b(?:number|no\.?|option|item|product) ?|#)(?P<n>\d{1,2})\b(?!\s?(?:inch|oz|pack|\"))"
)
_FIRST_N = re.compile(
    r"前(?P<zh>[两二三四五]|\d)(?:个|款|件|双|台)|\bfirst (?P<en>two|three|four|five)\b|\btop (?P<top>two|three)\b"
)
_LAST = re.compile(rf"最后(?:一|那)?{_CLASSIFIER}|\b(?:the )?last (?:one|option|item|product)\b")
_ALL = re.compile(
    r"这(?:两|俩|几|三)(?:个|款|件|双|台)?|它们|他们|都(?:有|能|可以|支持)|\b(?:both|these(?: two| three)?|those(?: two| three)?|all of them|them|the two|the three)\b"
)
_THAT = re.compile(
    r"(?:刚才|刚刚|上面|之前|前面)(?:的)?(?:那|这)?(?:个|款|件|双|台|部)|[这那](?:个|款|件|双|台|部|种)(?!月|星期|人|价|牌|样|季|问题|颜色|尺码|快递|订单)|(?<!其)它(?!们)"
    r"|\b(?:this|that) (?:one|product|item|model|pair)\b|\bit\b(?! (?:is|was|has been) (?:raining|cold|hot|time)\b)|\bthe (?:one|product) (?:above|before|you (?:showed|recommended))\b"
)
_DESCRIBED = re.compile(
    r"[这那](?:个|款|件|双|台|部)?(?P<zh>[\u4e00-\u9fff]{1,6}?)的(?:呢|那?[个款]|$|[？?，,])|\bthe (?P<en>[a-z]{3,15}(?: [a-z]{3,15})?) ones?\b"
)
_COLORS = {
    "红": "red", "黑": "black", "白": "white", "蓝": "blue", "绿": "green", "灰": "grey", "粉": "pink", "黄": "yellow", "紫": "purple",
    "棕": "brown", "银": "silver", "金": "gold", "橙": "orange", "米": "beige",
}  # fmt: skip
_WORDS_N = {"two": 2, "three": 3, "four": 4, "five": 5, "两": 2}
_NAME = re.compile(r"(?=[a-z0-9]*[a-z])(?:[a-z0-9]{3,}|[a-z]\d|\d[a-z])(?:-[a-z0-9]+)*")
"""A word that can name a product: at least two characters with a letter, one a digit if only two."""
_PRICE_WORDS = {
    "便宜": False,
    "cheaper": False,
    "cheapest": False,
    "贵": True,
    "expensive": True,
    "pricier": True,
}


@dataclass(frozen=True, slots=True)
class References:
    """Shown products that the words point at, and the words themselves."""

    products: tuple[ProductReference, ...] = ()
    spans: tuple[Span, ...] = ()
    anaphoric: bool = False
    """Whether the words lean on something shown, even if it could not be told which."""


def find_references(message: Utterance, shown: Sequence[ShownProduct]) -> References:
    """References of a message to the shown products; those out of range are only `anaphoric`."""
    if not shown:
        return References()
    found: dict[int, Span] = {}
    anaphoric: list[Span] = []
    for positions, span in _pointers(message.text, shown):
        anaphoric.append(span)
        for position in positions:
            if 1 <= position <= len(shown):
                found.setdefault(position, span)
    for position, span in _names(message.text, shown):
        found.setdefault(position, span)
    products = tuple(ProductReference(shown[p - 1].id, message.words(s), p) for p, s in sorted(found.items()))
    spans = tuple(dict.fromkeys([*anaphoric, *found.values()]))
    return References(products, spans, bool(anaphoric))


def _pointers(text: str, shown: Sequence[ShownProduct]) -> Iterator[tuple[list[int], Span]]:
    explicit = [*_ordinals(text), *_described(text, shown)]
    yield from explicit
    if not explicit:
        yield from _deictic(text, len(shown))


def _ordinals(text: str) -> Iterator[tuple[list[int], Span]]:
    for match in _ORDINAL_ZH.finditer(text):
        digits = match["n"]
        yield [int(digits) if digits.isdigit() else _DIGITS_ZH[digits]], Span(*match.span())
    for match in _ORDINAL_EN.finditer(text):
        yield [_ORDINALS_EN[match["n"]]], Span(*match.span())
    for match in _NUMBERED_EN.finditer(text):
        yield [int(match["n"])], Span(*match.span())
    for match in _FIRST_N.finditer(text):
        word = match["zh"] or match["en"] or match["top"]
        count = int(word) if word.isdigit() else _WORDS_N.get(word) or _DIGITS_ZH[word]
        yield list(range(1, count + 1)), Span(*match.span())


def _deictic(text: str, count: int) -> Iterator[tuple[list[int], Span]]:
    for match in _LAST.finditer(text):
        yield [count], Span(*match.span())
    for match in _ALL.finditer(text):
        yield list(range(1, count + 1))[:3], Span(*match.span())
    for match in _THAT.finditer(text):
        yield [1], Span(*match.span())


def _described(text: str, shown: Sequence[ShownProduct]) -> Iterator[tuple[list[int], Span]]:
    """那个红色的, the cheaper one: the only shown product that the words describe."""
    for match in _DESCRIBED.finditer(text):
        word = match["zh"] or match["en"]
        position = _by_price(word, shown) or _by_words(word, shown)
        if position:
            yield [position], Span(*match.span())


def _by_price(word: str, shown: Sequence[ShownProduct]) -> int | None:
    highest = next((high for name, high in _PRICE_WORDS.items() if name in word), None)
    priced = [(p.price.value, i) for i, p in enumerate(shown, start=1) if p.price is not None]
    if highest is None or len({value for value, _ in priced}) < 2:  # noqa: PLR2004 (a comparison needs two)
        return None
    return (max(priced) if highest else min(priced))[1]


def _by_words(word: str, shown: Sequence[ShownProduct]) -> int | None:
    words = {word, word.removesuffix("色"), *(en for zh, en in _COLORS.items() if zh in word)}
    words |= {zh for zh, en in _COLORS.items() if en == word}
    hits = [
        i
        for i, p in enumerate(shown, start=1)
        if any(w in f"{p.title} {p.color} {p.brand}".lower() for w in words)
    ]
    return hits[0] if len(hits) == 1 else None


def _names(text: str, shown: Sequence[ShownProduct]) -> Iterator[tuple[int, Span]]:
    """Shown products called by a word that only their own title has: a model such as "q7", or a Latin name."""
    words = list(_NAME.finditer(text))
    titles = [set(_NAME.findall(p.title.lower())) for p in shown]
    for position, title in enumerate(titles, start=1):
        others = set().union(*(t for i, t in enumerate(titles, start=1) if i != position))
        own = next((w for w in words if w.group() in title - others), None)
        if own is not None:
            yield position, Span(*own.span())
