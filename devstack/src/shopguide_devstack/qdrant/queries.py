"""Queries from the wire to the engine: every kind of query, nested prefetches, search parameters.

Traps of qdrant-edge 0.9 handled here: RRF's `k` is mandatory (Qdrant's default is 2), `using` sits inside the query,
MMR takes relevance instead of diversity.
"""

from collections.abc import Callable, Iterable
from typing import Any

import qdrant_edge as edge
from qdrant_client.grpc import points_pb2

from shopguide_devstack.qdrant.errors import InvalidRequest
from shopguide_devstack.qdrant.examples import Examples, average
from shopguide_devstack.qdrant.filters import engine_filter, excluding, iso_time, request_filter
from shopguide_devstack.qdrant.formulas import formula

DEFAULT_LIMIT = 10
DEFAULT_RRF_K = 2
_DEFAULT_DIVERSITY = 0.5
_MAX_MMR_CANDIDATES = 16_384

ScoringQuery = Any  # qdrant_edge names the union only in its stub
PayloadChoice = bool | edge.PayloadSelector
VectorChoice = bool | list[str]
ShardOf = Callable[[str], edge.EdgeShard]
"""Finds the shard of a collection or alias; raises `Missing`."""


class QueryBuilder:
    """Builds the engine's query from a request against one collection.

    `shard` is the collection's shard; `shard_of` finds others for `lookup_from`.
    """

    def __init__(self, shard: edge.EdgeShard, shard_of: ShardOf) -> None:
        self._shard = shard
        self._shard_of = shard_of

    def root(
        self,
        request: points_pb2.QueryPoints,
        *,
        limit: int,
        offset: int,
        with_payload: PayloadChoice,
        with_vector: VectorChoice,
    ) -> edge.QueryRequest:
        """Return the engine's request for `request`, with the page and selection given instead of its own."""
        examples = self._examples(request)
        query = _scoring(request, examples, limit)
        return edge.QueryRequest(
            limit=limit,
            offset=offset,
            query=query,
            prefetches=self._prefetches(request.prefetch),
            filter=excluding(request_filter(request), examples.excluded),
            score_threshold=_score_threshold(request),
            params=search_params(request.params) if request.HasField("params") else None,
            with_payload=with_payload,
            with_vector=with_vector,
        )

    def _prefetches(self, messages: Iterable[points_pb2.PrefetchQuery]) -> list[edge.Prefetch] | None:
        return [self._prefetch(message) for message in messages] or None

    def _prefetch(self, message: points_pb2.PrefetchQuery) -> edge.Prefetch:
        examples = self._examples(message)
        limit = prefetch_limit(message)
        query = _scoring(message, examples, limit)
        return edge.Prefetch(
            limit=limit,
            query=query,
            prefetches=self._prefetches(message.prefetch),
            params=search_params(message.params) if message.HasField("params") else None,
            filter=excluding(request_filter(message), examples.excluded),
            score_threshold=_score_threshold(message),
        )

    def _examples(self, message: points_pb2.QueryPoints | points_pb2.PrefetchQuery) -> Examples:
        if not message.HasField("lookup_from"):
            return Examples(self._shard, message.using, foreign=False)
        lookup = message.lookup_from
        name = lookup.vector_name if lookup.HasField("vector_name") else message.using
        return Examples(self._shard_of(lookup.collection_name), name, foreign=True)


def prefetch_limit(message: points_pb2.PrefetchQuery) -> int:
    """Return how many candidates a prefetch yields (Qdrant's default is 10).

    Raises:
        InvalidRequest: the limit is zero.
    """
    limit = message.limit if message.HasField("limit") else DEFAULT_LIMIT
    if limit < 1:
        raise InvalidRequest(
            "Validation error in body: [prefetch.limit: value 0 invalid, must be 1 or larger]"
        )
    return limit


