"""Protobuf messages to and from the domain; the only module that knows both."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from google.protobuf import duration_pb2
from google.rpc import code_pb2, status_pb2
from google.type import money_pb2

from shopguide.intent.v1 import intent_service_pb2 as pb
from shopguide.type.v1 import answer_pb2, catalog_pb2, query_pb2
from shopguide_intent.domain.model import (
    Amount,
    Answer,
    Bounds,
    Condition,
    Constraint,
    DialogueState,
    Need,
    Scope,
    ShownProduct,
    Strength,
    Understanding,
)
from shopguide_intent.domain.understander import Message
from shopguide_intent.domain.vocabulary import Attribute, AttributeKind, Category, ValueCount, Vocabulary
from shopguide_runtime.money import exponent, from_minor

DEFAULT_MIN_CONFIDENCE = 0.05
_NANOS = 1_000_000_000
_STRENGTHS = {
    query_pb2.Constraint.STRENGTH_HARD: Strength.HARD,
    query_pb2.Constraint.STRENGTH_UNSUPPORTED: Strength.UNSUPPORTED,
}
_KINDS = {
    catalog_pb2.AttributeSpec.KIND_NUMBER: AttributeKind.NUMBER,
    catalog_pb2.AttributeSpec.KIND_BOOLEAN: AttributeKind.BOOLEAN,
}


def read_message(request: pb.UnderstandRequest) -> Message:
    """The message of a valid request."""
    return Message(
        text=request.text.strip(),
        language=read_language(request.language_code),
        currency=request.currency_code.upper(),
        state=_read_state(request.state),
        catalog=request.catalog,
        revision=request.vocabulary_revision,
        vocabulary=read_vocabulary(request.vocabulary) if request.HasField("vocabulary") else None,
    )


def read_language(code: str) -> str:
    """`zh` or `en` of a BCP-47 code; empty when it is neither, so that it is detected."""
    primary = code.replace("_", "-").split("-")[0].lower()
    return primary if primary in ("zh", "en") else ""


def read_vocabulary(message: catalog_pb2.CatalogDescription) -> Vocabulary:
    """The vocabulary of a catalogue's description."""
    prices = sorted(message.prices, key=lambda price: -price.count)
    return Vocabulary(
        catalog=message.catalog,
        revision=message.revision,
        product_count=message.product_count,
        currencies=tuple(price.currency_code for price in prices),
        brands=_read_values(message.brands),
        categories=tuple(_read_category(category) for category in message.categories),
        attributes=tuple(_read_attribute(attribute) for attribute in message.attributes),
        encoder_fingerprint=message.encoder_fingerprint,
    )


def write_response(result: Understanding, min_confidence: float) -> pb.UnderstandResponse:
    """The response about one message; intents below `min_confidence` are left out, the best one never."""
    parse = result.parse
    response = pb.UnderstandResponse(
        intents=[
            pb.IntentLabel(label=score.label, confidence=score.confidence)
            for place, score in enumerate(result.intents)
            if place == 0 or score.confidence >= min_confidence
        ],
        search_query=parse.search_query,
        keywords=[pb.Keyword(text=word.text, weight=word.weight) for word in parse.keywords],
        constraints=[write_constraint(constraint) for constraint in parse.constraints],
        scopes=[_write_scope(scope) for scope in parse.scopes],
        references=[
            pb.ProductReference(product_id=r.product_id, evidence=r.evidence, position=r.position)
            for r in parse.references
        ],
        need=_write_need(parse.need),
        sentiment_score=result.sentiment,
        language_code=parse.language,
        missing_slots=result.missing_slots,
        model=result.model,
        abstained=result.abstained,
        topic_changed=parse.topic_changed,
        timings=list(_write_timings(result.seconds)),
    )
    _write_optional(response, result)
    return response


def read_constraint(message: query_pb2.Constraint) -> Constraint:
    """A constraint; one without a condition is unsupported."""
    condition = read_condition(message.condition) if message.HasField("condition") else None
    strength = _STRENGTHS.get(message.strength, Strength.SOFT)
    return Constraint(
        condition,
        strength if condition else Strength.UNSUPPORTED,
        message.evidence,
        message.confidence,
    )


def read_condition(message: query_pb2.Condition) -> Condition:
    """A condition."""
    bounds = None
    if message.HasField("range"):
        low, high = message.range.minimum, message.range.maximum
        bounds = Bounds(
            low if message.range.HasField("minimum") else None,
            high if message.range.HasField("maximum") else None,
        )
    return Condition(
        message.field,
        any_of=tuple(message.any_of.values),
        none_of=tuple(message.none_of.values),
        bounds=bounds,
        currency=message.currency_code,
    )


def write_constraint(constraint: Constraint) -> query_pb2.Constraint:
    """The message of a constraint."""
    message = query_pb2.Constraint(
        strength=f"STRENGTH_{constraint.strength}",
        evidence=constraint.evidence,
        confidence=constraint.confidence,
    )
    if constraint.condition is not None:
        message.condition.CopyFrom(_write_condition(constraint.condition))
    return message


