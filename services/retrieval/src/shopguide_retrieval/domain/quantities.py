"""Quantities in one notation: "1TB" is "1000GB" is "1024 GB", 11.6 inch is 11.6", 2斤 is 1kg.

Each quantity of a text yields one term such as `#1000gb`, beside the words it is written with, so that the notations
of shoppers and sellers meet.
"""

import re
from collections.abc import Iterator, Mapping

_NAMES = {
    ("gb", 1.0): "gb gigabyte gigabytes",
    ("gb", 1000.0): "tb terabyte terabytes",
    ("gb", 0.001): "mb",
    ("in", 1.0): "inch inches 英寸 寸 吋 \" ” ″ ′′ ''",
    ("mm", 1.0): "mm 毫米 millimeter millimeters millimetre",
    ("mm", 10.0): "cm 厘米 公分 centimeter centimeters",
    ("mm", 1000.0): "m 米 meter meters metre metres",
    ("ft", 1.0): "ft feet foot 英尺",
    ("g", 1.0): "g 克 gram grams",
    ("g", 1000.0): "kg 公斤 千克 kilogram kilograms kilo kilos",
    ("g", 500.0): "斤",
    ("lb", 1.0): "lb lbs pound pounds 磅",
    ("oz", 1.0): "oz ounce ounces 盎司",
    ("ml", 1.0): "ml 毫升 milliliter milliliters",
    ("ml", 1000.0): "l 升 liter liters litre litres",
    ("w", 1.0): "w 瓦 watt watts",
    ("w", 1000.0): "kw 千瓦",
    ("v", 1.0): "v 伏 volt volts",
    ("mah", 1.0): "mah 毫安 毫安时",
    ("mah", 10_000.0): "万毫安 万毫安时",
    ("hz", 1.0): "hz 赫兹",
    ("ghz", 1.0): "ghz",
    ("db", 1.0): "db 分贝 decibel decibels",
    ("mp", 1.0): "mp megapixel megapixels",
    ("mp", 0.01): "万像素",
    ("mp", 100.0): "亿像素",
    ("h", 1.0): "h hr hrs hour hours 小时",
    ("min", 1.0): "min mins minute minutes 分钟",
    ("day", 1.0): "day days 天",
}
_UNITS: Mapping[str, tuple[str, float]] = {n: unit for unit, names in _NAMES.items() for n in names.split()}
_ALTERNATIVES = "|".join(re.escape(n) for n in sorted(_UNITS, key=len, reverse=True))
_QUANTITY = re.compile(rf"(?<![\w.])(\d+(?:\.\d+)?)[ \-]?(?:({_ALTERNATIVES})(?![a-z0-9]))", re.IGNORECASE)
_CAPITAL_G = re.compile(r"(?<![\w.])(\d+)G(?![A-Za-z0-9])")
_GENERATIONS = range(2, 7)
"""2G to 6G are networks, not storage."""
_BINARY = 1024
_STEPS = (1000, 1024)


def quantity_terms(text: str) -> Iterator[str]:
    """Yield a term for each quantity of a text, which may be in any case."""
    for match in _QUANTITY.finditer(text):
        unit, factor = _UNITS[match[2].lower()]
        if match[2] != "G":
            yield _term(float(match[1]) * factor, unit)
    for match in _CAPITAL_G.finditer(text):
        if int(match[1]) not in _GENERATIONS:
            yield _term(float(match[1]), "gb")


def _term(number: float, unit: str) -> str:
    if unit == "gb" and number >= _BINARY and number % _BINARY == 0:
        number = number / _STEPS[1] * _STEPS[0]
    return f"#{number:.6g}{unit}"
