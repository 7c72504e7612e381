"""What must hold of the shoppers and their events."""

from collections import Counter, defaultdict
from datetime import datetime, timedelta

import pytest

from shopguide_devstack.catalogue import Catalogue
from shopguide_devstack.catalogue.model import Event, Product


@pytest.fixture(scope="module")
def events(catalogue: Catalogue) -> list[Event]:
    """Return all events."""
    return list(catalogue.events())


@pytest.fixture(scope="module")
def leaf_of(products: list[Product], catalogue: Catalogue) -> dict[str, str]:
    """Return the identifier of the leaf category of every product."""
    names = {node.labels[lang][0]: node.id for node in catalogue.categories() for lang in ("zh", "en")}
    return {product.id: names[product.category_path[-1]] for product in products}


def bought_kinds(events: list[Event], leaf_of: dict[str, str]) -> dict[str, set[str]]:
    """Return the kinds that each shopper bought."""
    kinds = defaultdict(set)
    for event in events:
        if event.type == "TYPE_PURCHASE":
            kinds[event.visitor_id].update(leaf_of[line.product_id] for line in event.lines)
    return kinds


def test_floors(events: list[Event]) -> None:
    """At least 500 shoppers did at least 15,000 things, each with an id of its own."""
    assert len({event.visitor_id for event in events}) >= 500
    assert len({event.event_id for event in events}) == len(events) >= 15000


def test_events_are_complete(events: list[Event], products: list[Product]) -> None:
    """Events name existing products of one language a shopper, and purchases say what was paid."""
    language = {product.id: product.language_code for product in products}
    spoken = defaultdict(set)
    for event in events:
        assert event.lines
        spoken[event.visitor_id].update(language[line.product_id] for line in event.lines)
        assert all((line.unit_price is not None) == (event.type == "TYPE_PURCHASE") for line in event.lines)
    assert {len(languages) for languages in spoken.values()} == {1}


def test_events_are_ordered_and_cover_six_months(events: list[Event]) -> None:
    """Events are sorted by time and span about half a year."""
    times = [datetime.fromisoformat(event.event_time) for event in events]
    assert times == sorted(times)
    assert timedelta(days=170) <= times[-1] - times[0] <= timedelta(days=190)


def test_funnel_narrows(events: list[Event]) -> None:
    """There are more views than carts and more carts than purchases."""
    counts = Counter(event.type for event in events)
    assert counts["TYPE_VIEW"] > counts["TYPE_ADD_TO_CART"] > counts["TYPE_PURCHASE"] > 1000


def test_taste_groups_are_planted_but_not_in_the_events(catalogue: Catalogue, events: list[Event]) -> None:
    """At least eight groups of at least thirty shoppers stand in the truth file, which names every shopper."""
    groups = catalogue.truth()["shopper_groups"]
    sizes = Counter(groups.values())
    assert len(sizes) >= 8
    assert min(sizes.values()) >= 30
    assert {event.visitor_id for event in events} <= groups.keys()


def test_groups_buy_what_they_like(
    catalogue: Catalogue, events: list[Event], leaf_of: dict[str, str]
) -> None:
    """Shoppers who love coffee buy beans far more often than others."""
    groups = catalogue.truth()["shopper_groups"]
    buyers = bought_kinds(events, leaf_of)
    rate = {
        inside: sum(
            "coffee_beans" in kinds
            for visitor, kinds in buyers.items()
            if (groups[visitor] == "coffee_lover") is inside
        )
        / sum((groups[visitor] == "coffee_lover") is inside for visitor in buyers)
        for inside in (True, False)
    }
    assert rate[True] > 4 * rate[False]


def test_complements_are_bought_together(
    catalogue: Catalogue, events: list[Event], leaf_of: dict[str, str]
) -> None:
    """For every planted pair, buyers of the anchor buy the partner more often than all buyers do."""
    buyers = bought_kinds(events, leaf_of)
    for pair in catalogue.truth()["complements"]:
        anchors = [kinds for kinds in buyers.values() if pair["anchor"] in kinds]
        share = sum(pair["partner"] in kinds for kinds in anchors) / len(anchors)
        overall = sum(pair["partner"] in kinds for kinds in buyers.values()) / len(buyers)
        assert share > 1.5 * overall, pair


def test_some_orders_hold_several_products(events: list[Event]) -> None:
    """Complements often stand in the same order."""
    assert sum(event.type == "TYPE_PURCHASE" and len(event.lines) > 1 for event in events) >= 150


def test_cases_are_bought_for_the_phone(
    events: list[Event], products: list[Product], leaf_of: dict[str, str]
) -> None:
    """A case in the same order as a phone fits the phone's brand."""
    by_id = {product.id: product for product in products}
    checked = 0
    for event in (event for event in events if event.type == "TYPE_PURCHASE" and len(event.lines) > 1):
        by_kind = {leaf_of[line.product_id]: by_id[line.product_id] for line in event.lines}
        if {"phones", "phone_cases"} <= by_kind.keys():
            assert by_kind["phones"].brand in by_kind["phone_cases"].attributes["fits_brand"].texts
            checked += 1
    assert checked >= 10
