"""Everyday quantities that one unit may measure, so that "16 GB RAM" is never taken for storage."""

from __future__ import annotations

import re

from shopguide_intent.domain.vocabulary import Attribute

_CONCEPTS = {
    "memory": r"\bram\b|\bmemory\b(?! (?:card|foam))|内存|运存",
    "storage": r"\bstorage\b|\bssd\b|\bhdd\b|\brom\b|\bdisk\b|\bdrive\b|存储|硬盘|固态",
    "battery_life": r"\bbattery\b|\bplay ?time\b|\bruntime\b|续航|播放时间|待机",
    "charging": r"\bcharg(?:e|ing)\b(?! (?:cable|station|case|stand))|充电(?!宝|器|线)|快充",
    "screen": r"\bscreen\b|\bdisplay\b|屏",
    "weight": r"\bweigh[ts]?\b|\bweighing\b|重量|自重|净重|机身重",
    "load": r"\bload\b|\bholds?\b|承重",
    "height": r"\bheight\b|\btall\b|\bhigh\b|高度|身高",
    "width": r"\bwidth\b|\bwide\b|宽",
    "depth": r"\bdepth\b|\bdeep\b|深",
    "length": r"\blength\b|\blong\b|长度",
    "cable": r"\bcable\b|\bcord\b|线长",
    "thickness": r"\bthick(?:ness)?\b|\bthin\b|厚",
    "warranty": r"\bwarranty\b|保修|质保",
    "camera": r"\bcamera\b|摄像头|相机|像素",
    "noise_cancelling": r"\bnoise cancell?(?:ing|ation)\b|\banc\b|降噪",
    "heel": r"\bheel\b|跟高",
}
_COMPILED = {name: re.compile(pattern) for name, pattern in _CONCEPTS.items()}


def concepts(text: str) -> frozenset[str]:
    """Quantities that folded `text` speaks of."""
    return frozenset(name for name, pattern in _COMPILED.items() if pattern.search(text))


def attribute_concepts(attribute: Attribute) -> frozenset[str]:
    """Quantities that an attribute's key and labels speak of."""
    return concepts(" / ".join((attribute.key.replace("_", " "), *attribute.labels)).lower())
