"""Amounts of money as shoppers read them, and the signs by which they are recognised."""

from decimal import ROUND_HALF_EVEN, Decimal

from shopguide_generation.domain.facts import Money
from shopguide_runtime.money import exponent, format_money


def price(money: Money) -> str:
    """An amount in its currency's format: `¥1,299`, `$57.50`, `1.299,00 €`, `SEK 499`."""
    minor = money.amount.scaleb(exponent(money.currency)).to_integral_value(ROUND_HALF_EVEN)
    return format_money(int(minor), money.currency)


def sign_of(currency: str) -> str:
    """What is written beside an amount in this currency: `$`, `€`, `SEK`."""
    return format_money(0, currency).translate(str.maketrans("", "", "0123456789.,")).strip()


def total(amounts: list[Money]) -> Money | None:
    """The sum of all amounts; None when there are none or their currencies differ."""
    if not amounts or len({amount.currency for amount in amounts}) > 1:
        return None
    return Money(sum((amount.amount for amount in amounts), Decimal(0)), amounts[0].currency)
