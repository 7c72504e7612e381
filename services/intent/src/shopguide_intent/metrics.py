"""Every metric of the intent service; labels come from closed sets, never from requests."""

from prometheus_client import Counter, Gauge, Histogram

from shopguide_runtime.metrics import LATENCY_BUCKETS

_SHARES = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99, 1.0)

CONFIDENCE = Histogram(
    "shopguide_intent_confidence",
    "Confidence of the likeliest intent, by language.",
    ("language",),
    buckets=_SHARES,
)
MESSAGES = Counter(
    "shopguide_intent_messages_total", "Messages understood, by language and intent.", ("language", "intent")
)
ABSTAINED = Counter(
    "shopguide_intent_abstained_total", "Messages without an intent to act on, by language.", ("language",)
)
DEGRADED = Counter("shopguide_intent_degraded_total", "Messages read without the encoder.")
CONSTRAINTS = Counter(
    "shopguide_intent_constraints_total", "Constraints in force after a message, by strength.", ("strength",)
)
STAGE_SECONDS = Histogram(
    "shopguide_intent_stage_seconds",
    "Seconds of each stage of a call: parse, encode, decide.",
    ("stage",),
    buckets=LATENCY_BUCKETS,
)
VOCABULARIES = Gauge("shopguide_intent_cached_vocabularies", "Vocabularies held in memory.")
