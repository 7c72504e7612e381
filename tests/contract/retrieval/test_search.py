"""Search over a real channel."""

import math

import grpc
import grpc.aio
import pytest

from fakes.retrieval_world import CATALOG, DIMENSION, FINGERPRINT, direction, ids, limit, product, wish
from shopguide.retrieval.v1 import retrieval_service_pb2 as pb
from shopguide.type.v1 import query_pb2
from shopguide_runtime.errors import InvalidArgument, Unavailable, from_rpc_error

pytestmark = pytest.mark.anyio

Outcome = query_pb2.ConstraintOutcome
UNSUPPORTED = query_pb2.Constraint.STRENGTH_UNSUPPORTED


async def refused(call):
    """Return the error that a call ends with."""
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await call
    return from_rpc_error(caught.value, "retrieval")


async def test_the_named_model_comes_first(world):
    """A model number finds exactly that model, in any spelling."""
    for query in ("WH-1000XM5", "wh1000xm5 headphones", "sony wh 1000xm5"):
        assert ids((await world.search(query)).results)[0] == "h1"


async def test_generations_are_told_apart(world):
    """IPhone 15 does not return the iPhone 16 first."""
    assert ids((await world.search("iPhone 15")).results)[0] == "p3"


async def test_chinese_in_either_script(world):
    """Traditional characters find what simplified ones find."""
    simplified, traditional = await world.search("苹果手机壳"), await world.search("蘋果手機殼")
    assert ids(simplified.results)[0] == "z3"
    assert ids(simplified.results) == ids(traditional.results)


async def test_limits_hold(world):
    """Every product satisfies the price and the negation, and both are reported as applied."""
    response = await world.search("headphones", limit("price", high=2000), limit("brand", none_of=["Sony"]))
    assert ids(response.results)[:2] in (["h3", "h4"], ["h4", "h3"])
    assert all(r.product.price.units <= 2000 and r.product.brand != "Sony" for r in response.results)
    assert [o.outcome for o in response.constraint_outcomes] == [Outcome.OUTCOME_APPLIED] * 2


async def test_what_is_out_of_stock_is_left_out(world):
    """Unless a limit speaks of availability."""
    assert "h5" not in ids((await world.search("airpods max")).results)
    asked = await world.search("airpods max", limit("availability", any_of=["out_of_stock"]))
    assert ids(asked.results) == ["h5"]


async def test_variants_collapse(world):
    """One product of a group is shown, all of them when asked."""
    response = await world.search("iPhone 16")
    assert len({"p1", "p2"} & set(ids(response.results))) == 1
    spec = pb.SearchSpec(expand_groups=True)
    assert {"p1", "p2"} <= set(ids((await world.search("iPhone 16", spec=spec)).results))


async def test_counts(world):
    """total_size counts what the limits leave, matched_size what of it the query names."""
    response = await world.search("headphones", limit("price", high=2500))
    assert response.total_size == 9 + 1
    assert response.matched_size == 4


async def test_an_empty_query_lists_the_most_popular(world):
    """Browsing starts with the most rated product."""
    response = await world.search("")
    assert ids(response.results)[:3] == ["h1", "h3", "h2"]
    assert response.results[0].reasons == ["POPULAR", "HIGHLY_RATED"]


async def test_a_wish_ranks_and_filters_nothing(world):
    """A preferred brand comes first, the others stay."""
    response = await world.search("headphones", wish("brand", any_of=["JBL"]))
    assert ids(response.results)[0] == "h4"
    assert {"h1", "h2", "h3"} <= set(ids(response.results))
    assert response.constraint_outcomes[0].reason == "SOFT_PREFERENCE"
    assert "MATCHES_BRAND" in response.results[0].reasons


async def test_a_limit_gives_way_and_says_so(world):
    """Nothing under 100 in the category: the nearest price is offered, as it exists, and the relaxed limit holds."""
    response = await world.search(
        "headphones", limit("price", high=100), wish("category", any_of=["Headphones"])
    )
    outcome = response.constraint_outcomes[0]
    assert (outcome.outcome, outcome.reason, outcome.nearest_value) == (
        Outcome.OUTCOME_RELAXED,
        "NO_MATCH",
        229.5,
    )
    assert ids(response.results)[0] == "h4"
    assert all(
        r.product.price.units + r.product.price.nanos / 1e9 <= outcome.relaxed_to.range.maximum
        for r in response.results
    )


