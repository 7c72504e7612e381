"""Limits, budgets and descriptions through a running retrieval service: are they exact, how near to the best, how fast.

Each part writes a page of its own: typed-limits, scope-budgets, satisfied-limits, describe-catalog. The catalogue must be
the one that `--products` was imported into; nothing is written to it.
"""

import asyncio
import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
from measuring import CELLS, Report, distribution, machine

from shopguide.retrieval.v1 import retrieval_service_pb2 as pb
from shopguide.type.v1 import query_pb2
from shopguide_evaluation import scope_budgets, typed_limits
from shopguide_evaluation.connection import held, retrieval_at
from shopguide_evaluation.judgments import read_judgments
from shopguide_evaluation.limit_commands import compare_methods
from shopguide_evaluation.products import Products, read_products
from shopguide_evaluation.satisfied import METHODS
from shopguide_runtime.triton import TextEncoder

_TIMEOUT = 120.0
_SEED = 0


@dataclass(frozen=True)
class Place:
    """Where the service and its catalogue are."""

    address: str
    catalog: str
    file: Path
    mapping: str


def typed(place: Place, count: int, saved: Path | None) -> Report:
    """Measure generated searches with typed limits, or report what `evaluation typed-limits --json` has saved."""
    report = Report("typed-limits", "Searches with one to four limits, against every product", machine())

    async def run() -> dict[str, Any]:
        async with retrieval_at(place.address) as stub:
            products = Products(await held(stub, place.catalog, read_products(place.file, place.mapping)))
            queries = list(typed_limits.generate(products, count, _SEED))
            return await typed_limits.run(stub, place.catalog, products, queries)

    found = json.loads(saved.read_text(encoding="utf-8")) if saved else asyncio.run(run())
    if saved:
        finished = time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime(saved.stat().st_mtime))
        report.say(
            f"Measured on the same machine by `python -m shopguide_evaluation typed-limits --count {found['queries']}`, "
            f"which finished at {finished}; this page was written from its result.",
        )
    names = [n for n, value in found.items() if isinstance(value, int)]
    report.table("number", {name: str(found[name]) for name in names})
    report.say(
        "`violations`: products outside a limit that the answer says is in force. `relaxed_though_satisfiable`: a limit "
        "gave way although a product satisfies all. `wrong_totals`: `total_size` is not the exact count. "
        "`wrong_nearest`: the reported nearest number is not the nearest there is (checked where one range gave way).",
        "",
        f"A search took {found['milliseconds']['p50']} ms (p50), {found['milliseconds']['p95']} ms (p95) with three "
        "at once, encoder included, on the machine and under the load named above.",
    )
    report.numbers = found
    return report


async def _vectors(triton: str, texts: Sequence[str]) -> dict[str, query_pb2.QueryVector]:
    """Return the embedding of each text."""
    encoder = TextEncoder(triton, max_in_flight=1)
    try:
        found = await encoder.embed(texts, "query", _TIMEOUT)
        fingerprint = await encoder.fingerprint(_TIMEOUT)
    finally:
        await encoder.close()
    return {
        text: query_pb2.QueryVector(values=vector.tolist(), encoder_fingerprint=fingerprint)
        for text, vector in zip(texts, found, strict=True)
    }


def scopes(place: Place, count: int, triton: str) -> Report:
    """Measure baskets of several roles."""
    report = Report("scope-budgets", "Several roles under one budget, against the best there is", machine())

    async def run() -> dict[str, Any]:
        async with retrieval_at(place.address) as stub:
            products = Products(await held(stub, place.catalog, read_products(place.file, place.mapping)))
            baskets = scope_budgets.Baskets(
                stub, place.catalog, products, "USD", await _vectors(triton, scope_budgets.TOPICS)
            )
            generated = await baskets.generate(scope_budgets.TOPICS, count, _SEED)
            return scope_budgets.summarize(await baskets.judge_all(generated))

    found = asyncio.run(run())
    report.table("value", {n: str(v) for n, v in found.items() if isinstance(v, int | float)})
    report.say(
        " ".join(str(scope_budgets.__doc__).split("\n\n", 1)[1].split()),
        "",
        f"A request took {found['milliseconds']['p50']} ms (p50), {found['milliseconds']['p95']} ms (p95), two at a time.",
    )
    report.numbers = found
    return report


