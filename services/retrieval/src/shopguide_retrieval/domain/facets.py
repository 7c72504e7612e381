"""Counts of the values of fields among the products within limits."""

from collections.abc import Sequence
from dataclasses import dataclass

from shopguide_retrieval.domain.catalog import Catalog
from shopguide_retrieval.domain.describe import price_span
from shopguide_retrieval.domain.limits import ATTRIBUTE_PREFIX, Limit
from shopguide_retrieval.domain.model import Availability
from shopguide_retrieval.domain.vocabulary import (
    MAX_VOCABULARY,
    ValueCount,
    Vocabulary,
    by_count,
    parse,
    shown,
)
from shopguide_retrieval.ports import ProductStore
from shopguide_runtime.errors import FieldViolation, InvalidArgument
from shopguide_runtime.validation import FIELD_UNKNOWN_VALUE

MAX_VALUES = 50
_PLAIN = frozenset({"language", "availability"})
_WORDS = frozenset({"brand", "category"})
_NUMBERS = frozenset({"price", "rating"})


@dataclass(frozen=True, slots=True)
class Facet:
    """A field, its most frequent values and the range of its numbers."""

    field: str
    values: tuple[ValueCount, ...] = ()
    minimum: float | None = None
    maximum: float | None = None


def check_facets(catalog: Catalog, fields: Sequence[str]) -> None:
    """Raise InvalidArgument when the catalogue does not have one of the fields."""
    for position, field in enumerate(fields):
        known = field.startswith(ATTRIBUTE_PREFIX) and catalog.kind(field.removeprefix(ATTRIBUTE_PREFIX))
        if not known and field not in _PLAIN | _WORDS | _NUMBERS:
            path = f"spec.facet_fields[{position}]"
            raise InvalidArgument(
                [FieldViolation(path, "the catalog has no such field", FIELD_UNKNOWN_VALUE)]
            )


async def count_facets(
    products: ProductStore, catalog: Catalog, limits: Sequence[Limit], fields: Sequence[str], currency: str
) -> list[Facet]:
    """Return the facets in the order of `fields`; prices are in `currency`, else in the catalogue's first one."""
    vocabulary = Vocabulary()
    if any(f not in _PLAIN | _NUMBERS for f in fields):
        vocabulary = parse(await products.facet(catalog, "vocabulary", limits, MAX_VOCABULARY))
    return [await _facet(products, catalog, limits, field, vocabulary, currency) for field in fields]


async def _facet(
    products: ProductStore,
    catalog: Catalog,
    limits: Sequence[Limit],
    field: str,
    vocabulary: Vocabulary,
    currency: str,
) -> Facet:
    if field == "price":
        return await _price(products, catalog, limits, currency)
    if field == "rating":
        lowest = await products.nearest(catalog, limits, "rating", 0, above=True, size=1)
        highest = await products.nearest(catalog, limits, "rating", 6, above=False, size=1)
        return Facet(field, (), lowest[0] if lowest else None, highest[0] if highest else None)
    if field in _PLAIN:
        counts = await products.facet(catalog, field, limits, MAX_VALUES)
        return Facet(field, tuple(by_count(ValueCount(_word(field, v), n) for v, n in counts.items())))
    numbers = vocabulary.numbers.get(field, [])
    values = tuple(shown(vocabulary.texts.get(field, {}))[:MAX_VALUES])
    return Facet(field, values, min(numbers, default=None), max(numbers, default=None))


async def _price(products: ProductStore, catalog: Catalog, limits: Sequence[Limit], currency: str) -> Facet:
    wanted = currency if currency in catalog.currencies else min(catalog.currencies, default="")
    span = await price_span(products, catalog, limits, wanted) if wanted else None
    return Facet("price", (), span.minimum, span.maximum) if span else Facet("price")


def _word(field: str, value: str) -> str:
    return Availability(int(value)).name.lower() if field == "availability" else value
