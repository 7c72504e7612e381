"""What a product is called in a sentence: short, clean, never an instruction."""

import re
import unicodedata
from collections.abc import Iterator
from decimal import Decimal

from shopguide_generation.domain.facts import Fact, Source, SourceKind
from shopguide_generation.domain.model_names import model_name
from shopguide_generation.domain.units import number

MAX_WIDTH = 42
"""Longest name in columns; a CJK character takes two."""

_ROOM = 10
"""Columns by which a name may be longer when it ends where the title itself pauses."""

_MARKUP = re.compile(r"https?://\S+|www\.\S+|[\[\]{}<>|*_#`~\\]+")
_BREAKS = re.compile(r"\s[-–—]\s|[,，;；|｜(（【:：。!！?？]|\.\s|\s/\s|\s(?:with|for|w/)\s")
_ASIDE = re.compile(r",\s|，")
_OPEN_END = re.compile(r"(?:\s+(?:and|with|for|of|the|in|to|by|a|an|&))+$", re.IGNORECASE)
_INSTRUCTION = re.compile(
    r"\b(ignore|disregard|forget|override)\b.{0,40}\b(instruction|previous|prior|above|rule|prompt)"
    r"|\b(system|developer)\s*(prompt|message|:)|\byou (are|must|should) (now|a|an|say|tell|recommend|always)\b"
    r"|\b(respond|reply|answer|say|tell (the )?(user|shopper|customer)s?)\b.{0,20}\b(with|only|that|this|is)\b"
    r"|\bas an ai\b|<\|?\w+\|?>|\bassistant\s*:|\bjailbreak|\bprint your\b|\bact as\b"
    r"|(忽略|无视|忘记|忘掉|跳过).{0,12}(指令|指示|规则|提示|要求|内容|设定)|系统提示|提示词|你(现在)?(是|必须|要)(一个|说|回答|推荐)"
    r"|(告诉|对)(用户|顾客|买家).{0,6}(说|这)",
    re.IGNORECASE | re.DOTALL,
)


def is_instruction(text: str) -> bool:
    """True when a text speaks to a machine: such text is never quoted and never shown to a model."""
    return _INSTRUCTION.search(unicodedata.normalize("NFKC", text)) is not None


def clean(text: str) -> str:
    """The text on one line without markup, addresses, brackets, control characters and pictographs."""
    spaced = _MARKUP.sub(" ", text)
    kept = "".join(c if _is_plain(c) else " " for c in spaced)
    return " ".join(kept.split()).strip(" ,;:-–—/，；：、。")


def _is_plain(character: str) -> bool:
    category = unicodedata.category(character)
    return not (category.startswith("C") or category in {"So", "Sk", "Zl", "Zp"})


def width(text: str) -> int:
    """Columns a text takes: two for each East Asian wide character, else one."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def display_names(sources: tuple[Source, ...]) -> tuple[str, ...]:
    """A name for every source: as short as keeps the products apart, by what tells them apart."""
    names = [display_name(source) for source in sources]
    for shared in _shared(sources, names):
        for number_, name in zip(
            shared, _told_apart([sources[n] for n in shared], names[shared[0]]), strict=True
        ):
            names[number_] = name
    return tuple(names)


def _shared(sources: tuple[Source, ...], names: list[str]) -> Iterator[list[int]]:
    """Places of the products that have one name, for every name that several have."""
    places: dict[str, list[int]] = {}
    for at, (source, name) in enumerate(zip(sources, names, strict=True)):
        if source.kind is SourceKind.PRODUCT:
            places.setdefault(name.casefold(), []).append(at)
    return (shared for shared in places.values() if len(shared) > 1)


def _told_apart(alike: list[Source], name: str) -> list[str]:
    """Names for products that share one: with the colour or another attribute, else with more of the title."""
    keys = dict.fromkeys(("color", "colour", *(fact.key for fact in alike[0].attributes)))
    for key in keys:
        words = [_telling(source.get(key)) for source in alike]
        if all(words) and len({word.casefold() for word in words}) == len(alike):
            return [_joined(name, word, color=key in {"color", "colour"}) for word in words]
    return [_title_name(source, MAX_WIDTH + 20) for source in alike]


def _telling(fact: Fact | None) -> str:
    """A value short enough to be part of a name; else the empty string."""
    if fact is None or isinstance(fact.value, bool):
        return ""
    if isinstance(fact.value, Decimal):
        return f"{number(fact.value)} {fact.unit}" if fact.unit else ""
    text = clean(fact.value) if isinstance(fact.value, str) else ""
    return text if width(text) <= MAX_WIDTH // 3 and not is_instruction(text) else ""


def _joined(name: str, word: str, *, color: bool) -> str:
    if not word.isascii():
        return f"{name} {word}"
    return f"{name} in {word.lower()}" if color and name.isascii() else f"{name} ({word})"


def display_name(source: Source) -> str:
    """Brand and model where the title begins with them, else the title, clipped at a natural break; may be empty."""
    title = clean(_without_instruction(source.text("name") or source.title))
    model = model_name(title, clean(_without_instruction(source.text("brand"))))
    return model if model and width(model) <= MAX_WIDTH else _title_name(source, MAX_WIDTH)


def _title_name(source: Source, limit: int) -> str:
    full = _without_instruction(source.text("name") or source.title)
    brand = clean(_without_instruction(source.text("brand")))
    name = _clip(full, limit)
    if brand and brand.casefold() not in name.casefold() and width(brand) <= limit // 2:
        name = clean(f"{brand} {name}")
    return name


def _without_instruction(text: str) -> str:
    found = _INSTRUCTION.search(text)
    return text[: found.start()] if found else text


def _clip(title: str, limit: int) -> str:
    whole = clean(title)
    if width(whole) <= limit:
        head = clean(_ASIDE.split(title)[0])
        return head if width(head) >= limit // 4 else whole
    for found in _BREAKS.finditer(title):
        head = clean(title[: found.start()])
        if width(head) >= limit // 4:
            return head if width(head) <= limit + _ROOM else _cut(head, limit)
    return _cut(whole, limit)


def _cut(text: str, limit: int) -> str:
    """The text up to `limit` columns, cut between words where it has any, with an ellipsis for what is missing."""
    columns = 0
    end = len(text)
    for at, character in enumerate(text):
        columns += width(character)
        if columns > limit:
            end = at
            break
    if end == len(text):
        return text
    head = text[:end]
    space = head.rfind(" ")
    inside_word = text[end].isascii() and text[end].isalnum()
    if (inside_word or text[space + 1 : space + 2].isascii()) and space > end // 3:
        head = head[:space] if inside_word or not text[end].isspace() else head
    return _OPEN_END.sub("", clean(head)) + "…"
