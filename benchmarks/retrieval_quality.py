"""Quality of search on public judged queries, and speed of indexing, through the whole service.

    python benchmarks/retrieval_quality.py --triton 127.0.0.1:7481 [--sets esci150 zh_multicpr_mini icecat_chorus] [--write]

Starts a local Qdrant node and the service in this process; products are indexed through `UpsertProducts` and queries asked
through `Search`. The index is kept in `.shopguide/bench/retrieval`, so a second run only asks. nDCG@10 has gains
E/S/C/I = 1/0.1/0.01/0 (esci150), 0-3 (icecat_chorus), 0/1 (zh_multicpr_mini) and the ideal order of all judged products; a
pooled collection ranks only the judged products of a query (its `id` filter), the others the whole catalogue. R@100 is the
share of the products with any gain in the first 100 of the whole catalogue.
"""

import argparse
import asyncio
import json
import math
import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import grpc.aio
from plain_bm25 import PlainBm25
from retrieval_data import COLLECTIONS, Collection

from shopguide.retrieval.v1 import index_service_pb2 as index_pb
from shopguide.retrieval.v1 import index_service_pb2_grpc as index_grpc
from shopguide.retrieval.v1 import retrieval_service_pb2 as pb
from shopguide.retrieval.v1 import retrieval_service_pb2_grpc as pb_grpc
from shopguide.type.v1 import query_pb2
from shopguide_retrieval.bootstrap import build
from shopguide_retrieval.config import RetrievalSettings
from shopguide_retrieval.domain.negation import negated
from shopguide_runtime.channels import open_channel
from shopguide_runtime.testing import serve_in_process

ROOT = Path(__file__).resolve().parents[1]
HOME = Path(os.environ.get("SHOPGUIDE_HOME", ROOT / ".shopguide")) / "bench" / "retrieval"
RESULTS = ROOT / "benchmarks" / "results" / "retrieval-quality.md"
CHOICES = ROOT / "benchmarks" / "retrieval_choices.md"
"""What was chosen on these queries and by which measurements; closes the page."""
BATCH = 200
DEPTH = 100


@dataclass(frozen=True)
class Quality:
    """What was measured on one collection: per-query nDCG@10 and R@100, and search latencies in ms."""

    name: str
    ndcg: dict[str, float]
    recall: dict[str, float]
    milliseconds: list[float]
    products: int
    indexed: int
    indexing_seconds: float
    bm25: dict[str, float]
    """nDCG@10 of BM25 on the same queries."""

    def comparison(self) -> str:
        """Return a line of the table of paired differences from BM25."""
        rows = {"all": self.ndcg.keys(), "with an absence": {q for q in self.ndcg if negated(q).absent}}
        return "\n".join(self._compared(kind, sorted(queries)) for kind, queries in rows.items() if queries)

    def _compared(self, kind: str, queries: Sequence[str]) -> str:
        differences = [self.ndcg[q] - self.bm25[q] for q in queries]
        error = statistics.stdev(differences) / math.sqrt(len(differences)) if len(differences) > 1 else 0.0
        means = (statistics.fmean(scores[q] for q in queries) for scores in (self.bm25, self.ndcg))
        before, after = means
        mean = statistics.fmean(differences)
        return f"| {self.name} | {kind} | {len(queries)} | {before:.4f} | {after:.4f} | {mean:+.4f} | {error:.3f} |"

    def row(self) -> str:
        """Return a line of the table."""
        ms = sorted(self.milliseconds)
        rate = f"{self.indexed / self.indexing_seconds:.0f}" if self.indexed else "kept"
        error = statistics.stdev(self.ndcg.values()) / math.sqrt(len(self.ndcg))
        return (
            f"| {self.name} | {len(self.ndcg)} | {_mean(self.ndcg):.4f} | {error:.3f} | {_mean(self.recall):.3f} "
            f"| {ms[len(ms) // 2]:.1f} / {ms[int(len(ms) * 0.95)]:.1f} | {self.products} | {rate} |"
        )


def _mean(values: dict[str, float]) -> float:
    return statistics.fmean(values.values())


