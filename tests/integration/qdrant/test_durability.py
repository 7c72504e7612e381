"""What the node has acknowledged survives restarts and crashes."""

import asyncio
import contextlib

import grpc
import pytest
from qdrant_client import models as m

from fakes.qdrant_node import running_node
from fakes.qdrant_shop import NAME, connected, point

BATCH = 20


def prepared(node):
    """Give a node a collection, an index, metadata, an alias and points."""
    node.create(metadata={"encoder": "e5@1/384"})
    node.fill()
    node.call(
        "create_payload_index",
        NAME,
        "stock",
        m.IntegerIndexParams(type=m.IntegerIndexType.INTEGER, lookup=True, range=True),
    )
    node.call("create_payload_index", NAME, "brand", m.PayloadSchemaType.KEYWORD)
    create = m.CreateAlias(collection_name=NAME, alias_name="products")
    node.call("update_collection_aliases", [m.CreateAliasOperation(create_alias=create)])


def state(node):
    """Return everything a client can see of the prepared node."""
    info = node.call("get_collection", "products")
    points, _ = node.call("scroll", "products", limit=100, with_vectors=True)
    facet = node.call("facet", "products", "brand")
    return info.config, info.payload_schema, info.created_at, points, facet, node.call("get_aliases")


@pytest.mark.parametrize("end", ["stop", "kill"])
def test_everything_survives_a_restart(data, runner, end):
    """Collections, configuration, metadata, indexes, aliases and points are the same after a stop and after a kill."""
    with running_node(data) as process:
        node = connected(process, runner)
        prepared(node)
        before = state(node)
        assert getattr(process, end)() == (0 if end == "stop" else -9)
    with running_node(data) as process:
        assert state(connected(process, runner)) == before


@pytest.mark.parametrize("acknowledged", [3, 25, 60])
def test_a_kill_during_writes_loses_no_acknowledged_batch(data, runner, acknowledged):
    """Batches acknowledged before the process dies are whole afterwards; an unacknowledged one is whole or absent."""
    done, enough = [], asyncio.Event()

    async def write(node):
        with contextlib.suppress(grpc.aio.AioRpcError):
            for start in range(1, 100_000, BATCH):
                await node.client.upsert(NAME, [point(number) for number in range(start, start + BATCH)])
                done.append(start)
                if len(done) == acknowledged:
                    enough.set()

    async def scenario(node):
        writing = asyncio.create_task(write(node))
        await enough.wait()
        node.process.process.kill()
        await writing

    with running_node(data) as process:
        node = connected(process, runner)
        node.create()
        runner.run(scenario(node))
    with running_node(data) as process:
        node = connected(process, runner)
        found, _ = node.call("scroll", NAME, limit=100_000)
        ids = {record.id for record in found}
        assert {number for start in done for number in range(start, start + BATCH)} <= ids
        assert len(ids) % BATCH == 0
        assert [r.payload for r in found] == [point(r.id).payload for r in found]


def test_a_rejected_batch_leaves_nothing_behind(data, runner):
    """A batch with one bad point is refused whole, before and after a crash."""
    bad = m.PointStruct(id=99, vector={"text": [1.0]}, payload={})
    with running_node(data) as process:
        node = connected(process, runner)
        node.create()
        assert node.refusal("upsert", NAME, [point(1), bad, point(2)])[0] is grpc.StatusCode.INVALID_ARGUMENT
        assert node.call("count", NAME).count == 0
        process.kill()
    with running_node(data) as process:
        assert connected(process, runner).call("count", NAME).count == 0


def test_folders_of_no_collection_are_removed(data, runner):
    """What a crash in the middle of a creation leaves behind is gone after the next start."""
    with running_node(data) as process:
        connected(process, runner).create()
    (data / "collections" / "leftover" / "segments").mkdir(parents=True)
    with running_node(data) as process:
        assert len(list((data / "collections").iterdir())) == 1
        assert connected(process, runner).call("collection_exists", NAME)


def test_a_deleted_collection_stays_deleted(data, runner):
    """Deleting a collection frees its folder and its aliases for good."""
    with running_node(data) as process:
        node = connected(process, runner)
        prepared(node)
        assert node.call("delete_collection", NAME)
        assert not node.call("delete_collection", NAME)
        process.kill()
    with running_node(data) as process:
        node = connected(process, runner)
        assert node.call("get_collections").collections == []
        assert node.call("get_aliases").aliases == []
        assert list((data / "collections").iterdir()) == []
