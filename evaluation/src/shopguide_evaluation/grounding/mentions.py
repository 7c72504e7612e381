"""Finds which product or rule of the shop each part of a sentence speaks of."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from shopguide.type.v1 import answer_pb2
from shopguide_evaluation.grounding.evidence import Subject
from shopguide_evaluation.grounding.text import CITATION

_TRIM = ",，.;；:：()（）【】 "
_MIN_NAME = 2
_COMPARED = re.compile(
    r"(?:比|相比|较|对比|不如|(?i:than|instead of|compared (?:with|to)|versus|vs\.?|unlike))\s*(?:the\s)?(?:那款)?\s*$"
)


@dataclass(frozen=True)
class Mention:
    """A place that names subjects, by name, by number or both."""

    start: int
    """Where it begins."""
    end: int
    """Where it ends."""
    named: tuple[Subject, ...]
    """Subjects that the name fits; empty for a bare citation."""
    cited: tuple[Subject, ...]
    """Subjects cited right there."""
    missing: tuple[int, ...] = ()
    """Numbers cited that no source has."""
    name: str = ""
    """The name as written."""
    reference: bool = False
    """Whether something else is compared with it, so that what follows is not said of it."""

    @property
    def subjects(self) -> tuple[Subject, ...]:
        """Return what is spoken of: what is cited, or else whatever the name fits."""
        return self.cited or self.named

    @property
    def disagrees(self) -> bool:
        """Return whether the name is that of a product and the citation names another one."""
        products = [s for s in self.cited if s.kind == answer_pb2.Source.KIND_PRODUCT]
        owners = {s.about for s in self.cited if s.about}
        named = {s.id for s in self.named}
        return bool(self.named and products) and not named & ({s.id for s in products} | owners)


def aliases(subject: Subject) -> set[str]:
    """Return what a product may be called: beginnings of its title, with and without its brand."""
    tokens = [t for t in (t.strip(_TRIM) for t in subject.title.split()) if t]
    brand = subject.brand.split()
    bare = tokens[len(brand) :] if brand and tokens[: len(brand)] == brand else []
    names = {" ".join(tokens[:n]) for n in range(_MIN_NAME, len(tokens) + 1)} | {" ".join(tokens)}
    names |= {" ".join(bare[:n]) for n in range(_MIN_NAME, len(bare) + 1)}
    if bare and _is_model(bare[0]):
        names.add(bare[0])
    return {name for name in names if len(name) >= _MIN_NAME and not name.isdigit()}


def short_name(subject: Subject) -> str:
    """Return the first word after the brand, which names a product where its number stands beside it; or nothing."""
    rest = subject.title.removeprefix(subject.brand).split() if subject.brand else []
    return rest[0].strip(_TRIM) if rest and subject.title.startswith(subject.brand) else ""


def _is_model(token: str) -> bool:
    return token.isascii() and token[0].isupper() and len(token) >= _MIN_NAME


class MentionFinder:
    """Finds mentions of given subjects."""

    def __init__(self, subjects: Sequence[Subject]) -> None:
        """Learn the names of the products."""
        self._by_number = {s.number: s for s in subjects if s.number}
        self._by_name: dict[str, list[Subject]] = {}
        products = [s for s in subjects if s.kind == answer_pb2.Source.KIND_PRODUCT]
        for subject in products:
            for name in aliases(subject):
                self._by_name.setdefault(_key(name), []).append(subject)
        self._names = _alternatives({name for s in products for name in aliases(s)})
        self._short: dict[str, list[Subject]] = {}
        for subject in products:
            if len(short_name(subject)) >= _MIN_NAME:
                self._short.setdefault(_key(short_name(subject)), []).append(subject)
        self._shorts = _alternatives({short_name(s) for s in products} - {""})

    def find(self, text: str, start: int, end: int) -> list[Mention]:
        """Return the mentions in a stretch of the text, in order; a citation right after a name belongs to it."""
        found: list[Mention] = []
        for at, stop, name, numbers in self._places(text, start, end):
            named = tuple(self._by_name.get(_key(name), []) or self._short.get(_key(name), []))
            cited = tuple(self._by_number[n] for n in numbers if n in self._by_number)
            missing = tuple(n for n in numbers if n not in self._by_number)
            reference = bool(_COMPARED.search(text[start:at]))
            found.append(Mention(at, stop, named, cited, missing, name, reference))
        return found

    def _places(self, text: str, start: int, end: int) -> Iterator[tuple[int, int, str, tuple[int, ...]]]:
        cites = r"(?:\s*\[\d+\])+"
        beside = rf"(?P<short>{self._shorts})(?P<numbered>{cites})"
        # A name may be cut off in the middle of a word.
        cut = r"(?:\s?[^\s,，。;；\[\]]{0,12}…)?"
        named = rf"(?P<name>{self._names}){cut}[”\"」』》）)]*(?P<cites>{cites})?"
        pattern = rf"{named}|{beside}|(?P<bare>{cites})"
        for match in re.finditer(pattern, text[start:end]):
            name = match["name"] or match["short"] or ""
            cited = match["cites"] or match["numbered"] or match["bare"] or ""
            yield (
                start + match.start(),
                start + match.end(),
                name,
                tuple(int(n) for n in CITATION.findall(cited)),
            )


def _key(name: str) -> str:
    return re.sub(r"[\s,，]+", "", name).lower()


def _alternatives(names: Iterable[str]) -> str:
    return "|".join(_loose(name) for name in sorted(names, key=len, reverse=True)) or r"(?!)"


def _loose(name: str) -> str:
    """Return a pattern for a name, whole words only; spaces may differ, between scripts too, commas may be missing."""
    words = re.findall(r"[\x21-\x7e]+|[^\x00-\x7f\s]+", name)
    body = r"[\s,，]*".join(re.escape(word.strip(",")) for word in words)
    before = r"(?<![A-Za-z0-9])" if name[0].isascii() else ""
    after = r"(?![A-Za-z0-9])" if name[-1].isascii() else ""
    return f"{before}{body if len(words) == 1 else f'(?i:{body})'}{after}"
