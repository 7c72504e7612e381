"""What statements are checked against: the typed facts, what code derived from them, and what the shopper said."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

from shopguide_generation.domain.derived import Derived, DerivedKind, measure, standard
from shopguide_generation.domain.facts import (
    NAMING_KEYS,
    PROSE_KEYS,
    RATING_KEYS,
    SIGNAL_KEYS,
    AnswerContext,
    Fact,
    Limit,
    Money,
    Source,
    SourceKind,
)
from shopguide_generation.domain.grounding.aliases import aliases
from shopguide_generation.domain.grounding.text import fold, is_han
from shopguide_generation.domain.labels import default_label
from shopguide_generation.domain.names import clean, display_names
from shopguide_generation.domain.reviews import COMPLAINT_KEYS, PRAISE_KEYS, clauses
from shopguide_generation.domain.sentences import sentences

_COUNTED_KEYS = {"rating_count", "review_count", "rated_count", "mean_stars", "stars"}
_UNLABELLED = {"", *NAMING_KEYS, *PROSE_KEYS, *PRAISE_KEYS, *COMPLAINT_KEYS, *_COUNTED_KEYS, *SIGNAL_KEYS}
"""Keys whose names are no claims: what identifies, what is quoted, what is counted."""

_COMMON_KEYS = (
    "price",
    "rating",
    "weight",
    "battery",
    "warranty",
    "memory",
    "storage",
    "color",
    "material",
    "brand",
    "screen",
)


@dataclass(frozen=True)
class Grounds:
    """The facts of a request, indexed for checking."""

    context: AnswerContext
    extra: tuple[Derived, ...] = ()
    """Derived facts that a plan declares beyond the standard ones."""
    names: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "names", tuple(map(fold, display_names(self.context.sources))))

    @cached_property
    def derived(self) -> tuple[Derived, ...]:
        """Every derived fact a statement may use."""
        return (*standard(self.context), *self.extra)

    @cached_property
    def aliases(self) -> tuple[tuple[str, frozenset[int]], ...]:
        """Every text that names a product, folded, with the products it may name, longest first."""
        return tuple(sorted(aliases(self.context, self.names).items(), key=lambda item: -len(item[0])))

    @cached_property
    def currencies(self) -> frozenset[str]:
        """The currencies that occur."""
        facts = (fact.value for source in self.context.sources for fact in source.facts)
        given = {value.currency for value in facts if isinstance(value, Money)}
        limits = {d.unit for d in self.derived if len(d.unit) == 3 and d.unit.isupper()}  # noqa: PLR2004 - ISO 4217
        return frozenset(given | limits)

    @cached_property
    def units(self) -> frozenset[str]:
        """The units that occur."""
        given = {fact.unit for source in self.context.sources for fact in source.facts if fact.unit}
        return frozenset(
            given | {o.limit.unit for o in self.context.outcomes if o.limit.key != "price" and o.limit.unit}
        )

    @cached_property
    def labels(self) -> dict[str, frozenset[str]]:
        """Every word for a key, folded, with the keys it may mean."""
        found: dict[str, set[str]] = {}
        for item in self._keyed():
            words = {
                *item.labels.values(),
                *(default_label(item.key, item.unit, lang) for lang in ("en", "zh")),
            }
            for word in map(fold, words):
                found.setdefault(word, set()).add(item.key)
        for key in _COMMON_KEYS:
            for word in (default_label(key, "", "en"), default_label(key, "", "zh")):
                found.setdefault(fold(word), set()).update(RATING_KEYS if key == "rating" else {key})
        return {word: frozenset(keys) for word, keys in found.items() if word}

    @cached_property
    def given_labels(self) -> dict[str, frozenset[str]]:
        """As `labels`, with only the words that the facts themselves give."""
        found: dict[str, set[str]] = {}
        for item in self._keyed():
            for word in map(fold, item.labels.values()):
                found.setdefault(word, set()).add(item.key)
        return {word: frozenset(keys) for word, keys in found.items() if word}

    def _keyed(self) -> Iterator[Fact | Limit]:
        facts = [fact for source in self.context.sources for fact in source.facts]
        items: list[Fact | Limit] = [*facts, *(outcome.limit for outcome in self.context.outcomes)]
        return (item for item in items if item.key not in _UNLABELLED)

    @cached_property
    def values(self) -> dict[str, frozenset[int]]:
        """Every text value, folded, with the numbers of the sources that have it."""
        found: dict[str, set[int]] = {}
        for number, source in enumerate(self.context.sources, start=1):
            for fact in source.facts:
                if isinstance(fact.value, str) and fact.key not in {"name", "title", *SIGNAL_KEYS}:
                    found.setdefault(fold(fact.value), set()).add(number)
        return {value: frozenset(numbers) for value, numbers in found.items() if value}

    @cached_property
    def prose(self) -> dict[str, frozenset[int]]:
        """Every whole sentence (of reviews: also clauses) that may be quoted, folded, with its sources."""
        found: dict[str, set[int]] = {}
        for number, source in enumerate(self.context.sources, start=1):
            if source.kind is SourceKind.PRODUCT:
                continue
            for piece in quotable_pieces(source):
                found.setdefault(piece, set()).add(number)
        return {piece: frozenset(numbers) for piece, numbers in found.items()}

    @cached_property
    def echoes(self) -> tuple[str, ...]:
        """What the shopper said that may be repeated, folded, longest first."""
        c = self.context
        said = [
            *c.uses,
            c.occasion,
            c.recipient,
            c.search_query,
            *c.missing_roles,
            *(s.role for s in c.sources),
        ]
        said += [option.text for option in c.slot.options] if c.slot else []
        said += [c.slot.label] if c.slot else []
        said += [value for o in c.outcomes for value in (*o.limit.any_of, *o.limit.none_of, o.limit.evidence)]
        return tuple(sorted({fold(text) for text in said if len(text.strip()) > 1}, key=len, reverse=True))

    @cached_property
    def purposes(self) -> frozenset[str]:
        """What it is for and for whom, folded."""
        c = self.context
        return frozenset(fold(text) for text in (*c.uses, c.occasion, c.recipient) if text)

    @cached_property
    def nothing_fits(self) -> bool:
        """True when some limit gave way, or there is nothing to show."""
        return not self.context.offers or any(outcome.gave_way for outcome in self.context.outcomes)

    def text_of(self, number: int) -> str:
        """Everything written in a source, its labels too, folded."""
        source = self.context.source(number)
        parts = [source.title, self.names[number - 1], source.role]
        parts += [_written(fact) for fact in source.facts if fact.key not in SIGNAL_KEYS]
        return fold(" | ".join(part for part in parts if part))

    def kind(self, number: int) -> SourceKind:
        """What a source is."""
        return self.context.source(number).kind

    def facts_of(self, numbers: tuple[int, ...], keys: frozenset[str] = frozenset()) -> list[Fact]:
        """The facts of some sources, under some keys (none: every key)."""
        return [f for n in numbers for f in self.context.source(n).facts if not keys or f.key in keys]

    def count(self, value: Decimal, *keys: str) -> bool:
        """True when a derived count under one of the keys is `value`."""
        return any(d.kind is DerivedKind.COUNT and d.key in keys and d.value == value for d in self.derived)


def quotable_pieces(source: Source) -> set[str]:
    """The pieces of a source's running text that make sense by themselves."""
    pieces: set[str] = set()
    for text in source.prose or ((source.title,) if source.kind is SourceKind.REVIEW else ()):
        whole = sentences(text)
        pieces |= {fold(piece) for piece in whole}
        pieces |= {fold(piece.rstrip("。.!！?？")) for piece in whole}
        if source.kind is SourceKind.REVIEW:
            pieces |= {fold(piece) for piece in clauses(text)}
    return {piece for piece in pieces if len(piece) > 3 or sum(map(is_han, piece)) > 1}  # noqa: PLR2004 - shorter proves nothing


def _written(fact: Fact) -> str:
    value = fact.value if isinstance(fact.value, str) else ""
    labels = (
        *fact.labels.values(),
        default_label(fact.key, fact.unit, "en"),
        default_label(fact.key, fact.unit, "zh"),
    )
    return " | ".join((value, clean(value), *labels))


def matches(fact: Fact, value: Decimal, unit: str) -> bool:
    """True when the fact's number and unit are these."""
    mine, measured = measure(fact)
    return measured == unit and value in {mine, fact.stated}
