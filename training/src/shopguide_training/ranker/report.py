"""The page of results of the ranker."""

import os
import platform
import shlex
import sys
import time
from pathlib import Path
from statistics import fmean

from shopguide_training.ranker.crossing import FOLDS, Crossed, Scores
from shopguide_training.ranker.fitting import FitPlan
from shopguide_training.ranker.lists import paired

_COLUMNS = (
    "set",
    "queries",
    "BM25 side",
    "untrained",
    "learned, unseen queries",
    "− untrained",
    "− BM25 side",
    "learned, unseen catalogue",
    "− untrained",
)


def write_report(path: Path, crossed: Crossed, plan: FitPlan) -> None:
    """Write the comparison as Markdown, and print it."""
    sources = sorted({source for source, _ in crossed.untrained})
    lines = [
        "# The learned ranker on unseen queries and unseen catalogues",
        "",
        f"Command: `{shlex.join(['python', '-m', 'shopguide_training.ranker', *sys.argv[1:]])}`",
        "",
        (
            f"{time.strftime('%Y-%m-%d', time.gmtime())}; {platform.machine()}, {os.cpu_count()} cores shared with other "
            f"work, Python {platform.python_version()}; candidates and features by the service's own code."
        ),
        "",
        "nDCG@10 of the development queries; differences are paired, with their standard error.",
        "",
        f"| {' | '.join(_COLUMNS)} |",
        "|---" * len(_COLUMNS) + "|",
        *(_row(source, crossed) for source in sources),
        "",
        (
            f"*Unseen queries*: {FOLDS}-fold by query, the mean over three ways to fold. *Unseen catalogue*: fitted to the "
            "other sets only. zh_multicpr_mini may be used for evaluation only and is never fitted to. *BM25 side*: the "
            "sparse score as the service computes it, rewritten queries included."
        ),
        "",
        (
            f"Model: {plan.trees} trees of at most {plan.leaves} leaves over {len(plan.features)} features; {plan.blend} of "
            "the correction that was fitted on top of the untrained score is applied."
        ),
    ]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print("\n".join(lines))


def _row(source: str, crossed: Crossed) -> str:
    sparse, untrained, queries, catalogues = (
        _of(source, run)
        for run in (crossed.sparse, crossed.untrained, crossed.unseen_queries, crossed.unseen_catalogues)
    )
    cells = [
        source,
        str(len(untrained)),
        f"{fmean(sparse.values()):.4f}",
        f"{fmean(untrained.values()):.4f}",
        f"{fmean(queries.values()):.4f}",
        paired(untrained, queries).text(),
        paired(sparse, queries).text(),
        f"{fmean(catalogues.values()):.4f}",
        paired(untrained, catalogues).text(),
    ]
    return f"| {' | '.join(cells)} |"


def _of(source: str, run: Scores) -> dict[str, float]:
    return {query: score for (name, query), score in run.items() if name == source}
