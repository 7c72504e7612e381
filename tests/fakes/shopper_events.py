"""Events of shoppers as requests."""

from typing import Any

from fakes.retrieval_world import CATALOG
from shopguide.retrieval.v1 import index_service_pb2 as pb
from shopguide.type.v1 import query_pb2, user_event_pb2

Event = user_event_pb2.UserEvent


def event(
    identifier: str,
    *product_ids: str,
    kind: str = "VIEW",
    visitor: str = "ann",
    user: str = "",
    at: int = 0,
    **fields: Any,
) -> Event:
    """Return an event; `at` in Unix seconds, 0 says nothing of the time."""
    message = Event(
        event_id=identifier,
        type=f"TYPE_{kind}",  # type: ignore[arg-type]
        shopper=query_pb2.Shopper(visitor_id=visitor, user_id=user),
        lines=[Event.Line(product_id=i) for i in product_ids],
        **fields,
    )
    if at:
        message.event_time.FromSeconds(at)
    return message


def written(*events: Event, catalog: str = CATALOG) -> pb.WriteEventsRequest:
    """Return a request to write events."""
    return pb.WriteEventsRequest(catalog=catalog, events=events)


def of(catalog: str = CATALOG, **who: str) -> pb.ExportShopperRequest:
    """Return a request for all that is held about a shopper."""
    return pb.ExportShopperRequest(catalog=catalog, **who)


def forgetting(catalog: str = CATALOG, **who: str) -> pb.EraseShopperRequest:
    """Return a request to forget a shopper."""
    return pb.EraseShopperRequest(catalog=catalog, **who)
