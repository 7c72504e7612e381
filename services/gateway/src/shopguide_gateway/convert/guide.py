"""The gateway's own API: requests to domain values, turn events to messages."""

from typing import cast

from shopguide.gateway.v1 import guide_service_pb2 as pb
from shopguide.type.v1 import query_pb2
from shopguide_gateway.convert.answers import (
    write_citation,
    write_degradations,
    write_follow_up,
    write_source,
    write_timings,
)
from shopguide_gateway.convert.limits import (
    read_answer,
    read_conditions,
    write_budget,
    write_constraints,
    write_money,
    write_outcomes,
    write_scope,
)
from shopguide_gateway.convert.products import write_scored
from shopguide_gateway.domain.events import Finished, ProductsShown, Started, TurnEvent, Understood
from shopguide_gateway.domain.model import (
    Ask,
    Citation,
    FollowUp,
    Query,
    Shopper,
    Understanding,
    View,
)
from shopguide_gateway.domain.searching import Searched


def read_shopper(message: query_pb2.Shopper) -> Shopper:
    """Return who is asking."""
    return Shopper(
        message.visitor_id,
        message.user_id,
        message.language_code,
        message.region_code,
        message.currency_code,
    )


def write_shopper(shopper: Shopper) -> query_pb2.Shopper:
    """Return the message."""
    return query_pb2.Shopper(
        visitor_id=shopper.visitor_id,
        user_id=shopper.user_id,
        language_code=shopper.language,
        region_code=shopper.region,
        currency_code=shopper.currency,
    )


def read_ask(request: pb.ChatRequest, max_products: int) -> Ask:
    """Return the turn as asked for; `max_products` is the bound after defaults."""
    picked = request.HasField("selected_answer")
    return Ask(
        catalog=request.catalog,
        shopper=read_shopper(request.shopper),
        text=request.selected_answer.text if picked else request.text,
        conversation_token=request.conversation_token,
        selected=read_answer(request.selected_answer) if picked else None,
        filter=read_conditions(request.filter),
        max_products=max_products,
    )


def read_query(request: pb.SearchRequest, page_size: int) -> Query:
    """Return the search as asked for; `page_size` is the bound after defaults."""
    name = query_pb2.ProductView.Name(request.view).removeprefix("PRODUCT_VIEW_")
    return Query(
        catalog=request.catalog,
        shopper=read_shopper(request.shopper),
        text=request.query,
        filter=read_conditions(request.filter),
        page_size=page_size,
        page_token=request.page_token,
        view=cast(View, "BASIC" if name == "UNSPECIFIED" else name),
    )


def write_understanding(read: Understanding) -> pb.ChatResponse.Understanding:
    """Return what was understood."""
    return pb.ChatResponse.Understanding(
        intent=read.intent,
        confidence=read.confidence,
        search_query=read.search_query,
        constraints=write_constraints(read.constraints),
        language_code=read.language,
        scopes=[write_scope(s) for s in read.scopes],
        budget=write_budget(read.budget, read.budget_evidence) if read.budget else None,
        sentiment_score=read.sentiment,
    )


def write_event(event: TurnEvent) -> pb.ChatResponse:
    """Return one message of the stream."""
    match event:
        case str():
            return pb.ChatResponse(text_delta=event)
        case Started():
            return pb.ChatResponse(
                turn_started=pb.ChatResponse.TurnStarted(turn_id=event.turn_id, turn_number=event.turn_number)
            )
        case Understood():
            return pb.ChatResponse(understanding=write_understanding(event.understanding))
        case ProductsShown():
            return pb.ChatResponse(products=_write_products(event))
        case Citation():
            return pb.ChatResponse(citation=write_citation(event))
        case FollowUp():
            return pb.ChatResponse(follow_up=write_follow_up(event))
        case Finished():
            return pb.ChatResponse(turn_finished=_write_finished(event))


def _write_products(shown: ProductsShown) -> pb.ChatResponse.ProductList:
    return pb.ChatResponse.ProductList(
        results=[write_scored(s) for s in shown.results],
        constraint_outcomes=write_outcomes(shown.outcomes),
        matched_size=shown.matched_size,
        total_price=write_money(shown.total_price) if shown.total_price else None,
        missing_roles=shown.missing_roles,
    )


def _write_finished(finished: Finished) -> pb.ChatResponse.TurnFinished:
    return pb.ChatResponse.TurnFinished(
        conversation_token=finished.conversation_token,
        attribution_token=finished.attribution_token,
        degradations=write_degradations(finished.degradations),
        input_tokens=finished.input_tokens,
        output_tokens=finished.output_tokens,
        timings=write_timings(finished.timings),
        sources=[write_source(s) for s in finished.sources],
        hand_over=finished.hand_over,
        model_share=finished.model_share,
        answered=finished.answered,
    )


def write_search(searched: Searched) -> pb.SearchResponse:
    """Return one page of a search."""
    result = searched.result
    return pb.SearchResponse(
        results=[write_scored(s) for s in result.results],
        next_page_token=result.next_page_token,
        total_size=result.total_size,
        matched_size=result.matched_size,
        understanding=write_understanding(searched.understanding),
        constraint_outcomes=write_outcomes(result.outcomes),
        attribution_token=result.attribution_token,
        degradations=write_degradations(searched.degradations),
        timings=write_timings(searched.timings),
    )
