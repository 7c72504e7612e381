"""Events of shoppers in Qdrant: a point each, found by shopper, product and time."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Sequence
from functools import partial
from typing import Any, Literal, TypeVar

from qdrant_client import AsyncQdrantClient, models

from shopguide_retrieval.adapters.qdrant_calls import call_timeout
from shopguide_retrieval.adapters.qdrant_schema import point_id
from shopguide_retrieval.adapters.qdrant_shopper_schema import EVENTS, ShopperCollections
from shopguide_retrieval.domain.catalog import Catalog
from shopguide_retrieval.domain.events import Event, EventType, Feedback, Line
from shopguide_retrieval.domain.model import Price
from shopguide_retrieval.domain.shoppers import USER, VISITOR

T = TypeVar("T")

_PAGE = 4096
"""Events read at once for profiles."""
_EXPORT_PAGE = 256
_LEARNED_KEYS = ["event_id", "type", "time", "keys", "lines"]
"""What profiles are computed from."""


class QdrantEventStore:
    """`EventStore` over one Qdrant client."""

    def __init__(self, client: AsyncQdrantClient, collections: ShopperCollections) -> None:
        """Take a connected client and the collections."""
        self._client = client
        self._collections = collections

    async def insert(self, catalog: Catalog, events: Sequence[Event], receipt: str) -> set[str]:
        """Write the events whose ids are not stored yet; returns the ids of those that this call wrote."""
        if not events:
            return set()
        points = [
            models.PointStruct(id=_point_id(e.id), vector={}, payload=_payload(e) | {"receipt": receipt})
            for e in events
        ]
        # The first one to write an id wins, in whatever process; the receipt tells who it was.
        only_new = models.UpdateMode.INSERT_ONLY
        await self._run(
            catalog, "upsert", lambda name: self._client.upsert(name, points, wait=True, update_mode=only_new)
        )
        payloads = await self._retrieve(catalog, [e.id for e in events], ["event_id", "receipt"])
        return {str(p["event_id"]) for p in payloads if p["receipt"] == receipt}

    async def of(self, catalog: Catalog, keys: Collection[str]) -> dict[str, list[Event]]:
        """Return all events of the shopper keys, unordered, by key; feedback is left out."""
        found: dict[str, list[Event]] = {key: [] for key in keys}
        if not found:
            return found
        async for page in self._pages(catalog, _learned(keys), _LEARNED_KEYS, _PAGE):
            for event in map(_event, page):
                for key in event.keys:
                    if key in found:
                        found[key].append(event)
        return found

    async def latest(self, catalog: Catalog, key: str, size: int) -> list[Event]:
        """Return the latest events of one shopper key, at most `size`; feedback is left out."""
        order = models.OrderBy(key="time", direction=models.Direction.DESC)
        response = await self._run(
            catalog,
            "query_ordered",
            lambda name: self._client.query_points(
                name,
                query=models.OrderByQuery(order_by=order),
                query_filter=_learned([key]),
                limit=size,
                with_payload=_LEARNED_KEYS,
                timeout=call_timeout(),
            ),
        )
        return [_event(p.payload or {}) for p in response.points]

    async def count(self, catalog: Catalog, key: str) -> int:
        """Return how many events a shopper key has, feedback left out."""
        return await self._count(catalog, _learned([key]))

    async def present(self, catalog: Catalog, ids: Collection[str]) -> int:
        """Return how many of these events are stored."""
        if not ids:
            return 0
        wanted = models.HasIdCondition(has_id=[_point_id(i) for i in ids])
        return await self._count(catalog, models.Filter(must=[wanted]))

    async def everything(self, catalog: Catalog, key: str) -> AsyncIterator[list[Event]]:
        """Yield all events of a shopper key, feedback included, the oldest first, in batches."""
        order: list[tuple[float, str]] = []
        async for page in self._pages(catalog, _having([key]), ["time", "event_id"], _PAGE):
            order += [(float(p["time"]), str(p["event_id"])) for p in page]
        ids = [i for _, i in sorted(order)]
        for start in range(0, len(ids), _EXPORT_PAGE):
            yield await self._fetch(catalog, ids[start : start + _EXPORT_PAGE])

    async def keys(self, catalog: Catalog) -> AsyncIterator[set[str]]:
        """Yield the shopper keys of all events, in batches; a key may be in several of them."""
        async for page in self._pages(catalog, None, ["keys"], _PAGE):
            yield {str(k) for p in page for k in p["keys"]}

    async def companions(self, catalog: Catalog, key: str) -> set[str]:
        """Return the other keys on the events of a shopper key."""
        pages = self._pages(catalog, _having([key]), ["keys"], _PAGE)
        return {str(k) async for page in pages for p in page for k in p["keys"]} - {key}

    async def erase(self, catalog: Catalog, key: str) -> int:
        """Delete all events of a shopper key, feedback included; returns how many there were."""
        count = await self._count(catalog, _having([key]))
        selector = models.FilterSelector(filter=_having([key]))
        await self._run(catalog, "delete", lambda name: self._client.delete(name, selector, wait=True))
        return count

    async def _count(self, catalog: Catalog, condition: models.Filter) -> int:
        result = await self._run(
            catalog,
            "count",
            lambda name: self._client.count(name, condition, exact=True, timeout=call_timeout()),
        )
        return int(result.count)

    async def _fetch(self, catalog: Catalog, ids: Sequence[str]) -> list[Event]:
        """Return the events that still exist, in the order of their ids here."""
        found = {e.id: e for e in map(_event, await self._retrieve(catalog, ids, True))}
        return [found[i] for i in ids if i in found]

    async def _retrieve(
        self, catalog: Catalog, ids: Sequence[str], payload: list[str] | Literal[True]
    ) -> list[dict[str, Any]]:
        points = [_point_id(i) for i in ids]
        records = await self._run(
            catalog,
            "retrieve",
            lambda name: self._client.retrieve(name, points, with_payload=payload, timeout=call_timeout()),
        )
        return [dict(r.payload or {}) for r in records]

    async def _run(self, catalog: Catalog, operation: str, call: Callable[[str], Awaitable[T]]) -> T:
        return await self._collections.run(catalog, EVENTS, operation, call)

    async def _pages(
        self, catalog: Catalog, condition: models.Filter | None, keys: Sequence[str], size: int
    ) -> AsyncIterator[list[dict[str, Any]]]:
        offset: Any = None
        while True:
            page = partial(
                self._client.scroll,
                scroll_filter=condition,
                limit=size,
                offset=offset,
                with_payload=list(keys),
            )
            records, offset = await self._run(catalog, "scroll", page)
            yield [dict(r.payload or {}) for r in records]
            if offset is None:
                return


def _point_id(event_id: str) -> str:
    return point_id(f"event:{event_id}")


def _having(keys: Collection[str]) -> models.Filter:
    return models.Filter(must=[models.FieldCondition(key="keys", match=models.MatchAny(any=sorted(keys)))])


def _learned(keys: Collection[str]) -> models.Filter:
    feedback = models.FieldCondition(key="type", match=models.MatchValue(value=EventType.FEEDBACK.value))
    return models.Filter(must=_having(keys).must, must_not=[feedback])


def _payload(event: Event) -> dict[str, Any]:
    payload: dict[str, Any] = {
        "event_id": event.id,
        "type": event.type.value,
        "time": event.time,
        "keys": list(event.keys),
        "product_ids": list(event.product_ids),
        # As one string: nested objects take long to encode and to decode, and nothing is searched by their parts.
        "lines": json.dumps([_line(line) for line in event.lines], ensure_ascii=False, separators=(",", ":")),
    }
    payload |= {k: v for k, v in (("query", event.query), ("attribution", event.attribution)) if v}
    if event.feedback:
        said = event.feedback
        payload["feedback"] = {"turn_id": said.turn_id, "verdict": said.verdict, "comment": said.comment}
    return payload


def _line(line: Line) -> dict[str, Any]:
    price = line.unit_price
    paid = {"price": price.minor, "currency": price.currency} if price else {}
    return {"product_id": line.product_id, "quantity": line.quantity, **paid}


def _event(payload: dict[str, Any]) -> Event:
    keys = [str(k) for k in payload["keys"]]
    said = payload.get("feedback")
    return Event(
        str(payload["event_id"]),
        EventType(payload["type"]),
        float(payload["time"]),
        next((k.removeprefix(VISITOR) for k in keys if k.startswith(VISITOR)), ""),
        next((k.removeprefix(USER) for k in keys if k.startswith(USER)), ""),
        tuple(map(_stored_line, json.loads(payload["lines"]))),
        str(payload.get("query", "")),
        str(payload.get("attribution", "")),
        Feedback(said["turn_id"], said["verdict"], said["comment"]) if said else None,
    )


def _stored_line(raw: dict[str, Any]) -> Line:
    price = Price(int(raw["price"]), str(raw["currency"])) if "price" in raw else None
    return Line(str(raw["product_id"]), int(raw["quantity"]), price)