async def test_a_refused_brand_is_never_given_up_for_a_price(world):
    """The negation holds, the price moves."""
    response = await world.search(
        "headphones",
        limit("price", high=300),
        limit("brand", none_of=["JBL"]),
        wish("category", any_of=["Headphones"]),
    )
    assert [o.outcome for o in response.constraint_outcomes[:2]] == [
        Outcome.OUTCOME_RELAXED,
        Outcome.OUTCOME_APPLIED,
    ]
    assert ids(response.results)[0] == "h2"
    assert "h4" not in ids(response.results)


async def test_what_was_given_up_has_an_alternative(world):
    """The colour gives way to the price; the product that has the colour is named."""
    response = await world.search(
        "running shoes",
        limit("attributes.color", any_of=["red"]),
        limit("price", high=1000),
        wish("category", any_of=["Running shoes"]),
    )
    assert ids(response.results)[0] == "s1"
    assert response.constraint_outcomes[0].outcome == Outcome.OUTCOME_DROPPED
    assert response.constraint_outcomes[0].alternative_product_id == "s3"
    assert ids(response.alternatives) == ["s3"]


async def test_relaxation_can_be_forbidden(world):
    """Then the list is empty rather than wrong."""
    spec = pb.SearchSpec(forbid_relaxation=True)
    response = await world.search("headphones", limit("price", high=1), spec=spec)
    assert not response.results
    assert response.total_size == 0


async def test_a_platform_filter_is_never_relaxed(world):
    """A filter that nothing passes gives an empty list."""
    condition = query_pb2.Condition(field="brand", any_of=query_pb2.TextSet(values=["Nobody"]))
    response = await world.search("headphones", filter=query_pb2.Filter(conditions=[condition]))
    assert not response.results


@pytest.mark.parametrize(
    ("constraint", "reason"),
    [
        (limit("attributes.smell", any_of=["rose"]), "UNKNOWN_FIELD"),
        (limit("price", high=10, currency="EUR"), "NOT_COMPARABLE"),
        (limit("brand", low=3), "NOT_COMPARABLE"),
        (query_pb2.Constraint(strength=UNSUPPORTED, evidence="feels nice"), "UNSUPPORTED"),
        (limit("brand", any_of=["Nobody"]), "UNKNOWN_VALUE"),
        (wish("brand", any_of=["Nobody"]), "NO_MATCH"),
    ],
)
async def test_what_cannot_be_applied_is_said(world, constraint, reason):
    """A constraint that the catalogue cannot express is dropped with its reason; the search goes on."""
    response = await world.search("headphones", constraint)
    assert (response.constraint_outcomes[0].outcome, response.constraint_outcomes[0].reason) == (
        Outcome.OUTCOME_DROPPED,
        reason,
    )
    assert response.results


async def test_pages_follow_each_other(world):
    """Pages of any size give the whole list in order, without repeats or gaps."""
    whole = ids((await world.search("headphones", page_size=100)).results)
    pages, token = [], ""
    while True:
        response = await world.search("headphones", page_size=4, page_token=token)
        pages += ids(response.results)
        token = response.next_page_token
        if not token:
            break
    assert pages == whole


async def test_a_token_belongs_to_its_request(world):
    """A tampered token, or one of another query, is refused with its reason."""
    token = (await world.search("headphones", page_size=2)).next_page_token
    for query, bad in (("shoes", token), ("headphones", token[:-4] + "AAAA"), ("headphones", "rubbish")):
        error = await refused(world.search(query, page_size=2, page_token=bad))
        assert isinstance(error, InvalidArgument)
        assert error.reason == "PAGE_TOKEN_MISMATCH"


async def test_orders(world):
    """From the cheapest, among what the query names."""
    response = await world.search("headphones", ordering=query_pb2.Ordering(field="price"))
    prices = [r.product.price.units for r in response.results]
    assert prices == sorted(prices)
    assert ids(response.results)[0] == "h4"


