"""What can be asked of a catalogue: counts, price ranges, brands, categories, attributes and their values.

Everything comes from counts that the index keeps (facets), not from reading products. What was counted is kept until it
can have changed: words until products change, prices and stock until offers do; so a shop whose prices change every
minute has its vocabulary counted once.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from shopguide_retrieval.domain.catalog import AttributeKind, AttributeSpec, Catalog, CategorySpec
from shopguide_retrieval.domain.limits import ATTRIBUTE_PREFIX, Limit, price_key
from shopguide_retrieval.domain.vocabulary import (
    MAX_VOCABULARY,
    ValueCount,
    Vocabulary,
    by_count,
    parse,
    shown,
)
from shopguide_retrieval.ports import ProductStore, TextStore
from shopguide_runtime.money import to_major
from shopguide_runtime.text import normalize_value

MAX_BRANDS = 5_000
MAX_CATEGORIES = 2_000
MAX_ATTRIBUTES = 500
MAX_VALUES = 200
MAX_LANGUAGES = 100
COVERED_CATEGORIES, COVERED_IN_A_PART = 100, 10
"""Attribute coverage is counted for this many of the largest categories, in a part of a catalogue for fewer: each takes a
count of its own, and a part is described while a shopper waits."""
_PARALLEL_FACETS = 4
_CACHED = 64
_CHANGED_BY_OFFERS = ("price.", "availability")
"""Keys of limits that the products of a part depend on prices and stock by."""


@dataclass(frozen=True, slots=True)
class PriceSpan:
    """Lowest and highest price in one currency, in major units."""

    currency: str
    minimum: float
    maximum: float
    count: int


@dataclass(frozen=True, slots=True)
class CategorySummary:
    """A category, its products and the share of them that carries each attribute."""

    name: str
    count: int
    spec: CategorySpec | None
    coverage: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AttributeSummary:
    """An attribute, the products that carry it, the range of its numbers and its most frequent texts."""

    spec: AttributeSpec
    count: int
    minimum: float | None
    maximum: float | None
    values: tuple[ValueCount, ...]


@dataclass(frozen=True, slots=True)
class Description:
    """The vocabulary of a catalogue or of a part of it."""

    catalog: Catalog
    product_count: int
    prices: tuple[PriceSpan, ...]
    brands: tuple[ValueCount, ...]
    categories: tuple[CategorySummary, ...]
    attributes: tuple[AttributeSummary, ...]
    languages: tuple[ValueCount, ...]
    faq_count: int
    review_count: int


@dataclass(frozen=True, slots=True)
class Words:
    """The part of a description that prices and stock do not change."""

    product_count: int
    brands: tuple[ValueCount, ...]
    categories: tuple[CategorySummary, ...]
    attributes: tuple[AttributeSummary, ...]
    languages: tuple[ValueCount, ...]


T = TypeVar("T")


class _Kept(Generic[T]):
    """Values by key, each made once at a time however many ask for it; the least recently used go first."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._values: OrderedDict[tuple[object, ...], T] = OrderedDict()
        self._locks: dict[tuple[object, ...], asyncio.Lock] = {}

    async def get(self, key: tuple[object, ...], make: Callable[[], Awaitable[T]]) -> T:
        """Return the value of a key, made when it is not kept."""
        if key not in self._values:
            async with self._locks.setdefault(key, asyncio.Lock()):
                if key not in self._values:
                    self._values[key] = await make()
            self._locks.pop(key, None)
        value = self._values[key]
        self._values.move_to_end(key)
        while len(self._values) > self._most:
            self._values.popitem(last=False)
        return value


