"""Train the ranker, judge it, write the model: python -m shopguide_training.ranker --help."""

import argparse
import asyncio
import json
from pathlib import Path

from shopguide_retrieval.config import RetrievalSettings
from shopguide_retrieval.domain.ranker import write_model
from shopguide_training.ranker.clicked import clicked_lists, read_impressions
from shopguide_training.ranker.crossing import cross, fold_models, folds
from shopguide_training.ranker.fitting import FitPlan, fit
from shopguide_training.ranker.gathering import QUERY_SECONDS, gather
from shopguide_training.ranker.judged import SETS
from shopguide_training.ranker.lists import RankedList
from shopguide_training.ranker.report import write_report

OUTPUT = Path("services/retrieval/src/shopguide_retrieval/data/ranker.json")
REPORT = Path("benchmarks/results/ranking.md")


def main() -> None:
    """Parse the command line and train."""
    arguments = _parser().parse_args()
    settings = RetrievalSettings(
        port=0,
        qdrant_host=arguments.qdrant_host,
        qdrant_grpc_port=arguments.qdrant_port,
        triton_address=arguments.triton,
        encode_query_timeout_seconds=QUERY_SECONDS,
    )
    lists = asyncio.run(gather(settings, SETS, arguments.data, arguments.cache))
    allowed = {one.name for one in SETS if one.trained_on}
    plan = FitPlan()

    def trained_on(one: RankedList) -> bool:
        return one.source in allowed

    if arguments.report:
        write_report(arguments.report, cross(lists, trained_on, plan), plan)
    if arguments.folds:
        _write_folds(arguments.folds, lists, plan, allowed)
    known = [one for one in lists if trained_on(one)]
    if arguments.clicks:
        known += clicked_lists(lists, list(read_impressions(arguments.clicks)))
    arguments.output.parent.mkdir(parents=True, exist_ok=True)
    arguments.output.write_text(write_model(fit(known, plan)), encoding="utf-8")
    print(f"{arguments.output}: {arguments.output.stat().st_size / 1024:.0f} kB, {len(known)} lists")


def _write_folds(folder: Path, lists: list[RankedList], plan: FitPlan, allowed: set[str]) -> None:
    """Write `fold-<n>.json` and `folds.json`: which fold each query is in."""
    folder.mkdir(parents=True, exist_ok=True)
    for fold, model in fold_models(lists, lambda one: one.source in allowed, plan):
        (folder / f"fold-{fold}.json").write_text(write_model(model), encoding="utf-8")
    by_set: dict[str, dict[str, int]] = {}
    for (source, query), fold in folds(lists, 0).items():
        by_set.setdefault(source, {})[query] = fold
    (folder / "folds.json").write_text(json.dumps(by_set, ensure_ascii=False, indent=1), encoding="utf-8")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        description="Train the ranker on the public judgments, whose products are indexed already."
    )
    parser.add_argument("--qdrant-host", default="127.0.0.1")
    parser.add_argument("--qdrant-port", type=int, default=7434, help="gRPC port (default: %(default)s)")
    parser.add_argument("--triton", default="127.0.0.1:7481", help="gRPC address that serves text_encoder")
    parser.add_argument("--data", type=Path, default=Path("../shared/data"), help="folder of the public sets")
    parser.add_argument("--cache", type=Path, default=Path(".shopguide/cache/ranker"))
    parser.add_argument("--clicks", type=Path, help="JSON lines with query, product_id, rank, clicked")
    parser.add_argument("--output", type=Path, default=OUTPUT)
    parser.add_argument("--report", type=Path, default=REPORT)
    parser.add_argument("--folds", type=Path, help="folder for the models of the 5 folds")
    return parser


if __name__ == "__main__":
    main()
