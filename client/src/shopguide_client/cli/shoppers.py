"""`shopguide export-shopper` and `shopguide erase-shopper`: what is held about one shopper."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, TextIO, TypeVar

import click
from google.protobuf.json_format import MessageToDict

from shopguide_client.cli.errors import friendly
from shopguide_client.cli.places import Places, catalog_name
from shopguide_client.cli.talk import catalog_option
from shopguide_client.sync import Client

F = TypeVar("F", bound=Callable[..., Any])


def _who(command: F) -> F:
    """Add the options that say whose data is meant."""
    visitor = click.option("--visitor", default="", help="Id of a device: all that was done on it.")
    user = click.option(
        "--user", default="", help="Id of a signed-in shopper: all they did, on every device."
    )
    return visitor(user(command))


@click.command("export-shopper")
@catalog_option
@_who
@click.option(
    "-o", "--output", type=click.File("w", encoding="utf-8", lazy=True), default="-", help="File; - for here."
)
@click.pass_obj
@friendly
def export_shopper(places: Places, catalog: str, visitor: str, user: str, output: TextIO) -> None:
    """Write all that is held about a shopper as JSON lines: events, the oldest first, then what was learned."""
    _check(visitor, user)
    with Client(places.gateway_address()) as client:
        for part in client.export_shopper(catalog_name(catalog), visitor_id=visitor, user_id=user):
            for event in part.events:
                row = MessageToDict(event, preserving_proto_field_name=True)
                output.write(json.dumps(row, ensure_ascii=False) + "\n")
            if part.profile_json:
                output.write(f'{{"profile": {part.profile_json}}}\n')
    if Path(output.name).is_file():
        click.echo(f"written to {output.name}")


@click.command("erase-shopper")
@catalog_option
@_who
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_obj
@friendly
def erase_shopper(places: Places, catalog: str, visitor: str, user: str, yes: bool) -> None:  # noqa: FBT001
    """Forget a shopper: every event, and what was learned from them. This cannot be undone."""
    _check(visitor, user)
    name = catalog_name(catalog)
    if not yes:
        click.confirm(f"Erase all that is held about {visitor or user} in {name}?", abort=True)
    with Client(places.gateway_address()) as client:
        count = client.erase_shopper(name, visitor_id=visitor, user_id=user)
    click.echo(f"{count} events erased")


def _check(visitor: str, user: str) -> None:
    if bool(visitor) == bool(user):
        raise click.UsageError("give either --visitor or --user")
