"""Answers and checks to protobuf."""

from dataclasses import dataclass

import grpc
from google.rpc import status_pb2

from shopguide.generation.v1 import generation_service_pb2 as pb
from shopguide.type.v1 import answer_pb2
from shopguide_generation.convert.requests import suggested
from shopguide_generation.domain.answering import Tally
from shopguide_generation.domain.checking import Checked
from shopguide_generation.domain.facts import AnswerContext, Slot
from shopguide_generation.domain.writer import Draft

WRITER = "writer@1"
"""Name and version of the deterministic writer."""

MAX_CLAIM = 500


class TextPosition:
    """Where the next statement stands in the whole text, in UTF-8 bytes."""

    def __init__(self) -> None:
        self._at = 0

    def advance(self, lead: str, text: str) -> tuple[int, int]:
        """The start and end of a statement that follows `lead`."""
        start = self._at + len(lead.encode())
        self._at = start + len(text.encode())
        return start, self._at


@dataclass(frozen=True, slots=True)
class Ending:
    """All that is known when an answer is complete."""

    draft: Draft
    tally: Tally
    model: str
    first_text_seconds: float
    seconds: float


def citation(context: AnswerContext, numbers: tuple[int, ...], start: int, end: int) -> answer_pb2.Citation:
    """Which sources a statement rests on."""
    ids = [context.source(number).id for number in numbers]
    return answer_pb2.Citation(start_index=start, end_index=end, source_ids=ids, source_numbers=numbers)


def follow_up(slot: Slot, question: str) -> answer_pb2.FollowUp:
    """The question back, with answers to offer."""
    answers = [suggested(option, slot) for option in slot.options]
    return answer_pb2.FollowUp(question=question, suggested_answers=answers, slot=slot.key)


def finish(ending: Ending) -> pb.Finish:
    """How an answer ended and what it cost."""
    tally, draft = ending.tally, ending.draft
    released = tally.model_sentences + tally.template_sentences
    message = pb.Finish(
        reason=pb.Finish.REASON_STOP if released else pb.Finish.REASON_NOT_GROUNDED,
        grounding_score=released / (released + draft.dropped) if released else 0.0,
        model=ending.model if tally.model_sentences else WRITER,
        model_sentence_count=tally.model_sentences,
        template_sentence_count=tally.template_sentences,
        rejected_sentence_count=len(tally.rejections),
        hand_over=draft.hand_over,
        answered=draft.answered and bool(released),
    )
    message.usage.input_tokens = tally.input_tokens
    message.usage.output_tokens = tally.output_tokens
    message.usage.first_text_duration.FromMicroseconds(round(ending.first_text_seconds * 1e6))
    message.usage.total_duration.FromMicroseconds(round(ending.seconds * 1e6))
    if tally.model_away:
        message.degradations.append(_degradation(tally.model_away))
    return message


def _degradation(reason: str) -> answer_pb2.Degradation:
    status = status_pb2.Status(code=grpc.StatusCode.UNAVAILABLE.value[0], message=reason)
    return answer_pb2.Degradation(component="generator", fallback="TEMPLATE_ANSWER", status=status)


def checked(text: str, context: AnswerContext, found: list[Checked]) -> pb.CheckGroundingResponse:
    """What a check found, with places in UTF-8 bytes."""
    response = pb.CheckGroundingResponse()
    for statement in found:
        start, end = (len(text[:at].encode()) for at in (statement.start, statement.end))
        if statement.report.grounded:
            response.citations.append(citation(context, statement.report.cited, start, end))
        for finding in statement.report.findings:
            response.ungrounded_claims.add(
                sentence=text[statement.start : statement.end][:MAX_CLAIM],
                claim=finding.text,
                reason=finding.reason.value,
            )
    grounded = sum(statement.report.grounded for statement in found)
    response.grounding_score = grounded / len(found) if found else 0.0
    return response
