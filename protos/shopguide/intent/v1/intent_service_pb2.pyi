from google.api import field_behavior_pb2 as _field_behavior_pb2
from google.type import money_pb2 as _money_pb2
from shopguide.type.v1 import answer_pb2 as _answer_pb2
from shopguide.type.v1 import catalog_pb2 as _catalog_pb2
from shopguide.type.v1 import query_pb2 as _query_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class UnderstandRequest(_message.Message):
    __slots__ = ("text", "history", "language_code", "min_confidence", "catalog", "vocabulary_revision", "vocabulary", "state", "currency_code")
    TEXT_FIELD_NUMBER: _ClassVar[int]
    HISTORY_FIELD_NUMBER: _ClassVar[int]
    LANGUAGE_CODE_FIELD_NUMBER: _ClassVar[int]
    MIN_CONFIDENCE_FIELD_NUMBER: _ClassVar[int]
    CATALOG_FIELD_NUMBER: _ClassVar[int]
    VOCABULARY_REVISION_FIELD_NUMBER: _ClassVar[int]
    VOCABULARY_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    CURRENCY_CODE_FIELD_NUMBER: _ClassVar[int]
    text: str
    history: _containers.RepeatedCompositeFieldContainer[Turn]
    language_code: str
    min_confidence: float
    catalog: str
    vocabulary_revision: str
    vocabulary: _catalog_pb2.CatalogDescription
    state: DialogueState
    currency_code: str
    def __init__(self, text: _Optional[str] = ..., history: _Optional[_Iterable[_Union[Turn, _Mapping]]] = ..., language_code: _Optional[str] = ..., min_confidence: _Optional[float] = ..., catalog: _Optional[str] = ..., vocabulary_revision: _Optional[str] = ..., vocabulary: _Optional[_Union[_catalog_pb2.CatalogDescription, _Mapping]] = ..., state: _Optional[_Union[DialogueState, _Mapping]] = ..., currency_code: _Optional[str] = ...) -> None: ...

