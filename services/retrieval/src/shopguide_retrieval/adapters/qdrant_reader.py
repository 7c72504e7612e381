"""Reads points of Qdrant in its own messages: candidates, payloads, counts."""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol, TypeVar

from qdrant_client import grpc

from shopguide_retrieval.adapters import qdrant_messages as messages
from shopguide_retrieval.adapters.payload_cache import Payload, PayloadCache, State
from shopguide_retrieval.adapters.qdrant_calls import deadline_seconds, qdrant_call
from shopguide_retrieval.domain.card import Card, card
from shopguide_retrieval.domain.limits import Limit
from shopguide_retrieval.domain.reader import reader_key
from shopguide_retrieval.domain.stages import note_engine
from shopguide_retrieval.metrics import PAYLOADS

ROUTE_HEADER = "x-qdrant-route-affinity"
"""Reads with the same value are answered by the same replicas (Qdrant 1.19)."""

LARGE_KEYS = ("product", "vocabulary")
"""Payload keys that no ranking needs and that make most of a payload."""

_STATE_KEY = "update_time"


def search_params(
    *,
    rescore: bool = True,
    oversampling: float = 3.0,
    quantized: bool = True,
    ef: int = 0,
    acorn: float | None = None,
) -> grpc.SearchParams:
    """Return the parameters of dense lists: `ef` 0 leaves it to Qdrant, `acorn` is its highest selectivity, if used."""
    quantization = grpc.QuantizationSearchParams(rescore=rescore, oversampling=oversampling)
    return grpc.SearchParams(
        hnsw_ef=ef or None,
        quantization=quantization if quantized else None,
        acorn=None if acorn is None else grpc.AcornSearchParams(enable=True, max_selectivity=acorn),
    )


@dataclass(frozen=True, slots=True)
class ReadSettings:
    """How points are read."""

    search: grpc.SearchParams = field(default_factory=search_params)
    """Of dense lists: `ef`, rescoring, ACORN."""
    consistency: grpc.ReadConsistency | None = None
    """How many replicas must agree; one answers when None."""
    affinity: bool = False
    """Whether a shopper's reads go to the same replicas."""
    copies: int = 1
    """Of each point. A point's version differs between copies, so with several of them its state is its `update_time`."""
    payload_cache: int = 20_000
    """Payloads kept in memory, and as many products as they are shown."""
    metadata: tuple[tuple[str, str], ...] = ()
    """Sent with every call: the API key, on a channel that does not send it by itself."""


def read_consistency(value: str) -> grpc.ReadConsistency | None:
    """Return how many copies must agree: a number, `majority`, `quorum` or `all`; None for one."""
    if value.isdigit():
        return grpc.ReadConsistency(factor=int(value)) if int(value) > 1 else None
    return grpc.ReadConsistency(type=grpc.ReadConsistencyType.Value(value.capitalize()))


class _Timed(Protocol):
    time: float


T = TypeVar("T")


class Stored(NamedTuple):
    """A payload without its large keys, and what ranking reads of it."""

    payload: Payload
    card: Card


Hit = tuple[str, float, State]
"""A point of a list: its id, its score, its state."""


def _stored(payload: Payload) -> Stored:
    return Stored(payload, card(payload))


def _as_read(payload: Payload) -> Payload:
    return payload


class PointReader:
    """Reads over one channel, remembering payloads."""

    def __init__(self, points: grpc.PointsStub, settings: ReadSettings | None = None) -> None:
        """Take the stub of the `Points` service and how to read."""
        self._points = points
        self._settings = settings or ReadSettings()
        self._payloads = PayloadCache[Stored](self._settings.payload_cache)
        self._full = PayloadCache[Payload](self._settings.payload_cache)

    @property
    def search_params(self) -> grpc.SearchParams:
        """The parameters of dense lists."""
        return self._settings.search

    @property
    def state_selector(self) -> grpc.WithPayloadSelector:
        """The payload keys that tell the state of a point, asked for with every list."""
        if self._settings.copies == 1:
            return grpc.WithPayloadSelector(enable=False)
        return messages.only((_STATE_KEY,))

    async def lists(
        self, operation: str, name: str, queries: Sequence[grpc.QueryPoints]
    ) -> list[Sequence[grpc.ScoredPoint]]:
        """Return the points of each query, asked for together."""
        request = grpc.QueryBatchPoints(
            collection_name=name, query_points=queries, read_consistency=self._settings.consistency
        )
        response = await self._call(operation, self._points.QueryBatch, request)
        return [one.result for one in response.result]

    def hits(self, points: Iterable[grpc.ScoredPoint]) -> list[Hit]:
        """Return id, score and state of each point."""
        if self._settings.copies == 1:
            return [(p.id.uuid, p.score, p.version) for p in points]
        return [(p.id.uuid, p.score, p.payload[_STATE_KEY].double_value) for p in points]

    async def payloads(self, name: str, states: Mapping[str, State]) -> dict[str, Stored]:
        """Return the payloads, but for the large keys, of points in these states; points deleted meanwhile are left out."""
        return await self._remembered(self._payloads, name, states, messages.all_but(LARGE_KEYS), _stored)

    async def full_payloads(
        self, name: str, states: Mapping[str, State], keys: Iterable[str]
    ) -> dict[str, Payload]:
        """Return the named payload keys of points in these states; points deleted meanwhile are left out."""
        return await self._remembered(self._full, name, states, messages.only(keys), _as_read)

    async def _remembered(
        self,
        cache: PayloadCache[T],
        name: str,
        states: Mapping[str, State],
        wanted: grpc.WithPayloadSelector,
        make: Callable[[Payload], T],
    ) -> dict[str, T]:
        found = cache.find(name, states)
        missing = [point for point in states if point not in found]
        PAYLOADS.labels("kept").inc(len(found))
        if missing:
            PAYLOADS.labels("read").inc(len(missing))
            read = await self.retrieve(name, missing, wanted)
            made = {point: make(payload) for point, payload in read.items()}
            cache.keep(name, ((point, states[point], one) for point, one in made.items()))
            found |= made
        return found

    async def retrieve(
        self, name: str, ids: Sequence[str], wanted: grpc.WithPayloadSelector
    ) -> dict[str, dict[str, Any]]:
        """Return the payloads of the points that exist, by id."""
        request = grpc.GetPoints(
            collection_name=name,
            ids=messages.point_ids(ids),
            with_payload=wanted,
            read_consistency=self._settings.consistency,
        )
        response = await self._call("retrieve", self._points.Get, request)
        return {point.id.uuid: messages.payload(point.payload) for point in response.result}

    async def count(self, name: str, limits: Sequence[Limit]) -> int:
        """Return how many points satisfy all limits, exactly."""
        request = grpc.CountPoints(
            collection_name=name,
            filter=messages.filter_message(limits),
            exact=True,
            read_consistency=self._settings.consistency,
        )
        response = await self._call("count", self._points.Count, request)
        return int(response.result.count)

    async def _call(self, operation: str, method: Any, request: Any) -> Any:  # noqa: ANN401 - any message
        timeout = deadline_seconds()
        request.timeout = max(1, round(timeout))
        async with qdrant_call(operation):
            call: Awaitable[_Timed] = method(request, timeout=timeout, metadata=self._metadata())
            response = await call
        note_engine(response.time)
        return response

    def _metadata(self) -> tuple[tuple[str, str], ...] | None:
        key = reader_key() if self._settings.affinity else ""
        return (self._settings.metadata + (((ROUTE_HEADER, key),) if key else ())) or None
