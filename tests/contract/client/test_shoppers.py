"""Shoppers' data from the SDK and the command line."""

import json

import pytest
from click.testing import CliRunner

from fakes.guide_servers import serving
from fakes.shopper_servers import ShopperGuide, ShopperIndex
from shopguide.gateway.v1 import guide_service_pb2 as pb
from shopguide.type.v1 import query_pb2
from shopguide.type.v1.user_event_pb2 import UserEvent
from shopguide_client import ApiError, AsyncClient, Client
from shopguide_client.cli.main import main

CATALOG = "catalogs/shop"
SHOPPER = query_pb2.Shopper(visitor_id="v1")
VIEW = UserEvent(event_id="e1", type=UserEvent.TYPE_VIEW, shopper=SHOPPER)


@pytest.fixture
def guide():
    """Return the gateway's side."""
    return ShopperGuide()


@pytest.fixture
def index():
    """Return the index's side."""
    return ShopperIndex()


@pytest.fixture
def address(guide, index):
    """Serve both for one test."""
    with serving(guide, index) as where:
        yield where


@pytest.fixture
def shopguide(address, tmp_path):
    """Return a function that runs a command against the fakes."""

    def run(*words: str, input: str = ""):  # noqa: A002 - as click calls it
        options = ["--home", str(tmp_path / "home"), "--gateway", address, "--index", address]
        return CliRunner(env={"COLUMNS": "140"}).invoke(main, [*options, *words], input=input)

    return run


def expected_requests():
    """Return the four requests that both clients below must send."""
    return [
        pb.RecordEventsRequest(catalog=CATALOG, events=[VIEW]),
        pb.RecordFeedbackRequest(
            catalog=CATALOG, turn_id="t1", verdict="VERDICT_WRONG", comment="no", shopper=SHOPPER
        ),
        pb.ExportShopperRequest(catalog=CATALOG, user_id="u1"),
        pb.EraseShopperRequest(catalog=CATALOG, visitor_id="v1"),
    ]


def test_the_sdk_sends_what_it_is_given(address, guide):
    """Events, feedback, export and erasure travel as they are, and answers come back."""
    with Client(address) as client:
        assert list(client.record_events(CATALOG, [VIEW]).unknown_product_ids) == ["p9"]
        client.record_feedback(CATALOG, "t1", "WRONG", comment="no", shopper=SHOPPER)
        parts = list(client.export_shopper(CATALOG, user_id="u1"))
        assert client.erase_shopper(CATALOG, visitor_id="v1") == 3
    assert [e.event_id for p in parts for e in p.events] == ["e1", "e2"]
    assert guide.requests == expected_requests()


@pytest.mark.anyio
async def test_the_async_sdk_does_the_same(address, guide):
    """The same requests from asyncio."""
    async with AsyncClient(address) as client:
        assert (await client.record_events(CATALOG, [VIEW])).written_count == 1
        await client.record_feedback(CATALOG, "t1", "WRONG", comment="no", shopper=SHOPPER)
        parts = [part async for part in client.export_shopper(CATALOG, user_id="u1")]
        assert await client.erase_shopper(CATALOG, visitor_id="v1") == 3
    assert parts[-1].profile_json == '{"event_count":2}'
    assert guide.requests == expected_requests()


@pytest.mark.anyio
async def test_errors_are_those_of_the_api(address):
    """What the gateway refuses is raised as ApiError, in streams too; nobody or two people is a ValueError."""
    busy = UserEvent(query="busy")
    with Client(address) as client:
        with pytest.raises(ApiError, match="Too many requests"):
            client.record_events(CATALOG, [busy])
        with pytest.raises(ApiError, match="Too many requests"):
            list(client.export_shopper(CATALOG, visitor_id="busy"))
        with pytest.raises(ValueError, match="either"):
            client.erase_shopper(CATALOG)
    async with AsyncClient(address) as client:
        with pytest.raises(ApiError, match="Too many requests"):
            _ = [part async for part in client.export_shopper(CATALOG, visitor_id="busy")]
        with pytest.raises(ValueError, match="either"):
            await client.erase_shopper(CATALOG, visitor_id="v", user_id="u")