def ndcg(gains: Sequence[float], judged: Sequence[float], depth: int = 10) -> float:
    """Return nDCG at `depth` of a ranking's gains against the ideal order of all judged gains."""
    ideal = _dcg(sorted(judged, reverse=True)[:depth])
    return _dcg(gains[:depth]) / ideal if ideal else 0.0


def _dcg(gains: Sequence[float]) -> float:
    return sum(g / math.log2(rank + 2) for rank, g in enumerate(gains))


async def measure(read: Any, write: Any, collection: Collection, *, judged_only: bool) -> Quality:  # noqa: ANN401 - generated stubs
    """Index a collection (of a pooled one, on request, only what is judged), ask its queries, judge the answers."""
    part = collection.pooled and judged_only
    catalog = f"catalogs/{collection.name.replace('_', '-')}{'-judged' if part else ''}"
    wanted = {i for judged in collection.judgments().values() for i in judged} if part else None
    start = time.perf_counter()
    response = await write.UpsertProducts(_batches(catalog, collection, wanted), timeout=3600)
    seconds = time.perf_counter() - start
    _report_refused(collection, response)
    baseline = PlainBm25(collection.products())
    plain: dict[str, float] = {}
    scores: dict[str, float] = {}
    recalls: dict[str, float] = {}
    times: list[float] = []
    for query, judged in collection.judgments().items():
        if not any(judged.values()):
            continue
        only = judged if collection.pooled else ()
        plain[query] = ndcg([judged.get(i, 0.0) for i in baseline.search(query, only)], list(judged.values()))
        ids, milliseconds = await _ask(read, catalog, query, sorted(judged) if collection.pooled else [])
        scores[query] = ndcg([judged.get(i, 0.0) for i in ids], list(judged.values()))
        if collection.pooled and not part:
            ids, _ = await _ask(read, catalog, query, [])
        relevant = {i for i, gain in judged.items() if gain > 0}
        recalls[query] = len(relevant & set(ids[:DEPTH])) / len(relevant)
        times.append(milliseconds)
    fresh = response.upserted_count - response.unchanged_count
    return Quality(collection.name, scores, recalls, times, response.upserted_count, fresh, seconds, plain)


def _report_refused(collection: Collection, response: index_pb.UpsertProductsResponse) -> None:
    """Name the products that were refused; exits when one of them is judged, or when not all of them are named."""
    refused = [failure.id for failure in response.failures]
    judged = {i for one in collection.judgments().values() for i in one}
    if judged.intersection(refused) or len(refused) < response.failed_count:
        raise SystemExit(f"{collection.name}: {response.failed_count} refused, first {response.failures[0]}")
    if refused:
        print(f"{collection.name}: refused as malformed, none of them judged: {', '.join(refused)}")


async def _ask(read: Any, catalog: str, query: str, judged: Sequence[str]) -> tuple[list[str], float]:  # noqa: ANN401
    conditions = (
        [query_pb2.Condition(field="id", any_of=query_pb2.TextSet(values=judged[:100]))] if judged else []
    )
    request = pb.SearchRequest(
        catalog=catalog,
        query=query,
        page_size=DEPTH,
        view=query_pb2.PRODUCT_VIEW_ID,
        filter=query_pb2.Filter(conditions=conditions),
        spec=pb.SearchSpec(expand_groups=True),
    )
    start = time.perf_counter()
    response = await read.Search(request)
    milliseconds = (time.perf_counter() - start) * 1000
    if response.degradations:
        raise SystemExit(f"degraded: {response.degradations[0].fallback}")
    return [r.product_id for r in response.results], milliseconds


def _batches(
    catalog: str, collection: Collection, wanted: set[str] | None
) -> Iterator[index_pb.UpsertProductsRequest]:
    batch = index_pb.UpsertProductsRequest(catalog=catalog)
    for product in collection.products():
        if wanted is not None and product.id not in wanted:
            continue
        batch.products.append(product)
        if len(batch.products) == BATCH:
            yield batch
            batch = index_pb.UpsertProductsRequest(catalog=catalog)
    yield batch


