"""Units of measure in both languages: which dimension, and how many of its base unit."""

import re
from collections.abc import Mapping

_TABLE: Mapping[str, Mapping[str, float | int]] = {
    "second": {
        "s": 1,
        "sec": 1,
        "second": 1,
        "秒": 1,
        "秒钟": 1,
        "min": 60,
        "minute": 60,
        "mins": 60,
        "分钟": 60,
    }
    | {"h": 3600, "hr": 3600, "hrs": 3600, "hour": 3600, "小时": 3600, "个小时": 3600, "钟头": 3600}
    | {
        "d": 86400,
        "day": 86400,
        "天": 86400,
        "日": 86400,
        "工作日": 86400,
        "个工作日": 86400,
        "working day": 86400,
    }
    | {"week": 604800, "周": 604800, "星期": 604800, "个星期": 604800},
    "month": {"month": 1, "个月": 1, "月": 1, "y": 12, "yr": 12, "year": 12, "年": 12, "岁": 12, "周岁": 12},
    "gram": {
        "g": 1,
        "gram": 1,
        "克": 1,
        "kg": 1000,
        "kilo": 1000,
        "kilogram": 1000,
        "公斤": 1000,
        "千克": 1000,
    }
    | {"斤": 500, "mg": 0.001, "毫克": 0.001, "t": 1e6, "lb": 453.59237, "lbs": 453.59237, "pound": 453.59237}
    | {"oz": 28.349523},
    "metre": {"mm": 0.001, "毫米": 0.001, "cm": 0.01, "厘米": 0.01, "公分": 0.01, "m": 1, "米": 1, "metre": 1}
    | {"meter": 1, "km": 1000, "公里": 1000, "in": 0.0254, "inch": 0.0254, "inches": 0.0254, "寸": 0.0254}
    | {"英寸": 0.0254, "″": 0.0254, '"': 0.0254, "ft": 0.3048},
    "litre": {"ml": 0.001, "毫升": 0.001, "cl": 0.01, "l": 1, "升": 1, "litre": 1, "liter": 1},
    "byte": {"mb": 1 / 1024, "gb": 1, "tb": 1024},
    "ampere hour": {"mah": 0.001, "毫安": 0.001, "毫安时": 0.001, "ah": 1},
    "watt": {"w": 1, "瓦": 1, "watt": 1, "kw": 1000, "千瓦": 1000},
    "watt hour": {"wh": 1},
    "hertz": {"hz": 1, "赫兹": 1, "khz": 1e3, "mhz": 1e6, "ghz": 1e9},
    "pixel": {"mp": 1, "megapixel": 1, "百万像素": 1, "万像素": 0.01, "像素": 1e-6},
    "pascal": {"pa": 1, "帕": 1, "kpa": 1000, "千帕": 1000},
    "bar": {"bar": 1, "巴": 1},
    "atmosphere": {"atm": 1},
    "decibel": {"db": 1, "分贝": 1},
    "dpi": {"dpi": 1},
    "lumen": {"lm": 1, "lumen": 1, "流明": 1},
    "nit": {"nit": 1, "nits": 1, "尼特": 1},
    "kelvin": {"k": 1, "开": 1},
    "celsius": {"°c": 1, "℃": 1, "度": 1},
    "volt": {"v": 1, "伏": 1},
}
_UNITS = {
    word: (dimension, float(factor)) for dimension, words in _TABLE.items() for word, factor in words.items()
}
_SPELT = re.compile(r"(?i:in(?=[.,;:)]|$)|in(?= (?:screen|display|wide|tall|long|laptop|monitor)))")


def _pattern() -> str:
    chinese = [re.escape(u) for u in _UNITS if not u.isascii() or not u[0].isalpha()]
    latin = [re.escape(u) for u in _UNITS if u.isascii() and u[0].isalpha() and u not in {"in", "k"}]
    by_length = [sorted(words, key=len, reverse=True) for words in (chinese, latin)]
    # `in` and `k` are words of their own in English and in prices; `in` counts where no words go on after it.
    ends = f"(?:(?:{'|'.join(by_length[1])})s?(?![A-Za-z])|{_SPELT.pattern})"
    return f"(?:{'|'.join(by_length[0])}|(?i:{ends}))"


PATTERN = _pattern()
"""Regular expression of a unit right after its number."""


def canonical(unit: str) -> tuple[str, float]:
    """Return the dimension of a unit and its factor to the base unit; an unknown one is a dimension of its own."""
    word = " ".join(unit.lower().split())
    for form in (word, word.removesuffix("s"), word.removesuffix("es")):
        if form in _UNITS:
            return _UNITS[form]
    return word, 1.0
