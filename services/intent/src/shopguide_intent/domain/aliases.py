# ruff: noqa: E501 (word lists and patterns read better unbroken)
"""Names that one brand has in the other language, and words that are also everyday things."""

from __future__ import annotations

_PAIRS = (
    "apple 苹果|huawei 华为|xiaomi 小米|samsung 三星|sony 索尼|lenovo 联想|dell 戴尔|hp 惠普|asus 华硕|acer 宏碁|microsoft 微软|honor 荣耀|"
    "meizu 魅族|oneplus 一加|nokia 诺基亚|motorola 摩托罗拉|google 谷歌|logitech 罗技|philips 飞利浦|panasonic 松下|"
    "siemens 西门子|bosch 博世|dyson 戴森|midea 美的|haier 海尔|gree 格力|hisense 海信|canon 佳能|nikon 尼康|fujifilm 富士|"
    "bose 博士|sennheiser 森海塞尔|edifier 漫步者|nike 耐克|adidas 阿迪达斯|puma 彪马|converse 匡威|"
    "newbalance 新百伦|skechers 斯凯奇|asics 亚瑟士|fila 斐乐|lining 李宁|anta 安踏|uniqlo 优衣库|levis 李维斯|"
    "lancome 兰蔻|loreal 欧莱雅|olay 玉兰油|nivea 妮维雅|chanel 香奈儿|dior 迪奥|gucci 古驰|tefal 特福|supor 苏泊尔|zojirushi 象印|"
    "thermos 膳魔师|lego 乐高|nintendo 任天堂|ikea 宜家|dji 大疆|roborock 石头|ecovacs 科沃斯"
)


def _build() -> dict[str, tuple[str, ...]]:
    names: dict[str, tuple[str, ...]] = {}
    for latin, han in (row.split() for row in _PAIRS.split("|")):
        names |= {latin: (han,), han: (latin,)}
    return names


BRAND_ALIASES = _build()
"""Other names of a brand, by its normalised name."""

_FOOD = "吃 斤 箱 水果 新鲜 脆 甜 红富士 果园 汁 醋 干 派 糖心 榨 juice cider fresh organic pie sauce fruit eat snack lb lbs slices"

EVERYDAY_CONTEXT: dict[str, frozenset[str]] = {
    "苹果": frozenset(_FOOD.split()),
    "apple": frozenset(_FOOD.split()),
    "小米": frozenset(["粥", "熬", "斤", "杂粮", "粮食", "五谷", "有机", "煮"]),
    "黑莓": frozenset(_FOOD.split()),
    "blackberry": frozenset(_FOOD.split()),
    "石头": frozenset(["鹅卵石", "摆件", "石材", "原石"]),
    "dove": frozenset(["bird", "hunting", "white"]),
    "shell": frozenset(["sea", "beach", "turtle", "hard", "soft", "taco"]),
    "orange": frozenset([*_FOOD.split(), "color", "colour"]),
}
"""Words beside a brand-like word that make it the everyday thing instead."""
