"""How the reasons of the ranking are said, as predicates of a product: one place for the writer and for the checker.

`{other}` stands for another product with its citation, `{percent}` for a whole number.
"""

from shopguide_generation.domain.signals import Signal

PREDICATES: dict[str, dict[Signal, str]] = {
    "en": {
        Signal.BOUGHT_WITH: "is often bought together with {other}",
        Signal.COMPLEMENTS: "goes well with {other}",
        Signal.REPURCHASE_DUE: "is about due to be bought again",
        Signal.BOUGHT_TOGETHER: "is often bought together with what you chose before",
        Signal.VIEWED_RECENTLY: "is one that you looked at recently",
        Signal.MATCHES_TASTE: "is close to what you looked at and bought before",
        Signal.ALIKE_SHOPPERS: "is what shoppers with a taste like yours chose",
        Signal.TRENDING: "is asked for more than before",
        Signal.NEW_ARRIVAL: "is new in the shop",
        Signal.CHEAPER_THAN: "costs less than {percent}% of its category",
        Signal.CHEAP_FOR_CATEGORY: "is priced low for its category",
        Signal.GOOD_VALUE: "is rated well and costs less than most of its kind that were found",
        Signal.POPULAR: "is popular in this shop",
    },
    "zh": {
        Signal.BOUGHT_WITH: "常与{other} 一起买",
        Signal.COMPLEMENTS: "适合搭配{other}",
        Signal.REPURCHASE_DUE: "差不多到您再次购买的时候了",
        Signal.BOUGHT_TOGETHER: "常与您之前选的商品一起买",
        Signal.VIEWED_RECENTLY: "是您最近看过的",
        Signal.MATCHES_TASTE: "接近您之前看过、买过的商品",
        Signal.ALIKE_SHOPPERS: "是喜好与您相近的顾客选过的",
        Signal.TRENDING: "最近关注的人在增加",
        Signal.NEW_ARRIVAL: "是店里新上架的",
        Signal.CHEAPER_THAN: "比同类 {percent}% 的商品价格低",
        Signal.CHEAP_FOR_CATEGORY: "价格在同类里偏低",
        Signal.GOOD_VALUE: "评价不错，而且比找到的多数同类便宜",
        Signal.POPULAR: "在这家店很受欢迎",
    },
}
