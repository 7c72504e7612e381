"""Checks an answer, figure by figure and name by name, against the facts of what each one is said of."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from shopguide_evaluation.grounding import cues, names
from shopguide_evaluation.grounding.evidence import Subject, TurnFacts, aggregates_of, subjects_of
from shopguide_evaluation.grounding.figures import Figure, Kind, find_figures
from shopguide_evaluation.grounding.mentions import Mention, MentionFinder
from shopguide_evaluation.grounding.rules import Statement, Verifier
from shopguide_evaluation.grounding.text import Span, cells, clauses, prose, tables, without_citations

_RATING_ROW = re.compile(r"^\s*\|\s*(?:评分|(?i:rating|stars))")


@dataclass(frozen=True)
class Finding:
    """Something said that no fact bears out."""

    sentence: str
    """The sentence or table row."""
    said: str
    """The figure or name."""
    kind: str
    """What it is, such as `price`, `count`, `product name`."""
    reason: str
    """Why it is not borne out."""


@dataclass(frozen=True)
class Report:
    """What the check of one answer has found."""

    checked: int
    """Figures and names looked at."""
    findings: tuple[Finding, ...]
    """Those that no fact bears out."""

    @property
    def grounded(self) -> bool:
        """Return whether everything is borne out."""
        return not self.findings


def check(text: str, facts: TurnFacts) -> Report:
    """Return what an answer says that the facts of its turn do not bear out."""
    return _Checker(text, facts).report()


class _Checker:
    def __init__(self, text: str, facts: TurnFacts) -> None:
        self._text = text
        self._plain = without_citations(text)
        self._subjects = subjects_of(facts)
        self._finder = MentionFinder(self._subjects)
        self._verifier = Verifier(self._subjects, aggregates_of(facts, self._subjects))
        self._names = names.NameChecker(self._subjects, facts)
        self._figures = find_figures(self._plain, names.plurals(facts))
        self._checked = 0

    def report(self) -> Report:
        """Check every sentence and every table."""
        findings: list[Finding] = []
        before: tuple[Subject, ...] = ()
        for sentence in prose(self._text):
            mentions = self._finder.find(self._text, sentence.start, sentence.end)
            findings += self._sentence(sentence, mentions, before)
            before = next((m.subjects for m in reversed(mentions) if m.subjects and not m.reference), before)
        for table in tables(self._text):
            findings += self._table(table)
        return Report(self._checked, tuple(dict.fromkeys(findings)))

    def _sentence(
        self, sentence: Span, mentions: Sequence[Mention], before: tuple[Subject, ...]
    ) -> Iterator[Finding]:
        parts = clauses(self._plain, sentence)
        # A number that `…` cuts off is the rest of a shortened name.
        whole = [f for f in self._figures if self._plain[f.end : f.end + 1] != "…"]
        order = [f for f in whole if sentence.holds(f.start, f.end)]
        for figure in order:
            clause = next((c for c in parts if c.holds(figure.start, figure.end)), sentence)
            about = _about(figure, order, clause, mentions, self._plain[sentence.start : sentence.end])
            statement = Statement(
                figure,
                self._plain[clause.start : clause.end],
                self._plain[sentence.start : sentence.end],
                self._plain[sentence.start : figure.start],
                about or ((before,) if before else ()),
                explicit=any(m.end <= figure.start or clause.holds(m.start, m.end) for m in mentions),
                mentions=len({m.start for m in mentions}),
            )
            yield from self._verdict(statement, sentence)
        found, looked_at = self._names.check(self._text, sentence, mentions, before)
        self._checked += looked_at
        for said, kind, reason in found:
            yield Finding(self._text[sentence.start : sentence.end].strip(), said, kind, reason)

    def _verdict(self, statement: Statement, place: Span) -> Iterator[Finding]:
        self._checked += 1
        reason = self._verifier.objection(statement)
        if reason:
            sentence = self._text[place.start : place.end].strip()
            yield Finding(sentence, statement.figure.text, statement.figure.kind.value, reason)

    def _table(self, rows: Sequence[Span]) -> Iterator[Finding]:
        columns = [
            [m for m in self._finder.find(self._text, c.start, c.end) if m.subjects]
            for c in cells(self._text, rows[0])
        ]
        for row in rows[1:]:
            rated = bool(_RATING_ROW.search(self._text[row.start : row.end]))
            for column, cell in enumerate(cells(self._text, row)):
                headed = columns[column] if column < len(columns) else []
                for figure in (f for f in self._figures if cell.holds(f.start, f.end)):
                    content = self._plain[cell.start : cell.end]
                    if rated and figure.kind is Kind.PLAIN:
                        figure = replace(figure, kind=Kind.RATING)  # noqa: PLW2901 - its row says what it is
                    about = (headed[0].subjects,) if headed else ()
                    statement = Statement(figure, content, content, "", about, bool(headed), 1)
                    yield from self._verdict(statement, row)
                if headed:
                    yield from self._codes(cell, row, headed[0])

    def _codes(self, cell: Span, row: Span, mention: Mention) -> Iterator[Finding]:
        for said, kind, reason in self._names.codes(self._text, cell, mention.subjects):
            yield Finding(self._text[row.start : row.end].strip(), said, kind, reason)


def _about(
    figure: Figure, order: Sequence[Figure], clause: Span, mentions: Sequence[Mention], sentence: str
) -> tuple[tuple[Subject, ...], ...]:
    """Return groups of subjects that a figure is said of; one of each group must bear it out."""
    real = [m for m in mentions if m.subjects]
    inside = next((m for m in real if m.start <= figure.start and figure.end <= m.end), None)
    if inside is not None:
        return (inside.subjects,)
    topics = [m for m in real if not m.reference] or real
    if cues.RESPECTIVELY.search(sentence) and len(topics) > 1:
        return _nth(figure, order, topics)
    here = [m for m in topics if clause.holds(m.start, m.end)]
    if len(here) > 1 and cues.EACH.search(sentence) and here[-1].end <= figure.start:
        return tuple(m.subjects for m in here)
    nearest = _nearest(figure, here) or _nearest(figure, topics)
    return (nearest.subjects,) if nearest else ()


def _nth(
    figure: Figure, order: Sequence[Figure], topics: Sequence[Mention]
) -> tuple[tuple[Subject, ...], ...]:
    alike = [f for f in order if (f.kind, f.unit) == (figure.kind, figure.unit)]
    position = alike.index(figure)
    return (topics[position].subjects,) if position < len(topics) else ()


def _nearest(figure: Figure, mentions: Sequence[Mention]) -> Mention | None:
    ahead = [m for m in mentions if m.end <= figure.start]
    return ahead[-1] if ahead else next(iter(mentions), None)
