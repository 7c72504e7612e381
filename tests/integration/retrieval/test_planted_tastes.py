"""The demo catalogue's planted tastes and complements, found on a real Qdrant engine."""

from collections import defaultdict

import pytest

from fakes.demo_events import demo_events, demo_products, kind_of, planted
from fakes.retrieval_tastes import remember
from fakes.retrieval_world import CATALOG
from shopguide.retrieval.v1 import retrieval_service_pb2 as pb
from shopguide.type.v1 import query_pb2
from shopguide_devstack.catalogue.shoppers import taste_groups

pytestmark = pytest.mark.anyio

AT_ONCE = 128
OF_EACH_GROUP = 16
ASKED_OF_EACH_GROUP = 3
ANCHORS_OF_EACH_KIND = 3

LEAST_OWN_SHARE = 0.65
"""Of the products recommended, those of the kinds that the shopper's group was planted with; by chance about .25."""

LEAST_COMPLEMENTS = 0.75
"""Of the products of bundles, those of the kinds that were planted to go with the anchor; by chance about .05."""

MOST_EMPTY = 0.3


def chosen_shoppers():
    """Return some shoppers of each group with the group's name."""
    members = defaultdict(list)
    for shopper, group in sorted(planted()["shopper_groups"].items()):
        members[group].append(shopper)
    return {s: g for g, all_ in members.items() for s in all_[: 2 * OF_EACH_GROUP]}


async def test_planted_tastes_and_complements_are_found(world):
    """Shoppers get the kinds of their own group far more often than chance, bundles what was planted to go together."""
    groups = chosen_shoppers()
    products, events = demo_products("en"), demo_events("en", groups)
    for start in range(0, len(products), AT_ONCE):
        await world.fill(products[start : start + AT_ONCE])
    await remember(world, *sorted(events, key=lambda e: e.shopper.visitor_id))
    assert await own_share(world, groups, events) >= LEAST_OWN_SHARE
    assert await complement_share(world, [p.id for p in products]) >= LEAST_COMPLEMENTS


async def own_share(world, groups, events):
    """Return the share of recommended products that are of a kind of the shopper's group."""
    kinds = {g.id: {k.replace("_", "-") for k in g.kinds} for g in taste_groups()}
    active = dict.fromkeys(e.shopper.visitor_id for e in events)
    asked = defaultdict(list)
    for shopper in active:
        asked[groups[shopper]].append(shopper)
    own = []
    for group, shoppers in asked.items():
        for shopper in shoppers[:ASKED_OF_EACH_GROUP]:
            request = pb.RecommendRequest(
                catalog=CATALOG, shopper=query_pb2.Shopper(visitor_id=shopper), page_size=10, exploration=0.0
            )
            answer = await world.read.Recommend(request)
            assert answer.basis == pb.RecommendResponse.BASIS_PERSONAL
            assert len(answer.results) == 10
            own += [kind_of(r.product_id) in kinds[group] for r in answer.results]
    return sum(own) / len(own)


async def complement_share(world, product_ids):
    """Return the share of bundled products that are of a kind planted to go with the anchor's.

    A bundle may stay empty where so few shoppers bought the anchor's kind that nothing can be learned; most may not.
    """
    partners = defaultdict(set)
    for pair in planted()["complements"]:
        partners[pair["anchor"].replace("_", "-")].add(pair["partner"].replace("_", "-"))
    fitting, empty = [], []
    for kind, wanted in partners.items():
        for anchor in [i for i in product_ids if kind_of(i) == kind][:ANCHORS_OF_EACH_KIND]:
            answer = await world.read.FindBundle(pb.FindBundleRequest(catalog=CATALOG, product_ids=[anchor]))
            empty.append(not answer.results)
            fitting += [kind_of(r.product_id) in wanted for r in answer.results]
    assert sum(empty) <= MOST_EMPTY * len(empty)
    return sum(fitting) / len(fitting)
