"""Generated queries with limits: no product returned may violate one, and none is lost that satisfies all."""

import asyncio
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from shopguide.gateway.v1 import guide_service_pb2 as pb
from shopguide.type.v1 import catalog_pb2, product_pb2, query_pb2
from shopguide_client import AsyncClient

_AT_ONCE = 4
_SHOPPER_EN = query_pb2.Shopper(visitor_id="limits", language_code="en")
_NANOS = 1_000_000_000
_COMMON = 20


@dataclass(frozen=True)
class LimitQuery:
    """Words with limits in them, and the test that every product must pass."""

    text: str
    """What is searched for."""
    conditions: tuple[query_pb2.Condition, ...]
    """The limits that the words state."""


@dataclass(frozen=True)
class Violation:
    """A product that was returned against a limit, without the answer saying that the limit was relaxed."""

    query: str
    """The words."""
    product_id: str
    """The product."""
    condition: str
    """The limit."""


def price_of(product: product_pb2.Product) -> float | None:
    """Return the price in major units."""
    if not product.price.currency_code:
        return None
    return float(product.price.units + product.price.nanos / _NANOS)


def satisfies(product: product_pb2.Product, condition: query_pb2.Condition) -> bool:
    """Return whether a product passes a test on price, brand or an attribute; a missing value fails a range."""
    if condition.WhichOneof("test") == "none_of":
        return not _texts(product, condition.field) & {v.casefold() for v in condition.none_of.values}
    if condition.WhichOneof("test") == "any_of":
        return bool(_texts(product, condition.field) & {v.casefold() for v in condition.any_of.values})
    numbers = _numbers(product, condition.field)
    low = condition.range.minimum if condition.range.HasField("minimum") else float("-inf")
    high = condition.range.maximum if condition.range.HasField("maximum") else float("inf")
    return any(low <= n <= high for n in numbers)


def _texts(product: product_pb2.Product, field: str) -> set[str]:
    if field == "brand":
        return {product.brand.casefold()}
    values = product.attributes.get(field.removeprefix("attributes."))
    return {t.casefold() for t in values.texts} if values else set()


def _numbers(product: product_pb2.Product, field: str) -> list[float]:
    if field == "price":
        price = price_of(product)
        return [] if price is None else [price]
    values = product.attributes.get(field.removeprefix("attributes."))
    return list(values.numbers) if values else []


def generate(
    about: catalog_pb2.CatalogDescription, topics: Sequence[str], count: int, seed: int = 0
) -> Iterator[LimitQuery]:
    """Yield English and Chinese queries over the topics with one to three limits on price and brand."""
    rng = random.Random(seed)
    prices = about.prices[0]
    brands = [b.value for b in about.brands[:_COMMON] if b.value.isascii()]
    for _ in range(count):
        topic = rng.choice(topics)
        words, conditions = _price_limit(rng, prices, topic)
        if brands and rng.random() < 0.5:  # noqa: PLR2004 - every other query
            brand = rng.choice(brands)
            words += f"，不要{brand}" if _is_chinese(words) else f", not {brand}"
            conditions.append(query_pb2.Condition(field="brand", none_of=query_pb2.TextSet(values=[brand])))
        yield LimitQuery(words, tuple(conditions))


def _is_chinese(words: str) -> bool:
    return any("\u4e00" <= c <= "\u9fff" for c in words)


def _price_limit(
    rng: random.Random, prices: catalog_pb2.PriceRange, topic: str
) -> tuple[str, list[query_pb2.Condition]]:
    high = round(rng.uniform(prices.minimum + 5, min(prices.maximum, prices.minimum + 1500)))
    low = round(high * rng.uniform(0.2, 0.8))
    under, above = query_pb2.NumberRange(maximum=high), query_pb2.NumberRange(minimum=low)
    between = query_pb2.NumberRange(minimum=low, maximum=high)
    words, bounds = rng.choice(
        [
            (f"{topic} under ${high}", under),
            (f"{topic} less than {high} dollars", under),
            (f"{topic} over ${low}", above),
            (f"{topic} between {low} and {high} dollars", between),
            (f"{high}美元以内的{topic}", under),
            (f"{topic} {low}到{high}美元", between),
        ]
    )
    return words, [query_pb2.Condition(field="price", range=bounds)]


async def run(client: AsyncClient, catalog: str, queries: Sequence[LimitQuery]) -> dict[str, Any]:
    """Return how many queries, products, violations, relaxed and empty answers there were, with the violations."""
    permits = asyncio.Semaphore(_AT_ONCE)

    async def one(query: LimitQuery) -> tuple[LimitQuery, pb.SearchResponse]:
        async with permits:
            page = await client.search(
                catalog, query.text, _SHOPPER_EN, page_size=20, view=query_pb2.PRODUCT_VIEW_FULL, timeout=60
            )
            return query, page

    pages = await asyncio.gather(*(one(q) for q in queries))
    violations = [v for query, page in pages for v in find_violations(query, page)]
    return {
        "queries": len(pages),
        "products": sum(len(page.results) for _, page in pages),
        "not_understood": sum(not understood(query, page) for query, page in pages),
        "relaxed": sum(bool(_given_up(page)) for _, page in pages),
        "empty": sum(not page.results for _, page in pages),
        "violations": len(violations),
        "examples": [v.__dict__ for v in violations[:20]],
    }


def understood(query: LimitQuery, page: pb.SearchResponse) -> bool:
    """Return whether every stated limit was read as a hard one."""
    hard = {
        (c.condition.field, c.condition.WhichOneof("test"))
        for c in page.understanding.constraints
        if c.strength == query_pb2.Constraint.STRENGTH_HARD
    }
    return all((c.field, c.WhichOneof("test")) in hard for c in query.conditions)


def _given_up(page: pb.SearchResponse) -> set[str]:
    applied = query_pb2.ConstraintOutcome.OUTCOME_APPLIED
    return {o.constraint.condition.field for o in page.constraint_outcomes if o.outcome != applied}


def find_violations(query: LimitQuery, page: pb.SearchResponse) -> Iterator[Violation]:
    """Yield the products that break a stated limit which the answer does not name as given up."""
    given_up = _given_up(page)
    for condition in query.conditions:
        if condition.field in given_up:
            continue
        for result in page.results:
            if not satisfies(result.product, condition):
                yield Violation(query.text, result.product_id, str(condition).replace("\n", " "))
