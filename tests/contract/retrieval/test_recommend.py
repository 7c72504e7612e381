"""Recommend, FindBundle and ListTrending over a real channel, with planted tastes."""

import pytest

from fakes.retrieval_catalogue import refused
from fakes.retrieval_tastes import bought, crowd, remember, stock
from fakes.retrieval_world import CATALOG, FINGERPRINT, ids, limit, money, product
from fakes.shopper_events import forgetting
from shopguide.retrieval.v1 import retrieval_service_pb2 as pb
from shopguide.type.v1 import query_pb2
from shopguide_runtime.errors import InvalidArgument, NotFound

pytestmark = pytest.mark.anyio

PERSONAL, POPULAR, CONTEXT = (
    pb.RecommendResponse.BASIS_PERSONAL,
    pb.RecommendResponse.BASIS_POPULAR,
    pb.RecommendResponse.BASIS_CONTEXT,
)


@pytest.fixture
async def tastes(empty):
    """A service with planted tastes."""
    await empty.fill(stock())
    await remember(empty, *crowd())
    return empty


async def recommend(world, visitor="ann", **fields):
    """Return a recommendation without exploration."""
    shopper = query_pb2.Shopper(visitor_id=visitor, user_id=fields.pop("user", ""))
    defaults = {"catalog": CATALOG, "shopper": shopper, "page_size": 6, "exploration": 0.0}
    return await world.read.Recommend(pb.RecommendRequest(**defaults | fields))


async def bundle(world, *product_ids, **fields):
    """Return a bundle."""
    return await world.read.FindBundle(
        pb.FindBundleRequest(**{"catalog": CATALOG, "product_ids": product_ids} | fields)
    )


def kinds(results):
    """Return the planted kinds of products."""
    return {r.product_id.rstrip("0123456789") for r in results}


def filtered(field, **test):
    """Return a filter of one condition."""
    return query_pb2.Filter(conditions=[limit(field, **test).condition])


async def test_a_runner_gets_what_runners_buy(tastes):
    """Who bought one pair of shoes gets shoes and watches, because shoppers alike have them."""
    await remember(tastes, bought("ann", 1, "shoe1"))
    found = await recommend(tastes)
    assert found.basis == PERSONAL
    assert kinds(found.results[:4]) <= {"shoe", "watch"}
    assert "ALIKE_SHOPPERS" in found.results[0].reasons
    assert found.results[0].signal_scores["collaborative"] == 1.0


async def test_this_visit_outweighs_the_past(tastes):
    """A runner who looks at keyboards now gets what goes on from keyboards first."""
    await remember(tastes, bought("ann", 30, "shoe1"))
    found = await recommend(tastes, context_product_ids=["keyboard1"])
    assert kinds(found.results[:2]) <= {"mouse", "keyboard"}


async def test_an_unknown_shopper_gets_what_fits_the_context(tastes):
    """Without a history the products of this visit decide, and the answer says so."""
    found = await recommend(tastes, "nobody", context_product_ids=["mouse1"])
    assert found.basis == CONTEXT
    assert kinds(found.results[:3]) <= {"mouse", "keyboard"}


async def test_an_unknown_shopper_without_context_gets_what_is_popular(tastes):
    """Nothing known at all is no error."""
    found = await recommend(tastes, "nobody")
    assert found.basis == POPULAR
    assert len(found.results) == 6
    assert all(r.reasons for r in found.results)


async def test_unknown_context_products_are_no_error(tastes):
    """Ids that the catalogue does not have leave the answer popular."""
    found = await recommend(tastes, "nobody", context_product_ids=["gone", "never-there"])
    assert found.basis == POPULAR
    assert found.results


async def test_a_catalogue_without_events_recommends_all_the_same(world):
    """Before the first event the context and popularity carry the answer."""
    found = await recommend(world, context_product_ids=["h1"])
    assert found.basis == CONTEXT
    assert set(ids(found.results)) & {"h2", "h3", "h4"}
    assert "h1" not in ids(found.results)


async def test_what_was_bought_is_left_out(tastes):
    """A durable product that the shopper owns is not recommended."""
    await remember(tastes, bought("ann", 1, "shoe1"), bought("ann", 2, "watch2"))
    assert not {"shoe1", "watch2"} & set(ids((await recommend(tastes, page_size=40)).results))


async def test_a_consumable_comes_back_when_it_is_due(tastes):
    """Coffee bought a month ago is due again, coffee bought yesterday is not."""
    await remember(tastes, bought("ann", 31, "coffee1"), bought("bob", 1, "coffee1"))
    ann, bob = await recommend(tastes, "ann"), await recommend(tastes, "bob", page_size=40)
    assert ids(ann.results)[0] == "coffee1"
    assert "REPURCHASE_DUE" in ann.results[0].reasons
    assert not [r for r in bob.results if "REPURCHASE_DUE" in r.reasons]
    assert "coffee1" not in ids(bob.results)[:6]


async def test_an_event_shows_in_the_next_recommendation(tastes):
    """What was written is known to the very next call."""
    before = await recommend(tastes, "eve")
    await remember(tastes, bought("eve", 0.01, "keyboard2"))
    after = await recommend(tastes, "eve")
    assert (before.basis, after.basis) == (POPULAR, PERSONAL)
    assert kinds(after.results[:2]) <= {"mouse", "keyboard"}


