"""What is wrong with a request is said precisely: the field, by its path, whichever method it came to."""

import math

import pytest

from fakes.retrieval_catalogue import field_violations, refused, stored
from fakes.retrieval_world import CATALOG, FINGERPRINT, ids, limit, money, product, shop
from shopguide.retrieval.v1 import index_service_pb2 as index_pb
from shopguide.retrieval.v1 import retrieval_service_pb2 as pb
from shopguide.type.v1 import product_pb2, query_pb2
from shopguide_runtime.errors import FailedPrecondition, InvalidArgument

pytestmark = pytest.mark.anyio

INVERTED = limit("price", low=9, high=3)
UNKNOWN = limit("attributes.wingspan", low=3)


def platform(constraint):
    """Return a platform's filter of one condition."""
    return query_pb2.Filter(conditions=[constraint.condition])


def vector(*values, fingerprint=FINGERPRINT):
    """Return a query's vector."""
    return query_pb2.QueryVector(values=values, encoder_fingerprint=fingerprint)


def scope(**fields):
    """Return a role."""
    return query_pb2.Scope(**{"role": "bag", "query": "bag"} | fields)


REQUESTS = {
    "Search": lambda **f: pb.SearchRequest(catalog=CATALOG, query="bag", **f),
    "FindDeals": lambda **f: pb.FindDealsRequest(catalog=CATALOG, query="bag", **f),
    "FindSimilar": lambda **f: pb.FindSimilarRequest(catalog=CATALOG, product_ids=["b1"], **f),
}
"""Methods that take a filter and constraints."""


@pytest.mark.parametrize("method", REQUESTS)
@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"filter": platform(UNKNOWN)}, "filter.conditions[0]"),
        ({"filter": platform(INVERTED)}, "filter.conditions[0].range"),
        ({"filter": platform(limit("price", high=math.nan))}, "filter.conditions[0].range.maximum"),
        ({"constraints": [limit("brand", any_of=["Muji"]), INVERTED]}, "constraints[1].condition.range"),
        ({"constraints": [limit("price", low=math.inf)]}, "constraints[0].condition.range.minimum"),
        ({"constraints": [limit("brand", any_of=["x"] * 101)]}, "constraints[0].condition.any_of.values"),
        (
            {"constraints": [limit("price", high=3, currency="yuan")]},
            "constraints[0].condition.currency_code",
        ),
        ({"constraints": [limit("price", high=3)] * 33}, "constraints"),
    ],
)
async def test_limits(world, method, fields, field):
    """An unknown attribute of the platform's, an inverted range, numbers that are none, too many values."""
    error = await refused(getattr(world.read, method)(REQUESTS[method](**fields)))
    assert isinstance(error, InvalidArgument)
    assert [v.field for v in error.violations] == [field]


@pytest.mark.parametrize("method", REQUESTS)
async def test_a_shoppers_unknown_attribute_is_answered_not_refused(world, method):
    """What the catalogue cannot express is dropped and said, because a shopper may ask for anything."""
    response = await getattr(world.read, method)(REQUESTS[method](constraints=[UNKNOWN]))
    assert [o.reason for o in response.constraint_outcomes] == ["UNKNOWN_FIELD"]


@pytest.mark.parametrize(
    ("method", "request_", "field"),
    [
        ("BatchGetProducts", pb.BatchGetProductsRequest(product_ids=["x"] * 10_000), "product_ids"),
        ("FindSimilar", pb.FindSimilarRequest(product_ids=["x"] * 10_000), "product_ids"),
        ("SearchReviews", pb.SearchReviewsRequest(query="good", product_ids=["x"] * 10_000), "product_ids"),
        ("DeleteProducts", index_pb.DeleteProductsRequest(product_ids=["x"] * 10_000), "product_ids"),
        (
            "UpdateOffers",
            index_pb.UpdateOffersRequest(offers=[index_pb.Offer(product_id="x")] * 10_000),
            "offers",
        ),
    ],
)
async def test_ten_thousand_ids(world, method, request_, field):
    """The list as a whole is named, once, not each of its elements."""
    service = world.write if hasattr(world.write, method) else world.read
    request_.catalog = CATALOG
    error = await refused(getattr(service, method)(request_))
    assert isinstance(error, InvalidArgument)
    assert {v.field for v in error.violations} == {field}


