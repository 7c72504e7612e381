"""Requests to the domain: every field checked, all violations told at once."""

import re
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

from google.type import money_pb2

from shopguide.generation.v1 import generation_service_pb2 as pb
from shopguide.type.v1 import answer_pb2
from shopguide_generation.convert.limits import outcomes
from shopguide_generation.domain.answering import Wish
from shopguide_generation.domain.facts import (
    RATING_KEYS,
    AnswerContext,
    Budget,
    Fact,
    FactValue,
    Money,
    Option,
    Slot,
    Source,
    SourceKind,
    Task,
)
from shopguide_generation.domain.wording import LANGUAGES
from shopguide_runtime.validation import FIELD_MALFORMED, FIELD_REQUIRED, FIELD_UNKNOWN_VALUE, Violations

MAX_SOURCES, MAX_FACTS, MAX_HISTORY, MAX_OPTIONS, MAX_STOPS = 50, 200, 20, 5, 8
MAX_QUERY, MAX_TEXT, MAX_TITLE, MAX_VALUE, MAX_WORDS = 2000, 8000, 2000, 5000, 200

_TASKS = {
    pb.TASK_RECOMMEND: Task.RECOMMEND, pb.TASK_COMPARE: Task.COMPARE, pb.TASK_ANSWER_PRODUCT: Task.PRODUCT_QUESTION,
    pb.TASK_ANSWER_POLICY: Task.SHOP_QUESTION, pb.TASK_BUNDLE: Task.BUNDLE, pb.TASK_DEAL: Task.DEAL,
    pb.TASK_GIFT: Task.GIFT, pb.TASK_COMPLAINT: Task.COMPLAINT, pb.TASK_REVIEWS: Task.REVIEW_DIGEST,
    pb.TASK_CHITCHAT: Task.CHITCHAT, pb.TASK_OUT_OF_SCOPE: Task.OUT_OF_SCOPE, pb.TASK_CLARIFY: Task.CLARIFY,
    pb.TASK_SIMILAR: Task.SIMILAR,
}  # fmt: skip
_KINDS = {
    answer_pb2.Source.KIND_PRODUCT: SourceKind.PRODUCT, answer_pb2.Source.KIND_POLICY: SourceKind.POLICY,
    answer_pb2.Source.KIND_REVIEW_DIGEST: SourceKind.REVIEW_DIGEST, answer_pb2.Source.KIND_REVIEW: SourceKind.REVIEW,
}  # fmt: skip
_KEY = re.compile(r"[a-z][a-z0-9_]{0,62}")
_CURRENCY = re.compile(r"[A-Z]{3}")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u2028\u2029]+")
_NANOS = Decimal(1_000_000_000)


def generate(request: pb.GenerateRequest) -> tuple[AnswerContext, Wish]:
    """What to write and how; raises InvalidArgument."""
    found = Violations()
    task = _TASKS.get(request.task)
    if task is None:
        found.add("task", "must be a task", FIELD_REQUIRED if not request.task else FIELD_UNKNOWN_VALUE)
    query = found.text("query", request.query, max_chars=MAX_QUERY)
    language = _language(found, request.language_code)
    sources = _sources(found, request.sources)
    found.count("history", len(request.history), maximum=MAX_HISTORY)
    history = tuple(
        found.text(f"history[{at}]", text, max_chars=MAX_VALUE) for at, text in enumerate(request.history)
    )
    wish = _wish(found, request.spec)
    context = _context(found, request.context, task or Task.RECOMMEND, language, query, sources, history)
    found.raise_if_any()
    return context, wish


def check(request: pb.CheckGroundingRequest) -> tuple[str, AnswerContext]:
    """The text to check and what it should rest on; raises InvalidArgument."""
    found = Violations()
    found.text("text", request.text, max_chars=MAX_TEXT)
    found.count("sources", len(request.sources), minimum=1)
    language = _language(found, request.language_code)
    sources = _sources(found, request.sources)
    context = _context(found, request.context, Task.RECOMMEND, language, "", sources, ())
    found.raise_if_any()
    return request.text, context


