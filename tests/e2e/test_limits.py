"""What the shopper sets as a limit holds exactly, or the answer says what gave way."""

import pytest

from fakes.demo_shop import CATALOG
from fakes.shopper import number, price, texts
from shopguide.type.v1 import query_pb2

Outcome = query_pb2.ConstraintOutcome


def test_chinese_limits_hold_in_every_product(shopper):
    """两千以内, 降噪 and 不要入耳式 hold for everything shown, and are reported as applied."""
    turn = shopper().say("两千以内的降噪耳机，不要入耳式的")
    assert turn.products
    for product in turn.products:
        assert product.price.currency_code == "CNY"
        assert price(product) <= 2000
        assert number(product, "noise_cancelling") == 1
        assert texts(product, "form") != ["入耳式"]
    for field in ("price", "attributes.noise_cancelling", "attributes.form"):
        assert turn.outcome(field).outcome == Outcome.OUTCOME_APPLIED


@pytest.mark.parametrize(
    ("words", "holds"),
    [
        ("headphones under $100, not Norte", lambda p: price(p) <= 100 and p.brand != "Norte"),
        ("only Soundvale headphones", lambda p: p.brand == "Soundvale"),
        ("headphones with at least 40 hours of battery", lambda p: (number(p, "battery_hours") or 0) >= 40),
        ("over-ear headphones between $100 and $200", lambda p: 100 <= price(p) <= 200),
        ("一千到一千五的耳机", lambda p: 1000 <= price(p) <= 1500),
        ("只要声谷的耳机", lambda p: p.brand == "声谷"),
    ],
)
def test_a_limit_holds_in_every_product(shopper, words, holds):
    """No product shown breaks a limit that the words state."""
    turn = shopper().say(words)
    assert turn.products
    assert [p.id for p in turn.products if not holds(p)] == []


def test_limits_hold_on_every_page_of_a_search(client, shop):
    """Page after page brings different products that all keep the limit, as many as the catalogue has."""
    person, words = query_pb2.Shopper(visitor_id="pages"), "headphones under $100"
    found, token = [], ""
    for _ in range(20):
        page = client.search(CATALOG, words, person, page_size=7, page_token=token)
        found += [result.product for result in page.results]
        token = page.next_page_token
        if not token:
            break
    assert all(price(p) <= 100 and p.price.currency_code == "USD" for p in found)
    assert len({p.id for p in found}) == len(found)
    wanted = {
        p.group_id for p in shop.products.values() if p.category_path[-1] == "Headphones" and price(p) <= 100
    }
    assert {p.group_id for p in found} >= wanted


def test_when_nothing_satisfies_all_limits_the_answer_says_which_gave_way_and_how_near(shopper, shop):
    """The battery gives way, the other limits hold, and the nearest value is a true one."""
    turn = shopper().say("noise cancelling over-ear headphones under $60 with 40+ hours of battery")
    battery = turn.outcome("attributes.battery_hours")
    assert battery.outcome in {Outcome.OUTCOME_RELAXED, Outcome.OUTCOME_DROPPED}
    assert battery.reason == "NO_MATCH"
    for product in turn.products:
        assert price(product) <= 60
        assert texts(product, "form") == ["over-ear"]
        assert number(product, "noise_cancelling") == 1
    assert battery.nearest_value == max(number(p, "battery_hours") or 0 for p in _within_the_others(shop))
    assert f"{battery.nearest_value:g}" in turn.text
    assert "40" in turn.text


def _within_the_others(shop):
    for product in shop.products.values():
        if (
            product.category_path[-1] == "Headphones"
            and price(product) <= 60
            and texts(product, "form") == ["over-ear"]
            and number(product, "noise_cancelling") == 1
        ):
            yield product


def test_a_limit_of_the_platform_holds_beside_those_of_the_shopper(client):
    """The request's own filter is never relaxed."""
    limits = [query_pb2.Condition(field="brand", any_of=query_pb2.TextSet(values=["Rhubarb"]))]
    page = client.search(CATALOG, "Norte headphones", query_pb2.Shopper(visitor_id="f"), conditions=limits)
    assert page.results
    assert {result.product.brand for result in page.results} == {"Rhubarb"}
