"""The facts an answer may use, and what it is asked to do with them.

Everything here is immutable. A source's place in the list (counted from 1) is the number that citations `[n]` carry.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_EVEN, Decimal
from enum import StrEnum

from shopguide_runtime.money import exponent

NAMING_KEYS = frozenset({"name", "brand", "id", "title"})
"""Keys that say what a product is called; they identify, they do not argue."""

SIGNAL_KEYS = frozenset({"reason", "saving", "discount_share", "cheaper_than_share"})
"""Keys that say why a product was put forward; said in words of their own, never as an attribute."""

COMMERCE_KEYS = SIGNAL_KEYS | {"price", "list_price", "rating", "rating_count", "availability", "category"}
"""Keys every product may have by contract, beside its attributes."""

RATING_KEYS = frozenset({"rating", "mean_stars"})
"""Keys whose value is an average of stars, spoken with one decimal place."""

PROSE_KEYS = frozenset({"answer", "text", "quote", "description", "bullet", "bullets", "summary", "question"})
"""Keys whose value is running text: quoted whole, never taken apart."""


class SourceKind(StrEnum):
    """What a source is."""

    PRODUCT = "product"
    POLICY = "policy"
    REVIEW_DIGEST = "review_digest"
    REVIEW = "review"


class Task(StrEnum):
    """What to write."""

    RECOMMEND = "recommend"
    SIMILAR = "similar"
    COMPARE = "compare"
    PRODUCT_QUESTION = "product_question"
    SHOP_QUESTION = "shop_question"
    BUNDLE = "bundle"
    DEAL = "deal"
    GIFT = "gift"
    COMPLAINT = "complaint"
    REVIEW_DIGEST = "review_digest"
    CHITCHAT = "chitchat"
    OUT_OF_SCOPE = "out_of_scope"
    CLARIFY = "clarify"


class OutcomeStatus(StrEnum):
    """What became of a limit the shopper stated."""

    APPLIED = "applied"
    RELAXED = "relaxed"
    DROPPED = "dropped"
    UNSUPPORTED = "unsupported"


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in major units of an ISO 4217 currency."""

    amount: Decimal
    currency: str

    def __post_init__(self) -> None:
        """Round to the currency's minor unit, so that what is written and what is compared are the same."""
        step = Decimal(1).scaleb(-exponent(self.currency))
        object.__setattr__(self, "amount", self.amount.quantize(step, ROUND_HALF_EVEN))


FactValue = str | Decimal | Money | bool


@dataclass(frozen=True, slots=True)
class Fact:
    """One statement about a source: its `key` has `value`, in `unit`."""

    key: str
    value: FactValue
    unit: str = ""
    provenance: str = "catalog"
    labels: Mapping[str, str] = field(default_factory=dict)
    """What the key is called, by language (`en`, `zh`)."""
    higher_is_better: bool | None = None
    """Which direction shoppers prefer; None when nobody knows."""
    mention_count: int = 0
    """How many reviews bear it out, for facts from reviews."""
    aliases: tuple[str, ...] = ()
    """Further words for the key, in any language; recognised, never written."""
    stated: Decimal | None = None
    """The number as given, when `value` is rounded to what is spoken (ratings: one decimal place)."""


@dataclass(frozen=True, slots=True)
class Source:
    """Something that can be cited: a product, a shop rule, a digest of reviews, or one review."""

    id: str
    kind: SourceKind
    title: str
    facts: tuple[Fact, ...] = ()
    subject_id: str = ""
    """Id of the product a review or a digest is about."""
    role: str = ""
    """Place it fills in a bundle."""
    language: str = ""
    """Language of its texts; empty when not stated."""

    def get(self, key: str) -> Fact | None:
        """The first fact under `key`, or None."""
        return next((fact for fact in self.facts if fact.key == key), None)

    def all(self, key: str) -> tuple[Fact, ...]:
        """Every fact under `key`, in the order given."""
        return tuple(fact for fact in self.facts if fact.key == key)

    def number(self, key: str) -> Decimal | None:
        """The number under `key`, or None when there is none."""
        fact = self.get(key)
        return fact.value if fact and isinstance(fact.value, Decimal) else None

    def money(self, key: str) -> Money | None:
        """The amount under `key`, or None when there is none."""
        fact = self.get(key)
        return fact.value if fact and isinstance(fact.value, Money) else None

    def text(self, key: str) -> str:
        """The text under `key`, or the empty string."""
        fact = self.get(key)
        return fact.value if fact and isinstance(fact.value, str) else ""

    @property
    def attributes(self) -> tuple[Fact, ...]:
        """The facts that tell this product from others: neither naming, commerce nor prose."""
        skipped = NAMING_KEYS | COMMERCE_KEYS | PROSE_KEYS
        return tuple(fact for fact in self.facts if fact.key not in skipped)

    @property
    def prose(self) -> tuple[str, ...]:
        """The running texts of this source."""
        return tuple(f.value for f in self.facts if f.key in PROSE_KEYS and isinstance(f.value, str))


