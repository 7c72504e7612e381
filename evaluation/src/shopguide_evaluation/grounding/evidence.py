"""What an answer may rest on: the typed facts of its sources, the products shown, and what was counted and added up."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from google.type import money_pb2

from shopguide.type.v1 import answer_pb2, product_pb2, query_pb2
from shopguide_evaluation.grounding.figures import Figure, Kind, currency_of, find_figures, measures_of
from shopguide_evaluation.grounding.numerals import CHINESE, value_of

_NANOS = 1_000_000_000
_COUNTED = {"rating_count": Kind.REVIEWS, "review_count": Kind.REVIEWS}
_RATED = frozenset({"rating", "stars"})
_ORDINALS = ("second", "third", "fourth", "fifth", "sixth")
_TIMES = re.compile(rf"第(?P<chinese>\d+|{CHINESE})[次回]|(?P<english>(?i:{'|'.join(_ORDINALS)})) time")
_ONES_OWN = re.compile(r"[A-Za-z0-9][A-Za-z0-9_'’&.+/-]*")


@dataclass(frozen=True)
class TurnFacts:
    """Everything that came with the text of a turn."""

    sources: Sequence[answer_pb2.Source]
    """Sources; the n-th one is `[n]`."""
    products: Sequence[query_pb2.ScoredProduct] = ()
    """Products shown."""
    outcomes: Sequence[query_pb2.ConstraintOutcome] = ()
    """What became of each limit."""
    constraints: Sequence[query_pb2.Constraint] = ()
    """Limits and wishes in force."""
    scopes: Sequence[query_pb2.Scope] = ()
    """Roles of a bundle."""
    matched_size: int = 0
    """Products that satisfy the limits."""
    total_price: money_pb2.Money | None = None
    """What the products of a bundle cost together."""
    budget: money_pb2.Money | None = None
    """Most that they may cost together."""
    shopper_words: Sequence[str] = ()
    """What the shopper has said in this conversation."""
    brands: Sequence[str] = ()
    """Brands of the catalogue, so that one that belongs to no source is noticed in any script."""


@dataclass(frozen=True)
class Known:
    """A figure that a subject bears out."""

    figure: Figure
    """The figure."""
    key: str
    """Key of the fact; empty for a figure inside of a text."""


@dataclass
class Subject:
    """A product, a rule of the shop, or a review, with all that is known of it."""

    id: str
    """Id."""
    kind: int
    """`Source.Kind`."""
    number: int = 0
    """As cited; 0 for a product that is shown without being a source."""
    title: str = ""
    """Title."""
    brand: str = ""
    """Brand; empty when not known."""
    about: str = ""
    """Id of the product that a review or digest is about."""
    known: list[Known] = field(default_factory=list)
    """Figures."""
    texts: list[str] = field(default_factory=list)
    """Every text known of it."""
    points: list[tuple[str, int]] = field(default_factory=list)
    """What reviews say, with how many say so."""

    @property
    def words(self) -> set[str]:
        """Return the Latin words and codes that its texts hold, in lower case."""
        return latin_words(" ".join(self.texts))

    def numbers(self, key: str) -> Iterator[Figure]:
        """Yield the figures of one fact."""
        return (k.figure for k in self.known if k.key == key)


def latin_words(text: str) -> set[str]:
    """Return Latin words and codes in lower case, also the parts of those that hold a hyphen or slash."""
    found = {w.strip(".'’-").lower() for w in _ONES_OWN.findall(text)}
    return found | {part for word in found for part in re.split(r"[-/&.+'’]", word) if part}


def major(money: money_pb2.Money) -> float:
    """Return an amount in major units."""
    return float(money.units) + money.nanos / _NANOS


def money_figure(money: money_pb2.Money) -> Figure:
    """Return an amount as a figure."""
    return Figure(Kind.MONEY, major(money), currency_of(money.currency_code), raw=major(money))


def subjects_of(facts: TurnFacts) -> list[Subject]:
    """Return the sources by number, then the products shown that are no sources."""
    found = [_from_source(n, s) for n, s in enumerate(facts.sources, 1)]
    products = {s.id: s for s in found if s.kind == answer_pb2.Source.KIND_PRODUCT}
    for result in facts.products:
        subject = products.get(result.product_id)
        if subject is None:
            subject = Subject(result.product_id, answer_pb2.Source.KIND_PRODUCT)
            found.append(subject)
        _add_product(subject, result.product)
    return found


def _from_source(number: int, source: answer_pb2.Source) -> Subject:
    subject = Subject(source.id, source.kind, number, source.title, about=source.subject_id)
    _add_text(subject, source.title)
    for fact in source.facts:
        _add_fact(subject, fact)
    return subject


def _add_fact(subject: Subject, fact: answer_pb2.Fact) -> None:
    subject.texts += [name for labels in fact.labels for name in labels.names]
    match fact.WhichOneof("value"):
        case "money":
            subject.known.append(Known(money_figure(fact.money), fact.key))
        case "number":
            _add_number(subject, fact.key, fact.number, fact.unit)
        case "text":
            _add_text(subject, fact.text)
            if fact.key == "brand":
                subject.brand = fact.text
            if fact.mention_count:
                subject.points.append((fact.text, fact.mention_count))
    if fact.mention_count:
        count = float(fact.mention_count)
        subject.known.append(Known(Figure(Kind.MENTIONS, count, raw=count), ""))


def _add_number(subject: Subject, key: str, value: float, unit: str) -> None:
    kind = Kind.RATING if key in _RATED else _COUNTED.get(key)
    if kind is not None:
        subject.known.append(Known(Figure(kind, value, raw=value), key))
    else:
        subject.known += [Known(figure, key) for figure in measures_of(value, unit)]


def _add_text(subject: Subject, text: str) -> None:
    subject.texts.append(text)
    subject.known += [Known(figure, "") for figure in find_figures(text)]


def _add_product(subject: Subject, product: product_pb2.Product) -> None:
    subject.title = subject.title or product.title
    subject.brand = subject.brand or product.brand
    for text in (product.title, product.brand, product.description, *product.category_path):
        _add_text(subject, text)
    for key, money in (("price", product.price), ("list_price", product.original_price)):
        if money.currency_code:
            subject.known.append(Known(money_figure(money), key))
    if product.HasField("rating"):
        _add_number(subject, "rating", round(product.rating.average, 4), "")
        _add_number(subject, "rating_count", float(product.rating.count), "")
    for key, values in product.attributes.items():
        for number in values.numbers:
            _add_number(subject, key, number, values.unit)
        for text in values.texts:
            _add_text(subject, text)


@dataclass(frozen=True)
class Aggregates:
    """What was counted, added up or asked for, over all products."""

    counts: frozenset[float]
    """How many products match, are shown, are of each kind of source; how many limits and roles there are."""
    most_limits: int
    """How many limits and wishes there are: as many conditions can be spoken of at most."""
    totals: tuple[Figure, ...]
    """Total price, budget, what is left of it, and the total with one product swapped for another."""
    limits: tuple[Figure, ...]
    """Figures that the shopper has named, and what limits were loosened to."""


def aggregates_of(facts: TurnFacts, subjects: Sequence[Subject]) -> Aggregates:
    """Return what may be said without being a fact of one subject."""
    wishes = max(len(facts.outcomes), len(facts.constraints))
    return Aggregates(
        frozenset(_counts(facts)), wishes, tuple(_totals(facts, subjects)), tuple(_limits(facts))
    )


def _counts(facts: TurnFacts) -> Iterator[float]:
    yield float(facts.matched_size)
    yield float(len(facts.products))
    yield float(facts.matched_size - len(facts.products))
    yield float(len(facts.outcomes) or len(facts.constraints))
    yield float(sum(c.strength == query_pb2.Constraint.STRENGTH_HARD for c in facts.constraints))
    yield float(len(facts.scopes))
    for kind in {s.kind for s in facts.sources}:
        yield float(sum(s.kind == kind for s in facts.sources))


def _totals(facts: TurnFacts, subjects: Iterable[Subject]) -> Iterator[Figure]:
    given = [m for m in (facts.total_price, facts.budget) if m is not None and m.currency_code]
    amounts = [major(m) for m in given]
    currency = next((currency_of(m.currency_code) for m in given), "")
    shown = {r.product_id for r in facts.products}
    prices = [(s.id in shown, f.value) for s in subjects for f in s.numbers("price") if f.unit == currency]
    if len(amounts) == 2:  # noqa: PLR2004 - total and budget
        amounts.append(abs(amounts[1] - amounts[0]))
    if facts.total_price is not None:
        total = major(facts.total_price)
        amounts += [total - out + into for was, out in prices if was for _, into in prices if into != out]
    yield from (Figure(Kind.MONEY, round(a, 2), currency) for a in amounts)


def _limits(facts: TurnFacts) -> Iterator[Figure]:
    for words in facts.shopper_words:
        yield from find_figures(words)
        yield from _repeats(words)
    for constraint in (*facts.constraints, *(o.constraint for o in facts.outcomes)):
        yield from _condition(constraint.condition)
    for scope in facts.scopes:
        for constraint in scope.constraints:
            yield from _condition(constraint.condition)
    for outcome in facts.outcomes:
        yield from _condition(outcome.relaxed_to)
        if outcome.HasField("nearest_value"):
            yield Figure(Kind.PLAIN, outcome.nearest_value, raw=outcome.nearest_value)


def _repeats(words: str) -> Iterator[Figure]:
    """Yield how often something has happened, from `third time` or 第三次."""
    for match in _TIMES.finditer(words):
        chinese, english = match["chinese"], match["english"]
        value = value_of(chinese) if chinese else float(_ORDINALS.index(english.lower()) + 2)
        yield Figure(Kind.MENTIONS, value, raw=value)


def _condition(condition: query_pb2.Condition) -> Iterator[Figure]:
    bounds = condition.range
    for name in ("minimum", "maximum"):
        if bounds.HasField(name):
            value = getattr(bounds, name)
            yield Figure(Kind.PLAIN, value, currency_of(condition.currency_code), raw=value)
