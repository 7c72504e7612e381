"""True answers about products of the demo catalogue, and the same answers with one lie planted in each."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from random import Random

from google.type import money_pb2

from shopguide.type.v1 import answer_pb2, product_pb2, query_pb2
from shopguide_devstack.catalogue.loader import Catalogue
from shopguide_devstack.catalogue.model import AttributeSpec, FaqEntry, Language, Product
from shopguide_evaluation.grounding import TurnFacts

INVENTED_ZH = ("云鲸", "澜岸", "拾柒社", "墨屿纪")
INVENTED_EN = ("Zephyrix", "Quandoro", "Halverstone", "Brimolta")


@dataclass(frozen=True)
class Slot:
    """A word or figure of an answer, with lies that could stand in its place."""

    true: str
    lies: tuple[tuple[str, str], ...] = ()


@dataclass
class Answer:
    """An answer in pieces, and the facts that came with it."""

    facts: TurnFacts
    pieces: list[str | Slot] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The true answer."""
        return "".join(p if isinstance(p, str) else p.true for p in self.pieces)

    def lies(self) -> Iterator[tuple[str, str]]:
        """Yield (what kind of lie, the answer with this one lie)."""
        for position, slot in enumerate(self.pieces):
            if isinstance(slot, Slot):
                for kind, lie in slot.lies:
                    changed = [*self.pieces[:position], lie, *self.pieces[position + 1 :]]
                    yield kind, "".join(p if isinstance(p, str) else p.true for p in changed)


def amount_text(amount: Decimal, currency: str) -> str:
    """¥1,299, $57.50."""
    text = f"{amount:,.2f}".removesuffix(".00")
    return f"{'¥' if currency == 'CNY' else '$'}{text}"


def money(amount: Decimal, currency: str) -> money_pb2.Money:
    """Return an amount as a message."""
    units = int(amount)
    return money_pb2.Money(currency_code=currency, units=units, nanos=int((amount - units) * 10**9))


class World:
    """The demo catalogue in one language, ready to be talked about."""

    def __init__(self, catalogue: Catalogue, language: Language) -> None:
        self.language = language
        self.chinese = language == "zh"
        self.products = [p for p in catalogue.products(language) if p.rating and "-v" not in p.id]
        self.faq = list(catalogue.faq(language))
        self.specs: dict[str, AttributeSpec] = {a.key: a for a in catalogue.attributes()}

    def price(self, product: Product) -> Decimal:
        """Selling price."""
        return Decimal(product.price.amount)

    def show(self, amount: Decimal) -> str:
        """Price as a shopper sees it."""
        return amount_text(amount, "CNY" if self.chinese else "USD")

    def name(self, product: Product) -> str:
        """Short name: the title up to the first description."""
        words = product.title.replace(",", "").split()
        count = len(product.brand.split()) + (2 if len(words) > 2 and words[2].isdigit() else 1)
        return " ".join(words[: max(2, count)])

    def measures(self, product: Product) -> list[tuple[str, float, str, str]]:
        """Key, number, label and unit word of every measure, as an answer would word them."""
        found = []
        for key, values in product.attributes.items():
            spec = self.specs[key]
            if values.numbers and values.unit:
                unit = spec.unit_labels.get(self.language, (values.unit,))[0]
                found.append((key, values.numbers[0], spec.labels[self.language][0], unit))
        return found

    def source(self, product: Product) -> answer_pb2.Source:
        """The product as the writer gets it: typed facts."""
        currency = product.price.currency_code
        facts = [
            answer_pb2.Fact(key="name", text=product.title),
            answer_pb2.Fact(key="brand", text=product.brand),
            answer_pb2.Fact(key="price", money=money(self.price(product), currency)),
            answer_pb2.Fact(key="list_price", money=money(Decimal(product.original_price.amount), currency)),
            answer_pb2.Fact(key="rating", number=_average(product)),
            answer_pb2.Fact(key="rating_count", number=_ratings(product)),
            answer_pb2.Fact(key="category", text=product.category_path[-1]),
        ]
        for key, values in product.attributes.items():
            facts += [answer_pb2.Fact(key=key, number=n, unit=values.unit) for n in values.numbers]
            facts += [answer_pb2.Fact(key=key, text=t) for t in values.texts]
        kind = answer_pb2.Source.KIND_PRODUCT
        return answer_pb2.Source(id=product.id, kind=kind, title=product.title, facts=facts)

    def shown(self, product: Product) -> query_pb2.ScoredProduct:
        """The product as the shopper sees it."""
        currency = product.price.currency_code
        message = product_pb2.Product(
            id=product.id,
            title=product.title,
            brand=product.brand,
            category_path=product.category_path,
            price=money(self.price(product), currency),
            original_price=money(Decimal(product.original_price.amount), currency),
            rating=product_pb2.Rating(average=_average(product), count=_ratings(product)),
        )
        return query_pb2.ScoredProduct(product_id=product.id, product=message)

    def groups(self, rng: Random, count: int) -> Iterator[tuple[Product, Product]]:
        """Yield pairs of products of one category, the second one cheaper, with different names and ratings."""
        while count:
            first = rng.choice(self.products)
            fitting = [
                p
                for p in self.products
                if p.category_path == first.category_path
                and self.price(p) < self.price(first)
                and p.brand != first.brand
                and f"{_average(p):.1f}" != f"{_average(first):.1f}"
            ]
            if fitting and self.measures(first):
                count -= 1
                yield first, rng.choice(fitting)


