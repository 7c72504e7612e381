"""What a check of a statement finds."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class Reason(StrEnum):
    """Why a claim is not borne out."""

    UNKNOWN_NAME = "UNKNOWN_NAME"
    UNKNOWN_WORD = "UNKNOWN_WORD"
    UNKNOWN_NUMBER = "UNKNOWN_NUMBER"
    UNKNOWN_SOURCE = "UNKNOWN_SOURCE"
    WRONG_SOURCE = "WRONG_SOURCE"
    WRONG_NAME = "WRONG_NAME"
    WRONG_VALUE = "WRONG_VALUE"
    WRONG_COUNT = "WRONG_COUNT"
    WRONG_COMPARISON = "WRONG_COMPARISON"
    FALSE_SUPERLATIVE = "FALSE_SUPERLATIVE"
    FALSE_NEGATION = "FALSE_NEGATION"
    FALSE_ABSENCE = "FALSE_ABSENCE"
    UNCITED = "UNCITED"
    CONTRADICTION = "CONTRADICTION"


@dataclass(frozen=True, slots=True)
class Claim:
    """A tuple that a statement asserts and the facts bear out."""

    kind: str
    subject: int | None
    key: str
    value: str | Decimal
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """A piece of a statement that nothing bears out."""

    text: str
    reason: Reason


@dataclass(frozen=True, slots=True)
class Report:
    """What a statement asserts, and what of it nothing bears out."""

    claims: tuple[Claim, ...] = ()
    findings: tuple[Finding, ...] = ()
    cited: tuple[int, ...] = ()
    """Numbers of the sources cited, in order of first mention."""

    @property
    def grounded(self) -> bool:
        """True when everything asserted is borne out."""
        return not self.findings
