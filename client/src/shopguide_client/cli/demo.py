"""`shopguide demo`: stack up, catalogue in, six questions answered."""

import time
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

import click
from rich.console import Console

from shopguide_client.cli.errors import friendly
from shopguide_client.cli.load import import_rows
from shopguide_client.cli.places import Places, catalog_name
from shopguide_client.cli.show import TurnPrinter
from shopguide_client.cli.stack import bring_up
from shopguide_client.cli.talk import visitor
from shopguide_client.importing.mapping import load_mapping, shipped_mappings
from shopguide_client.importing.rows import read_rows
from shopguide_client.sync import Client, Conversation

_console = Console(soft_wrap=True)


@dataclass(frozen=True)
class Question:
    """One question of the demonstration."""

    text: str
    """What is asked."""
    about: str
    """What it shows."""
    goes_on: bool = False
    """Whether it leans on the question before."""


QUESTIONS = (
    Question("两千以内的降噪耳机，不要入耳式的", "search with hard limits"),
    Question("第一个和第三个有啥区别，跑步戴哪个", "follow-up: compare two of them", goes_on=True),
    Question("退货邮费谁出", "question about the shop"),
    Question(
        "noise cancelling over-ear headphones under $60 with 40+ hours of battery", "nothing satisfies all"
    ),
    Question(
        "outfit for a beach wedding: dress, sandals and a clutch, 250 total", "several roles, one budget"
    ),
    Question("write me a poem about autumn", "out of scope"),
)
OWN_CATALOGUE_QUESTIONS = (
    Question("headphones under 100", "search with a hard limit"),
    Question("compare the first two", "follow-up: compare", goes_on=True),
    Question("laptop with at least 16GB ram", "search with an attribute limit"),
    Question("最便宜的鼠标", "Chinese, cheapest first"),
    Question("帮我写首关于秋天的诗", "out of scope"),
)


@click.command()
@click.option(
    "--catalog",
    "catalog_file",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Products to use instead of the demo catalogue.",
)
@click.option("--mapping", default="", help="Mapping of that file; found by its folder's name when it ships.")
@click.option(
    "--port-base",
    default=7400,
    envvar="SHOPGUIDE_PORT_BASE",
    show_default=True,
    show_envvar=True,
    help="First port of the stack.",
)
@click.pass_obj
@friendly
def demo(places: Places, catalog_file: Path | None, mapping: str, port_base: int) -> None:
    """Start everything, import a catalogue, answer six questions."""
    started = time.monotonic()
    _heading("starting the stack")
    bring_up(places, port_base, 240.0)
    _heading("importing the catalogue")
    if catalog_file is None:
        name = "demo"
        questions: tuple[Question, ...] = QUESTIONS
        _import_demo(places)
    else:
        name, questions = "own", OWN_CATALOGUE_QUESTIONS
        import_rows(
            places, catalog_name(name), read_rows(catalog_file), "products", mapping or _guess(catalog_file)
        )
    _ask_all(places, name, questions)
    _console.print(
        f"\n{time.monotonic() - started:.0f} s from start to the last answer.", style="dim", highlight=False
    )
    _goodbye(name)


def _import_demo(places: Places) -> None:
    with resources.as_file(resources.files("shopguide_devstack.catalogue") / "data") as folder:
        # Names first: they are part of what the products are indexed with.
        for kind in ("attributes", "categories", "products", "reviews", "faq", "events"):
            import_rows(places, catalog_name("demo"), read_rows(folder / f"{kind}.jsonl.gz"), kind)


def _guess(path: Path) -> str:
    """Return the shipped mapping that the path names, or none: then the rows must speak the contract."""
    named = [m for m in shipped_mappings() if m in str(path.absolute().parent.name) or m in path.name]
    for mapping in named:
        load_mapping(mapping)
        return mapping
    return ""


def _ask_all(places: Places, catalog: str, questions: tuple[Question, ...]) -> None:
    printer = TurnPrinter(_console)
    with Client(places.gateway_address()) as client:
        talk: Conversation | None = None
        for question in questions:
            if talk is None or not question.goes_on:
                talk = client.conversation(catalog_name(catalog), visitor())
            _heading(f"{question.about}")
            _console.print(f"> {question.text}", style="bold", markup=False, highlight=False)
            printer.show(talk.say(question.text))


def _heading(text: str) -> None:
    _console.print(f"\n── {text} " + "─" * max(0, 60 - len(text)), style="cyan", highlight=False)


def _goodbye(catalog: str) -> None:
    run = ".venv/bin/shopguide"
    _console.print("\nGo on:  ", f"{run} chat --catalog {catalog}", highlight=False)
    _console.print(
        "Look:   ", f"{run} status · {run} describe --catalog {catalog} · {run} logs gateway", highlight=False
    )
    _console.print("Stop:   ", f"{run} down", highlight=False)