def order_by(message: points_pb2.OrderBy) -> edge.OrderBy:
    """Return the engine's ordering by a payload field."""
    descending = message.direction == points_pb2.Direction.Desc
    return edge.OrderBy(
        message.key,
        edge.Direction.Desc if descending else edge.Direction.Asc,
        _start_from(message.start_from) if message.HasField("start_from") else None,
    )


def search_params(message: points_pb2.SearchParams) -> edge.SearchParams:
    """Return the engine's search parameters."""
    return edge.SearchParams(
        hnsw_ef=message.hnsw_ef if message.HasField("hnsw_ef") else None,
        exact=message.exact,
        quantization=_quantization(message.quantization) if message.HasField("quantization") else None,
        indexed_only=message.indexed_only,
        acorn=_acorn(message.acorn) if message.HasField("acorn") else None,
        idf=_idf(message.idf) if message.HasField("idf") else None,
    )


def _quantization(message: points_pb2.QuantizationSearchParams) -> edge.QuantizationSearchParams:
    return edge.QuantizationSearchParams(
        ignore=message.ignore,
        rescore=message.rescore if message.HasField("rescore") else None,
        oversampling=message.oversampling if message.HasField("oversampling") else None,
    )


def _acorn(message: points_pb2.AcornSearchParams) -> edge.AcornSearchParams:
    selectivity = message.max_selectivity if message.HasField("max_selectivity") else None
    return edge.AcornSearchParams(enable=message.enable, max_selectivity=selectivity)


def _idf(message: points_pb2.IdfParams) -> edge.IdfParams:
    return edge.IdfParams(corpus=engine_filter(message.corpus) if message.HasField("corpus") else None)


def _start_from(message: points_pb2.StartFrom) -> int | float | str | None:
    kind = message.WhichOneof("value")
    if kind == "timestamp":
        return iso_time(message.timestamp)
    return getattr(message, kind) if kind else None


def _score_threshold(message: points_pb2.QueryPoints | points_pb2.PrefetchQuery) -> float | None:
    if not message.HasField("score_threshold"):
        return None
    if not message.HasField("query"):
        raise InvalidRequest("Bad request: A query is needed to use the score_threshold")
    if message.query.WhichOneof("variant") == "order_by":
        raise InvalidRequest("Bad request: Can't use score_threshold with an order_by query")
    return message.score_threshold


def _scoring(
    message: points_pb2.QueryPoints | points_pb2.PrefetchQuery, examples: Examples, limit: int
) -> ScoringQuery | None:
    if not message.HasField("query"):
        if message.prefetch:
            raise InvalidRequest(
                "Bad request: A query is needed to merge the prefetches. Can't have prefetches without defining a query."
            )
        return None
    kind = message.query.WhichOneof("variant")
    if kind is None:
        raise InvalidRequest("Malformed query: it has no type")
    return _SCORINGS[kind](getattr(message.query, kind), _Scope(examples, message.using, limit))


class _Scope:
    """What a query needs to know of its surroundings."""

    def __init__(self, examples: Examples, using: str, limit: int) -> None:
        self.examples = examples
        self.using = using
        self.limit = limit


def _nearest(message: points_pb2.VectorInput, scope: _Scope) -> ScoringQuery:
    return edge.Query.Nearest(scope.examples.vector(message), using=scope.using)


def _mmr(message: points_pb2.NearestInputWithMmr, scope: _Scope) -> ScoringQuery:
    diversity = message.mmr.diversity if message.mmr.HasField("diversity") else _DEFAULT_DIVERSITY
    candidates = message.mmr.candidates_limit if message.mmr.HasField("candidates_limit") else scope.limit
    if not 0 <= diversity <= 1:
        raise InvalidRequest("Bad request: mmr diversity must be between 0.0 and 1.0")
    if candidates > _MAX_MMR_CANDIDATES:
        raise InvalidRequest(f"Bad request: mmr candidates_limit must be at most {_MAX_MMR_CANDIDATES}")
    vector = scope.examples.vector(message.nearest)
    return edge.Mmr(vector, 1.0 - diversity, candidates, using=scope.using)


