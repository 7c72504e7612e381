"""Seeded random points, filters and queries of every kind the local Qdrant node answers."""

import random
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from qdrant_client import models as m

DIMENSION = 16
POINTS = 400
VOCABULARY = 200
WORDS = ("red", "blue", "shoe", "shoes", "run", "trail", "gtx", "pro", "红色", "跑步鞋", "耳机", "降噪")
BRANDS = ("nike", "adidas", "puma", "小米", "华为")
DENSE, SPARSE = "text", "bm25"
Condition = m.FieldCondition

INDEXES: dict[str, Any] = {
    "brand": m.PayloadSchemaType.KEYWORD,
    "tags": m.KeywordIndexParams(type=m.KeywordIndexType.KEYWORD),
    "price": m.PayloadSchemaType.FLOAT,
    "stock": m.IntegerIndexParams(type=m.IntegerIndexType.INTEGER, lookup=True, range=True),
    "sale": m.PayloadSchemaType.BOOL,
    "created": m.PayloadSchemaType.DATETIME,
    "place": m.PayloadSchemaType.GEO,
    "sku": m.PayloadSchemaType.UUID,
    "title": m.TextIndexParams(
        type=m.TextIndexType.TEXT, tokenizer=m.TokenizerType.WORD, phrase_matching=True, scoring=True
    ),
    "attributes.color": m.PayloadSchemaType.KEYWORD,
}


