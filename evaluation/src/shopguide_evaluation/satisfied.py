"""Our search against two usual ways to treat limits, on the same vectors of the same catalogue.

- `window`: the four products nearest to the query's vector (cosine at least .5), then those of them within the price, then
  those whose kind contains the wanted one as a substring.
- `dense`: the products nearest to the query's vector; limits are not looked at.
- `ours`: the retrieval service's Search with the limits as hard constraints.

The first two are written here from the description of two public shopping assistants' retrieval. They ask Qdrant for the
catalogue's own vectors with the query embedded by the same encoder, so only the treatment of limits (and our sparse side
and ranking) differs.
"""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from qdrant_client import AsyncQdrantClient

from shopguide.retrieval.v1 import retrieval_service_pb2 as pb
from shopguide.type.v1 import query_pb2
from shopguide_evaluation.judgments import JudgedQuery
from shopguide_evaluation.products import Mask, Products, normal, price_of
from shopguide_evaluation.ranking import ndcg
from shopguide_runtime.triton import TextEncoder

if TYPE_CHECKING:
    from shopguide_evaluation.connection import Retrieval

WINDOW = 4
THRESHOLD = 0.5
SHOWN = 10
METHODS = ("ours", "window", "dense")
_TIMEOUT = 60.0
_FEWEST_RELEVANT = 3
_KIND = "attributes.product_type"
_Ranking = Sequence[str]
_Vector = np.ndarray[Any, np.dtype[np.float32]]


@dataclass(frozen=True)
class LimitedQuery:
    """Words, the price and maybe the kind that products must have, and what is relevant where that was judged."""

    text: str
    price: query_pb2.Condition
    kind: str = ""
    gains: Mapping[str, float] = field(default_factory=dict)

    @property
    def conditions(self) -> list[query_pb2.Condition]:
        """The limits as the service takes them."""
        wanted = query_pb2.Condition(field=_KIND, any_of=query_pb2.TextSet(values=[self.kind]))
        return [self.price, *([wanted] if self.kind else [])]


def judged_queries(products: Products, judged: Sequence[JudgedQuery]) -> Iterator[LimitedQuery]:
    """Yield each judged query under, over and between prices that a part of its relevant products have."""
    for query in judged:
        found = (products.position.get(i) for i, gain in query.gains.items() if gain > 0)
        relevant = [products.all[i] for i in found if i is not None]
        prices = sorted(price_of(p) for p in relevant if p.HasField("price"))
        if len(prices) < _FEWEST_RELEVANT:
            continue
        low, high = (prices[int(share * (len(prices) - 1))] for share in (0.35, 0.65))
        for bounds in ({"maximum": low}, {"minimum": high}, {"minimum": low, "maximum": high}):
            yield LimitedQuery(query.text, _price(**bounds), "", query.gains)


def generated_queries(products: Products, count: int, seed: int) -> Iterator[LimitedQuery]:
    """Yield kinds of products with a price that at least one of the kind has."""
    rng = random.Random(seed)
    usable = [p for p in products.all if "product_type" in p.attributes and p.HasField("price")]
    for one in rng.sample(usable, min(count, len(usable))):
        kind, price = one.attributes["product_type"].texts[0], price_of(one)
        low, high = round(price * rng.uniform(0.6, 0.95), 2), round(price * rng.uniform(1.05, 1.5), 2)
        bounds = rng.choice(({"maximum": high}, {"minimum": low}, {"minimum": low, "maximum": high}))
        words = f"{one.brand} {kind}" if rng.random() < 0.3 else kind  # noqa: PLR2004 - three of ten
        yield LimitedQuery(words, _price(**bounds), kind)


def _price(**bounds: float) -> query_pb2.Condition:
    return query_pb2.Condition(field="price", range=query_pb2.NumberRange(**bounds))


