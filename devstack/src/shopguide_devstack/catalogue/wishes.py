"""What a shopper wishes of a product, checked against the structured facts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from shopguide_devstack.catalogue.traits import Fact, Facts, holds


class Subject(Protocol):
    """What wishes can be checked against."""

    @property
    def facts(self) -> Facts:
        """Facts by attribute key."""

    @property
    def price(self) -> float:
        """Selling price, major units."""

    @property
    def brand(self) -> str:
        """Brand as shown."""


Check = Callable[[Subject], bool]


@dataclass(frozen=True)
class Wish:
    """One condition and the way to say it."""

    text: str
    """The condition in words of the catalogue."""
    check: Check = field(compare=False)
    """Whether a product satisfies it."""


def read_wishes(table: Mapping[str, Any]) -> tuple[Wish, ...]:
    """Read the fields `is`, `not`, `at_least`, `at_most`, `below` and `brand` of a table."""
    wishes = [wish for word, make in _MAKERS.items() for wish in _each(make, table.get(word, {}))]
    if "below" in table:
        wishes.append(_below(table["below"]))
    if "brand" in table:
        wishes.append(_made_by(table["brand"]))
    return tuple(wishes)


def _each(make: Callable[[str, Any], Wish], rows: Mapping[str, Any]) -> list[Wish]:
    return [make(key, value) for key, value in rows.items()]


def _equal(key: str, value: float | str) -> Wish:
    return Wish(f"{key} = {value}", lambda s: holds(s.facts.get(key), value))


def _unequal(key: str, value: float | str) -> Wish:
    return Wish(f"{key} != {value}", lambda s: not holds(s.facts.get(key), value))


def _at_least(key: str, value: float) -> Wish:
    return Wish(f"{key} >= {value}", lambda s: _compare(s.facts.get(key), lambda number: number >= value))


def _at_most(key: str, value: float) -> Wish:
    return Wish(f"{key} <= {value}", lambda s: _compare(s.facts.get(key), lambda number: number <= value))


def _below(limit: float) -> Wish:
    return Wish(f"price <= {limit}", lambda s: s.price <= limit)


def _made_by(brand: str) -> Wish:
    return Wish(f"brand = {brand}", lambda s: s.brand == brand)


def _compare(fact: Fact | None, check: Callable[[float], bool]) -> bool:
    return isinstance(fact, float) and check(fact)


_MAKERS: dict[str, Callable[[str, Any], Wish]] = {
    "is": _equal,
    "not": _unequal,
    "at_least": _at_least,
    "at_most": _at_most,
}
