"""Search from plain words: understands, then retrieves; no text is written."""

import time
from dataclasses import dataclass, replace

from shopguide_gateway.domain import fallback
from shopguide_gateway.domain.catalogues import Catalogues
from shopguide_gateway.domain.model import (
    Catalogue,
    Degradation,
    Query,
    SearchResult,
    State,
    Timing,
    Understanding,
)
from shopguide_gateway.domain.speech import with_currency, with_language, without_language
from shopguide_gateway.ports import Retriever, Understander
from shopguide_runtime.deadline import budget
from shopguide_runtime.errors import InvalidArgument, NotFound, ShopguideError


@dataclass(frozen=True, slots=True)
class Searched:
    """One page of a search, what was understood, what had to be left out and how long the stages took."""

    understanding: Understanding
    result: SearchResult
    degradations: tuple[Degradation, ...]
    timings: tuple[Timing, ...]


class Searcher:
    """Searches from plain words."""

    def __init__(
        self,
        understander: Understander,
        retriever: Retriever,
        catalogues: Catalogues,
        intent_seconds: float = 3.0,
    ) -> None:
        """Take the services; understanding may take `intent_seconds` before the words are searched as they are."""
        self._understander = understander
        self._retriever = retriever
        self._catalogues = catalogues
        self._intent_seconds = intent_seconds

    async def search(self, query: Query) -> Searched:
        """Return one page. Raises InvalidArgument, NotFound, and Unavailable when retrieval cannot be reached."""
        start = time.perf_counter()
        catalogue = await self._catalogues.get(query.catalog)
        understanding, lost = await self._understand(query, catalogue)
        middle = time.perf_counter()
        result = await self._retriever.search(
            query.catalog,
            understanding.search_query or query.text,
            shopper=with_currency(query.shopper, understanding, catalogue),
            constraints=with_language(understanding.constraints, understanding.language),
            conditions=query.filter,
            vector=understanding.query_vector,
            ordering=understanding.ordering,
            page_size=query.page_size,
            page_token=query.page_token,
            view=query.view,
        )
        result = replace(result, outcomes=without_language(result.outcomes))
        timings = (Timing("understand", middle - start), Timing("retrieve", time.perf_counter() - middle))
        inner = tuple(Timing(f"understand.{t.stage}", t.seconds) for t in understanding.timings)
        deeper = tuple(Timing(f"retrieve.{t.stage}", t.seconds) for t in result.timings)
        degradations = (*lost, *understanding.degradations, *result.degradations)
        return Searched(understanding, result, degradations, (*timings, *inner, *deeper))

    async def _understand(
        self, query: Query, catalogue: Catalogue
    ) -> tuple[Understanding, tuple[Degradation, ...]]:
        try:
            async with budget("understand", seconds=self._intent_seconds, share=0.5):
                read = await self._understander.understand(query.text, query.shopper, State(), catalogue)
        except (InvalidArgument, NotFound):
            raise
        except ShopguideError as error:
            read = fallback.keyword_understanding(query.text, State(), query.shopper.language)
            return read, (Degradation("intent", "KEYWORD_INTENT", error),)
        if not read.search_query:
            # A page of products was asked for, whatever the words may mean in a conversation.
            return replace(read, search_query=query.text, query_vector=None), ()
        return read, ()
