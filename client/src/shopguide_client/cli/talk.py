"""`shopguide chat`, `search`, `describe`, `catalogs`."""

import getpass
import hashlib
from collections.abc import Iterable

import click
from rich.console import Console
from rich.table import Table

from shopguide.type.v1 import catalog_pb2, query_pb2
from shopguide_client.cli.errors import explain, friendly
from shopguide_client.cli.places import Places, catalog_name
from shopguide_client.cli.show import TurnPrinter, outcome_lines, product_table, understanding_text
from shopguide_client.errors import ApiError
from shopguide_client.sync import Client, Conversation, IndexClient

_KINDS = catalog_pb2.AttributeSpec.Kind
_console = Console(soft_wrap=True)

catalog_option = click.option(
    "--catalog", default="demo", show_default=True, help="Catalogue, with or without `catalogs/`."
)
language_option = click.option(
    "--language", default="", help="Answer in this language (en, zh) whatever is asked."
)
currency_option = click.option(
    "--currency", default="", help="Currency of prices given without one, such as CNY."
)


def visitor() -> str:
    """Return a pseudonym for the person at this terminal."""
    return "cli-" + hashlib.sha256(getpass.getuser().encode()).hexdigest()[:12]


@click.command()
@click.argument("words", nargs=-1)
@catalog_option
@language_option
@currency_option
@click.option("--products", default=0, help="Most products to show; 0: the gateway decides.")
@click.option("-v", "--verbose", is_flag=True, help="Show timings.")
@click.pass_obj
@friendly
def chat(
    places: Places,
    words: tuple[str, ...],
    catalog: str,
    language: str,
    currency: str,
    products: int,
    verbose: bool,  # noqa: FBT001 - click passes options by name
) -> None:
    """Ask for advice: one question when WORDS are given, a conversation otherwise."""
    with Client(places.gateway_address()) as client:
        talk = client.conversation(
            catalog_name(catalog), visitor(), language_code=language, currency_code=currency
        )
        printer = TurnPrinter(_console, verbose)
        if words:
            printer.show(talk.say(" ".join(words), products))
        else:
            _converse(talk, printer, products)


def _converse(talk: Conversation, printer: TurnPrinter, products: int) -> None:
    _console.print("Ask for anything; an empty line or Ctrl-D ends the conversation.", style="dim")
    while True:
        try:
            words = _console.input("[bold]> [/bold]").strip()
        except (EOFError, KeyboardInterrupt):
            return
        if not words:
            return
        try:
            printer.show(talk.say(words, products))
        except ApiError as error:
            _console.print(explain(error), style="red", markup=False, highlight=False)


@click.command()
@click.argument("words", nargs=-1, required=True)
@catalog_option
@currency_option
@click.option("-k", "page_size", default=10, show_default=True, help="Products to show.")
@click.pass_obj
@friendly
def search(places: Places, words: tuple[str, ...], catalog: str, currency: str, page_size: int) -> None:
    """Search from plain words, without advice."""
    shopper = query_pb2.Shopper(visitor_id=visitor(), currency_code=currency)
    with Client(places.gateway_address()) as client:
        page = client.search(catalog_name(catalog), " ".join(words), shopper, page_size=page_size)
    _console.print(understanding_text(page.understanding), style="dim", markup=False)
    _console.print(product_table(page.results, scores=True))
    for line in outcome_lines(page.constraint_outcomes):
        _console.print(line, style="dim", markup=False)
    _console.print(f"{page.matched_size} match, {page.total_size} satisfy the limits", style="dim")


@click.command()
@catalog_option
@click.pass_obj
@friendly
def describe(places: Places, catalog: str) -> None:
    """Show what can be asked of a catalogue: categories, brands, attributes, ranges."""
    with Client(places.gateway_address()) as client:
        about = client.describe(catalog_name(catalog))
    counts = f"{about.product_count} products · {about.review_count} reviews · {about.faq_count} FAQ entries"
    _console.print(f"{about.catalog}: {counts}")
    for prices in about.prices:
        _console.print(
            f"prices: {prices.minimum:g} to {prices.maximum:g} {prices.currency_code} ({prices.count})"
        )
    for name, values in (("brands", about.brands), ("languages", about.languages)):
        _console.print(f"{name}: {_counts(values)}", markup=False)
    categories = [catalog_pb2.ValueCount(value=c.name, count=c.count) for c in about.categories]
    _console.print(f"categories: {_counts(categories)}", markup=False)
    _console.print(_attribute_table(about))
    _console.print(f"encoder: {about.encoder_fingerprint}", style="dim")


def _counts(values: Iterable[catalog_pb2.ValueCount], most: int = 20) -> str:
    listed = [f"{v.value} ({v.count})" for v in values]
    return ", ".join(listed[:most]) + (f" and {len(listed) - most} more" if len(listed) > most else "")


def _attribute_table(about: catalog_pb2.CatalogDescription) -> Table:
    table = Table(box=None, header_style="dim", pad_edge=False)
    for column in ("attribute", "kind", "products", "values"):
        table.add_column(column)
    for attribute in about.attributes[:40]:
        spec = attribute.spec
        if attribute.HasField("minimum"):
            values = f"{attribute.minimum:g} to {attribute.maximum:g} {spec.unit}"
        else:
            values = _counts(attribute.values, 6)
        kind = _KINDS.Name(spec.kind).removeprefix("KIND_").lower()
        table.add_row(spec.key, kind, str(attribute.count), values)
    return table


@click.command()
@click.pass_obj
@friendly
def catalogs(places: Places) -> None:
    """List the catalogues there are."""
    with IndexClient(places.index_address()) as client:
        for catalog in client.list_catalogs():
            _console.print(f"{catalog.name}  {catalog.product_count} products", highlight=False)
