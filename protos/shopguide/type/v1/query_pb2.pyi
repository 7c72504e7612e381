from google.api import field_behavior_pb2 as _field_behavior_pb2
from google.type import money_pb2 as _money_pb2
from shopguide.type.v1 import product_pb2 as _product_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ProductView(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    PRODUCT_VIEW_UNSPECIFIED: _ClassVar[ProductView]
    PRODUCT_VIEW_ID: _ClassVar[ProductView]
    PRODUCT_VIEW_BASIC: _ClassVar[ProductView]
    PRODUCT_VIEW_FULL: _ClassVar[ProductView]
PRODUCT_VIEW_UNSPECIFIED: ProductView
PRODUCT_VIEW_ID: ProductView
PRODUCT_VIEW_BASIC: ProductView
PRODUCT_VIEW_FULL: ProductView

class Shopper(_message.Message):
    __slots__ = ("visitor_id", "user_id", "language_code", "region_code", "currency_code")
    VISITOR_ID_FIELD_NUMBER: _ClassVar[int]
    USER_ID_FIELD_NUMBER: _ClassVar[int]
    LANGUAGE_CODE_FIELD_NUMBER: _ClassVar[int]
    REGION_CODE_FIELD_NUMBER: _ClassVar[int]
    CURRENCY_CODE_FIELD_NUMBER: _ClassVar[int]
    visitor_id: str
    user_id: str
    language_code: str
    region_code: str
    currency_code: str
    def __init__(self, visitor_id: _Optional[str] = ..., user_id: _Optional[str] = ..., language_code: _Optional[str] = ..., region_code: _Optional[str] = ..., currency_code: _Optional[str] = ...) -> None: ...

class Filter(_message.Message):
    __slots__ = ("conditions",)
    CONDITIONS_FIELD_NUMBER: _ClassVar[int]
    conditions: _containers.RepeatedCompositeFieldContainer[Condition]
    def __init__(self, conditions: _Optional[_Iterable[_Union[Condition, _Mapping]]] = ...) -> None: ...

class Condition(_message.Message):
    __slots__ = ("field", "any_of", "none_of", "range", "currency_code")
    FIELD_FIELD_NUMBER: _ClassVar[int]
    ANY_OF_FIELD_NUMBER: _ClassVar[int]
    NONE_OF_FIELD_NUMBER: _ClassVar[int]
    RANGE_FIELD_NUMBER: _ClassVar[int]
    CURRENCY_CODE_FIELD_NUMBER: _ClassVar[int]
    field: str
    any_of: TextSet
    none_of: TextSet
    range: NumberRange
    currency_code: str
    def __init__(self, field: _Optional[str] = ..., any_of: _Optional[_Union[TextSet, _Mapping]] = ..., none_of: _Optional[_Union[TextSet, _Mapping]] = ..., range: _Optional[_Union[NumberRange, _Mapping]] = ..., currency_code: _Optional[str] = ...) -> None: ...

class TextSet(_message.Message):
    __slots__ = ("values",)
    VALUES_FIELD_NUMBER: _ClassVar[int]
    values: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, values: _Optional[_Iterable[str]] = ...) -> None: ...

class NumberRange(_message.Message):
    __slots__ = ("minimum", "maximum")
    MINIMUM_FIELD_NUMBER: _ClassVar[int]
    MAXIMUM_FIELD_NUMBER: _ClassVar[int]
    minimum: float
    maximum: float
    def __init__(self, minimum: _Optional[float] = ..., maximum: _Optional[float] = ...) -> None: ...

