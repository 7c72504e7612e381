"""Recommendation through a running retrieval service: how good on public purchases, how fast on the demo catalogue.

`quality` writes a page from what `python -m shopguide_evaluation recommend|baskets|bundles --json` has saved; `latency`
asks for shoppers of the demo catalogue, whose products and events must be imported. Nothing is written to a catalogue.
"""

import json
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
import grpc
from measuring import CELLS, Report, distribution, machine

from shopguide.retrieval.v1 import retrieval_service_pb2 as pb
from shopguide.retrieval.v1 import retrieval_service_pb2_grpc as pb_grpc
from shopguide.type.v1 import query_pb2
from shopguide_devstack.catalogue.loader import load_catalogue

_TIMEOUT = 60.0
_WARM_UP = 20
_saved = click.Path(path_type=Path, exists=True, dir_okay=False)
_MEASURES = {
    "hit_rate": "HR@10",
    "ndcg": "nDCG@10",
    "recall": "recall@10",
    "hit_rate_3": "one of the first three",
    "more_recall": "recall@10 beyond co-occurrence, paired",
}


@click.group()
def main() -> None:
    """Measure recommendation."""


@main.command()
@click.argument("files", nargs=-1, required=True, type=_saved)
@click.option("--write", is_flag=True, help="Write the page of results.")
def quality(files: Sequence[Path], write: bool) -> None:  # noqa: FBT001
    """Put saved results on one page."""
    report = Report("recommendation-quality", "Recommendation on public purchases", machine())
    for file in files:
        found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
        name = found.get("set", file.stem)
        finished = time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime(file.stat().st_mtime))
        report.say("", f"## {name}", "", _sentence(found, finished))
        for title, rows in _tables(found):
            heads = [m for m in _MEASURES if m in rows[0]]
            report.say("", title)
            report.table(
                " | ".join(f"{_MEASURES[m]} (standard error)" for m in heads),
                {r["method"]: " | ".join(_cell(r[m]) for m in heads) for r in rows},
            )
        report.numbers[name] = {**found, "finished": finished}
    if write:
        report.write()


def _tables(found: dict[str, Any]) -> list[tuple[str, list[dict[str, Any]]]]:
    """Return what was saved as titles and rows; what a file does not hold is left out."""
    titles = {
        "methods": f"Every basket of weeks {found['weeks']}:" if "weeks" in found else "",
        "first_basket": "Only each household's first basket of these:",
        "bundles": "The other products of a basket, given one of them:",
    }
    return [(title, found[key]) for key, title in titles.items() if key in found]


def _sentence(found: dict[str, Any], finished: str) -> str:
    counts = f"{found['products']} products, {found['events']} events, {found['cases']} cases"
    told = f"{counts} of {found['shoppers_asked']} shoppers; finished {finished}."
    if "seconds" not in found:
        return told
    return (
        f"{told} A call of Recommend took {found['seconds']['p50']} s (p50), {found['seconds']['p90']} s (p90) with two "
        f"at once on a machine with other work on it."
    )


def _cell(mean: dict[str, float]) -> str:
    return f"{mean['mean']:.4f} ({mean['standard_error']:.4f})"


@main.command()
@click.option("--retrieval", "address", required=True, help="host:port of the retrieval service.")
@click.option("--catalog", default="catalogs/demo", show_default=True)
@click.option("--count", default=200, show_default=True)
@click.option("--write", is_flag=True, help="Write the page of results.")
def latency(address: str, catalog: str, count: int, write: bool) -> None:  # noqa: FBT001
    """Recommend, one at a time: the whole call, what Qdrant itself took, the rest."""
    report = Report("recommendation-latency", "Time of Recommend on the demo catalogue", machine())
    visitors = list(dict.fromkeys(e.visitor_id for e in load_catalogue().events()))
    with grpc.insecure_channel(address) as channel:
        stub = pb_grpc.RetrievalServiceStub(channel)
        for visitor in visitors[:_WARM_UP]:
            _call(stub, catalog, visitor)
        taken = [_call(stub, catalog, visitor) for visitor in visitors[_WARM_UP : _WARM_UP + count]]
    stages = dict.fromkeys(name for one in taken for name in one)
    values = {name: [one[name] for one in taken if name in one] for name in stages}
    report.table(f"{CELLS} (ms)", {name: distribution(v).cells() for name, v in values.items()})
    report.say(
        "`call`: as the caller sees it, 20 products with their basic view. `engine`: while Qdrant was at work, by its own "
        "account; `beyond engine` is the difference. The other rows are stages of the service; `neighbours`, `evidence` "
        "run beside `own`, `search`.",
    )
    report.numbers = {name: _plain(v) for name, v in values.items()}
    if write:
        report.write()


def _plain(values: Sequence[float]) -> dict[str, float]:
    found = distribution(values)
    return {"n": found.n, "p50": found.p50, "p95": found.p95, "mean": found.mean}


def _call(stub: pb_grpc.RetrievalServiceStub, catalog: str, visitor: str) -> dict[str, float]:
    """Return the milliseconds of one call and of its stages."""
    request = pb.RecommendRequest(catalog=catalog, shopper=query_pb2.Shopper(visitor_id=visitor))
    start = time.perf_counter()
    answer = stub.Recommend(request, timeout=_TIMEOUT)
    whole = (time.perf_counter() - start) * 1e3
    stages = {t.stage: t.duration.ToMicroseconds() / 1e3 for t in answer.timings}
    return {"call": whole, "beyond engine": whole - stages.get("engine", 0.0), **stages}


if __name__ == "__main__":
    main()
