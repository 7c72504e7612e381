"""What goes without saying: language and currency."""

import pytest

from shopguide_gateway.domain.model import (
    Catalogue,
    Condition,
    Constraint,
    Outcome,
    Shopper,
    Understanding,
)
from shopguide_gateway.domain.speech import with_currency, with_language, without_language

BRAND = Constraint(Condition("brand", any_of=("Norte",)), "SOFT", "Norte")
EUROS = Constraint(Condition("price", maximum=20, currency="EUR"), "HARD", "under €20")


def test_the_language_is_wished_for_silently():
    """The wish for the shopper's language goes along with the others, and is not told of afterwards."""
    sent = with_language([BRAND], "zh")
    assert [c.condition.field for c in sent] == ["brand", "language"]
    told = without_language([Outcome(c, "APPLIED") for c in sent])
    assert [o.constraint for o in told] == [BRAND]


def test_a_limit_on_the_language_stands_alone():
    """Whoever asks for pages in English gets no second wish beside it, and hears of it."""
    asked = Constraint(Condition("language", any_of=("en",)), "HARD", "in English")
    assert with_language([asked], "zh") == (asked,)
    assert len(without_language([Outcome(asked, "APPLIED")])) == 1


CASES = [
    ("GBP", (), ("CNY", "USD"), "zh", "GBP"),
    ("", (EUROS,), ("EUR", "USD"), "en", "EUR"),
    ("", (), ("CNY", "USD"), "zh", "CNY"),
    ("", (), ("CNY", "USD"), "en", "USD"),
    ("", (), ("BRL",), "en", "BRL"),
    ("", (), ("BRL", "ARS"), "en", ""),
]


@pytest.mark.parametrize(("given", "constraints", "held", "language", "expected"), CASES)
def test_prices_are_meant_in_one_currency(given, constraints, held, language, expected):
    """The shopper's own currency comes first, then a named one, the language's usual one, the catalogue's only one."""
    read = Understanding("SEARCH", 1.0, "shoes", language, constraints=constraints)
    shopper = with_currency(Shopper("v", currency=given), read, Catalogue("c", "r", currencies=held))
    assert shopper.currency == expected
