"""Conditions in the shopper's terms become limits on index fields.

A limit names a payload key and the values or numbers it may have; the store turns it into an index filter, and
`Limit.holds` says the same in plain Python (ranking uses it for wishes, tests use it as the oracle).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Any

from shopguide_retrieval.domain import conditions as c
from shopguide_retrieval.domain.catalog import AttributeKind, Catalog
from shopguide_retrieval.domain.conditions import Condition, Range
from shopguide_retrieval.domain.model import Availability
from shopguide_runtime.money import exponent
from shopguide_runtime.text import normalize_value

ATTRIBUTE_PREFIX = "attributes."
NUMBERS_PREFIX = "numbers."
"""Of the payload keys that hold the numbers of attributes."""
TEXT_FIELDS = {"id": "id", "brand": "brand", "category": "category", "language": "language"}
"""Fields compared as texts, with their payload keys."""

_AVAILABILITY = {a.name.lower(): int(a) for a in Availability}
_TRUE = frozenset({"true", "yes", "1", "是", "有"})
_FALSE = frozenset({"false", "no", "0", "否", "无"})


@dataclass(frozen=True, slots=True)
class Limit:
    """What one payload key must satisfy: one of `any_of`, none of `none_of`, or a number in [minimum, maximum]."""

    key: str
    any_of: tuple[str | int, ...] = ()
    none_of: tuple[str | int, ...] = ()
    minimum: float | None = None
    maximum: float | None = None

    def holds(self, payload: Mapping[str, Any]) -> bool:
        """Return whether a payload satisfies the limit; a missing value satisfies `none_of` only."""
        values = values_at(payload, self.key)
        if self.any_of:
            return any(v in self.any_of for v in values)
        if self.none_of:
            return not any(v in self.none_of for v in values)
        return any(self._contains(v) for v in values)

    def _contains(self, value: float) -> bool:
        above = self.minimum is None or value >= self.minimum
        return above and (self.maximum is None or value <= self.maximum)


class NotComparable(Exception):
    """Raised when a condition cannot be put to the catalogue; `reason` is a machine word, `message` says why."""

    def __init__(self, reason: str, message: str) -> None:
        """Hold the machine word and the sentence for the platform's developer."""
        super().__init__(message)
        self.reason = reason
        self.message = message


def values_at(payload: Mapping[str, Any], key: str) -> list[Any]:
    """Return the values under a dotted payload key, none when it is missing."""
    value: Any = payload
    for part in key.split("."):
        value = value.get(part) if isinstance(value, Mapping) else None
    return [] if value is None else value if isinstance(value, list) else [value]


def compile_condition(condition: Condition, catalog: Catalog, currency: str = "") -> Limit:
    """Return the limit that a condition means in a catalogue.

    `currency` is the shopper's, for a price without one. Raises NotComparable: UNKNOWN_FIELD for a field or
    attribute that the catalogue does not have, NOT_COMPARABLE for another currency or kind of value.
    """
    if condition.field == "price":
        return _price(condition, catalog, currency)
    if condition.field == "rating":
        return _numbers("rating", condition)
    if condition.field == "availability":
        return _availability(condition)
    if condition.field in TEXT_FIELDS:
        return _texts(condition, catalog)
    if condition.field.startswith(ATTRIBUTE_PREFIX):
        return _attribute(condition.field.removeprefix(ATTRIBUTE_PREFIX), condition, catalog)
    raise NotComparable(c.UNKNOWN_FIELD, f"there is no field {condition.field!r}")


def price_key(currency: str) -> str:
    """Return the payload key of prices in one currency."""
    return f"price.{currency.lower()}"


def number_term(value: float) -> str:
    """Return a number as it stands in the terms of an attribute: `16`, `6.1`."""
    return f"{value:.12g}"


def _price(condition: Condition, catalog: Catalog, currency: str) -> Limit:
    wanted = condition.currency or currency or _only(catalog.currencies)
    if not wanted:
        raise NotComparable(c.NOT_COMPARABLE, "the catalog has several currencies; say which one is meant")
    if wanted not in catalog.currencies:
        raise NotComparable(c.NOT_COMPARABLE, f"the catalog has no prices in {wanted}")
    limit = _numbers(price_key(wanted), condition)
    return Limit(
        limit.key,
        minimum=_minor(limit.minimum, wanted, ROUND_CEILING),
        maximum=_minor(limit.maximum, wanted, ROUND_FLOOR),
    )


