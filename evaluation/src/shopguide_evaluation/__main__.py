"""`python -m shopguide_evaluation search|compare|intents|limits|turns …`."""

import asyncio
import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from shopguide_client import AsyncClient
from shopguide_evaluation import intents as intents_module
from shopguide_evaluation import limit_commands, query_commands, recommend_commands
from shopguide_evaluation import limits as limits_module
from shopguide_evaluation import search as search_module
from shopguide_evaluation import turns as turns_module
from shopguide_evaluation.judgments import GainScheme, read_judgments

_path = click.Path(path_type=Path, exists=True, dir_okay=False)
_out = click.option("--json", "out", type=click.Path(path_type=Path), help="File for the whole result.")


@click.group()
def main() -> None:
    """Judge running shopguide services."""


@main.command()
@click.option("--address", required=True, help="host:port of the gateway.")
@click.option("--catalog", required=True, help="Such as catalogs/default.")
@click.option("--qrels", required=True, type=_path, help="CSV of judgments.")
@click.option("--gains", type=click.Choice(["esci", "linear", "binary"]), required=True)
@click.option("--mode", type=click.Choice(["full", "pool"]), default="full", show_default=True)
@click.option("--k", default=10, show_default=True)
@_out
def search(
    address: str,
    catalog: str,
    qrels: Path,
    gains: GainScheme,
    mode: search_module.Mode,
    k: int,
    out: Path | None,
) -> None:
    """nDCG@k, R@100 and MRR of search."""
    queries = read_judgments(qrels, gains)

    async def run() -> list[search_module.QueryScore]:
        async with AsyncClient(address) as client:
            return await search_module.score(client, catalog, queries, mode, k)

    scores = asyncio.run(run())
    summary = search_module.summarize(scores, k)
    for name, value in summary.items():
        print(search_module.mean_text(name, value) if isinstance(value, dict) else f"{name:12} {value}")
    if out:
        settings = {"catalog": catalog, "qrels": qrels.name, "gains": gains, "mode": mode, "k": k}
        search_module.save(out, settings, scores, k)


@main.command()
@click.argument("first", type=_path)
@click.argument("second", type=_path)
def compare(first: Path, second: Path) -> None:
    """Paired comparison of the nDCG of two saved runs."""
    print(search_module.comparison_text(first, second))


@main.command()
@click.option("--address", required=True, help="host:port of the intent service.")
@click.option("--file", "file", required=True, type=_path, help="CSV with text, intent, maybe language.")
@_out
def intents(address: str, file: Path, out: Path | None) -> None:
    """Accuracy, macro-F1, OOS AUROC and ECE of intents."""
    sentences = intents_module.read_sentences(file)
    predictions = asyncio.run(intents_module.predict(address, sentences))
    measures = intents_module.measure(sentences, predictions)
    print(json.dumps(measures, indent=1))
    _save(out, {"file": file.name, "measures": measures})


@main.command()
@click.option("--address", required=True, help="host:port of the gateway.")
@click.option("--catalog", required=True, help="Such as catalogs/default.")
@click.option(
    "--topic", "topics", multiple=True, default=("headphones", "laptop", "mouse", "monitor", "keyboard")
)
@click.option("--count", default=500, show_default=True)
@click.option("--seed", default=0, show_default=True)
@_out
def limits(
    address: str, catalog: str, topics: tuple[str, ...], count: int, seed: int, out: Path | None
) -> None:
    """Generated limit queries; exit status 1 when any product violates a limit."""

    async def run() -> dict[str, Any]:
        async with AsyncClient(address) as client:
            about = await client.describe(catalog, timeout=60)
            queries = list(limits_module.generate(about, topics, count, seed))
            return await limits_module.run(client, catalog, queries)

    found = asyncio.run(run())
    print(json.dumps(found, ensure_ascii=False, indent=1))
    _save(out, found)
    raise SystemExit(1 if found["violations"] else 0)


@main.command()
@click.option("--address", required=True, help="host:port of the gateway.")
@click.option("--catalog", required=True, help="Such as catalogs/demo.")
@click.option("--file", "file", type=_path, help="JSON lines of conversations; default: those that ship.")
@_out
def turns(address: str, catalog: str, file: Path | None, out: Path | None) -> None:
    """Scripted conversations: times, intents, lengths, degradations, grounding."""
    scripts = turns_module.read_scripts(file)

    async def run() -> list[turns_module.TurnResult]:
        async with AsyncClient(address) as client:
            about = await client.describe(catalog, timeout=60)
            return await turns_module.have(client, catalog, scripts, [b.value for b in about.brands])

    results = asyncio.run(run())
    summary = turns_module.summarize(results)
    print("\n".join(turns_module.summary_lines(summary, results)))
    _save(out, {"catalog": catalog, "summary": summary, "turns": [asdict(r) for r in results]})


def _save(out: Path | None, data: dict[str, Any]) -> None:
    if out:
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(json.dumps(data, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


for _command in (*limit_commands.COMMANDS, *query_commands.COMMANDS, *recommend_commands.COMMANDS):
    main.add_command(_command)

if __name__ == "__main__":
    main()
