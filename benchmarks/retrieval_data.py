"""The public development data as catalogues: products, queries, judgments (see facts in each set's README)."""

import csv
import gzip
import json
import os
import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from shopguide.type.v1 import product_pb2

DATA = Path(os.environ.get("SHOPGUIDE_DATA", Path(__file__).resolve().parents[2] / "shared" / "data"))
ESCI_GAINS = {"E": 1.0, "S": 0.1, "C": 0.01, "I": 0.0}

csv.field_size_limit(1 << 30)


@dataclass(frozen=True)
class Collection:
    """A set of products with judged queries; `pooled` ones are judged by ranking only what was judged."""

    name: str
    products: Callable[[], Iterator[product_pb2.Product]]
    judgments: Callable[[], dict[str, dict[str, float]]]
    pooled: bool = False


def _rows(path: str) -> Iterator[dict[str, str]]:
    with gzip.open(DATA / path, "rt", encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _judged(path: str, gain: Callable[[dict[str, str]], float]) -> dict[str, dict[str, float]]:
    found: dict[str, dict[str, float]] = defaultdict(dict)
    for row in _rows(path):
        found[row["query"]][row["product_id"]] = gain(row)
    return dict(found)


def _esci_products() -> Iterator[product_pb2.Product]:
    for row in _rows("esci150/products.csv.gz"):
        product = product_pb2.Product(
            id=row["product_id"],
            title=row["title"],
            brand=row["brand"],
            language_code="en",
            description=(row["bullet_points"] or row["description"])[:20_000],
            category_path=row["category"].split(" > ")[:10] if row["category"] else [],
        )
        _money(product, row["price"], "USD")
        if row["color"]:
            product.attributes["color"].texts.append(row["color"][:500])
        if row["rating"] and float(row["rating"]) >= 1:
            product.rating.average, product.rating.count = (
                float(row["rating"]),
                int(float(row["rating_count"] or 0)),
            )
        yield product


def _zh_products() -> Iterator[product_pb2.Product]:
    for row in _rows("zh_multicpr_mini/products.csv.gz"):
        yield product_pb2.Product(id=row["product_id"], title=row["title"], language_code="zh")


def _icecat_products() -> Iterator[product_pb2.Product]:
    for row in _rows("icecat_chorus/products.csv.gz"):
        attributes = json.loads(row["attributes"])
        kind = attributes.get("attr_t_product_type") or attributes.get("attr_t_type") or ""
        product = product_pb2.Product(
            id=row["product_id"],
            title=row["title"] or row["name"],
            brand=row["brand"],
            language_code="en",
            description=row["short_description"][:20_000],
            category_path=[str(kind)] if kind else [],
        )
        _money(product, str(int(row["price_cents"] or 0) / 100), "USD")
        for name, value in list(attributes.items())[:64]:
            _attribute(product, name, value)
        yield product


def _attribute(product: product_pb2.Product, name: str, value: object) -> None:
    key = re.sub(r"[^a-z0-9_]", "_", name[7:].lower())[:62]
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,62}", key) or key in product.attributes:
        return
    if isinstance(value, str):
        if value.strip():
            product.attributes[key].texts.append(value[:500])
    elif isinstance(value, (int, float)):
        product.attributes[key].numbers.append(float(value))


def _money(product: product_pb2.Product, amount: str, currency: str) -> None:
    if amount and float(amount) > 0:
        units, nanos = divmod(round(float(amount) * 100), 100)
        product.price.currency_code, product.price.units, product.price.nanos = (
            currency,
            units,
            nanos * 10_000_000,
        )


COLLECTIONS = {
    "esci150": Collection(
        "esci150",
        _esci_products,
        lambda: _judged("esci150/qrels_dev.csv.gz", lambda row: ESCI_GAINS[row["label"]]),
    ),
    "zh_multicpr_mini": Collection(
        "zh_multicpr_mini", _zh_products, lambda: _judged("zh_multicpr_mini/qrels_dev.csv.gz", lambda _: 1.0)
    ),
    "icecat_chorus": Collection(
        "icecat_chorus",
        _icecat_products,
        lambda: _judged("icecat_chorus/qrels_dev.csv.gz", lambda row: float(row["rating"])),
        pooled=True,
    ),
}
