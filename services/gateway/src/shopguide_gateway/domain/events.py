"""What one turn streams, in order: Started, Understood, Shown products, text, citations, a question back, Finished."""

from dataclasses import dataclass

from shopguide_gateway.domain.model import (
    Citation,
    Degradation,
    FollowUp,
    Money,
    Outcome,
    Scored,
    Source,
    Timing,
    Understanding,
)


@dataclass(frozen=True, slots=True)
class Started:
    """The turn is taken."""

    turn_id: str
    turn_number: int


@dataclass(frozen=True, slots=True)
class Understood:
    """What was understood."""

    understanding: Understanding


@dataclass(frozen=True, slots=True)
class ProductsShown:
    """Products to show, the n-th one being `[n]` in the text."""

    results: tuple[Scored, ...]
    outcomes: tuple[Outcome, ...]
    matched_size: int
    total_price: Money | None
    missing_roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Finished:
    """The turn is over."""

    conversation_token: str
    attribution_token: str
    degradations: tuple[Degradation, ...]
    timings: tuple[Timing, ...]
    sources: tuple[Source, ...]
    input_tokens: int
    output_tokens: int
    model_share: float
    hand_over: bool
    answered: bool


TurnEvent = Started | Understood | ProductsShown | str | Citation | FollowUp | Finished
"""One message of the stream of a turn; a plain text is more of the answer."""
