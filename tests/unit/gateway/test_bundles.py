"""What fills a role, and what leaves it empty."""

from decimal import Decimal

from fakes.gateway_services import product
from shopguide_gateway.domain.bundles import belongs, outfit
from shopguide_gateway.domain.model import (
    BundleResult,
    Condition,
    Constraint,
    Money,
    RoleResult,
    Scope,
    Scored,
)


def scope(role: str, *categories: str) -> Scope:
    """A role, grounded in the catalogue's categories."""
    found = (Constraint(Condition("category", any_of=categories), "SOFT"),) if categories else ()
    return Scope(role, role, found, 2 if role == "mugs" else 1)


def test_a_role_is_told_by_its_category_or_a_shared_word():
    """A category that holds the product or a word of its title is enough; anything else is filler."""
    sandals = product(1, title="汐足 平底凉鞋", category_path=("鞋", "凉鞋"))
    assert belongs(sandals, scope("凉鞋"))
    assert belongs(sandals, scope("flat sandals", "Sandals", "凉鞋"))
    assert not belongs(sandals, scope("海边婚礼穿"))
    assert belongs(product(2, title="Kettle Pro", category_path=("Kettles",)), scope("kettle"))
    assert not belongs(product(2, title="Kettle Pro", category_path=("Kettles",)), scope("zorb"))


def test_filler_leaves_its_role_empty_and_the_sum_without_it():
    """A product that has nothing to do with its role is not shown, and the total is of the others, counted."""
    mugs, filler = product(1, title="Two mugs"), product(2, title="Headphones")
    roles = (RoleResult("mugs", Scored(mugs), (Scored(filler),)), RoleResult("zorb", Scored(filler)))
    found = outfit(BundleResult(roles, Money("USD", Decimal(999))), [scope("mugs"), scope("zorb")])
    assert [(s.product.id, s.role) for s in found.chosen] == [("p1", "mugs")]
    assert (found.missing_roles, found.spare) == (("zorb",), ())
    assert found.total == Money("USD", 2 * mugs.price.amount)


def test_a_spare_can_take_the_place_of_what_was_chosen():
    """The first alternative that is what the role names stands beside the chosen one, with its role."""
    first, second = product(1, title="Blue mugs"), product(2, title="Red mugs")
    result = RoleResult("mugs", Scored(first), (Scored(product(3)), Scored(second)))
    total = Money("USD", Decimal(82))
    found = outfit(BundleResult((result,), total), [scope("mugs")])
    assert [(s.product.id, s.role) for s in found.spare] == [("p2", "mugs")]
    assert found.total == total
