"""The vocabularies that callers have sent, ready for matching, bounded in number."""

from __future__ import annotations

import asyncio
from collections import OrderedDict

from shopguide_intent.domain.matcher import Matcher
from shopguide_intent.domain.parser import Parser
from shopguide_intent.domain.vocabulary import Vocabulary
from shopguide_runtime.errors import FailedPrecondition

VOCABULARY_MISSING = "VOCABULARY_MISSING"
_NOTHING = Vocabulary()


class Vocabularies:
    """Parsers by catalogue and revision; the one unused for longest makes room for a new one."""

    def __init__(self, capacity: int) -> None:
        """Hold at most `capacity` vocabularies."""
        self._capacity = capacity
        self._parsers: OrderedDict[tuple[str, str], Parser] = OrderedDict()
        self._plain = Parser(Matcher(_NOTHING))

    def __len__(self) -> int:
        """How many are held."""
        return len(self._parsers)

    async def parser(self, catalog: str, revision: str, vocabulary: Vocabulary | None) -> Parser:
        """The parser for a revision of a catalogue; one that grounds nothing when none is named.

        Raises:
            FailedPrecondition: the revision is not held and no vocabulary was sent.
        """
        if vocabulary is not None:
            revision = vocabulary.revision
        if not revision:
            return await self._unnamed(vocabulary)
        key = (catalog, revision)
        if key not in self._parsers:
            if vocabulary is None:
                raise FailedPrecondition(
                    VOCABULARY_MISSING,
                    f"Send the vocabulary of {catalog or 'the catalogue'} at revision {revision} with the request.",
                    metadata={"catalog": catalog, "revision": revision},
                )
            self._hold(key, await asyncio.to_thread(_parser, vocabulary))
        self._parsers.move_to_end(key)
        return self._parsers[key]

    async def _unnamed(self, vocabulary: Vocabulary | None) -> Parser:
        return self._plain if vocabulary is None else await asyncio.to_thread(_parser, vocabulary)

    def _hold(self, key: tuple[str, str], parser: Parser) -> None:
        self._parsers[key] = parser
        while len(self._parsers) > self._capacity:
            self._parsers.popitem(last=False)


def _parser(vocabulary: Vocabulary) -> Parser:
    return Parser(Matcher(vocabulary))
