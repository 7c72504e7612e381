"""Rewriting for a catalogue: its words and names, read from the index and kept for a while."""

import asyncio
import logging
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass

from shopguide_retrieval.domain import lexicon
from shopguide_retrieval.domain.catalog import Catalog
from shopguide_retrieval.domain.rewriting import Rewritten, rewrite
from shopguide_retrieval.domain.spelling import Speller
from shopguide_retrieval.domain.tokenizer import tokenize
from shopguide_retrieval.ports import ProductStore
from shopguide_runtime.errors import ShopguideError

MAX_WORDS_READ = 200_000
"""Words read of a catalogue at most, the most frequent ones."""

REFRESH_SECONDS = 60.0
"""How long words are used at least before those of a newer revision are read."""

FAILURE_SECONDS = 10.0
"""How long after a failed read none is tried."""

_LOG = logging.getLogger(__name__)


@dataclass
class _Entry:
    speller: Speller | None
    revision: str
    read_at: float


class WordBook:
    """Rewrites queries with the words of their catalogue."""

    def __init__(self, products: ProductStore, clock: Callable[[], float] = time.monotonic) -> None:
        """Take the index, and what tells seconds."""
        self._products = products
        self._clock = clock
        self._entries: dict[tuple[str, int], _Entry] = {}
        self._locks: dict[tuple[str, int], asyncio.Lock] = {}
        self._reading: set[asyncio.Task[None]] = set()

    async def rewrite(self, catalog: Catalog, text: str) -> Rewritten:
        """Return a query as it is searched in a catalogue; without its words when they cannot be read."""
        speller = await self._speller(catalog)
        right = await self._right(catalog, speller.suspects(text)) if speller else ()
        return rewrite(text, (lexicon.shipped(), lexicon.of_catalog(catalog)), speller, right)

    async def _right(self, catalog: Catalog, suspects: list[str]) -> Collection[str]:
        """Return the words that some text of the catalogue has, if only in a description."""
        if not suspects:
            return ()
        terms = {word: tokenize(word, document=False)[0] for word in suspects}
        try:
            held = await self._products.held_terms(catalog, list(terms.values()))
        except ShopguideError:
            return suspects
        return {word for word, term in terms.items() if term in held}

    async def _speller(self, catalog: Catalog) -> Speller | None:
        key = (catalog.name, catalog.version)
        entry = self._entries.get(key)
        if entry is None:
            async with self._locks.setdefault(key, asyncio.Lock()):
                if key not in self._entries:
                    await self._read(catalog)
            entry = self._entries[key]
        elif entry.revision != catalog.revision and self._due(entry) and not self._locks[key].locked():
            task = asyncio.create_task(self._read_again(catalog))
            self._reading.add(task)
            task.add_done_callback(self._reading.discard)
        return entry.speller

    def _due(self, entry: _Entry) -> bool:
        wait = REFRESH_SECONDS if entry.speller else FAILURE_SECONDS
        return self._clock() - entry.read_at >= wait

    async def _read_again(self, catalog: Catalog) -> None:
        async with self._locks[catalog.name, catalog.version]:
            await self._read(catalog)

    async def _read(self, catalog: Catalog) -> None:
        """Read the words of a catalogue; when that fails, those known so far stay."""
        key = (catalog.name, catalog.version)
        try:
            counts = await self._products.facet(catalog, "words", [], MAX_WORDS_READ)
        except ShopguideError as error:
            _LOG.warning("words not read", extra={"catalog": catalog.name, "error": error.reason})
            known = self._entries.get(key)
            self._entries[key] = _Entry(known.speller if known else None, "", self._clock())
            return
        names = (*lexicon.shipped().words(), *lexicon.of_catalog(catalog).words())
        speller = await asyncio.to_thread(Speller, counts, frozenset(names))
        self._entries[key] = _Entry(speller, catalog.revision, self._clock())
