"""`shopguide recommend`: what a place on the site would show a shopper."""

import click
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from shopguide.gateway.v1 import guide_service_pb2 as pb
from shopguide.type.v1 import query_pb2
from shopguide_client.cli.errors import friendly
from shopguide_client.cli.places import Places, catalog_name
from shopguide_client.cli.show import price_text, rating_text
from shopguide_client.cli.talk import catalog_option, currency_option
from shopguide_client.requests import PLACEMENTS
from shopguide_client.sync import Client

_console = Console(soft_wrap=True)


@click.command()
@click.argument("product_ids", nargs=-1)
@catalog_option
@currency_option
@click.option("--visitor", required=True, help="Pseudonymous id of the shopper's device.")
@click.option("--user", default="", help="The platform's id of a signed-in shopper.")
@click.option("--placement", type=click.Choice(PLACEMENTS), default="home", show_default=True)
@click.option("-k", "page_size", default=10, show_default=True, help="Products to show.")
@click.pass_obj
@friendly
def recommend(
    places: Places,
    product_ids: tuple[str, ...],
    catalog: str,
    currency: str,
    visitor: str,
    user: str,
    placement: str,
    page_size: int,
) -> None:
    """Recommend to a shopper; PRODUCT_IDS are in view now, the latest last."""
    shopper = query_pb2.Shopper(visitor_id=visitor, user_id=user, currency_code=currency)
    with Client(places.gateway_address()) as client:
        page = client.recommend(
            catalog_name(catalog), shopper, placement=placement, context=product_ids, page_size=page_size
        )
    _console.print(_table(page))
    for lost in page.degradations:
        _console.print(f"without {lost.component}: {lost.fallback}", style="dim", markup=False)


def _table(page: pb.RecommendResponse) -> Table:
    table = Table(box=None, header_style="dim", pad_edge=False)
    for column in ("id", "product", "price", "rating", "score", "because"):
        table.add_column(column, justify="right" if column in {"price", "rating", "score"} else "left")
    for result in page.results:
        shown = result.product
        cells = (result.product_id, shown.title, price_text(shown), rating_text(shown))
        table.add_row(*map(escape, cells), f"{result.score:.3f}", escape(", ".join(result.reasons)))
    return table
