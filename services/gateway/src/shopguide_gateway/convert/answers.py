"""Sources, facts, citations, questions back, degradations, timings."""

from collections.abc import Iterable

from google.protobuf import duration_pb2
from google.rpc import status_pb2

from shopguide.type.v1 import answer_pb2, catalog_pb2
from shopguide_gateway.convert.limits import read_answer, write_answer, write_money
from shopguide_gateway.domain.model import (
    Citation,
    Degradation,
    Fact,
    FollowUp,
    Money,
    Source,
    Timing,
)
from shopguide_runtime.errors import Internal, ShopguideError
from shopguide_runtime.status import encode


def write_source(source: Source) -> answer_pb2.Source:
    """Return the message."""
    return answer_pb2.Source(
        id=source.id,
        kind=f"KIND_{source.kind}",
        title=source.title,
        facts=[write_fact(f) for f in source.facts],
        subject_id=source.subject_id,
        role=source.role,
        language_code=source.language,
    )


def write_fact(fact: Fact) -> answer_pb2.Fact:
    """Return the message, its value of the kind that the fact's value is."""
    message = answer_pb2.Fact(
        key=fact.key,
        unit=fact.unit,
        provenance=fact.provenance,
        labels=[
            catalog_pb2.Labels(language_code=language, names=names)
            for language, names in sorted(fact.labels.items())
        ],
        higher_is_better=fact.higher_is_better,
    )
    match fact.value:
        case bool():
            message.flag = fact.value
        case str():
            message.text = fact.value
        case Money():
            message.money.CopyFrom(write_money(fact.value))
        case _:
            message.number = fact.value
    return message


def read_citation(message: answer_pb2.Citation) -> Citation:
    """Return the citation."""
    return Citation(
        message.start_index,
        message.end_index,
        tuple(message.source_ids),
        tuple(message.source_numbers),
    )


def write_citation(citation: Citation) -> answer_pb2.Citation:
    """Return the message."""
    return answer_pb2.Citation(
        start_index=citation.start,
        end_index=citation.end,
        source_ids=citation.source_ids,
        source_numbers=citation.source_numbers,
    )


def read_follow_up(message: answer_pb2.FollowUp) -> FollowUp:
    """Return the question back."""
    answers = tuple(read_answer(a) for a in message.suggested_answers)
    return FollowUp(message.question, answers, message.slot)


def write_follow_up(follow_up: FollowUp) -> answer_pb2.FollowUp:
    """Return the message."""
    return answer_pb2.FollowUp(
        question=follow_up.question,
        suggested_answers=[write_answer(a) for a in follow_up.answers],
        slot=follow_up.slot,
    )


def read_degradations(messages: Iterable[answer_pb2.Degradation]) -> tuple[Degradation, ...]:
    """Return the degradations that a service behind us reported, with their messages, which carry no internals."""
    return tuple(Degradation(m.component, m.fallback, _read_error(m.status)) for m in messages)


def _read_error(status: status_pb2.Status) -> ShopguideError | None:
    return Internal(status.message, reason="DEGRADED") if status.message else None


def write_degradations(degradations: Iterable[Degradation]) -> list[answer_pb2.Degradation]:
    """Return one message a degradation."""
    return [
        answer_pb2.Degradation(
            component=d.component,
            fallback=d.fallback,
            status=encode(d.error) if d.error else None,
        )
        for d in degradations
    ]


def read_timings(messages: Iterable[answer_pb2.StageTiming]) -> tuple[Timing, ...]:
    """Return the stages with their seconds."""
    return tuple(Timing(m.stage, m.duration.ToNanoseconds() / 1e9) for m in messages)


def write_timings(timings: Iterable[Timing]) -> list[answer_pb2.StageTiming]:
    """Return one message a stage."""
    return [answer_pb2.StageTiming(stage=t.stage, duration=_duration(t.seconds)) for t in timings]


def _duration(seconds: float) -> duration_pb2.Duration:
    message = duration_pb2.Duration()
    message.FromNanoseconds(int(seconds * 1e9))
    return message
