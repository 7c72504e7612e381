"""What the gateway speaks of: products, limits, understanding, sources and answers, free of any wire format."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from shopguide_runtime.errors import ShopguideError

Language = Literal["en", "zh"]
Strength = Literal["HARD", "SOFT", "UNSUPPORTED"]
OutcomeKind = Literal["APPLIED", "RELAXED", "DROPPED"]
View = Literal["ID", "BASIC", "FULL"]


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in major units of an ISO 4217 currency."""

    currency: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Condition:
    """One test on one field: `any_of`, `none_of`, or a range with inclusive bounds (prices in major units)."""

    field: str
    any_of: tuple[str, ...] = ()
    none_of: tuple[str, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    currency: str = ""


@dataclass(frozen=True, slots=True)
class Constraint:
    """A limit or wish of the shopper; `condition` is None when no field of the catalogue can express it."""

    condition: Condition | None
    strength: Strength
    evidence: str = ""
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a constraint; `reason` is a machine word such as `NO_MATCH`."""

    constraint: Constraint
    kind: OutcomeKind
    reason: str = ""
    relaxed_to: Condition | None = None
    nearest_value: float | None = None
    alternative_product_id: str = ""


@dataclass(frozen=True, slots=True)
class Scope:
    """One of several product roles in a single wish."""

    role: str
    query: str
    constraints: tuple[Constraint, ...] = ()
    quantity: int = 1


@dataclass(frozen=True, slots=True)
class Ordering:
    """The order that the shopper asked for, by a number field."""

    field: str
    descending: bool = False


@dataclass(frozen=True, slots=True)
class QueryVector:
    """An L2-normalised dense vector and the fingerprint of the encoder that made it."""

    values: tuple[float, ...]
    encoder_fingerprint: str


@dataclass(frozen=True, slots=True)
class Attribute:
    """Values of one attribute of a product: texts or numbers, with the unit of the numbers."""

    texts: tuple[str, ...] = ()
    numbers: tuple[float, ...] = ()
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Product:
    """A product of the catalogue; `update_seconds` is when the index took it in (Unix time, 0 if unknown)."""

    id: str
    title: str
    group_id: str = ""
    description: str = ""
    language: str = ""
    category_path: tuple[str, ...] = ()
    brand: str = ""
    price: Money | None = None
    original_price: Money | None = None
    availability: str = "UNSPECIFIED"
    attributes: Mapping[str, Attribute] = field(default_factory=dict)
    rating: float = 0.0
    rating_count: int = 0
    uri: str = ""
    image_uris: tuple[str, ...] = ()
    update_seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Scored:
    """A product found, with its rank score, the scores of the signals, machine-readable reasons and its role."""

    product: Product
    score: float = 0.0
    signals: Mapping[str, float] = field(default_factory=dict)
    reasons: tuple[str, ...] = ()
    role: str = ""


@dataclass(frozen=True, slots=True)
class AttributeSpec:
    """What an attribute is: `kind` is TEXT, NUMBER or BOOLEAN; `labels` are its names by language, best first."""

    key: str
    kind: str
    unit: str = ""
    labels: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    higher_is_better: bool | None = None


@dataclass(frozen=True, slots=True)
class Catalogue:
    """What can be asked of a catalogue. `vocabulary` is opaque here: one adapter makes it, another hands it on."""

    name: str
    revision: str
    attributes: Mapping[str, AttributeSpec] = field(default_factory=dict)
    currencies: tuple[str, ...] = ()
    vocabulary: object = None
    coverage: Mapping[str, float] = field(default_factory=dict)
    """Share of all products, in [0, 1], that carry an attribute, by key."""


@dataclass(frozen=True, slots=True)
class Degradation:
    """A part of the answer that was made in a lesser way, and why."""

    component: str
    fallback: str
    error: ShopguideError | None = None


@dataclass(frozen=True, slots=True)
class Timing:
    """How long a stage took."""

    stage: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Need:
    """The need behind a wish."""

    recipient: str = ""
    uses: tuple[str, ...] = ()
    occasion: str = ""
    qualities: tuple[str, ...] = ()
    repeat_count: int = 0


@dataclass(frozen=True, slots=True)
class Reference:
    """A product of the conversation that the words point at; `position` counts from 1."""

    product_id: str
    evidence: str = ""
    position: int = 0


@dataclass(frozen=True, slots=True)
class Understanding:
    """What the shopper wants."""

    intent: str
    confidence: float
    search_query: str
    language: Language
    constraints: tuple[Constraint, ...] = ()
    scopes: tuple[Scope, ...] = ()
    budget: Money | None = None
    budget_evidence: str = ""
    references: tuple[Reference, ...] = ()
    need: Need = Need()
    ordering: Ordering | None = None
    sentiment: float = 0.0
    missing_slots: tuple[str, ...] = ()
    query_vector: QueryVector | None = None
    abstained: bool = False
    topic_changed: bool = False
    degradations: tuple[Degradation, ...] = ()
    timings: tuple[Timing, ...] = ()


@dataclass(frozen=True, slots=True)
class SearchResult:
    """Products found, and what became of the limits."""

    results: tuple[Scored, ...] = ()
    outcomes: tuple[Outcome, ...] = ()
    alternatives: tuple[Scored, ...] = ()
    total_size: int = 0
    matched_size: int = 0
    next_page_token: str = ""
    attribution_token: str = ""
    degradations: tuple[Degradation, ...] = ()
    timings: tuple[Timing, ...] = ()


@dataclass(frozen=True, slots=True)
class RoleResult:
    """What was found for one role; `chosen` is None when nothing fits."""

    role: str
    chosen: Scored | None
    alternatives: tuple[Scored, ...] = ()
    outcomes: tuple[Outcome, ...] = ()


@dataclass(frozen=True, slots=True)
class BundleResult:
    """One product a role, chosen together."""

    roles: tuple[RoleResult, ...]
    total_price: Money | None = None
    missing_roles: tuple[str, ...] = ()
    attribution_token: str = ""
    degradations: tuple[Degradation, ...] = ()
    timings: tuple[Timing, ...] = ()


@dataclass(frozen=True, slots=True)
class Deal:
    """Why a price is good: shares in [0, 1]; what is not known is None."""

    saving: Money | None = None
    discount_share: float | None = None
    cheaper_than_share: float | None = None


@dataclass(frozen=True, slots=True)
class RecommendResult:
    """Products recommended; `personal` when they rest on the shopper's own events, not on what is popular or shown."""

    found: SearchResult
    personal: bool = False


@dataclass(frozen=True, slots=True)
class DealResult:
    """Products found with what makes their prices good, by product id."""

    found: SearchResult
    deals: Mapping[str, Deal] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class BasketResult:
    """Products that go with the given ones, and what they cost together."""

    found: SearchResult
    total_price: Money | None = None


@dataclass(frozen=True, slots=True)
class FaqMatch:
    """An entry of the shop's FAQ and how well it fits, in [0, 1]."""

    id: str
    question: str
    answer: str
    language: str
    score: float


@dataclass(frozen=True, slots=True)
class Review:
    """A review of a product; `stars` is None when none were given."""

    id: str
    product_id: str
    text: str
    language: str = ""
    stars: float | None = None
    helpful_count: int = 0


@dataclass(frozen=True, slots=True)
class ReviewResult:
    """Reviews found, and how many there are of the products asked for."""

    reviews: tuple[Review, ...] = ()
    total_size: int = 0


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing known of a source; `value` is a text, a number in `unit`, money, or a flag."""

    key: str
    value: str | float | Money | bool
    provenance: str
    unit: str = ""
    labels: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    higher_is_better: bool | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """Something the answer may rest on; the n-th one is `[n]` in the text."""

    id: str
    kind: Literal["PRODUCT", "POLICY", "REVIEW_DIGEST", "REVIEW"]
    title: str
    facts: tuple[Fact, ...] = ()
    subject_id: str = ""
    role: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class SuggestedAnswer:
    """An answer that the shopper can pick, and what picking it means when it is a limit."""

    text: str
    condition: Condition | None = None


@dataclass(frozen=True, slots=True)
class FollowUpSlot:
    """What to ask back, and the answers to offer."""

    slot: str
    label: str
    options: tuple[SuggestedAnswer, ...] = ()


@dataclass(frozen=True, slots=True)
class AnswerRequest:
    """All that a writer needs: facts and what is known of the answer as a whole."""

    task: str
    query: str
    language: Language
    sources: tuple[Source, ...] = ()
    history: tuple[str, ...] = ()
    total_matches: int = 0
    outcomes: tuple[Outcome, ...] = ()
    budget: Money | None = None
    total_price: Money | None = None
    search_query: str = ""
    need: Need = Need()
    sentiment: float = 0.0
    follow_up_slot: FollowUpSlot | None = None
    missing_roles: tuple[str, ...] = ()
    alternative_source_ids: tuple[str, ...] = ()
    ordering: Ordering | None = None
    reference_source_id: str = ""
    currency: str = ""


@dataclass(frozen=True, slots=True)
class Citation:
    """Which bytes of the text rest on which sources."""

    start: int
    end: int
    source_ids: tuple[str, ...]
    source_numbers: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class FollowUp:
    """A question back to the shopper."""

    question: str
    answers: tuple[SuggestedAnswer, ...] = ()
    slot: str = ""


@dataclass(frozen=True, slots=True)
class WriterFinish:
    """How the writing ended, and what it cost."""

    input_tokens: int = 0
    output_tokens: int = 0
    model_sentences: int = 0
    template_sentences: int = 0
    hand_over: bool = False
    answered: bool = True
    degradations: tuple[Degradation, ...] = ()


WriterEvent = str | Citation | FollowUp | WriterFinish
"""A piece of text, a citation, a question back, or the end."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A product that the shopper has in view."""

    product_id: str
    title: str
    brand: str = ""
    price: Money | None = None
    color: str = ""
    role: str = ""


@dataclass(frozen=True, slots=True)
class State:
    """What a conversation holds between two turns; it travels with the client."""

    turn_number: int = 0
    last_intent: str = ""
    search_query: str = ""
    language: str = ""
    constraints: tuple[Constraint, ...] = ()
    shown: tuple[Shown, ...] = ()
    open_slot: str = ""
    offered: tuple[SuggestedAnswer, ...] = ()
    history: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Shopper:
    """Who is asking."""

    visitor_id: str
    user_id: str = ""
    language: str = ""
    region: str = ""
    currency: str = ""


@dataclass(frozen=True, slots=True)
class Ask:
    """One turn of a conversation as asked for."""

    catalog: str
    shopper: Shopper
    text: str
    conversation_token: str = ""
    selected: SuggestedAnswer | None = None
    filter: tuple[Condition, ...] = ()
    max_products: int = 3


@dataclass(frozen=True, slots=True)
class Query:
    """One page of a search as asked for."""

    catalog: str
    shopper: Shopper
    text: str
    filter: tuple[Condition, ...] = ()
    page_size: int = 20
    page_token: str = ""
    view: View = "BASIC"


@dataclass(frozen=True, slots=True)
class Found:
    """What one turn has to speak of."""

    shown: tuple[Scored, ...] = ()
    sources: tuple[Source, ...] = ()
    outcomes: tuple[Outcome, ...] = ()
    matched_size: int = 0
    alternatives: tuple[Scored, ...] = ()
    candidates: Sequence[Scored] = ()
    total_price: Money | None = None
    missing_roles: tuple[str, ...] = ()
    attribution_token: str = ""
    reference_source_id: str = ""
    task: str = ""
    """What can be written of it when that is not what was planned."""
