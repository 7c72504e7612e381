"""Units of measure and their conversion: kg, 斤, L, inch, 寸, TB, h, mAh and so on."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of one dimension; a quantity in the dimension's base unit is `value * factor`."""

    dimension: str
    factor: float
    upper_factor: float = 0.0
    """Factor for upper bounds where usage differs (a TB is sold as 1000 or 1024 GB); 0 means `factor`."""

    def in_base(self, value: float, *, upper: bool = False) -> float:
        """`value` of this unit in the base unit of its dimension."""
        return value * (self.upper_factor if upper and self.upper_factor else self.factor)


_TABLE: dict[str, tuple[tuple[float, str], ...]] = {
    "mass": (
        (1e-3, "mg 毫克"),
        (1, "g gram grams 克"),
        (1000, "kg kgs kilo kilos kilogram kilograms 公斤 千克"),
        (500, "斤"),
        (50, "两重"),
        (28.349523125, "oz ounce ounces 盎司"),
        (453.59237, "lb lbs pound pounds 磅"),
        (1e6, "tonne tonnes 吨"),
    ),
    "volume": (
        (1, "ml milliliter milliliters millilitre millilitres 毫升"),
        (1000, "l liter liters litre litres 升"),
        (29.5735295625, "fl.oz floz"),
        (3785.411784, "gal gallon gallons 加仑"),
        (946.352946, "quart quarts qt"),
    ),
    "time": (
        (1 / 3600, "s sec secs second seconds 秒"),
        (1 / 60, "min mins minute minutes 分钟"),
        (1, "h hr hrs hour hours 小时 个小时 钟头 个钟头 钟"),
        (24, "day days 天"),
        (168, "week weeks 周 个星期"),
        (730.5, "month months 个月"),
    ),
    "age": ((1, "岁 years-old year-old"), (1 / 12, "个月大 months-old month-old")),
    "period": ((1, "year years yr yrs 年"),),
    "length": (
        (1, "mm millimeter millimeters 毫米"),
        (10, "cm centimeter centimeters 厘米 公分"),
        (1000, "m meter meters metre metres 米"),
        (25.4, 'inch inches in " 英寸 寸 吋'),
        (304.8, "ft foot feet 英尺"),
    ),
    "power": ((1, "w watt watts 瓦"), (1000, "kw kilowatt kilowatts 千瓦")),
    "charge": ((1, "mah 毫安 毫安时"), (1000, "ah 安时")),
    "energy": ((1, "wh 瓦时"), (1000, "kwh 度电")),
    "loudness": ((1, "db decibel decibels 分贝"),),
    "frequency": ((1, "hz hertz 赫兹 赫"), (1e3, "khz"), (1e6, "mhz"), (1e9, "ghz")),
    "pixels": ((1, "mp megapixel megapixels 百万像素"), (0.01, "万像素"), (100, "亿像素")),
    "voltage": ((1, "v volt volts 伏"),),
    "temperature": ((1, "°c ℃ 摄氏度"),),
    "rotation": ((1, "rpm 转"),),
    "resolution": ((1, "dpi"),),
    "density": ((1, "ppi"),),
    "frames": ((1, "fps"),),
    "light": ((1, "lm lumen lumens 流明"),),
    "brightness": ((1, "nit nits 尼特"),),
    "pressure": ((1, "pa"), (1000, "kpa"), (1e5, "bar bars 巴")),
    "area": ((1, "m2 m² sqm 平米 平方米 平方 ㎡ 平"), (0.09290304, "sqft")),
    "people": ((1, "人 people persons 个人"),),
    "stars": ((1, "star stars 星 颗星"),),
    "reviews": ((1, "reviews review ratings 条评价 条评论 评价 评论 个评价 条好评 人评价"),),
    "percent": ((1, "% percent"),),
    "pieces": ((1, "pcs pieces 片 件 支 只 个 粒 颗 抽"),),
    "pages": ((1, "pages 页"),),
}
_STORAGE = ((1e-3, "mb"), (1, "gb gig gigs g内存 g运存"), (1000, "tb terabyte terabytes"))
_BINARY = {"tb": 1024.0, "terabyte": 1024.0, "terabytes": 1024.0}


def _build() -> dict[str, Unit]:
    units = {
        name: Unit(dimension, factor)
        for dimension, rows in _TABLE.items()
        for factor, names in rows
        for name in names.split()
    }
    units |= {
        name: Unit("storage", factor, _BINARY.get(name, 0.0))
        for factor, names in _STORAGE
        for name in names.split()
    }
    return units | {"fl oz": units["fl.oz"], "sq ft": units["sqft"], "years old": units["years-old"]}


UNITS = _build()
"""Unit by its folded name."""


def _unit_pattern() -> str:
    names = sorted(UNITS, key=len, reverse=True)
    latin = [re.escape(n) for n in names if n.isascii() and n.isalnum() and n != "in"]
    other = [re.escape(n) for n in names if not (n.isascii() and n.isalnum())]
    # "in" is nearly always the preposition; it is a unit only where a clause ends after it.
    return rf"(?:(?:{'|'.join(latin)})(?![a-z])|in(?=\.|\s*$|\s*[,;x×])|{'|'.join(other)})"


UNIT = _unit_pattern()
"""Regular expression of a unit in folded text."""


_CATALOGUE_NAMES = {"d": "day", "wk": "week", "mo": "month", "gib": "gb", "tib": "tb", "'": "ft", "″": "inch"}
"""Short names that catalogues use and that would be noise in a shopper's message ("3d")."""


def unit(name: str) -> Unit | None:
    """The unit that a catalogue calls `name`, or None."""
    folded = name.strip().lower()
    return UNITS.get(_CATALOGUE_NAMES.get(folded, folded))


def convert(value: float, source: Unit, target: Unit, *, upper: bool = False) -> float:
    """`value` of `source` in `target`, rounded to 6 digits.

    Raises:
        ValueError: the two units measure different things.
    """
    if source.dimension != target.dimension:
        msg = f"cannot convert {source.dimension} to {target.dimension}"
        raise ValueError(msg)
    return round(source.in_base(value, upper=upper) / target.factor, 6)
