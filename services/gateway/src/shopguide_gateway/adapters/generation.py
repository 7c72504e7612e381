"""The generation service over gRPC."""

from collections.abc import AsyncGenerator

import grpc
import grpc.aio

from shopguide.generation.v1 import generation_service_pb2 as pb
from shopguide.generation.v1 import generation_service_pb2_grpc as pb_grpc
from shopguide_gateway.convert.answers import (
    read_citation,
    read_degradations,
    read_follow_up,
    write_source,
)
from shopguide_gateway.convert.limits import (
    write_answer,
    write_money,
    write_ordering,
    write_outcomes,
)
from shopguide_gateway.domain.model import AnswerRequest, FollowUpSlot, WriterEvent, WriterFinish
from shopguide_runtime.errors import Unavailable, from_rpc_error


class GrpcWriter:
    """Writes through the generation service."""

    def __init__(self, channel: grpc.aio.Channel) -> None:
        """Use a channel that the caller closes."""
        self._stub = pb_grpc.GenerationServiceStub(channel)

    async def write(self, request: AnswerRequest, timeout: float) -> AsyncGenerator[WriterEvent, None]:
        """Stream checked text; leaving early cancels the call. Raises ShopguideError, also for a stream cut off."""
        call = self._stub.Generate(_request(request), timeout=timeout)
        finished = False
        try:
            async for message in call:
                event = _read(message)
                if event is not None:
                    finished = finished or isinstance(event, WriterFinish)
                    yield event
        except grpc.aio.AioRpcError as error:
            raise from_rpc_error(error, "generation") from error
        finally:
            call.cancel()
        if not finished:
            raise Unavailable("generation", "The answer was cut off.")


def _request(request: AnswerRequest) -> pb.GenerateRequest:
    return pb.GenerateRequest(
        task=f"TASK_{request.task}",
        query=request.query,
        sources=[write_source(s) for s in request.sources],
        language_code=request.language,
        history=request.history,
        context=_context(request),
    )


def _context(request: AnswerRequest) -> pb.AnswerContext:
    need = request.need
    return pb.AnswerContext(
        total_matches=request.total_matches,
        constraint_outcomes=write_outcomes(request.outcomes),
        budget=write_money(request.budget) if request.budget else None,
        total_price=write_money(request.total_price) if request.total_price else None,
        search_query=request.search_query,
        recipient=need.recipient,
        uses=need.uses,
        occasion=need.occasion,
        qualities=need.qualities,
        sentiment_score=request.sentiment,
        repeat_count=need.repeat_count,
        follow_up_slot=_slot(request.follow_up_slot) if request.follow_up_slot else None,
        missing_roles=request.missing_roles,
        alternative_source_ids=request.alternative_source_ids,
        ordering=write_ordering(request.ordering),
        reference_source_id=request.reference_source_id,
        currency_code=request.currency,
    )


def _slot(slot: FollowUpSlot) -> pb.FollowUpSlot:
    options = [write_answer(option) for option in slot.options]
    return pb.FollowUpSlot(slot=slot.slot, label=slot.label, options=options)


def _read(message: pb.GenerateResponse) -> WriterEvent | None:
    match message.WhichOneof("event"):
        case "text_delta":
            return message.text_delta
        case "citation":
            return read_citation(message.citation)
        case "follow_up":
            return read_follow_up(message.follow_up)
        case "finish":
            return _read_finish(message.finish)
        case _:
            return None


def _read_finish(finish: pb.Finish) -> WriterFinish:
    return WriterFinish(
        finish.usage.input_tokens,
        finish.usage.output_tokens,
        finish.model_sentence_count,
        finish.template_sentence_count,
        finish.hand_over,
        finish.answered,
        read_degradations(finish.degradations),
    )
