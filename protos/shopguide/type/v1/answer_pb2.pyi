import datetime

from google.api import field_behavior_pb2 as _field_behavior_pb2
from google.protobuf import duration_pb2 as _duration_pb2
from google.rpc import status_pb2 as _status_pb2
from google.type import money_pb2 as _money_pb2
from shopguide.type.v1 import catalog_pb2 as _catalog_pb2
from shopguide.type.v1 import query_pb2 as _query_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Source(_message.Message):
    __slots__ = ("id", "kind", "title", "facts", "subject_id", "role", "language_code")
    class Kind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        KIND_UNSPECIFIED: _ClassVar[Source.Kind]
        KIND_PRODUCT: _ClassVar[Source.Kind]
        KIND_POLICY: _ClassVar[Source.Kind]
        KIND_REVIEW_DIGEST: _ClassVar[Source.Kind]
        KIND_REVIEW: _ClassVar[Source.Kind]
    KIND_UNSPECIFIED: Source.Kind
    KIND_PRODUCT: Source.Kind
    KIND_POLICY: Source.Kind
    KIND_REVIEW_DIGEST: Source.Kind
    KIND_REVIEW: Source.Kind
    ID_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    TITLE_FIELD_NUMBER: _ClassVar[int]
    FACTS_FIELD_NUMBER: _ClassVar[int]
    SUBJECT_ID_FIELD_NUMBER: _ClassVar[int]
    ROLE_FIELD_NUMBER: _ClassVar[int]
    LANGUAGE_CODE_FIELD_NUMBER: _ClassVar[int]
    id: str
    kind: Source.Kind
    title: str
    facts: _containers.RepeatedCompositeFieldContainer[Fact]
    subject_id: str
    role: str
    language_code: str
    def __init__(self, id: _Optional[str] = ..., kind: _Optional[_Union[Source.Kind, str]] = ..., title: _Optional[str] = ..., facts: _Optional[_Iterable[_Union[Fact, _Mapping]]] = ..., subject_id: _Optional[str] = ..., role: _Optional[str] = ..., language_code: _Optional[str] = ...) -> None: ...

class Fact(_message.Message):
    __slots__ = ("key", "text", "number", "money", "flag", "unit", "provenance", "labels", "higher_is_better", "mention_count")
    KEY_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    MONEY_FIELD_NUMBER: _ClassVar[int]
    FLAG_FIELD_NUMBER: _ClassVar[int]
    UNIT_FIELD_NUMBER: _ClassVar[int]
    PROVENANCE_FIELD_NUMBER: _ClassVar[int]
    LABELS_FIELD_NUMBER: _ClassVar[int]
    HIGHER_IS_BETTER_FIELD_NUMBER: _ClassVar[int]
    MENTION_COUNT_FIELD_NUMBER: _ClassVar[int]
    key: str
    text: str
    number: float
    money: _money_pb2.Money
    flag: bool
    unit: str
    provenance: str
    labels: _containers.RepeatedCompositeFieldContainer[_catalog_pb2.Labels]
    higher_is_better: bool
    mention_count: int
    def __init__(self, key: _Optional[str] = ..., text: _Optional[str] = ..., number: _Optional[float] = ..., money: _Optional[_Union[_money_pb2.Money, _Mapping]] = ..., flag: _Optional[bool] = ..., unit: _Optional[str] = ..., provenance: _Optional[str] = ..., labels: _Optional[_Iterable[_Union[_catalog_pb2.Labels, _Mapping]]] = ..., higher_is_better: _Optional[bool] = ..., mention_count: _Optional[int] = ...) -> None: ...

class Citation(_message.Message):
    __slots__ = ("start_index", "end_index", "source_ids", "source_numbers")
    START_INDEX_FIELD_NUMBER: _ClassVar[int]
    END_INDEX_FIELD_NUMBER: _ClassVar[int]
    SOURCE_IDS_FIELD_NUMBER: _ClassVar[int]
    SOURCE_NUMBERS_FIELD_NUMBER: _ClassVar[int]
    start_index: int
    end_index: int
    source_ids: _containers.RepeatedScalarFieldContainer[str]
    source_numbers: _containers.RepeatedScalarFieldContainer[int]
    def __init__(self, start_index: _Optional[int] = ..., end_index: _Optional[int] = ..., source_ids: _Optional[_Iterable[str]] = ..., source_numbers: _Optional[_Iterable[int]] = ...) -> None: ...

class FollowUp(_message.Message):
    __slots__ = ("question", "suggested_answers", "slot")
    QUESTION_FIELD_NUMBER: _ClassVar[int]
    SUGGESTED_ANSWERS_FIELD_NUMBER: _ClassVar[int]
    SLOT_FIELD_NUMBER: _ClassVar[int]
    question: str
    suggested_answers: _containers.RepeatedCompositeFieldContainer[SuggestedAnswer]
    slot: str
    def __init__(self, question: _Optional[str] = ..., suggested_answers: _Optional[_Iterable[_Union[SuggestedAnswer, _Mapping]]] = ..., slot: _Optional[str] = ...) -> None: ...

class SuggestedAnswer(_message.Message):
    __slots__ = ("text", "condition")
    TEXT_FIELD_NUMBER: _ClassVar[int]
    CONDITION_FIELD_NUMBER: _ClassVar[int]
    text: str
    condition: _query_pb2.Condition
    def __init__(self, text: _Optional[str] = ..., condition: _Optional[_Union[_query_pb2.Condition, _Mapping]] = ...) -> None: ...

class Degradation(_message.Message):
    __slots__ = ("component", "fallback", "status")
    COMPONENT_FIELD_NUMBER: _ClassVar[int]
    FALLBACK_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    component: str
    fallback: str
    status: _status_pb2.Status
    def __init__(self, component: _Optional[str] = ..., fallback: _Optional[str] = ..., status: _Optional[_Union[_status_pb2.Status, _Mapping]] = ...) -> None: ...

class StageTiming(_message.Message):
    __slots__ = ("stage", "duration")
    STAGE_FIELD_NUMBER: _ClassVar[int]
    DURATION_FIELD_NUMBER: _ClassVar[int]
    stage: str
    duration: _duration_pb2.Duration
    def __init__(self, stage: _Optional[str] = ..., duration: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ...) -> None: ...
