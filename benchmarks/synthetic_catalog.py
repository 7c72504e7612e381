"""A made-up catalogue of any size, its vectors and searches over it: for timings, which need no encoder.

Products look like those of an electronics shop: title, description, brand, two categories, a price, a rating, eight
attributes. Texts are drawn from a vocabulary of 6,000 words by Zipf's law, so that the sparse lists are as uneven as
real ones. The vector of a text is a fixed random unit vector, one of 400 clusters apart: nearest neighbours mean nothing,
but cost what they cost.
"""

import hashlib
from collections.abc import AsyncIterator, Iterator, Sequence
from itertools import islice
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from qdrant_client import AsyncQdrantClient

from shopguide.retrieval.v1 import retrieval_service_pb2 as pb
from shopguide.type.v1 import query_pb2
from shopguide_retrieval.adapters.qdrant_catalogs import QdrantCatalogStore
from shopguide_retrieval.adapters.qdrant_products import QdrantProductStore
from shopguide_retrieval.bootstrap_qdrant import layout
from shopguide_retrieval.config import RetrievalSettings
from shopguide_retrieval.domain.directory import CatalogDirectory
from shopguide_retrieval.domain.document import LAYOUT
from shopguide_retrieval.domain.indexing import CatalogWriter, Item, ProductWriter
from shopguide_retrieval.domain.model import AttributeValues, Availability, Price, Product, Rating
from shopguide_retrieval.ports import Encoder, Vector

CATALOG = "synthetic"
DIMENSION = 384
FINGERPRINT = f"random@000000000000/{DIMENSION}/none"

_CLUSTERS, _SPREAD = 400, 0.7
_BRANDS = tuple(f"Brand{i}" for i in range(60))
_CATEGORIES = tuple((f"Department {i // 8}", f"Category {i}") for i in range(48))
_VALUES = ("black", "white", "red", "blue", "steel", "wood", "small", "large", "wireless", "wired")
_BATCH = 512


class RandomEncoder(Encoder):
    """Fixed random unit vectors by text, clustered; needs no model."""

    def __init__(self) -> None:
        """Draw the centres of the clusters."""
        self._centres = _unit(np.random.default_rng(0).normal(size=(_CLUSTERS, DIMENSION)))

    async def embed(self, texts: Sequence[str], role: Literal["query", "passage"]) -> Vector:
        """Return float32 [len(texts), 384], rows L2-normalised; the same for both roles."""
        del role
        return np.stack([self.vector(text) for text in texts])

    async def fingerprint(self) -> str:
        """Return the fingerprint that queries over the catalogue must carry."""
        return FINGERPRINT

    def vector(self, text: str) -> Vector:
        """Return the float32 [384] vector of one text."""
        seed = int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big")
        noise = np.random.default_rng(seed).normal(size=DIMENSION) / DIMENSION**0.5
        return _unit(self._centres[seed % _CLUSTERS] + _SPREAD * noise).astype(np.float32)


def _unit(vectors: NDArray[Any]) -> NDArray[Any]:
    units: NDArray[Any] = vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)
    return units


class Words:
    """Texts of made-up words, frequent ones often."""

    def __init__(self, seed: int, vocabulary: int = 6000) -> None:
        """Take the seed of everything drawn."""
        self.random = np.random.default_rng(seed)
        shares = 1.0 / np.arange(1, vocabulary + 1) ** 0.9
        self._shares = shares / shares.sum()

    def text(self, count: int) -> str:
        """Return a text of `count` words."""
        drawn = self.random.choice(len(self._shares), size=count, p=self._shares)
        return " ".join(f"w{number:04d}" for number in drawn)


def products(count: int, seed: int = 1) -> Iterator[Product]:
    """Yield `count` products, the same for the same seed."""
    words = Words(seed)
    for number in range(count):
        yield _product(number, words)


def _product(number: int, words: Words) -> Product:
    draw = words.random
    return Product(
        id=f"p{number:07d}",
        title=f"{words.text(6)} {draw.integers(10, 10_000)}",
        description=words.text(60),
        language="en",
        category_path=_CATEGORIES[draw.integers(len(_CATEGORIES))],
        brand=_BRANDS[draw.integers(len(_BRANDS))],
        price=Price(int(np.exp(draw.normal(9.0, 1.2))) + 100, "USD"),
        availability=Availability.OUT_OF_STOCK if draw.random() < 0.1 else Availability.IN_STOCK,  # noqa: PLR2004
        attributes={**_texts(draw), **_numbers(draw)},
        rating=Rating(round(float(draw.uniform(2, 5)), 1), int(draw.integers(1, 2000))),
    )


def _texts(draw: np.random.Generator) -> dict[str, AttributeValues]:
    return {f"text_{i}": AttributeValues(texts=(_VALUES[draw.integers(len(_VALUES))],)) for i in range(5)}


def _numbers(draw: np.random.Generator) -> dict[str, AttributeValues]:
    return {
        f"number_{i}": AttributeValues(numbers=(float(draw.integers(1, 500)),), unit="g") for i in range(3)
    }


def requests(
    count: int, encoder: RandomEncoder, page_size: int = 10, seed: int = 2
) -> list[pb.SearchRequest]:
    """Return searches with vectors: all exclude what is out of stock, most have one or two hard limits."""
    words = Words(seed)
    return [_request(words, encoder, page_size) for _ in range(count)]


def _request(words: Words, encoder: RandomEncoder, page_size: int) -> pb.SearchRequest:
    text, draw = words.text(4), words.random
    request = pb.SearchRequest(catalog=f"catalogs/{CATALOG}", query=text, page_size=page_size)
    request.query_vector.values.extend(encoder.vector(text).tolist())
    request.query_vector.encoder_fingerprint = FINGERPRINT
    if draw.random() < 0.7:  # noqa: PLR2004
        most = query_pb2.NumberRange(maximum=round(float(draw.uniform(50, 400))))
        request.constraints.append(_hard(query_pb2.Condition(field="price", range=most)))
    if draw.random() < 0.4:  # noqa: PLR2004
        brands = query_pb2.TextSet(values=list(draw.choice(_BRANDS, 6, replace=False)))
        request.constraints.append(_hard(query_pb2.Condition(field="brand", none_of=brands)))
    return request


def _hard(condition: query_pb2.Condition) -> query_pb2.Constraint:
    return query_pb2.Constraint(
        condition=condition, strength=query_pb2.Constraint.STRENGTH_HARD, confidence=0.9
    )


async def fill(client: AsyncQdrantClient, settings: RetrievalSettings, count: int) -> None:
    """Write the catalogue through the service's own write path, unless `count` products are there as written today."""
    directory = CatalogDirectory(QdrantCatalogStore(client, layout(settings, DIMENSION)), ttl=0.0)
    store, encoder = QdrantProductStore(client), RandomEncoder()
    catalog = await directory.fresh(CATALOG)
    if catalog is not None:
        if catalog.layout == LAYOUT and await store.count(catalog, ()) == count:
            return
        await directory.remove(catalog)
    writer = ProductWriter(CatalogWriter(directory, store, encoder), store, encoder)
    summary = await writer.write(CATALOG, _batches(count))
    if summary.failed:
        raise SystemExit(f"{summary.failed} made-up products were refused: {summary.failures[0].error}")


async def _batches(count: int) -> AsyncIterator[Sequence[Item]]:
    made = products(count)
    while batch := list(islice(made, _BATCH)):
        yield batch
