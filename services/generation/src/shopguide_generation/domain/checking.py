"""The check of a whole text, statement by statement."""

import re
from dataclasses import dataclass

from shopguide_generation.domain.facts import AnswerContext, SourceKind
from shopguide_generation.domain.grounding import GroundingChecker, Report
from shopguide_generation.domain.statements import statements

_POINTING = re.compile(r"\s*(it|its|this one|it's|它|这款)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Checked:
    """One statement of a text, where it stands (in characters), and what its check found."""

    start: int
    end: int
    report: Report


def check_text(text: str, context: AnswerContext) -> list[Checked]:
    """Check every statement; one that begins with "it" is about the product that the statement before was about."""
    checker = GroundingChecker(context)
    found: list[Checked] = []
    focus: int | None = None
    for start, end in statements(text):
        piece = text[start:end]
        report = checker.check(piece, focus if _POINTING.match(piece) else None)
        products = [n for n in report.cited if context.source(n).kind is SourceKind.PRODUCT]
        focus = products[-1] if products else focus
        found.append(Checked(start, end, report))
    return found