class Describer:
    """Describes catalogues and parts of them."""

    def __init__(self, products: ProductStore, reviews: TextStore, faq: TextStore) -> None:
        """Take the parts of the index."""
        self._products = products
        self._reviews = reviews
        self._faq = faq
        self._descriptions: _Kept[Description] = _Kept(_CACHED)
        self._words: _Kept[Words] = _Kept(_CACHED)
        self._texts: _Kept[tuple[int, int]] = _Kept(_CACHED)

    async def describe(self, catalog: Catalog, limits: Sequence[Limit]) -> Description:
        """Return the description of the products within limits."""
        key = (catalog.name, catalog.state, tuple(limits))
        return await self._descriptions.get(key, lambda: self._describe(catalog, limits))

    async def _describe(self, catalog: Catalog, limits: Sequence[Limit]) -> Description:
        offers = any(limit.key.startswith(_CHANGED_BY_OFFERS) for limit in limits)
        key = (catalog.name, catalog.state if offers else catalog.revision, tuple(limits))
        spans = (price_span(self._products, catalog, limits, c) for c in sorted(catalog.currencies))
        words, (faq_count, review_count), prices = await asyncio.gather(
            self._words.get(key, lambda: self._count_words(catalog, limits)),
            self._texts.get((catalog.name, catalog.revision), lambda: self._count_texts(catalog)),
            asyncio.gather(*spans),
        )
        return Description(
            catalog,
            words.product_count,
            tuple(p for p in prices if p is not None),
            words.brands,
            words.categories,
            words.attributes,
            words.languages,
            faq_count,
            review_count,
        )

    async def _count_words(self, catalog: Catalog, limits: Sequence[Limit]) -> Words:
        count, languages, keys, entries = await asyncio.gather(
            self._products.count(catalog, limits),
            self._products.facet(catalog, "language", limits, MAX_LANGUAGES),
            self._products.facet(catalog, "keys", limits, MAX_VOCABULARY),
            self._products.facet(catalog, "vocabulary", limits, MAX_VOCABULARY),
        )
        vocabulary = parse(entries)
        return Words(
            count,
            tuple(shown(vocabulary.texts["brand"])[:MAX_BRANDS]),
            await self._categories(catalog, limits, vocabulary, count, keys),
            _attributes(catalog, vocabulary, keys),
            tuple(by_count(ValueCount(k, n) for k, n in languages.items())),
        )

    async def _count_texts(self, catalog: Catalog) -> tuple[int, int]:
        """Return how many FAQ entries and reviews there are."""
        return await asyncio.gather(self._faq.count(catalog, []), self._reviews.count(catalog, []))

    async def _categories(
        self,
        catalog: Catalog,
        limits: Sequence[Limit],
        vocabulary: Vocabulary,
        count: int,
        all_keys: Mapping[str, int],
    ) -> tuple[CategorySummary, ...]:
        names = shown(vocabulary.texts["category"])[:MAX_CATEGORIES]
        permits = asyncio.Semaphore(_PARALLEL_FACETS)

        async def coverage(name: ValueCount) -> Mapping[str, float]:
            if name.count == count:
                return {k: n / count for k, n in all_keys.items()}
            async with permits:
                limit = Limit("category", any_of=(normalize_value(name.value),))
                keys = await self._products.facet(catalog, "keys", (*limits, limit), MAX_VOCABULARY)
                return {k: min(1.0, n / name.count) for k, n in keys.items()}

        most = COVERED_IN_A_PART if limits else COVERED_CATEGORIES
        covered = await asyncio.gather(*(coverage(name) for name in names[:most]))
        uncovered: list[Mapping[str, float]] = [{} for _ in names[most:]]
        return tuple(
            CategorySummary(name.value, name.count, _spec_of(catalog, name.value), shares)
            for name, shares in zip(names, [*covered, *uncovered], strict=True)
        )


async def price_span(
    products: ProductStore, catalog: Catalog, limits: Sequence[Limit], currency: str
) -> PriceSpan | None:
    """Return the prices in one currency under limits, or None when there are none."""
    key = price_key(currency)
    lowest, highest, count = await asyncio.gather(
        products.nearest(catalog, limits, key, -1, above=True, size=1),
        products.nearest(catalog, limits, key, float(2**53), above=False, size=1),
        products.count(catalog, (*limits, Limit(key, minimum=0))),
    )
    if not lowest or not highest:
        return None
    return PriceSpan(currency, to_major(int(lowest[0]), currency), to_major(int(highest[0]), currency), count)


def _spec_of(catalog: Catalog, name: str) -> CategorySpec | None:
    wanted = normalize_value(name)
    return next((spec for spec in catalog.categories.values() if wanted in spec.names()), None)


def _attributes(
    catalog: Catalog, vocabulary: Vocabulary, keys: Mapping[str, int]
) -> tuple[AttributeSummary, ...]:
    ordered = sorted(keys, key=lambda k: (-keys[k], k))[:MAX_ATTRIBUTES]
    return tuple(_attribute(catalog, vocabulary, key, keys[key]) for key in ordered)


def _attribute(catalog: Catalog, vocabulary: Vocabulary, key: str, count: int) -> AttributeSummary:
    name = f"{ATTRIBUTE_PREFIX}{key}"
    numbers = vocabulary.numbers.get(name, [])
    return AttributeSummary(
        _spec(catalog, key, vocabulary.units.get(name, {})),
        count,
        min(numbers, default=None),
        max(numbers, default=None),
        tuple(shown(vocabulary.texts.get(name, {}))[:MAX_VALUES]),
    )


def _spec(catalog: Catalog, key: str, units: Mapping[str, int]) -> AttributeSpec:
    """Return the platform's specification, completed by what the values say."""
    given = catalog.attributes.get(key, AttributeSpec(key))
    kind = given.kind or catalog.kind(key)
    kind = AttributeKind.TEXT if kind is AttributeKind.MIXED else kind
    unit = given.unit or max(sorted(units), key=lambda u: units[u], default="")
    return AttributeSpec(key, kind, unit, given.labels, given.higher_is_better, given.value_aliases)