@dataclass(frozen=True, slots=True)
class Limit:
    """What the shopper asked of one key: values wanted, values refused, or an inclusive range."""

    key: str
    any_of: tuple[str, ...] = ()
    none_of: tuple[str, ...] = ()
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    unit: str = ""
    """Unit of the range; the ISO 4217 code when the key is a price."""
    hard: bool = True
    evidence: str = ""
    """The shopper's own words."""
    labels: Mapping[str, str] = field(default_factory=dict)
    flag: bool | None = None
    """Set when the key is a yes/no attribute."""


UNCHECKABLE = frozenset({"UNKNOWN_FIELD", "UNKNOWN_VALUE", "NOT_COMPARABLE", "UNSUPPORTED"})
"""Reasons that mean a wish was not looked at, rather than that nothing satisfies it."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """A limit and what became of it."""

    limit: Limit
    status: OutcomeStatus
    reason: str = ""
    relaxed_to: Limit | None = None
    nearest: Decimal | None = None
    alternative_id: str = ""
    """Nearest product that does satisfy this limit when the others may give."""

    @property
    def gave_way(self) -> bool:
        """True when a hard limit was loosened because nothing satisfies all."""
        loosened = self.status in {OutcomeStatus.RELAXED, OutcomeStatus.DROPPED}
        return self.limit.hard and loosened and self.reason not in UNCHECKABLE

    @property
    def kept(self) -> bool:
        """True when every offer satisfies a hard limit."""
        return self.limit.hard and self.status is OutcomeStatus.APPLIED


@dataclass(frozen=True, slots=True)
class Budget:
    """One amount for the whole purchase, and what the chosen products cost together."""

    total: Money
    spent: Money | None = None


@dataclass(frozen=True, slots=True)
class Option:
    """An answer to offer; `handle` is the caller's own object, handed back untouched."""

    text: str
    handle: object = None


@dataclass(frozen=True, slots=True)
class Slot:
    """What to ask next: a key, what shoppers call it, and answers to offer."""

    key: str
    label: str = ""
    options: tuple[Option, ...] = ()


@dataclass(frozen=True, slots=True)
class AnswerContext:
    """Everything an answer rests on. Same context, same text."""

    task: Task
    language: str
    query: str = ""
    sources: tuple[Source, ...] = ()
    dialogue: tuple[str, ...] = ()
    """Earlier turns, oldest first."""
    total_matches: int | None = None
    """How many products satisfy the limits; None when unknown."""
    outcomes: tuple[Outcome, ...] = ()
    budget: Budget | None = None
    search_query: str = ""
    """What is being looked for, in the shopper's words."""
    recipient: str = ""
    uses: tuple[str, ...] = ()
    occasion: str = ""
    needs: tuple[str, ...] = ()
    """Qualities asked for."""
    sentiment: float = 0.0
    """How the shopper feels, in [-1, 1]."""
    repeat_count: int = 0
    """How often a trouble is said to have happened."""
    slot: Slot | None = None
    missing_roles: tuple[str, ...] = ()
    """Places of a bundle for which nothing was found."""
    alternative_ids: tuple[str, ...] = ()
    """Sources from outside the limits, to be named as such."""
    ordering: tuple[str, bool] | None = None
    """Key and whether highest comes first, when the shopper asked for an order."""
    reference_id: str = ""
    """Product that similar ones were asked for."""
    attack: bool = False
    """True when the words ask to get around the rules."""
    question_key: str = ""
    """Attribute that a product question is about, when understood."""

    def of_kind(self, kind: SourceKind) -> tuple[tuple[int, Source], ...]:
        """The sources of one kind with their citation numbers."""
        return tuple((n, s) for n, s in enumerate(self.sources, start=1) if s.kind is kind)

    @property
    def products(self) -> tuple[tuple[int, Source], ...]:
        """The products with their citation numbers."""
        return self.of_kind(SourceKind.PRODUCT)

    @property
    def offers(self) -> tuple[tuple[int, Source], ...]:
        """The products inside the limits, the one asked about aside."""
        aside = {*self.alternative_ids, self.reference_id}
        return tuple((n, s) for n, s in self.products if s.id not in aside)

    @property
    def outsiders(self) -> tuple[tuple[int, Source], ...]:
        """The products from outside the limits."""
        return tuple((n, s) for n, s in self.products if s.id in self.alternative_ids)

    def source(self, number: int) -> Source:
        """The source cited as `[number]`; raises IndexError when there is none."""
        if number < 1:
            raise IndexError(number)
        return self.sources[number - 1]