def _changed(rng: Random, shown: str, forbidden: Callable[[str], bool]) -> str:
    """Return a number with one digit changed, one that would not be true as well."""
    places = [i for i, c in enumerate(shown) if c.isdigit()]
    for _ in range(100):
        place = rng.choice(places)
        digit = rng.choice("123456789")
        lie = shown[:place] + digit + shown[place + 1 :]
        if lie != shown and not forbidden(lie):
            return lie
    raise AssertionError(shown)


class Author:
    """Writes true answers with places for lies."""

    def __init__(self, world: World, rng: Random) -> None:
        self._world = world
        self._rng = rng

    def price_slot(self, product: Product, other: Product) -> Slot:
        """A price: swapped with the other product's, or with a changed digit."""
        world = self._world
        shown, swapped = world.show(world.price(product)), world.show(world.price(other))
        was = world.show(Decimal(product.original_price.amount))
        gap = world.show(world.price(product) - world.price(other))
        digit = _changed(self._rng, shown, lambda lie: lie in {swapped, was, gap})
        return Slot(shown, (("price swapped", swapped), ("price digit", digit)))

    def measure_slot(self, product: Product, other: Product) -> tuple[str, Slot]:
        """A label and its measure: another number, or a wrong unit."""
        world = self._world
        key, number, label, unit = self._rng.choice(world.measures(product))
        true = f"{number:g}"
        known = {f"{n:g}" for p in (product, other) for _, n, _, _ in world.measures(p)}
        gaps = {
            f"{abs(a - b):g}"
            for _, a, _, _ in world.measures(product)
            for _, b, _, _ in world.measures(other)
        }
        digit = _changed(self._rng, true, lambda lie: f"{float(lie):g}" in known | gaps)
        units = ["公斤", "小时", "毫升", "英寸", "瓦"] if world.chinese else ["kg", "hours", "ml", "W", "dB"]
        used = (
            {u for _, _, _, u in world.measures(product)}
            | {unit, "千克"}
            | ({"hours"} if unit == "h" else set())
        )
        wrong = self._rng.choice(
            [
                u
                for u in units
                if u not in used and not (u == "公斤" and "千克" in used and key == "weight_kg")
            ]
        )
        return label, Slot(
            f"{true} {unit}", (("number digit", f"{digit} {unit}"), ("unit", f"{true} {wrong}"))
        )

    def rating_slot(self, product: Product, other: Product) -> Slot:
        """A rating."""
        true = f"{_average(product):.1f}"
        theirs = f"{_average(other):.1f}"
        far = [f"{x / 10:.1f}" for x in range(35, 50) if abs(x / 10 - _average(product)) > 0.1]
        lie = self._rng.choice([x for x in far if x != theirs])
        swapped = (("rating swapped", theirs),) if theirs in far else ()
        return Slot(true, (("rating", lie), *swapped))

    def name_slot(self, product: Product, other: Product) -> Slot:
        """A name: an invented brand, an invented product, the other product's name beside this one's number."""
        world = self._world
        true = world.name(product)
        invented = self._rng.choice(INVENTED_ZH if world.chinese else INVENTED_EN)
        branded = invented + true[len(product.brand) :]
        lies = [("brand", branded), ("name swapped", world.name(other))]
        lies.append(
            ("invented product", f"{invented} {self._rng.choice(['K80', 'V12', 'Nova 5', 'T3 Max'])}")
        )
        return Slot(true, tuple(lies))

    def count_slot(self, true: int, forbidden: set[int]) -> Slot:
        """A count."""
        lie = true + self._rng.choice([7, 11, 20, 31])
        while lie in forbidden:
            lie += 1
        return Slot(str(true), (("count", str(lie)),))

    def recommendation(self, first: Product, second: Product) -> Answer:
        """How many there are, a first choice, and a cheaper one with what it saves."""
        world = self._world
        matched = self._rng.randint(23, 60)
        words = "帮我挑一个" if world.chinese else "help me pick one"
        facts = TurnFacts(
            sources=[world.source(first), world.source(second)],
            products=[world.shown(first), world.shown(second)],
            matched_size=matched,
            shopper_words=[words],
        )
        label, measure = self.measure_slot(first, second)
        count = self.count_slot(matched, {_ratings(first), _ratings(second)})
        gap = world.price(first) - world.price(second)
        names = self.name_slot(first, second), self.name_slot(second, first)
        prices = self.price_slot(first, second), self.price_slot(second, first)
        ratings = self.rating_slot(first, second), self.rating_slot(second, first)
        reviews = self.count_slot(_ratings(first), {_ratings(second)})
        form = self._rng.choice(_FORMS_ZH if world.chinese else _FORMS_EN)
        named: dict[str, str | Slot] = {
            "count": count, "reviews": reviews, "label": label, "measure": measure, "gap": world.show(gap),
            "name1": names[0], "price1": prices[0], "rating1": ratings[0],
            "name2": names[1], "price2": prices[1], "rating2": ratings[1],
        }  # fmt: skip
        return Answer(facts, _fill(form, named))

    def table(self, first: Product, second: Product) -> Answer:
        """A comparison in a table."""
        world = self._world
        facts = TurnFacts(sources=[world.source(first), world.source(second)])
        words = ("价格", "评分") if world.chinese else ("Price", "Rating")
        pieces: list[str | Slot] = [
            f"| | {world.name(first)} [1] | {world.name(second)} [2] |\n|---|---|---|\n| {words[0]} | ",
            self.price_slot(first, second), " | ", self.price_slot(second, first), f" |\n| {words[1]} | ",
            self.rating_slot(first, second), " | ", self.rating_slot(second, first), " |\n",
        ]  # fmt: skip
        return Answer(facts, pieces)

    def policy(self, entry: FaqEntry) -> Answer | None:
        """A rule of the shop, word for word; the lie is another number of days, times or money."""
        source = answer_pb2.Source(
            id=entry.id,
            kind=answer_pb2.Source.KIND_POLICY,
            title=entry.question,
            facts=[answer_pb2.Fact(key="answer", text=entry.answer)],
        )
        figures = list(re.finditer(r"(?<![\d.,:])\d+(?![\d:,.])", entry.answer))
        if not figures:
            return None
        chosen = self._rng.choice(figures)
        known = set(re.findall(r"\d+", entry.answer))
        lie = _changed(
            self._rng,
            chosen.group(),
            lambda x: x in known or x == "1",
        )
        slot = Slot(chosen.group(), (("policy", lie),))
        before, after = entry.answer[: chosen.start()], entry.answer[chosen.end() :]
        opening, closing = ("按店铺规定：", " [1]") if self._world.chinese else ("The shop's rule: ", " [1]")
        quoted = self._rng.random() < 0.5
        quotes = ("“", "”") if quoted else ("", "")
        return Answer(
            TurnFacts(sources=[source]),
            [f"{opening}{quotes[0]}{before}", slot, f"{after}{quotes[1]}{closing}"],
        )

    def digest(self, product: Product) -> Answer:
        """What reviews say, with how often."""
        chinese, average, ratings = self._world.chinese, _average(product), _ratings(product)
        points = _POINTS_ZH if chinese else _POINTS_EN
        counts = self._rng.sample(range(11, ratings + 60), 3)
        facts = [answer_pb2.Fact(key="rating_count", number=ratings)]
        facts.append(answer_pb2.Fact(key="rating", number=average))
        for point, count in zip(points, counts, strict=True):
            facts.append(answer_pb2.Fact(key="praise", text=point, mention_count=count, provenance="reviews"))
        kind = answer_pb2.Source.KIND_REVIEW_DIGEST
        source = answer_pb2.Source(id="d", kind=kind, title=product.title, subject_id=product.id, facts=facts)
        used = {*counts, ratings}
        named: dict[str, str | Slot] = {f"p{n}": point for n, point in enumerate(points)}
        named["total"] = self.count_slot(ratings, used)
        named["rating"] = Slot(f"{average:.1f}", (("rating", "2.9"),))
        for n, count in enumerate(counts):
            swapped = ("count swapped", str(counts[n - 1]))
            named[f"c{n}"] = Slot(str(count), (*self.count_slot(count, used).lies, swapped))
        facts_of_turn = TurnFacts(sources=[source, self._world.source(product)])
        return Answer(facts_of_turn, _fill(_DIGEST_ZH if chinese else _DIGEST_EN, named))


