"""Words that assert nothing by themselves, and words that assert a direction, an extreme, or the lack of something."""

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from shopguide_generation.domain.grounding.text import fold


@dataclass(frozen=True, slots=True)
class Direction:
    """A comparative: which way it points, and which family of attributes it is about (empty: any)."""

    sign: int
    family: str = ""


def _directions(text: str) -> dict[str, Direction]:
    table: dict[str, Direction] = {}
    for line in text.split("|"):
        words, sign, *family = line.split(":")
        table |= {word: Direction(int(sign), *family) for word in words.split(",")}
    return table


DIRECTIONS = {
    "en": _directions(
        "more,longer,larger,bigger,higher,taller,stronger,greater,over,above,wider,thicker,faster:1|"
        "less,shorter,smaller,lower,weaker,fewer,under,below,short,thinner,narrower,slower:-1|"
        "lighter:-1:weight|heavier:1:weight|cheaper,saves:-1:price|dearer,pricier:1:price|quieter:-1:noise|louder:1:noise"
    ),
    "zh": _directions(
        "多,长,大,高,强,厚,宽,快:1|少,短,小,低,弱,薄,窄,慢:-1|轻:-1:weight|重:1:weight|便宜,省:-1:price|贵:1:price"
    ),
}

NEGATIONS = {
    "en": (
        "no",
        "not",
        "without",
        "never",
        "none",
        "nothing",
        "neither",
        "nor",
        "lacks",
        "lack",
        "cannot",
        "non",
    ),
    "zh": ("没有", "不带", "不支持", "没", "不", "无", "非", "未", "别", "勿"),
}

ABSENCES = {
    "en": (
        "does not say anything about",
        "does not mention",
        "does not state",
        "not stated",
        "do not mention",
    ),
    "zh": ("没有提到", "没有写", "无说明", "没有注明", "未提及"),
}

SUPERLATIVES = {
    "en": re.compile(r"\b(?:best|worst|most|least|top|\w{3,}est)\b"),
    "zh": re.compile(r"最[\u4e00-\u9fff]"),
}

EXTREMES = {
    "lowest": -1, "highest": 1, "largest": 1, "biggest": 1, "smallest": -1, "longest": 1, "shortest": -1, "greatest": 1,
    "cheapest": -1, "lightest": -1, "heaviest": 1, "strongest": 1, "weakest": -1,
    "最低": -1, "最高": 1, "最大": 1, "最小": -1, "最长": 1, "最短": -1, "最轻": -1, "最重": 1, "最强": 1, "最弱": -1,
    "最贵": 1, "最多": 1, "最少": -1,
}  # fmt: skip

EXTREME_FAMILIES = {
    "cheapest": "price", "lightest": "weight", "heaviest": "weight", "最轻": "weight", "最重": "weight", "最贵": "price",
}  # fmt: skip

SAVING_WORDS = ("saving", "降幅")

_NUMERALS_EN = "two three four five six seven eight nine ten eleven twelve"

NUMERALS = {
    "en": {w: n for n, w in enumerate(_NUMERALS_EN.split(), start=2)} | {"twice": 2, "both": 2},
    "zh": {c: n for n, c in enumerate("一二三四五六七八九十", start=1)} | {"两": 2},
}

CLASSIFIERS = "款个件条次项种台双只部样"
"""Chinese measure words that make a numeral a count."""


@cache
def glue(language: str) -> frozenset[str]:
    """Words and phrases that assert nothing about any product, folded."""
    text = files("shopguide_generation.domain.lexicon").joinpath(f"{language}_glue.txt").read_text("utf-8")
    lines = (line.split("#")[0].strip() for line in text.splitlines())
    if language == "zh":
        return frozenset(fold(word) for line in lines for word in line.split() if word)
    phrases = (part.strip() for line in lines for part in line.split(","))
    return frozenset(fold(phrase) for phrase in phrases if phrase)


@cache
def phrases(language: str) -> tuple[str, ...]:
    """Glue of several words (English) or two characters and more (Chinese), longest first."""
    several = (w for w in glue(language) if (" " in w if language == "en" else len(w) > 1))
    return tuple(sorted(several, key=len, reverse=True))