async def test_facets(world):
    """Values with counts over everything that the limits leave, and ranges of numbers."""
    spec = pb.SearchSpec(facet_fields=["brand", "price", "attributes.battery", "availability"])
    condition = query_pb2.Condition(field="category", any_of=query_pb2.TextSet(values=["headphones"]))
    response = await world.search("", spec=spec, filter=query_pb2.Filter(conditions=[condition]))
    brand, price, battery, availability = response.facets
    assert {v.value: v.count for v in brand.values} == {"Sony": 2, "Bose": 1, "JBL": 1}
    assert (price.minimum, price.maximum) == (229.5, 2499)
    assert (battery.minimum, battery.maximum) == (24, 50)
    assert {v.value: v.count for v in availability.values} == {"unknown": 4}


@pytest.mark.parametrize(
    ("view", "filled"),
    [(query_pb2.PRODUCT_VIEW_ID, 0), (query_pb2.PRODUCT_VIEW_BASIC, 1), (query_pb2.PRODUCT_VIEW_FULL, 2)],
)
async def test_views(world, view, filled):
    """Each view carries more of the product."""
    found = (await world.search("WH-1000XM5", view=view)).results[0]
    assert bool(found.product.title) == (filled >= 1)
    assert bool(found.product.attributes) == (filled == 2)


async def test_a_given_vector_saves_the_encoder(world):
    """The encoder is not asked when the query comes with its vector."""
    before = world.encoder.embedded
    given = query_pb2.QueryVector(
        values=direction("Canvas tote bag").tolist(), encoder_fingerprint=FINGERPRINT
    )
    response = await world.search("tote", query_vector=given)
    assert ids(response.results)[0] == "b2"
    assert world.encoder.embedded == before


@pytest.mark.parametrize(
    ("values", "fingerprint", "code", "reason"),
    [
        (direction("x").tolist(), "other@1/384/e5", grpc.StatusCode.FAILED_PRECONDITION, "ENCODER_MISMATCH"),
        ([1.0, 0.0], FINGERPRINT, grpc.StatusCode.INVALID_ARGUMENT, "FIELD_OUT_OF_RANGE"),
        ([math.nan] * DIMENSION, FINGERPRINT, grpc.StatusCode.INVALID_ARGUMENT, "FIELD_MALFORMED"),
        ([1.0] * DIMENSION, FINGERPRINT, grpc.StatusCode.INVALID_ARGUMENT, "FIELD_OUT_OF_RANGE"),
    ],
)
async def test_a_wrong_vector_is_refused(world, values, fingerprint, code, reason):
    """Another encoder, another length, not a number, not normalised: never compared."""
    given = query_pb2.QueryVector(values=values, encoder_fingerprint=fingerprint)
    error = await refused(world.search("headphones", query_vector=given))
    assert (error.code, error.reason) == (code, reason)


async def test_another_encoder_on_the_server_is_refused(world):
    """When the served model changed, a search fails instead of returning noise."""
    world.encoder.name = "other@1/384/e5"
    error = await refused(world.search("headphones"))
    assert error.reason == "ENCODER_MISMATCH"


async def test_without_the_encoder_words_still_find(world):
    """The answer is sparse only and says so."""
    world.encoder.error = Unavailable("text_encoder")
    response = await world.search("WH-1000XM5")
    assert ids(response.results)[0] == "h1"
    assert [(d.component, d.fallback) for d in response.degradations] == [("text_encoder", "SPARSE_ONLY")]


