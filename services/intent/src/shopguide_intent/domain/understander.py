"""The use case: parse, embed once, decide."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from shopguide_intent.domain.dialogue import carried
from shopguide_intent.domain.heads import Floats, Heads
from shopguide_intent.domain.intent_rules import SEARCHING, decided, ruled_intent
from shopguide_intent.domain.missing import missing_slots
from shopguide_intent.domain.model import DialogueState, Parse, Understanding
from shopguide_intent.domain.parser import ParseContext
from shopguide_intent.domain.vocabularies import Vocabularies
from shopguide_intent.domain.vocabulary import Vocabulary
from shopguide_intent.ports import Encoder
from shopguide_runtime.errors import (
    DeadlineExceeded,
    FailedPrecondition,
    ResourceExhausted,
    ShopguideError,
    Unavailable,
)

ENCODER_MISMATCH = "ENCODER_MISMATCH"
_AWAY = (Unavailable, DeadlineExceeded, ResourceExhausted)
"""Failures of the encoder that a message is read without."""


@dataclass(frozen=True, slots=True)
class Message:
    """A message to understand and what it is read with."""

    text: str
    language: str = ""
    currency: str = ""
    state: DialogueState = field(default_factory=DialogueState)
    catalog: str = ""
    revision: str = ""
    vocabulary: Vocabulary | None = None


@dataclass(frozen=True, slots=True)
class _Embeddings:
    """Embeddings by text, or why there are none."""

    by_text: dict[str, Floats]
    fingerprint: str
    failure: str = ""


class Understander:
    """Understands messages with one encoder call for all of them."""

    def __init__(
        self,
        encoder: Encoder,
        heads: Heads,
        vocabularies: Vocabularies,
        abstain_below: float,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Take the encoder, the trained heads, and the confidence below which no intent is acted on."""
        self._encoder = encoder
        self._heads = heads
        self._vocabularies = vocabularies
        self._abstain_below = abstain_below
        self._clock = clock

    async def understand(self, messages: Sequence[Message]) -> list[Understanding]:
        """Understandings in the order of the messages.

        Raises:
            FailedPrecondition: a vocabulary is missing, or the served encoder is not the heads' one.
        """
        started = self._clock()
        parses = [await self._parse(message) for message in messages]
        parsed = self._clock()
        embeddings = await self._embed(messages, parses)
        encoded = self._clock()
        results = [self._decide(m, p, embeddings) for m, p in zip(messages, parses, strict=True)]
        seconds = {"parse": parsed - started, "encode": encoded - parsed, "decide": self._clock() - encoded}
        return [replace(result, seconds=seconds) for result in results]

    async def verify(self) -> None:
        """Check that the served encoder is the one the heads were trained on; passes while it is away.

        Raises:
            FailedPrecondition: it is another one.
        """
        try:
            served = await self._encoder.fingerprint()
        except _AWAY:
            return
        if served != self._heads.encoder_fingerprint:
            raise FailedPrecondition(
                ENCODER_MISMATCH,
                f"The intent heads need encoder {self._heads.encoder_fingerprint}, but {served} is served.",
                metadata={"expected": self._heads.encoder_fingerprint, "served": served},
            )

    async def _parse(self, message: Message) -> Parse:
        parser = await self._vocabularies.parser(message.catalog, message.revision, message.vocabulary)
        context = ParseContext(message.language, message.currency, message.state)
        # A long message takes tens of milliseconds: not on the event loop.
        return await asyncio.to_thread(parser.parse, message.text, context)

    async def _embed(self, messages: Sequence[Message], parses: Sequence[Parse]) -> _Embeddings:
        wanted = [text for m, p in zip(messages, parses, strict=True) for text in (m.text, p.search_query)]
        texts = [text for text in dict.fromkeys(wanted) if text.strip()]
        try:
            await self.verify()
            vectors = await self._encoder.embed(texts)
        except _AWAY as error:
            return _Embeddings({}, "", _said(error))
        return _Embeddings(dict(zip(texts, vectors, strict=True)), self._heads.encoder_fingerprint)

    def _decide(self, message: Message, parse: Parse, embeddings: _Embeddings) -> Understanding:
        vector = embeddings.by_text.get(message.text)
        ruled = ruled_intent(message.text, parse, message.state)
        scores = decided(self._heads.intents(message.text, vector), ruled)
        parse = _settled(parse, scores[0].label, message.state)
        query = embeddings.by_text.get(parse.search_query)
        return Understanding(
            parse=parse,
            intents=scores,
            sentiment=self._heads.sentiment_score(message.text, vector),
            missing_slots=missing_slots(scores[0].label, parse, message.text),
            abstained=scores[0].confidence < self._abstain_below,
            model=self._heads.version,
            query_vector=() if query is None else tuple(float(x) for x in query),
            encoder_fingerprint=embeddings.fingerprint if query is not None else "",
            degraded=embeddings.failure,
        )


def _settled(parse: Parse, intent: str, state: DialogueState) -> Parse:
    """A question between two searches does not end the search: its limits stay in force."""
    if not parse.topic_changed or intent in SEARCHING:
        return parse
    return replace(parse, topic_changed=False, constraints=carried(parse.constraints, state))


def _said(error: ShopguideError) -> str:
    return error.message
