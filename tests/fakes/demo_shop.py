"""A part of the demo catalogue, small enough to be indexed within a test run, and what is known of it."""

import gzip
import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import resources
from typing import Any

from shopguide.retrieval.v1 import retrieval_service_pb2 as retrieval
from shopguide.type.v1 import product_pb2
from shopguide_client import IndexClient
from shopguide_client.importing import native

CATALOG = "catalogs/demo"
CATEGORIES = frozenset({"耳机", "吹风机", "Headphones", "Dresses", "Sandals", "Clutches"})
"""Leaf categories of the part: what the questions of the tests and of `make demo` are about."""

REVIEWED_PRODUCTS = 24
"""Products of the part whose reviews are imported."""

_WHOLE = os.environ.get("SHOPGUIDE_E2E_CATALOGUE") == "whole"
_BATCH = 64


@dataclass(frozen=True)
class Shop:
    """What was imported."""

    products: dict[str, product_pb2.Product]
    reviews: list[retrieval.Review]
    faq: list[retrieval.FaqEntry]


def _rows(kind: str) -> Iterator[dict[str, Any]]:
    file = resources.files("shopguide_devstack.catalogue") / "data" / f"{kind}.jsonl.gz"
    for line in gzip.decompress(file.read_bytes()).decode().splitlines():
        yield json.loads(line)


def read_shop() -> Shop:
    """Return the part, or everything with `SHOPGUIDE_E2E_CATALOGUE=whole`."""
    products = [
        p for p in map(native.product, _rows("products")) if _WHOLE or p.category_path[-1] in CATEGORIES
    ]
    reviewed = [p.id for p in products if p.rating.count and p.id == p.group_id]
    chosen = set(reviewed if _WHOLE else reviewed[:: max(1, len(reviewed) // REVIEWED_PRODUCTS)])
    reviews = [r for r in map(native.review, _rows("reviews")) if r.product_id in chosen]
    return Shop({p.id: p for p in products}, reviews, list(map(native.faq_entry, _rows("faq"))))


def import_shop(address: str, shop: Shop) -> None:
    """Import names, products, reviews and FAQ entries; all of them must be taken."""
    with IndexClient(address) as client:
        for attributes in _batches([native.attribute_spec(row) for row in _rows("attributes")]):
            client.update_specs(CATALOG, attributes=attributes)
        client.update_specs(CATALOG, categories=[native.category_spec(row) for row in _rows("categories")])
        products = client.upsert_products(CATALOG, _batches(list(shop.products.values())))
        reviews = client.import_reviews(CATALOG, _batches(shop.reviews))
        faq = client.import_faq(CATALOG, _batches(shop.faq))
    assert (products.upserted_count, products.failed_count) == (len(shop.products), 0), products.failures
    assert (reviews.imported_count, reviews.failed_count) == (len(shop.reviews), 0), reviews.failures
    assert (faq.imported_count, faq.failed_count) == (len(shop.faq), 0), faq.failures


def _batches(items: Sequence[Any]) -> Iterator[list[Any]]:
    for start in range(0, len(items), _BATCH):
        yield list(items[start : start + _BATCH])
