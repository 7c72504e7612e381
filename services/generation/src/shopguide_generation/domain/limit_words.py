"""Which words say a limit: the shopper's own where they can stand, else one value in the answer's language."""

import re

from shopguide_generation.domain.facts import Limit
from shopguide_generation.domain.labels import label
from shopguide_runtime.text import normalize_value

_HAN = re.compile(r"[\u4e00-\u9fff]")
_PRICE_IN_HAN = re.compile(r"[一二两三四五六七八九十百千万]+(?:块钱|块|元)?(?:以内|以下|以上|之内)")
_CHEAPER = {"en": re.compile(r"\bcheaper\b", re.IGNORECASE), "zh": re.compile(r"更?便宜")}
CHEAPER_WORDS = {"en": "cheaper", "zh": "更便宜"}


def values_said(values: tuple[str, ...], evidence: str, language: str) -> tuple[str, ...]:
    """The values to name: those the shopper said, else one of several words for the same thing.

    A limit carries a value's words in every language; without the shopper's words all of one language are named.
    """
    spoken = tuple(v for v in values if (_HAN.search(v) is not None) is (language == "zh")) or values
    if not evidence:
        return spoken
    heard = normalize_value(evidence)
    said = [v for v in spoken if normalize_value(v) in heard]
    whole = tuple(v for v in said if not any(v != other and v in other for other in said))
    return whole or spoken[:1]


def price_said(limit: Limit, language: str) -> str:
    """The shopper's own words for a price where they read better than an amount (`两千以内`, `cheaper`); else empty."""
    if limit.key != "price":
        return ""
    words = limit.evidence.replace(" ", "")
    if _CHEAPER[language].search(limit.evidence) and not any(c.isdigit() for c in words):
        return CHEAPER_WORDS[language]
    return words if language == "zh" and _PRICE_IN_HAN.fullmatch(words) else ""


def flag_word(limit: Limit, query: str, noun: str, language: str) -> str:
    """The word that stands before the noun in the shopper's question (`降噪` of `降噪耳机`); else the empty string."""
    asked, thing = normalize_value(query), normalize_value(noun)
    if limit.flag is not True or not thing:
        return ""
    for word in (label(limit, language), limit.evidence):
        spoken = normalize_value(word)
        if not spoken or spoken not in asked:
            continue
        behind = asked[asked.index(spoken) + len(spoken) :]
        if behind.startswith(thing) if language == "zh" else thing in behind or thing.rstrip("s") in behind:
            return word
    return ""
