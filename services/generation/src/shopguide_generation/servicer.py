"""`shopguide.generation.v1.GenerationService`: requests to the domain and back, nothing else."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import aclosing

from shopguide.generation.v1 import generation_service_pb2 as pb
from shopguide.generation.v1 import generation_service_pb2_grpc as pb_grpc
from shopguide_generation import metrics
from shopguide_generation.convert import requests
from shopguide_generation.convert.answers import Ending, TextPosition, checked, citation, finish, follow_up
from shopguide_generation.domain.answering import Answerer, Tally
from shopguide_generation.domain.checking import check_text
from shopguide_generation.domain.facts import AnswerContext
from shopguide_runtime.calls import RpcContext


class GenerationServicer(pb_grpc.GenerationServiceServicer):
    """Writes answers and checks texts."""

    def __init__(self, answerer: Answerer) -> None:
        self._answerer = answerer

    async def Generate(
        self, request: pb.GenerateRequest, context: RpcContext
    ) -> AsyncIterator[pb.GenerateResponse]:
        """Stream the answer sentence by sentence, each after its check."""
        started = time.monotonic()
        asked, wish = requests.generate(request)
        draft = await self._answerer.draft(asked)
        tally, position, first_text = Tally(), TextPosition(), 0.0
        async with aclosing(self._answerer.release(asked, draft, wish, tally)) as sentences:
            async for sentence in sentences:
                first_text = first_text or time.monotonic() - started
                yield pb.GenerateResponse(text_delta=sentence.lead + sentence.text)
                start, end = position.advance(sentence.lead, sentence.text)
                if sentence.cited:
                    yield pb.GenerateResponse(citation=citation(asked, sentence.cited, start, end))
        if draft.slot and draft.question:
            yield pb.GenerateResponse(follow_up=follow_up(draft.slot, draft.question))
        ending = Ending(draft, tally, self._answerer.model_name, first_text, time.monotonic() - started)
        _observe(asked, ending)
        yield pb.GenerateResponse(finish=finish(ending))

    async def CheckGrounding(
        self, request: pb.CheckGroundingRequest, context: RpcContext
    ) -> pb.CheckGroundingResponse:
        """Check every statement of a text."""
        text, asked = requests.check(request)
        found = await asyncio.to_thread(check_text, text, asked)
        for statement in found:
            metrics.CHECKED.labels(str(statement.report.grounded).lower()).inc()
        return checked(text, asked, found)


def _observe(asked: AnswerContext, ending: Ending) -> None:
    tally = ending.tally
    metrics.ANSWER_SECONDS.labels(asked.task.value, asked.language).observe(ending.seconds)
    metrics.FIRST_TEXT_SECONDS.observe(ending.first_text_seconds)
    metrics.SENTENCES.labels("model", asked.language).inc(tally.model_sentences)
    metrics.SENTENCES.labels("template", asked.language).inc(tally.template_sentences)
    metrics.DROPPED.labels(asked.task.value).inc(ending.draft.dropped)
    metrics.observe_model(tally)