def test_events_are_imported_in_large_requests(shopguide, index, tmp_path):
    """Bad rows are told by line, repeats and unknown products are counted, 500 events go in one request."""
    rows = [{"event_id": f"e{i}", "type": "view", "visitor_id": "v1", "product_id": "p"} for i in range(700)]
    rows[3] = {"event_id": "e3", "type": "view", "visitor_id": "v1", "product_id": "bad"}
    rows[600] = {"event_id": "e600", "type": "nonsense", "visitor_id": "v1"}
    rows[650] = {"event_id": "e650", "type": "purchase", "visitor_id": "v1", "product_id": "bad"}
    rows[651] = {"event_id": "e651", "type": "purchase", "visitor_id": "v1", "product_id": "gone"}
    rows[652] = {"event_id": "e1", "type": "view", "visitor_id": "v1", "product_id": "p"}
    path = tmp_path / "events.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    result = shopguide("import", str(path), "--kind", "events", "--catalog", "shop")
    assert result.exit_code == 0, result.output
    assert sorted(index.sizes) == [199, 500]
    for shown in (
        "696 events in",
        "1 were written before",
        "1 of their products are not in the catalogue (yet)",
        "3 rows refused:",
        "line 4 (e3): lines: not this one",
        "line 601 (e600): ",
        "line 651 (e650): lines: not this one",
    ):
        assert shown in result.output
    again = shopguide("import", str(path), "--kind", "events", "--catalog", "shop")
    assert again.exit_code == 0, again.output
    assert "0 events in" in again.output


def test_events_from_csv(shopguide, index, tmp_path):
    """A flat CSV file gives products, prices, users and times."""
    path = tmp_path / "events.csv"
    path.write_text(
        "event_id,type,visitor_id,user_id,event_time,product_id,quantity,unit_price,currency_code,query\n"
        "a,PURCHASE,v1,u1,1700000000.5,p1,2,9.90,USD,\n"
        "b,search,v1,,2026-05-02T00:21:32Z,,,,,red shoes\n"
        "c,view,v1,,noon,p1,,,,\n",
        encoding="utf-8",
    )
    result = shopguide("import", str(path), "--kind", "events")
    assert result.exit_code == 0, result.output
    bought, searched = index.events["a"], index.events["b"]
    assert (bought.shopper.user_id, bought.lines[0].quantity, bought.lines[0].unit_price.units) == (
        "u1",
        2,
        9,
    )
    assert bought.event_time.ToMicroseconds() == 1_700_000_000_500_000
    assert (searched.query, len(searched.lines), searched.HasField("event_time")) == ("red shoes", 0, True)
    assert "line 4 (c): event_time:" in result.output


def test_export_to_a_file(shopguide, guide, tmp_path):
    """Events and profile become JSON lines; the command says where they are."""
    path = tmp_path / "ann.jsonl"
    result = shopguide("export-shopper", "--catalog", "shop", "--visitor", "ann", "-o", str(path))
    assert result.exit_code == 0, result.output
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert rows == [{"event_id": "e1", "query": "红鞋"}, {"event_id": "e2"}, {"profile": {"event_count": 2}}]
    assert str(path) in result.output.replace("\n", "")
    shown = shopguide("export-shopper", "--catalog", "shop", "--user", "u1").output
    assert [json.loads(line) for line in shown.splitlines()] == rows
    assert guide.requests[1].user_id == "u1"


def test_erasing_asks_first(shopguide, guide):
    """Without --yes the command asks; no means nothing is sent."""
    assert shopguide("erase-shopper", "--catalog", "shop", "--user", "u1", input="n\n").exit_code == 1
    assert guide.requests == []
    result = shopguide("erase-shopper", "--catalog", "shop", "--user", "u1", input="y\n")
    assert (result.exit_code, "3 events erased" in result.output) == (0, True)
    assert shopguide("erase-shopper", "--catalog", "shop", "--visitor", "v1", "--yes").exit_code == 0
    assert [r.WhichOneof("who") for r in guide.requests] == ["user_id", "visitor_id"]


@pytest.mark.parametrize("words", [(), ("--visitor", "a", "--user", "b")])
@pytest.mark.parametrize("command", ["export-shopper", "erase-shopper"])
def test_exactly_one_shopper_must_be_named(shopguide, guide, command, words):
    """Nobody or two people is a mistake in the command, told as such."""
    result = shopguide(command, "--catalog", "shop", *words)
    assert result.exit_code == 2
    assert "give either --visitor or --user" in result.output
    assert guide.requests == []
