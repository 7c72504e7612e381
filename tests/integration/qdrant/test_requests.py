"""Answers and refusals of the node, one by one."""

import asyncio
import uuid
from typing import Any

import grpc
import pytest
from grpc_health.v1 import health_pb2, health_pb2_grpc
from qdrant_client import grpc as q
from qdrant_client import models as m
from qdrant_client.grpc.points_service_pb2_grpc import PointsStub
from qdrant_client.grpc.qdrant_pb2_grpc import QdrantStub

from fakes.qdrant_shop import NAME, point

CODE = grpc.StatusCode
VECTOR = [1.0, 1.0, 2.0, 3.0]


def matching(key, value):
    """Return the filter `key == value`."""
    return m.Filter(must=[m.FieldCondition(key=key, match=m.MatchValue(value=value))])


@pytest.mark.parametrize("indexed", [True, False])
@pytest.mark.parametrize("value", [True, False])
def test_booleans_match(filled, value, indexed):
    """Boolean conditions find the points with that value, with and without an index, also negated."""
    if not indexed:
        filled.call("delete_payload_index", NAME, "sale")
    found, _ = filled.call("scroll", NAME, scroll_filter=matching("sale", value), limit=100)
    assert {record.id % 2 == 0 for record in found} == {value}
    assert len(found) == 10
    negated = m.Filter(must_not=matching("sale", value).must)
    assert filled.call("count", NAME, count_filter=negated).count == 10


def test_integers_do_not_match_booleans(filled):
    """The number 1 is not true."""
    assert filled.call("count", NAME, count_filter=matching("sale", 1)).count == 0


def test_chinese_keys_and_values_come_back_unchanged(filled):
    """Chinese payload keys and values can be filtered, faceted, grouped and read."""
    filled.call("create_payload_index", NAME, "名称", m.PayloadSchemaType.KEYWORD)
    name = "跑步鞋 7"
    found, _ = filled.call("scroll", NAME, scroll_filter=matching("名称", name))
    assert [(r.id, r.payload["名称"]) for r in found] == [(7, name)]
    assert {h.value for h in filled.call("facet", NAME, "名称", limit=50).hits} == {
        f"跑步鞋 {number}" for number in range(1, 21)
    }
    groups = filled.call(
        "query_points_groups", NAME, group_by="brand", query=VECTOR, using="text", group_size=2
    )
    assert {group.id for group in groups.groups} == {"小米", "nike"}


def test_points_have_numbers_or_uuids(filled):
    """UUIDs and the largest number are ids like any other; what is neither is refused."""
    identifiers: list[Any] = [str(uuid.uuid4()), 2**64 - 1]
    filled.call("upsert", NAME, [m.PointStruct(id=i, vector={}, payload={}) for i in identifiers])
    assert {r.id for r in filled.call("retrieve", NAME, identifiers)} == set(identifiers)
    assert filled.call("delete", NAME, identifiers).status == m.UpdateStatus.COMPLETED
    assert filled.call("retrieve", NAME, identifiers) == []
    assert filled.refusal("retrieve", NAME, ["no-uuid"])[0] is CODE.INVALID_ARGUMENT


def test_vectors_can_be_replaced_and_removed(filled):
    """A single vector of a point is replaced or removed without touching the rest."""
    filled.call("update_vectors", NAME, [m.PointVectors(id=1, vector={"text": [0.0, 0.0, 0.0, 2.0]})])
    filled.call("delete_vectors", NAME, ["bm25"], [1])
    record = filled.call("retrieve", NAME, [1], with_vectors=True)[0]
    assert record.vector == {"text": [0.0, 0.0, 0.0, 1.0]}
    assert record.payload == point(1).payload


def test_conditional_writes(filled):
    """Insert-only keeps what exists, update-only adds nothing, a condition guards the rest."""
    changed = [m.PointStruct(id=i, vector={}, payload={"new": True}) for i in (1, 101)]
    filled.call("upsert", NAME, changed, update_mode=m.UpdateMode.INSERT_ONLY)
    assert filled.call("retrieve", NAME, [1])[0].payload == point(1).payload
    assert filled.call("retrieve", NAME, [101])[0].payload == {"new": True}
    filled.call("upsert", NAME, [m.PointStruct(id=102, vector={})], update_mode=m.UpdateMode.UPDATE_ONLY)
    assert filled.call("retrieve", NAME, [102]) == []
    filled.call("upsert", NAME, changed[:1], update_filter=matching("stock", 2))
    assert filled.call("retrieve", NAME, [1])[0].payload == point(1).payload


