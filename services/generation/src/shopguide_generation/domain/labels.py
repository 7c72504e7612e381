"""What an attribute is called, which direction is better, and how two values of it are compared in words."""

import re
from dataclasses import dataclass

from shopguide_generation.domain.facts import Fact, Limit
from shopguide_generation.domain.units import canonical


@dataclass(frozen=True, slots=True)
class Family:
    """Attributes that are spoken of alike."""

    name: str
    tokens: frozenset[str]
    """Parts of a key (`battery` of `battery_hours`) that put it here."""
    units: frozenset[str]
    """Canonical units it is measured in; empty: any."""
    en: str
    zh: str
    more_en: str
    less_en: str
    more_zh: str
    less_zh: str
    higher_is_better: bool | None = None


def _family(name: str, tokens: str, units: str, words: str, *, better: bool | None) -> Family:
    en, zh, more_en, less_en, more_zh, less_zh = words.split("|")
    return Family(
        name, frozenset(tokens.split()), frozenset(units.split()), en, zh, more_en, less_en, more_zh, less_zh,
        better,
    )  # fmt: skip


GENERIC = _family("generic", "", "", "||higher|lower|多|少", better=None)

FAMILIES = (
    _family("price", "price", "", "price|价格|more|less|贵|便宜", better=False),
    _family("rating", "rating", "", "rating|评分|higher|lower|高|低", better=True),
    _family("weight", "weight", "g kg lb oz", "weight|重量|heavier|lighter|重|轻", better=False),
    _family(
        "endurance", "battery runtime playtime endurance standby", "h min day",
        "battery|续航|longer|shorter|长|短", better=True,
    ),
    _family("charge", "battery capacity", "mah wh", "battery|电池|larger|smaller|大|小", better=True),
    _family(
        "noise_cancelling", "anc cancelling canceling cancellation reduction", "db",
        "noise cancelling|降噪|stronger|weaker|强|弱", better=True,
    ),
    _family("noise", "noise sound loudness", "db", "noise|噪音|louder|quieter|大|小", better=False),
    _family("screen", "screen display", "in cm", "screen|屏幕|larger|smaller|大|小", better=None),
    _family(
        "memory", "memory ram storage disk ssd", "gb tb mb", "memory|内存|more|less|大|小", better=True
    ),
    _family("volume", "capacity volume", "l ml", "capacity|容量|larger|smaller|大|小", better=None),
    _family("warranty", "warranty guarantee", "month year day", "warranty|质保|longer|shorter|长|短", better=True),
    _family("power", "power wattage", "w", "power|功率|higher|lower|高|低", better=None),
    _family(
        "length", "length width height depth thickness diameter", "mm cm m in ft",
        "|尺寸|larger|smaller|大|小", better=None,
    ),
)  # fmt: skip

_WORDS_ZH = {
    "color": "颜色", "colour": "颜色", "material": "材质", "size": "尺寸", "form": "款式", "style": "风格",
    "capacity": "容量", "power": "功率", "weight": "重量", "warranty": "质保", "memory": "内存", "ram": "内存",
    "storage": "存储", "bluetooth": "蓝牙", "connectivity": "连接方式", "processor": "处理器", "price": "价格",
    "resolution": "分辨率", "rating": "评分", "brand": "品牌", "category": "类别", "noise_cancelling": "降噪",
    "water_resistance": "防水", "waterproof": "防水", "list_price": "原价", "rating_count": "评价数",
    "availability": "库存", "display": "屏幕", "screen_size": "屏幕", "battery": "续航", "length": "长度",
    "width": "宽度", "height": "高度", "flavor": "口味", "gender": "适用性别", "season": "季节",
}  # fmt: skip

_WORDS_EN = {"list_price": "list price", "rating_count": "reviews", "noise_cancelling": "noise cancelling"}

_UNIT_TOKENS = frozenset(
    {"hours", "hour", "h", "g", "kg", "mm", "cm", "inches", "inch", "db", "mah", "w", "l"}
)

_IDENTIFYING = re.compile(
    r"(^|_)(sku|ean|gtin|upc|asin|mpn|isbn|code|codename|model_number|part_number|serial|uuid|url|image|date|"
    r"country|origin|package|packaging|package_(weight|width|height|depth)|pallet|carton|harmonized|certificates?|"
    r"vendor|seller|stepping|lithography|transistors|id)(_|$)"
)


def key_tokens(key: str) -> frozenset[str]:
    """The parts of a key: `battery_hours` gives `battery`, `hours`."""
    return frozenset(re.split(r"[_\W]+", key.casefold())) - {""}


def family(key: str, unit: str = "") -> Family:
    """The family of an attribute; `GENERIC` when it is none of those known."""
    tokens, measured = key_tokens(key), canonical(unit)
    if key in {"list_price", "rating_count"}:
        return GENERIC
    for known in FAMILIES:
        if tokens & known.tokens and (not known.units or measured in known.units):
            return known
    return GENERIC


def label(item: Fact | Limit, language: str) -> str:
    """What the key is called in `language`: the given label, else a common word, else the key itself."""
    given = item.labels.get(language, "").strip()
    return given or default_label(item.key, item.unit, language)


def default_label(key: str, unit: str, language: str) -> str:
    """What a key is called when the facts give no label in `language`."""
    kin = family(key, unit)
    spoken = " ".join(part for part in key.split("_") if part not in _UNIT_TOKENS) or key
    if language == "zh":
        return _WORDS_ZH.get(key) or _WORDS_ZH.get(spoken.replace(" ", "_")) or kin.zh or spoken
    return _WORDS_EN.get(key) or (kin.en if kin.name in {"endurance", "charge"} else spoken)


def prefers_higher(fact: Fact) -> bool | None:
    """Whether a higher value serves the shopper better: as stated, else as commonly held, else None."""
    if fact.higher_is_better is not None:
        return fact.higher_is_better
    return family(fact.key, fact.unit).higher_is_better


def identifies(key: str) -> bool:
    """True for keys that name, date or package a product and so are never a reason to buy it."""
    return _IDENTIFYING.search(key.casefold()) is not None
