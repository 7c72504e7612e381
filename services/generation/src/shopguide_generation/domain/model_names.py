"""The few words by which a title that begins with its brand calls the product: `Norte M3`, `澄耳 Pro 3`, `声谷 Lite`."""

import re

from shopguide_generation.domain.units import spellings

MAX_TOKENS = 3
"""How far behind the brand the token with the digit may stand."""

_HEAD_ENDS = re.compile(r"[,，;；|｜(（【:：。!！?？]|\s[-–—]\s")
_TOKEN = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9+/'&-]|\.(?=\w))*|[^\sA-Za-z0-9]+")
_EDITIONS = frozenset({"pro", "max", "plus", "mini", "lite", "ultra", "se", "air", "neo"})
_COUNTED = frozenset(
    {"pack", "packs", "set", "count", "ct", "cup", "cups", "quart", "way", "speed", "tier", "ply", "layer"}
)
_NO_MODEL = re.compile(
    r"(?:19|20)\d\d|\d+\.\d+|ip[x\d]\d\w?|\d+(?:[./-]\d+)+|\d{5,}|.*\d(?:gb|tb|mah)\b.*", re.IGNORECASE
)
_MEASURE = re.compile(
    rf"\d+(?:\.\d+)?-?(?:{'|'.join(re.escape(u) for u in (*spellings(), *_COUNTED) if u.isascii())})(?![a-z])",
    re.IGNORECASE,
)
_LONGEST_SERIES = 4
"""A longer run of Han characters before the digit describes the product rather than naming it."""


def model_name(title: str, brand: str) -> str:
    """The brand and what follows up to the model's number; the empty string when the title is not built like that."""
    head = _HEAD_ENDS.split(title)[0]
    if not brand or not head.casefold().startswith(brand.casefold()):
        return ""
    tokens = list(_TOKEN.finditer(head, len(brand)))
    end = _numbered(head, tokens) or _series(head, tokens) or _described(head, len(brand))
    return head[:end].strip()


def _numbered(head: str, tokens: list[re.Match[str]]) -> int:
    """Where the first token with a digit ends, editions (`Pro`, `Max`) included; 0 when it is no model."""
    for at, token in enumerate(tokens[:MAX_TOKENS]):
        word = token.group()
        if any(c.isdigit() for c in word):
            return _with_edition(tokens, at) if _is_model(head, tokens, at) else 0
        if not word.isascii() and len(word) > _LONGEST_SERIES:
            return 0
    return 0


def _is_model(head: str, tokens: list[re.Match[str]], at: int) -> bool:
    token = tokens[at]
    after = head[token.end() : token.end() + 1]
    following = tokens[at + 1].group() if at + 1 < len(tokens) else ""
    if not token.group().isascii() or _NO_MODEL.fullmatch(token.group()) or _MEASURE.fullmatch(token.group()):
        return False
    if not token.group().isdigit():
        return True
    measured = following[:1].isalpha() and _MEASURE.fullmatch(f"{token.group()}{following}")
    return not (after and not after.isspace()) and not measured


def _with_edition(tokens: list[re.Match[str]], at: int) -> int:
    while at + 1 < len(tokens) and tokens[at + 1].group().casefold() in _EDITIONS:
        at += 1
    return tokens[at].end()


def _series(head: str, tokens: list[re.Match[str]]) -> int:
    """Where the Latin words right behind the brand of a Chinese title end (`声谷 Lite 头戴式`); 0 when there are none."""
    latin: list[re.Match[str]] = []
    for token in tokens:
        if not token.group().isascii():
            spaced = bool(latin) and head[latin[-1].end() : token.start()].isspace()
            return latin[-1].end() if spaced else 0
        if not re.fullmatch(r"[A-Z][a-z]+", token.group()):
            return 0
        latin.append(token)
    return 0


def _described(head: str, start: int) -> int:
    """Where the first longer run behind the brand of a spaced Chinese title ends (`挽云 午后 帆布斜挎女包`); else 0."""
    for token in re.finditer(r"\S+", head[start:]):
        if len(re.findall(r"[\u4e00-\u9fff]", token.group())) >= _LONGEST_SERIES:
            return start + token.end()
    return 0
