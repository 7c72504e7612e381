"""Planted lies: true statements made false in one place, and false statements made from scratch."""

import re
from collections.abc import Iterator
from decimal import Decimal
from random import Random

from shopguide_generation.domain.derived import measure
from shopguide_generation.domain.facts import AnswerContext, Money, Source
from shopguide_generation.domain.names import display_names
from shopguide_generation.domain.prices import price
from shopguide_generation.domain.units import quantity

WORDS = {
    "en": {
        "has": "{n} has {v}.",
        "costs": "{n} costs {v}.",
        "is": "{n} is {v}.",
        "rated": "{n} is rated {v}.",
        "extreme": [
            ("price", "{n} is the cheapest.", -1),
            ("weight", "{n} is the lightest.", -1),
            ("rating", "{n} has the highest rating.", 1),
        ],
        "invented": [
            "waterproof",
            "made of titanium",
            "with a solar panel",
            "certified organic",
            "dishwasher safe",
            "very comfortable",
            "the best in the world",
            "only 3 left in stock",
        ],
        "brand": ["Zorvex", "Kandoo", "Apple", "SONY"],
        "no": "{n} has no {l}.",
        "silent": "The page of {n} does not mention {l}.",
        "count": "Of the {c} products found, I would start with {n}.",
        "percent": "{n} is {v}% less.",
        "mentions": "“{p}” comes up {c} times [{d}].",
    },
    "zh": {
        "has": "{n}：{v}。",
        "costs": "{n}：{v}。",
        "is": "{n}，{v}。",
        "rated": "{n}，评分 {v}。",
        "extreme": [
            ("price", "{n} 是最便宜的。", -1),
            ("weight", "{n} 最轻。", -1),
            ("rating", "{n} 评分最高。", 1),
        ],
        "invented": [
            "防辐射",
            "钛合金机身",
            "支持无线充电",
            "有机认证",
            "可放洗碗机",
            "佩戴非常舒适",
            "全球销量第一",
            "仅剩 3 件",
        ],
        "brand": ["索尼", "佐维", "Apple", "SONY"],
        "no": "{n} 没有{l}。",
        "silent": "{n} 的页面没有提到{l}。",
        "count": "找到的有 {c} 款，首选{n}。",
        "percent": "{n}：省（{v}%）。",
        "mentions": "“{p}”被提到 {c} 次 [{d}]。",
    },
}


def lies(context: AnswerContext, rng: Random) -> Iterator[tuple[str, str]]:
    """Every kind of lie that these facts allow, with its kind."""
    names = [f"{name} [{n}]" for n, name in enumerate(display_names(context.sources), start=1)]
    words = WORDS[context.language]
    for number, source in context.products:
        yield from _about(context, rng, number, source, names[number - 1], words)
    matches = context.total_matches or len(context.products)
    yield "count", words["count"].format(c=matches + rng.randint(1, 30), n=names[0])
    for number, digest in enumerate(context.sources, start=1):
        for fact in (f for f in digest.facts if f.mention_count):
            yield "mentions", words["mentions"].format(p=fact.value, c=fact.mention_count + 1, d=number)


def truths(context: AnswerContext) -> Iterator[str]:
    """The same kinds of statement as the lies, true."""
    names = [f"{name} [{n}]" for n, name in enumerate(display_names(context.sources), start=1)]
    words, language = WORDS[context.language], context.language
    for number, source in context.products:
        name, amount, rating = names[number - 1], source.money("price"), source.number("rating")
        if amount:
            yield words["costs"].format(n=name, v=price(amount))
        if rating:
            yield words["rated"].format(n=name, v=rating)
        for fact in source.attributes:
            label = fact.labels.get(language, "")
            if isinstance(fact.value, Decimal) and fact.unit:
                yield words["has"].format(n=name, v=f"{label} {quantity(fact.value, fact.unit, language)}")
            if fact.value is False and label:
                yield words["no"].format(n=name, l=label)


def _about(
    context: AnswerContext, rng: Random, number: int, source: Source, name: str, words: dict
) -> Iterator[tuple[str, str]]:
    yield from _prices(context, source, name, words)
    yield from _figures(context, source, name, words)
    yield from _extremes(context, number, name, words)
    yield from _names(context, number, name, words, rng)
    yield from _flags(source, name, words, context.language)
    yield "invented", words["is"].format(n=name, v=rng.choice(words["invented"]))
    rating = source.number("rating")
    yield "rating", words["rated"].format(n=name, v="3.9" if rating != Decimal("3.9") else "3.8")
    yield "percent", words["percent"].format(n=name, v=rng.choice(["77", "61.3"]))
    yield "citation", words["rated"].format(n=name.replace(f"[{number}]", "[47]"), v=rating or 5)