def bad_filter(**fields):
    """Return a filter with one condition."""
    return {"filter": query_pb2.Filter(conditions=[query_pb2.Condition(**fields)])}


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"query": "x" * 100_000}, "query"),
        ({"query": "shoes\x00"}, "query"),
        ({"catalog": ""}, "catalog"),
        ({"catalog": "shop"}, "catalog"),
        ({"catalog": "catalogs/UPPER"}, "catalog"),
        ({"page_size": -1}, "page_size"),
        (bad_filter(field="colour", any_of=query_pb2.TextSet(values=["red"])), "filter.conditions[0]"),
        (bad_filter(field="brand"), "filter.conditions[0]"),
        (bad_filter(field="brand", any_of=query_pb2.TextSet()), "filter.conditions[0].any_of.values"),
        (bad_filter(field="price", range=query_pb2.NumberRange()), "filter.conditions[0].range"),
        (bad_filter(field="price", range=query_pb2.NumberRange(minimum=9, maximum=1)), "filter.conditions[0].range"),
        (bad_filter(field="price", range=query_pb2.NumberRange(maximum=math.nan)), "filter.conditions[0].range.maximum"),
        (bad_filter(field="price", currency_code="yuan", range=query_pb2.NumberRange(maximum=1)),
         "filter.conditions[0].currency_code"),
        ({"constraints": [query_pb2.Constraint(strength=query_pb2.Constraint.STRENGTH_HARD)]}, "constraints[0].condition"),
        ({"constraints": [limit("brand", any_of=["x"])] * 33}, "constraints"),
        ({"spec": pb.SearchSpec(facet_fields=["nothing"])}, "spec.facet_fields[0]"),
        ({"spec": pb.SearchSpec(diversity=1.5)}, "spec.diversity"),
        ({"spec": pb.SearchSpec(diversity=-0.1)}, "spec.diversity"),
        ({"spec": pb.SearchSpec(personalization=2)}, "spec.personalization"),
        ({"spec": pb.SearchSpec(personalization=math.nan)}, "spec.personalization"),
        ({"ordering": query_pb2.Ordering(field="brand")}, "ordering.field"),
        ({"shopper": query_pb2.Shopper(visitor_id="v", currency_code="¥")}, "shopper.currency_code"),
    ],
)  # fmt: skip
async def test_bad_input_names_the_field(world, fields, field):
    """Every malformed request is INVALID_ARGUMENT and names the field."""
    error = await refused(world.search(**({"query": "shoes"} | fields)))
    assert isinstance(error, InvalidArgument)
    assert error.violations[0].field == field


async def test_an_unknown_catalog_is_not_found(world):
    """The error carries the name."""
    error = await refused(world.search("shoes", catalog="catalogs/nowhere"))
    assert (error.code, error.reason) == (grpc.StatusCode.NOT_FOUND, "CATALOG_NOT_FOUND")


@pytest.mark.parametrize(
    "fields",
    [
        {"image": query_pb2.ImageQuery(uri="https://example.com/shoe.jpg")},
    ],
)
async def test_what_is_not_offered_is_unimplemented(world, fields):
    """Not ignored."""
    assert (await refused(world.search("shoes", **fields))).code is grpc.StatusCode.UNIMPLEMENTED


async def test_prices_in_several_currencies_are_never_mixed(empty):
    """A limit in dollars leaves out products priced in yuan, however cheap; without a currency it is not compared."""
    await empty.fill([product("cny", "blue mug", 5), product("usd", "blue mug large", 5, currency="USD")])
    response = await empty.search("mug", limit("price", high=10, currency="USD"))
    assert ids(response.results) == ["usd"]
    response = await empty.search("mug", limit("price", high=10))
    assert response.constraint_outcomes[0].reason == "NOT_COMPARABLE"
    assert len(response.results) == 2
    shopper = query_pb2.Shopper(visitor_id="v", currency_code="CNY")
    assert ids((await empty.search("mug", limit("price", high=10), shopper=shopper)).results) == ["cny"]


async def test_the_same_question_gets_the_same_answer(world):
    """Orders do not change from call to call, scores only below what an engine's arithmetic can tell."""
    first, *others = [(await world.search("black phone")).results for _ in range(5)]
    for other in others:
        assert ids(other) == ids(first)
        assert [r.score for r in other] == pytest.approx([r.score for r in first], abs=2e-6)


async def test_timings_name_the_stages(world):
    """A response says where its time went."""
    response = await world.search("headphones")
    assert {"encode", "candidates", "rank", "products"} <= {t.stage for t in response.timings}
    assert response.attribution_token
    assert CATALOG.removeprefix("catalogs/") not in response.attribution_token


async def test_limits_that_something_satisfies_are_never_answered_with_nothing(world):
    """Without the encoder, words that no product within the limits has still find what satisfies the limits."""
    world.encoder.error = Unavailable("text_encoder")
    response = await world.search("zzzz", limit("brand", any_of=["Bose"]))
    assert ids(response.results) == ["h3"]
    assert [o.outcome for o in response.constraint_outcomes] == [query_pb2.ConstraintOutcome.OUTCOME_APPLIED]
    assert not (await world.search("zzzz")).results
