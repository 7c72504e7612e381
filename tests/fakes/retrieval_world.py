"""The retrieval service over a real channel, with a deterministic encoder and any Qdrant client."""

import hashlib
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

import grpc.aio
import numpy as np
from google.type import money_pb2
from qdrant_client import AsyncQdrantClient

from fakes.qdrant_memory import speaking_messages
from shopguide.retrieval.v1 import index_service_pb2 as index_pb
from shopguide.retrieval.v1 import index_service_pb2_grpc as index_grpc
from shopguide.retrieval.v1 import retrieval_service_pb2 as pb
from shopguide.retrieval.v1 import retrieval_service_pb2_grpc as pb_grpc
from shopguide.type.v1 import product_pb2, query_pb2
from shopguide_retrieval.bootstrap import SERVICES, make_servicers
from shopguide_retrieval.config import RetrievalSettings
from shopguide_retrieval.domain.tokenizer import tokenize
from shopguide_retrieval.ports import Encoder
from shopguide_runtime.channels import open_channel
from shopguide_runtime.testing import serve_in_process

CATALOG = "catalogs/shop"
DIMENSION = 384
FINGERPRINT = f"fake@000000000000/{DIMENSION}/none"


class FakeEncoder(Encoder):
    """Sums a fixed random direction for every term: texts that share words are near each other."""

    def __init__(self, fingerprint: str = FINGERPRINT) -> None:
        self.name = fingerprint
        self.error: Exception | None = None
        self.embedded = 0

    async def embed(self, texts: Sequence[str], role: str) -> np.ndarray:
        if self.error:
            raise self.error
        self.embedded += len(texts)
        return np.stack([direction(text) for text in texts])

    async def fingerprint(self) -> str:
        if self.error:
            raise self.error
        return self.name


def direction(text: str) -> np.ndarray:
    """Return the vector of a text."""
    total = np.full(DIMENSION, 1e-3, np.float32)
    for term in tokenize(text, document=False):
        seed = int.from_bytes(hashlib.sha256(term.encode()).digest()[:8], "big")
        total += np.random.default_rng(seed).normal(size=DIMENSION).astype(np.float32)
    return (total / np.linalg.norm(total)).astype(np.float32)


@dataclass
class World:
    """A running service."""

    encoder: FakeEncoder
    qdrant: AsyncQdrantClient
    read: Any
    write: Any
    address: str = ""

    async def fill(self, products: Iterable[product_pb2.Product], size: int = 100) -> Any:
        """Upsert products and return the response."""
        wanted = list(products)
        requests = [
            index_pb.UpsertProductsRequest(catalog=CATALOG, products=wanted[i : i + size])
            for i in range(0, len(wanted), size)
        ]
        return await self.write.UpsertProducts(iter(requests))

    async def search(self, query: str = "", *constraints: query_pb2.Constraint, **fields: Any) -> Any:
        """Search and return the response."""
        return await self.read.Search(
            pb.SearchRequest(**{"catalog": CATALOG, "query": query, "constraints": constraints} | fields)
        )


@asynccontextmanager
async def retrieval(client: AsyncQdrantClient, **settings: Any) -> AsyncIterator[World]:
    """Serve retrieval over a client of Qdrant."""
    encoder, client = FakeEncoder(), speaking_messages(client)
    config = RetrievalSettings(**{"port": 0, "catalog_cache_seconds": 0.0, "qdrant_hnsw_m": 0} | settings)
    read, write = make_servicers(config, client, encoder)
    servicers = [
        partial(pb_grpc.add_RetrievalServiceServicer_to_server, read),
        partial(index_grpc.add_IndexServiceServicer_to_server, write),
    ]
    async with serve_in_process(servicers, service_names=SERVICES, settings=config) as address:
        channel: grpc.aio.Channel = open_channel(address)
        async with channel:
            yield World(
                encoder,
                client,
                pb_grpc.RetrievalServiceStub(channel),
                index_grpc.IndexServiceStub(channel),
                address,
            )


def product(identifier: str, title: str, price: float | None = None, **fields: Any) -> product_pb2.Product:
    """Return a product message; `attributes` are texts, numbers or (number, unit)."""
    attributes = fields.pop("attributes", {})
    currency = fields.pop("currency", "CNY")
    message = product_pb2.Product(id=identifier, title=title, **fields)
    if price is not None:
        message.price.CopyFrom(money(price, currency))
    for key, value in attributes.items():
        number, unit = value if isinstance(value, tuple) else (value, "")
        if isinstance(number, str):
            message.attributes[key].texts.append(number)
        else:
            message.attributes[key].numbers.append(number)
            message.attributes[key].unit = unit
    return message


def money(amount: float, currency: str = "CNY") -> money_pb2.Money:
    """Return an amount."""
    units = int(amount)
    return money_pb2.Money(
        currency_code=currency, units=units, nanos=round((amount - units) * 100) * 10_000_000
    )


