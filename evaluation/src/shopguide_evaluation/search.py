"""Scores search through the gateway against judgments."""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from shopguide.type.v1 import query_pb2
from shopguide_client import AsyncClient
from shopguide_evaluation.judgments import JudgedQuery
from shopguide_evaluation.ranking import ndcg, recall, reciprocal_rank
from shopguide_evaluation.statistics import Mean, compare, mean

Mode = Literal["full", "pool"]
_DEPTH = 100
_POOL_LIMIT = 100
_AT_ONCE = 4
_SHOPPER = query_pb2.Shopper(visitor_id="evaluation")


@dataclass(frozen=True)
class QueryScore:
    """The measures of one query; None where nothing judged has a gain."""

    query_id: str
    """Id of the query."""
    query: str
    """Its text."""
    ndcg: float | None
    """nDCG@k."""
    recall_100: float | None
    """R@100."""
    reciprocal_rank: float
    """1 / rank of the first relevant product."""
    found: int
    """Products returned."""
    degraded: bool
    """Whether a part of the answer was made in a lesser way."""


async def score(
    client: AsyncClient, catalog: str, queries: Sequence[JudgedQuery], mode: Mode, k: int
) -> list[QueryScore]:
    """Return the scores of all queries. `pool` ranks only the judged products, `full` the whole catalogue."""
    permits = asyncio.Semaphore(_AT_ONCE)

    async def one(query: JudgedQuery) -> QueryScore:
        async with permits:
            return await _score_query(client, catalog, query, mode, k)

    return await asyncio.gather(*(one(query) for query in queries))


async def _score_query(
    client: AsyncClient, catalog: str, query: JudgedQuery, mode: Mode, k: int
) -> QueryScore:
    page = await client.search(
        catalog,
        query.text,
        _SHOPPER,
        conditions=_pool(query) if mode == "pool" else (),
        page_size=_DEPTH,
        view=query_pb2.PRODUCT_VIEW_ID,
        timeout=60.0,
    )
    ranking = [result.product_id for result in page.results]
    return QueryScore(
        query.id,
        query.text,
        ndcg(ranking, query.gains, k),
        recall(ranking, query.gains, _DEPTH),
        reciprocal_rank(ranking, query.gains),
        len(ranking),
        bool(page.degradations),
    )


def _pool(query: JudgedQuery) -> list[query_pb2.Condition]:
    if len(query.gains) > _POOL_LIMIT:
        raise ValueError(
            f"query {query.id}: {len(query.gains)} judged products; a pool holds at most {_POOL_LIMIT}"
        )
    return [query_pb2.Condition(field="id", any_of=query_pb2.TextSet(values=sorted(query.gains)))]


def summarize(scores: Sequence[QueryScore], k: int) -> dict[str, Any]:
    """Return the means over the queries that can be scored."""
    measures: dict[str, list[float]] = {
        f"ndcg@{k}": [s.ndcg for s in scores if s.ndcg is not None],
        "recall@100": [s.recall_100 for s in scores if s.recall_100 is not None],
        "mrr": [s.reciprocal_rank for s in scores if s.ndcg is not None],
    }
    return {
        **{name: asdict(mean(values)) for name, values in measures.items() if values},
        "queries": len(scores),
        "empty": sum(s.found == 0 for s in scores),
        "degraded": sum(s.degraded for s in scores),
    }


def save(path: Path, settings: dict[str, Any], scores: Sequence[QueryScore], k: int) -> None:
    """Write settings, means and every query's scores as JSON."""
    data = {"settings": settings, "means": summarize(scores, k), "scores": [asdict(s) for s in scores]}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(data, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def load_ndcg(path: Path) -> dict[str, float]:
    """Return the nDCG of each query of a saved run."""
    data = json.loads(path.read_text(encoding="utf-8"))
    return {s["query_id"]: s["ndcg"] for s in data["scores"] if s["ndcg"] is not None}


def comparison_text(first: Path, second: Path) -> str:
    """Return the paired comparison of two saved runs in a line."""
    found = compare(load_ndcg(first), load_ndcg(second))
    return (
        f"{second.name} − {first.name}: {found.difference.mean:+.4f} (se {found.difference.standard_error:.4f}, "
        f"n {found.difference.n}, p {found.p_value:.4f}; better {found.better}, worse {found.worse})"
    )


def mean_text(name: str, value: dict[str, Any]) -> str:
    """Return a mean in a line."""
    found = Mean(**value)
    return f"{name:12} {found.mean:.4f}  (se {found.standard_error:.4f}, n {found.n})"
