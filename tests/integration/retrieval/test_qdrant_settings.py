"""The local node takes each setting of Qdrant, or says clearly that it does not have it."""

import grpc.aio
import pytest
from qdrant_client import AsyncQdrantClient

from fakes.retrieval_world import ids, limit, retrieval, shop

pytestmark = pytest.mark.anyio

TAKEN = {
    "qdrant_shards": 2,
    "qdrant_replicas": 2,
    "qdrant_write_consistency": 2,
    "qdrant_read_consistency": "quorum",
    "qdrant_quantization_in_memory": False,
    "qdrant_rescore": False,
    "qdrant_oversampling": 1.5,
    "qdrant_hnsw_m": 16,
    "qdrant_hnsw_payload_m": 8,
    "qdrant_hnsw_ef_construct": 64,
    "qdrant_hnsw_ef": 64,
    "qdrant_acorn": True,
    "qdrant_tenant_key": "brand",
    "qdrant_on_disk_payload": False,
    "qdrant_on_disk_vectors": True,
    "qdrant_indexing_threshold_kb": 100,
    "payload_cache": 0,
}
REFUSED = {
    "quantization": {"qdrant_quantization": "binary"},
    "strict mode": {"qdrant_strict_mode": True},
}


async def found(world):
    """Return what a filtered search finds after a change of price."""
    await world.fill(shop())
    response = await world.search("running shoes", limit("brand", none_of=["Nike"]))
    return ids(response.results)


@pytest.mark.parametrize(
    "changed", [{}, TAKEN, {"qdrant_quantization": "none"}], ids=["default", "all", "none"]
)
async def test_the_node_answers_the_same_under_every_setting_it_takes(node, changed):
    """Settings of clusters and graphs change nothing in what is found on one machine."""
    client = node.client()
    async with retrieval(client, **changed) as world:
        assert (await found(world))[:2] == ["s2", "s3"]
    await client.close()


async def test_local_mode_searches_with_a_graph_configured():
    """The client's local mode, which has no graphs, answers when one is asked for."""
    async with retrieval(AsyncQdrantClient(":memory:"), qdrant_hnsw_m=16, qdrant_hnsw_ef=64) as world:
        assert (await found(world))[:2] == ["s2", "s3"]


@pytest.mark.parametrize("feature", REFUSED)
async def test_the_node_refuses_what_it_lacks(node, feature):
    """Quantisation other than int8 and strict mode are refused by name, before anything is written."""
    client = node.client()
    async with retrieval(client, **REFUSED[feature]) as world:
        with pytest.raises(grpc.aio.AioRpcError, match=feature):
            await world.fill(shop())
    assert not [c for c in (await client.get_collections()).collections if c.name.startswith("shop_p")]
    await client.close()
