"""`python -m shopguide_evaluation recommend|baskets`: recommendation through the retrieval service."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from shopguide.retrieval.v1 import index_service_pb2_grpc, retrieval_service_pb2_grpc
from shopguide_evaluation import recommend as measures
from shopguide_evaluation.connection import channel_to
from shopguide_evaluation.limit_commands import out_option, retrieval, seed_option, show
from shopguide_evaluation.sequences import (
    FILES,
    LAST_WEEK,
    Case,
    Shop,
    amazon_shop,
    basket_shop,
    grocery_shop,
    import_shop,
)

_folder = click.option(
    "--data",
    "folder",
    required=True,
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="Folder of the public set.",
)
_load = click.option(
    "--import/--no-import",
    "load",
    default=True,
    help="Whether to import the set first; --no-import asks what is there.",
)


@click.command("recommend")
@retrieval
@_folder
@click.option("--set", "name", type=click.Choice(sorted(FILES)), required=True)
@click.option("--users", default=2_500, show_default=True, help="Shoppers drawn by the seed.")
@seed_option
@_load
@out_option
def recommend(
    address: str,
    folder: Path,
    name: str,
    users: int,
    seed: int,
    load: bool,  # noqa: FBT001
    out: Path | None,
) -> None:
    """Each shopper's last product, given those before it: HR@10 and nDCG@10 of Recommend and of simple methods."""
    shop = amazon_shop(folder, name)
    cases = measures.sample(shop.cases, users, seed)
    lists, times = asyncio.run(_recommended(address, shop, cases, load=load))
    others = [
        measures.listed("popularity", measures.popular(shop.purchases, repeats=False), cases),
        measures.listed(
            "item-KNN, recency .7", measures.item_neighbours(shop.purchases, repeats=False), cases
        ),
    ]
    rows = [measures.next_product(one, cases) for one in (*others, lists)]
    show({"set": name, **measures.sizes(shop, cases), "seconds": times, "methods": rows}, out)


@click.command("baskets")
@retrieval
@_folder
@click.option("--last-week", default=LAST_WEEK, show_default=True, help="Baskets up to this week are known.")
@click.option("--until-week", default=44, show_default=True, help="Last week of those to be predicted.")
@click.option("--least-bought", default=1, show_default=True, help="Leave out products bought fewer times.")
@_load
@out_option
def baskets(
    address: str,
    folder: Path,
    last_week: int,
    until_week: int,
    least_bought: int,
    load: bool,  # noqa: FBT001
    out: Path | None,
) -> None:
    """Later baskets of households, given their earlier ones: recall@10 of Recommend; completing them by FindBundle."""
    shop = grocery_shop(folder, last_week, until_week, least_bought)
    cases = list(shop.cases)
    lists, times = asyncio.run(_recommended(address, shop, cases, load=load))
    methods = {
        "popularity": measures.popular(shop.purchases, repeats=True),
        "item-KNN, recency .7": measures.item_neighbours(shop.purchases, repeats=True),
    }
    rows = [measures.next_basket(measures.listed(m, how, cases), cases) for m, how in methods.items()]
    first = measures.first_baskets(cases)
    by_shopper = dict(zip((c.shopper for c in cases), lists.ids, strict=True))
    first_lists = measures.Lists(lists.method, [by_shopper[c.shopper] for c in first])
    first_rows = [measures.next_basket(measures.listed(m, how, first), first) for m, how in methods.items()]
    bundles = asyncio.run(_completed(address, shop, load=False))
    found = {
        **measures.sizes(shop, cases),
        "weeks": f"{last_week + 1}-{until_week} given 1-{last_week}",
        "seconds": times,
        "methods": [*rows, measures.next_basket(lists, cases)],
        "first_basket": [*first_rows, measures.next_basket(first_lists, first)],
        "bundles": bundles,
    }
    show(found, out)


@click.command("bundles")
@retrieval
@_folder
@click.option(
    "--validation", is_flag=True, help="Predict a part of the known baskets instead of those held out."
)
@_load
@out_option
def bundles(
    address: str,
    folder: Path,
    validation: bool,  # noqa: FBT001
    load: bool,  # noqa: FBT001
    out: Path | None,
) -> None:
    """Baskets held out of `groceries`, given one product of each: what FindBundle adds, against counting pairs."""
    shop = basket_shop(folder, validation=validation)
    rows = asyncio.run(_completed(address, shop, load=load))
    show(
        {"set": shop.name.removeprefix("recommend-"), **measures.sizes(shop, shop.cases), "bundles": rows},
        out,
    )


async def _recommended(
    address: str, shop: Shop, cases: Sequence[Case], *, load: bool
) -> tuple[measures.Lists, dict[str, float]]:
    async with channel_to(address) as channel:
        if load:
            await import_shop(index_service_pb2_grpc.IndexServiceStub(channel), shop)
        stub = retrieval_service_pb2_grpc.RetrievalServiceStub(channel)
        return await measures.recommended(stub, f"catalogs/{shop.name}", cases)


async def _completed(address: str, shop: Shop, *, load: bool) -> list[dict[str, Any]]:
    """Return how well FindBundle, pairs and popularity complete the baskets of the cases."""
    cases = measures.given_one(shop.cases, {p.id for p in shop.products})
    anchors = sorted({c.anchor for c in cases})
    async with channel_to(address) as channel:
        if load:
            await import_shop(index_service_pb2_grpc.IndexServiceStub(channel), shop)
        stub = retrieval_service_pb2_grpc.RetrievalServiceStub(channel)
        added = await measures.bundles(stub, f"catalogs/{shop.name}", anchors, measures.DEPTH)
    pairs = "pairwise co-occurrence"
    methods = {
        "popularity": measures.popular_beside(shop.purchases, anchors),
        pairs: measures.co_occurring(shop.purchases, anchors),
        "FindBundle": added,
    }
    return measures.completion(methods, cases, pairs)


COMMANDS = (recommend, baskets, bundles)
"""What the command line adds."""
