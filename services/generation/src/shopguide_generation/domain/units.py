"""Units: one canonical name each, how it is written in both languages, and how it is recognised in text."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of measure."""

    name: str
    singular: str
    plural: str
    zh: str
    aliases: tuple[str, ...] = ()


_UNITS = (
    Unit("h", "hour", "hours", "小时", ("hr", "hrs", "个小时", "时")),
    Unit("min", "minute", "minutes", "分钟", ("mins",)),
    Unit("s", "second", "seconds", "秒", ("sec", "secs")),
    Unit("day", "day", "days", "天", ("d", "日")),
    Unit("month", "month", "months", "个月", ("mo", "月")),
    Unit("year", "year", "years", "年", ("yr", "yrs", "y", "岁")),
    Unit("g", "g", "g", "克", ("gram", "grams")),
    Unit("kg", "kg", "kg", "公斤", ("kilogram", "kilograms", "千克")),
    Unit("lb", "lb", "lb", "磅", ("lbs", "pound", "pounds")),
    Unit("oz", "oz", "oz", "盎司", ("ounce", "ounces")),
    Unit("mm", "mm", "mm", "毫米", ()),
    Unit("cm", "cm", "cm", "厘米", ()),
    Unit("m", "m", "m", "米", ("metre", "metres", "meter", "meters")),
    Unit("in", "inches", "inches", "英寸", ("inch", "inches", "寸", "''", '"')),
    Unit("ft", "ft", "ft", "英尺", ("feet", "foot")),
    Unit("ml", "ml", "ml", "毫升", ()),
    Unit("l", "L", "L", "升", ("litre", "litres", "liter", "liters")),
    Unit("db", "dB", "dB", "dB", ("分贝", "decibel", "decibels")),
    Unit("mah", "mAh", "mAh", "mAh", ("毫安时", "毫安")),
    Unit("wh", "Wh", "Wh", "Wh", ("瓦时",)),
    Unit("w", "W", "W", "W", ("watt", "watts", "瓦")),
    Unit("v", "V", "V", "V", ("volt", "volts", "伏")),
    Unit("hz", "Hz", "Hz", "Hz", ("赫兹",)),
    Unit("ghz", "GHz", "GHz", "GHz", ()),
    Unit("mhz", "MHz", "MHz", "MHz", ()),
    Unit("gb", "GB", "GB", "GB", ()),
    Unit("tb", "TB", "TB", "TB", ()),
    Unit("mb", "MB", "MB", "MB", ()),
    Unit("mp", "MP", "MP", "百万像素", ("megapixel", "megapixels")),
    Unit("px", "px", "px", "像素", ("pixel", "pixels")),
    Unit("rpm", "rpm", "rpm", "转/分", ()),
    Unit("%", "%", "%", "%", ("percent", "per cent")),
    Unit("°c", "°C", "°C", "°C", ("摄氏度",)),
    Unit("people", "person", "people", "人", ("persons",)),
    Unit("piece", "piece", "pieces", "件", ("pcs", "pc")),
)

_BY_ALIAS = {
    alias.casefold(): unit
    for unit in _UNITS
    for alias in (unit.name, unit.singular, unit.plural, unit.zh, *unit.aliases)
}


def canonical(unit: str) -> str:
    """The one name of a unit however it is written; unknown units are case-folded."""
    folded = unit.strip().casefold()
    known = _BY_ALIAS.get(folded)
    return known.name if known else folded


def spelled(unit: str, value: Decimal, language: str) -> str:
    """The unit as written after `value` in `language`; unknown units stay as given."""
    known = _BY_ALIAS.get(unit.strip().casefold())
    if known is None:
        return unit.strip()
    if language == "zh":
        return "岁" if unit.strip() == "y" else known.zh
    return known.singular if value == 1 else known.plural


def spellings() -> tuple[str, ...]:
    """Every known way to write a unit, longest first."""
    return tuple(sorted(_BY_ALIAS, key=len, reverse=True))


def quantity(value: Decimal, unit: str, language: str) -> str:
    """A number with its unit: `40 hours`, `38 克`, `20%`."""
    text = number(value)
    word = spelled(unit, value, language)
    if not word:
        return text
    return f"{text}{word}" if word in {"%", '"'} else f"{text} {word}"


def number(value: Decimal) -> str:
    """A number without trailing zeros or an exponent: `40`, `6.7`, `124969`."""
    plain = format(value.normalize(), "f")
    return plain if "." not in plain else plain.rstrip("0").rstrip(".")