def _recommend(message: points_pb2.RecommendInput, scope: _Scope) -> ScoringQuery:
    positives = scope.examples.vectors(message.positive)
    negatives = scope.examples.vectors(message.negative)
    if message.strategy == points_pb2.RecommendStrategy.AverageVector:
        return edge.Query.Nearest(average(positives, negatives), using=scope.using)
    if not positives and not negatives:
        raise InvalidRequest("Wrong input: at least one positive or negative example is required")
    query = edge.RecommendQuery(positives, negatives)
    if message.strategy == points_pb2.RecommendStrategy.SumScores:
        return edge.Query.RecommendSumScores(query, using=scope.using)
    return edge.Query.RecommendBestScore(query, using=scope.using)


def _discover(message: points_pb2.DiscoverInput, scope: _Scope) -> ScoringQuery:
    target = scope.examples.vector(message.target)
    return edge.Query.Discover(edge.DiscoverQuery(target, _pairs(message.context, scope)), using=scope.using)


def _context(message: points_pb2.ContextInput, scope: _Scope) -> ScoringQuery:
    return edge.Query.Context(edge.ContextQuery(_pairs(message, scope)), using=scope.using)


def _pairs(message: points_pb2.ContextInput, scope: _Scope) -> list[edge.ContextPair]:
    vector = scope.examples.vector
    return [edge.ContextPair(vector(pair.positive), vector(pair.negative)) for pair in message.pairs]


def _feedback(message: points_pb2.RelevanceFeedbackInput, scope: _Scope) -> ScoringQuery:
    if message.strategy.WhichOneof("variant") != "naive":
        raise InvalidRequest("Malformed relevance feedback: it has no strategy")
    naive = message.strategy.naive
    if naive.b < 0:
        raise InvalidRequest("Bad request: naive feedback b must be 0 or larger")
    vector = scope.examples.vector
    items = [edge.FeedbackItem(vector(item.example), item.score) for item in message.feedback]
    strategy = edge.NaiveFeedbackStrategy(naive.a, naive.b, naive.c)
    query = edge.FeedbackNaiveQuery(vector(message.target), items, strategy)
    return edge.Query.FeedbackNaive(query, using=scope.using)


def _fusion(value: int, scope: _Scope) -> ScoringQuery:
    _without_using(scope)
    if value == points_pb2.Fusion.DBSF:
        return edge.Fusion.Dbsf()
    if value == points_pb2.Fusion.RRF:
        return edge.Fusion.Rrf(k=DEFAULT_RRF_K)
    raise InvalidRequest(f"Malformed query: unknown fusion {value}")


def _rrf(message: points_pb2.Rrf, scope: _Scope) -> ScoringQuery:
    _without_using(scope)
    k = message.k if message.HasField("k") else DEFAULT_RRF_K
    if k < 1:
        raise InvalidRequest("Bad request: rrf k must be 1 or larger")
    return edge.Fusion.Rrf(k=k, weights=list(message.weights) or None)


def _without_using(scope: _Scope) -> None:
    if scope.using:
        raise InvalidRequest("Bad request: Fusion queries cannot be combined with the 'using' field.")


def _text(message: points_pb2.TextQuery, scope: _Scope) -> ScoringQuery:
    scoring = None
    if message.WhichOneof("scoring") == "bm25":
        bm25 = message.bm25
        k = bm25.k if bm25.HasField("k") else None
        b = bm25.b if bm25.HasField("b") else None
        scoring = edge.Bm25Params(k=k, b=b)
    return edge.TextQuery(scope.using, message.query, scoring)


_SCORINGS: dict[str, Callable[[Any, _Scope], ScoringQuery]] = {
    "nearest": _nearest,
    "nearest_with_mmr": _mmr,
    "recommend": _recommend,
    "discover": _discover,
    "context": _context,
    "relevance_feedback": _feedback,
    "fusion": _fusion,
    "rrf": _rrf,
    "text": _text,
    "formula": lambda message, _: formula(message),
    "order_by": lambda message, _: order_by(message),
    "sample": lambda _message, _scope: edge.Sample.Random,
}
