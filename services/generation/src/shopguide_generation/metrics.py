"""Every metric of the generation service; labels come from closed sets, never from requests."""

from prometheus_client import Counter, Histogram

from shopguide_generation.domain.answering import Tally
from shopguide_runtime.metrics import LATENCY_BUCKETS

TIME_TO_FIRST_TOKEN = Histogram(
    "gen_ai_server_time_to_first_token_seconds",
    "Seconds from a call of the model to its first token.",
    buckets=LATENCY_BUCKETS,
)
TOKENS = Counter(
    "gen_ai_client_token_usage_total", "Tokens of the model, read and written.", ("gen_ai_token_type",)
)
FIRST_TEXT_SECONDS = Histogram(
    "shopguide_generation_first_text_seconds",
    "Seconds from the start of an answer to its first sentence.",
    buckets=LATENCY_BUCKETS,
)
ANSWER_SECONDS = Histogram(
    "shopguide_generation_answer_seconds",
    "Seconds of an answer, by task and language.",
    ("task", "language"),
    buckets=LATENCY_BUCKETS,
)
SENTENCES = Counter(
    "shopguide_generation_sentences_total",
    "Sentences released, by who wrote them (model, template).",
    ("writer", "language"),
)
REPLACED = Counter(
    "shopguide_generation_replaced_sentences_total",
    "Sentences of the model held back by the checks, by reason; TIMEOUT: not done in time.",
    ("reason",),
)
DROPPED = Counter(
    "shopguide_generation_dropped_sentences_total",
    "Sentences of the writer held back by the check: each one is a fault.",
    ("task",),
)
TRIALS = Counter(
    "shopguide_generation_model_trials_total",
    "Answers beside which the model was tried without being waited for.",
)
MODEL_AWAY = Counter(
    "shopguide_generation_model_away_total", "Answers for which the model could not be asked."
)
CHECKED = Counter(
    "shopguide_generation_checked_statements_total",
    "Statements checked on request, by result.",
    ("grounded",),
)


def observe_model(tally: Tally) -> None:
    """Count what the model was asked for one answer and what became of it."""
    TOKENS.labels("input").inc(tally.input_tokens)
    TOKENS.labels("output").inc(tally.output_tokens)
    for reason in tally.rejections:
        REPLACED.labels(reason).inc()
    REPLACED.labels("TIMEOUT").inc(tally.timeouts)
    for call in tally.calls:
        TIME_TO_FIRST_TOKEN.observe(call.first_token_seconds)
    if tally.model_away:
        MODEL_AWAY.inc()


def observe_trial(tally: Tally) -> None:
    """Count a trial of the model and what it took."""
    TRIALS.inc()
    observe_model(tally)
