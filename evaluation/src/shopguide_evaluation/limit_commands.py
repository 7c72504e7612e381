"""`python -m shopguide_evaluation typed-limits|…`: measures of limits, through the retrieval service itself."""

import asyncio
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
from qdrant_client import AsyncQdrantClient

from shopguide_evaluation import satisfied as satisfied_module
from shopguide_evaluation import scope_budgets as scope_module
from shopguide_evaluation import typed_limits as typed_module
from shopguide_evaluation.connection import held, retrieval_at
from shopguide_evaluation.judgments import JudgedQuery, read_judgments
from shopguide_evaluation.products import Products, read_products
from shopguide_runtime.triton import TextEncoder

_path = click.Path(path_type=Path, exists=True, dir_okay=False)
retrieval = click.option("--retrieval", "address", required=True, help="host:port of the retrieval service.")
catalog_option = click.option("--catalog", required=True, help="Such as catalogs/icecat.")
products_option = click.option(
    "--products", "file", required=True, type=_path, help="The file that the catalogue was imported from."
)
mapping_option = click.option("--mapping", default="", help="As in `shopguide import`.")
seed_option = click.option("--seed", default=0, show_default=True)
out_option = click.option("--json", "out", type=click.Path(path_type=Path), help="File for the whole result.")


@click.command("typed-limits")
@retrieval
@catalog_option
@products_option
@mapping_option
@click.option("--count", default=2000, show_default=True)
@seed_option
@out_option
def typed_limits(
    address: str, catalog: str, file: Path, mapping: str, count: int, seed: int, out: Path | None
) -> None:
    """Generated searches with 1 to 4 typed limits against the whole catalogue; status 1 when any is answered wrongly."""

    async def run() -> dict[str, Any]:
        async with retrieval_at(address) as stub:
            products = Products(await held(stub, catalog, read_products(file, mapping)))
            queries = list(typed_module.generate(products, count, seed))
            return await typed_module.run(stub, catalog, products, queries)

    found = asyncio.run(run())
    show(found, out)
    raise SystemExit(1 if any(found[name] for name in typed_module.FAULTS) else 0)


@click.command("scopes")
@retrieval
@catalog_option
@products_option
@mapping_option
@click.option("--topic", "topics", multiple=True, default=scope_module.TOPICS, help="Roles to combine.")
@click.option("--currency", default="USD", show_default=True)
@click.option("--count", default=200, show_default=True)
@seed_option
@out_option
def scopes(
    address: str,
    catalog: str,
    file: Path,
    mapping: str,
    topics: tuple[str, ...],
    currency: str,
    count: int,
    seed: int,
    out: Path | None,
) -> None:
    """Generated baskets of several roles under one budget, against the best there is; status 1 when one is exceeded."""

    async def run() -> dict[str, Any]:
        async with retrieval_at(address) as stub:
            products = Products(await held(stub, catalog, read_products(file, mapping)))
            judge = scope_module.Baskets(stub, catalog, products, currency)
            return scope_module.summarize(await judge.judge_all(await judge.generate(topics, count, seed)))

    found = asyncio.run(run())
    show(found, out)
    raise SystemExit(1 if found["over_budget"] else 0)


@click.command("satisfied")
@retrieval
@catalog_option
@products_option
@mapping_option
@click.option("--qrels", required=True, type=_path, help="CSV of judgments with ratings.")
@click.option("--qdrant", required=True, help="host:port of the Qdrant that the service uses (gRPC).")
@click.option("--triton", required=True, help="host:port of the Triton that the service uses (gRPC).")
@click.option("--count", default=300, show_default=True, help="Generated queries beside the judged ones.")
@seed_option
@out_option
def satisfied(
    address: str,
    catalog: str,
    file: Path,
    mapping: str,
    qrels: Path,
    qdrant: str,
    triton: str,
    count: int,
    seed: int,
    out: Path | None,
) -> None:
    """Ours against "dense top-4, then filter" and "dense only, no filter" on the same vectors."""
    judged = read_judgments(qrels, "linear")
    show(
        asyncio.run(compare_methods(address, catalog, file, mapping, judged, (qdrant, triton), count, seed)),
        out,
    )


async def compare_methods(
    address: str,
    catalog: str,
    file: Path,
    mapping: str,
    judged: Sequence[JudgedQuery],
    below: tuple[str, str],
    count: int,
    seed: int,
) -> dict[str, Any]:
    """Return the comparison on judged and on generated queries; `below` are the addresses of Qdrant and Triton."""
    host, _, port = below[0].rpartition(":")
    qdrant = AsyncQdrantClient(
        host=host, grpc_port=int(port), prefer_grpc=True, check_compatibility=False, timeout=60
    )
    encoder = TextEncoder(below[1], max_in_flight=1)
    try:
        async with retrieval_at(address) as stub:
            products = Products(await held(stub, catalog, read_products(file, mapping)))
            methods = satisfied_module.Methods(stub, qdrant, encoder, catalog, products)
            sets = {
                "judged": list(satisfied_module.judged_queries(products, judged)),
                "generated": list(satisfied_module.generated_queries(products, count, seed)),
            }
            return {
                name: await satisfied_module.compare(methods, products, queries)
                for name, queries in sets.items()
            }
    finally:
        await encoder.close()
        await qdrant.close()


def show(found: dict[str, Any], out: Path | None) -> None:
    """Print a result, and save it when a file is given."""
    text = json.dumps(found, ensure_ascii=False, indent=1)
    print(text)
    if out:
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(text + "\n", encoding="utf-8")


COMMANDS = (typed_limits, scopes, satisfied)
