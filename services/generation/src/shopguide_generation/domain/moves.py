"""What an answer says, before any words: each move is one statement, decided by code, that a voice puts into words."""

from dataclasses import dataclass
from decimal import Decimal

from shopguide_generation.domain.derived import Derived, DerivedKind, Difference
from shopguide_generation.domain.facts import Fact, Limit, Money, Outcome
from shopguide_generation.domain.signals import Given


@dataclass(frozen=True, slots=True)
class Move:
    """One statement. Product numbers are citation numbers."""

    @property
    def derived(self) -> tuple[Derived, ...]:
        """Numbers that this statement may use and that no source states."""
        return ()


def _count(key: str, value: int) -> Derived:
    return Derived(DerivedKind.COUNT, key, Decimal(value))


@dataclass(frozen=True, slots=True)
class FirstChoice(Move):
    """The product to look at first, and why."""

    number: int
    reasons: tuple[Fact, ...] = ()
    total: int | None = None
    limits: tuple[Limit, ...] = ()
    noun: str = ""
    purpose: str = ""
    gift: bool = False
    similar_to: int | None = None
    extreme: str = ""
    """`lowest` or `highest` price or rating among those shown, when the shopper asked for that order and it is so."""
    extreme_key: str = ""


@dataclass(frozen=True, slots=True)
class ClosestChoice(Move):
    """No product keeps all limits; this one comes nearest, and which limits gave."""

    number: int
    relaxed: tuple[Outcome, ...]
    kept: tuple[Limit, ...]
    reasons: tuple[Fact, ...] = ()


@dataclass(frozen=True, slots=True)
class OtherSide(Move):
    """A product that keeps a limit which the first choice breaks, and the limit it breaks itself."""

    number: int
    limit: Limit
    broken: Limit | None = None


@dataclass(frozen=True, slots=True)
class PlainChoice(Move):
    """The product to look at first and nothing that could be wrong about it: for when the check refused more."""

    number: int
    fits: bool
    priced: bool = True
    named: bool = True


@dataclass(frozen=True, slots=True)
class Alternative(Move):
    """Another product, by what it trades against the first choice."""

    number: int
    reference: int
    gain: Difference | None = None
    loss: Difference | None = None
    price_gap: Difference | None = None
    feature: Fact | None = None
    """Something this one states and the reference does not, or states otherwise."""


@dataclass(frozen=True, slots=True)
class MoreAbout(Move):
    """Further facts of a product."""

    number: int
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Remaining(Move):
    """How many products fit beyond those named."""

    named: int
    total: int

    @property
    def derived(self) -> tuple[Derived, ...]:
        """How many are left."""
        return (_count("remaining", self.total - self.named),)


@dataclass(frozen=True, slots=True)
class Unchecked(Move):
    """Wishes that no catalogue field can express, so that nothing was checked."""

    wishes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NothingFound(Move):
    """There is no product to show."""

    limits: tuple[Limit, ...]
    sought: str = ""


@dataclass(frozen=True, slots=True)
class NearestValue(Move):
    """The nearest value that exists for a limit which nothing keeps."""

    outcome: Outcome


