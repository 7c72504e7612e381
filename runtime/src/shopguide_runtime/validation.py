"""Checks on request fields that collect every violation before one InvalidArgument is raised."""

import re
import unicodedata
from collections.abc import Collection

from shopguide_runtime.errors import FieldViolation, InvalidArgument

FIELD_REQUIRED = "FIELD_REQUIRED"
FIELD_OUT_OF_RANGE = "FIELD_OUT_OF_RANGE"
FIELD_TOO_LONG = "FIELD_TOO_LONG"
FIELD_MALFORMED = "FIELD_MALFORMED"
FIELD_UNKNOWN_VALUE = "FIELD_UNKNOWN_VALUE"

IDENTIFIER = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:\-]{0,127}")
"""Catalogue, product, visitor ... ids: 1 to 128 of letters, digits and `. _ : -`, first a letter or digit."""

_ALLOWED_CONTROLS = frozenset("\n\r\t")
_REFUSED_CATEGORIES = frozenset({"Cc", "Cs"})


def _has_refused_character(value: str) -> bool:
    if value.isascii() and value.isprintable():
        return False
    return any(c not in _ALLOWED_CONTROLS and unicodedata.category(c) in _REFUSED_CATEGORIES for c in value)


class Violations:
    """Collects what is wrong with a request: checks return the usable value, `raise_if_any` ends it."""

    def __init__(self) -> None:
        """Start without a violation."""
        self._found: list[FieldViolation] = []

    def __len__(self) -> int:
        """Return how many violations were found so far."""
        return len(self._found)

    def add(self, field: str, description: str, reason: str) -> None:
        """Note that `field` is wrong."""
        self._found.append(FieldViolation(field, description, reason))

    def text(self, field: str, value: str, *, required: bool = True, max_chars: int = 4000) -> str:
        """Return the stripped text: at most `max_chars` long, no control characters, no lone surrogates."""
        stripped = value.strip()
        if not stripped and required:
            self.add(field, "must not be empty", FIELD_REQUIRED)
        if len(value) > max_chars:
            self.add(field, f"must be at most {max_chars} characters, has {len(value)}", FIELD_TOO_LONG)
        elif _has_refused_character(value):
            self.add(field, "must not hold control characters or lone surrogates", FIELD_MALFORMED)
        return stripped

    def page_size(self, field: str, value: int, default: int, maximum: int) -> int:
        """Return the page size: 0 means `default`, above `maximum` is cut down, negative is a violation."""
        if value < 0:
            self.add(field, "must not be negative", FIELD_OUT_OF_RANGE)
            return default
        return min(value or default, maximum)

    def count(self, field: str, n: int, minimum: int = 0, maximum: int | None = None) -> int:
        """Return `n`, the number of elements of a repeated field, which must lie in [minimum, maximum]."""
        if n < minimum:
            reason = FIELD_REQUIRED if n == 0 else FIELD_OUT_OF_RANGE
            self.add(field, f"must have at least {minimum} elements, has {n}", reason)
        elif maximum is not None and n > maximum:
            self.add(field, f"must have at most {maximum} elements, has {n}", FIELD_OUT_OF_RANGE)
        return n

    def identifier(
        self, field: str, value: str, *, required: bool = True, pattern: re.Pattern[str] = IDENTIFIER
    ) -> str:
        """Return the id, which must match `pattern` as a whole; empty is allowed when not required."""
        if not value:
            if required:
                self.add(field, "must not be empty", FIELD_REQUIRED)
        elif not pattern.fullmatch(value):
            self.add(field, f"must match {pattern.pattern}", FIELD_MALFORMED)
        return value

    def number(
        self, field: str, value: float, minimum: float | None = None, maximum: float | None = None
    ) -> float:
        """Return the number, which must be finite and lie in [minimum, maximum]."""
        low = float("-inf") if minimum is None else minimum
        high = float("inf") if maximum is None else maximum
        if value - value != 0:
            self.add(field, "must be a finite number", FIELD_MALFORMED)
        elif not low <= value <= high:
            self.add(field, f"must lie in [{low:g}, {high:g}], is {value:g}", FIELD_OUT_OF_RANGE)
        return value

    def one_of(self, field: str, value: str, allowed: Collection[str]) -> str:
        """Return the value, which must be one of `allowed`."""
        if value not in allowed:
            self.add(field, f"must be one of {', '.join(sorted(allowed))}", FIELD_UNKNOWN_VALUE)
        return value

    def raise_if_any(self) -> None:
        """Raise InvalidArgument with all violations when there is one."""
        if self._found:
            raise InvalidArgument(self._found)
