"""The question back: what splits the products found and matters for their kind."""

from dataclasses import replace
from decimal import Decimal

from fakes.gateway_services import product
from shopguide_gateway.domain.followup import choose_slot
from shopguide_gateway.domain.model import (
    Attribute,
    AttributeSpec,
    Catalogue,
    Condition,
    Constraint,
    Money,
    Scored,
)

SPECS = {
    key: AttributeSpec(key, "TEXT", labels={"en": (key,)})
    for key in ("color", "form", "switch", "season", "width")
}
SHOP = Catalogue(
    "catalogs/default",
    "r1",
    SPECS,
    coverage={"color": 0.95, "form": 0.1, "switch": 0.05, "season": 0.5, "width": 0.1},
)


def found(**values: tuple[str, ...]) -> list[Scored]:
    """Products with the given values, one a product."""
    count = max(len(v) for v in values.values())
    return [
        Scored(product(n, attributes={key: Attribute((v[n % len(v)],)) for key, v in values.items()}))
        for n in range(count)
    ]


def asked(candidates, constraints=(), catalogue=SHOP, last="") -> str:
    """The field that is asked for; empty when nothing is."""
    slot = choose_slot(candidates, catalogue, constraints, "en", last)
    return slot.slot if slot else ""


def test_what_belongs_to_the_kind_is_asked_before_what_everything_has():
    """Colour splits best, but nearly every product has one: the kind's own attribute is asked for."""
    candidates = found(
        color=("red", "blue", "black", "white"), switch=("linear", "linear", "tactile", "clicky")
    )
    assert asked(candidates) == "attributes.switch"


def test_colour_is_asked_where_nothing_else_splits():
    """A value that all or nearly all share is no question."""
    colours = ("red", "blue", "black", "white", "red", "blue", "black", "white", "red", "blue", "black")
    season = ("summer",) * 10 + ("winter",)
    assert asked(found(color=colours, form=("over-ear",) * 11, season=season)) == "attributes.color"
    assert asked(found(form=("over-ear",) * 6)) == ""


def test_what_is_fixed_or_was_asked_last_is_not_asked():
    """A limit in force and the question of the turn before are left out."""
    candidates = found(
        form=("in-ear", "over-ear", "on-ear"), switch=("a", "b", "a"), width=("slim", "wide", "slim")
    )
    candidates = [*candidates, *candidates]
    held = Constraint(Condition("attributes.form", any_of=("in-ear",)), "HARD")
    assert asked(candidates) == "attributes.form"
    assert asked(candidates, (held,)) == "attributes.switch"
    assert asked(candidates, (held,), last="attributes.switch") == "attributes.width"


def test_pages_of_another_language_do_not_count():
    """Values of the shopper's own language are offered, and coverage is taken over those products alone."""
    own = found(form=("in-ear", "over-ear", "in-ear", "over-ear"))
    foreign = [
        Scored(product(9, language="zh-Hans", attributes={"color": Attribute(("红",))})) for _ in range(8)
    ]
    assert asked([*own, *foreign]) == "attributes.form"


def test_without_a_description_nothing_is_asked():
    """No catalogue description, no names for the attributes, no question."""
    assert asked(found(form=("in-ear", "over-ear", "in-ear", "over-ear")), catalogue=None) == ""


def test_the_budget_is_asked_where_no_attribute_tells_much():
    """Prices that differ by thirds are offered as ranges; alike ones, and a budget that is known, are not asked for."""
    candidates = found(color=("red", "blue", "black") * 3)
    dear = [
        replace(s, product=replace(s.product, price=Money("USD", Decimal(40 * n * n))))
        for n, s in enumerate(candidates, 1)
    ]
    slot = choose_slot(dear, SHOP, (), "en")
    assert slot is not None
    assert slot.slot == "price"
    assert [o.text for o in slot.options] == ["under $640", "$640 to $2,000", "over $2,000"]
    middle = slot.options[1].condition
    assert (middle.minimum, middle.maximum, middle.currency) == (640, 2000, "USD")
    held = Constraint(Condition("price", maximum=300, currency="USD"), "HARD")
    assert asked(dear, (held,)) == "attributes.color"
    assert asked(candidates) == "attributes.color"
