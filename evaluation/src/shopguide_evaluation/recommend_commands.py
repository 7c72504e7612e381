"""`python -m shopguide_evaluation recommend|baskets`: recommendation through the retrieval service."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import click

from shopguide.retrieval.v1 import index_service_pb2_grpc, retrieval_service_pb2_grpc
from shopguide_evaluation import recommend as measures
from shopguide_evaluation.connection import channel_to
from shopguide_evaluation.limit_commands import out_option, retrieval, seed_option, show
from shopguide_evaluation.sequences import FILES, Case, Shop, amazon_shop, grocery_shop, import_shop

_folder = click.option(
    "--data",
    "folder",
    required=True,
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="Folder of the public set.",
)
_ADDED = 3
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
@click.option("--least-bought", default=1, show_default=True, help="Leave out products bought fewer times.")
@click.option(
    "--anchors", default=300, show_default=True, help="Most bought products, each completed by FindBundle."
)
@_load
@out_option
def baskets(
    address: str,
    folder: Path,
    least_bought: int,
    anchors: int,
    load: bool,  # noqa: FBT001
    out: Path | None,
) -> None:
    """Later baskets of households, given their earlier ones: recall@10 of Recommend, lift of FindBundle's additions."""
    shop = grocery_shop(folder, least_bought=least_bought)
    cases = list(shop.cases)
    lists, times = asyncio.run(_recommended(address, shop, cases, load=load))
    others = [
        measures.listed("popularity", measures.popular(shop.purchases, repeats=True), cases),
        measures.listed(
            "item-KNN, recency .7", measures.item_neighbours(shop.purchases, repeats=True), cases
        ),
    ]
    later = [c.wanted for c in cases]
    counts = Counter(i for p in shop.purchases for i in p.products)
    added = asyncio.run(_bundles(address, shop, [i for i, _ in counts.most_common(anchors)]))
    others_added = measures.pairwise_bundles(shop.purchases, {a: len(ids) for a, ids in added.items()})
    bundles = [
        measures.lift("pairwise co-occurrence", others_added, later),
        measures.lift("FindBundle", added, later),
    ]
    rows = [measures.next_basket(one, cases) for one in (*others, lists)]
    found = {**measures.sizes(shop, cases), "seconds": times, "methods": rows, "bundles": bundles}
    show(found, out)


async def _recommended(
    address: str, shop: Shop, cases: Sequence[Case], *, load: bool
) -> tuple[measures.Lists, dict[str, float]]:
    async with channel_to(address) as channel:
        if load:
            await import_shop(index_service_pb2_grpc.IndexServiceStub(channel), shop)
        stub = retrieval_service_pb2_grpc.RetrievalServiceStub(channel)
        return await measures.recommended(stub, f"catalogs/{shop.name}", cases)


async def _bundles(address: str, shop: Shop, anchors: Sequence[str]) -> dict[str, list[str]]:
    async with channel_to(address) as channel:
        stub = retrieval_service_pb2_grpc.RetrievalServiceStub(channel)
        return await measures.bundles(stub, f"catalogs/{shop.name}", anchors, _ADDED)


COMMANDS = (recommend, baskets)
"""What the command line adds."""