def _only(currencies: frozenset[str]) -> str:
    return next(iter(currencies)) if len(currencies) == 1 else ""


def _minor(amount: float | None, currency: str, rounding: str) -> int | None:
    if amount is None:
        return None
    return int((Decimal(repr(amount)) * 10 ** exponent(currency)).to_integral_value(rounding))


def _numbers(key: str, condition: Condition) -> Limit:
    if condition.range is None:
        raise NotComparable(c.NOT_COMPARABLE, f"{condition.field} is a number and takes a range")
    return Limit(key, minimum=condition.range.minimum, maximum=condition.range.maximum)


def _availability(condition: Condition) -> Limit:
    words = [_availability_word(w) for w in condition.any_of or condition.none_of]
    if condition.range is not None or not all(w in _AVAILABILITY for w in words):
        raise NotComparable(c.NOT_COMPARABLE, f"availability takes texts out of {', '.join(_AVAILABILITY)}")
    values = tuple(_AVAILABILITY[w] for w in words)
    return Limit("availability", any_of=values) if condition.any_of else Limit("availability", none_of=values)


def _availability_word(word: str) -> str:
    return word.lower().removeprefix("availability_").replace("unspecified", "unknown")


def _texts(condition: Condition, catalog: Catalog) -> Limit:
    if condition.range is not None:
        raise NotComparable(c.NOT_COMPARABLE, f"{condition.field} is a text and takes any_of or none_of")
    return _sets(TEXT_FIELDS[condition.field], condition, lambda v: _text_values(condition.field, v, catalog))


def _text_values(field: str, value: str, catalog: Catalog) -> frozenset[str]:
    if field == "id":
        return frozenset({value})
    if field == "language":
        return frozenset({value.split("-", maxsplit=1)[0].lower()})
    return catalog.category_names(value) if field == "category" else frozenset({normalize_value(value)})


def _sets(key: str, condition: Condition, expand: Callable[[str], frozenset[str]]) -> Limit:
    values = condition.any_of or condition.none_of
    expanded = tuple(sorted({word for value in values for word in expand(value)}))
    return Limit(key, any_of=expanded) if condition.any_of else Limit(key, none_of=expanded)


def _attribute(key: str, condition: Condition, catalog: Catalog) -> Limit:
    kind = catalog.kind(key)
    if kind is None:
        raise NotComparable(c.UNKNOWN_FIELD, f"no product of the catalog has the attribute {key!r}")
    if condition.range is not None:
        if kind is AttributeKind.TEXT:
            raise NotComparable(
                c.NOT_COMPARABLE, f"attribute {key!r} holds texts and takes any_of or none_of"
            )
        return Limit(
            f"{NUMBERS_PREFIX}{key}", minimum=condition.range.minimum, maximum=condition.range.maximum
        )
    return _sets("terms", condition, lambda v: _attribute_terms(key, v, catalog))


def _attribute_terms(key: str, value: str, catalog: Catalog) -> frozenset[str]:
    spec = catalog.attributes.get(key)
    word = normalize_value(value)
    aliases = {normalize_value(a): vs for a, vs in spec.value_aliases.items()} if spec else {}
    words = {word, *(normalize_value(v) for v in aliases.get(word, ()))}
    if catalog.kind(key) is not AttributeKind.TEXT:
        words |= {_as_number(w) for w in words}
    return frozenset(f"{key}={w}" for w in words)


def _as_number(word: str) -> str:
    if word in _TRUE | _FALSE:
        return "1" if word in _TRUE else "0"
    try:
        return number_term(float(word))
    except ValueError:
        return word


def loosened(condition: Condition, *, minimum: float | None, maximum: float | None) -> Condition:
    """Return a range condition with other bounds."""
    return Condition(condition.field, range=Range(minimum, maximum), currency=condition.currency)
