"""A small bilingual catalogue vocabulary for tests of the intent service."""

from __future__ import annotations

from shopguide_intent.domain.vocabulary import Attribute, AttributeKind, Category, ValueCount, Vocabulary

FINGERPRINT = "fake-encoder@000000000000/384/e5"

_AUDIO = {
    "noise_cancelling": 1.0,
    "form": 1.0,
    "battery_hours": 0.95,
    "color": 1.0,
    "weight": 1.0,
    "bluetooth_version": 0.95,
}
_LAPTOP = {"memory_gb": 1.0, "storage_gb": 1.0, "weight": 1.0, "screen_inches": 1.0, "color": 0.6}
_PHONE = {
    "storage_gb": 1.0,
    "screen_inches": 1.0,
    "battery_mah": 1.0,
    "color": 1.0,
    "thickness": 0.9,
    "memory_gb": 1.0,
}
_CLOTHES = {"color": 1.0, "material": 0.95}
_SHOES = {"color": 1.0, "material": 0.95}


def _values(*names: str) -> tuple[ValueCount, ...]:
    return tuple(ValueCount(name, 100 - i) for i, name in enumerate(names))


def _category(spec: str, names: str, coverage: dict[str, float], count: int = 50) -> list[Category]:
    """Both stored names of one category; `names` is "zh/en" and more labels."""
    labels = tuple(names.split("/"))
    return [Category(name, count, spec, labels, coverage) for name in labels[:2]]


CATEGORIES = [
    *_category("headphones", "耳机/Headphones/earphones/headset", _AUDIO),
    *_category("laptops", "笔记本电脑/Laptops/笔记本/notebook computer", _LAPTOP),
    *_category("phones", "手机/Phones/smartphone/cell phone", _PHONE),
    *_category("dresses", "连衣裙/Dresses/裙子", _CLOTHES),
    *_category("sandals", "凉鞋/Sandals", _SHOES),
    *_category("bags", "包/Bags/包包/clutch/handbag", {"color": 1.0, "material": 0.5}),
    *_category("mice", "鼠标/Mice/mouse", {"color": 1.0}),
    *_category("fruit", "水果/Fruit", {}),
    *_category("creams", "面霜/Face Creams/moisturizer", {"fragrance_free": 1.0}),
]

WORDS = (
    Attribute(
        "noise_cancelling",
        AttributeKind.BOOLEAN,
        "",
        ("降噪", "noise cancelling", "noise canceling", "anc"),
        count=90,
    ),
    Attribute(
        "fragrance_free",
        AttributeKind.BOOLEAN,
        "",
        ("无香", "fragrance free", "fragrance-free"),
        count=40,
    ),
    Attribute("vibration", AttributeKind.BOOLEAN, "", ("震动", "vibration"), count=10),
    Attribute(
        "form",
        AttributeKind.TEXT,
        "",
        ("佩戴方式", "form"),
        _values("入耳式", "头戴式", "in-ear", "over-ear"),
        {
            "入耳": ("入耳式", "in-ear"),
            "in-ear": ("入耳式",),
            "头戴": ("头戴式", "over-ear"),
            "over-ear": ("头戴式",),
            "入耳式": ("in-ear",),
        },
        count=90,
    ),
    Attribute(
        "color",
        AttributeKind.TEXT,
        "",
        ("颜色", "color", "colour"),
        _values("黑色", "白色", "红色", "蓝色", "black", "white", "red", "dark red", "blue"),
        {"红": ("红色", "red"), "黑": ("黑色", "black")},
        count=300,
    ),
    Attribute(
        "material",
        AttributeKind.TEXT,
        "",
        ("材质", "material"),
        _values("leather", "linen", "真皮", "亚麻"),
        {"皮": ("真皮",)},
        200,
    ),
)

NUMBERS = (
    Attribute(
        "battery_hours",
        AttributeKind.NUMBER,
        "h",
        ("续航", "battery life", "battery"),
        count=90,
        minimum=4,
        maximum=80,
    ),
    Attribute(
        "battery_mah",
        AttributeKind.NUMBER,
        "mah",
        ("电池容量", "battery capacity"),
        count=50,
        minimum=3000,
        maximum=6000,
    ),
    Attribute(
        "bluetooth_version",
        AttributeKind.NUMBER,
        "",
        ("蓝牙版本", "蓝牙", "bluetooth"),
        count=90,
        minimum=4,
        maximum=5.4,
    ),
    Attribute("weight", AttributeKind.NUMBER, "g", ("重量", "weight"), count=150, minimum=4, maximum=2800),
    Attribute(
        "memory_gb",
        AttributeKind.NUMBER,
        "GB",
        ("内存", "memory", "ram"),
        count=100,
        minimum=4,
        maximum=64,
        higher_is_better=True,
    ),
    Attribute(
        "storage_gb",
        AttributeKind.NUMBER,
        "GB",
        ("存储", "硬盘", "storage", "ssd"),
        count=100,
        minimum=64,
        maximum=2000,
    ),
    Attribute(
        "screen_inches",
        AttributeKind.NUMBER,
        "inch",
        ("屏幕尺寸", "屏幕", "screen size", "screen"),
        count=100,
        minimum=5,
        maximum=17,
    ),
    Attribute(
        "thickness", AttributeKind.NUMBER, "mm", ("厚度", "thickness"), count=50, minimum=6, maximum=11
    ),
)


def vocabulary() -> Vocabulary:
    """Headphones, laptops, phones, clothes, shoes, fruit; prices in CNY and USD."""
    brands = _values("Apple", "Sony", "声谷", "Norte", "华为", "Samsung", "Lenovo")
    attributes = (*WORDS, *NUMBERS)
    return Vocabulary(
        "catalogs/demo", "r1", 500, ("CNY", "USD"), brands, tuple(CATEGORIES), attributes, FINGERPRINT
    )
