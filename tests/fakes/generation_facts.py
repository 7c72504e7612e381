"""Random but reproducible facts for the generation service: shops of both languages, complete and with gaps."""

from dataclasses import replace
from decimal import Decimal
from random import Random

from shopguide_generation.domain.facts import (
    AnswerContext,
    Budget,
    Fact,
    Limit,
    Money,
    Option,
    Outcome,
    OutcomeStatus,
    Slot,
    Source,
    SourceKind,
    Task,
)
from shopguide_generation.domain.signals import Signal

BRANDS = {
    "en": ["Norte", "Soundvale", "Mirela", "Costa", "Ola", "Velden", "Harrow & Finch", "TREBLAB", "Q-Lab"],
    "zh": ["声谷", "和悦", "北麓", "云栖", "小满", "Norte", "木子工坊"],
}
MODELS = ["Q7", "S2", "H900", "Lite", "A5", "Air Pro 3", "X-100", "Mini", "Tour 40", "V2 Max"]
CATEGORIES = {
    "en": ["Headphones", "Phones", "Blenders", "Sandals", ""],
    "zh": ["耳机", "手机", "吹风机", "凉鞋", ""],
}
ENDINGS = {
    "en": [
        "",
        " Wireless Headphones",
        ", Black/Silver, with case",
        " - 2024 edition (new)",
        " Set of 3 for Home & Travel | Gift Box",
    ],
    "zh": ["", " 头戴式", "2024新款大容量家用多功能便携式", "【官方】旗舰款 送礼佳品", "（黑色）"],
}
NUMBERS: list[tuple[str, str, dict[str, str], list[str], bool | None]] = [
    ("battery_hours", "h", {"en": "battery", "zh": "续航"}, ["24", "30", "35", "40", "45.5"], True),
    ("weight", "g", {"en": "weight", "zh": "重量"}, ["198", "218", "240", "256", "231.5"], None),
    ("anc_depth", "dB", {"en": "noise cancelling", "zh": "降噪深度"}, ["28", "32", "45", "48"], True),
    ("screen_size", "inch", {"en": "screen", "zh": "屏幕"}, ["5.8", "6.1", "6.7"], None),
    ("memory", "GB", {}, ["8", "12", "16"], None),
    ("warranty", "months", {"zh": "质保"}, ["12", "24", "36"], True),
    ("lumen_output", "lm", {"en": "light output", "zh": "光通量"}, ["800", "1200"], None),
    ("port_count", "", {"en": "ports", "zh": "接口数"}, ["2", "3", "6"], None),
]
TEXTS: list[tuple[str, dict[str, str], dict[str, list[str]]]] = [
    ("color", {}, {"en": ["sage", "Black", "off-white"], "zh": ["黑色", "米白", "红"]}),
    ("material", {}, {"en": ["linen", "Full-grain leather"], "zh": ["亚麻", "头层牛皮"]}),
    (
        "water_resistance",
        {"en": "water resistance", "zh": "防水"},
        {"en": ["IPX4", "IP68"], "zh": ["IPX4", "IP68"]},
    ),
    ("bluetooth", {"en": "Bluetooth", "zh": "蓝牙"}, {"en": ["5.3", "5.0"], "zh": ["5.3", "5.0"]}),
    ("form", {"en": "form", "zh": "款式"}, {"en": ["over-ear", "in-ear"], "zh": ["头戴式", "入耳式"]}),
]
FLAGS = [
    ("noise_cancelling", {"en": "noise cancelling mode", "zh": "主动降噪"}),
    ("foldable", {"en": "folding hinge", "zh": "折叠设计"}),
]
PRODUCT_TASKS = (
    Task.RECOMMEND,
    Task.SIMILAR,
    Task.GIFT,
    Task.COMPARE,
    Task.BUNDLE,
    Task.DEAL,
    Task.PRODUCT_QUESTION,
)
USES = {"en": ["running", "commuting", "a beach wedding", ""], "zh": ["跑步", "通勤", "出差", ""]}
POLICIES = {
    "en": "Damaged items can be replaced or refunded within 30 days, and the return label is free. Other returns cost $5.",
    "zh": "质量问题由店铺承担运费；七天无理由退货由买家承担，开通“退换无忧”的订单除外。30天内可换货。",
}
REVIEWS = {
    "en": [
        "Works great with my PS5 over the cable. Comfortable too.",
        "Loud fan, but it dries hair in two minutes!",
    ],
    "zh": ["风力大，两分钟就半干。", "线有点短，只有1.6米，其他都好"],
}
POINTS = {"en": (["strong air flow", "light"], ["short cord"]), "zh": (["风力大", "噪音小"], ["线短"])}


def product(rng: Random, language: str, number: int, currency: str) -> Source:
    """A product with a random share of all facts; sometimes with nothing but a title."""
    brand, model = rng.choice(BRANDS[language]), rng.choice(MODELS)
    title = f"{brand} {model}{rng.choice(ENDINGS[language])}"
    facts = [Fact("name", title)]
    if rng.random() < 0.7:
        facts.append(Fact("brand", brand))
    if rng.random() < 0.9:
        facts += _money(rng, currency)
    if rng.random() < 0.7:
        facts += [
            Fact("rating", Decimal(rng.choice(["4.1", "4.5", "4.7", "5"]))),
            Fact("rating_count", Decimal(rng.randint(3, 4000))),
        ]
    if rng.random() < 0.8:
        facts += _attributes(rng, language)
    if rng.random() < 0.5:
        facts += _signals(rng)
    return Source(f"p{number}", SourceKind.PRODUCT, title, tuple(facts))


