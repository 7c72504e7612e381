"""Search across languages: Chinese queries for English products and the reverse, over the demo catalogue.

60 pairs of a query and its translation, with graded products in both languages. What a query finds among the products
of the other language is held against what its translation finds there.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Literal

from shopguide.retrieval.v1 import retrieval_service_pb2 as pb
from shopguide.type.v1 import query_pb2
from shopguide_evaluation.ranking import ndcg
from shopguide_evaluation.statistics import mean

if TYPE_CHECKING:
    from shopguide_evaluation.connection import Retrieval

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = ("zh", "en")
DEPTH = 10
_TIMEOUT = 60.0


@dataclass(frozen=True)
class Pair:
    """A query in both languages and the grades, 1 to 3, of products in each."""

    id: str
    text: Mapping[Language, str]
    grades: Mapping[Language, Mapping[str, float]]


def read_pairs() -> list[Pair]:
    """Return the pairs that ship."""
    return [
        Pair(r["id"], {k: r[k] for k in LANGUAGES}, r["grades"]) for r in read_data("cross_language.jsonl")
    ]


def read_data(name: str) -> Iterator[dict[str, Any]]:
    """Yield the rows of a file that ships."""
    text = files("shopguide_evaluation").joinpath(f"data/{name}").read_text(encoding="utf-8")
    yield from map(json.loads, text.splitlines())


async def ask(stub: "Retrieval", catalog: str, text: str, language: Language) -> pb.SearchResponse:
    """Search among the products of one language; raises RuntimeError when a part of the search was left out."""
    limit = query_pb2.Condition(field="language", any_of=query_pb2.TextSet(values=[language]))
    request = pb.SearchRequest(
        catalog=catalog,
        query=text,
        page_size=DEPTH,
        view=query_pb2.PRODUCT_VIEW_ID,
        filter=query_pb2.Filter(conditions=[limit]),
        spec=pb.SearchSpec(expand_groups=True),
    )
    response: pb.SearchResponse = await stub.Search(request, timeout=_TIMEOUT)
    if response.degradations:
        raise RuntimeError(f"degraded: {response.degradations[0].fallback}")
    return response


async def score_text(
    stub: "Retrieval", catalog: str, text: str, language: Language, grades: Mapping[str, float]
) -> float:
    """Return nDCG@10 of a query among the products of a language."""
    response = await ask(stub, catalog, text, language)
    return ndcg([r.product_id for r in response.results], grades, DEPTH) or 0.0


async def run(stub: "Retrieval", catalog: str, pairs: Sequence[Pair]) -> dict[str, Any]:
    """Return nDCG@10 by the language of the query and of the products, and the ratio of cross to same language."""
    scores: dict[tuple[Language, Language], list[float]] = {(q, p): [] for q in LANGUAGES for p in LANGUAGES}
    for pair in pairs:
        for (query, products), found in scores.items():
            score = await score_text(stub, catalog, pair.text[query], products, pair.grades[products])
            found.append(score)
    means = {key: mean(values) for key, values in scores.items()}
    return {
        "pairs": len(pairs),
        "ndcg@10": {f"{q} query, {p} products": round(m.mean, 4) for (q, p), m in means.items()},
        "standard_error": {
            f"{q} query, {p} products": round(m.standard_error, 4) for (q, p), m in means.items()
        },
        "ratio": {
            "zh query, en products": round(means["zh", "en"].mean / means["en", "en"].mean, 4),
            "en query, zh products": round(means["en", "zh"].mean / means["zh", "zh"].mean, 4),
        },
        "scores": {
            pair.id: {f"{q}>{p}": round(values[i], 4) for (q, p), values in scores.items()}
            for i, pair in enumerate(pairs)
        },
    }