_SOUND, _PHONES, _SHOES = (
    ["Electronics", "Headphones"],
    ["Electronics", "Phones"],
    ["Shoes", "Running shoes"],
)
_ZH_PHONES = ["数码", "手机"]
_RATING = product_pb2.Rating
_SHOP = [
    product(
        "h1",
        "Sony WH-1000XM5 wireless noise cancelling headphones",
        2499,
        brand="Sony",
        category_path=_SOUND,
        attributes={"color": "black", "battery": (30, "h"), "noise_cancelling": 1},
        rating=_RATING(average=4.7, count=900),
    ),
    product(
        "h2",
        "Sony WH-CH520 wireless headphones",
        399,
        brand="Sony",
        category_path=_SOUND,
        attributes={"color": "white", "battery": (50, "h"), "noise_cancelling": 0},
        rating=_RATING(average=4.4, count=400),
    ),
    product(
        "h3",
        "Bose QuietComfort 45 headphones",
        1999,
        brand="Bose",
        category_path=_SOUND,
        attributes={"color": "black", "battery": (24, "h"), "noise_cancelling": 1},
        rating=_RATING(average=4.6, count=500),
    ),
    product(
        "h4",
        "JBL Tune 510BT on-ear headphones",
        229.5,
        brand="JBL",
        category_path=_SOUND,
        attributes={"color": "blue", "battery": (40, "h"), "noise_cancelling": 0},
    ),
    product(
        "h5",
        "Apple AirPods Max headphones",
        3999,
        brand="Apple",
        category_path=_SOUND,
        attributes={"color": "silver", "battery": (20, "h"), "noise_cancelling": 1},
        availability=product_pb2.Product.AVAILABILITY_OUT_OF_STOCK,
    ),
    product(
        "p1",
        "Apple iPhone 16 128GB",
        5999,
        brand="Apple",
        category_path=_PHONES,
        group_id="iphone16",
        attributes={"storage": (128, "GB"), "color": "black"},
    ),
    product(
        "p2",
        "Apple iPhone 16 256GB",
        6999,
        brand="Apple",
        category_path=_PHONES,
        group_id="iphone16",
        attributes={"storage": (256, "GB"), "color": "black"},
    ),
    product(
        "p3",
        "Apple iPhone 15 128GB",
        4599,
        brand="Apple",
        category_path=_PHONES,
        attributes={"storage": (128, "GB"), "color": "blue"},
    ),
    product(
        "z1",
        "小米14 智能手机 12GB+256GB",
        3999,
        brand="小米",
        category_path=_ZH_PHONES,
        attributes={"storage": (256, "GB"), "color": "黑色"},
    ),
    product(
        "z2",
        "华为 Mate 60 手机 曲面屏",
        5499,
        brand="华为",
        category_path=_ZH_PHONES,
        attributes={"storage": (512, "GB"), "color": "白色"},
    ),
    product(
        "z3",
        "手机壳 苹果手机保护套",
        29.9,
        brand="绿联",
        category_path=["数码", "手机配件"],
        attributes={"color": "透明"},
    ),
    product(
        "s1",
        "Nike Pegasus 41 running shoes",
        899,
        brand="Nike",
        category_path=_SHOES,
        attributes={"color": "blue", "size": 42},
    ),
    product(
        "s2",
        "Adidas Ultraboost running shoes",
        1099,
        brand="Adidas",
        category_path=_SHOES,
        attributes={"color": "black", "size": 42},
    ),
    product(
        "s3",
        "Asics Gel-Kayano running shoes",
        1199,
        brand="Asics",
        category_path=_SHOES,
        attributes={"color": "red", "size": 43},
    ),
    product(
        "b1",
        "Leather handbag for women",
        650,
        brand="Coach",
        category_path=["Bags"],
        attributes={"material": "leather"},
    ),
    product(
        "b2",
        "Canvas tote bag",
        120,
        brand="Muji",
        category_path=["Bags"],
        attributes={"material": "canvas"},
    ),
]


def shop() -> list[product_pb2.Product]:
    """Return a small shop in both languages, anew for every test that may change it."""
    return [product_pb2.Product.FromString(one.SerializeToString()) for one in _SHOP]


def limit(
    field: str, strength: int = query_pb2.Constraint.STRENGTH_HARD, **test: Any
) -> query_pb2.Constraint:
    """Return a constraint: `any_of`, `none_of`, or `low` and `high`."""
    condition = query_pb2.Condition(field=field, currency_code=test.pop("currency", ""))
    for name in ("any_of", "none_of"):
        if name in test:
            getattr(condition, name).values.extend(test[name])
    if "low" in test:
        condition.range.minimum = test["low"]
    if "high" in test:
        condition.range.maximum = test["high"]
    return query_pb2.Constraint(
        condition=condition, strength=strength, confidence=test.get("confidence", 0.9)
    )


def wish(field: str, **test: Any) -> query_pb2.Constraint:
    """Return a soft constraint."""
    return limit(field, query_pb2.Constraint.STRENGTH_SOFT, **test)


def ids(results: Iterable[Any]) -> list[str]:
    """Return the ids of scored products."""
    return [r.product_id for r in results]
