"""Finding numbers in a folded statement: amounts of money, percentages, measures, plain numbers and counts in words."""

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cache

from shopguide_generation.domain.grounding.text import Coverage, fold
from shopguide_generation.domain.grounding.vocabulary import CLASSIFIERS, NUMERALS
from shopguide_generation.domain.prices import sign_of
from shopguide_generation.domain.units import canonical, spellings

_DIGITS = r"\d+(?:[.,]\d+)*"
_PLAIN = re.compile(rf"(?<![\w.,])-?(?:{_DIGITS})")
_SPOKEN_CURRENCIES = {
    "元": "CNY",
    "块": "CNY",
    "yuan": "CNY",
    "美元": "USD",
    "dollar": "USD",
    "dollars": "USD",
    "euro": "EUR",
    "euros": "EUR",
}


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number in a statement. `unit` is canonical, or an ISO 4217 code when `money`; None as value: unreadable."""

    start: int
    end: int
    value: Decimal | None
    unit: str = ""
    money: bool = False
    counted: str = ""
    """The measure word or noun right after a number without unit."""


def quantities(
    coverage: Coverage, language: str, currencies: frozenset[str], units: frozenset[str]
) -> list[Quantity]:
    """Every number that is not accounted for, in order; takes what it finds."""
    found = [*_amounts(coverage, currencies), *_measures(coverage, units), *_words(coverage, language)]
    return sorted(found, key=lambda quantity: quantity.start)


def _amounts(coverage: Coverage, currencies: frozenset[str]) -> list[Quantity]:
    signs = {fold(sign_of(currency)): currency for currency in currencies}
    signs |= {currency.lower(): currency for currency in currencies}
    signs |= {word: currency for word, currency in _SPOKEN_CURRENCIES.items() if currency in currencies}
    found = []
    for match in _money_pattern(currencies).finditer(coverage.text):
        sign = match["before"] or match["after"]
        if coverage.free(match.start(), match.end()):
            currency = signs.get(sign, "")
            value = _parsed(match["a"] or match["b"], currency) if currency else None
            found.append(Quantity(match.start(), match.end(), value, currency, money=True))
            coverage.take(match.start(), match.end())
    return found


@cache
def _money_pattern(currencies: frozenset[str]) -> re.Pattern[str]:
    codes = "|".join(
        sorted({code.lower() for code in currencies} | {"usd", "cny", "eur", "gbp", "jpy", "rmb"})
    )
    before = rf"(?P<before>[a-z]{{0,3}}[$¥£€₩₹]|(?<![a-z0-9])(?:{codes})(?= ?\d)) ?(?P<a>{_DIGITS})"
    spoken = "|".join(sorted(_SPOKEN_CURRENCIES, key=len, reverse=True))
    return re.compile(rf"{before}|(?P<b>{_DIGITS}) ?(?P<after>[$¥£€₩₹]|(?:{spoken}|{codes})(?![a-z]))")


def _parsed(digits: str, currency: str) -> Decimal | None:
    if currency == "EUR" and re.fullmatch(r"\d{1,3}(\.\d{3})*(,\d{2})?", digits):
        digits = digits.replace(".", "").replace(",", ".")
    elif re.fullmatch(r"\d{1,3}(,\d{3})+(\.\d+)?", digits):
        digits = digits.replace(",", "")
    try:
        return Decimal(digits)
    except InvalidOperation:
        return None


def _measures(coverage: Coverage, units: frozenset[str]) -> list[Quantity]:
    found = []
    for match in _PLAIN.finditer(coverage.text):
        if not coverage.free(match.start(), match.end()):
            continue
        end, unit = _unit_after(coverage.text, match.end(), units)
        counted = "" if unit else _counted(coverage.text, match.end())
        found.append(
            Quantity(match.start(), end, _parsed(match.group(), ""), canonical(unit), counted=counted)
        )
        coverage.take(match.start(), end)
    return found


def _unit_after(text: str, at: int, units: frozenset[str]) -> tuple[int, str]:
    match = _unit_pattern(units).match(text, at)
    return (match.end(), match["unit"]) if match else (at, "")


@cache
def _unit_pattern(units: frozenset[str]) -> re.Pattern[str]:
    known = sorted({fold(unit) for unit in (*spellings(), *units)} - {""}, key=len, reverse=True)
    latin = "|".join(re.escape(u) for u in known if u.isascii() and u not in {'"', "''"})
    other = "|".join(re.escape(u) for u in known if not u.isascii())
    return re.compile(rf"[ -]?(?P<unit>(?:{latin})(?![a-z\d])|(?:{other}))")


def _counted(text: str, at: int) -> str:
    match = re.compile(rf" ?([{CLASSIFIERS}]|[a-z]+)").match(text, at)
    return match[1] if match else ""


def _words(coverage: Coverage, language: str) -> list[Quantity]:
    words = NUMERALS[language]
    pattern = (
        rf"([{''.join(words)}]) ?(?=[{CLASSIFIERS}])" if language == "zh" else rf"\b({'|'.join(words)})\b"
    )
    found = []
    for match in re.finditer(pattern, coverage.text):
        if coverage.free(*match.span(1)):
            value = Decimal(words[match[1]])
            found.append(Quantity(*match.span(1), value, counted=_counted(coverage.text, match.end(1))))
            coverage.take(*match.span(1))
    return found
