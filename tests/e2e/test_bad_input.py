"""Input that no well-behaved client sends: refused precisely, naming the field, by the real processes."""

import json
from typing import Any

import grpc
import pytest

from fakes.demo_shop import CATALOG
from shopguide.gateway.v1 import guide_service_pb2 as pb
from shopguide.retrieval.v1 import retrieval_service_pb2 as retrieval
from shopguide.retrieval.v1 import retrieval_service_pb2_grpc as retrieval_grpc
from shopguide.type.v1 import query_pb2
from shopguide_client import ApiError, IndexClient
from shopguide_client.cli.load import import_rows
from shopguide_client.cli.places import Places
from shopguide_client.importing.rows import read_rows
from shopguide_runtime.channels import open_channel
from shopguide_runtime.errors import FailedPrecondition, from_rpc_error

SHOPPER = query_pb2.Shopper(visitor_id="clumsy")
UNKNOWN_FIELD = query_pb2.Condition(field="attributes.no_such_key", any_of=query_pb2.TextSet(values=["x"]))
CHAT = "/shopguide.gateway.v1.GuideService/Chat"
INVALID = grpc.StatusCode.INVALID_ARGUMENT


def chat(client, **fields: Any) -> list[pb.ChatResponse]:
    """Take a turn with a request of one's own making."""
    values: dict[str, Any] = {"catalog": CATALOG, "shopper": SHOPPER} | fields
    return list(client.chat(pb.ChatRequest(**values)))


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"text": ""}, "text"),
        ({}, "text"),
        ({"text": "鞋" * 50_000}, "text"),
        ({"text": "shoes\x00\x1b[31m"}, "text"),
        ({"text": "shoes", "catalog": "shoes"}, "catalog"),
        ({"text": "shoes", "catalog": ""}, "catalog"),
        ({"text": "shoes", "shopper": query_pb2.Shopper()}, "shopper.visitor_id"),
        ({"text": "shoes", "max_products": -1}, "max_products"),
        (
            {"text": "shoes", "filter": query_pb2.Filter(conditions=[query_pb2.Condition()])},
            "filter.conditions[0]",
        ),
        ({"text": "shoes", "labels": {str(n): "x" for n in range(17)}}, "labels"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_bad_turn_is_refused_with_its_field(client, fields, named):
    """INVALID_ARGUMENT names the field that is wrong."""
    with pytest.raises(ApiError) as caught:
        chat(client, **fields)
    assert caught.value.code == INVALID
    assert any(violation.field.startswith(named) for violation in caught.value.violations), (
        caught.value.violations
    )


def test_all_wrong_fields_are_named_at_once(client):
    """One answer tells everything that is wrong."""
    with pytest.raises(ApiError) as caught:
        chat(client, text="", max_products=-1, shopper=query_pb2.Shopper())
    assert {v.field for v in caught.value.violations} == {"text", "max_products", "shopper.visitor_id"}


@pytest.mark.parametrize(
    "raw", [b"\x22\x04\xff\xfe\xfd\xfc", b"\x22\x7f short", b"\xff\xff\xff\xff"], ids=["utf8", "cut", "noise"]
)
def test_bytes_that_are_no_message_are_refused(stack, shop, raw):
    """Bytes that are no UTF-8 in a text field, or no message at all, are the client's error, not the server's."""
    with grpc.insecure_channel(stack.gateway) as channel, pytest.raises(grpc.RpcError) as caught:
        list(channel.unary_stream(CHAT)(raw, timeout=10))
    assert caught.value.code() == INVALID


def test_a_catalogue_that_does_not_exist_is_not_found(client):
    """An unknown catalogue is NOT_FOUND and named, for turns, searches and descriptions."""
    catalog = "catalogs/nowhere"
    for call in (
        lambda: chat(client, text="shoes", catalog=catalog),
        lambda: client.search(catalog, "shoes", SHOPPER),
        lambda: client.describe(catalog),
    ):
        with pytest.raises(ApiError) as caught:
            call()
        assert caught.value.code == grpc.StatusCode.NOT_FOUND
        assert catalog in caught.value.message


def test_a_filter_on_an_unknown_field_is_refused(client):
    """A limit of the platform on a field that the catalogue lacks is refused by name, never ignored."""
    for call in (
        lambda: client.search(CATALOG, "shoes", SHOPPER, conditions=[UNKNOWN_FIELD]),
        lambda: chat(client, text="headphones", filter=query_pb2.Filter(conditions=[UNKNOWN_FIELD])),
    ):
        with pytest.raises(ApiError) as caught:
            call()
        assert caught.value.code == INVALID
        assert caught.value.violations[0].field.startswith("filter.conditions[0]")


@pytest.mark.parametrize("size", [-1, -(2**31)])
def test_a_negative_page_size_is_refused(client, size):
    """A page has no negative size."""
    with pytest.raises(ApiError) as caught:
        client.search(CATALOG, "headphones", SHOPPER, page_size=size)
    assert (caught.value.code, caught.value.violations[0].field) == (INVALID, "page_size")


def test_a_page_token_is_only_good_as_it_was_given(client):
    """A page token that was changed, made up or belongs to another query is refused."""
    token = client.search(CATALOG, "headphones", SHOPPER, page_size=3).next_page_token
    middle = len(token) // 2
    changed = token[:middle] + ("A" if token[middle] != "A" else "B") + token[middle + 1 :]
    for query, bad in (("headphones", changed), ("headphones", "made-up"), ("summer dress", token)):
        with pytest.raises(ApiError) as caught:
            client.search(CATALOG, query, SHOPPER, page_size=3, page_token=bad)
        assert (caught.value.code, caught.value.violations[0].field) == (INVALID, "page_token")


def test_a_changed_conversation_token_starts_anew_and_says_so(client):
    """A conversation token that was changed is no error: the turn starts anew and says so."""
    token = chat(client, text="headphones")[-1].turn_finished.conversation_token
    for bad in (token[:-5], "made-up", token[:50] + "é" + token[50:]):
        messages = chat(client, text="how much is the second one?", conversation_token=bad)
        assert messages[0].turn_started.turn_number == 1
        lost = messages[-1].turn_finished.degradations
        assert ("conversation", "NEW_CONVERSATION") in [(d.component, d.fallback) for d in lost]


@pytest.mark.anyio
async def test_vectors_of_another_encoder_are_refused(stack, shop):
    """A query vector of another encoder is FAILED_PRECONDITION, not a bad result."""
    vector = query_pb2.QueryVector(
        values=[1.0] + [0.0] * 383, encoder_fingerprint="other@000000000000/384/e5"
    )
    channel = open_channel(stack.retrieval)
    try:
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await retrieval_grpc.RetrievalServiceStub(channel).Search(
                retrieval.SearchRequest(catalog=CATALOG, query="headphones", query_vector=vector), timeout=20
            )
    finally:
        await channel.close()
    error = from_rpc_error(caught.value, "retrieval")
    assert isinstance(error, FailedPrecondition)
    assert error.reason == "ENCODER_MISMATCH"


BAD_ROWS = (
    ("not JSON at all", "is not JSON"),
    ('["a", "list"]', "is not a JSON object"),
    ({"title": "no id"}, "id"),
    ({"id": "b1", "title": ""}, "title"),
    ({"id": "b2", "title": "x", "colour": "red"}, "colour"),
    ({"id": "b3", "title": "x", "price": {"amount": "-1", "currency_code": "USD"}}, "price"),
    ({"id": "b4", "title": "x", "price": {"amount": "ten", "currency_code": "USD"}}, "price"),
    ({"id": "b5", "title": "x", "price": {"amount": "10"}}, "price"),
    ({"id": "b6", "title": "x", "rating": {"average": 7, "count": 1}}, "rating"),
    ({"id": "b7", "title": "x", "attributes": {"Bad Key": {"texts": ["y"]}}}, "Bad Key"),
    ({"id": "b8", "title": "x", "attributes": {"both": {"texts": ["y"], "numbers": [1]}}}, "both"),
    ({"id": "b9", "title": "t" * 2000}, "title"),
    ({"id": "i" * 200, "title": "x"}, "id"),
)


def test_bad_rows_of_an_import_are_reported_and_good_ones_taken(stack, shop, tmp_path):
    """Every bad row is reported with its line and what is wrong; the good ones around them are there."""
    catalog, path = "catalogs/dirty", tmp_path / "dirty.jsonl"
    good = {"id": "g1", "title": "Walnut bookend", "category_path": ["Bookends"]}
    rows = [row if isinstance(row, str) else json.dumps(row) for row, _ in BAD_ROWS]
    lines = [json.dumps(good), *rows, json.dumps(good | {"id": "g2"})]
    path.write_bytes("\n".join(lines).encode() + b'\n{"id": "g3", "title": "\xff"}\n')
    report = import_rows(
        Places(tmp_path, stack.gateway, stack.retrieval), catalog, read_rows(path), "products"
    )
    with IndexClient(stack.retrieval) as index:
        assert index.delete_catalog(catalog) == 2
    assert (report.read, report.written, report.rejected) == (len(BAD_ROWS) + 3, 2, len(BAD_ROWS) + 1)
    reasons = {rejection.line: rejection.reason for rejection in report.rejections}
    expected = {number: word for number, (_, word) in enumerate(BAD_ROWS, 2)} | {len(lines) + 1: "UTF-8"}
    assert {line: word for line, word in expected.items() if word not in reasons.get(line, "")} == {}