@dataclass(frozen=True, slots=True)
class LoosenOne(Move):
    """Offer to look again with one limit loosened."""

    limits: tuple[Limit, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a comparison: a key with each product's fact, None where its page does not say."""

    label: str
    key: str
    cells: tuple[Fact | None, ...]


@dataclass(frozen=True, slots=True)
class Table(Move):
    """A comparison of products, side by side."""

    numbers: tuple[int, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Verdict(Move):
    """Which product of a comparison serves the stated use, and why."""

    number: int
    against: int
    gains: tuple[Difference, ...]
    features: tuple[Fact, ...] = ()
    purpose: str = ""


@dataclass(frozen=True, slots=True)
class Unstated(Move):
    """What the page of a product does not say although another's does."""

    number: int
    label: str
    key: str


@dataclass(frozen=True, slots=True)
class CounterPoint(Move):
    """Where the product not chosen is ahead."""

    difference: Difference


@dataclass(frozen=True, slots=True)
class EvenMatch(Move):
    """The facts do not tell the products apart."""

    numbers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ListingSays(Move):
    """The listing answers the question."""

    number: int
    facts: tuple[Fact, ...]
    asked: bool = True


@dataclass(frozen=True, slots=True)
class ListingSilent(Move):
    """The listing does not mention what was asked."""

    number: int
    term: str
    key: str = ""


@dataclass(frozen=True, slots=True)
class ReviewsMention(Move):
    """Reviews that mention what was asked."""

    numbers: tuple[int, ...]
    term: str
    quote: str = ""


@dataclass(frozen=True, slots=True)
class AskSeller(Move):
    """Advice to ask before buying."""


@dataclass(frozen=True, slots=True)
class PolicyQuote(Move):
    """A rule of the shop in its own words."""

    number: int
    sentences: tuple[str, ...]
    foreign: bool = False


@dataclass(frozen=True, slots=True)
class NoPolicy(Move):
    """The shop's rules given do not answer the question."""


@dataclass(frozen=True, slots=True)
class OfferOrderCheck(Move):
    """Offer to look at one order."""


@dataclass(frozen=True, slots=True)
class BundlePart:
    """One product of a bundle."""

    number: int
    role: str
    reason: Fact | None = None


@dataclass(frozen=True, slots=True)
class BundleTotal(Move):
    """All parts of a bundle with the sum."""

    parts: tuple[BundlePart, ...]
    total: Money | None
    sum_fact: Derived | None = None

    @property
    def derived(self) -> tuple[Derived, ...]:
        """The sum."""
        return (self.sum_fact,) if self.sum_fact else ()


@dataclass(frozen=True, slots=True)
class BudgetLeft(Move):
    """What remains of the budget, or by how much it is exceeded."""

    budget: Money
    left: Money
    left_fact: Derived

    @property
    def derived(self) -> tuple[Derived, ...]:
        """The remainder."""
        return (self.left_fact,)


@dataclass(frozen=True, slots=True)
class Shared(Move):
    """Something that all parts of a bundle have in common."""

    numbers: tuple[int, ...]
    fact: Fact

    @property
    def derived(self) -> tuple[Derived, ...]:
        """How many parts there are."""
        return (_count("parts", len(self.numbers)),)


@dataclass(frozen=True, slots=True)
class Swap(Move):
    """Another product for a role, and the sum it would make."""

    number: int
    instead_of: int
    total: Money
    sum_fact: Derived

    @property
    def derived(self) -> tuple[Derived, ...]:
        """The new sum."""
        return (self.sum_fact,)


@dataclass(frozen=True, slots=True)
class MissingRoles(Move):
    """Roles of a bundle for which nothing was found."""

    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NoCompanion(Move):
    """Nothing is known to go with the product that was asked about."""

    number: int


@dataclass(frozen=True, slots=True)
class Deal(Move):
    """A price against its list price."""

    number: int
    first: bool
    largest: bool
    reasons: tuple[Fact, ...] = ()


@dataclass(frozen=True, slots=True)
class PutForward(Move):
    """Why the ranking put a product forward."""

    number: int
    reason: Given


@dataclass(frozen=True, slots=True)
class NoDeal(Move):
    """No product shown states a list price above its price."""

    lowest: int | None


@dataclass(frozen=True, slots=True)
class Criteria(Move):
    """What was looked at, for whom."""

    recipient: str
    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DigestMention(Move):
    """How often reviews mention a point."""

    number: int
    point: Fact
    about: int


@dataclass(frozen=True, slots=True)
class Apology(Move):
    """The trouble is acknowledged, once."""

    strong: bool
    repeated: int

    @property
    def derived(self) -> tuple[Derived, ...]:
        """How often it happened."""
        return (_count("repeats", self.repeated),)


@dataclass(frozen=True, slots=True)
class HandOver(Move):
    """What is needed from the shopper, and that a person takes over when so decided."""

    handed: bool
    choice: bool = False
    """True when the way to settle it is asked for beside the text."""


@dataclass(frozen=True, slots=True)
class DigestHead(Move):
    """How many reviews there are and how they rate."""

    number: int
    rating: Fact | None
    count: Fact | None
    rated: Fact | None = None
    """How many of them gave stars, when those are not all."""


@dataclass(frozen=True, slots=True)
class Point:
    """A point that reviews make, how often, and one review's words."""

    fact: Fact
    quote: str = ""
    quoted: int | None = None


@dataclass(frozen=True, slots=True)
class DigestPoints(Move):
    """Points that reviews make: good ones or bad ones."""

    number: int
    points: tuple[Point, ...]
    good: bool


@dataclass(frozen=True, slots=True)
class ReviewQuotes(Move):
    """Single reviews in their own words, where no digest is given."""

    quotes: tuple[tuple[int, str], ...]
    tone: str = ""
    """`good` or `bad`, by the stars given; empty: any."""


@dataclass(frozen=True, slots=True)
class NoReviews(Move):
    """No review is given; `page`: what the page states follows."""

    page: bool = False


@dataclass(frozen=True, slots=True)
class SmallTalk(Move):
    """A short, friendly answer to a greeting, thanks or farewell."""

    kind: str


@dataclass(frozen=True, slots=True)
class Decline(Move):
    """What was asked is not what this guide does."""

    attack: bool


@dataclass(frozen=True, slots=True)
class AskBack(Move):
    """The question that would help most."""

    slot: str
    label: str
    options: tuple[str, ...]
