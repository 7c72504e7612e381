"""The node answers as Qdrant's reference implementation in Python does (`AsyncQdrantClient(":memory:")`).

Scores may differ by `TOLERANCE` (absolute, or relative above 1): both compute in single precision, in different orders
of addition. Points whose scores tie within it are interchangeable, also across either end of a page.
"""

import pytest
from qdrant_client import models as m

from fakes.qdrant_requests import DIMENSION, Requests

TOLERANCE = 1e-4
ROUNDS = {
    "nearest_dense": 90, "nearest_sparse": 90, "nearest_id": 60, "rrf": 120, "rrf_weighted": 120, "dbsf": 120,
    "threshold": 50, "formula": 100, "formula_over_dbsf": 60, "recommend": 100, "recommend_sparse": 40,
    "discover": 60, "context": 40, "feedback": 40, "mmr": 80, "order_by": 60, "text": 60, "no_query": 30,
}  # fmt: skip


def close(first: float, second: float) -> bool:
    """Tell whether two scores are equal within the tolerance."""
    return abs(first - second) <= TOLERANCE * max(1.0, abs(first), abs(second))


def assert_same_ranking(ours: list[tuple[object, float]], theirs: list[tuple[object, float]]) -> None:
    """Assert that two lists of (id, score) are the same up to ties."""
    assert len(ours) == len(theirs)
    for (_, first), (_, second) in zip(ours, theirs, strict=True):
        assert close(first, second)
    if not ours:
        return
    first, last, known = ours[0][1], ours[-1][1], dict(theirs)
    for identifier, score in ours:
        if identifier in known:
            assert close(score, known[identifier])
        else:
            assert close(score, first) or close(score, last), f"{identifier} is missing from the reference"


@pytest.mark.parametrize("kind", ROUNDS)
def test_queries_rank_the_same_points(pair, kind):
    """Every kind of query, under random filters, gives the reference's points with the reference's scores."""
    # with this seed no two fused candidates lie closer than 1e-6, where rounding could swap their ranks
    requests = Requests(seed=sum(map(ord, kind)) + 1)
    key = "order_value" if kind == "order_by" else "score"
    found = 0
    for _ in range(ROUNDS[kind]):
        ours, theirs = pair.both("query_points", **requests.query(kind))
        found += bool(theirs.points)
        assert_same_ranking(
            [(point.id, getattr(point, key)) for point in ours.points],
            [(point.id, getattr(point, key)) for point in theirs.points],
        )
    assert found > ROUNDS[kind] / 3, "most requests find nothing: they would prove nothing"


def test_counts_agree_under_every_filter(pair):
    """Random filters, nested ones included, match equally many points."""
    requests = Requests(seed=1)
    counts = set()
    for _ in range(300):
        ours, theirs = pair.both("count", count_filter=requests.filter(), exact=True)
        assert ours.count == theirs.count
        counts.add(theirs.count)
    assert len(counts) > 50


@pytest.mark.parametrize("field", ["brand", "tags", "stock", "sale", "attributes.color"])
def test_facets_agree(pair, field):
    """Facets count the same values equally often, for keywords, lists, integers, booleans and nested keys."""
    requests = Requests(seed=2)
    for _ in range(15):
        ours, theirs = pair.both("facet", key=field, facet_filter=requests.filter(), limit=50, exact=True)
        assert {(type(h.value), h.value): h.count for h in ours.hits} == {
            (type(h.value), h.value): h.count for h in theirs.hits
        }


def test_scrolling_walks_the_same_points(pair):
    """Page after page, a filtered scroll gives the same points with the same payload."""
    requests = Requests(seed=3)
    for _ in range(25):
        arguments = {"scroll_filter": requests.filter(), "limit": 40, "offset": None}
        while True:
            (ours, our_next), (theirs, their_next) = pair.both("scroll", **arguments)
            assert [(p.id, p.payload) for p in ours] == [(p.id, p.payload) for p in theirs]
            assert our_next == their_next
            if our_next is None:
                break
            arguments["offset"] = our_next


@pytest.mark.parametrize("field", ["price", "created"])
def test_ordered_scrolls_agree(pair, field):
    """A scroll ordered by a field gives the same points in the same order."""
    requests = Requests(seed=4)
    for direction in (m.Direction.ASC, m.Direction.DESC):
        for _ in range(15):
            order = m.OrderBy(key=field, direction=direction)
            ours, theirs = pair.both("scroll", scroll_filter=requests.filter(), limit=20, order_by=order)
            assert_same_ranking(
                [(p.id, p.order_value) for p in ours[0]], [(p.id, p.order_value) for p in theirs[0]]
            )


