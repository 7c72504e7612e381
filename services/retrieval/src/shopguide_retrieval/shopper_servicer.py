"""The part of `IndexService` that takes in what shoppers do, gives it out and forgets it."""

import time
from collections.abc import AsyncIterator
from dataclasses import dataclass

from shopguide.retrieval.v1 import index_service_pb2 as pb
from shopguide_retrieval.convert.catalogs import catalog_name
from shopguide_retrieval.convert.events import event, event_message, profile_json, shopper_key, type_label
from shopguide_retrieval.domain.events import Event
from shopguide_retrieval.domain.indexing import Failure
from shopguide_retrieval.domain.recording import EventRecorder, ShopperFile
from shopguide_retrieval.metrics import EVENTS
from shopguide_runtime.calls import RpcContext
from shopguide_runtime.status import encode
from shopguide_runtime.validation import Violations

MAX_EVENTS = 500
"""Events of one request."""


@dataclass(frozen=True)
class ShopperSide:
    """The use cases about shoppers."""

    recorder: EventRecorder
    file: ShopperFile


class ShopperMethods:
    """Methods of `IndexServicer`."""

    _shoppers: ShopperSide

    async def WriteEvents(
        self,
        request: pb.WriteEventsRequest,
        context: RpcContext,  # noqa: ARG002
    ) -> pb.WriteEventsResponse:
        """Write what shoppers did; bad events are reported and do not stop good ones."""
        found = Violations()
        name = catalog_name(found, request.catalog)
        found.count("events", len(request.events), 1, MAX_EVENTS)
        found.raise_if_any()
        now = time.time()
        read = [event(i, message, now) for i, message in enumerate(request.events)]
        failures = [one for one in read if isinstance(one, Failure)]
        for failure in failures:
            EVENTS.labels(type_label(request.events[failure.index]), "refused").inc()
        recorded = await self._shoppers.recorder.record(name, [e for e in read if isinstance(e, Event)])
        return pb.WriteEventsResponse(
            written_count=recorded.written,
            failures=[pb.ItemFailure(id=f.id, status=encode(f.error), index=f.index) for f in failures],
            duplicate_count=recorded.duplicates,
            unknown_product_ids=recorded.unknown_ids,
        )

    async def ExportShopper(
        self,
        request: pb.ExportShopperRequest,
        context: RpcContext,  # noqa: ARG002
    ) -> AsyncIterator[pb.ExportShopperResponse]:
        """Stream a shopper's events, the oldest first, then what was learned from them."""
        found = Violations()
        name, key = catalog_name(found, request.catalog), shopper_key(found, request)
        found.raise_if_any()
        async for batch in self._shoppers.file.events(name, key):
            yield pb.ExportShopperResponse(events=[event_message(e) for e in batch])
        yield pb.ExportShopperResponse(
            profile_json=profile_json(await self._shoppers.file.profile(name, key))
        )

    async def EraseShopper(
        self,
        request: pb.EraseShopperRequest,
        context: RpcContext,  # noqa: ARG002
    ) -> pb.EraseShopperResponse:
        """Forget a shopper."""
        found = Violations()
        name, key = catalog_name(found, request.catalog), shopper_key(found, request)
        found.raise_if_any()
        return pb.EraseShopperResponse(deleted_event_count=await self._shoppers.file.erase(name, key))
