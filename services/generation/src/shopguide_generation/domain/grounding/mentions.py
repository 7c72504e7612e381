"""Which product a place in a statement is about: names, parts of names, and citations."""

import re
from bisect import bisect_right
from dataclasses import dataclass

from shopguide_generation.domain.facts import SourceKind
from shopguide_generation.domain.grounding.grounds import Grounds
from shopguide_generation.domain.grounding.report import Finding, Reason
from shopguide_generation.domain.grounding.text import Coverage

_CITATION = re.compile(r"\[(\d{1,3})\]")


@dataclass(frozen=True, slots=True)
class Mention:
    """A place that names or cites sources; several when a name is shared."""

    start: int
    end: int
    numbers: frozenset[int]
    cited: bool = False


class Mentions:
    """All mentions of a statement, in order. Takes what it finds from the coverage."""

    def __init__(self, grounds: Grounds, coverage: Coverage, focus: int | None = None) -> None:
        self._grounds = grounds
        self._coverage = coverage
        self._focus = focus
        self.findings: list[Finding] = []
        citations = self._citations()
        named = self._names()
        self._all = sorted([*citations, *named], key=lambda mention: mention.start)
        self._resolve()
        self._products = [m for m in self._all if self._is_product(m)]
        self._starts = [m.start for m in self._products]
        self.cited = tuple(dict.fromkeys(n for m in self._all if m.cited for n in m.numbers))

    @property
    def support(self) -> tuple[int, ...]:
        """Cited sources that are no products: rules, digests, reviews."""
        return tuple(n for n in self.cited if self._grounds.kind(n) is not SourceKind.PRODUCT)

    @property
    def first(self) -> int:
        """Where the first product is mentioned; beyond the end when none is."""
        return self._starts[0] if self._starts else len(self._coverage.text)

    @property
    def numbers(self) -> frozenset[int]:
        """Every product mentioned without doubt."""
        return frozenset(n for m in self._products if len(m.numbers) == 1 for n in m.numbers)

    def subject(self, at: int) -> tuple[int, ...]:
        """The product that position `at` is about: the last one mentioned, else the first to come, else the focus.

        A run of citations side by side (`[1][2]`) is about each of them.
        """
        if not self._products:
            return (self._focus,) if self._focus else ()
        place = bisect_right(self._starts, at) - 1
        if place < 0:
            return tuple(self._products[0].numbers) if len(self._products[0].numbers) == 1 else ()
        group = set(self._products[place].numbers)
        while (
            place
            and self._products[place].cited
            and self._products[place - 1].end == self._products[place].start
        ):
            place -= 1
            group |= self._products[place].numbers
        return tuple(sorted(group))

    def named_from(self, at: int) -> Mention | None:
        """The first product mention that starts at `at` or later."""
        return next((mention for mention in self._products if mention.start >= at), None)

    def following(self, at: int) -> tuple[int, ...]:
        """The product mentioned right after `at`, with at most a space between; else nothing."""
        for mention in self._products:
            if mention.start >= at:
                return tuple(mention.numbers) if not self._coverage.text[at : mention.start].strip() else ()
        return ()

    def _is_product(self, mention: Mention) -> bool:
        return all(self._grounds.kind(n) is SourceKind.PRODUCT for n in mention.numbers)

    def _citations(self) -> list[Mention]:
        found = []
        for match in _CITATION.finditer(self._coverage.text):
            number = int(match[1])
            self._coverage.take(*match.span())
            if 1 <= number <= len(self._grounds.context.sources):
                found.append(Mention(*match.span(), frozenset({number}), cited=True))
            else:
                self.findings.append(Finding(match.group(), Reason.UNKNOWN_SOURCE))
        return found

    def _names(self) -> list[Mention]:
        found = []
        for alias, numbers in self._grounds.aliases:
            for start, end in list(self._coverage.find(alias)):
                self._coverage.take(start, end)
                found.append(Mention(start, end, numbers))
        return found

    def _resolve(self) -> None:
        """Settles shared names by the citation that follows; a citation of another product is a finding."""
        for place, (mention, after) in enumerate(zip(self._all, self._all[1:], strict=False)):
            gap = self._coverage.text[mention.end : after.start]
            if gap.strip() or mention.cited or not self._is_product(after):
                continue
            agreed = mention.numbers & after.numbers
            if agreed:
                self._all[place] = Mention(mention.start, mention.end, agreed)
            else:
                wrong = Reason.WRONG_SOURCE if after.cited else Reason.WRONG_NAME
                self.findings.append(Finding(self._coverage.text[mention.start : after.end], wrong))
