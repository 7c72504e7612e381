"""`shopguide.intent.v1.IntentService`: converts and delegates."""

from __future__ import annotations

from collections.abc import Sequence

from shopguide.intent.v1 import intent_service_pb2 as pb
from shopguide.intent.v1 import intent_service_pb2_grpc as pb_grpc
from shopguide_intent import metrics, validate
from shopguide_intent.convert import DEFAULT_MIN_CONFIDENCE, read_message, write_response
from shopguide_intent.domain.model import Understanding
from shopguide_intent.domain.understander import Understander
from shopguide_runtime.calls import RpcContext


class IntentServicer(pb_grpc.IntentServiceServicer):
    """Answers over gRPC with what an Understander says."""

    def __init__(self, understander: Understander) -> None:
        """Take the use case."""
        self._understander = understander

    async def Understand(
        self,
        request: pb.UnderstandRequest,
        context: RpcContext,
    ) -> pb.UnderstandResponse:
        """Read one message."""
        validate.check(request)
        return (await self._answer([request]))[0]

    async def BatchUnderstand(
        self,
        request: pb.BatchUnderstandRequest,
        context: RpcContext,
    ) -> pb.BatchUnderstandResponse:
        """Read many messages with one encoder call."""
        validate.check_batch(request.requests)
        return pb.BatchUnderstandResponse(responses=await self._answer(request.requests))

    async def _answer(self, requests: Sequence[pb.UnderstandRequest]) -> list[pb.UnderstandResponse]:
        results = await self._understander.understand([read_message(request) for request in requests])
        for stage, value in results[0].seconds.items():
            metrics.STAGE_SECONDS.labels(stage).observe(value)
        return [self._response(request, result) for request, result in zip(requests, results, strict=True)]

    def _response(self, request: pb.UnderstandRequest, result: Understanding) -> pb.UnderstandResponse:
        _observe(result)
        given = request.HasField("min_confidence")
        return write_response(result, request.min_confidence if given else DEFAULT_MIN_CONFIDENCE)


def _observe(result: Understanding) -> None:
    language, best = result.parse.language, result.intents[0]
    metrics.CONFIDENCE.labels(language).observe(best.confidence)
    metrics.MESSAGES.labels(language, best.label).inc()
    if result.abstained:
        metrics.ABSTAINED.labels(language).inc()
    if result.degraded:
        metrics.DEGRADED.inc()
    for constraint in result.parse.constraints:
        metrics.CONSTRAINTS.labels(constraint.strength).inc()
