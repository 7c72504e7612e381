"""Writing products: validated, compared with what is stored, embedded, written; several chunks at a time.

While one chunk is being written the next ones are being embedded, so that the encoder never waits for the index.
"""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from shopguide_retrieval.domain import bm25
from shopguide_retrieval.domain.catalog import AttributeKind, AttributeSpec, Catalog, CategorySpec
from shopguide_retrieval.domain.directory import CatalogDirectory
from shopguide_retrieval.domain.document import (
    LAYOUT,
    Document,
    document,
    in_index,
    kinds,
    sparse_fields,
)
from shopguide_retrieval.domain.encoding import check_fingerprint
from shopguide_retrieval.domain.limits import NUMBERS_PREFIX, price_key
from shopguide_retrieval.domain.model import Product
from shopguide_retrieval.domain.patience import patiently
from shopguide_retrieval.domain.validation import check_product
from shopguide_retrieval.metrics import EMBEDDED_TEXTS, ITEMS
from shopguide_retrieval.ports import Encoder, Point, ProductStore, Vector
from shopguide_runtime.errors import InvalidArgument, NotFound, ShopguideError

CHUNK = 500
"""Products embedded and written together, in one call to the index: each call has to be made durable."""

CHUNKS_IN_PROGRESS = 3
"""Chunks between reading and written; bounds memory and slows the sender down."""

LENGTH_SAMPLE = 256
"""Products of the first chunk whose average length is taken; more would hold up other calls for longer."""

INDEXED_SHARE = 0.03
"""Share of a new catalogue's first chunk that carries an attribute whose numbers get a payload index of their own.

Each index costs every write. A range on the numbers of a rarer attribute is checked on the products that carry it.
"""

LATER_INDEXED_SHARE = 0.1
"""The same of later chunks: an index that comes later is built from all products that are there already."""

MAX_INDEXED_NUMBERS = 128
"""Attributes with such an index at most, the most frequent of the first chunk first."""

MAX_FAILURES = 100
"""Failures that are reported one by one; the others are counted."""


@dataclass(frozen=True, slots=True)
class Failure:
    """Why one item was refused: its position in the stream, its id, the error."""

    index: int
    id: str
    error: ShopguideError


@dataclass
class Summary:
    """What became of the items of one stream."""

    written: int = 0
    unchanged: int = 0
    failed: int = 0
    failures: list[Failure] = field(default_factory=list)

    def refuse(self, failure: Failure) -> None:
        """Note an item that was not written."""
        self.failed += 1
        if len(self.failures) < MAX_FAILURES:
            self.failures.append(failure)


Item = Product | Failure
"""A product of the stream, or why it could not even be read."""


def new_revision() -> str:
    """Return a revision later than all before it."""
    return f"{time.time_ns():x}"


class CatalogWriter:
    """Creates, describes and deletes catalogues."""

    def __init__(self, directory: CatalogDirectory, products: ProductStore, encoder: Encoder) -> None:
        """Take the records, the index and the encoder that new catalogues are bound to."""
        self._directory = directory
        self._products = products
        self._encoder = encoder

    async def ensure(self, name: str) -> Catalog:
        """Return the record, created when it is new.

        Raises FailedPrecondition when the catalogue belongs to another encoder, Unavailable when the encoder is away.
        """
        fingerprint = await self._encoder.fingerprint()

        def ensured(catalog: Catalog | None) -> Catalog:
            if catalog is None:
                return Catalog(name, fingerprint, layout=LAYOUT, revision=new_revision())
            if catalog.layout != LAYOUT:
                return replace(catalog, layout=LAYOUT, average_length=0.0)
            return catalog

        catalog = await self._directory.change(name, ensured)
        check_fingerprint(catalog, fingerprint)
        return catalog

    async def change(self, name: str, change: Callable[[Catalog], Catalog]) -> Catalog:
        """Return the record after a change, which is written only when it changes anything.

        Raises NotFound when there is no such catalogue.
        """

        def changed(catalog: Catalog | None) -> Catalog:
            if catalog is None:
                raise NotFound("catalog", f"catalogs/{name}")
            return change(catalog)

        return await self._directory.change(name, changed)

    async def describe(
        self, name: str, attributes: Sequence[AttributeSpec], categories: Sequence[CategorySpec]
    ) -> Catalog:
        """Take in specifications, replacing those with the same keys and ids; returns the record."""
        await self.ensure(name)
        return await self.change(
            name,
            lambda catalog: replace(
                catalog,
                attributes={**catalog.attributes, **{a.key: a for a in attributes}},
                categories={**catalog.categories, **{c.id: c for c in categories}},
                revision=new_revision(),
            ),
        )

    async def delete_products(self, name: str, ids: Sequence[str]) -> int:
        """Delete products and return how many there were."""
        deleted = await self._products.delete(await self._directory.find(name), ids)
        if deleted:
            await self.touch(name)
        return deleted

    async def delete(self, name: str) -> int:
        """Delete a catalogue; returns how many products it had."""
        async with self._directory.lock(name):
            catalog = await self._directory.find(name)
            count = await self._products.count(catalog, [])
            await self._directory.remove(catalog)
            return count

    async def touch(self, name: str) -> None:
        """Give the catalogue a new revision."""
        await self.change(name, lambda catalog: replace(catalog, revision=new_revision()))

    async def touch_offers(self, name: str) -> None:
        """Say that prices or stock changed, and nothing else."""
        await self.change(name, lambda catalog: replace(catalog, offers_revision=new_revision()))