def satisfied(place: Place, count: int, qrels: Path, below: tuple[str, str]) -> Report:
    """Compare our treatment of limits with two usual ones."""
    report = Report("satisfied-limits", "Limits inside the search, after it, and not at all", machine())
    judged = read_judgments(qrels, "linear")
    found = asyncio.run(
        compare_methods(place.address, place.catalog, place.file, place.mapping, judged, below, count, _SEED)
    )
    for name, result in found.items():
        report.say(f"## {result['queries']} {name} queries")
        heads = list(result["ours"])
        rows = {m: " | ".join(str(result[m][h]) for h in heads) for m in METHODS}
        report.table(" | ".join(h.replace("_", " ") for h in heads), rows)
    report.say(
        "`ours`: Search with hard constraints. `window`: the four nearest by vector (cosine ≥ .5), then the price, then "
        "the kind as a substring. `dense`: the ten nearest by vector, limits not looked at. The same encoder, the same "
        "vectors, the same catalogue; every query is satisfied by at least one product. Judged queries carry a price limit "
        "taken from their relevant products; generated ones a kind and a price. Places left empty count against "
        "precision; unjudged products count as irrelevant, for all three alike.",
    )
    report.numbers = found
    return report


def describe(place: Place, count: int) -> Report:
    """Measure descriptions of different parts of the catalogue, none of them asked for before."""
    report = Report("describe-catalog", "DescribeCatalog for parts of a catalogue", machine())

    async def run() -> dict[str, list[float]]:
        async with retrieval_at(place.address) as stub:
            products = Products(await held(stub, place.catalog, read_products(place.file, place.mapping)))
            queries = typed_limits.generate(products, count, int(time.time()))
            first: list[float] = []
            again: list[float] = []
            for query in queries:
                wanted = pb.DescribeCatalogRequest(
                    catalog=place.catalog, filter=query_pb2.Filter(conditions=query.conditions)
                )
                for into in (first, again):
                    started = time.perf_counter()
                    await stub.DescribeCatalog(wanted, timeout=_TIMEOUT)
                    into.append((time.perf_counter() - started) * 1000)
            whole = await _whole(stub, place.catalog)
            return {"a part, first time": first, "a part, again": again, "the whole, again": whole}

    found = asyncio.run(run())
    report.table(CELLS, {name: distribution(values).cells() for name, values in found.items()})
    report.say("Milliseconds as the caller waits, one call at a time.")
    report.numbers = {name: vars(distribution(values)) for name, values in found.items()}
    return report


async def _whole(stub: Any, catalog: str) -> list[float]:  # noqa: ANN401 - a generated stub
    request = pb.DescribeCatalogRequest(catalog=catalog)
    await stub.DescribeCatalog(request, timeout=_TIMEOUT)
    values: list[float] = []
    for _ in range(20):
        started = time.perf_counter()
        await stub.DescribeCatalog(request, timeout=_TIMEOUT)
        values.append((time.perf_counter() - started) * 1000)
    return values


@click.command()
@click.argument("part", type=click.Choice(("typed", "scopes", "satisfied", "describe")))
@click.option("--retrieval", "address", required=True, help="host:port of the retrieval service.")
@click.option("--catalog", required=True, help="Such as catalogs/icecat.")
@click.option("--products", "file", required=True, type=click.Path(path_type=Path, exists=True))
@click.option("--mapping", default="", help="As in `shopguide import`.")
@click.option("--count", type=int, help="Queries or baskets; a number that fits the part by default.")
@click.option("--qrels", type=click.Path(path_type=Path, exists=True), help="Judgments, for `satisfied`.")
@click.option("--qdrant", default="127.0.0.1:7434", show_default=True, help="For `satisfied`.")
@click.option("--triton", default="127.0.0.1:7481", show_default=True, help="For `satisfied`, `scopes`.")
@click.option(
    "--saved",
    type=click.Path(path_type=Path, exists=True),
    help="For `typed`: a result of `evaluation typed-limits --json` to report instead.",
)
@click.option("--write", is_flag=True, help="Write benchmarks/results/<page>.{md,json}.")
def main(part: str, write: bool, **options: Any) -> None:  # noqa: FBT001 - options of click
    """Measure one part."""
    place = Place(*(options[name] for name in ("address", "catalog", "file", "mapping")))
    count, triton, qrels = options["count"], options["triton"], options["qrels"]
    if part == "satisfied" and qrels is None:
        raise click.UsageError("satisfied needs --qrels")
    parts: dict[str, Callable[[], Report]] = {
        "typed": lambda: typed(place, count or 2000, options["saved"]),
        "scopes": lambda: scopes(place, count or 200, triton),
        "satisfied": lambda: satisfied(place, count or 200, qrels, (options["qdrant"], triton)),
        "describe": lambda: describe(place, count or 100),
    }
    report = parts[part]()
    if write:
        report.write()


if __name__ == "__main__":
    main()
