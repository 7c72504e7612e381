"""Products held in columns: which of them pass a condition, found by looking at every one (the oracle of the limits).

Nothing here is shared with the retrieval service but the contract's messages: values are compared by this module's own
rules, so that a mistake of the service's is not repeated by what judges it.
"""

import unicodedata
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from shopguide.type.v1 import product_pb2, query_pb2
from shopguide_client.importing import native
from shopguide_client.importing.mapping import RowMapper, load_mapping
from shopguide_client.importing.rows import read_rows

Mask = NDArray[np.bool_]
"""True for the products that pass, in the order of the products."""

Numbers = tuple[NDArray[np.int64], NDArray[np.float64]]
"""Positions of products and a number of each, one row for every number."""

_NANOS = 1_000_000_000
_ATTRIBUTE = "attributes."


def read_products(path: Path, mapping: str, most: int = 0) -> list[product_pb2.Product]:
    """Return the products of a file as `shopguide import` sends them, the last of each id; at most `most` rows if set.

    Raises RowError for a bad row.
    """
    convert = RowMapper(load_mapping(mapping)).product if mapping else native.product
    found: dict[str, product_pb2.Product] = {}
    for row in read_rows(path):
        if most and len(found) >= most:
            break
        message = convert(row.values)
        found[message.id] = message
    return list(found.values())


def normal(text: str) -> str:
    """Return the form in which texts are compared: compatible characters, no case, single spaces."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


class Products:
    """A catalogue in columns."""

    def __init__(self, products: Sequence[product_pb2.Product]) -> None:
        """Take the products in a fixed order."""
        self.all = list(products)
        self.position = {p.id: i for i, p in enumerate(self.all)}
        gone = product_pb2.Product.AVAILABILITY_OUT_OF_STOCK
        self.available: Mask = np.array([p.availability != gone for p in self.all], dtype=np.bool_)
        self._texts: dict[str, dict[str, list[int]]] = {}
        self._numbers: dict[str, Numbers] = {}
        self._index_fixed()
        self._index_attributes()

    def _index_fixed(self) -> None:
        brands: dict[str, list[int]] = {}
        categories: dict[str, list[int]] = {}
        for i, one in enumerate(self.all):
            brands.setdefault(normal(one.brand), []).append(i)
            for name in set(one.category_path):
                categories.setdefault(normal(name), []).append(i)
        self._texts |= {"brand": brands, "category": categories}
        priced = [(i, price_of(p)) for i, p in enumerate(self.all) if p.HasField("price")]
        rated = [(i, p.rating.average) for i, p in enumerate(self.all) if p.HasField("rating")]
        self._numbers |= {"price": _columns(priced), "rating": _columns(rated)}

    def _index_attributes(self) -> None:
        numbers: dict[str, list[tuple[int, float]]] = {}
        for i, one in enumerate(self.all):
            for key, values in one.attributes.items():
                field = f"{_ATTRIBUTE}{key}"
                numbers.setdefault(field, []).extend((i, n) for n in values.numbers)
                for text in values.texts:
                    self._texts.setdefault(field, {}).setdefault(normal(text), []).append(i)
        self._numbers |= {field: _columns(rows) for field, rows in numbers.items()}

    def numbers(self, field: str) -> Numbers:
        """Return the numbers of a field; prices in major units."""
        return self._numbers.get(field, _columns([]))

    def passing(self, condition: query_pb2.Condition) -> Mask:
        """Return the products that pass; a missing value passes `none_of` only."""
        test = condition.WhichOneof("test")
        if test == "range":
            return self._in_range(condition)
        listed = condition.any_of.values if test == "any_of" else condition.none_of.values
        found = np.zeros(len(self.all), dtype=np.bool_)
        for value in listed:
            found[self._texts.get(condition.field, {}).get(normal(value), [])] = True
        return found if test == "any_of" else ~found

    def passing_all(self, conditions: Iterable[query_pb2.Condition]) -> Mask:
        """Return the products that can be bought and pass every condition."""
        found = self.available.copy()
        for condition in conditions:
            found &= self.passing(condition)
        return found

    def _in_range(self, condition: query_pb2.Condition) -> Mask:
        positions, values = self.numbers(condition.field)
        low, high = bounds(condition)
        found = np.zeros(len(self.all), dtype=np.bool_)
        found[positions[(values >= low) & (values <= high)]] = True
        return found

    def nearest(self, condition: query_pb2.Condition, among: Mask) -> list[float]:
        """Return the numbers nearest to a range outside of it (two when equally near), over the products of a mask."""
        positions, values = self.numbers(condition.field)
        values = values[among[positions]]
        low, high = bounds(condition)
        above, below = values[values > high], values[values < low]
        found = [float(above.min())] if len(above) else []
        found += [float(below.max())] if len(below) else []
        distances = [v - high if v > high else low - v for v in found]
        return [v for v, d in zip(found, distances, strict=True) if np.isclose(d, min(distances), 1e-9, 1e-9)]


def bounds(condition: query_pb2.Condition) -> tuple[float, float]:
    """Return the bounds of a range, infinite where open."""
    low = condition.range.minimum if condition.range.HasField("minimum") else float("-inf")
    high = condition.range.maximum if condition.range.HasField("maximum") else float("inf")
    return low, high


def price_of(product: product_pb2.Product) -> float:
    """Return the price in major units, rounded to hundredths."""
    return float(round(product.price.units + product.price.nanos / _NANOS, 2))


def _columns(rows: Sequence[tuple[int, float]]) -> Numbers:
    return np.array([i for i, _ in rows], dtype=np.int64), np.array([v for _, v in rows], dtype=np.float64)
