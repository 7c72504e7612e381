"""Settings of Qdrant: what goes over the wire for each."""

import numpy as np
import pytest
from qdrant_client import grpc

from fakes.qdrant_recorder import recording
from shopguide_retrieval.adapters.qdrant_products import QdrantProductStore
from shopguide_retrieval.adapters.qdrant_reader import PointReader
from shopguide_retrieval.adapters.qdrant_schema import ensure_collections
from shopguide_retrieval.bootstrap_qdrant import layout, reading
from shopguide_retrieval.config import RetrievalSettings
from shopguide_retrieval.domain.bm25 import SparseVector
from shopguide_retrieval.domain.catalog import Catalog
from shopguide_retrieval.domain.reader import read_for
from shopguide_retrieval.ports import CandidateQuery
from shopguide_runtime.settings import SettingsError, load

pytestmark = pytest.mark.anyio

CATALOG = Catalog("shop", "fake@000000000000/384/none")
EVERYTHING = RetrievalSettings(
    qdrant_shards=6,
    qdrant_replicas=3,
    qdrant_write_consistency=2,
    qdrant_read_consistency="majority",
    qdrant_quantization="scalar",
    qdrant_quantization_in_memory=False,
    qdrant_rescore=False,
    qdrant_oversampling=2.5,
    qdrant_hnsw_m=24,
    qdrant_hnsw_payload_m=12,
    qdrant_hnsw_ef_construct=200,
    qdrant_hnsw_ef=128,
    qdrant_acorn=True,
    qdrant_acorn_max_selectivity=0.25,
    qdrant_tenant_key="language",
    qdrant_strict_mode=True,
    qdrant_max_memory_percent=80,
    qdrant_on_disk_payload=False,
    qdrant_on_disk_vectors=True,
    qdrant_indexing_threshold_kb=5_000,
)


async def created(settings):
    """Return what making the collections of a catalogue asks of Qdrant: creations and indexes."""
    async with recording() as (recorder, client):
        await ensure_collections(client, CATALOG, layout(settings, 384))
        return recorder.created, recorder.indexes


async def read(settings, *shopper):
    """Return the request for candidates and the metadata it came with."""
    dense = np.full(384, 384**-0.5, np.float32)
    query = CandidateQuery(dense, SparseVector((1,), (1.0,)), ())
    async with recording() as (recorder, client):
        read_for(*shopper)
        await QdrantProductStore(client, PointReader(client.grpc_points, reading(settings))).candidates(
            CATALOG, query
        )
        return recorder.reads[0]


async def test_every_setting_of_a_collection_arrives():
    """A collection is created with shards, copies, consistency, graph, quantisation, places, threshold and strict mode."""
    creations, _ = await created(EVERYTHING)
    assert {c.collection_name for c in creations} == {"shop_products_v1", "shop_reviews_v1", "shop_faq_v1"}
    for request in creations:
        dense = request.vectors_config.params_map.map["text"]
        assert (request.shard_number, request.replication_factor, request.write_consistency_factor) == (
            6,
            3,
            2,
        )
        assert (dense.hnsw_config.m, dense.hnsw_config.payload_m, dense.hnsw_config.ef_construct) == (
            24,
            12,
            200,
        )
        assert dense.quantization_config.scalar.type == grpc.QuantizationType.Int8
        assert not dense.quantization_config.scalar.always_ram
        assert dense.on_disk
        assert request.HasField("on_disk_payload")
        assert not request.on_disk_payload
        assert request.optimizers_config.indexing_threshold == 5_000
        assert request.strict_mode_config.enabled
        assert request.strict_mode_config.max_resident_memory_percent == 80
        assert request.strict_mode_config.search_max_batchsize == 100
        assert request.sparse_vectors_config.map["bm25"].modifier == grpc.Modifier.Idf


async def test_only_the_tenant_key_has_a_tenant_index():
    """The chosen key's index is a tenant index, and no other is."""
    _, indexes = await created(EVERYTHING)
    tenants = {i.field_name for i in indexes if i.field_index_params.keyword_index_params.is_tenant}
    assert tenants == {"language"}
    assert {i.field_name for i in indexes} >= {
        "id",
        "brand",
        "category",
        "terms",
        "availability",
        "popularity",
    }


@pytest.mark.parametrize(("name", "kind"), [("scalar", "scalar"), ("binary", "binary"), ("none", None)])
async def test_each_quantisation_arrives(name, kind):
    """int8, one bit or nothing, kept in memory by default; without it searches ask for no rescoring."""
    settings = RetrievalSettings(qdrant_quantization=name)
    (request, *_), _ = await created(settings)
    config = request.vectors_config.params_map.map["text"].quantization_config
    assert config.WhichOneof("quantization") == kind
    assert kind is None or getattr(config, kind).always_ram
    search, _ = await read(settings)
    assert search.query_points[0].params.HasField("quantization") == (kind is not None)


async def test_every_setting_of_a_search_arrives():
    """Dense lists carry `ef`, rescoring, oversampling and ACORN, sparse ones nothing; the batch carries consistency."""
    request, metadata = await read(EVERYTHING, "", "visitor-7")
    dense, sparse = request.query_points
    assert dense.params.hnsw_ef == 128
    assert not dense.params.quantization.rescore
    assert dense.params.quantization.oversampling == 2.5
    assert (dense.params.acorn.enable, dense.params.acorn.max_selectivity) == (True, 0.25)
    assert not sparse.HasField("params")
    assert request.read_consistency.type == grpc.ReadConsistencyType.Majority
    assert list(dense.with_payload.include.fields) == ["update_time"]
    assert len(metadata["x-qdrant-route-affinity"]) == 16
    assert "visitor-7" not in str(metadata)


async def test_one_machine_asks_for_nothing_special():
    """The defaults ask one copy, leave `ef` to Qdrant, rescore, use no ACORN and need no payload to know a point's state."""
    request, metadata = await read(RetrievalSettings())
    (dense, _) = request.query_points
    assert not request.HasField("read_consistency")
    assert not dense.params.HasField("hnsw_ef")
    assert not dense.params.HasField("acorn")
    assert (dense.params.quantization.rescore, dense.params.quantization.oversampling) == (True, 3.0)
    assert not dense.with_payload.enable
    assert "x-qdrant-route-affinity" not in metadata


@pytest.mark.parametrize(
    ("environment", "problem"),
    [
        ({"QDRANT_QUANTIZATION": "ternary"}, "QDRANT_QUANTIZATION"),
        ({"QDRANT_TENANT_KEY": "price"}, "QDRANT_TENANT_KEY"),
        ({"QDRANT_WRITE_CONSISTENCY": "3", "QDRANT_REPLICAS": "2"}, "QDRANT_WRITE_CONSISTENCY"),
        ({"QDRANT_READ_CONSISTENCY": "most"}, "QDRANT_READ_CONSISTENCY"),
        ({"QDRANT_READ_CONSISTENCY": "0"}, "QDRANT_READ_CONSISTENCY"),
        ({"QDRANT_MAX_MEMORY_PERCENT": "80"}, "QDRANT_STRICT_MODE"),
        ({"QDRANT_OVERSAMPLING": "0.5"}, "QDRANT_OVERSAMPLING"),
    ],
)
def test_contradictions_are_reported_before_the_start(environment, problem):
    """What Qdrant would refuse at the first import is refused when the server starts, naming the setting."""
    with pytest.raises(SettingsError, match=problem):
        load(RetrievalSettings, {f"SHOPGUIDE_{name}": value for name, value in environment.items()})
