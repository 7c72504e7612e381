"""Requests and channel options that both clients share."""

from collections.abc import Iterable, Mapping, Sequence
from importlib import resources
from typing import Any, Literal

from shopguide.gateway.v1 import guide_service_pb2 as pb
from shopguide.type.v1 import answer_pb2, query_pb2

CHAT_SECONDS = 60.0
"""Longest turn that a client waits for."""
CALL_SECONDS = 10.0
"""Longest other call."""
IMPORT_SECONDS = 3600.0
"""Longest import."""
OFFERS_SECONDS = 30.0
"""Longest change of prices and stock."""
EVENTS_SECONDS = 30.0
"""Longest writing of 500 events."""
SHOPPER_SECONDS = 30.0
"""Longest export or erasure of a shopper."""

Verdict = Literal["HELPFUL", "NOT_HELPFUL", "WRONG"]
"""What a shopper thought of an answer."""


def channel_options() -> Sequence[tuple[str, str | int]]:
    """Return gRPC options: the contract's retries, balancing over all addresses, room for large pages."""
    config = resources.files("shopguide").joinpath("grpc_service_config.json").read_text(encoding="utf-8")
    return (
        ("grpc.service_config", config),
        ("grpc.lb_policy_name", "round_robin"),
        # gRPC's own pauses between attempts to connect grow to two minutes.
        ("grpc.max_reconnect_backoff_ms", 2_000),
        # A new client does not share the pause after an older one found nobody at the address.
        ("grpc.use_local_subchannel_pool", 1),
        ("grpc.max_receive_message_length", 16 * 1024 * 1024),
        ("grpc.max_send_message_length", 16 * 1024 * 1024),
    )


PLACEMENTS = ("home", "product", "cart", "deals", "trending")
"""Where on a site a list stands: for the shopper, like the context, with the context, good prices, what rises."""


def recommend_request(
    catalog: str,
    shopper: query_pb2.Shopper,
    placement: str,
    context: Iterable[str],
    conditions: Iterable[query_pb2.Condition],
    page_size: int,
) -> pb.RecommendRequest:
    """Return the request for the list of a place."""
    return pb.RecommendRequest(
        catalog=catalog,
        shopper=shopper,
        placement=placement,
        context_product_ids=context,
        filter=query_pb2.Filter(conditions=conditions),
        page_size=page_size,
    )


def feedback_request(
    catalog: str, turn_id: str, verdict: Verdict, comment: str, shopper: query_pb2.Shopper | None
) -> pb.RecordFeedbackRequest:
    """Return the request that says what a shopper thought of an answer."""
    return pb.RecordFeedbackRequest(
        catalog=catalog, turn_id=turn_id, verdict=f"VERDICT_{verdict}", comment=comment, shopper=shopper
    )


def whom(visitor_id: str, user_id: str) -> dict[str, Any]:
    """Return the field that says whose data is meant. Raises ValueError unless exactly one id is given."""
    if bool(visitor_id) == bool(user_id):
        raise ValueError("either visitor_id or user_id must be given")
    return {"visitor_id": visitor_id} if visitor_id else {"user_id": user_id}


def chat_request(
    catalog: str,
    shopper: query_pb2.Shopper,
    words: str | answer_pb2.SuggestedAnswer,
    *,
    token: str = "",
    limits: query_pb2.Filter | None = None,
    max_products: int = 0,
    labels: Mapping[str, str] | None = None,
) -> pb.ChatRequest:
    """Return the request of one turn, from words or from one of the answers that were offered."""
    request = pb.ChatRequest(
        catalog=catalog,
        shopper=shopper,
        conversation_token=token,
        filter=limits,
        max_products=max_products,
        labels=labels,
    )
    if isinstance(words, str):
        request.text = words
    else:
        request.selected_answer.CopyFrom(words)
    return request
