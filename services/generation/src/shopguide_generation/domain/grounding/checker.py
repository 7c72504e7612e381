"""The check of one statement: everything in it must be accounted for by a fact about the right subject."""

import re
from collections.abc import Iterable

from shopguide_generation.domain.derived import Derived
from shopguide_generation.domain.facts import AnswerContext
from shopguide_generation.domain.grounding.grounds import Grounds
from shopguide_generation.domain.grounding.reading import Reading
from shopguide_generation.domain.grounding.report import Claim, Finding, Reason, Report
from shopguide_generation.domain.grounding.rules import (
    absences,
    attributes,
    comparisons,
    echoes,
    figures,
    leftovers,
    quotations,
    signals,
)

_ABSENT_CELLS = {"not stated": "does not mention", "无说明": "没有写"}
_FLAG_CELLS = {"yes": "", "有": "有", "no": "no", "无": "没有"}


class GroundingChecker:
    """Checks statements against the facts of one request. Fails closed: what it cannot read, it does not pass."""

    def __init__(self, context: AnswerContext, derived: Iterable[Derived] = ()) -> None:
        self._grounds = Grounds(context, tuple(derived))
        self._language = context.language

    def check(self, statement: str, focus: int | None = None) -> Report:
        """Check one statement, or a Markdown table.

        Args:
            statement: One sentence, several that belong together, or a table.
            focus: Number of the product that the statement before was about, for "it".

        """
        if statement.lstrip().startswith("|"):
            return self._check_table(statement)
        reading = Reading(statement, self._grounds, self._language, focus)
        for rule in (quotations, absences, signals, echoes, figures, attributes, comparisons, leftovers):
            rule.apply(reading)
        return Report(tuple(reading.claims), tuple(reading.findings), reading.mentions.cited)

    def _check_table(self, table: str) -> Report:
        rows = [
            [cell.strip() for cell in line.strip().strip("|").split("|")]
            for line in table.strip().splitlines()
        ]
        header, body = rows[0], [row for row in rows[1:] if set("".join(row)) - set("-: ")]
        reports = [self.check(cell) for cell in header if cell]
        for row in body:
            reports += [
                self._check_cell(row[0], title, cell)
                for title, cell in zip(header[1:], row[1:], strict=False)
            ]
            if len(row) != len(header):
                reports.append(Report(findings=(Finding("|".join(row), Reason.CONTRADICTION),)))
        return _joined(reports)

    def _check_cell(self, label: str, title: str, cell: str) -> Report:
        cited = re.findall(r"\[\d+\]", title)
        subject = cited[-1] if cited else title
        folded = cell.casefold()
        if folded in _ABSENT_CELLS:
            return self.check(f"{subject} {_ABSENT_CELLS[folded]} {label}")
        if folded in _FLAG_CELLS:
            return self.check(f"{subject} {_FLAG_CELLS[folded]} {label}")
        return self.check(f"{subject} {label} {cell}")


def _joined(reports: list[Report]) -> Report:
    claims: tuple[Claim, ...] = tuple(claim for report in reports for claim in report.claims)
    findings: tuple[Finding, ...] = tuple(finding for report in reports for finding in report.findings)
    return Report(claims, findings, tuple(dict.fromkeys(n for report in reports for n in report.cited)))
