"""Which products are the best deals."""

from decimal import Decimal

from fakes.gateway_services import product
from shopguide_gateway.domain.deals import best_deals, of_category, saving
from shopguide_gateway.domain.model import Condition, Constraint, Money, Scored

HEADPHONES = Constraint(Condition("category", any_of=("耳机", "Headphones")), "SOFT")


def test_a_saving_needs_two_prices_in_one_currency():
    """No list price, a lower one, or one in another currency is no saving."""
    assert saving(product(1, original_price=None)) == 0
    assert saving(product(1, original_price=Money("USD", Decimal(10)))) == 0
    assert saving(product(1, original_price=Money("CNY", Decimal(900)))) == 0
    assert saving(product(10, original_price=Money("USD", Decimal(100)))) == 0.5


def test_the_largest_share_saved_comes_first():
    """The share of the list price decides, relevance breaks ties."""
    found = [Scored(product(n)) for n in (5, 3, 1, 3)]
    assert [s.product.id for s in best_deals(found, 3)] == ["p1", "p3", "p3"]


def test_without_savings_the_relevant_ones_stay():
    """When nothing is discounted the list is not emptied, so that the answer can say so."""
    found = [Scored(product(n, original_price=None)) for n in (1, 2)]
    assert best_deals(found, 1) == (found[0],)


def test_deals_are_of_the_category_that_was_named():
    """A speaker with a larger saving is no deal on headphones."""
    speaker = Scored(product(1, category_path=("Audio", "Speakers")))
    headphones = Scored(product(2, category_path=("Audio", "Headphones")))
    assert of_category([speaker, headphones], [HEADPHONES]) == [headphones]
    assert of_category([speaker], [HEADPHONES]) == [speaker]
    assert of_category([speaker, headphones], []) == [speaker, headphones]
