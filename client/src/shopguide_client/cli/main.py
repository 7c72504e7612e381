"""The root of the command line."""

from pathlib import Path

import click

from shopguide_client.cli import demo, load, recommend, shoppers, stack, talk
from shopguide_client.cli.places import Places


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--home",
    type=click.Path(path_type=Path),
    default=Path(".shopguide"),
    envvar="SHOPGUIDE_HOME",
    help="State folder of the one-machine stack (default: .shopguide, or SHOPGUIDE_HOME).",
)
@click.option("--gateway", default="", help="host:port of a gateway (default: the running stack's).")
@click.option("--index", default="", help="host:port of a retrieval service (default: the running stack's).")
@click.version_option(package_name="shopguide-client")
@click.pass_context
def main(context: click.Context, home: Path, gateway: str, index: str) -> None:
    """Shopguide: an AI shopping guide over your own catalogue."""
    context.obj = Places(home.absolute(), gateway, index)


for command in (
    talk.chat,
    talk.search,
    talk.describe,
    talk.catalogs,
    recommend.recommend,
    load.import_file,
    shoppers.export_shopper,
    shoppers.erase_shopper,
    stack.up,
    stack.down,
    stack.status,
    stack.logs,
    demo.demo,
):
    main.add_command(command)