def _write_condition(condition: Condition) -> query_pb2.Condition:
    message = query_pb2.Condition(field=condition.field, currency_code=condition.currency)
    if condition.any_of:
        message.any_of.values.extend(condition.any_of)
    elif condition.none_of:
        message.none_of.values.extend(condition.none_of)
    elif condition.bounds is not None:
        message.range.SetInParent()
        if condition.bounds.minimum is not None:
            message.range.minimum = condition.bounds.minimum
        if condition.bounds.maximum is not None:
            message.range.maximum = condition.bounds.maximum
    return message


def _write_optional(response: pb.UnderstandResponse, result: Understanding) -> None:
    parse = result.parse
    if parse.budget is not None:
        response.budget.total.CopyFrom(_write_money(parse.budget.total))
        response.budget.evidence = parse.budget.evidence
    if parse.ordering is not None:
        response.ordering.field = parse.ordering.field
        response.ordering.descending = parse.ordering.descending
    if result.query_vector:
        response.query_vector.values.extend(result.query_vector)
        response.query_vector.encoder_fingerprint = result.encoder_fingerprint
    if result.degraded:
        status = status_pb2.Status(code=code_pb2.UNAVAILABLE, message=result.degraded)
        response.degradations.append(
            answer_pb2.Degradation(component="text_encoder", fallback="KEYWORD_INTENT", status=status)
        )


def _read_state(message: pb.DialogueState) -> DialogueState:
    return DialogueState(
        last_intent=message.last_intent,
        search_query=message.search_query,
        constraints=tuple(read_constraint(c) for c in message.constraints),
        shown=tuple(_read_shown(product) for product in message.shown_products),
        open_slot=message.open_slot,
        offered=tuple(
            Answer(a.text, read_condition(a.condition) if a.HasField("condition") else None)
            for a in message.offered_answers
        ),
        language=read_language(message.language_code),
    )


def _read_shown(message: pb.ShownProduct) -> ShownProduct:
    price = None
    if message.HasField("price") and message.price.currency_code:
        price = Amount(message.price.units + message.price.nanos / _NANOS, message.price.currency_code)
    return ShownProduct(message.product_id, message.title, message.brand, price, message.color, message.role)


def _read_values(values: Iterable[catalog_pb2.ValueCount]) -> tuple[ValueCount, ...]:
    return tuple(ValueCount(value.value, value.count) for value in values)


def _read_labels(labels: Iterable[catalog_pb2.Labels]) -> tuple[str, ...]:
    return tuple(name for label in labels for name in label.names)


def _read_category(message: catalog_pb2.CategorySummary) -> Category:
    return Category(
        name=message.name,
        count=message.count,
        spec_id=message.spec.id,
        labels=_read_labels(message.spec.labels),
        coverage=dict(message.attribute_coverage),
    )


def _read_attribute(message: catalog_pb2.AttributeSummary) -> Attribute:
    spec = message.spec
    numeric = message.HasField("minimum") or message.HasField("maximum")
    return Attribute(
        key=spec.key,
        kind=_KINDS.get(
            spec.kind, AttributeKind.NUMBER if numeric and not message.values else AttributeKind.TEXT
        ),
        unit=spec.unit,
        labels=_read_labels(spec.labels) or (spec.key.replace("_", " "),),
        values=_read_values(message.values),
        aliases={alias.alias: tuple(alias.values) for alias in spec.value_aliases},
        count=message.count,
        minimum=message.minimum if message.HasField("minimum") else None,
        maximum=message.maximum if message.HasField("maximum") else None,
        higher_is_better=spec.higher_is_better if spec.HasField("higher_is_better") else None,
    )


def _write_scope(scope: Scope) -> query_pb2.Scope:
    return query_pb2.Scope(
        role=scope.role,
        query=scope.query,
        constraints=[write_constraint(c) for c in scope.constraints],
        quantity=scope.quantity,
    )


def _write_need(need: Need) -> pb.Need:
    return pb.Need(
        recipient=need.recipient,
        uses=need.uses,
        occasion=need.occasion,
        qualities=need.qualities,
        repeat_count=need.repeat_count,
    )


def _write_money(amount: Amount) -> money_pb2.Money:
    minor = round(amount.value * 10 ** exponent(amount.currency))
    units, nanos = from_minor(minor, amount.currency)
    return money_pb2.Money(currency_code=amount.currency, units=units, nanos=nanos)


def _write_timings(seconds: Mapping[str, float]) -> Iterator[answer_pb2.StageTiming]:
    for stage, value in seconds.items():
        duration = duration_pb2.Duration(nanos=int(value * _NANOS) % _NANOS, seconds=int(value))
        yield answer_pb2.StageTiming(stage=stage, duration=duration)
