"""Roles under a budget, similar products, FAQ, reviews; and what happens when Qdrant is away."""

import grpc
import grpc.aio
import pytest
from google.protobuf.timestamp_pb2 import Timestamp
from qdrant_client import AsyncQdrantClient

from fakes.retrieval_world import CATALOG, ids, limit, money, retrieval
from shopguide.retrieval.v1 import index_service_pb2 as index_pb
from shopguide.retrieval.v1 import retrieval_service_pb2 as pb
from shopguide.type.v1 import query_pb2
from shopguide_runtime.errors import InvalidArgument, Unavailable, from_rpc_error

pytestmark = pytest.mark.anyio


async def refused(call):
    """Return the error that a call ends with."""
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await call
    return from_rpc_error(caught.value, "retrieval")


async def outfit(world, *scopes, budget=None, **fields):
    """Search for several roles."""
    request = pb.SearchScopesRequest(catalog=CATALOG, scopes=scopes, **fields)
    if budget is not None:
        request.budget.total.CopyFrom(budget)
    return await world.read.SearchScopes(request)


SHOES = query_pb2.Scope(role="shoes", query="running shoes")
BAG = query_pb2.Scope(role="bag", query="bag handbag tote")


@pytest.mark.parametrize("budget", [1000, 1019, 1500, 2000])
async def test_a_total_is_never_exceeded(world, budget):
    """What was chosen costs at most the budget, and the stated total is its exact sum."""
    response = await outfit(world, SHOES, BAG, budget=money(budget))
    chosen = [s.chosen.product for s in response.scopes if s.HasField("chosen")]
    total = sum(p.price.units for p in chosen)
    assert total == response.total_price.units <= budget


async def test_roles_share_the_budget(world):
    """1,300 buys shoes and the tote, not the leather bag."""
    response = await outfit(world, SHOES, BAG, budget=money(1300))
    assert [s.chosen.role for s in response.scopes] == ["shoes", "bag"]
    assert response.scopes[1].chosen.product_id == "b2"
    assert not response.missing_roles


async def test_too_small_a_budget_says_what_is_missing(world):
    """One role stays empty, and the lowest total for all of them is named."""
    response = await outfit(world, SHOES, BAG, budget=money(500))
    assert response.missing_roles == ["shoes"]
    assert response.minimum_total.units == 1019
    assert response.scopes[1].chosen.product_id == "b2"


async def test_quantities_count(world):
    """Two bags cost twice."""
    two = query_pb2.Scope(role="bag", query="canvas tote bag", quantity=2)
    response = await outfit(world, two, budget=money(240))
    assert response.total_price.units == 240
    assert (await outfit(world, two, budget=money(239))).missing_roles == ["bag"]


async def test_each_role_keeps_its_limits(world):
    """A limit of one role does not bind the other; shared ones bind all."""
    shoes = query_pb2.Scope(
        role="shoes", query="running shoes", constraints=[limit("attributes.color", any_of=["red"])]
    )
    response = await outfit(world, shoes, BAG, shared_constraints=[limit("brand", none_of=["Coach"])])
    assert ids(s.chosen for s in response.scopes) == ["s3", "b2"]
    assert [len(s.constraint_outcomes) for s in response.scopes] == [2, 1]


async def test_alternatives_stay_within_the_total(world):
    """Swapping any one alternative in keeps the budget."""
    response = await outfit(world, SHOES, BAG, budget=money(1250), max_alternatives=5)
    total = response.total_price.units
    for scope in response.scopes:
        for other in scope.alternatives:
            assert total - scope.chosen.product.price.units + other.product.price.units <= 1250


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"scopes": []}, "scopes"),
        ({"scopes": [SHOES] * 7}, "scopes"),
        ({"scopes": [SHOES, SHOES]}, "scopes"),
        ({"scopes": [query_pb2.Scope(role="x")]}, "scopes[0].query"),
        ({"scopes": [query_pb2.Scope(role="x", query="y", quantity=-1)]}, "scopes[0].quantity"),
        (
            {"scopes": [SHOES], "budget": query_pb2.Budget(total=money(5, "usd"))},
            "budget.total.currency_code",
        ),
        (
            {"scopes": [SHOES], "budget": query_pb2.Budget(total=money(5, "EUR"))},
            "budget.total.currency_code",
        ),
    ],
)
async def test_bad_scopes_name_the_field(world, fields, field):
    """Every malformed request is INVALID_ARGUMENT and names the field."""
    error = await refused(world.read.SearchScopes(pb.SearchScopesRequest(catalog=CATALOG, **fields)))
    assert isinstance(error, InvalidArgument)
    assert error.violations[0].field == field


async def test_similar_products(world):
    """Like the example, without it and its variants; unknown ids are listed."""
    request = pb.FindSimilarRequest(catalog=CATALOG, product_ids=["p1", "nothing"])
    response = await world.read.FindSimilar(request)
    assert ids(response.results)[0] == "p3"
    assert not {"p1", "p2"} & set(ids(response.results))
    assert response.missing_ids == ["nothing"]


async def test_similar_within_limits(world):
    """The shopper's limits hold here as well."""
    request = pb.FindSimilarRequest(
        catalog=CATALOG, product_ids=["h1"], constraints=[limit("price", high=1000)]
    )
    response = await world.read.FindSimilar(request)
    assert set(ids(response.results)[:2]) == {"h2", "h4"}
    assert response.constraint_outcomes[0].outcome == query_pb2.ConstraintOutcome.OUTCOME_APPLIED


