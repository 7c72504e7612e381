"""Queries and vocabularies of the public development data, where it is present."""

from __future__ import annotations

import csv
import gzip
import json
import os
from collections import Counter, defaultdict
from pathlib import Path

from shopguide_intent.domain.vocabulary import Attribute, AttributeKind, Category, ValueCount, Vocabulary

DATA = Path(os.environ.get("SHOPGUIDE_DATA", Path(__file__).parents[3] / "shared" / "data"))
_KINDS = {"t": AttributeKind.TEXT, "n": AttributeKind.NUMBER, "b": AttributeKind.BOOLEAN}


def rows(path: str) -> list[dict[str, str]]:
    """Rows of one compressed CSV file."""
    with gzip.open(DATA / path, "rt", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def queries(path: str, column: str = "query") -> list[str]:
    """Distinct texts of a column, in order."""
    return list(dict.fromkeys(row[column] for row in rows(path)))


def _values(counts: Counter[str], limit: int) -> tuple[ValueCount, ...]:
    return tuple(ValueCount(value, count) for value, count in counts.most_common(limit) if value)


def esci() -> Vocabulary:
    """General merchandise: brands, category paths, colours."""
    products = rows("esci150/products.csv.gz")
    names = Counter(name for p in products for name in p["category"].split(" > ") if name)
    colors = Counter(p["color"] for p in products if p["color"])
    coverage = {"color": colors.total() / len(products)}
    color = Attribute(
        "color", AttributeKind.TEXT, "", ("color", "colour"), _values(colors, 200), {}, colors.total()
    )
    categories = tuple(
        Category(name, count, "", (name,), coverage) for name, count in names.most_common(2000)
    )
    brands = _values(Counter(p["brand"] for p in products), 5000)
    return Vocabulary("esci", "1", len(products), ("USD",), brands, categories, (color,))


def icecat() -> Vocabulary:
    """Electronics with 500 typed attributes."""
    values: dict[str, list[object]] = defaultdict(list)
    kinds: Counter[str] = Counter()
    carried: dict[str, Counter[str]] = defaultdict(Counter)
    products = rows("icecat_chorus/products.csv.gz")
    for product in products:
        attributes = json.loads(product["attributes"])
        kind = attributes.get("attr_t_product_type") or ""
        kinds[kind] += 1
        for key, value in attributes.items():
            values[key].append(value)
            carried[kind][key[7:]] += 1
    categories = tuple(
        Category(kind, count, "", (kind,), {key: n / count for key, n in carried[kind].items()})
        for kind, count in kinds.most_common(2000)
        if kind
    )
    frequent = sorted(values.items(), key=lambda item: -len(item[1]))[:500]
    brands = _values(Counter(p["brand"] for p in products), 5000)
    return Vocabulary(
        "icecat",
        "1",
        len(products),
        ("USD",),
        brands,
        categories,
        tuple(_attribute(k, v) for k, v in frequent),
    )


def _attribute(name: str, values: list[object]) -> Attribute:
    kind, key = _KINDS[name[5]], name[7:]
    labels = (key.replace("_", " "),)
    if kind is AttributeKind.TEXT:
        return Attribute(key, kind, "", labels, _values(Counter(map(str, values)), 200), {}, len(values))
    numbers = [float(str(v)) if not isinstance(v, bool) else float(v) for v in values]
    return Attribute(key, kind, "", labels, (), {}, len(values), min(numbers), max(numbers))
