"""`python -m shopguide_evaluation cross-language|typos`: how queries are understood, through the retrieval service."""

import asyncio
from pathlib import Path
from typing import Any

import click

from shopguide_evaluation import crossing as crossing_module
from shopguide_evaluation import typos as typos_module
from shopguide_evaluation.connection import retrieval_at
from shopguide_evaluation.limit_commands import catalog_option, out_option, retrieval, seed_option, show

CROSS_FLOOR = 0.8
TYPO_FLOOR = 0.9


@click.command("cross-language")
@retrieval
@catalog_option
@out_option
def cross_language(address: str, catalog: str, out: Path | None) -> None:
    """60 queries asked in the other language of the products; status 1 below .8 of the same-language nDCG@10."""

    async def run() -> dict[str, Any]:
        async with retrieval_at(address) as stub:
            return await crossing_module.run(stub, catalog, crossing_module.read_pairs())

    found = asyncio.run(run())
    show(found, out)
    raise SystemExit(1 if min(found["ratio"].values()) < CROSS_FLOOR else 0)


@click.command("typos")
@retrieval
@catalog_option
@seed_option
@out_option
def typos(address: str, catalog: str, seed: int, out: Path | None) -> None:
    """Queries with slips of the pen against the same without; status 1 below .9 of their nDCG@10."""

    async def run() -> dict[str, Any]:
        async with retrieval_at(address) as stub:
            return await typos_module.run(stub, catalog, crossing_module.read_pairs(), seed)

    found = asyncio.run(run())
    show(found, out)
    raise SystemExit(1 if found["all"]["ratio"] < TYPO_FLOOR else 0)


COMMANDS = (cross_language, typos)