async def test_a_signed_in_shopper_keeps_the_history_of_the_device(tastes):
    """The events of the visitor and of the user count together."""
    await remember(tastes, bought("ann", 1, "shoe1"))
    found = await recommend(tastes, "ann", user="u-ann")
    assert found.basis == PERSONAL
    assert kinds(found.results[:2]) <= {"shoe", "watch"}


async def test_hard_limits_hold(tastes):
    """Filter and hard constraint hold for every product, whatever its score."""
    await remember(tastes, bought("ann", 1, "shoe1"))
    found = await recommend(
        tastes,
        page_size=40,
        filter=filtered("price", high=80.0),
        constraints=[limit("category", any_of=["Sport watches"])],
        view=query_pb2.PRODUCT_VIEW_FULL,
    )
    assert found.results
    assert all(r.product.price.units <= 80 for r in found.results)
    assert kinds(found.results) == {"watch"}
    assert len(found.constraint_outcomes) == 1


async def test_a_limit_that_nothing_satisfies_is_relaxed_and_said(tastes):
    """With an impossible price the answer says what holds instead."""
    found = await recommend(tastes, constraints=[limit("price", high=1.0)])
    assert found.results
    assert found.constraint_outcomes[0].outcome in (
        query_pb2.ConstraintOutcome.OUTCOME_RELAXED,
        query_pb2.ConstraintOutcome.OUTCOME_DROPPED,
    )


async def test_a_query_says_what_kind_of_product(tastes):
    """A runner who asks for a lamp gets lamps."""
    await remember(tastes, bought("ann", 1, "shoe1"))
    found = await recommend(tastes, query="desk lamp")
    assert kinds(found.results) == {"lamp"}
    assert all("MATCHES_QUERY" in r.reasons for r in found.results)


async def test_excluded_products_and_those_of_the_visit_are_left_out(tastes):
    """Neither the excluded nor the products in view come back."""
    found = await recommend(
        tastes, page_size=40, context_product_ids=["shoe1"], exclude_product_ids=["watch1", "shoe2"]
    )
    assert not {"shoe1", "watch1", "shoe2"} & set(ids(found.results))


async def test_variants_are_grouped(tastes):
    """Of two colours of a product one stands in the list."""
    await tastes.fill(
        [
            product(
                f"shoe7-{c}",
                f"running shoes {c}",
                70.0,
                group_id="shoe7",
                category_path=["Shop", "Running shoes"],
            )
            for c in ("red", "blue")
        ]
    )
    found = await recommend(tastes, context_product_ids=["shoe1"], page_size=40)
    assert len([i for i in ids(found.results) if i.startswith("shoe7")]) == 1


async def test_exploration_gives_places_to_products_nobody_tried(tastes):
    """A share of the places goes to untouched products, the same ones all day."""
    await remember(tastes, bought("ann", 1, "shoe1"))
    first = await recommend(tastes, page_size=10, exploration=0.3)
    second = await recommend(tastes, page_size=10, exploration=0.3)
    new = [r for r in first.results if "NEW_ARRIVAL" in r.reasons]
    assert len(new) == 3
    assert ids(first.results) == ids(second.results)
    assert not [r for r in (await recommend(tastes)).results if "NEW_ARRIVAL" in r.reasons]


async def test_a_list_has_variety(tastes):
    """A runner's list holds more than one category."""
    await remember(tastes, bought("ann", 1, "shoe1"))
    assert len(kinds((await recommend(tastes, page_size=8)).results)) > 1


async def test_an_erased_shopper_is_nobody(tastes):
    """After erasure the shopper is unknown, and no neighbour of others."""
    await remember(tastes, bought("ann", 1, "shoe1"))
    await tastes.write.EraseShopper(forgetting(visitor_id="ann"))
    assert (await recommend(tastes, "ann")).basis == POPULAR


async def test_bundles_hold_what_is_bought_together(tastes):
    """A case goes with a phone, with the reason and the total."""
    found = await bundle(tastes, "phone1")
    assert kinds(found.results) == {"case"}
    assert "COMPLEMENTS:phone1" in found.results[0].reasons
    assert found.total_price.units == sum(r.product.price.units for r in found.results)


async def test_a_product_nobody_bought_gets_complements_by_category(tastes):
    """The untouched phone gets a case because phones do."""
    found = await bundle(tastes, "phone6")
    assert kinds(found.results) == {"case"}
    assert "BOUGHT_TOGETHER" not in found.results[0].reasons


async def test_the_same_role_is_no_complement(tastes):
    """No phone completes a phone, no product of the request comes back."""
    found = await bundle(tastes, "phone1", "case1", max_products=10)
    assert not kinds(found.results) & {"phone", "case"}


async def test_the_budget_holds_for_all_added_products(tastes):
    """What is added costs at most the budget together, and the dearer choice gives way."""
    budget = query_pb2.Budget(total=money(65))
    found = await bundle(tastes, "phone1", budget=budget)
    assert ids(found.results) == ["case1"]
    assert (await bundle(tastes, "phone1", budget=query_pb2.Budget(total=money(5)))).results == []