def _average(product: Product) -> float:
    return product.rating.average if product.rating else 0.0


def _ratings(product: Product) -> int:
    return product.rating.count if product.rating else 0


_POINTS_ZH = ("做工扎实", "性价比高", "包装差")
_POINTS_EN = ("well made", "good value", "poor packaging")
_FORMS_ZH = (
    (
        "符合的有 {count} 款，首选{name1} [1]：{price1}，{label} {measure}，评分 {rating1}。"
        "想省一些，可以看 {name2} [2]，{price2}，便宜 {gap}，评分 {rating2}。"
    ),
    (
        "一共找到 {count} 款。最值得看的是 {name1} [1]，{reviews} 条评价，{rating1} 分，现在 {price1}；"
        "它的{label}是 {measure}。"
        "预算紧的话选{name2} [2]，{price2} 就能买到，省下 {gap}，{rating2}★。"
    ),
    (
        "建议先看{name1} [1]（{price1}，评分 {rating1}），{label} {measure}。{name2} [2] 比 {name1} [1] 便宜 {gap}，"
        "只要 {price2}，评分 {rating2}。满足条件的共有 {count} 款。"
    ),
    (
        "{price1} 的{name1} [1] 评分 {rating1}，有 {reviews} 条评价，{label}为 {measure}。"
        "要更便宜，有 {price2} 的 {name2} [2]，评分 {rating2}。符合要求的商品有 {count} 款。"
    ),
)
_FORMS_EN = (
    (
        "{count} products match. I would start with the {name1} [1]: {price1}, {label} {measure}, rated {rating1}. "
        "The {name2} [2] is {gap} cheaper at {price2}, rated {rating2}."
    ),
    (
        "Of {count} options, the {name1} [1] stands out at {price1}, with {rating1} stars from {reviews} reviews and "
        "{measure} ({label}). To save {gap}, take the {name2} [2] for {price2}; it has {rating2} stars."
    ),
    (
        "The {name1} [1] costs {price1} and is rated {rating1}. Its {label} is {measure}, and it has {reviews} reviews. "
        "If that is too much, {name2} [2] is {price2}, {gap} less, and rated {rating2}. In all, {count} products fit."
    ),
    (
        "At {price1}, the {name1} [1] is rated {rating1}; the {name2} [2], at {price2}, is rated {rating2}. "
        "The listing of {name1} [1] states {measure} for {label}. Both are among {count} matches."
    ),
)
_DIGEST_ZH = (
    "{total} 条评价，评分 {rating} [1]。提到最多的优点：{p0}（{c0} 次）、{p1}（{c1} 次）。"
    "主要的抱怨：{p2}（{c2} 次）[1]。"
)
_DIGEST_EN = (
    "{total} reviews, rated {rating} [1]. Buyers like most: {p0} ({c0} mentions), {p1} ({c1} mentions). "
    "They complain about: {p2} ({c2} times) [1]."
)


def _fill(form: str, named: dict[str, str | Slot]) -> list[str | Slot]:
    parts = re.split(r"\{(\w+)\}", form)
    return [named[part] if n % 2 else part for n, part in enumerate(parts)]


def answers(catalogue: Catalogue, language: Language, seed: int, count: int) -> list[Answer]:
    """Return `count` recommendations, a table and a digest for every third, and all rules of the shop with numbers."""
    rng = Random(seed)
    world = World(catalogue, language)
    author = Author(world, rng)
    found: list[Answer] = []
    for number, (first, second) in enumerate(world.groups(rng, count)):
        found.append(author.recommendation(first, second))
        if number % 3 == 0:
            found += [author.table(first, second), author.digest(first)]
    rules = (author.policy(entry) for entry in world.faq)
    return found + [rule for rule in rules if rule is not None]
