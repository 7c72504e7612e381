"""Invents the products: facts first, texts later."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from random import Random
from typing import Any

from shopguide_devstack.catalogue.kinds import Aspect, Kind, kinds, read_vocabulary
from shopguide_devstack.catalogue.model import LANGUAGES, Language
from shopguide_devstack.catalogue.pricing import charming, list_price, selling_price
from shopguide_devstack.catalogue.ratings import stars_histogram
from shopguide_devstack.catalogue.specs import attribute_spec
from shopguide_devstack.catalogue.traits import Fact, Facts, LevelTrait, TextTrait
from shopguide_devstack.catalogue.wishes import Wish, read_wishes
from shopguide_devstack.catalogue.words import Words

VARIANT_SHARE = 0.3
"""Share of products of a kind with a variant attribute that have variants."""
DISCOUNTED_SHARE = 0.35
"""Share of products that sell below their list price."""
PRICE_EXPONENTS = {"storage_gb": 0.16, "capacity_ml": 0.7, "net_weight_g": 0.75}
"""How the price of a variant grows with the attribute in which variants differ; otherwise they cost the same."""


@dataclass(frozen=True)
class Item:
    """A product before it is put into words."""

    id: str
    """Identifier of the product."""
    group_id: str
    """Identifier of the group of variants."""
    kind: Kind
    """What it is."""
    language: Language
    """Language of its texts."""
    brand: str
    """Brand."""
    model: str
    """Model, unique within brand, kind and language."""
    tier: float
    """Place in the price range of the kind, from 0 to 1."""
    price: float
    """Selling price, major units."""
    list_price: float
    """Price before discount."""
    availability: str
    """Name of a value of the `Product.Availability` enum."""
    facts: Facts
    """What the page states."""
    histogram: tuple[int, ...]
    """Ratings with 1, 2, 3, 4 and 5 stars; all zero for a product that nobody has rated."""
    reviews: int
    """Written reviews; variants after the first have none."""
    loved: tuple[Aspect, ...]
    """Aspects that reviews tend to praise."""
    disliked: tuple[Aspect, ...]
    """Aspects that reviews tend to complain about."""
    quotes: tuple[str, ...] = ()
    """Texts of favourable reviews that must stand among the reviews."""

    @property
    def rating_count(self) -> int:
        """Number of ratings."""
        return sum(self.histogram)

    @property
    def rating_average(self) -> float:
        """Mean stars, two decimals; 0 without ratings."""
        total = sum(stars * count for stars, count in enumerate(self.histogram, start=1))
        return round(total / self.rating_count, 2) if self.rating_count else 0.0


def invent_items(seed: int) -> tuple[Item, ...]:
    """Return every product of the catalogue; the same seed gives the same products."""
    return tuple(
        item for kind in kinds() for language in LANGUAGES for item in Maker(seed, kind, language).items()
    )


class Maker:
    """Invents the products of one kind in one language."""

    def __init__(self, seed: int, kind: Kind, language: Language) -> None:
        """Read what stands fixed for this kind and language."""
        self._root = f"{seed}/items/{kind.id}/{language}"
        self._kind = kind
        self._language = language
        self._names: set[tuple[str, str]] = set()
        self._fixed = _tables("product", kind, language)
        self._kept_free = [read_wishes(table) for table in _tables("kept_free", kind, language)]

    def items(self) -> Iterator[Item]:
        """Yield the fixed products, then the invented ones, each followed by its variants."""
        fixed = [self._fix(place, table) for place, table in enumerate(self._fixed)]
        yield from fixed
        for place in range(len(fixed), self._kind.count):
            item, rng = self._invent(place)
            yield from self._with_variants(item, rng)

    def _fix(self, place: int, table: Mapping[str, Any]) -> Item:
        self._names.add((table["brand"], table["model"]))
        rng = Random(f"{self._root}/{place}")
        low, high = self._kind.price[self._language]
        tier = math.log(table["price"] / low) / math.log(high / low)
        given = {key: self._given(key, value) for key, value in table["facts"].items()}
        drawn = self._draw_facts(rng, tier, given)
        facts = {key: fact for key, fact in drawn.items() if key not in table.get("missing", ())}
        item = self._finish(rng, place, (table["brand"], table["model"]), tier, facts)
        return replace(
            item,
            price=float(table["price"]),
            list_price=float(table["list_price"]),
            availability="AVAILABILITY_IN_STOCK",
            histogram=stars_histogram(table["rating"], table["ratings"]),
            reviews=table["reviews"],
            loved=self._aspects(table["love"]),
            disliked=self._aspects(table["gripe"]),
            quotes=tuple(table.get("quotes", ())),
        )

    def _given(self, key: str, value: float | str | list[str]) -> Fact:
        if isinstance(value, (int, float)):
            return float(value)
        trait = self._kind.trait(key)
        known = trait.values if isinstance(trait, TextTrait) else ()
        wanted = [value] if isinstance(value, str) else value
        return tuple(next(word for word in known if word.en == en) for en in wanted)

    def _aspects(self, names: list[str]) -> tuple[Aspect, ...]:
        return tuple(next(a for a in self._kind.aspects if a.id == name) for name in names)

    def _invent(self, place: int) -> tuple[Item, Random]:
        for attempt in range(50):
            rng = Random(f"{self._root}/{place}/{attempt}")
            tier = ((place + rng.random()) / self._kind.count) ** 1.2
            item = self._finish(rng, place, self._name(rng), tier, self._draw_facts(rng, tier, {}))
            if not any(_all_hold(wishes, item) for wishes in self._kept_free):
                self._names.add((item.brand, item.model))
                return item, rng
        raise RuntimeError(f"no product of kind {self._kind.id} fits beside the regions kept free")

    def _name(self, rng: Random) -> tuple[str, str]:
        brands, models = self._kind.brands[self._language], self._kind.models[self._language]
        while True:
            name = rng.choice(brands), rng.choice(models).replace("#", str(rng.randint(1, 9)))
            if name not in self._names:
                return name

    def _draw_facts(self, rng: Random, tier: float, given: Facts) -> Facts:
        facts: Facts = {}
        for trait in self._kind.traits:
            drawn = trait.draw(rng, tier, facts)
            fact = given.get(trait.key, drawn)
            if fact is not None:
                facts[trait.key] = fact
        return facts

    def _finish(self, rng: Random, place: int, name: tuple[str, str], tier: float, facts: Facts) -> Item:
        price = selling_price(rng, self._kind.price[self._language], tier, self._language)
        loved, disliked = plant_aspects(rng, self._kind, facts)
        reviews = written_reviews(rng)
        group = f"{self._language}-{self._kind.id}-{place + 1:03d}".replace("_", "-")
        return Item(
            id=group,
            group_id=group,
            kind=self._kind,
            language=self._language,
            brand=name[0],
            model=name[1],
            tier=tier,
            price=price,
            list_price=list_price(rng, price, self._language) if rng.random() < DISCOUNTED_SHARE else price,
            availability=draw_availability(rng),
            facts=facts,
            histogram=stars_histogram(rng.triangular(3.5, 4.95, 4.6), rating_count(rng, reviews)),
            reviews=reviews,
            loved=loved,
            disliked=disliked,
        )

    def _with_variants(self, item: Item, rng: Random) -> Iterator[Item]:
        yield item
        key = self._kind.variant
        if not key or key not in item.facts or rng.random() >= VARIANT_SHARE:
            return
        others = [fact for fact in self._choices(key) if fact != item.facts[key]]
        for number, fact in enumerate(rng.sample(others, min(len(others), rng.randint(1, 2))), start=2):
            yield self._variant(item, rng, number, key, fact)

    def _choices(self, key: str) -> list[Fact]:
        trait = self._kind.trait(key)
        if isinstance(trait, LevelTrait):
            return list(trait.levels)
        return [(word,) for word in trait.values] if isinstance(trait, TextTrait) else []

    def _variant(self, item: Item, rng: Random, number: int, key: str, fact: Fact) -> Item:
        factor = _price_factor(key, item.facts[key], fact)
        price = charming(item.price * factor, item.language) if factor != 1.0 else item.price
        return replace(
            item,
            id=f"{item.group_id}-v{number}",
            facts={**item.facts, key: fact},
            price=price,
            list_price=max(price, charming(item.list_price * factor, item.language))
            if factor != 1.0
            else item.list_price,
            availability=draw_availability(rng),
            reviews=0,
        )


def _tables(name: str, kind: Kind, language: Language) -> list[dict[str, Any]]:
    rows = read_vocabulary("featured")[name]
    return [row for row in rows if row["kind"] == kind.id and row["language"] == language]


def _all_hold(wishes: tuple[Wish, ...], item: Item) -> bool:
    return all(wish.check(item) for wish in wishes)


def _price_factor(key: str, base: Fact, other: Fact) -> float:
    if not (isinstance(base, float) and isinstance(other, float)):
        return 1.0
    return float((other / base) ** PRICE_EXPONENTS.get(key, 0.0))


def draw_availability(rng: Random) -> str:
    """Draw the name of an availability: most products are in stock, a few are sold out or not yet released."""
    names = ("AVAILABILITY_IN_STOCK", "AVAILABILITY_OUT_OF_STOCK", "AVAILABILITY_PREORDER")
    return rng.choices(names, (88, 8, 4))[0]


def written_reviews(rng: Random) -> int:
    """Draw how many reviews a product has; few have many."""
    return min(30, int(rng.lognormvariate(1.0, 0.9)))


def rating_count(rng: Random, reviews: int) -> int:
    """Draw how many rated a product of which `reviews` wrote something; new products may have no rating."""
    return int(reviews * rng.uniform(3, 8)) if reviews else rng.choice((0, 2, 5, 9))


def plant_aspects(rng: Random, kind: Kind, facts: Facts) -> tuple[tuple[Aspect, ...], tuple[Aspect, ...]]:
    """Choose what reviews praise (2 or 3 aspects) and complain about (1 or 2), in keeping with the facts."""
    merits = {aspect.id: _merit(aspect, kind, facts) + rng.uniform(-0.35, 0.35) for aspect in kind.aspects}
    ranked = sorted(kind.aspects, key=lambda aspect: -merits[aspect.id])
    loved = tuple(ranked[: rng.randint(2, 3)])
    return loved, tuple(ranked[-rng.randint(1, 2) :])


def _merit(aspect: Aspect, kind: Kind, facts: Facts) -> float:
    trait, fact = kind.trait(aspect.key), facts.get(aspect.key)
    if trait is None or fact is None:
        return 0.5
    place = trait.goodness(fact)
    return 1.0 - place if attribute_spec(aspect.key).higher_is_better is False else place


def text_of(fact: tuple[Words, ...], language: Language) -> tuple[str, ...]:
    """Return the words of a fact in one language."""
    return tuple(word.get(language) for word in fact)
