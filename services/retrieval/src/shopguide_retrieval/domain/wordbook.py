"""Rewriting for a catalogue: its words and names, read from the index and kept for a while."""

import asyncio
import logging
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from shopguide_retrieval.domain import lexicon
from shopguide_retrieval.domain.catalog import Catalog
from shopguide_retrieval.domain.rewriting import Rewritten, rewrite
from shopguide_retrieval.domain.spelling import Speller
from shopguide_retrieval.domain.tokenizer import tokenize
from shopguide_retrieval.ports import ProductStore
from shopguide_runtime.errors import ShopguideError
from shopguide_runtime.text import Language, detect_language

MAX_WORDS_READ = 200_000
"""Words read of a catalogue at most, the most frequent ones."""

MAX_LANGUAGES = 50

OWN_SHARE = 0.1
"""Share of the products that must be in the language of a query for it to be embedded in that language alone."""

REFRESH_SECONDS = 60.0
"""How long words are used at least before those of a newer revision are read."""

FAILURE_SECONDS = 10.0
"""How long after a failed read none is tried."""

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Entry:
    speller: Speller | None = None
    languages: Mapping[str, int] = field(default_factory=dict)
    """Products by language."""
    revision: str = ""
    read_at: float = 0.0


class WordBook:
    """Rewrites queries with the words of their catalogue."""

    def __init__(self, products: ProductStore, clock: Callable[[], float] = time.monotonic) -> None:
        """Take the index, and what tells seconds."""
        self._products = products
        self._clock = clock
        self._entries: dict[tuple[str, int], _Entry] = {}
        self._locks: dict[tuple[str, int], asyncio.Lock] = {}
        self._reading: set[asyncio.Task[None]] = set()

    async def rewrite(self, catalog: Catalog, text: str, languages: Sequence[str] = ()) -> Rewritten:
        """Return a query as it is searched in a catalogue; without its words when they cannot be read.

        `languages` are those that products are limited to; none: whatever the catalogue has.
        """
        entry = await self._entry(catalog)
        speller = entry.speller
        right = await self._right(catalog, speller.suspects(text)) if speller else ()
        into = _foreign(text, dict.fromkeys(languages, 1) or entry.languages)
        return rewrite(text, (lexicon.shipped(), lexicon.of_catalog(catalog)), speller, right, into)

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

    async def _entry(self, catalog: Catalog) -> _Entry:
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
        return entry

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
            languages = await self._products.facet(catalog, "language", [], MAX_LANGUAGES)
        except ShopguideError as error:
            _LOG.warning("words not read", extra={"catalog": catalog.name, "error": error.reason})
            known = self._entries.get(key)
            self._entries[key] = replace(known or _Entry(), revision="", read_at=self._clock())
            return
        names = (*lexicon.shipped().words(), *lexicon.of_catalog(catalog).words())
        speller = await asyncio.to_thread(Speller, counts, frozenset(names), lexicon.common_words())
        self._entries[key] = _Entry(speller, languages, catalog.revision, self._clock())


def _foreign(text: str, products: Mapping[str, int]) -> Language | None:
    """Return the language to name things in when hardly a product is in the query's own, else None."""
    own: Language = detect_language(text)
    other: Language = "en" if own == "zh" else "zh"
    if products.get(own, 0) >= OWN_SHARE * sum(products.values()):
        return None
    return other if products.get(other) else None
