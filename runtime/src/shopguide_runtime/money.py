"""Money as integer minor units inside the suite, `google.type.Money` at its edge, text for shoppers."""

from typing import Final

NANOS: Final = 1_000_000_000

_EXPONENTS: Final[dict[str, int]] = {
    **dict.fromkeys(
        (
            "BIF",
            "CLP",
            "DJF",
            "GNF",
            "ISK",
            "JPY",
            "KMF",
            "KRW",
            "PYG",
            "RWF",
            "UGX",
            "VND",
            "VUV",
            "XAF",
            "XOF",
            "XPF",
        ),
        0,
    ),
    **dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3),
}
"""Currencies whose minor unit is not a hundredth (ISO 4217)."""

_SYMBOLS: Final[dict[str, str]] = {
    "AUD": "A$", "CAD": "C$", "CNY": "¥", "GBP": "£", "HKD": "HK$", "INR": "₹", "JPY": "JP¥", "KRW": "₩",
    "SGD": "S$", "TWD": "NT$", "USD": "$",
}  # fmt: skip
"""Signs written before the amount; `¥` is the yuan's, so the yen says `JP¥`."""


def exponent(currency: str) -> int:
    """Return the number of decimals of an ISO 4217 code: CNY 2, JPY 0, KWD 3; 2 for codes not listed."""
    return _EXPONENTS.get(currency, 2)


def _minor_per_unit(currency: str) -> int:
    return (1, 10, 100, 1000)[exponent(currency)]


def to_minor(units: int, nanos: int, currency: str) -> int:
    """Return the amount in minor units, rounded half away from zero when it is finer than one.

    Raises ValueError when units and nanos have different signs or nanos is 10⁹ or more.
    """
    if abs(nanos) >= NANOS or units * nanos < 0:
        raise ValueError("nanos must be below 10^9 in size and have the sign of units")
    total = units * NANOS + nanos
    step = NANOS // _minor_per_unit(currency)
    size = (abs(total) + step // 2) // step
    return size if total >= 0 else -size


def from_minor(minor: int, currency: str) -> tuple[int, int]:
    """Return (units, nanos) of an amount in minor units; both carry its sign."""
    per_unit = _minor_per_unit(currency)
    units, rest = divmod(abs(minor), per_unit)
    sign = -1 if minor < 0 else 1
    return sign * units, sign * rest * (NANOS // per_unit)


def to_major(minor: int, currency: str) -> float:
    """Return the amount in major units (199.99), as conditions on `price` have it."""
    return minor / _minor_per_unit(currency)


def from_major(amount: float, currency: str) -> int:
    """Return the nearest amount in minor units of an amount in major units."""
    return round(amount * _minor_per_unit(currency))


def format_money(minor: int, currency: str) -> str:
    """Return the amount as a shopper reads it: `¥1,299`, `$57.50`, `1.299,00 €`, `XYZ 12.30`.

    Decimals are left out when they are all zero, except for the euro, whose usual form keeps them.
    """
    sign = "-" if minor < 0 else ""
    decimals = exponent(currency)
    units, rest = divmod(abs(minor), 10**decimals)
    fraction = f"{rest:0{decimals}d}" if decimals else ""
    if currency == "EUR":
        return f"{sign}{units:,}".replace(",", ".") + f",{fraction} €"
    number = f"{units:,}" + (f".{fraction}" if rest else "")
    symbol = _SYMBOLS.get(currency, f"{currency} ")
    return f"{sign}{symbol}{number}"
