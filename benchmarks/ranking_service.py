"""The ranker through the service's `Search`: untrained, shipped, and five-fold models by query.

    python benchmarks/ranking_service.py --qdrant-port 7434 [--runs untrained shipped folds]

The development sets must be indexed at that Qdrant (as `benchmarks/retrieval_quality.py --judged-only` does), the fold
models come from `python -m shopguide_training.ranker --folds`. Services run in this process, one for each model; each query
of run `folds` is asked of the service whose model has not seen it. The number of run `shipped` is optimistic: that model
was fitted to these very queries (but for the Chinese set).
"""

import argparse
import asyncio
import json
import time
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from measuring import Report, distribution, machine
from retrieval_data import COLLECTIONS, DATA
from retrieval_quality import ndcg

from shopguide.retrieval.v1 import retrieval_service_pb2 as pb
from shopguide.retrieval.v1 import retrieval_service_pb2_grpc as pb_grpc
from shopguide.type.v1 import query_pb2
from shopguide_retrieval.bootstrap import SERVICES, connect_encoder, make_servicers
from shopguide_retrieval.bootstrap_qdrant import connect
from shopguide_retrieval.config import RetrievalSettings
from shopguide_runtime.channels import open_channel
from shopguide_runtime.testing import serve_in_process
from shopguide_training.ranker.gathering import QUERY_SECONDS, RememberingEncoder
from shopguide_training.ranker.judged import SETS, JudgedSet
from shopguide_training.ranker.lists import paired

FOLDS = 5
Answers = dict[str, dict[str, tuple[float, float]]]
"""nDCG@10 and the milliseconds of ranking, by set and query."""


async def ask(arguments: argparse.Namespace, ranker: str, wanted: Mapping[str, set[str]]) -> Answers:
    """Serve with one ranker and ask the wanted queries of each set."""
    settings = RetrievalSettings(
        port=0,
        qdrant_grpc_port=arguments.qdrant_port,
        triton_address=arguments.triton,
        encode_query_timeout_seconds=QUERY_SECONDS,
        ranker=ranker,
    )
    qdrant, encoder = connect(settings), connect_encoder(settings)
    read, _ = make_servicers(settings, qdrant, RememberingEncoder(encoder, arguments.cache))
    servicer = partial(pb_grpc.add_RetrievalServiceServicer_to_server, read)
    found: Answers = {}
    try:
        async with (
            serve_in_process([servicer], service_names=SERVICES, settings=settings) as address,
            open_channel(address, service_config=False) as channel,
        ):
            stub = pb_grpc.RetrievalServiceStub(channel)
            for one in SETS:
                judgments = one.judgments(DATA)
                found[one.name] = {
                    q: await search(stub, one, q, judgments[q]) for q in sorted(wanted[one.name])
                }
    finally:
        await encoder.close()
        await qdrant.close()
    return found


async def search(stub: Any, one: JudgedSet, query: str, gains: Mapping[str, float]) -> tuple[float, float]:  # noqa: ANN401 - generated stub
    """Return nDCG@10 of one answer and how long its ranking took."""
    conditions = [query_pb2.Condition(field="id", any_of=query_pb2.TextSet(values=sorted(gains)))]
    response = await stub.Search(
        pb.SearchRequest(
            catalog=f"catalogs/{one.catalog}",
            query=query,
            page_size=100,
            view=query_pb2.PRODUCT_VIEW_ID,
            filter=query_pb2.Filter(conditions=conditions if one.pooled else []),
            spec=pb.SearchSpec(expand_groups=True),
        )
    )
    if response.degradations:
        raise SystemExit(f"degraded: {response.degradations[0].fallback}")
    ranked = [gains.get(r.product_id, 0.0) for r in response.results]
    spent = {t.stage: t.duration.ToTimedelta().total_seconds() * 1000 for t in response.timings}
    return ndcg(ranked, list(gains.values())), spent.get("rank", 0.0)


async def folded(arguments: argparse.Namespace) -> Answers:
    """Ask each query of the service whose model was fitted without its fold."""
    fold_of = json.loads((arguments.folds / "folds.json").read_text(encoding="utf-8"))
    found: Answers = {one.name: {} for one in SETS}
    for fold in range(FOLDS):
        wanted = {name: {q for q, f in queries.items() if f == fold} for name, queries in fold_of.items()}
        for name, answers in (
            await ask(arguments, str(arguments.folds / f"fold-{fold}.json"), wanted)
        ).items():
            found[name] |= answers
    return found


async def run(arguments: argparse.Namespace) -> dict[str, Answers]:
    """Return the answers of each run."""
    everything = {one.name: set(one.judgments(DATA)) for one in SETS}
    return {
        name: await (folded(arguments) if name == "folds" else ask(arguments, name, everything))
        for name in arguments.runs
    }


def write(runs: dict[str, Answers], report: Report) -> None:
    """Write the table and the queries' numbers."""
    first = next(iter(runs))
    for name in COLLECTIONS:
        rows = {}
        for run_name, answers in runs.items():
            scores = {q: score for q, (score, _) in answers[name].items()}
            base = {q: score for q, (score, _) in runs[first][name].items()}
            ms = distribution([spent for _, spent in answers[name].values()])
            mean = float(np.mean(list(scores.values())))
            rows[run_name] = f"{mean:.4f} | {paired(base, scores).text()} | {ms.p50:.1f} / {ms.p95:.1f}"
        report.say("", f"## {name}, {len(runs[first][name])} queries")
        report.table(f"nDCG@10 | − {first} | ranking, ms p50 / p95", rows)
    report.say(
        "`folds`: five-fold by query, what to expect of unseen queries of these catalogues. `shipped` was fitted to the "
        "English queries and is optimistic there; no model was fitted to the Chinese ones. Times are of a machine at work "
        "for others."
    )
    report.numbers["runs"] = {
        run_name: {name: {q: score for q, (score, _) in found.items()} for name, found in answers.items()}
        for run_name, answers in runs.items()
    }


def main() -> None:
    """Measure and write the page of results."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--qdrant-port", type=int, default=7434)
    parser.add_argument("--triton", default="127.0.0.1:7481")
    parser.add_argument("--cache", type=Path, default=Path(".shopguide/cache/ranker"))
    parser.add_argument("--folds", type=Path, default=Path(".shopguide/cache/ranker/folds"))
    parser.add_argument("--runs", nargs="+", default=["untrained", "shipped", "folds"])
    arguments = parser.parse_args()
    report = Report("ranking-service", "The ranker through the service", machine())
    started = time.perf_counter()
    write(asyncio.run(run(arguments)), report)
    report.say("", f"{time.perf_counter() - started:.0f} s in all.")
    report.write()


if __name__ == "__main__":
    main()