@contextmanager
def qdrant_node() -> Iterator[int]:
    """Run a local node on a free port over the kept index; yields the port."""
    HOME.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "shopguide_devstack.qdrant", "--port", "0", "--data", str(HOME)]
    path = os.pathsep.join([str(ROOT / "devstack" / "src"), os.environ.get("PYTHONPATH", "")])
    node = subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": path}
    )
    try:
        assert node.stdout is not None  # noqa: S101 - a pipe was asked for
        line = node.stdout.readline()
        yield int(line.rpartition(":")[2])
    finally:
        node.terminate()
        node.wait(timeout=60)


async def run(triton: str, names: Sequence[str], *, judged_only: bool) -> list[Quality]:
    """Measure the named collections."""
    with qdrant_node() as port:
        settings = RetrievalSettings(
            port=0,
            qdrant_grpc_port=port,
            triton_address=triton,
            qdrant_hnsw_m=0,
            encode_query_timeout_seconds=30,
        )
        app = await build(settings)
        async with serve_in_process(app.add_servicers, settings=settings) as address:
            channel: grpc.aio.Channel = open_channel(address, service_config=False)
            async with channel:
                read, write = pb_grpc.RetrievalServiceStub(channel), index_grpc.IndexServiceStub(channel)
                measured = []
                for name in names:
                    measured.append(await measure(read, write, COLLECTIONS[name], judged_only=judged_only))
                    print(measured[-1].row(), flush=True)
        return measured


def report(measured: Sequence[Quality], command: str, *, judged_only: bool) -> str:
    """Return the page of results."""
    lines = [
        "# Quality of search on public judged queries",
        "",
        f"Command: `{command}`  ",
        (
            f"Date: {time.strftime('%Y-%m-%d')}; {platform.machine()}, {os.cpu_count()} cores shared with other work, "
            f"Python {platform.python_version()}; encoder multilingual-e5-small on Triton, CPU; local Qdrant node."
        ),
        "",
        "| collection | queries | nDCG@10 | s.e. | R@100 | search ms p50 / p95 | products | indexed/s |",
        "|---|---|---|---|---|---|---|---|",
        *(m.row() for m in measured),
        "",
        "## Against BM25 on the same queries, paired",
        "",
        "BM25 (k1 1.2, b .75) over weighted fields, the same tokenizer, no service (`benchmarks/plain_bm25.py`).",
        "",
        "| collection | queries | n | BM25 | the service | difference | s.e. |",
        "|---|---|---|---|---|---|---|",
        *(m.comparison() for m in measured),
        "",
        "esci150 and zh_multicpr_mini rank the whole catalogue; icecat_chorus ranks the judged products of each query"
        + (" and only those were indexed, so that its R@100 says nothing." if judged_only else "."),
    ]
    return "\n".join(lines) + "\n\n" + CHOICES.read_text(encoding="utf-8")


def main() -> None:
    """Measure and print, or write the page of results."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--triton", default="127.0.0.1:7481", help="gRPC address of Triton (default: %(default)s)"
    )
    parser.add_argument("--sets", nargs="+", choices=sorted(COLLECTIONS), default=sorted(COLLECTIONS))
    parser.add_argument(
        "--judged-only", action="store_true", help="of pooled sets, index only judged products"
    )
    parser.add_argument("--write", action="store_true", help=f"write {RESULTS.relative_to(ROOT)}")
    parser.add_argument("--json", type=Path, help="file for the nDCG@10 of every query")
    arguments = parser.parse_args()
    measured = asyncio.run(run(arguments.triton, arguments.sets, judged_only=arguments.judged_only))
    if arguments.json:
        arguments.json.write_text(json.dumps({m.name: {"service": m.ndcg, "bm25": m.bm25} for m in measured}))
    if arguments.write:
        command = f"python benchmarks/retrieval_quality.py{' --judged-only' if arguments.judged_only else ''} --write"
        RESULTS.write_text(report(measured, command, judged_only=arguments.judged_only), encoding="utf-8")


if __name__ == "__main__":
    main()