class Requests:
    """Random points and requests; equal seeds give equal ones."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def points(self) -> list[m.PointStruct]:
        """Return the points of a collection; a fifth lack optional payload, a tenth lack the sparse vector."""
        return [self._point(number) for number in range(1, POINTS + 1)]

    def dense(self) -> list[float]:
        """Return a dense vector of single-precision components."""
        return [self._random.gauss(0, 1) for _ in range(DIMENSION)]

    def sparse(self, terms: int) -> m.SparseVector:
        """Return a sparse vector; low indices are frequent, as words are."""
        indices = sorted({int(VOCABULARY * self._random.random() ** 3) for _ in range(terms)})
        return m.SparseVector(indices=indices, values=[self._random.uniform(0.5, 2.0) for _ in indices])

    def _point(self, number: int) -> m.PointStruct:
        chosen = self._random
        payload: dict[str, Any] = {
            "brand": chosen.choice(BRANDS),
            "price": round(chosen.uniform(1, 500), 2),
            "stock": chosen.randint(0, 9),
            "sale": chosen.random() < 0.5,
            "title": " ".join(chosen.choices(WORDS, k=5)),
            "created": f"2026-{chosen.randint(1, 12):02d}-{chosen.randint(1, 28):02d}T00:00:00Z",
            "place": {"lon": round(chosen.uniform(13, 14), 6), "lat": 52.5},
            "sku": f"00000000-0000-4000-8000-{number:012d}",
            "offers": [{"shop": chosen.choice("xyz"), "days": chosen.randint(1, 9)} for _ in range(2)],
        }
        if chosen.random() < 0.8:
            payload["tags"] = chosen.sample(["a", "b", "c", "d"], chosen.randint(0, 3))
            payload["attributes"] = {"color": chosen.choice(["红", "蓝", "black"])}
        vectors: dict[str, Any] = {DENSE: self.dense()}
        if chosen.random() < 0.9:
            vectors[SPARSE] = self.sparse(12)
        return m.PointStruct(id=number, vector=vectors, payload=payload)

    def filter(self) -> m.Filter | None:
        """Return no filter in one case of four, else one of up to six conditions, some nested."""
        if self._random.random() < 0.25:
            return None
        chosen = self._random
        return m.Filter(
            must=[self.condition() for _ in range(chosen.randint(0, 2))] or None,
            should=[self.condition() for _ in range(chosen.randint(0, 2))] or None,
            must_not=[self.condition()] if chosen.random() < 0.3 else None,
            min_should=self._min_should() if chosen.random() < 0.1 else None,
        )

    def _min_should(self) -> m.MinShould:
        return m.MinShould(
            conditions=[self.condition() for _ in range(3)], min_count=self._random.randint(1, 2)
        )

    def condition(self, depth: int = 0) -> Any:
        """Return a condition of a random kind."""
        chosen = self._random
        if depth < 2 and chosen.random() < 0.1:
            inner = [self.condition(depth + 1) for _ in range(2)]
            return m.Filter(should=inner, must_not=[self.condition(depth + 1)])
        kinds: list[Callable[[], Any]] = [
            lambda: Condition(key="brand", match=m.MatchValue(value=chosen.choice(BRANDS))),
            lambda: Condition(key="brand", match=m.MatchAny(any=chosen.sample(BRANDS, 2))),
            lambda: Condition(key="brand", match=m.MatchExcept(**{"except": chosen.sample(BRANDS, 2)})),
            lambda: Condition(key="stock", match=m.MatchExcept(**{"except": [1, 2, 3]})),
            lambda: Condition(key="stock", match=m.MatchValue(value=chosen.randint(0, 9))),
            lambda: Condition(key="sale", match=m.MatchValue(value=chosen.random() < 0.5)),
            lambda: Condition(key="tags", match=m.MatchValue(value="a")),
            lambda: Condition(key="attributes.color", match=m.MatchAny(any=["红", "black"])),
            lambda: Condition(key="title", match=m.MatchText(text="red shoes")),
            lambda: Condition(key="title", match=m.MatchTextAny(text_any="gtx 跑步鞋")),
            lambda: Condition(key="title", match=m.MatchPhrase(phrase="red shoes")),
            lambda: Condition(key="price", range=self._price_range()),
            lambda: Condition(key="created", range=m.DatetimeRange(gte=datetime(2026, 5, 1, tzinfo=UTC))),
            lambda: Condition(key="place", geo_radius=self._circle()),
            lambda: Condition(key="place", geo_bounding_box=self._box()),
            lambda: Condition(key="tags", values_count=m.ValuesCount(gte=2)),
            lambda: m.IsEmptyCondition(is_empty=m.PayloadField(key="tags")),
            lambda: m.IsNullCondition(is_null=m.PayloadField(key="attributes")),
            lambda: m.HasIdCondition(has_id=chosen.sample(range(1, POINTS), 150)),
            lambda: m.HasVectorCondition(has_vector=SPARSE),
            lambda: m.NestedCondition(nested=m.Nested(key="offers", filter=self._offer())),
        ]
        return chosen.choice(kinds)()

    def _price_range(self) -> m.Range:
        return m.Range(gte=self._random.uniform(0, 250), lt=self._random.uniform(250, 500))

    def _circle(self) -> m.GeoRadius:
        return m.GeoRadius(center=m.GeoPoint(lon=13.5, lat=52.5), radius=15_000)

    def _box(self) -> m.GeoBoundingBox:
        return m.GeoBoundingBox(
            top_left=m.GeoPoint(lon=13.2, lat=53.0), bottom_right=m.GeoPoint(lon=13.7, lat=52.0)
        )

    def _offer(self) -> m.Filter:
        shop = Condition(key="shop", match=m.MatchValue(value="x"))
        return m.Filter(must=[shop, Condition(key="days", range=m.Range(gte=5))])

    def hybrid(self) -> list[m.Prefetch]:
        """Return a dense and a sparse prefetch, as hybrid search uses."""
        return [
            m.Prefetch(query=self.dense(), using=DENSE, limit=30, filter=self.filter()),
            m.Prefetch(query=self.sparse(5), using=SPARSE, limit=30, filter=self.filter()),
        ]

    def example(self) -> int:
        """Return the id of a point."""
        return self._random.randint(1, POINTS)

    def query(self, kind: str) -> dict[str, Any]:
        """Return the arguments of `query_points` for a query of this kind, filter and page included."""
        arguments: dict[str, Any] = getattr(self, f"_{kind}")()
        return {**arguments, "query_filter": self.filter(), "limit": self._random.choice([1, 5, 10, 25])}

    def _nearest_dense(self) -> dict[str, Any]:
        return {"query": self.dense(), "using": DENSE, "offset": self._offset()}

    def _offset(self) -> int | None:
        return self._random.choice([None, 3])

    def _nearest_sparse(self) -> dict[str, Any]:
        return {"query": self.sparse(5), "using": SPARSE}

    def _nearest_id(self) -> dict[str, Any]:
        return {"query": self.example(), "using": DENSE}

    def _rrf(self) -> dict[str, Any]:
        return {
            "query": m.FusionQuery(fusion=m.Fusion.RRF),
            "prefetch": self.hybrid(),
            "offset": self._offset(),
        }

    def _rrf_weighted(self) -> dict[str, Any]:
        weights = [self._random.choice([1.0, 2.0, 3.0]), 1.0]
        k = self._random.choice([None, 2, 60])
        return {"query": m.RrfQuery(rrf=m.Rrf(k=k, weights=weights)), "prefetch": self.hybrid()}

    def _dbsf(self) -> dict[str, Any]:
        return {
            "query": m.FusionQuery(fusion=m.Fusion.DBSF),
            "prefetch": self.hybrid(),
            "offset": self._offset(),
        }

    def _threshold(self) -> dict[str, Any]:
        return {"query": self.dense(), "using": DENSE, "score_threshold": self._random.uniform(-0.2, 0.5)}

    def _formula(self) -> dict[str, Any]:
        decay = m.DecayParamsExpression(x="price", target=100.0, scale=50.0, midpoint=0.5)
        kinds = [m.ExpDecayExpression(exp_decay=decay), m.GaussDecayExpression(gauss_decay=decay)]
        kinds.append(m.LinDecayExpression(lin_decay=decay))
        popularity = m.LnExpression(ln=m.SumExpression(sum=["stock", 1.0]))
        on_sale = Condition(key="sale", match=m.MatchValue(value=True))
        terms: list[Any] = [
            "$score",
            m.MultExpression(mult=[0.3, popularity]),
            m.MultExpression(mult=[0.5, on_sale]),
            self._random.choice(kinds),
            m.DivExpression(div=m.DivParams(left="price", right=500.0, by_zero_default=0.0)),
        ]
        prefetch = m.Prefetch(query=self.dense(), using=DENSE, limit=50, filter=self.filter())
        return {"query": m.FormulaQuery(formula=m.SumExpression(sum=terms)), "prefetch": prefetch}

    def _formula_over_dbsf(self) -> dict[str, Any]:
        fused = m.Prefetch(prefetch=self.hybrid(), query=m.FusionQuery(fusion=m.Fusion.DBSF), limit=60)
        boost = m.MultExpression(mult=[0.01, m.SqrtExpression(sqrt="price")])
        return {"query": m.FormulaQuery(formula=m.SumExpression(sum=["$score", boost])), "prefetch": fused}

    def _recommend(self) -> dict[str, Any]:
        strategy = self._random.choice(list(m.RecommendStrategy))
        examples = self._random.sample(range(1, POINTS), 4)
        positive: list[Any] = [examples[0], self._random.choice([examples[1], self.dense()])]
        negative: list[Any] = self._random.choice([[], examples[2:3]])
        recommend = m.RecommendInput(positive=positive, negative=negative, strategy=strategy)
        return {"query": m.RecommendQuery(recommend=recommend), "using": DENSE}

    def _recommend_sparse(self) -> dict[str, Any]:
        negative: list[Any] = [self.sparse(3)] if self._random.random() < 0.5 else []
        recommend = m.RecommendInput(positive=[self.sparse(6), self.sparse(6)], negative=negative)
        return {"query": m.RecommendQuery(recommend=recommend), "using": SPARSE}

    def _discover(self) -> dict[str, Any]:
        first, second, target = self._random.sample(range(1, POINTS), 3)
        context = [m.ContextPair(positive=first, negative=second)]
        chosen: Any = self._random.choice([target, self.dense()])
        return {
            "query": m.DiscoverQuery(discover=m.DiscoverInput(target=chosen, context=context)),
            "using": DENSE,
        }

    def _context(self) -> dict[str, Any]:
        first, second = self._random.sample(range(1, POINTS), 2)
        return {
            "query": m.ContextQuery(context=[m.ContextPair(positive=first, negative=second)]),
            "using": DENSE,
        }

    def _feedback(self) -> dict[str, Any]:
        first, second, third = self._random.sample(range(1, POINTS), 3)
        items = [m.FeedbackItem(example=first, score=0.9), m.FeedbackItem(example=second, score=0.1)]
        strategy = m.NaiveFeedbackStrategy(naive=m.NaiveFeedbackStrategyParams(a=0.12, b=0.43, c=0.16))
        feedback = m.RelevanceFeedbackInput(target=third, feedback=items, strategy=strategy)
        return {"query": m.RelevanceFeedbackQuery(relevance_feedback=feedback), "using": DENSE}

    def _mmr(self) -> dict[str, Any]:
        diversity = self._random.choice([None, 0.0, 0.1, 0.5, 0.9, 1.0])
        mmr = m.Mmr(diversity=diversity, candidates_limit=self._random.choice([None, 30, 60]))
        return {"query": m.NearestQuery(nearest=self.dense(), mmr=mmr), "using": DENSE}

    def _order_by(self) -> dict[str, Any]:
        direction = self._random.choice(list(m.Direction))
        start = self._random.choice([None, 250.0])
        return {
            "query": m.OrderByQuery(order_by=m.OrderBy(key="price", direction=direction, start_from=start))
        }

    def _text(self) -> dict[str, Any]:
        return {"query": m.TextQuery(text=" ".join(self._random.choices(WORDS, k=2))), "using": "title"}

    def _no_query(self) -> dict[str, Any]:
        return {}

    def sequence(self, kinds: list[str], length: int) -> list[str]:
        """Return random kinds, each at least once."""
        return [*kinds, *self._random.choices(kinds, k=length - len(kinds))]

    def update(self, kind: str) -> tuple[str, dict[str, Any]]:
        """Return the client's method and its arguments for an update of points 1 to 80."""
        arguments: tuple[str, dict[str, Any]] = getattr(self, f"_update_{kind}")()
        return arguments

    def _some(self, at_most: int = 6) -> list[Any]:
        return self._random.sample(range(1, 81), self._random.randint(1, at_most))

    def _few(self) -> Any:
        by_id = m.HasIdCondition(has_id=self._some())
        return self._random.choice([self._some(), m.Filter(must=[by_id], must_not=[self.condition()])])

    def _update_set(self) -> tuple[str, dict[str, Any]]:
        key = self._random.choice([None, "attributes"])
        return "set_payload", {
            "payload": {"note": "好", "n": [1, None]},
            "points": self._existing(),
            "key": key,
        }

    def _update_overwrite(self) -> tuple[str, dict[str, Any]]:
        return "overwrite_payload", {"payload": {"brand": "new"}, "points": self._existing()}

    def _update_unset(self) -> tuple[str, dict[str, Any]]:
        return "delete_payload", {"keys": ["tags", "attributes.color"], "points": self._existing()}

    def _update_clear(self) -> tuple[str, dict[str, Any]]:
        return "clear_payload", {"points_selector": self._existing()}

    def _update_unvector(self) -> tuple[str, dict[str, Any]]:
        return "delete_vectors", {"vectors": [SPARSE], "points": self._existing()}

    def _update_delete(self) -> tuple[str, dict[str, Any]]:
        return "delete", {"points_selector": self._few()}

    def _update_vectors(self) -> tuple[str, dict[str, Any]]:
        return "upsert", {"points": [self._point(number) for number in self._some()]}

    def _update_batch(self) -> tuple[str, dict[str, Any]]:
        written = m.UpsertOperation(upsert=m.PointsList(points=[self._point(n) for n in self._some()]))
        removed = m.DeleteOperation(delete=m.PointIdsList(points=self._some(2)))
        merged = m.SetPayloadOperation(set_payload=m.SetPayload(payload={"b": True}, filter=self._existing()))
        return "batch_update_points", {"update_operations": [written, removed, merged]}

    def _existing(self) -> m.Filter:
        # by filter only: an id that an earlier update deleted would be an error
        return m.Filter(must=[m.HasIdCondition(has_id=self._some(20))])
