"""Collections, aliases and indexes as a client sees them."""

import random
from typing import Any

import grpc
import pytest
from qdrant_client import models as m

from fakes.qdrant_shop import NAME

CODE = grpc.StatusCode


def alias(name, collection):
    """Return the operation that points an alias at a collection."""
    return m.CreateAliasOperation(create_alias=m.CreateAlias(collection_name=collection, alias_name=name))


def no_alias(name):
    """Return the operation that removes an alias."""
    return m.DeleteAliasOperation(delete_alias=m.DeleteAlias(alias_name=name))


def test_an_alias_switches_in_one_call(node):
    """Reads through an alias see the old collection until the call that repoints it, then the new one."""
    node.create("v1")
    node.create("v2")
    node.fill("v1", 3)
    node.fill("v2", 5)
    node.call("update_collection_aliases", [alias("shop", "v1")])
    assert node.call("count", "shop").count == 3
    node.call("update_collection_aliases", [no_alias("shop"), alias("shop", "v2")])
    assert node.call("count", "shop").count == 5
    assert [a.alias_name for a in node.call("get_collection_aliases", "v2").aliases] == ["shop"]
    assert node.call("get_collection_aliases", "v1").aliases == []
    assert node.call("collection_exists", "shop")


def test_alias_operations_are_all_or_nothing(node):
    """When one operation of a call is wrong, the others have no effect."""
    node.create("v1")
    code, text = node.refusal("update_collection_aliases", [alias("shop", "v1"), alias("other", "v9")])
    assert (code, text) == (CODE.NOT_FOUND, "Not found: Collection `v9` doesn't exist!")
    assert node.call("get_aliases").aliases == []


def test_an_alias_cannot_take_a_name_in_use(node):
    """Neither may an alias be named like a collection nor a collection like an alias."""
    node.create("v1")
    node.create("v2")
    assert node.refusal("update_collection_aliases", [alias("v2", "v1")])[0] is CODE.ALREADY_EXISTS
    node.call("update_collection_aliases", [alias("shop", "v1")])
    code, text = node.refusal(
        "create_collection", "shop", vectors_config=m.VectorParams(size=2, distance=m.Distance.DOT)
    )
    assert code is CODE.ALREADY_EXISTS
    assert "`shop`" in text


def test_renaming_an_alias_that_does_not_exist_is_not_found(node):
    """Renaming names the alias that is missing."""
    rename = m.RenameAlias(old_alias_name="old", new_alias_name="new")
    code, text = node.refusal("update_collection_aliases", [m.RenameAliasOperation(rename_alias=rename)])
    assert code is CODE.NOT_FOUND
    assert "old" in text


def test_metadata_is_kept_and_merged(node):
    """Metadata given at creation is reported, and later changes are merged into it."""
    node.create(metadata={"encoder": "a", "编号": 1})
    node.call("update_collection", NAME, metadata={"encoder": "b"})
    assert node.call("get_collection", NAME).config.metadata == {"encoder": "b", "编号": 1}


@pytest.mark.parametrize("name", ["a/b", "", "x" * 256, "a:b"])
def test_bad_collection_names_are_refused(node, name):
    """Names outside Qdrant's rules are INVALID_ARGUMENT, also those that would leave the data directory."""
    code, _ = node.refusal(
        "create_collection", name, vectors_config=m.VectorParams(size=2, distance=m.Distance.DOT)
    )
    assert code is CODE.INVALID_ARGUMENT


def test_every_type_of_index_is_made_and_described(node):
    """Indexes of all types, with parameters, are listed with what they were made with."""
    node.create()
    text = m.TextIndexParams(
        type=m.TextIndexType.TEXT,
        tokenizer=m.TokenizerType.MULTILINGUAL,
        lowercase=True,
        min_token_len=1,
        max_token_len=20,
        stopwords=m.StopwordsSet(languages=[m.Language.ENGLISH], custom=["the"]),
        stemmer=m.SnowballParams(type=m.Snowball.SNOWBALL, language=m.SnowballLanguage.ENGLISH),
        phrase_matching=True,
    )
    schemas: dict[str, Any] = {
        "brand": m.KeywordIndexParams(type=m.KeywordIndexType.KEYWORD, is_tenant=True),
        "stock": m.IntegerIndexParams(type=m.IntegerIndexType.INTEGER, lookup=True, range=True),
        "price": m.FloatIndexParams(type=m.FloatIndexType.FLOAT),
        "place": m.GeoIndexParams(type=m.GeoIndexType.GEO),
        "sale": m.BoolIndexParams(type=m.BoolIndexType.BOOL),
        "time": m.DatetimeIndexParams(type=m.DatetimeIndexType.DATETIME),
        "sku": m.UuidIndexParams(type=m.UuidIndexType.UUID),
        "title": text,
    }
    for field, schema in schemas.items():
        node.call("create_payload_index", NAME, field, schema)
    described = node.call("get_collection", NAME).payload_schema
    assert {field: index.params for field, index in described.items()} == schemas
    assert {field: index.data_type.value for field, index in described.items()} == {
        field: schema.type.value for field, schema in schemas.items()
    }
    node.call("delete_payload_index", NAME, "brand")
    assert "brand" not in node.call("get_collection", NAME).payload_schema


def test_quantized_collections_answer_after_the_optimizer_ran(node):
    """Scalar quantization is built when asked for, and rescored answers stay those of the exact search."""
    quantization = m.ScalarQuantization(
        scalar=m.ScalarQuantizationConfig(type=m.ScalarType.INT8, always_ram=True)
    )
    node.call(
        "create_collection",
        NAME,
        vectors_config={"text": m.VectorParams(size=64, distance=m.Distance.COSINE)},
        quantization_config=quantization,
        optimizers_config=m.OptimizersConfigDiff(indexing_threshold=10),
    )
    chosen = random.Random(1)
    vectors = [[chosen.gauss(0, 1) for _ in range(64)] for _ in range(600)]
    node.call("upsert", NAME, [m.PointStruct(id=i, vector={"text": v}) for i, v in enumerate(vectors, 1)])

    def ask():
        params = m.SearchParams(quantization=m.QuantizationSearchParams(rescore=True, oversampling=3.0))
        found = node.call("query_points", NAME, query=vectors[7], using="text", limit=5, search_params=params)
        return [(p.id, pytest.approx(p.score, abs=1e-5)) for p in found.points]

    exact = ask()
    segments = node.call("get_collection", NAME).segments_count
    node.call("update_collection", NAME, optimizers_config=m.OptimizersConfigDiff())
    info = node.call("get_collection", NAME)
    assert info.segments_count > segments
    assert info.config.quantization_config == quantization
    assert ask() == exact


def test_parameters_of_a_cluster_are_met_by_one_node(node):
    """What production asks of a cluster is accepted: one node holds everything and reads its own writes."""
    node.create(shard_number=6, replication_factor=2, write_consistency_factor=2)
    node.fill()
    written = node.call(
        "set_payload", NAME, {"seen": 1}, points=[1], ordering=m.WriteOrdering.STRONG, wait=False
    )
    assert written.status == m.UpdateStatus.COMPLETED
    record = node.call("retrieve", NAME, [1], consistency=m.ReadConsistencyType.ALL)[0]
    assert record.payload["seen"] == 1
    params = node.call("get_collection", NAME).config.params
    assert (params.shard_number, params.replication_factor) == (1, 1)