def test_examples_may_live_in_another_collection(filled):
    """`lookup_from` takes an example's vector from another collection and excludes nothing here."""
    filled.create("shoppers")
    filled.call("upsert", "shoppers", [m.PointStruct(id=3, vector={"text": [9.0, 1.0, 2.0, 3.0]})])
    lookup = m.LookupLocation(collection="shoppers", vector="text")
    found = filled.call("query_points", NAME, query=3, using="text", lookup_from=lookup, limit=1).points
    assert found[0].id == 9
    own = filled.call("query_points", NAME, query=9, using="text", limit=20).points
    assert 9 not in {p.id for p in own}


BY_PRODUCT = m.ProductQuantization(product=m.ProductQuantizationConfig(compression=m.CompressionRatio.X4))
REFUSALS: dict[str, tuple[str, list[Any], dict[str, Any], grpc.StatusCode, str]] = {
    "unknown collection": ("count", ["nowhere"], {}, CODE.NOT_FOUND, "Not found: Collection `nowhere` doesn't exist!"),
    "existing collection": (
        "create_collection", [NAME], {"vectors_config": {"text": m.VectorParams(size=4, distance=m.Distance.DOT)}},
        CODE.ALREADY_EXISTS, f"Wrong input: Collection `{NAME}` already exists!",
    ),
    "dimension of a point": (
        "upsert", [NAME, [m.PointStruct(id=1, vector={"text": [1.0]})]], {},
        CODE.INVALID_ARGUMENT, "Wrong input: Vector dimension error: expected dim: 4, got 1",
    ),
    "dimension of a query": (
        "query_points", [NAME], {"query": [1.0], "using": "text"},
        CODE.INVALID_ARGUMENT, "Wrong input: Vector dimension error: expected dim: 4, got 1",
    ),
    "vector name of a point": (
        "upsert", [NAME, [m.PointStruct(id=1, vector={"image": [1.0]})]], {},
        CODE.INVALID_ARGUMENT, "Wrong input: Not existing vector name error: image",
    ),
    "vector name of a query": (
        "query_points", [NAME], {"query": [1.0], "using": "image"},
        CODE.INVALID_ARGUMENT, "Wrong input: Not existing vector name error: image",
    ),
    "sparse for dense": (
        "upsert", [NAME, [m.PointStruct(id=1, vector={"text": m.SparseVector(indices=[1], values=[1.0])})]], {},
        CODE.INVALID_ARGUMENT, "Wrong input: a sparse vector was given for a dense one",
    ),
    "repeated sparse index": (
        "upsert", [NAME, [m.PointStruct(id=1, vector={"bm25": m.SparseVector(indices=[1, 1], values=[1.0, 2.0])})]], {},
        CODE.INVALID_ARGUMENT, "Wrong input: sparse vector indices must be unique",
    ),
    "not a number": (
        "upsert", [NAME, [m.PointStruct(id=1, vector={"text": [float("nan"), 1.0, 1.0, 1.0]})]], {},
        CODE.INVALID_ARGUMENT, "Wrong input: vector components must be finite numbers",
    ),
    "infinite payload": (
        "set_payload", [NAME, {"price": float("inf")}, [1]], {},
        CODE.INVALID_ARGUMENT, "Wrong input: payload numbers must be finite",
    ),
    "missing example": (
        "query_points", [NAME], {"query": 999, "using": "text"},
        CODE.NOT_FOUND, "Not found: No point with id 999 found",
    ),
    "missing point": ("set_payload", [NAME, {"a": 1}, [999]], {}, CODE.NOT_FOUND, "Not found: No point with id 999 found"),
    "facet without index": ("facet", [NAME, "stock"], {}, CODE.INVALID_ARGUMENT, "No appropriate index"),
    "order without index": ("scroll", [NAME], {"order_by": "stock"}, CODE.INVALID_ARGUMENT, "No range index"),
    "no limit": ("query_points", [NAME], {"query": VECTOR, "using": "text", "limit": 0}, CODE.INVALID_ARGUMENT, "limit"),
    "fusion of nothing": (
        "query_points", [NAME], {"query": m.FusionQuery(fusion=m.Fusion.RRF)}, CODE.INVALID_ARGUMENT, "prefetch",
    ),
    "prefetch without query": (
        "query_points", [NAME], {"prefetch": m.Prefetch(query=VECTOR, using="text")}, CODE.INVALID_ARGUMENT, "query",
    ),
    "formula without value": (
        "query_points", [NAME],
        {"prefetch": m.Prefetch(query=VECTOR, using="text"), "query": m.FormulaQuery(formula="unknown")},
        CODE.INVALID_ARGUMENT, "the formula has no value for some point",
    ),
    "bad key": ("count", [NAME], {"count_filter": matching("a..b", 1)}, CODE.INVALID_ARGUMENT, "invalid JSON path"),
    "shard keys": ("count", [NAME], {"shard_key_selector": "eu"}, CODE.UNIMPLEMENTED, "shard_key_selector"),
    "group lookup": (
        "query_points_groups", [NAME],
        {"group_by": "stock", "query": VECTOR, "using": "text", "with_lookup": NAME}, CODE.UNIMPLEMENTED, "with_lookup",
    ),
    "inference": (
        "upsert", [NAME, [m.PointStruct(id=1, vector={"bm25": m.Document(text="x", model="qdrant/bm25")})]], {},
        CODE.UNIMPLEMENTED, "inference",
    ),
    "slices": (
        "count", [NAME], {"count_filter": m.Filter(must=[m.SliceCondition(slice=m.Slice(total=2, index=0))])},
        CODE.UNIMPLEMENTED, "slice",
    ),
    "distance matrix": ("search_matrix_pairs", [NAME], {"using": "text"}, CODE.UNIMPLEMENTED, "SearchMatrixPairs"),
    "snapshots": ("create_snapshot", [NAME], {}, CODE.UNIMPLEMENTED, "Method not found"),
    "product quantization": (
        "create_collection", ["p"],
        {
            "vectors_config": m.VectorParams(size=4, distance=m.Distance.DOT),
            "quantization_config": BY_PRODUCT,
        },
        CODE.UNIMPLEMENTED, "quantization",
    ),
    "strict mode": (
        "create_collection", ["s"],
        {
            "vectors_config": m.VectorParams(size=4, distance=m.Distance.DOT),
            "strict_mode_config": m.StrictModeConfig(enabled=True, max_query_limit=5),
        },
        CODE.UNIMPLEMENTED, "strict mode",
    ),
    "reconfiguration": (
        "update_collection", [NAME], {"hnsw_config": m.HnswConfigDiff(m=8)}, CODE.UNIMPLEMENTED, "hnsw_config",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSALS)
def test_refusals_have_a_code_and_a_reason(settled, case):
    """Wrong requests and those beyond the node are refused with the right code and a text that says why."""
    method, arguments, keywords, code, text = REFUSALS[case]
    refused_with, reason = settled.refusal(method, *arguments, **keywords)
    assert refused_with is code
    assert text in reason
    assert settled.call("count", NAME).count == 20


def test_malformed_messages_are_invalid(filled):
    """Messages no well-behaved client sends are INVALID_ARGUMENT, never UNKNOWN or a result."""
    channel_target = f"127.0.0.1:{filled.process.port}"
    empty_condition = q.Filter(must=[q.Condition()])
    requests = {
        "Count": q.CountPoints(collection_name=NAME, filter=empty_condition),
        "Query": q.QueryPoints(collection_name=NAME, query=q.Query()),
        "Delete": q.DeletePoints(collection_name=NAME),
        "UpdateBatch": q.UpdateBatchPoints(collection_name=NAME, operations=[q.PointsUpdateOperation()]),
        "CreateFieldIndex": q.CreateFieldIndexCollection(collection_name=NAME, field_name="x"),
        "Get": q.GetPoints(collection_name=NAME, ids=[q.PointId()]),
    }

    async def codes():
        async with grpc.aio.insecure_channel(channel_target) as channel:
            stub, found = PointsStub(channel), {}
            for method, request in requests.items():
                with pytest.raises(grpc.aio.AioRpcError) as caught:
                    await getattr(stub, method)(request)
                found[method] = caught.value.code()
            return found

    assert filled.runner.run(codes()) == dict.fromkeys(requests, CODE.INVALID_ARGUMENT)


def test_both_health_services_answer(node):
    """Qdrant's own health check and gRPC's say that the node serves."""

    async def ask():
        async with grpc.aio.insecure_channel(f"127.0.0.1:{node.process.port}") as channel:
            standard = health_pb2_grpc.HealthStub(channel).Check  # type: ignore[attr-defined] # set on instances
            own = QdrantStub(channel).HealthCheck
            status = (await standard(health_pb2.HealthCheckRequest())).status
            return status, (await own(q.HealthCheckRequest())).version

    assert node.runner.run(ask()) == (health_pb2.HealthCheckResponse.SERVING, "1.20.0")


def test_readers_and_writers_together(filled):
    """Readers always see whole batches while four writers add to the collection."""
    sizes, batch = [], 10

    async def write(worker):
        for round_ in range(12):
            start = 1000 + worker * 1000 + round_ * batch
            await filled.client.upsert(NAME, [point(start + i) for i in range(batch)])

    async def read(writers):
        while not all(writer.done() for writer in writers):
            sizes.append((await filled.client.count(NAME)).count)
            await filled.client.query_points(NAME, query=VECTOR, using="text")

    async def scenario():
        writers = [asyncio.create_task(write(worker)) for worker in range(4)]
        await asyncio.gather(*writers, *(read(writers) for _ in range(3)))

    filled.runner.run(scenario())
    assert filled.call("count", NAME).count == 20 + 4 * 12 * batch
    assert all((size - 20) % batch == 0 for size in sizes)
    assert len(set(sizes)) > 3