@pytest.mark.parametrize("field", ["brand", "tags", "stock", "attributes.color"])
@pytest.mark.parametrize("kind", ["nearest_dense", "dbsf", "rrf", "recommend"])
def test_groups_agree(pair, field, kind):
    """Groups come in the same order with the same points, for single values and lists of them."""
    requests = Requests(seed=5)
    for _ in range(6):
        arguments = {**requests.query(kind), "limit": 4, "group_by": field, "group_size": 3}
        arguments.pop("offset", None)
        ours, theirs = pair.both("query_points_groups", **arguments)
        assert_same_groups(ours.groups, theirs.groups)


def assert_same_groups(ours, theirs):
    """Assert that groups are equal up to ties of their best points."""
    assert_same_ranking(
        [(group.id, group.hits[0].score) for group in ours],
        [(group.id, group.hits[0].score) for group in theirs],
    )
    expected = {group.id: group.hits for group in theirs}
    for group in ours:
        if group.id in expected:
            assert_same_ranking(
                [(hit.id, hit.score) for hit in group.hits],
                [(hit.id, hit.score) for hit in expected[group.id]],
            )


@pytest.mark.parametrize(
    "selector", [True, False, ["brand", "attributes.color"], m.PayloadSelectorExclude(exclude=["offers"])]
)
def test_payload_selection_agrees(pair, selector):
    """Whole payloads, none, some keys or all but some: the same is sent, by query, fusion and retrieval."""
    requests = Requests(seed=6)
    for kind in ("nearest_dense", "dbsf"):
        ours, theirs = pair.both(
            "query_points", **requests.query(kind), with_payload=selector, with_vectors=True
        )
        expected = {point.id: point for point in theirs.points}
        for point in ours.points:
            assert (point.payload or {}) == (expected[point.id].payload or {})
            assert point.vector["text"] == pytest.approx(expected[point.id].vector["text"], abs=1e-6)
    ours, theirs = pair.both("retrieve", ids=[1, 2, 3, 99_999], with_payload=selector)
    assert [(p.id, p.payload or {}) for p in ours] == [(p.id, p.payload or {}) for p in theirs]


def test_batches_answer_every_query(pair):
    """A batch gives, in order, the answers of its queries."""
    requests = Requests(seed=7)
    vectors = [requests.dense() for _ in range(8)]
    batch = [
        m.QueryRequest(query=vector, using="text", limit=5, filter=requests.filter()) for vector in vectors
    ]
    ours, theirs = pair.both("query_batch_points", requests=batch)
    assert len(ours) == len(theirs) == len(batch)
    for first, second in zip(ours, theirs, strict=True):
        assert_same_ranking([(p.id, p.score) for p in first.points], [(p.id, p.score) for p in second.points])


@pytest.mark.parametrize("kind", ["rrf", "rrf_weighted", "dbsf"])
def test_fused_rankings_are_repeatable(pair, kind):
    """The same fused query gives the same points in the same order every time, ties included."""
    requests = Requests(seed=8)
    for _ in range(5):
        arguments = requests.query(kind)
        answers = [pair.run(pair.node.query_points("products", **arguments)) for _ in range(20)]
        assert len({tuple(point.id for point in answer.points) for answer in answers}) == 1


def test_updates_leave_the_same_points(pair):
    """After random updates of every kind, by id and by filter, both hold the same payloads and vectors."""
    requests = Requests(seed=9)
    pair.run(refill(pair, "updated", Requests(seed=10).points()[:80]))
    for kind in requests.sequence(
        ["set", "overwrite", "unset", "clear", "vectors", "unvector", "delete", "batch"], 60
    ):
        method, arguments = requests.update(kind)
        pair.both(method, collection="updated", **arguments)
    (ours, _), (theirs, _) = pair.both("scroll", collection="updated", limit=100, with_vectors=True)
    assert len(ours) > 20
    assert [(p.id, p.payload or {}) for p in ours] == [(p.id, p.payload or {}) for p in theirs]
    for first, second in zip(ours, theirs, strict=True):
        assert set(first.vector) == set(second.vector)
        for name, vector in second.vector.items():
            assert components(first.vector[name]) == pytest.approx(components(vector), abs=1e-6)


async def refill(pair, name, points):
    """Create a collection with points in both."""
    for client in (pair.node, pair.oracle):
        await client.create_collection(
            name,
            vectors_config={"text": m.VectorParams(size=DIMENSION, distance=m.Distance.DOT)},
            sparse_vectors_config={"bm25": m.SparseVectorParams()},
        )
        await client.upsert(name, points)


def components(vector):
    """Return the numbers of a dense or sparse vector as a mapping."""
    if isinstance(vector, m.SparseVector):
        return dict(zip(vector.indices, vector.values, strict=True))
    return dict(enumerate(vector))