def _language(found: Violations, code: str) -> str:
    base = code.strip().replace("_", "-").split("-")[0].lower()
    if not base:
        found.add("language_code", "must not be empty", FIELD_REQUIRED)
    elif base not in LANGUAGES:
        found.add("language_code", f"must be one of {', '.join(LANGUAGES)}", FIELD_UNKNOWN_VALUE)
    return base if base in LANGUAGES else "en"


def _sources(found: Violations, sources: Sequence[answer_pb2.Source]) -> tuple[Source, ...]:
    found.count("sources", len(sources), maximum=MAX_SOURCES)
    return tuple(_source(found, f"sources[{at}]", source) for at, source in enumerate(sources[:MAX_SOURCES]))


def _source(found: Violations, field: str, source: answer_pb2.Source) -> Source:
    kind = _KINDS.get(source.kind)
    if kind is None:
        found.add(
            f"{field}.kind",
            "must be a kind of source",
            FIELD_REQUIRED if not source.kind else FIELD_UNKNOWN_VALUE,
        )
    if not source.id:
        found.add(f"{field}.id", "must not be empty", FIELD_REQUIRED)
    title = found.text(
        f"{field}.title",
        _printable(source.title),
        required=kind is not SourceKind.REVIEW,
        max_chars=MAX_TITLE,
    )
    found.count(f"{field}.facts", len(source.facts), maximum=MAX_FACTS)
    facts = [_fact(found, f"{field}.facts[{at}]", fact) for at, fact in enumerate(source.facts[:MAX_FACTS])]
    return Source(
        source.id,
        kind or SourceKind.PRODUCT,
        title,
        tuple(fact for fact in facts if fact is not None),
        subject_id=source.subject_id,
        role=_printable(source.role),
        language=source.language_code,
    )


def _fact(found: Violations, field: str, fact: answer_pb2.Fact) -> Fact | None:
    key = fact.key.removeprefix("attributes.")
    if not _KEY.fullmatch(key):
        found.add(f"{field}.key", f"must match {_KEY.pattern}", FIELD_MALFORMED)
    value = _value(found, field, fact)
    if value is None or value == "":
        return None
    better = fact.higher_is_better if fact.HasField("higher_is_better") else None
    labels = {one.language_code.split("-")[0]: _printable(one.names[0]) for one in fact.labels if one.names}
    aliases = tuple(_printable(name) for one in fact.labels for name in one.names[1:])
    stated = value if key in RATING_KEYS and isinstance(value, Decimal) else None
    return Fact(
        key,
        value if stated is None else stated.quantize(Decimal("0.1"), ROUND_HALF_UP),
        _printable(fact.unit),
        fact.provenance,
        labels,
        better,
        fact.mention_count,
        aliases,
        stated,
    )


def _value(found: Violations, field: str, fact: answer_pb2.Fact) -> FactValue | None:
    match fact.WhichOneof("value"):
        case "text":
            return _printable(
                found.text(f"{field}.text", _printable(fact.text), required=False, max_chars=MAX_VALUE)
            )
        case "number":
            return _decimal(found.number(f"{field}.number", fact.number))
        case "money":
            return money(found, f"{field}.money", fact.money)
        case "flag":
            return fact.flag
    found.add(field, "must have a value", FIELD_REQUIRED)
    return None


def money(found: Violations, field: str, amount: money_pb2.Money) -> Money | None:
    """An amount; None, with a violation, when it is malformed."""
    if not _CURRENCY.fullmatch(amount.currency_code):
        found.add(f"{field}.currency_code", "must be an ISO 4217 code", FIELD_MALFORMED)
        return None
    if abs(amount.nanos) >= _NANOS or amount.units * amount.nanos < 0:
        found.add(f"{field}.nanos", "must be below 10^9 in size and have the sign of units", FIELD_MALFORMED)
        return None
    return Money(Decimal(amount.units) + Decimal(amount.nanos) / _NANOS, amount.currency_code)


def _decimal(value: float) -> Decimal | None:
    if value - value != 0:
        return None
    return Decimal(repr(round(value, 6))).normalize() + 0


def _printable(text: str) -> str:
    """The text with control characters, which catalogues bring along, as spaces."""
    return _CONTROL.sub(" ", text)