async def test_bundle_limits_hold(tastes):
    """A hard limit holds for what is added."""
    found = await bundle(tastes, "phone1", constraints=[limit("price", high=80.0)])
    assert all(r.product.price.units <= 80 for r in found.results)


async def test_duplicate_and_unknown_ids_of_a_bundle(tastes):
    """A repeated id counts once, unknown ids are listed, and only unknown ones give nothing."""
    once, twice = await bundle(tastes, "phone1"), await bundle(tastes, "phone1", "phone1", "gone")
    assert ids(once.results) == ids(twice.results)
    assert twice.missing_ids == ["gone"]
    nothing = await bundle(tastes, "gone", "also-gone")
    assert (list(nothing.results), list(nothing.missing_ids)) == ([], ["gone", "also-gone"])


async def test_without_purchases_nothing_is_claimed_to_go_together(world):
    """A catalogue without events adds nothing rather than anything."""
    assert (await bundle(world, "h1")).results == []


async def test_what_rises_stands_first(tastes):
    """A lamp that many look at this week leads, popular products fill the list."""
    await remember(tastes, *(bought(f"v{i}", 1, "lamp3", kind="VIEW") for i in range(30)))
    found = await tastes.read.ListTrending(pb.ListTrendingRequest(catalog=CATALOG, page_size=10))
    assert found.results[0].product_id == "lamp3"
    assert "TRENDING" in found.results[0].reasons
    assert len(found.results) == 10
    assert list(found.results[-1].reasons) == ["POPULAR"]


async def test_trending_without_events_is_what_is_popular(world):
    """No events, no trend, no error."""
    found = await world.read.ListTrending(pb.ListTrendingRequest(catalog=CATALOG, page_size=3))
    assert len(found.results) == 3
    assert all(list(r.reasons) == ["POPULAR"] for r in found.results)


BAD = {
    "no shopper": ({"shopper": query_pb2.Shopper()}, "shopper.visitor_id"),
    "too many context ids": (
        {"context_product_ids": [f"p{i}" for i in range(10_000)]},
        "context_product_ids",
    ),
    "too many excluded": ({"exclude_product_ids": ["p"] * 201}, "exclude_product_ids"),
    "exploration above 1": ({"exploration": 1.5}, "exploration"),
    "exploration below 0": ({"exploration": -0.1}, "exploration"),
    "exploration not a number": ({"exploration": float("nan")}, "exploration"),
    "negative page": ({"page_size": -1}, "page_size"),
    "unknown attribute": ({"filter": filtered("attributes.none", any_of=["x"])}, "filter.conditions[0]"),
    "inverted range": ({"filter": filtered("price", low=9, high=1)}, "filter.conditions[0].range"),
    "long query": ({"query": "x" * 2001}, "query"),
    "an empty id": ({"context_product_ids": [""]}, "context_product_ids[0]"),
    "currency": (
        {"shopper": query_pb2.Shopper(visitor_id="a", currency_code="yuan")},
        "shopper.currency_code",
    ),
}


@pytest.mark.parametrize("name", BAD)
async def test_bad_input_is_named(world, name):
    """Every malformed request names its field."""
    fields, wanted = BAD[name]
    error = await refused(recommend(world, **fields))
    assert isinstance(error, InvalidArgument)
    assert wanted in {v.field for v in error.violations}


@pytest.mark.parametrize("values", [[float("nan")] * 384, [1.0], [0.0] * 384])
async def test_a_bad_vector_is_named(world, values):
    """A vector of other length, with NaN or of length 0 is refused."""
    given = query_pb2.QueryVector(values=values, encoder_fingerprint=FINGERPRINT)
    error = await refused(recommend(world, query="lamp", query_vector=given))
    assert {v.field for v in error.violations} == {"query_vector.values"}


async def test_bad_bundles_are_named(world):
    """No ids, too many, a negative number, a budget in an unknown currency: each names its field."""
    cases = {
        "product_ids": bundle(world),
        "max_products": bundle(world, "h1", max_products=-1),
        "budget.total.currency_code": bundle(world, "h1", budget=query_pb2.Budget(total=money(5, "EUR"))),
    }
    for field, call in cases.items():
        assert field in {v.field for v in (await refused(call)).violations}
    many = await refused(bundle(world, *(f"p{i}" for i in range(10_000))))
    assert many.violations[0].field == "product_ids"


@pytest.mark.parametrize("seconds", [0, 60, 91 * 86_400])
async def test_a_window_out_of_range_is_named(world, seconds):
    """A window is an hour to ninety days."""
    request = pb.ListTrendingRequest(catalog=CATALOG)
    request.window.FromSeconds(seconds)
    error = await refused(world.read.ListTrending(request))
    assert {v.field for v in error.violations} == {"window"}


async def test_an_unknown_catalogue_is_not_found(empty):
    """Each method names the catalogue."""
    assert isinstance(await refused(recommend(empty)), NotFound)
    assert isinstance(await refused(bundle(empty, "p")), NotFound)
