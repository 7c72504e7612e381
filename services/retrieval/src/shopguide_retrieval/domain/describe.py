"""What can be asked of a catalogue: counts, price ranges, brands, categories, attributes and their values.

Everything comes from counts that the index keeps (facets), not from reading products; whole-catalogue descriptions
are cached by revision.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

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
COVERED_CATEGORIES = 100
"""Attribute coverage is counted for this many of the largest categories."""
_PARALLEL_FACETS = 4
_CACHED = 64


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


class Describer:
    """Describes catalogues and parts of them."""

    def __init__(self, products: ProductStore, reviews: TextStore, faq: TextStore) -> None:
        """Take the parts of the index."""
        self._products = products
        self._reviews = reviews
        self._faq = faq
        self._cache: OrderedDict[tuple[str, str, tuple[Limit, ...]], Description] = OrderedDict()
        self._lock = asyncio.Lock()

    async def describe(self, catalog: Catalog, limits: Sequence[Limit]) -> Description:
        """Return the description of the products within limits."""
        key = (catalog.name, catalog.revision, tuple(limits))
        async with self._lock:
            if key not in self._cache:
                self._cache[key] = await self._describe(catalog, limits)
                while len(self._cache) > _CACHED:
                    self._cache.popitem(last=False)
            self._cache.move_to_end(key)
            return self._cache[key]

    async def _describe(self, catalog: Catalog, limits: Sequence[Limit]) -> Description:
        facets = await asyncio.gather(
            *(
                self._products.facet(catalog, key, limits, size)
                for key, size in (("vocabulary", MAX_VOCABULARY), ("keys", MAX_VOCABULARY), ("language", 100))
            )
        )
        vocabulary = parse(facets[0])
        counts = await asyncio.gather(
            self._products.count(catalog, limits),
            self._faq.count(catalog, []),
            self._reviews.count(catalog, []),
        )
        return Description(
            catalog,
            counts[0],
            tuple(
                [
                    s
                    for c in sorted(catalog.currencies)
                    if (s := await price_span(self._products, catalog, limits, c))
                ]
            ),
            tuple(shown(vocabulary.texts["brand"])[:MAX_BRANDS]),
            await self._categories(catalog, limits, vocabulary),
            _attributes(catalog, vocabulary, facets[1]),
            tuple(by_count(ValueCount(k, n) for k, n in facets[2].items())),
            counts[1],
            counts[2],
        )

    async def _categories(
        self, catalog: Catalog, limits: Sequence[Limit], vocabulary: Vocabulary
    ) -> tuple[CategorySummary, ...]:
        names = shown(vocabulary.texts["category"])[:MAX_CATEGORIES]
        permits = asyncio.Semaphore(_PARALLEL_FACETS)

        async def coverage(name: ValueCount) -> Mapping[str, float]:
            async with permits:
                limit = Limit("category", any_of=(normalize_value(name.value),))
                keys = await self._products.facet(catalog, "keys", (*limits, limit), MAX_VOCABULARY)
                return {k: min(1.0, n / name.count) for k, n in keys.items()}

        covered = await asyncio.gather(*(coverage(name) for name in names[:COVERED_CATEGORIES]))
        uncovered: list[Mapping[str, float]] = [{} for _ in names[COVERED_CATEGORIES:]]
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
