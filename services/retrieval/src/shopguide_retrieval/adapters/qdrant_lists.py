"""Lists of candidates: the requests of one round trip, and points as Qdrant takes them."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from qdrant_client import AsyncQdrantClient, grpc, models

from shopguide_retrieval.adapters import qdrant_messages as messages
from shopguide_retrieval.adapters.qdrant_calls import qdrant_call
from shopguide_retrieval.adapters.qdrant_filters import to_filter
from shopguide_retrieval.adapters.qdrant_reader import PointReader
from shopguide_retrieval.adapters.qdrant_schema import DENSE, SPARSE, point_id
from shopguide_retrieval.domain.bm25 import SparseVector, weighted_vector
from shopguide_retrieval.ports import CandidateQuery, LeadingQuery, Patch, Point

REFERENCE_SIZE = 20
"""Products of a reference list: enough to see what a query names."""

UPSERT_POINTS = 500
"""Points written in one call: half of what `STRICT_LIMITS` allow, and a second of the local node's time."""

UPSERT_BYTES = 8 * 1024 * 1024
"""Of one such call; a Qdrant server takes 32 MiB."""

SCROLL_PAGE = 256
"""Points read at once when a whole collection is read."""


@dataclass(frozen=True, slots=True)
class CandidateList:
    """One list: the score it gives, whether its products are within the limits, its request."""

    kind: Literal["dense", "sparse"]
    within: bool
    request: grpc.QueryPoints


def candidate_lists(
    query: CandidateQuery, wanted: grpc.WithPayloadSelector, params: grpc.SearchParams | None
) -> list[CandidateList]:
    """Return the lists that a query asks for, with these payload keys; `params` are those of the dense ones."""
    filters = [(True, messages.filter_message(query.limits), query.size)]
    filters += [
        (True, messages.filter_message(query.limits, group), query.size) for group in query.preferred if group
    ]
    if query.reference is not None:
        filters.append((False, messages.filter_message(query.reference), REFERENCE_SIZE))
    return [
        CandidateList(
            kind,
            within,
            grpc.QueryPoints(
                query=nearest,
                using=DENSE if kind == "dense" else SPARSE,
                filter=condition,
                limit=size,
                with_payload=wanted,
                params=params if kind == "dense" else None,
            ),
        )
        for kind, nearest in _queries(query)
        for within, condition, size in filters
    ]


def term_request(term: str) -> grpc.QueryPoints:
    """Return the request for one product that has a term."""
    query = messages.sparse_query(weighted_vector({term: 1.0}))
    return grpc.QueryPoints(query=query, using=SPARSE, limit=1, with_payload=messages.only(()))


async def run_lists(
    reader: PointReader, name: str, lists: Sequence[CandidateList]
) -> list[tuple[CandidateList, Sequence[grpc.ScoredPoint]]]:
    """Return the points of each list, asked for together."""
    if not lists:
        return []
    found = await reader.lists("query_batch", name, [one.request for one in lists])
    return list(zip(lists, found, strict=True))


async def scroll_payloads(
    client: AsyncQdrantClient, name: str, keys: Sequence[str], condition: models.Filter | None = None
) -> AsyncIterator[list[dict[str, Any]]]:
    """Yield the payloads of all points that pass, page by page."""
    offset: Any = None
    while True:
        async with qdrant_call("scroll"):
            records, offset = await client.scroll(
                name, scroll_filter=condition, limit=SCROLL_PAGE, offset=offset, with_payload=list(keys)
            )
        yield [dict(r.payload or {}) for r in records]
        if offset is None:
            return


def _queries(query: CandidateQuery) -> Iterator[tuple[Literal["dense", "sparse"], grpc.Query]]:
    if query.dense is not None:
        yield "dense", messages.dense_query(query.dense)
    if query.sparse is not None and query.sparse.indices:
        yield "sparse", messages.sparse_query(query.sparse)


def sparse(vector: SparseVector) -> models.SparseVector:
    """Return a sparse vector as Qdrant takes it."""
    return models.SparseVector(indices=list(vector.indices), values=list(vector.values))


def point_message(point: Point) -> grpc.PointStruct:
    """Return a point as Qdrant takes it."""
    return messages.point(point_id(point.id), {DENSE: point.dense, SPARSE: point.sparse}, point.payload)


def upsert_batches(points: Sequence[Point]) -> Iterator[list[grpc.PointStruct]]:
    """Yield points as Qdrant takes them, as many at once as one call may bring; a larger one goes by itself."""
    batch: list[grpc.PointStruct] = []
    size = 0
    for message in map(point_message, points):
        size += message.ByteSize()
        if batch and (len(batch) == UPSERT_POINTS or size > UPSERT_BYTES):
            yield batch
            batch, size = [], message.ByteSize()
        batch.append(message)
    if batch:
        yield batch


async def write_points(client: AsyncQdrantClient, name: str, points: Sequence[Point]) -> None:
    """Write points, replacing those with the same id; they are searchable on return.

    When a call fails, those before it have been written; writing all of them again does no harm.
    """
    batches = upsert_batches(points)
    # A thread builds the messages: hundreds of them take as long as a search does.
    while batch := await asyncio.to_thread(next, batches, None):
        async with qdrant_call("upsert"):
            await client.upsert(name, batch, wait=True)


def leading_request(query: LeadingQuery, payload: list[str]) -> models.QueryRequest:
    """Return the request for the products with the highest numbers of a payload key, with these payload keys."""
    order = models.OrderBy(key=query.key, direction=models.Direction.DESC)
    return models.QueryRequest(
        query=models.OrderByQuery(order_by=order),
        filter=to_filter(query.limits),
        limit=query.size,
        with_payload=payload,
    )


def patch_operation(patch: Patch) -> models.SetPayloadOperation:
    """Return the operation that writes payload keys of one point, provided that it is still as expected."""
    unchanged = models.FieldCondition(key="content_hash", match=models.MatchValue(value=patch.expected))
    chosen = models.Filter(must=[models.HasIdCondition(has_id=[point_id(patch.id)]), unchanged])
    return models.SetPayloadOperation(
        set_payload=models.SetPayload(payload=dict(patch.values), filter=chosen)
    )