def number_keys(catalog: Catalog) -> list[str]:
    """Return the payload keys of prices and of attributes' numbers that have an index, by the record."""
    attributes = [f"{NUMBERS_PREFIX}{key}" for key in sorted(catalog.indexed_numbers)]
    return [price_key(currency) for currency in sorted(catalog.currencies)] + attributes


class ProductWriter:
    """Takes streams of products into the index."""

    def __init__(
        self,
        catalogs: CatalogWriter,
        products: ProductStore,
        encoder: Encoder,
        clock: Callable[[], float] = time.time,
        arrived: Callable[[Catalog, Sequence[str]], Awaitable[None]] | None = None,
    ) -> None:
        """Take the records, the index, the encoder, what tells the time of a write, and what new ids are told to."""
        self._catalogs = catalogs
        self._products = products
        self._encoder = encoder
        self._clock = clock
        self._arrived = arrived

    async def write(self, name: str, batches: AsyncIterator[Sequence[Item]]) -> Summary:
        """Write all products of a stream; bad ones are reported and do not stop good ones.

        Raises FailedPrecondition for a catalogue of another encoder; Unavailable when encoder or index are away, after
        which the stream can be sent again.
        """
        catalog = await self._catalogs.ensure(name)
        # An import that was cut off may have left indexes unmade that the record promises.
        await patiently(lambda: self._products.ensure_number_indexes(catalog, number_keys(catalog)))
        summary = Summary()
        stream = _Stream(self, name, summary)
        try:
            async for chunk in _chunks(batches, summary):
                await stream.submit(chunk)
            await stream.drain()
        finally:
            await stream.cancel()
            if summary.written - summary.unchanged:
                await self._catalogs.touch(name)
        return summary

    async def take_in(self, name: str, chunk: Sequence[Product]) -> tuple[Catalog, list[str]]:
        """Return the record with everything that the chunk brings, and the payload keys that want an index now."""
        frequency = Counter(k for p in chunk for k, v in p.attributes.items() if v.numbers)
        before: list[Catalog] = []

        def taken_in(catalog: Catalog) -> Catalog:
            before.append(catalog)
            return _taken_in(catalog, chunk, frequency)

        catalog = await self._catalogs.change(name, taken_in)
        indexed = frozenset(number_keys(before[-1]))
        keys = [key for key in number_keys(catalog) if key not in indexed]
        return catalog, keys

    async def write_chunk(
        self, catalog: Catalog, keys: Sequence[str], chunk: Sequence[Product], summary: Summary
    ) -> None:
        """Write one chunk of valid products with distinct ids, for which `take_in` returned the record and the keys."""
        documents = await asyncio.to_thread(lambda: [document(p) for p in chunk])
        ids = [p.id for p in chunk]
        stored = await patiently(lambda: self._products.fetch(catalog, ids, ("text_hash", "content_hash")))
        fresh = [d for d in documents if stored.get(d.product.id, {}).get("content_hash") != d.content_hash]
        same_text = [
            d.product.id for d in fresh if stored.get(d.product.id, {}).get("text_hash") == d.text_hash
        ]
        vectors = await patiently(lambda: self._products.vectors(catalog, same_text))
        # A new catalogue's first chunk brings a hundred indexes: they are made while its texts are being embedded.
        async with asyncio.TaskGroup() as group:
            group.create_task(patiently(lambda: self._products.ensure_number_indexes(catalog, keys)))
            group.create_task(self.put(catalog, fresh, vectors))
        await self._tell_arrived(catalog, [i for i in ids if i not in stored])
        summary.written += len(chunk)
        summary.unchanged += len(chunk) - len(fresh)
        ITEMS.labels("product", "written").inc(len(fresh))
        ITEMS.labels("product", "unchanged").inc(len(chunk) - len(fresh))

    async def put(self, catalog: Catalog, documents: Sequence[Document], vectors: dict[str, Vector]) -> None:
        """Write documents; those without a vector in `vectors` (by product id) are embedded."""
        new = await self._embedded([d for d in documents if d.product.id not in vectors])
        points = await asyncio.to_thread(self._points, catalog, documents, vectors | new)
        await patiently(lambda: self._products.upsert(catalog, points))

    async def _tell_arrived(self, catalog: Catalog, ids: Sequence[str]) -> None:
        """Have shoppers' tastes take in products that they had to do with before the catalogue had them."""
        arrived = self._arrived
        if arrived is not None and ids:
            await patiently(lambda: arrived(catalog, ids))

    async def _embedded(self, documents: Sequence[Document]) -> dict[str, Vector]:
        """Return the vectors of documents; texts of like length go together, which spares the encoder padding.

        A text that several documents share, as variants often do, is embedded once.
        """
        if not documents:
            return {}
        ordered = sorted({d.text for d in documents}, key=lambda text: (-len(text), text))
        vectors = await patiently(lambda: self._encoder.embed(ordered, "passage"))
        EMBEDDED_TEXTS.inc(len(ordered))
        by_text = dict(zip(ordered, vectors, strict=True))
        return {d.product.id: by_text[d.text] for d in documents}

    def _points(
        self, catalog: Catalog, documents: Sequence[Document], vectors: dict[str, Vector]
    ) -> list[Point]:
        now = self._clock()
        return [
            Point(
                d.product.id,
                np.asarray(vectors[d.product.id]),
                *in_index(d, catalog.average_length, d.product.update_time or now),
            )
            for d in documents
        ]


