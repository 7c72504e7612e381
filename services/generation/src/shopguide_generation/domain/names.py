"""What a product is called in a sentence: short, clean, never an instruction."""

import re
import unicodedata

from shopguide_generation.domain.facts import Source

MAX_WIDTH = 42
"""Longest name in columns; a CJK character takes two."""

_MARKUP = re.compile(r"https?://\S+|www\.\S+|[\[\]{}<>|*_#`~\\]+")
_BREAKS = re.compile(r"\s[-–—]\s|[,，;；|｜(（【:：。!！?？]|\.\s|\s/\s")
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
    """A name for every source, kept apart by more of the title where two would be the same."""
    short = [display_name(source) for source in sources]
    return tuple(
        display_name(source, MAX_WIDTH + 20) if short.count(name) > 1 else name
        for source, name in zip(sources, short, strict=True)
    )


def display_name(source: Source, limit: int = MAX_WIDTH) -> str:
    """The product's name with its brand, clipped to `limit` columns at a natural break; may be empty."""
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
        return whole
    for found in _BREAKS.finditer(title):
        head = clean(title[: found.start()])
        if width(head) >= limit // 4:
            return head if width(head) <= limit else _cut(head, limit)
    return _cut(whole, limit)


def _cut(text: str, limit: int) -> str:
    columns = 0
    end = len(text)
    for at, character in enumerate(text):
        columns += width(character)
        if columns > limit:
            end = at
            break
    head = text[:end]
    space = head.rfind(" ")
    inside_word = end < len(text) and text[end].isascii() and text[end].isalnum()
    if inside_word and space > end // 3:
        return clean(head[:space])
    cut = end < len(text) and not text[end].isspace()
    return clean(head) + ("…" if cut else "")
