"""Building a catalogue anew beside the served one: after a change of encoder, of tokenizer or of the number of shards.

The next version is filled from what is stored, what was written meanwhile is caught up with, then the record and
the aliases are switched. Searches go on all the time, each against one whole version.
"""

import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace

from shopguide_retrieval.domain import bm25
from shopguide_retrieval.domain.catalog import Catalog
from shopguide_retrieval.domain.directory import CatalogDirectory
from shopguide_retrieval.domain.document import LAYOUT, document, load, sparse_fields
from shopguide_retrieval.domain.indexing import ProductWriter, new_revision, number_keys
from shopguide_retrieval.domain.texts import FaqBook, ReviewShelf, load_faq, load_review
from shopguide_retrieval.ports import CatalogStore, Encoder, ProductStore, TextStore
from shopguide_runtime.errors import NotFound

OVERLAP_SECONDS = 5.0
"""Products written this long before the rebuild began are copied twice: clocks of replicas differ."""


_NEVER = float("-inf")


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """The version that was served, the one that is now, and how many products were copied."""

    old: Catalog
    new: Catalog
    products: int
    caught_up: float
    """What was written to the old version from then on (Unix seconds) is still to be taken over."""
    copied: dict[str, float]
    """When each product was written that was copied, by id: what was written to the new version itself is not in it."""


class Rebuilder:
    """Builds next versions of catalogues."""

    def __init__(
        self,
        directory: CatalogDirectory,
        store: CatalogStore,
        products: ProductStore,
        writer: ProductWriter,
        reviews: tuple[TextStore, ReviewShelf],
        faq: tuple[TextStore, FaqBook],
        encoder: Encoder,
        clock: Callable[[], float] = time.time,
        switched: Callable[[Catalog], Awaitable[object]] | None = None,
    ) -> None:
        """Take the parts of the index, what writes them, the encoder of the next version, and what follows the switch."""
        self._directory = directory
        self._store = store
        self._products = products
        self._writer = writer
        self._reviews = reviews
        self._faq = faq
        self._encoder = encoder
        self._clock = clock
        self._switched = switched

    async def rebuild(self, name: str) -> Rebuilt:
        """Build and serve the next version; the old one stays until `drop`.

        Raises NotFound when there is no such catalogue, Unavailable when encoder or index are away: then nothing has
        changed and the rebuild can be tried again.
        """
        old = await self._directory.fresh(name)
        if old is None:
            raise NotFound("catalog", f"catalogs/{name}")
        started = self._clock() - OVERLAP_SECONDS
        new = await self._prepare(old)
        copied: dict[str, float] = {}
        count = await self._copy_products(old, new, 0.0, copied)
        await self._copy_texts(old, new)
        caught_up = self._clock() - OVERLAP_SECONDS
        await self._copy_products(old, new, started, copied)
        await self._forget_deleted(old, new, copied)
        served = await self._switch(new)
        if self._switched is not None:
            await self._switched(served)
        return Rebuilt(old, served, count, caught_up, copied)

    async def drop(self, done: Rebuilt) -> None:
        """Delete the version that no replica serves any more, after taking over what was still written to it.

        Replicas that had not seen the new record yet wrote to the old version for a moment after the switch.
        """
        await self._copy_products(done.old, done.new, done.caught_up, done.copied)
        await self._forget_deleted(done.old, done.new, done.copied)
        await self._store.drop(done.old)

    async def _prepare(self, old: Catalog) -> Catalog:
        length = old.average_length
        async for batch in self._products.stored(old, ("product",)):
            if batch:
                length = bm25.average_length([list(sparse_fields(load(p["product"], 0.0))) for p in batch])
            break
        new = replace(
            old,
            version=old.version + 1,
            fingerprint=await self._encoder.fingerprint(),
            average_length=length,
            layout=LAYOUT,
            revision=new_revision(),
        )
        await self._store.prepare(new)
        await self._products.ensure_number_indexes(new, number_keys(new))
        return new

    async def _copy_products(self, old: Catalog, new: Catalog, since: float, copied: dict[str, float]) -> int:
        """Copy products written since then, but for those copied so before and those that are newer in the new version.

        One that was copied and is gone from the new version was deleted there.
        """
        count = 0
        async for batch in self._products.stored(old, ("product", "update_time"), since):
            fresh = [p for p in batch if p["update_time"] > copied.get(str(p["id"]), _NEVER)]
            there = await self._products.fetch(new, [str(p["id"]) for p in fresh], ("update_time",))
            newer = [
                p for p in fresh if p["update_time"] > there.get(str(p["id"]), {}).get("update_time", _NEVER)
            ]
            documents = [document(load(p["product"], p["update_time"])) for p in newer]
            if documents:
                await self._writer.put(new, documents, {})
            copied |= {str(p["id"]): float(p["update_time"]) for p in newer}
            count += len(documents)
        return count

    async def _copy_texts(self, old: Catalog, new: Catalog) -> None:
        reviews, shelf = self._reviews
        async for batch in reviews.stored(old, ("review",)):
            await shelf.write(new, [load_review(p) for p in batch])
        faq, book = self._faq
        seen: set[str] = set()
        async for batch in faq.stored(old, ("faq",)):
            entries = {e.id: e for e in map(load_faq, batch) if e.id not in seen}
            seen |= entries.keys()
            await book.write(new, list(entries.values()))

    async def _forget_deleted(self, old: Catalog, new: Catalog, copied: Mapping[str, float]) -> None:
        """Delete what was copied, has not been written since, and is gone from the old version."""
        kept = {str(p["id"]) async for batch in self._products.stored(old, ()) for p in batch}
        async for batch in self._products.stored(new, ("update_time",)):
            gone = [
                str(p["id"])
                for p in batch
                if p["id"] not in kept and p["update_time"] == copied.get(str(p["id"]))
            ]
            if gone:
                await self._products.delete(new, gone)

    async def _switch(self, new: Catalog) -> Catalog:
        """Serve the next version, with whatever specifications were written meanwhile."""

        def switched(current: Catalog | None) -> Catalog:
            return replace(
                current or new,
                version=new.version,
                fingerprint=new.fingerprint,
                average_length=new.average_length,
                layout=new.layout,
                revision=new_revision(),
            )

        return await self._directory.change(new.name, switched)