class Constraint(_message.Message):
    __slots__ = ("condition", "strength", "evidence", "confidence")
    class Strength(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        STRENGTH_UNSPECIFIED: _ClassVar[Constraint.Strength]
        STRENGTH_HARD: _ClassVar[Constraint.Strength]
        STRENGTH_SOFT: _ClassVar[Constraint.Strength]
        STRENGTH_UNSUPPORTED: _ClassVar[Constraint.Strength]
    STRENGTH_UNSPECIFIED: Constraint.Strength
    STRENGTH_HARD: Constraint.Strength
    STRENGTH_SOFT: Constraint.Strength
    STRENGTH_UNSUPPORTED: Constraint.Strength
    CONDITION_FIELD_NUMBER: _ClassVar[int]
    STRENGTH_FIELD_NUMBER: _ClassVar[int]
    EVIDENCE_FIELD_NUMBER: _ClassVar[int]
    CONFIDENCE_FIELD_NUMBER: _ClassVar[int]
    condition: Condition
    strength: Constraint.Strength
    evidence: str
    confidence: float
    def __init__(self, condition: _Optional[_Union[Condition, _Mapping]] = ..., strength: _Optional[_Union[Constraint.Strength, str]] = ..., evidence: _Optional[str] = ..., confidence: _Optional[float] = ...) -> None: ...

class ConstraintOutcome(_message.Message):
    __slots__ = ("constraint", "outcome", "reason", "relaxed_to", "nearest_value", "alternative_product_id")
    class Outcome(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        OUTCOME_UNSPECIFIED: _ClassVar[ConstraintOutcome.Outcome]
        OUTCOME_APPLIED: _ClassVar[ConstraintOutcome.Outcome]
        OUTCOME_RELAXED: _ClassVar[ConstraintOutcome.Outcome]
        OUTCOME_DROPPED: _ClassVar[ConstraintOutcome.Outcome]
    OUTCOME_UNSPECIFIED: ConstraintOutcome.Outcome
    OUTCOME_APPLIED: ConstraintOutcome.Outcome
    OUTCOME_RELAXED: ConstraintOutcome.Outcome
    OUTCOME_DROPPED: ConstraintOutcome.Outcome
    CONSTRAINT_FIELD_NUMBER: _ClassVar[int]
    OUTCOME_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    RELAXED_TO_FIELD_NUMBER: _ClassVar[int]
    NEAREST_VALUE_FIELD_NUMBER: _ClassVar[int]
    ALTERNATIVE_PRODUCT_ID_FIELD_NUMBER: _ClassVar[int]
    constraint: Constraint
    outcome: ConstraintOutcome.Outcome
    reason: str
    relaxed_to: Condition
    nearest_value: float
    alternative_product_id: str
    def __init__(self, constraint: _Optional[_Union[Constraint, _Mapping]] = ..., outcome: _Optional[_Union[ConstraintOutcome.Outcome, str]] = ..., reason: _Optional[str] = ..., relaxed_to: _Optional[_Union[Condition, _Mapping]] = ..., nearest_value: _Optional[float] = ..., alternative_product_id: _Optional[str] = ...) -> None: ...

class Scope(_message.Message):
    __slots__ = ("role", "query", "constraints", "quantity")
    ROLE_FIELD_NUMBER: _ClassVar[int]
    QUERY_FIELD_NUMBER: _ClassVar[int]
    CONSTRAINTS_FIELD_NUMBER: _ClassVar[int]
    QUANTITY_FIELD_NUMBER: _ClassVar[int]
    role: str
    query: str
    constraints: _containers.RepeatedCompositeFieldContainer[Constraint]
    quantity: int
    def __init__(self, role: _Optional[str] = ..., query: _Optional[str] = ..., constraints: _Optional[_Iterable[_Union[Constraint, _Mapping]]] = ..., quantity: _Optional[int] = ...) -> None: ...

class Budget(_message.Message):
    __slots__ = ("total", "evidence")
    TOTAL_FIELD_NUMBER: _ClassVar[int]
    EVIDENCE_FIELD_NUMBER: _ClassVar[int]
    total: _money_pb2.Money
    evidence: str
    def __init__(self, total: _Optional[_Union[_money_pb2.Money, _Mapping]] = ..., evidence: _Optional[str] = ...) -> None: ...

class Ordering(_message.Message):
    __slots__ = ("field", "descending")
    FIELD_FIELD_NUMBER: _ClassVar[int]
    DESCENDING_FIELD_NUMBER: _ClassVar[int]
    field: str
    descending: bool
    def __init__(self, field: _Optional[str] = ..., descending: _Optional[bool] = ...) -> None: ...

class QueryVector(_message.Message):
    __slots__ = ("values", "encoder_fingerprint")
    VALUES_FIELD_NUMBER: _ClassVar[int]
    ENCODER_FINGERPRINT_FIELD_NUMBER: _ClassVar[int]
    values: _containers.RepeatedScalarFieldContainer[float]
    encoder_fingerprint: str
    def __init__(self, values: _Optional[_Iterable[float]] = ..., encoder_fingerprint: _Optional[str] = ...) -> None: ...

class ImageQuery(_message.Message):
    __slots__ = ("content", "uri")
    CONTENT_FIELD_NUMBER: _ClassVar[int]
    URI_FIELD_NUMBER: _ClassVar[int]
    content: bytes
    uri: str
    def __init__(self, content: _Optional[bytes] = ..., uri: _Optional[str] = ...) -> None: ...

class ScoredProduct(_message.Message):
    __slots__ = ("product_id", "product", "score", "signal_scores", "reasons", "role")
    class SignalScoresEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: float
        def __init__(self, key: _Optional[str] = ..., value: _Optional[float] = ...) -> None: ...
    PRODUCT_ID_FIELD_NUMBER: _ClassVar[int]
    PRODUCT_FIELD_NUMBER: _ClassVar[int]
    SCORE_FIELD_NUMBER: _ClassVar[int]
    SIGNAL_SCORES_FIELD_NUMBER: _ClassVar[int]
    REASONS_FIELD_NUMBER: _ClassVar[int]
    ROLE_FIELD_NUMBER: _ClassVar[int]
    product_id: str
    product: _product_pb2.Product
    score: float
    signal_scores: _containers.ScalarMap[str, float]
    reasons: _containers.RepeatedScalarFieldContainer[str]
    role: str
    def __init__(self, product_id: _Optional[str] = ..., product: _Optional[_Union[_product_pb2.Product, _Mapping]] = ..., score: _Optional[float] = ..., signal_scores: _Optional[_Mapping[str, float]] = ..., reasons: _Optional[_Iterable[str]] = ..., role: _Optional[str] = ...) -> None: ...