async def test_similar_to_nothing_known(world):
    """No known example: an empty list and all ids missing."""
    response = await world.read.FindSimilar(pb.FindSimilarRequest(catalog=CATALOG, product_ids=["x"]))
    assert (list(response.results), response.missing_ids) == ([], ["x"])


async def test_products_by_id(world):
    """In the order asked, missing ones listed."""
    request = pb.BatchGetProductsRequest(catalog=CATALOG, product_ids=["z1", "nothing", "b1", "z1"])
    response = await world.read.BatchGetProducts(request)
    assert [p.id for p in response.products] == ["z1", "b1"]
    assert response.missing_ids == ["nothing"]


FAQ = [
    pb.FaqEntry(id="returns", question="How do I return a product?", phrasings=["怎么退货", "send it back"],
                answer="Within 30 days.", topic="returns"),
    pb.FaqEntry(id="delivery", question="How long does delivery take?", answer="Two days.", topic="delivery"),
    pb.FaqEntry(id="zh", question="支持哪些付款方式？", answer="微信和支付宝。", topic="payment"),
]  # fmt: skip


async def import_faq(world, entries=FAQ):
    """Import FAQ entries."""
    return await world.write.ImportFaq(iter([index_pb.ImportFaqRequest(catalog=CATALOG, entries=entries)]))


async def ask(world, query, **fields):
    """Search the FAQ."""
    return await world.read.SearchFaq(pb.SearchFaqRequest(catalog=CATALOG, query=query, **fields))


@pytest.mark.parametrize(
    ("query", "entry"), [("how to return a product", "returns"), ("怎么退货", "returns"), ("付款方式", "zh")]
)
async def test_faq_entries_are_found_in_any_phrasing(world, query, entry):
    """By the question or another way to ask it; scores are in [0, 1], best first."""
    assert (await import_faq(world)).imported_count == 3
    matches = (await ask(world, query)).matches
    assert matches[0].entry.id == entry
    scores = [m.score for m in matches]
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= s <= 1 for s in scores)


async def test_replacing_an_faq_entry_forgets_its_old_phrasings(world):
    """A phrasing that is gone no longer leads to the entry."""
    await import_faq(world)
    await import_faq(world, [pb.FaqEntry(id="returns", question="Refund rules?", answer="New.")])
    matches = {m.entry.id: m for m in (await ask(world, "怎么退货", page_size=20)).matches}
    assert matches["returns"].entry.answer == "New."
    assert matches["returns"].score < 0.5


async def test_faq_without_the_encoder(world):
    """Words alone still find the entry, and the answer says so."""
    await import_faq(world)
    world.encoder.error = Unavailable("text_encoder")
    response = await ask(world, "How long does delivery take?")
    assert response.matches[0].entry.id == "delivery"
    assert response.degradations[0].fallback == "SPARSE_ONLY"


def review(identifier, product, text, day, stars=4.0):
    """Return a review."""
    return pb.Review(
        id=identifier, product_id=product, text=text, stars=stars, create_time=Timestamp(seconds=day * 86_400)
    )


REVIEWS = [
    review("r1", "h1", "The battery lasts two days", 1),
    review("r2", "h1", "Great noise cancelling on planes", 3),
    review("r3", "h2", "Battery is fine, sound is flat", 2),
]


async def import_reviews(world, reviews=REVIEWS):
    """Import reviews."""
    return await world.write.ImportReviews(
        iter([index_pb.ImportReviewsRequest(catalog=CATALOG, reviews=reviews)])
    )


async def test_reviews_by_subject_and_product(world):
    """Only reviews of the products asked for, the best first; without a query the newest first."""
    await import_reviews(world)
    request = pb.SearchReviewsRequest(catalog=CATALOG, query="battery life", product_ids=["h1"])
    response = await world.read.SearchReviews(request)
    assert [m.review.id for m in response.matches] == ["r1", "r2"]
    assert response.total_size == 2
    newest = await world.read.SearchReviews(pb.SearchReviewsRequest(catalog=CATALOG))
    assert [m.review.id for m in newest.matches] == ["r2", "r3", "r1"]
    assert newest.matches[0].review == REVIEWS[1]


async def test_known_reviews_are_not_embedded_again(world):
    """Importing the same reviews again embeds nothing; a changed one is replaced, and the only one embedded."""
    await import_reviews(world)
    before = world.encoder.embedded
    response = await import_reviews(world)
    assert (response.imported_count, world.encoder.embedded) == (3, before)
    changed = review("r3", "h2", "The battery died after a week", 2)
    await import_reviews(world, [*REVIEWS[:2], changed])
    assert world.encoder.embedded == before + 1
    found = await world.read.SearchReviews(pb.SearchReviewsRequest(catalog=CATALOG, product_ids=["h2"]))
    assert [m.review.text for m in found.matches] == [changed.text]


async def test_bad_reviews_are_reported(world):
    """Stars beyond five and empty texts are refused, their neighbours written."""
    bad = [review("x", "h1", "", 1), review("y", "h1", "ok", 1, stars=9), *REVIEWS]
    response = await import_reviews(world, bad)
    assert (response.imported_count, response.failed_count) == (3, 2)
    assert [f.index for f in response.failures] == [0, 1]


async def test_qdrant_away_is_unavailable_with_a_retry_hint():
    """Nothing listens: UNAVAILABLE naming qdrant, to be tried again."""
    client = AsyncQdrantClient(
        host="127.0.0.1", grpc_port=1, prefer_grpc=True, check_compatibility=False, timeout=2
    )
    async with retrieval(client) as world:
        error = await refused(world.read.Search(pb.SearchRequest(catalog=CATALOG, query="x"), timeout=5))
        assert isinstance(error, Unavailable)
        assert error.dependency == "qdrant"
        assert error.retry_after
