"""What tests of the write path look at: stored products, errors, the fields that a failure names."""

import grpc
import grpc.aio
import pytest
from google.rpc import error_details_pb2

from fakes.retrieval_world import CATALOG
from shopguide.retrieval.v1 import retrieval_service_pb2 as read_pb
from shopguide.type.v1 import query_pb2
from shopguide_runtime.errors import ShopguideError, from_rpc_error


async def stored(world, identifier, catalog=CATALOG):
    """Return a stored product without the time of its write."""
    request = read_pb.BatchGetProductsRequest(
        catalog=catalog, product_ids=[identifier], view=query_pb2.PRODUCT_VIEW_FULL
    )
    found = (await world.read.BatchGetProducts(request)).products[0]
    found.ClearField("update_time")
    return found


async def refused(call) -> ShopguideError:
    """Return the error that a call ends with."""
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await call
    return from_rpc_error(caught.value, "retrieval")


def field_violations(failure):
    """Return the fields named by an item's failure."""
    bad = error_details_pb2.BadRequest()
    assert any(detail.Unpack(bad) for detail in failure.status.details)
    return {v.field for v in bad.field_violations}
