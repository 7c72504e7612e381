"""Every metric of the gateway. Labels are closed sets: no word of a shopper, no id."""

from prometheus_client import Counter, Histogram

from shopguide_gateway.domain.events import Finished
from shopguide_gateway.domain.model import Timing
from shopguide_gateway.domain.plans import Plan
from shopguide_gateway.domain.shopper_data import Recorded

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
_INTENTS = frozenset(
    {
        "SEARCH",
        "RECOMMEND",
        "SIMILAR",
        "BUNDLE",
        "COMPARE",
        "PRODUCT_QUESTION",
        "SHOP_QUESTION",
        "DEAL",
        "GIFT",
        "COMPLAINT",
        "REVIEWS",
        "CHITCHAT",
        "OUT_OF_SCOPE",
    }
)

TURNS = Counter("shopguide_gateway_turns", "Turns finished.", ("intent", "task", "answered"))
DEGRADATIONS = Counter(
    "shopguide_gateway_degradations", "Parts of answers made in a lesser way.", ("component", "fallback")
)
STAGE_SECONDS = Histogram(
    "shopguide_gateway_stage_seconds",
    "Time of one stage of a turn, in seconds: describe, understand, retrieve, first_text, write.",
    ("stage",),
    buckets=_SECONDS,
)
MODEL_SHARE = Histogram(
    "shopguide_gateway_model_share_ratio",
    "Share of the sentences of an answer that a model wrote.",
    buckets=(0.0, 0.25, 0.5, 0.75, 1.0),
)
EVENTS = Counter(
    "shopguide_gateway_events",
    "Events recorded, by what became of them: written, duplicate, refused.",
    ("outcome",),
)
HAND_OVERS = Counter("shopguide_gateway_hand_overs", "Turns that a person should take over.")


def observe_turn(intent: str, plan: Plan, finished: Finished) -> None:
    """Count one turn; an intent of a platform's own training is counted as OTHER."""
    label = intent if intent in _INTENTS else "OTHER"
    TURNS.labels(label, plan.task, str(finished.answered).lower()).inc()
    MODEL_SHARE.observe(finished.model_share)
    HAND_OVERS.inc(finished.hand_over)
    for degradation in finished.degradations:
        DEGRADATIONS.labels(degradation.component, degradation.fallback).inc()
    observe_stages(finished.timings)


def observe_stages(timings: tuple[Timing, ...]) -> None:
    """Time the gateway's own stages; those of the services behind it are theirs to count."""
    for timing in timings:
        if "." not in timing.stage:
            STAGE_SECONDS.labels(timing.stage).observe(timing.seconds)


def observe_events(recorded: Recorded) -> None:
    """Count events by what became of them."""
    EVENTS.labels("written").inc(recorded.written)
    EVENTS.labels("duplicate").inc(recorded.duplicates)
    EVENTS.labels("refused").inc(len(recorded.refused))
