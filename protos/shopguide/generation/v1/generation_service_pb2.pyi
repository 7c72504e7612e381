import datetime

from google.api import field_behavior_pb2 as _field_behavior_pb2
from google.protobuf import duration_pb2 as _duration_pb2
from google.type import money_pb2 as _money_pb2
from shopguide.type.v1 import answer_pb2 as _answer_pb2
from shopguide.type.v1 import query_pb2 as _query_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Task(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    TASK_UNSPECIFIED: _ClassVar[Task]
    TASK_RECOMMEND: _ClassVar[Task]
    TASK_COMPARE: _ClassVar[Task]
    TASK_ANSWER_PRODUCT: _ClassVar[Task]
    TASK_ANSWER_POLICY: _ClassVar[Task]
    TASK_BUNDLE: _ClassVar[Task]
    TASK_DEAL: _ClassVar[Task]
    TASK_GIFT: _ClassVar[Task]
    TASK_COMPLAINT: _ClassVar[Task]
    TASK_REVIEWS: _ClassVar[Task]
    TASK_CHITCHAT: _ClassVar[Task]
    TASK_OUT_OF_SCOPE: _ClassVar[Task]
    TASK_CLARIFY: _ClassVar[Task]
    TASK_SIMILAR: _ClassVar[Task]
TASK_UNSPECIFIED: Task
TASK_RECOMMEND: Task
TASK_COMPARE: Task
TASK_ANSWER_PRODUCT: Task
TASK_ANSWER_POLICY: Task
TASK_BUNDLE: Task
TASK_DEAL: Task
TASK_GIFT: Task
TASK_COMPLAINT: Task
TASK_REVIEWS: Task
TASK_CHITCHAT: Task
TASK_OUT_OF_SCOPE: Task
TASK_CLARIFY: Task
TASK_SIMILAR: Task

class GenerateRequest(_message.Message):
    __slots__ = ("task", "query", "sources", "language_code", "spec", "history", "context")
    TASK_FIELD_NUMBER: _ClassVar[int]
    QUERY_FIELD_NUMBER: _ClassVar[int]
    SOURCES_FIELD_NUMBER: _ClassVar[int]
    LANGUAGE_CODE_FIELD_NUMBER: _ClassVar[int]
    SPEC_FIELD_NUMBER: _ClassVar[int]
    HISTORY_FIELD_NUMBER: _ClassVar[int]
    CONTEXT_FIELD_NUMBER: _ClassVar[int]
    task: Task
    query: str
    sources: _containers.RepeatedCompositeFieldContainer[_answer_pb2.Source]
    language_code: str
    spec: GenerationSpec
    history: _containers.RepeatedScalarFieldContainer[str]
    context: AnswerContext
    def __init__(self, task: _Optional[_Union[Task, str]] = ..., query: _Optional[str] = ..., sources: _Optional[_Iterable[_Union[_answer_pb2.Source, _Mapping]]] = ..., language_code: _Optional[str] = ..., spec: _Optional[_Union[GenerationSpec, _Mapping]] = ..., history: _Optional[_Iterable[str]] = ..., context: _Optional[_Union[AnswerContext, _Mapping]] = ...) -> None: ...

class AnswerContext(_message.Message):
    __slots__ = ("total_matches", "constraint_outcomes", "budget", "total_price", "search_query", "recipient", "uses", "occasion", "qualities", "sentiment_score", "repeat_count", "follow_up_slot", "missing_roles", "alternative_source_ids", "ordering", "reference_source_id", "attack", "question_key", "currency_code")
    TOTAL_MATCHES_FIELD_NUMBER: _ClassVar[int]
    CONSTRAINT_OUTCOMES_FIELD_NUMBER: _ClassVar[int]
    BUDGET_FIELD_NUMBER: _ClassVar[int]
    TOTAL_PRICE_FIELD_NUMBER: _ClassVar[int]
    SEARCH_QUERY_FIELD_NUMBER: _ClassVar[int]
    RECIPIENT_FIELD_NUMBER: _ClassVar[int]
    USES_FIELD_NUMBER: _ClassVar[int]
    OCCASION_FIELD_NUMBER: _ClassVar[int]
    QUALITIES_FIELD_NUMBER: _ClassVar[int]
    SENTIMENT_SCORE_FIELD_NUMBER: _ClassVar[int]
    REPEAT_COUNT_FIELD_NUMBER: _ClassVar[int]
    FOLLOW_UP_SLOT_FIELD_NUMBER: _ClassVar[int]
    MISSING_ROLES_FIELD_NUMBER: _ClassVar[int]
    ALTERNATIVE_SOURCE_IDS_FIELD_NUMBER: _ClassVar[int]
    ORDERING_FIELD_NUMBER: _ClassVar[int]
    REFERENCE_SOURCE_ID_FIELD_NUMBER: _ClassVar[int]
    ATTACK_FIELD_NUMBER: _ClassVar[int]
    QUESTION_KEY_FIELD_NUMBER: _ClassVar[int]
    CURRENCY_CODE_FIELD_NUMBER: _ClassVar[int]
    total_matches: int
    constraint_outcomes: _containers.RepeatedCompositeFieldContainer[_query_pb2.ConstraintOutcome]
    budget: _money_pb2.Money
    total_price: _money_pb2.Money
    search_query: str
    recipient: str
    uses: _containers.RepeatedScalarFieldContainer[str]
    occasion: str
    qualities: _containers.RepeatedScalarFieldContainer[str]
    sentiment_score: float
    repeat_count: int
    follow_up_slot: FollowUpSlot
    missing_roles: _containers.RepeatedScalarFieldContainer[str]
    alternative_source_ids: _containers.RepeatedScalarFieldContainer[str]
    ordering: _query_pb2.Ordering
    reference_source_id: str
    attack: bool
    question_key: str
    currency_code: str
    def __init__(self, total_matches: _Optional[int] = ..., constraint_outcomes: _Optional[_Iterable[_Union[_query_pb2.ConstraintOutcome, _Mapping]]] = ..., budget: _Optional[_Union[_money_pb2.Money, _Mapping]] = ..., total_price: _Optional[_Union[_money_pb2.Money, _Mapping]] = ..., search_query: _Optional[str] = ..., recipient: _Optional[str] = ..., uses: _Optional[_Iterable[str]] = ..., occasion: _Optional[str] = ..., qualities: _Optional[_Iterable[str]] = ..., sentiment_score: _Optional[float] = ..., repeat_count: _Optional[int] = ..., follow_up_slot: _Optional[_Union[FollowUpSlot, _Mapping]] = ..., missing_roles: _Optional[_Iterable[str]] = ..., alternative_source_ids: _Optional[_Iterable[str]] = ..., ordering: _Optional[_Union[_query_pb2.Ordering, _Mapping]] = ..., reference_source_id: _Optional[str] = ..., attack: _Optional[bool] = ..., question_key: _Optional[str] = ..., currency_code: _Optional[str] = ...) -> None: ...

class FollowUpSlot(_message.Message):
    __slots__ = ("slot", "label", "options")
    SLOT_FIELD_NUMBER: _ClassVar[int]
    LABEL_FIELD_NUMBER: _ClassVar[int]
    OPTIONS_FIELD_NUMBER: _ClassVar[int]
    slot: str
    label: str
    options: _containers.RepeatedCompositeFieldContainer[_answer_pb2.SuggestedAnswer]
    def __init__(self, slot: _Optional[str] = ..., label: _Optional[str] = ..., options: _Optional[_Iterable[_Union[_answer_pb2.SuggestedAnswer, _Mapping]]] = ...) -> None: ...

class GenerationSpec(_message.Message):
    __slots__ = ("model", "max_output_tokens", "temperature", "top_p", "seed", "stop_sequences", "writer")
    class Writer(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        WRITER_UNSPECIFIED: _ClassVar[GenerationSpec.Writer]
        WRITER_TEMPLATE: _ClassVar[GenerationSpec.Writer]
        WRITER_MODEL: _ClassVar[GenerationSpec.Writer]
    WRITER_UNSPECIFIED: GenerationSpec.Writer
    WRITER_TEMPLATE: GenerationSpec.Writer
    WRITER_MODEL: GenerationSpec.Writer
    MODEL_FIELD_NUMBER: _ClassVar[int]
    MAX_OUTPUT_TOKENS_FIELD_NUMBER: _ClassVar[int]
    TEMPERATURE_FIELD_NUMBER: _ClassVar[int]
    TOP_P_FIELD_NUMBER: _ClassVar[int]
    SEED_FIELD_NUMBER: _ClassVar[int]
    STOP_SEQUENCES_FIELD_NUMBER: _ClassVar[int]
    WRITER_FIELD_NUMBER: _ClassVar[int]
    model: str
    max_output_tokens: int
    temperature: float
    top_p: float
    seed: int
    stop_sequences: _containers.RepeatedScalarFieldContainer[str]
    writer: GenerationSpec.Writer
    def __init__(self, model: _Optional[str] = ..., max_output_tokens: _Optional[int] = ..., temperature: _Optional[float] = ..., top_p: _Optional[float] = ..., seed: _Optional[int] = ..., stop_sequences: _Optional[_Iterable[str]] = ..., writer: _Optional[_Union[GenerationSpec.Writer, str]] = ...) -> None: ...

class GenerateResponse(_message.Message):
    __slots__ = ("text_delta", "citation", "follow_up", "finish")
    TEXT_DELTA_FIELD_NUMBER: _ClassVar[int]
    CITATION_FIELD_NUMBER: _ClassVar[int]
    FOLLOW_UP_FIELD_NUMBER: _ClassVar[int]
    FINISH_FIELD_NUMBER: _ClassVar[int]
    text_delta: str
    citation: _answer_pb2.Citation
    follow_up: _answer_pb2.FollowUp
    finish: Finish
    def __init__(self, text_delta: _Optional[str] = ..., citation: _Optional[_Union[_answer_pb2.Citation, _Mapping]] = ..., follow_up: _Optional[_Union[_answer_pb2.FollowUp, _Mapping]] = ..., finish: _Optional[_Union[Finish, _Mapping]] = ...) -> None: ...

class Finish(_message.Message):
    __slots__ = ("reason", "usage", "grounding_score", "model", "model_sentence_count", "template_sentence_count", "rejected_sentence_count", "degradations", "hand_over", "answered")
    class Reason(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        REASON_UNSPECIFIED: _ClassVar[Finish.Reason]
        REASON_STOP: _ClassVar[Finish.Reason]
        REASON_MAX_TOKENS: _ClassVar[Finish.Reason]
        REASON_NOT_GROUNDED: _ClassVar[Finish.Reason]
        REASON_BLOCKED: _ClassVar[Finish.Reason]
    REASON_UNSPECIFIED: Finish.Reason
    REASON_STOP: Finish.Reason
    REASON_MAX_TOKENS: Finish.Reason
    REASON_NOT_GROUNDED: Finish.Reason
    REASON_BLOCKED: Finish.Reason
    REASON_FIELD_NUMBER: _ClassVar[int]
    USAGE_FIELD_NUMBER: _ClassVar[int]
    GROUNDING_SCORE_FIELD_NUMBER: _ClassVar[int]
    MODEL_FIELD_NUMBER: _ClassVar[int]
    MODEL_SENTENCE_COUNT_FIELD_NUMBER: _ClassVar[int]
    TEMPLATE_SENTENCE_COUNT_FIELD_NUMBER: _ClassVar[int]
    REJECTED_SENTENCE_COUNT_FIELD_NUMBER: _ClassVar[int]
    DEGRADATIONS_FIELD_NUMBER: _ClassVar[int]
    HAND_OVER_FIELD_NUMBER: _ClassVar[int]
    ANSWERED_FIELD_NUMBER: _ClassVar[int]
    reason: Finish.Reason
    usage: Usage
    grounding_score: float
    model: str
    model_sentence_count: int
    template_sentence_count: int
    rejected_sentence_count: int
    degradations: _containers.RepeatedCompositeFieldContainer[_answer_pb2.Degradation]
    hand_over: bool
    answered: bool
    def __init__(self, reason: _Optional[_Union[Finish.Reason, str]] = ..., usage: _Optional[_Union[Usage, _Mapping]] = ..., grounding_score: _Optional[float] = ..., model: _Optional[str] = ..., model_sentence_count: _Optional[int] = ..., template_sentence_count: _Optional[int] = ..., rejected_sentence_count: _Optional[int] = ..., degradations: _Optional[_Iterable[_Union[_answer_pb2.Degradation, _Mapping]]] = ..., hand_over: _Optional[bool] = ..., answered: _Optional[bool] = ...) -> None: ...

class Usage(_message.Message):
    __slots__ = ("input_tokens", "output_tokens", "queue_duration", "first_text_duration", "total_duration")
    INPUT_TOKENS_FIELD_NUMBER: _ClassVar[int]
    OUTPUT_TOKENS_FIELD_NUMBER: _ClassVar[int]
    QUEUE_DURATION_FIELD_NUMBER: _ClassVar[int]
    FIRST_TEXT_DURATION_FIELD_NUMBER: _ClassVar[int]
    TOTAL_DURATION_FIELD_NUMBER: _ClassVar[int]
    input_tokens: int
    output_tokens: int
    queue_duration: _duration_pb2.Duration
    first_text_duration: _duration_pb2.Duration
    total_duration: _duration_pb2.Duration
    def __init__(self, input_tokens: _Optional[int] = ..., output_tokens: _Optional[int] = ..., queue_duration: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., first_text_duration: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., total_duration: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ...) -> None: ...

class CheckGroundingRequest(_message.Message):
    __slots__ = ("text", "sources", "language_code", "context")
    TEXT_FIELD_NUMBER: _ClassVar[int]
    SOURCES_FIELD_NUMBER: _ClassVar[int]
    LANGUAGE_CODE_FIELD_NUMBER: _ClassVar[int]
    CONTEXT_FIELD_NUMBER: _ClassVar[int]
    text: str
    sources: _containers.RepeatedCompositeFieldContainer[_answer_pb2.Source]
    language_code: str
    context: AnswerContext
    def __init__(self, text: _Optional[str] = ..., sources: _Optional[_Iterable[_Union[_answer_pb2.Source, _Mapping]]] = ..., language_code: _Optional[str] = ..., context: _Optional[_Union[AnswerContext, _Mapping]] = ...) -> None: ...

class CheckGroundingResponse(_message.Message):
    __slots__ = ("citations", "grounding_score", "ungrounded_claims")
    class UngroundedClaim(_message.Message):
        __slots__ = ("sentence", "claim", "reason")
        SENTENCE_FIELD_NUMBER: _ClassVar[int]
        CLAIM_FIELD_NUMBER: _ClassVar[int]
        REASON_FIELD_NUMBER: _ClassVar[int]
        sentence: str
        claim: str
        reason: str
        def __init__(self, sentence: _Optional[str] = ..., claim: _Optional[str] = ..., reason: _Optional[str] = ...) -> None: ...
    CITATIONS_FIELD_NUMBER: _ClassVar[int]
    GROUNDING_SCORE_FIELD_NUMBER: _ClassVar[int]
    UNGROUNDED_CLAIMS_FIELD_NUMBER: _ClassVar[int]
    citations: _containers.RepeatedCompositeFieldContainer[_answer_pb2.Citation]
    grounding_score: float
    ungrounded_claims: _containers.RepeatedCompositeFieldContainer[CheckGroundingResponse.UngroundedClaim]
    def __init__(self, citations: _Optional[_Iterable[_Union[_answer_pb2.Citation, _Mapping]]] = ..., grounding_score: _Optional[float] = ..., ungrounded_claims: _Optional[_Iterable[_Union[CheckGroundingResponse.UngroundedClaim, _Mapping]]] = ...) -> None: ...