@pytest.mark.parametrize("method", ["Search", "FindDeals"])
@pytest.mark.parametrize("values", [(1.0,) * 3, (math.nan,) * 384, (0.0,) * 384, (math.inf, *(0.1,) * 383)])
async def test_vectors(world, method, values):
    """Of the wrong size, without a direction, or with numbers that are none."""
    error = await refused(getattr(world.read, method)(REQUESTS[method](query_vector=vector(*values))))
    assert isinstance(error, InvalidArgument)
    assert {v.field for v in error.violations} == {"query_vector.values"}


@pytest.mark.parametrize("method", ["Search", "FindDeals"])
async def test_a_vector_of_another_encoder(world, method):
    """It would find anything: the caller has to embed anew."""
    given = vector(*(0.1,) * 384, fingerprint="other@000000000000/384/none")
    error = await refused(getattr(world.read, method)(REQUESTS[method](query_vector=given)))
    assert isinstance(error, FailedPrecondition)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"scopes": []}, "scopes"),
        ({"scopes": [scope(), scope()]}, "scopes"),
        ({"scopes": [scope(constraints=[INVERTED])]}, "scopes[0].constraints[0].condition.range"),
        ({"shared_constraints": [INVERTED]}, "shared_constraints[0].condition.range"),
        ({"scopes": [scope(quantity=-1)]}, "scopes[0].quantity"),
        ({"budget": query_pb2.Budget(total=money(9, ""))}, "budget.total.currency_code"),
        ({"budget": query_pb2.Budget(total=money(9, "GBP"))}, "budget.total.currency_code"),
    ],
)
async def test_roles(world, fields, field):
    """A role twice, bad limits on one or all of them, a budget without a currency or in one that nothing is sold in."""
    request = pb.SearchScopesRequest(**{"catalog": CATALOG, "scopes": [scope()]} | fields)
    error = await refused(world.read.SearchScopes(request))
    assert isinstance(error, InvalidArgument)
    assert [v.field for v in error.violations] == [field]


@pytest.mark.parametrize(
    ("bad", "field"),
    [
        (product("bad", "Bag", 5, currency=""), "price.currency_code"),
        (product("bad", "Bag", 5, currency="rmb"), "price.currency_code"),
        (product("bad", "Bag", attributes={"size": math.nan}), "attributes.size.numbers[0]"),
        (
            product("bad", "Bag", 5, original_price=money(9, "USD")),
            "original_price",
        ),
        (product("bad", "Bag", availability=77), "availability"),
    ],
)
async def test_products(world, bad, field):
    """A price without a currency and its like are the failure of that product; the others are written."""
    response = await world.fill([product("good", "Bag", 5), bad, product("better", "Bag", 6)])
    assert (response.upserted_count, response.failed_count) == (2, 1)
    assert [(f.index, f.id) for f in response.failures] == [(1, "bad")]
    assert field_violations(response.failures[0]) == {field}


async def test_a_product_twice_in_one_stream(world):
    """Good after bad and bad after good: the last good one is in force, each bad one is reported at its place."""
    stream = [
        product("twice", "First bag", 5),
        product("twice", "", 6),
        product("twice", "Second bag", 7),
        product_pb2.Product(id="twice", title="Third bag", price=money(8, "")),
    ]
    response = await world.fill(stream)
    assert (response.upserted_count, response.failed_count) == (2, 2)
    assert [(f.index, field_violations(f)) for f in response.failures] == [
        (1, {"title"}),
        (3, {"price.currency_code"}),
    ]
    assert (await stored(world, "twice")).title == "Second bag"


async def test_nothing_is_lost_by_a_bad_request(world):
    """After all of this the catalogue holds what it held."""
    await refused(world.write.DeleteProducts(index_pb.DeleteProductsRequest(catalog=CATALOG)))
    await refused(world.write.UpdateOffers(index_pb.UpdateOffersRequest(catalog=CATALOG)))
    found = await world.search("", spec=pb.SearchSpec(expand_groups=True), page_size=100)
    gone = product_pb2.Product.AVAILABILITY_OUT_OF_STOCK
    assert set(ids(found.results)) == {p.id for p in shop() if p.availability != gone}
