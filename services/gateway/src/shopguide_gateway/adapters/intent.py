"""The intent service over gRPC."""

from collections.abc import Iterable, Iterator
from typing import cast

import grpc
import grpc.aio

from shopguide.intent.v1 import intent_service_pb2 as pb
from shopguide.intent.v1 import intent_service_pb2_grpc as pb_grpc
from shopguide.type.v1 import catalog_pb2
from shopguide_gateway.convert.answers import read_degradations, read_timings
from shopguide_gateway.convert.limits import (
    read_constraint,
    read_money,
    read_ordering,
    read_scope,
    read_vector,
    write_answer,
    write_constraints,
    write_money,
)
from shopguide_gateway.domain.model import (
    Catalogue,
    Need,
    Reference,
    Shopper,
    Shown,
    State,
    Understanding,
)
from shopguide_runtime.errors import FailedPrecondition, from_rpc_error

_VOCABULARY_MISSING = "VOCABULARY_MISSING"


class GrpcUnderstander:
    """Understands through the intent service; sends the vocabulary only when the service asks for it."""

    def __init__(self, channel: grpc.aio.Channel) -> None:
        """Use a channel that the caller closes."""
        self._stub = pb_grpc.IntentServiceStub(channel)

    async def understand(
        self, text: str, shopper: Shopper, state: State, catalogue: Catalogue | None
    ) -> Understanding:
        """Return what the shopper wants. Raises ShopguideError when the service cannot say."""
        request = _request(text, shopper, state, catalogue)
        try:
            return _read(await self._call(request))
        except FailedPrecondition as error:
            if error.reason != _VOCABULARY_MISSING or catalogue is None:
                raise
        request.vocabulary.CopyFrom(cast(catalog_pb2.CatalogDescription, catalogue.vocabulary))
        return _read(await self._call(request))

    async def _call(self, request: pb.UnderstandRequest) -> pb.UnderstandResponse:
        try:
            return await self._stub.Understand(request)
        except grpc.aio.AioRpcError as error:
            raise from_rpc_error(error, "intent") from error


def _request(text: str, shopper: Shopper, state: State, catalogue: Catalogue | None) -> pb.UnderstandRequest:
    return pb.UnderstandRequest(
        text=text,
        history=list(_history(state.history)),
        language_code=shopper.language,
        catalog=catalogue.name if catalogue else "",
        vocabulary_revision=catalogue.revision if catalogue else "",
        state=_write_state(state),
        currency_code=shopper.currency,
    )


def _history(turns: Iterable[tuple[str, str]]) -> Iterator[pb.Turn]:
    for role, text in turns:
        yield pb.Turn(role=f"ROLE_{role}", text=text)


def _write_state(state: State) -> pb.DialogueState:
    return pb.DialogueState(
        last_intent=state.last_intent,
        search_query=state.search_query,
        constraints=write_constraints(state.constraints),
        shown_products=[_write_shown(s) for s in state.shown],
        open_slot=state.open_slot,
        language_code=state.language,
        offered_answers=[write_answer(a) for a in state.offered],
    )


def _write_shown(shown: Shown) -> pb.ShownProduct:
    return pb.ShownProduct(
        product_id=shown.product_id,
        title=shown.title,
        brand=shown.brand,
        price=write_money(shown.price) if shown.price else None,
        color=shown.color,
        role=shown.role,
    )


def _read(response: pb.UnderstandResponse) -> Understanding:
    best = response.intents[0] if response.intents else pb.IntentLabel(label="SEARCH")
    return Understanding(
        intent=best.label,
        confidence=best.confidence,
        search_query=response.search_query,
        language="zh" if response.language_code.startswith("zh") else "en",
        constraints=tuple(read_constraint(c) for c in response.constraints),
        scopes=tuple(read_scope(s) for s in response.scopes),
        budget=read_money(response.budget.total),
        budget_evidence=response.budget.evidence,
        references=tuple(Reference(r.product_id, r.evidence, r.position) for r in response.references),
        need=_read_need(response.need),
        ordering=read_ordering(response.ordering),
        sentiment=response.sentiment_score,
        missing_slots=tuple(response.missing_slots),
        query_vector=read_vector(response.query_vector),
        abstained=response.abstained,
        topic_changed=response.topic_changed,
        degradations=read_degradations(response.degradations),
        timings=read_timings(response.timings),
    )


def _read_need(message: pb.Need) -> Need:
    return Need(
        message.recipient,
        tuple(message.uses),
        message.occasion,
        tuple(message.qualities),
        message.repeat_count,
    )
