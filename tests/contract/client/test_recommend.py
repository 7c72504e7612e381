"""Recommendations from the SDK and the command line."""

import pytest
from click.testing import CliRunner

from shopguide.type.v1 import query_pb2
from shopguide_client import AsyncClient, Client
from shopguide_client.cli.main import main
from shopguide_client.requests import PLACEMENTS

SHOPPER = query_pb2.Shopper(visitor_id="v1", user_id="u1")


@pytest.fixture
def shopguide(address, tmp_path):
    """Return a function that runs a command against the fakes."""

    def run(*words: str):
        options = ["--home", str(tmp_path / "home"), "--gateway", address]
        return CliRunner(env={"COLUMNS": "140"}).invoke(main, [*options, *words])

    return run


def test_the_sdk_sends_what_it_is_given(address, guide):
    """Placement, context and limits travel as they are."""
    condition = query_pb2.Condition(field="brand", any_of=query_pb2.TextSet(values=["Norte"]))
    with Client(address) as client:
        page = client.recommend(
            "catalogs/shop",
            SHOPPER,
            placement="cart",
            context=["m2", "m3"],
            conditions=[condition],
            page_size=3,
        )
    (asked,) = guide.recommended
    assert [r.product_id for r in page.results] == ["m1"]
    assert (asked.placement, list(asked.context_product_ids), asked.page_size) == ("cart", ["m2", "m3"], 3)
    assert (asked.shopper, list(asked.filter.conditions)) == (SHOPPER, [condition])


@pytest.mark.anyio
async def test_the_async_sdk_does_the_same(address, guide):
    """The same request from asyncio."""
    async with AsyncClient(address) as client:
        page = await client.recommend("catalogs/shop", SHOPPER, placement="trending")
    assert page.attribution_token == "a1"
    assert guide.recommended[0].placement == "trending"


def test_the_command_shows_products_with_their_reasons(shopguide, guide):
    """A table with the reasons, and what had to be left out."""
    result = shopguide("recommend", "m2", "--catalog", "shop", "--visitor", "v1", "--placement", "product")
    assert result.exit_code == 0, result.output
    for shown in ("m1", "Norte [Pro] mouse", "$57.50", "BOUGHT_TOGETHER", "without shoppers: NOT_PERSONAL"):
        assert shown in result.output
    (asked,) = guide.recommended
    assert (asked.catalog, asked.placement) == ("catalogs/shop", "product")
    assert list(asked.context_product_ids) == ["m2"]


def test_the_command_knows_the_places(shopguide):
    """Another placement is refused before anything is asked."""
    result = shopguide("recommend", "--visitor", "v1", "--placement", "basement")
    assert result.exit_code == 2
    assert all(place in result.output for place in PLACEMENTS)
