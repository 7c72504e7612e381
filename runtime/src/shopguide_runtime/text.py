"""Chinese and English text: the normal form for comparisons, language by script, simplified characters."""

import re
import unicodedata
from functools import lru_cache
from typing import Literal

import opencc

Language = Literal["zh", "en"]

_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af]")
_WORD = re.compile(r"[0-9]*[A-Za-z][A-Za-z0-9]*(?:'[a-z]+)?")
_CJK_PUNCTUATION = re.compile(r"[\u3000-\u303f\uff01-\uff0f\uff1a-\uff20]")
_SPACES = re.compile(r"\s+")

_NAME_WEIGHT = 0.2
"""Weight of a Latin word that is capitalised, one letter or has digits: brand and model names are of no language."""

_HAN_PER_WORD = 1.5
"""Han characters that say about as much as one English word."""


@lru_cache(maxsize=1)
def _converter() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


def simplify(text: str) -> str:
    """Return the text with traditional Chinese characters replaced by simplified ones (OpenCC, `t2s`)."""
    if text.isascii():
        return text
    converted: str = _converter().convert(text)
    return converted


def normalize_value(text: str) -> str:
    """Return the form in which brands, categories and attribute texts are compared.

    NFKC, casefold, traditional to simplified, spaces collapsed and stripped. Idempotent.
    """
    if text.isascii():
        return _SPACES.sub(" ", text.casefold()).strip()
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return _SPACES.sub(" ", simplify(folded)).strip()


def _english_weight(word: str) -> float:
    ordinary = len(word) > 1 and word.islower() and word.replace("'", "").isalpha()
    return 1.0 if ordinary else _NAME_WEIGHT


def detect_language(text: str, default: Language = "en") -> Language:
    """Return the language of a message by the ratio of scripts; `default` when it has no letters of either.

    Han characters stand against English words; brand and model names (`iPhone`, `WH-1000XM5`) weigh little,
    because they appear in messages of both languages.
    """
    chinese = len(_HAN.findall(text)) / _HAN_PER_WORD
    english = sum(_english_weight(word) for word in _WORD.findall(text))
    if not chinese and _CJK_PUNCTUATION.search(text) and english < 1:
        return "zh"
    if not chinese and not english:
        return default
    return "zh" if chinese >= english else "en"