def _money(rng: Random, currency: str) -> list[Fact]:
    amount = Decimal(rng.choice(["57", "64.50", "129", "231", "699", "1299", "1799.99", "12999"]))
    facts = [Fact("price", Money(amount, currency))]
    if rng.random() < 0.5:
        facts.append(
            Fact("list_price", Money(amount + Decimal(rng.choice(["0", "20", "33.10", "150"])), currency))
        )
    return facts


def _signals(rng: Random) -> list[Fact]:
    words = rng.sample([*(s.value for s in Signal), "COMPLEMENTS:p1", "MATCHES_QUERY"], rng.randint(1, 4))
    share = Decimal(rng.randint(0, 100)) / 100
    given = [Fact("reason", word, provenance="ranking") for word in words]
    return [*given, Fact("cheaper_than_share", share)] if rng.random() < 0.5 else given


def _attributes(rng: Random, language: str) -> list[Fact]:
    facts = []
    for key, unit, labels, values, better in rng.sample(NUMBERS, rng.randint(0, 5)):
        facts.append(Fact(key, Decimal(rng.choice(values)), unit, labels=labels, higher_is_better=better))
    for key, labels, texts in rng.sample(TEXTS, rng.randint(0, 4)):
        spoken = language if rng.random() < 0.85 else "en"
        facts.append(Fact(key, rng.choice(texts[spoken]), labels=labels))
    for key, labels in rng.sample(FLAGS, rng.randint(0, 2)):
        facts.append(Fact(key, rng.random() < 0.7, labels=labels))
    return facts


def context(rng: Random, language: str, task: Task) -> AnswerContext:
    """A request for any task, with 1 to 10 products where it takes some."""
    currency = rng.choice(["CNY", "USD", "EUR", "GBP", "JPY", "SEK"])
    category = rng.choice(CATEGORIES[language])
    products = [product(rng, language, n, currency) for n in range(1, rng.choice([1, 2, 3, 3, 4, 10]) + 1)]
    if category:
        products = [replace(p, facts=(*p.facts, Fact("category", category))) for p in products]
    if task is Task.BUNDLE:
        roles = {"en": ["dress", "sandals", "clutch"], "zh": ["裙子", "凉鞋", "手包"]}[language]
        products = [replace(p, role=roles[at % 3]) for at, p in enumerate(products)]
    use = rng.choice(USES[language])
    return AnswerContext(
        task=task,
        language=language,
        query={"en": "does it work with the PS5?", "zh": "这个能连 PS5 吗"}[language],
        sources=tuple(products + _others(rng, language, task)),
        total_matches=rng.choice([None, len(products), len(products) + 11]),
        outcomes=_outcomes(rng, currency, products, language) if task is Task.RECOMMEND else (),
        budget=Budget(Money(Decimal(rng.choice([250, 2000])), currency)) if task is Task.BUNDLE else None,
        missing_roles=rng.choice([(), {"en": ("hat",), "zh": ("帽子", "丝巾")}[language]])
        if task is Task.BUNDLE
        else (),
        recipient={"en": "my parents", "zh": "爸妈"}[language] if task is Task.GIFT else "",
        uses=(use,) if use else (),
        sentiment=rng.choice([-0.9, -0.2]),
        repeat_count=rng.choice([0, 2, 3]),
        slot=rng.choice([None, Slot("use", "", (Option({"en": "office", "zh": "办公室"}[language]),))]),
    )


def _others(rng: Random, language: str, task: Task) -> list[Source]:
    reviews = [
        Source(f"r{n}", SourceKind.REVIEW, "", (Fact("text", text),))
        for n, text in enumerate(REVIEWS[language])
    ]
    if task in {Task.SHOP_QUESTION, Task.COMPLAINT}:
        return [
            Source(
                "f1", SourceKind.POLICY, "returns", (Fact("answer", POLICIES[language], provenance="faq"),)
            )
        ]
    good, bad = POINTS[language]
    points = [Fact("praise", text, mention_count=rng.randint(0, 90)) for text in good]
    points += [Fact("complaint", text, mention_count=rng.randint(1, 40)) for text in bad]
    rated = Decimal(rng.choice([312, 300]))
    counted = [Fact("review_count", Decimal(312)), Fact("rated_count", rated)]
    head = [Fact("mean_stars", Decimal("4.6")), *counted]
    digest = Source("d1", SourceKind.REVIEW_DIGEST, "reviews", (*head, *points), subject_id="p1")
    return [digest, *reviews] if task in {Task.GIFT, Task.REVIEW_DIGEST, Task.PRODUCT_QUESTION} else []


def _outcomes(rng: Random, currency: str, products: list[Source], language: str) -> tuple[Outcome, ...]:
    ceiling = Limit("price", maximum=Decimal(rng.choice([60, 2000, 20000])), unit=currency)
    price = products[0].money("price")
    kept = price is not None and price.amount <= (ceiling.maximum or 0)
    found = [Outcome(ceiling, OutcomeStatus.APPLIED if kept else OutcomeStatus.RELAXED)]
    if rng.random() < 0.5:
        labels = {"en": "battery", "zh": "续航"}
        found.append(
            Outcome(
                Limit("battery_hours", minimum=Decimal(60), unit="h", labels=labels),
                OutcomeStatus.RELAXED,
                nearest=Decimal(45),
            )
        )
    if rng.random() < 0.3:
        wish = {"en": "made by hand", "zh": "手工制作"}[language]
        found.append(Outcome(Limit("", evidence=wish), OutcomeStatus.UNSUPPORTED, "UNKNOWN_FIELD"))
    return tuple(found)