def _context(
    found: Violations,
    given: pb.AnswerContext,
    task: Task,
    language: str,
    query: str,
    sources: tuple[Source, ...],
    history: tuple[str, ...],
) -> AnswerContext:
    total = money(found, "context.budget", given.budget) if given.HasField("budget") else None
    spent = money(found, "context.total_price", given.total_price) if given.HasField("total_price") else None
    field = given.ordering.field.removeprefix("attributes.")
    return AnswerContext(
        task=task,
        language=language,
        query=query,
        sources=sources,
        dialogue=history,
        total_matches=given.total_matches if given.total_matches > 0 else None,
        outcomes=outcomes(given.constraint_outcomes, sources, given.currency_code),
        budget=Budget(total, spent) if total else None,
        search_query=_words(found, "context.search_query", given.search_query),
        recipient=_words(found, "context.recipient", given.recipient),
        uses=tuple(_words(found, f"context.uses[{at}]", text) for at, text in enumerate(given.uses)),
        occasion=_words(found, "context.occasion", given.occasion),
        needs=tuple(
            _words(found, f"context.qualities[{at}]", text) for at, text in enumerate(given.qualities)
        ),
        sentiment=found.number("context.sentiment_score", given.sentiment_score, -1, 1),
        repeat_count=max(given.repeat_count, 0),
        slot=_slot(found, given) if given.HasField("follow_up_slot") else None,
        missing_roles=tuple(
            _words(found, f"context.missing_roles[{at}]", text) for at, text in enumerate(given.missing_roles)
        ),
        alternative_ids=tuple(given.alternative_source_ids),
        ordering=(field, given.ordering.descending) if field else None,
        reference_id=given.reference_source_id,
        attack=given.attack,
        question_key=given.question_key.removeprefix("attributes."),
    )


def _words(found: Violations, field: str, text: str) -> str:
    return found.text(
        field, text, required=False, max_chars=MAX_WORDS if field != "context.search_query" else MAX_QUERY
    )


def _slot(found: Violations, given: pb.AnswerContext) -> Slot | None:
    slot = given.follow_up_slot
    found.count("context.follow_up_slot.options", len(slot.options), maximum=MAX_OPTIONS)
    options = tuple(
        Option(_words(found, "context.follow_up_slot.options", o.text), _Kept(o)) for o in slot.options
    )
    label = _words(found, "context.follow_up_slot.label", slot.label)
    return Slot(slot.slot, label, options) if slot.slot else None


class _Kept:
    """A message carried through the domain untouched; says nothing of itself, so that answers stay the same."""

    def __init__(self, message: answer_pb2.SuggestedAnswer) -> None:
        self.message = message

    def __repr__(self) -> str:
        return "answer"


def suggested(option: Option, slot: Slot) -> answer_pb2.SuggestedAnswer:
    """The answer to offer: the caller's own, or for one that the writer made a limit on the attribute asked about."""
    if isinstance(option.handle, _Kept):
        return option.handle.message
    answer = answer_pb2.SuggestedAnswer(text=option.text)
    if slot.key not in {"loosen", "settlement"}:
        answer.condition.field = f"attributes.{slot.key}"
        answer.condition.any_of.values.append(option.text)
    return answer


def _wish(found: Violations, spec: pb.GenerationSpec) -> Wish:
    found.number("spec.temperature", spec.temperature, 0, 2)
    if spec.HasField("top_p"):
        found.number("spec.top_p", spec.top_p, 1e-6, 1)
    if spec.HasField("max_output_tokens"):
        found.number("spec.max_output_tokens", spec.max_output_tokens, 1)
    found.count("spec.stop_sequences", len(spec.stop_sequences), maximum=MAX_STOPS)
    return Wish(
        use_model=spec.writer != pb.GenerationSpec.WRITER_TEMPLATE,
        max_output_tokens=spec.max_output_tokens if spec.HasField("max_output_tokens") else None,
        temperature=spec.temperature,
        top_p=spec.top_p if spec.HasField("top_p") else None,
        seed=spec.seed if spec.HasField("seed") else None,
        stop=tuple(spec.stop_sequences),
    )