def _prices(context: AnswerContext, source: Source, name: str, words: dict) -> Iterator[tuple[str, str]]:
    mine = source.money("price")
    for _, other in context.products:
        theirs = other.money("price")
        if theirs and theirs != mine:
            yield "price", words["costs"].format(n=name, v=price(theirs))
    if mine:
        yield "price", words["costs"].format(n=name, v=price(Money(mine.amount + 10, mine.currency)))
        wrong = "GBP" if mine.currency != "GBP" else "USD"
        yield "currency", words["costs"].format(n=name, v=price(Money(mine.amount, wrong)))


def _figures(context: AnswerContext, source: Source, name: str, words: dict) -> Iterator[tuple[str, str]]:
    language = context.language
    for fact in source.attributes:
        value, unit = measure(fact)
        if value is None or not unit:
            continue
        label = fact.labels.get(language, "")
        wrong = "kg" if fact.unit != "kg" else "day"
        yield "number", words["has"].format(n=name, v=f"{label} {quantity(value + 1, fact.unit, language)}")
        yield (
            "unit",
            words["has"].format(n=name, v=f"{label} {quantity(value, wrong, language)}"),
        )
        for other in source.attributes:
            twin, other_unit = measure(other)
            other_label = other.labels.get(language)
            if (
                other.key != fact.key
                and twin is not None
                and other_label
                and other_label != label
                and (twin, other_unit) != (value, unit)
            ):
                yield (
                    "swapped",
                    words["has"].format(n=name, v=f"{other_label} {quantity(value, fact.unit, language)}"),
                )
    for _, product in context.products:
        yield from _borrowed(product, source, name, words, language)


def _borrowed(
    product: Source, source: Source, name: str, words: dict, language: str
) -> Iterator[tuple[str, str]]:
    written = " ".join(str(fact.value) for fact in source.facts).casefold()
    for fact in product.attributes:
        if isinstance(fact.value, str) and fact.value.casefold() not in written:
            yield "attribute", words["is"].format(n=name, v=fact.value)
        value, unit = measure(fact)
        if value is not None and unit and not any(measure(mine) == (value, unit) for mine in source.facts):
            yield "borrowed", words["has"].format(n=name, v=quantity(value, fact.unit, language))


def _extremes(context: AnswerContext, number: int, name: str, words: dict) -> Iterator[tuple[str, str]]:
    for key, form, sign in words["extreme"]:
        values = {
            n: value
            for n, s in context.products
            if (fact := s.get(key)) and (value := measure(fact)[0]) is not None
        }
        complete = len(values) == len(context.products) > 1
        extreme = (max if sign > 0 else min)(values.values()) if values else None
        if not complete or values.get(number) != extreme:
            yield "superlative", form.format(n=name)


def _names(
    context: AnswerContext, number: int, name: str, words: dict, rng: Random
) -> Iterator[tuple[str, str]]:
    for other, source in context.products:
        if other != number and source.title != context.source(number).title:
            yield "citation", words["is"].format(n=re.sub(r"\[\d+\]", f"[{other}]", name), v=f"[{other}]")
            break
    yield "brand", words["is"].format(n=f"{rng.choice(words['brand'])} {name}", v=f"[{number}]")
    yield "name", words["is"].format(n=f"{rng.choice(words['brand'])} X900 [{number}]", v=f"[{number}]")


def _flags(source: Source, name: str, words: dict, language: str) -> Iterator[tuple[str, str]]:
    for fact in source.facts:
        label = fact.labels.get(language, "")
        if isinstance(fact.value, bool) and label:
            lie = (
                words["has"].format(n=name, v=label)
                if not fact.value
                else words["no"].format(n=name, l=label)
            )
            yield "flag", lie
        if label:
            yield "absence", words["silent"].format(n=name, l=label)


TURNS = (
    ("lighter", "heavier"),
    ("shorter", "longer"),
    (" less", " more"),
    (" hours", " days"),
    ("lower", "higher"),
    ("轻 ", "重 "),
    ("便宜 ", "贵 "),
    ("长 ", "短 "),
    ("小时", "分钟"),
    ("高 ", "低 "),
)
"""Words that turn a true statement into a false one."""


def tampered(text: str, rng: Random) -> Iterator[tuple[str, str]]:
    """A true statement with one number, one direction or one unit changed."""
    for found in re.finditer(r"(?<![\w.\[#-])\d[\d,.]*(?![\w\]])", text):
        digits = found.group().rstrip(".,")
        wrong = re.sub(r"\d", lambda d: str((int(d.group()) + rng.randint(1, 8)) % 10), digits, count=1)
        yield "tampered", text[: found.start()] + wrong + text[found.start() + len(digits) :]
    for right, wrong in TURNS:
        if re.search(rf"{right} ?[\d$¥£€]|[\d] ?g {right}|\d{right}|[\d€] {right.strip()}\b", text):
            yield "turned", text.replace(right, wrong, 1)