class _Stream:
    """Chunks in progress; no two of them hold the same product, so the last one sent wins."""

    def __init__(self, writer: ProductWriter, name: str, summary: Summary) -> None:
        self._writer = writer
        self._name = name
        self._summary = summary
        self._tasks: dict[asyncio.Task[None], frozenset[str]] = {}

    async def submit(self, chunk: Sequence[Product]) -> None:
        """Start a chunk once there is room and none in progress holds one of its products."""
        ids = frozenset(p.id for p in chunk)
        while len(self._tasks) >= CHUNKS_IN_PROGRESS or any(ids & other for other in self._tasks.values()):
            await self._finish_one()
        catalog, keys = await patiently(lambda: self._writer.take_in(self._name, chunk))
        task = asyncio.create_task(self._writer.write_chunk(catalog, keys, chunk, self._summary))
        self._tasks[task] = ids

    async def drain(self) -> None:
        """Wait for all chunks; raises what one of them raised."""
        while self._tasks:
            await self._finish_one()

    async def cancel(self) -> None:
        """Stop what is still in progress."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _finish_one(self) -> None:
        done, _ = await asyncio.wait(self._tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            del self._tasks[task]
        for task in done:
            task.result()


async def _chunks(batches: AsyncIterator[Sequence[Item]], summary: Summary) -> AsyncIterator[list[Product]]:
    """Yield valid products in chunks of distinct ids; of products sent twice in one chunk the last one counts."""
    chunk: dict[str, Product] = {}
    index = 0
    async for batch in batches:
        for product in _valid(batch, index, summary):
            if product.id in chunk:
                summary.written += 1
            chunk[product.id] = product
            if len(chunk) == CHUNK:
                yield list(chunk.values())
                chunk = {}
        index += len(batch)
    if chunk:
        yield list(chunk.values())


def _valid(batch: Iterable[Item], start: int, summary: Summary) -> Iterator[Product]:
    for position, item in enumerate(batch, start):
        failure = item if isinstance(item, Failure) else _failure(item, position)
        if failure is None and isinstance(item, Product):
            yield item
        elif failure is not None:
            summary.refuse(replace(failure, index=position))
            ITEMS.labels("product", "refused").inc()


def _failure(product: Product, position: int) -> Failure | None:
    try:
        check_product(product).raise_if_any()
    except InvalidArgument as error:
        return Failure(position, product.id[:128], error)
    return None


def _taken_in(catalog: Catalog, chunk: Sequence[Product], numbers: Counter[str]) -> Catalog:
    """Return the record with currencies, attributes and, from the first chunk, the average length."""
    found: dict[str, AttributeKind] = {}
    for product in chunk:
        for key, kind in kinds(product, catalog).items():
            found[key] = kind if found.get(key, kind) is kind else AttributeKind.MIXED
    currencies = frozenset(p.price.currency for p in chunk if p.price)
    taken = catalog.seen(currencies, found)
    room = MAX_INDEXED_NUMBERS - len(taken.indexed_numbers)
    share = LATER_INDEXED_SHARE if catalog.attribute_kinds else INDEXED_SHARE
    frequent = [k for k, count in numbers.most_common() if count >= share * len(chunk)]
    new = [k for k in frequent if k not in taken.indexed_numbers][:room]
    taken = replace(taken, indexed_numbers=taken.indexed_numbers | frozenset(new))
    if taken.average_length == 0:
        sample = [list(sparse_fields(p)) for p in chunk[:LENGTH_SAMPLE]]
        taken = replace(taken, average_length=bm25.average_length(sample))
    return taken