class Methods:
    """The three ways to answer a query with limits."""

    def __init__(
        self,
        retrieval: "Retrieval",
        qdrant: AsyncQdrantClient,
        encoder: TextEncoder,
        catalog: str,
        products: Products,
    ) -> None:
        """Take the service, its index and encoder, and the catalogue as it was imported."""
        self._retrieval = retrieval
        self._qdrant = qdrant
        self._encoder = encoder
        self._catalog = catalog
        self._products = products

    async def answers(self, query: LimitedQuery) -> dict[str, _Ranking]:
        """Return the ids that each method shows, best first."""
        vector = (await self._encoder.embed([query.text], "query", _TIMEOUT))[0]
        near = await self._nearest(vector)
        window = [i for i, score in near[:WINDOW] if score >= THRESHOLD]
        return {
            "ours": await self._ours(query, vector),
            "window": [i for i in window if self._in_price(query, i) and self._in_kind(query, i)],
            "dense": [i for i, _ in near],
        }

    async def _ours(self, query: LimitedQuery, vector: _Vector) -> _Ranking:
        fingerprint = await self._encoder.fingerprint(_TIMEOUT)
        hard = query_pb2.Constraint.STRENGTH_HARD
        response = await self._retrieval.Search(
            pb.SearchRequest(
                catalog=self._catalog,
                query=query.text,
                query_vector=query_pb2.QueryVector(values=vector.tolist(), encoder_fingerprint=fingerprint),
                constraints=[
                    query_pb2.Constraint(condition=c, strength=hard, confidence=0.9) for c in query.conditions
                ],
                view=query_pb2.PRODUCT_VIEW_ID,
                page_size=SHOWN,
            ),
            timeout=_TIMEOUT,
        )
        return [r.product_id for r in response.results]

    async def _nearest(self, vector: _Vector) -> list[tuple[str, float]]:
        found = await self._qdrant.query_points(
            f"{self._catalog.removeprefix('catalogs/')}_products",
            query=vector.tolist(),
            using="text",
            limit=SHOWN,
            with_payload=["id"],
        )
        return [(str((p.payload or {})["id"]), p.score) for p in found.points]

    def _in_price(self, query: LimitedQuery, identifier: str) -> bool:
        return bool(self._products.passing(query.price)[self._products.position[identifier]])

    def _in_kind(self, query: LimitedQuery, identifier: str) -> bool:
        texts = self._products.all[self._products.position[identifier]].attributes["product_type"].texts
        return not query.kind or any(normal(query.kind) in normal(t) for t in texts)


@dataclass
class Score:
    """What a method did over many queries."""

    violated: int = 0
    empty: int = 0
    satisfied: float = 0.0
    relevant: list[float] = field(default_factory=list)
    ndcg: list[float] = field(default_factory=list)

    def add(self, products: Products, query: LimitedQuery, shown: _Ranking, satisfying: Mask) -> None:
        """Hold what was shown against the limits and, where judged, against what is relevant within them."""
        within = [bool(satisfying[products.position[i]]) for i in shown[:WINDOW]]
        self.violated += not all(within)
        self.empty += not shown
        self.satisfied += sum(within) / WINDOW
        if query.gains:
            gains = {
                i: g
                for i, g in query.gains.items()
                if i in products.position and satisfying[products.position[i]]
            }
            self.relevant.append(sum(gains.get(i, 0.0) > 0 for i in shown[:WINDOW]) / WINDOW)
            self.ndcg.append(ndcg(shown, gains, SHOWN) or 0.0)

    def summary(self, queries: int) -> dict[str, float]:
        """Return the shares and means."""
        found = {
            "queries_with_a_violation": self.violated / queries,
            "empty_though_satisfiable": self.empty / queries,
            "satisfied_precision_at_4": self.satisfied / queries,
        }
        if self.ndcg:
            found["relevant_and_satisfied_at_4"] = float(np.mean(self.relevant))
            found["ndcg_at_10_within_limits"] = float(np.mean(self.ndcg))
        return {name: round(value, 4) for name, value in found.items()}


async def compare(methods: Methods, products: Products, queries: Sequence[LimitedQuery]) -> dict[str, Any]:
    """Return what each method did; queries that no product satisfies are left out."""
    scores = {name: Score() for name in METHODS}
    count = 0
    for query in queries:
        satisfying = products.passing_all(query.conditions)
        if not satisfying.any():
            continue
        count += 1
        for name, shown in (await methods.answers(query)).items():
            scores[name].add(products, query, shown, satisfying)
    return {"queries": count, **{name: score.summary(count) for name, score in scores.items()}}