class Turn(_message.Message):
    __slots__ = ("role", "text")
    class Role(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        ROLE_UNSPECIFIED: _ClassVar[Turn.Role]
        ROLE_SHOPPER: _ClassVar[Turn.Role]
        ROLE_GUIDE: _ClassVar[Turn.Role]
    ROLE_UNSPECIFIED: Turn.Role
    ROLE_SHOPPER: Turn.Role
    ROLE_GUIDE: Turn.Role
    ROLE_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    role: Turn.Role
    text: str
    def __init__(self, role: _Optional[_Union[Turn.Role, str]] = ..., text: _Optional[str] = ...) -> None: ...

class DialogueState(_message.Message):
    __slots__ = ("last_intent", "search_query", "constraints", "shown_products", "open_slot", "language_code", "offered_answers")
    LAST_INTENT_FIELD_NUMBER: _ClassVar[int]
    SEARCH_QUERY_FIELD_NUMBER: _ClassVar[int]
    CONSTRAINTS_FIELD_NUMBER: _ClassVar[int]
    SHOWN_PRODUCTS_FIELD_NUMBER: _ClassVar[int]
    OPEN_SLOT_FIELD_NUMBER: _ClassVar[int]
    LANGUAGE_CODE_FIELD_NUMBER: _ClassVar[int]
    OFFERED_ANSWERS_FIELD_NUMBER: _ClassVar[int]
    last_intent: str
    search_query: str
    constraints: _containers.RepeatedCompositeFieldContainer[_query_pb2.Constraint]
    shown_products: _containers.RepeatedCompositeFieldContainer[ShownProduct]
    open_slot: str
    language_code: str
    offered_answers: _containers.RepeatedCompositeFieldContainer[_answer_pb2.SuggestedAnswer]
    def __init__(self, last_intent: _Optional[str] = ..., search_query: _Optional[str] = ..., constraints: _Optional[_Iterable[_Union[_query_pb2.Constraint, _Mapping]]] = ..., shown_products: _Optional[_Iterable[_Union[ShownProduct, _Mapping]]] = ..., open_slot: _Optional[str] = ..., language_code: _Optional[str] = ..., offered_answers: _Optional[_Iterable[_Union[_answer_pb2.SuggestedAnswer, _Mapping]]] = ...) -> None: ...

class ShownProduct(_message.Message):
    __slots__ = ("product_id", "title", "brand", "price", "color", "role")
    PRODUCT_ID_FIELD_NUMBER: _ClassVar[int]
    TITLE_FIELD_NUMBER: _ClassVar[int]
    BRAND_FIELD_NUMBER: _ClassVar[int]
    PRICE_FIELD_NUMBER: _ClassVar[int]
    COLOR_FIELD_NUMBER: _ClassVar[int]
    ROLE_FIELD_NUMBER: _ClassVar[int]
    product_id: str
    title: str
    brand: str
    price: _money_pb2.Money
    color: str
    role: str
    def __init__(self, product_id: _Optional[str] = ..., title: _Optional[str] = ..., brand: _Optional[str] = ..., price: _Optional[_Union[_money_pb2.Money, _Mapping]] = ..., color: _Optional[str] = ..., role: _Optional[str] = ...) -> None: ...

class UnderstandResponse(_message.Message):
    __slots__ = ("intents", "search_query", "keywords", "constraints", "scopes", "budget", "references", "need", "ordering", "sentiment_score", "language_code", "missing_slots", "model", "query_vector", "abstained", "topic_changed", "degradations", "timings")
    INTENTS_FIELD_NUMBER: _ClassVar[int]
    SEARCH_QUERY_FIELD_NUMBER: _ClassVar[int]
    KEYWORDS_FIELD_NUMBER: _ClassVar[int]
    CONSTRAINTS_FIELD_NUMBER: _ClassVar[int]
    SCOPES_FIELD_NUMBER: _ClassVar[int]
    BUDGET_FIELD_NUMBER: _ClassVar[int]
    REFERENCES_FIELD_NUMBER: _ClassVar[int]
    NEED_FIELD_NUMBER: _ClassVar[int]
    ORDERING_FIELD_NUMBER: _ClassVar[int]
    SENTIMENT_SCORE_FIELD_NUMBER: _ClassVar[int]
    LANGUAGE_CODE_FIELD_NUMBER: _ClassVar[int]
    MISSING_SLOTS_FIELD_NUMBER: _ClassVar[int]
    MODEL_FIELD_NUMBER: _ClassVar[int]
    QUERY_VECTOR_FIELD_NUMBER: _ClassVar[int]
    ABSTAINED_FIELD_NUMBER: _ClassVar[int]
    TOPIC_CHANGED_FIELD_NUMBER: _ClassVar[int]
    DEGRADATIONS_FIELD_NUMBER: _ClassVar[int]
    TIMINGS_FIELD_NUMBER: _ClassVar[int]
    intents: _containers.RepeatedCompositeFieldContainer[IntentLabel]
    search_query: str
    keywords: _containers.RepeatedCompositeFieldContainer[Keyword]
    constraints: _containers.RepeatedCompositeFieldContainer[_query_pb2.Constraint]
    scopes: _containers.RepeatedCompositeFieldContainer[_query_pb2.Scope]
    budget: _query_pb2.Budget
    references: _containers.RepeatedCompositeFieldContainer[ProductReference]
    need: Need
    ordering: _query_pb2.Ordering
    sentiment_score: float
    language_code: str
    missing_slots: _containers.RepeatedScalarFieldContainer[str]
    model: str
    query_vector: _query_pb2.QueryVector
    abstained: bool
    topic_changed: bool
    degradations: _containers.RepeatedCompositeFieldContainer[_answer_pb2.Degradation]
    timings: _containers.RepeatedCompositeFieldContainer[_answer_pb2.StageTiming]
    def __init__(self, intents: _Optional[_Iterable[_Union[IntentLabel, _Mapping]]] = ..., search_query: _Optional[str] = ..., keywords: _Optional[_Iterable[_Union[Keyword, _Mapping]]] = ..., constraints: _Optional[_Iterable[_Union[_query_pb2.Constraint, _Mapping]]] = ..., scopes: _Optional[_Iterable[_Union[_query_pb2.Scope, _Mapping]]] = ..., budget: _Optional[_Union[_query_pb2.Budget, _Mapping]] = ..., references: _Optional[_Iterable[_Union[ProductReference, _Mapping]]] = ..., need: _Optional[_Union[Need, _Mapping]] = ..., ordering: _Optional[_Union[_query_pb2.Ordering, _Mapping]] = ..., sentiment_score: _Optional[float] = ..., language_code: _Optional[str] = ..., missing_slots: _Optional[_Iterable[str]] = ..., model: _Optional[str] = ..., query_vector: _Optional[_Union[_query_pb2.QueryVector, _Mapping]] = ..., abstained: _Optional[bool] = ..., topic_changed: _Optional[bool] = ..., degradations: _Optional[_Iterable[_Union[_answer_pb2.Degradation, _Mapping]]] = ..., timings: _Optional[_Iterable[_Union[_answer_pb2.StageTiming, _Mapping]]] = ...) -> None: ...

class IntentLabel(_message.Message):
    __slots__ = ("label", "confidence")
    LABEL_FIELD_NUMBER: _ClassVar[int]
    CONFIDENCE_FIELD_NUMBER: _ClassVar[int]
    label: str
    confidence: float
    def __init__(self, label: _Optional[str] = ..., confidence: _Optional[float] = ...) -> None: ...

class Keyword(_message.Message):
    __slots__ = ("text", "weight")
    TEXT_FIELD_NUMBER: _ClassVar[int]
    WEIGHT_FIELD_NUMBER: _ClassVar[int]
    text: str
    weight: float
    def __init__(self, text: _Optional[str] = ..., weight: _Optional[float] = ...) -> None: ...

class ProductReference(_message.Message):
    __slots__ = ("product_id", "evidence", "position")
    PRODUCT_ID_FIELD_NUMBER: _ClassVar[int]
    EVIDENCE_FIELD_NUMBER: _ClassVar[int]
    POSITION_FIELD_NUMBER: _ClassVar[int]
    product_id: str
    evidence: str
    position: int
    def __init__(self, product_id: _Optional[str] = ..., evidence: _Optional[str] = ..., position: _Optional[int] = ...) -> None: ...

class Need(_message.Message):
    __slots__ = ("recipient", "uses", "occasion", "qualities", "repeat_count")
    RECIPIENT_FIELD_NUMBER: _ClassVar[int]
    USES_FIELD_NUMBER: _ClassVar[int]
    OCCASION_FIELD_NUMBER: _ClassVar[int]
    QUALITIES_FIELD_NUMBER: _ClassVar[int]
    REPEAT_COUNT_FIELD_NUMBER: _ClassVar[int]
    recipient: str
    uses: _containers.RepeatedScalarFieldContainer[str]
    occasion: str
    qualities: _containers.RepeatedScalarFieldContainer[str]
    repeat_count: int
    def __init__(self, recipient: _Optional[str] = ..., uses: _Optional[_Iterable[str]] = ..., occasion: _Optional[str] = ..., qualities: _Optional[_Iterable[str]] = ..., repeat_count: _Optional[int] = ...) -> None: ...

class BatchUnderstandRequest(_message.Message):
    __slots__ = ("requests",)
    REQUESTS_FIELD_NUMBER: _ClassVar[int]
    requests: _containers.RepeatedCompositeFieldContainer[UnderstandRequest]
    def __init__(self, requests: _Optional[_Iterable[_Union[UnderstandRequest, _Mapping]]] = ...) -> None: ...

class BatchUnderstandResponse(_message.Message):
    __slots__ = ("responses",)
    RESPONSES_FIELD_NUMBER: _ClassVar[int]
    responses: _containers.RepeatedCompositeFieldContainer[UnderstandResponse]
    def __init__(self, responses: _Optional[_Iterable[_Union[UnderstandResponse, _Mapping]]] = ...) -> None: ...
