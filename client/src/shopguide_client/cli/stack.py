"""`shopguide up`, `down`, `status`, `logs`: the one-machine stack."""

import time

import click
from rich.console import Console
from rich.table import Table

from shopguide_client.cli.errors import friendly
from shopguide_client.cli.places import Places, find_repository

_console = Console(soft_wrap=True)


def bring_up(places: Places, port_base: int, timeout: float) -> None:
    """Bring the stack up with progress on the screen. Raises click.ClickException."""
    from shopguide_devstack.stack import control
    from shopguide_devstack.stack.layout import Home, Ports

    started = time.monotonic()

    def progress(line: str) -> None:
        _console.print(f"  {line}", style="dim", markup=False, highlight=False)

    try:
        state = control.up(Home(places.home), Ports(port_base), find_repository(), progress, timeout)
    except (control.StackError, ValueError) as error:
        raise click.ClickException(str(error)) from error
    took = time.monotonic() - started
    _console.print(f"up after {took:.1f} s, gateway at 127.0.0.1:{state.base}", highlight=False)


@click.command()
@click.option(
    "--port-base",
    default=7400,
    envvar="SHOPGUIDE_PORT_BASE",
    show_default=True,
    show_envvar=True,
    help="First port of the stack.",
)
@click.option("--timeout", default=180.0, show_default=True, help="Seconds to wait.")
@click.pass_obj
@friendly
def up(places: Places, port_base: int, timeout: float) -> None:
    """Start the one-machine stack and wait until it serves."""
    bring_up(places, port_base, timeout)


@click.command()
@click.pass_obj
@friendly
def down(places: Places) -> None:
    """Stop the one-machine stack."""
    from shopguide_devstack.stack import control
    from shopguide_devstack.stack.layout import Home

    try:
        stopped = control.down(Home(places.home), _console.print)
    except control.StackError as error:
        raise click.ClickException(str(error)) from error
    if not stopped:
        _console.print("nothing was running")


@click.command()
@click.pass_obj
@friendly
def status(places: Places) -> None:
    """Show how the parts of the stack are; exit status 3 when not all of them serve."""
    from shopguide_devstack.stack import control
    from shopguide_devstack.stack.layout import Home

    state = control.status(Home(places.home))
    if state is None:
        _console.print("not running; start it with: shopguide up")
        raise SystemExit(3)
    table = Table(box=None, header_style="dim", pad_edge=False)
    for column in ("part", "condition", "pid", "restarts", "for"):
        table.add_column(column)
    for part in state.parts:
        seconds = f"{time.time() - part.since:.0f} s"
        table.add_row(part.name, part.condition, str(part.pid or "–"), str(part.restarts), seconds)
    _console.print(table)
    raise SystemExit(0 if state.serving else 3)


@click.command()
@click.argument("part", default="supervisor")
@click.option("-n", "lines", default=50, show_default=True, help="Lines to show.")
@click.pass_obj
@friendly
def logs(places: Places, part: str, lines: int) -> None:
    """Show the last lines of a part's log: qdrant, triton, intent, retrieval, generation, gateway, supervisor."""
    from shopguide_devstack.stack import control
    from shopguide_devstack.stack.layout import Home

    try:
        for line in control.logs(Home(places.home), part, lines):
            _console.print(line, markup=False, highlight=False)
    except control.StackError as error:
        raise click.ClickException(str(error)) from error
