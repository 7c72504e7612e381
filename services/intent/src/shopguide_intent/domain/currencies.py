"""Currencies as shoppers write them."""

from __future__ import annotations

from collections.abc import Sequence

_DOLLARS = ("USD", "CAD", "AUD", "NZD", "SGD", "HKD", "TWD", "MXN")
_WORDS: dict[str, tuple[str, ...]] = {
    "$ dollar dollars buck bucks 刀": _DOLLARS,
    "usd us$ 美元 美金": ("USD",),
    "hk$ hkd 港币 港元": ("HKD",),
    "¥": ("CNY", "JPY"),
    "元 块 块钱 圆": ("CNY", "TWD", "HKD", "USD"),
    "rmb cny yuan 人民币": ("CNY",),
    "€ eur euro euros 欧元 欧": ("EUR",),
    "£ gbp quid 英镑": ("GBP",),
    "yen jpy 日元": ("JPY",),
}
_BY_WORD = {word: codes for words, codes in _WORDS.items() for word in words.split()}

BEFORE = r"(?:us\$|hk\$|\$|¥|€|£|usd|rmb|cny|eur|gbp|hkd)"
"""Regular expression of a currency written before its amount."""

AFTER = (
    r"(?:元人民币|元|块钱|块(?!头)|圆|人民币|rmb|美元|美金|刀|欧元|英镑|港币|港元|日元"
    r"|(?:us )?dollars?\b|bucks?\b|usd\b|cny\b|yuan\b|euros?\b|eur\b|gbp\b|quid\b|hkd\b|yen\b|jpy\b|[$€£])"
)
"""Regular expression of a currency written after its amount."""

_BY_LANGUAGE = {"zh": "CNY", "en": "USD"}


def codes(word: str) -> tuple[str, ...]:
    """ISO 4217 codes that a written currency may mean, likeliest first."""
    word = word.removeprefix("us ").removesuffix("人民币") or "人民币"
    return _BY_WORD.get(word, ())


def choose(written: Sequence[str], preferred: str, language: str, available: Sequence[str]) -> str | None:
    """Currency of an amount, or None when the catalogue has no price in the currency that was written.

    Args:
        written: codes that the words allow; empty when no currency was written.
        preferred: code the caller asked for, or empty.
        language: `zh` or `en`; decides between the catalogue's currencies when nothing else does.
        available: currencies of the catalogue; empty when they are not known.
    """
    ranked = [preferred, _BY_LANGUAGE.get(language, ""), *available]
    allowed = [code for code in ranked if code and (not written or code in written)]
    if available:
        return next((code for code in [*allowed, *written] if code in available), None)
    return allowed[0] if allowed else (written[0] if written else None)
