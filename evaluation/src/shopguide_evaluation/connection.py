"""Connections to the retrieval service; without the contract's deadlines, which are meant for shoppers who wait."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import grpc.aio

from shopguide.retrieval.v1 import retrieval_service_pb2 as pb
from shopguide.retrieval.v1 import retrieval_service_pb2_grpc as pb_grpc
from shopguide.type.v1 import product_pb2, query_pb2

if TYPE_CHECKING:
    Retrieval = pb_grpc.RetrievalServiceAsyncStub


_OPTIONS = (("grpc.max_receive_message_length", 64 * 1024 * 1024),)
_BATCH = 100
_TIMEOUT = 60.0


async def held(
    stub: "Retrieval", catalog: str, products: Sequence[product_pb2.Product]
) -> list[product_pb2.Product]:
    """Return the products that a catalogue has: an import may have refused some rows of a file."""
    missing: set[str] = set()
    for start in range(0, len(products), _BATCH):
        wanted = [p.id for p in products[start : start + _BATCH]]
        request = pb.BatchGetProductsRequest(
            catalog=catalog, product_ids=wanted, view=query_pb2.PRODUCT_VIEW_ID
        )
        missing |= set((await stub.BatchGetProducts(request, timeout=_TIMEOUT)).missing_ids)
    return [p for p in products if p.id not in missing]


@asynccontextmanager
async def retrieval_at(address: str) -> AsyncIterator["Retrieval"]:
    """Give a stub of the retrieval service at host:port."""
    async with channel_to(address) as channel:
        yield pb_grpc.RetrievalServiceStub(channel)


def channel_to(address: str) -> grpc.aio.Channel:
    """Return a channel to host:port, to be used as a context."""
    return grpc.aio.insecure_channel(address, options=_OPTIONS)
