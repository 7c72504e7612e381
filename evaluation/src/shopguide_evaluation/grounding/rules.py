"""When a figure is borne out: by a fact of its subject, by a difference of facts, or by something counted or added up."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from shopguide.type.v1 import answer_pb2
from shopguide_evaluation.grounding import cues
from shopguide_evaluation.grounding.evidence import Aggregates, Subject
from shopguide_evaluation.grounding.figures import Figure, Kind, is_rounded, same

_REVIEW = answer_pb2.Source.KIND_REVIEW
_PRODUCT = answer_pb2.Source.KIND_PRODUCT
_CLOSE_PERCENT = 0.1


@dataclass(frozen=True)
class Statement:
    """A figure together with what is said around it."""

    figure: Figure
    """The figure."""
    clause: str
    """Its clause."""
    sentence: str
    """Its sentence."""
    lead: str
    """The sentence up to the figure."""
    about: tuple[tuple[Subject, ...], ...]
    """Whom it is said of: one subject of each group must bear it out. Empty: of nobody in particular."""
    explicit: bool
    """Whether its clause, or the sentence before it, names whom."""
    mentions: int
    """Places in the sentence that name a subject."""


class Verifier:
    """Decides about figures, with the evidence of one turn."""

    def __init__(self, subjects: Sequence[Subject], aggregates: Aggregates) -> None:
        """Take the evidence."""
        self._subjects = subjects
        self._aggregates = aggregates

    def objection(self, said: Statement) -> str:
        """Return why nothing bears a figure out; empty when something does."""
        groups = said.about or (tuple(self._subjects),)
        lacking = [g for g in groups if not any(self._bears_out(s, said) for s in self._witnesses(g, said))]
        if not lacking or self._is_aggregate(said):
            return ""
        if not said.about:
            return "stands in no source and is no count, total or limit"
        named = "; ".join(s.title or s.id for s in lacking[0])
        return f"is not among the facts of {named}"

    def _witnesses(self, group: Iterable[Subject], said: Statement) -> list[Subject]:
        """Return who may bear a figure out; what reviews mention is told by its words, wherever it is cited."""
        digests = [s for s in self._subjects if s.points] if said.figure.kind is Kind.MENTIONS else []
        return self._kin(group) + digests

    def _kin(self, group: Iterable[Subject]) -> list[Subject]:
        """Return subjects with what belongs to them: a product's reviews, a review's product."""
        ids = {i for s in group for i in (s.id, s.about) if i}
        return [s for s in self._subjects if s.id in ids or s.about in ids]

    def _bears_out(self, subject: Subject, said: Statement) -> bool:
        figure = said.figure
        match figure.kind:
            case Kind.MONEY:
                return self._has_amount(subject, said) or self._is_difference(subject, said)
            case Kind.PERCENT:
                return self._has(subject, figure, Kind.PERCENT) or self._is_share(subject, said)
            case Kind.RATING | Kind.REVIEWS | Kind.CLOCK:
                return self._has(subject, figure, figure.kind) or self._is_difference(subject, said)
            case Kind.MENTIONS:
                return self._is_point(subject, said)
            case Kind.MEASURE:
                return self._has(subject, figure, Kind.MEASURE) or self._is_difference(subject, said)
            case Kind.PRODUCTS:
                return subject.kind != _PRODUCT and self._has_number(subject, figure)
        return self._has_number(subject, figure) or self._is_difference(subject, said)

    @staticmethod
    def _has(subject: Subject, figure: Figure, kind: Kind) -> bool:
        return any(k.figure.kind is kind and same(figure, k.figure) for k in subject.known)

    @staticmethod
    def _has_number(subject: Subject, figure: Figure) -> bool:
        return any(
            k.figure.raw == figure.raw or is_rounded(figure, k.figure.raw)
            for k in subject.known
            if k.figure.kind in {Kind.RATING, Kind.PLAIN} or k.figure.raw == figure.raw
        )

    @staticmethod
    def _has_amount(subject: Subject, said: Statement) -> bool:
        keys = {k.key for k in subject.known if k.figure.kind is Kind.MONEY and same(said.figure, k.figure)}
        if keys == {"list_price"}:
            return bool(cues.WAS.search(said.clause))
        return bool(keys)

    @staticmethod
    def _is_point(subject: Subject, said: Statement) -> bool:
        """Return whether a count of mentions is that of the point named last before it, or one inside of a text."""
        named = [(said.lead.rfind(text), count) for text, count in subject.points if text in said.lead]
        if named:
            return float(max(named)[1]) == said.figure.value
        return any(
            k.figure.kind is Kind.MENTIONS and k.figure.value == said.figure.value for k in subject.known
        )

    def _is_difference(self, subject: Subject, said: Statement) -> bool:
        if not cues.DIFFERENCE.search(said.clause):
            return False
        return any(
            _apart(said.figure, one, other)
            for key, one in _keyed(subject)
            for other in self._compared_with(subject, key)
        )

    def _compared_with(self, subject: Subject, key: str) -> Iterator[Figure]:
        yield from (f for s in self._subjects if s is not subject for f in s.numbers(key))
        yield from self._aggregates.limits
        if key == "price":
            yield from subject.numbers("list_price")
            yield from self._aggregates.totals

    def _is_share(self, subject: Subject, said: Statement) -> bool:
        """Return whether a percentage is a discount, a share of reviews or of dearer products, or a difference of facts."""
        shares = list(_discounts(subject)) + list(_review_shares(subject))
        if cues.DEARER.search(said.clause):
            shares += [share.value * 100 for share in subject.numbers("cheaper_than_share")]
        if cues.DIFFERENCE.search(said.clause):
            shares += [
                abs(one.value - other.value) / whole * 100
                for key, one in _keyed(subject)
                for other in self._compared_with(subject, key)
                if one.unit == other.unit
                for whole in (one.value, other.value)
                if whole
            ]
        step = _CLOSE_PERCENT if said.figure.decimals else 1.0
        return any(abs(share - said.figure.value) < step for share in shares)

    def _is_aggregate(self, said: Statement) -> bool:
        tests: dict[Kind, Callable[[Statement], bool]] = {
            Kind.MONEY: self._is_total,
            Kind.PRODUCTS: self._is_count,
            Kind.REVIEWS: self._is_count_of_reviews,
            Kind.PLAIN: self._is_count,
            Kind.MENTIONS: self._is_asked,
        }
        test = tests.get(said.figure.kind)
        return (test is not None and test(said)) or self._is_limit(said) or self._is_edge(said)

    def _is_total(self, said: Statement) -> bool:
        return bool(cues.TOTAL.search(said.sentence)) and any(
            same(said.figure, f) for f in self._aggregates.totals
        )

    def _is_count(self, said: Statement) -> bool:
        if cues.CONDITIONS.search(said.clause) and said.figure.value <= self._aggregates.most_limits:
            return True
        listed = float(said.sentence.count("、") + 1)
        known = self._aggregates.counts | ({listed} if listed > 1 else set()) | {float(said.mentions)}
        return said.figure.value in known

    def _is_count_of_reviews(self, said: Statement) -> bool:
        groups = (self._subjects, *said.about)
        return said.figure.value in {float(sum(s.kind == _REVIEW for s in group)) for group in groups}

    def _is_asked(self, said: Statement) -> bool:
        return any(said.figure.raw == f.raw for f in self._aggregates.limits)

    def _is_limit(self, said: Statement) -> bool:
        if not cues.LIMIT.search(said.clause):
            return False
        return any(_says_limit(said.figure, limit) for limit in self._aggregates.limits)

    def _is_edge(self, said: Statement) -> bool:
        """Return whether a figure is the lowest or highest of its kind over all products, in `from … to …`."""
        if said.explicit or not cues.SPAN.search(said.clause):
            return False
        keys = {k.key for s in self._subjects for k in s.known if k.key}
        for key in keys - {"list_price"}:
            values = [
                f for s in self._subjects for f in s.numbers(key) if (f.kind, f.unit) == _sort(said.figure)
            ]
            edges = (min(values, key=lambda f: f.value), max(values, key=lambda f: f.value)) if values else ()
            if any(same(said.figure, edge) for edge in edges):
                return True
        return False


def _sort(figure: Figure) -> tuple[Kind, str]:
    return figure.kind, figure.unit


def _keyed(subject: Subject) -> Iterator[tuple[str, Figure]]:
    return ((k.key, k.figure) for k in subject.known if k.key and k.key != "list_price")


def _apart(said: Figure, one: Figure, other: Figure) -> bool:
    """Return whether a figure is how far two others lie apart; a bare number is taken in the unit of either."""
    if said.kind in {Kind.PLAIN, Kind.PRODUCTS}:
        apart = abs(one.raw - other.raw)
        return apart > 0 and abs(apart - said.raw) < 1e-6  # noqa: PLR2004 - equal floats
    if one.unit != said.unit or other.unit not in {said.unit, ""}:
        return False
    base = other.value if other.unit else other.raw * (one.value / one.raw if one.raw else 1.0)
    apart = abs(one.value - base)
    return apart > 0 and abs(apart - said.value) <= 1e-6 * max(1.0, abs(said.value)) + _rounding(said)


def _rounding(figure: Figure) -> float:
    return 0.5 * 10**-figure.decimals * figure.factor if figure.decimals else 0.0


def _discounts(subject: Subject) -> Iterator[float]:
    for price in subject.numbers("price"):
        for was in subject.numbers("list_price"):
            if was.unit == price.unit and was.value > 0:
                yield (was.value - price.value) / was.value * 100


def _review_shares(subject: Subject) -> Iterator[float]:
    for total in subject.numbers("rating_count"):
        if total.value:
            yield from (count / total.value * 100 for _, count in subject.points)


def _says_limit(said: Figure, limit: Figure) -> bool:
    if limit.kind is Kind.PLAIN or said.kind is Kind.PLAIN:
        agrees = limit.unit in {"", said.unit} or said.kind is Kind.PLAIN
        return agrees and abs(limit.raw - said.raw) < 1e-6  # noqa: PLR2004 - equal floats
    return same(said, limit)
