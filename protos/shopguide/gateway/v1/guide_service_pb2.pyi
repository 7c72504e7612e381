from google.api import annotations_pb2 as _annotations_pb2
from google.api import field_behavior_pb2 as _field_behavior_pb2
from google.rpc import status_pb2 as _status_pb2
from google.type import money_pb2 as _money_pb2
from shopguide.type.v1 import answer_pb2 as _answer_pb2
from shopguide.type.v1 import catalog_pb2 as _catalog_pb2
from shopguide.type.v1 import query_pb2 as _query_pb2
from shopguide.type.v1 import user_event_pb2 as _user_event_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ChatRequest(_message.Message):
    __slots__ = ("catalog", "shopper", "conversation_token", "text", "selected_answer", "filter", "max_products", "labels", "image")
    class LabelsEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    CATALOG_FIELD_NUMBER: _ClassVar[int]
    SHOPPER_FIELD_NUMBER: _ClassVar[int]
    CONVERSATION_TOKEN_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    SELECTED_ANSWER_FIELD_NUMBER: _ClassVar[int]
    FILTER_FIELD_NUMBER: _ClassVar[int]
    MAX_PRODUCTS_FIELD_NUMBER: _ClassVar[int]
    LABELS_FIELD_NUMBER: _ClassVar[int]
    IMAGE_FIELD_NUMBER: _ClassVar[int]
    catalog: str
    shopper: _query_pb2.Shopper
    conversation_token: str
    text: str
    selected_answer: _answer_pb2.SuggestedAnswer
    filter: _query_pb2.Filter
    max_products: int
    labels: _containers.ScalarMap[str, str]
    image: _query_pb2.ImageQuery
    def __init__(self, catalog: _Optional[str] = ..., shopper: _Optional[_Union[_query_pb2.Shopper, _Mapping]] = ..., conversation_token: _Optional[str] = ..., text: _Optional[str] = ..., selected_answer: _Optional[_Union[_answer_pb2.SuggestedAnswer, _Mapping]] = ..., filter: _Optional[_Union[_query_pb2.Filter, _Mapping]] = ..., max_products: _Optional[int] = ..., labels: _Optional[_Mapping[str, str]] = ..., image: _Optional[_Union[_query_pb2.ImageQuery, _Mapping]] = ...) -> None: ...

class ChatResponse(_message.Message):
    __slots__ = ("turn_started", "understanding", "products", "text_delta", "citation", "follow_up", "turn_finished")
    class TurnStarted(_message.Message):
        __slots__ = ("turn_id", "turn_number")
        TURN_ID_FIELD_NUMBER: _ClassVar[int]
        TURN_NUMBER_FIELD_NUMBER: _ClassVar[int]
        turn_id: str
        turn_number: int
        def __init__(self, turn_id: _Optional[str] = ..., turn_number: _Optional[int] = ...) -> None: ...
    class Understanding(_message.Message):
        __slots__ = ("intent", "confidence", "search_query", "constraints", "language_code", "scopes", "budget", "sentiment_score")
        INTENT_FIELD_NUMBER: _ClassVar[int]
        CONFIDENCE_FIELD_NUMBER: _ClassVar[int]
        SEARCH_QUERY_FIELD_NUMBER: _ClassVar[int]
        CONSTRAINTS_FIELD_NUMBER: _ClassVar[int]
        LANGUAGE_CODE_FIELD_NUMBER: _ClassVar[int]
        SCOPES_FIELD_NUMBER: _ClassVar[int]
        BUDGET_FIELD_NUMBER: _ClassVar[int]
        SENTIMENT_SCORE_FIELD_NUMBER: _ClassVar[int]
        intent: str
        confidence: float
        search_query: str
        constraints: _containers.RepeatedCompositeFieldContainer[_query_pb2.Constraint]
        language_code: str
        scopes: _containers.RepeatedCompositeFieldContainer[_query_pb2.Scope]
        budget: _query_pb2.Budget
        sentiment_score: float
        def __init__(self, intent: _Optional[str] = ..., confidence: _Optional[float] = ..., search_query: _Optional[str] = ..., constraints: _Optional[_Iterable[_Union[_query_pb2.Constraint, _Mapping]]] = ..., language_code: _Optional[str] = ..., scopes: _Optional[_Iterable[_Union[_query_pb2.Scope, _Mapping]]] = ..., budget: _Optional[_Union[_query_pb2.Budget, _Mapping]] = ..., sentiment_score: _Optional[float] = ...) -> None: ...
    class ProductList(_message.Message):
        __slots__ = ("results", "constraint_outcomes", "matched_size", "total_price", "missing_roles")
        RESULTS_FIELD_NUMBER: _ClassVar[int]
        CONSTRAINT_OUTCOMES_FIELD_NUMBER: _ClassVar[int]
        MATCHED_SIZE_FIELD_NUMBER: _ClassVar[int]
        TOTAL_PRICE_FIELD_NUMBER: _ClassVar[int]
        MISSING_ROLES_FIELD_NUMBER: _ClassVar[int]
        results: _containers.RepeatedCompositeFieldContainer[_query_pb2.ScoredProduct]
        constraint_outcomes: _containers.RepeatedCompositeFieldContainer[_query_pb2.ConstraintOutcome]
        matched_size: int
        total_price: _money_pb2.Money
        missing_roles: _containers.RepeatedScalarFieldContainer[str]
        def __init__(self, results: _Optional[_Iterable[_Union[_query_pb2.ScoredProduct, _Mapping]]] = ..., constraint_outcomes: _Optional[_Iterable[_Union[_query_pb2.ConstraintOutcome, _Mapping]]] = ..., matched_size: _Optional[int] = ..., total_price: _Optional[_Union[_money_pb2.Money, _Mapping]] = ..., missing_roles: _Optional[_Iterable[str]] = ...) -> None: ...
    class TurnFinished(_message.Message):
        __slots__ = ("conversation_token", "attribution_token", "degradations", "input_tokens", "output_tokens", "timings", "sources", "hand_over", "model_share", "answered")
        CONVERSATION_TOKEN_FIELD_NUMBER: _ClassVar[int]
        ATTRIBUTION_TOKEN_FIELD_NUMBER: _ClassVar[int]
        DEGRADATIONS_FIELD_NUMBER: _ClassVar[int]
        INPUT_TOKENS_FIELD_NUMBER: _ClassVar[int]
        OUTPUT_TOKENS_FIELD_NUMBER: _ClassVar[int]
        TIMINGS_FIELD_NUMBER: _ClassVar[int]
        SOURCES_FIELD_NUMBER: _ClassVar[int]
        HAND_OVER_FIELD_NUMBER: _ClassVar[int]
        MODEL_SHARE_FIELD_NUMBER: _ClassVar[int]
        ANSWERED_FIELD_NUMBER: _ClassVar[int]
        conversation_token: str
        attribution_token: str
        degradations: _containers.RepeatedCompositeFieldContainer[_answer_pb2.Degradation]
        input_tokens: int
        output_tokens: int
        timings: _containers.RepeatedCompositeFieldContainer[_answer_pb2.StageTiming]
        sources: _containers.RepeatedCompositeFieldContainer[_answer_pb2.Source]
        hand_over: bool
        model_share: float
        answered: bool
        def __init__(self, conversation_token: _Optional[str] = ..., attribution_token: _Optional[str] = ..., degradations: _Optional[_Iterable[_Union[_answer_pb2.Degradation, _Mapping]]] = ..., input_tokens: _Optional[int] = ..., output_tokens: _Optional[int] = ..., timings: _Optional[_Iterable[_Union[_answer_pb2.StageTiming, _Mapping]]] = ..., sources: _Optional[_Iterable[_Union[_answer_pb2.Source, _Mapping]]] = ..., hand_over: _Optional[bool] = ..., model_share: _Optional[float] = ..., answered: _Optional[bool] = ...) -> None: ...
    TURN_STARTED_FIELD_NUMBER: _ClassVar[int]
    UNDERSTANDING_FIELD_NUMBER: _ClassVar[int]
    PRODUCTS_FIELD_NUMBER: _ClassVar[int]
    TEXT_DELTA_FIELD_NUMBER: _ClassVar[int]
    CITATION_FIELD_NUMBER: _ClassVar[int]
    FOLLOW_UP_FIELD_NUMBER: _ClassVar[int]
    TURN_FINISHED_FIELD_NUMBER: _ClassVar[int]
    turn_started: ChatResponse.TurnStarted
    understanding: ChatResponse.Understanding
    products: ChatResponse.ProductList
    text_delta: str
    citation: _answer_pb2.Citation
    follow_up: _answer_pb2.FollowUp
    turn_finished: ChatResponse.TurnFinished
    def __init__(self, turn_started: _Optional[_Union[ChatResponse.TurnStarted, _Mapping]] = ..., understanding: _Optional[_Union[ChatResponse.Understanding, _Mapping]] = ..., products: _Optional[_Union[ChatResponse.ProductList, _Mapping]] = ..., text_delta: _Optional[str] = ..., citation: _Optional[_Union[_answer_pb2.Citation, _Mapping]] = ..., follow_up: _Optional[_Union[_answer_pb2.FollowUp, _Mapping]] = ..., turn_finished: _Optional[_Union[ChatResponse.TurnFinished, _Mapping]] = ...) -> None: ...

class SearchRequest(_message.Message):
    __slots__ = ("catalog", "shopper", "query", "filter", "page_size", "page_token", "view", "image")
    CATALOG_FIELD_NUMBER: _ClassVar[int]
    SHOPPER_FIELD_NUMBER: _ClassVar[int]
    QUERY_FIELD_NUMBER: _ClassVar[int]
    FILTER_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    VIEW_FIELD_NUMBER: _ClassVar[int]
    IMAGE_FIELD_NUMBER: _ClassVar[int]
    catalog: str
    shopper: _query_pb2.Shopper
    query: str
    filter: _query_pb2.Filter
    page_size: int
    page_token: str
    view: _query_pb2.ProductView
    image: _query_pb2.ImageQuery
    def __init__(self, catalog: _Optional[str] = ..., shopper: _Optional[_Union[_query_pb2.Shopper, _Mapping]] = ..., query: _Optional[str] = ..., filter: _Optional[_Union[_query_pb2.Filter, _Mapping]] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ..., view: _Optional[_Union[_query_pb2.ProductView, str]] = ..., image: _Optional[_Union[_query_pb2.ImageQuery, _Mapping]] = ...) -> None: ...

class SearchResponse(_message.Message):
    __slots__ = ("results", "next_page_token", "total_size", "matched_size", "understanding", "constraint_outcomes", "attribution_token", "degradations", "timings")
    RESULTS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    TOTAL_SIZE_FIELD_NUMBER: _ClassVar[int]
    MATCHED_SIZE_FIELD_NUMBER: _ClassVar[int]
    UNDERSTANDING_FIELD_NUMBER: _ClassVar[int]
    CONSTRAINT_OUTCOMES_FIELD_NUMBER: _ClassVar[int]
    ATTRIBUTION_TOKEN_FIELD_NUMBER: _ClassVar[int]
    DEGRADATIONS_FIELD_NUMBER: _ClassVar[int]
    TIMINGS_FIELD_NUMBER: _ClassVar[int]
    results: _containers.RepeatedCompositeFieldContainer[_query_pb2.ScoredProduct]
    next_page_token: str
    total_size: int
    matched_size: int
    understanding: ChatResponse.Understanding
    constraint_outcomes: _containers.RepeatedCompositeFieldContainer[_query_pb2.ConstraintOutcome]
    attribution_token: str
    degradations: _containers.RepeatedCompositeFieldContainer[_answer_pb2.Degradation]
    timings: _containers.RepeatedCompositeFieldContainer[_answer_pb2.StageTiming]
    def __init__(self, results: _Optional[_Iterable[_Union[_query_pb2.ScoredProduct, _Mapping]]] = ..., next_page_token: _Optional[str] = ..., total_size: _Optional[int] = ..., matched_size: _Optional[int] = ..., understanding: _Optional[_Union[ChatResponse.Understanding, _Mapping]] = ..., constraint_outcomes: _Optional[_Iterable[_Union[_query_pb2.ConstraintOutcome, _Mapping]]] = ..., attribution_token: _Optional[str] = ..., degradations: _Optional[_Iterable[_Union[_answer_pb2.Degradation, _Mapping]]] = ..., timings: _Optional[_Iterable[_Union[_answer_pb2.StageTiming, _Mapping]]] = ...) -> None: ...

class DescribeCatalogRequest(_message.Message):
    __slots__ = ("catalog", "filter")
    CATALOG_FIELD_NUMBER: _ClassVar[int]
    FILTER_FIELD_NUMBER: _ClassVar[int]
    catalog: str
    filter: _query_pb2.Filter
    def __init__(self, catalog: _Optional[str] = ..., filter: _Optional[_Union[_query_pb2.Filter, _Mapping]] = ...) -> None: ...

class DescribeCatalogResponse(_message.Message):
    __slots__ = ("description",)
    DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
    description: _catalog_pb2.CatalogDescription
    def __init__(self, description: _Optional[_Union[_catalog_pb2.CatalogDescription, _Mapping]] = ...) -> None: ...

class RecommendRequest(_message.Message):
    __slots__ = ("catalog", "shopper", "placement", "context_product_ids", "filter", "page_size")
    CATALOG_FIELD_NUMBER: _ClassVar[int]
    SHOPPER_FIELD_NUMBER: _ClassVar[int]
    PLACEMENT_FIELD_NUMBER: _ClassVar[int]
    CONTEXT_PRODUCT_IDS_FIELD_NUMBER: _ClassVar[int]
    FILTER_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    catalog: str
    shopper: _query_pb2.Shopper
    placement: str
    context_product_ids: _containers.RepeatedScalarFieldContainer[str]
    filter: _query_pb2.Filter
    page_size: int
    def __init__(self, catalog: _Optional[str] = ..., shopper: _Optional[_Union[_query_pb2.Shopper, _Mapping]] = ..., placement: _Optional[str] = ..., context_product_ids: _Optional[_Iterable[str]] = ..., filter: _Optional[_Union[_query_pb2.Filter, _Mapping]] = ..., page_size: _Optional[int] = ...) -> None: ...

class RecommendResponse(_message.Message):
    __slots__ = ("results", "attribution_token", "degradations")
    RESULTS_FIELD_NUMBER: _ClassVar[int]
    ATTRIBUTION_TOKEN_FIELD_NUMBER: _ClassVar[int]
    DEGRADATIONS_FIELD_NUMBER: _ClassVar[int]
    results: _containers.RepeatedCompositeFieldContainer[_query_pb2.ScoredProduct]
    attribution_token: str
    degradations: _containers.RepeatedCompositeFieldContainer[_answer_pb2.Degradation]
    def __init__(self, results: _Optional[_Iterable[_Union[_query_pb2.ScoredProduct, _Mapping]]] = ..., attribution_token: _Optional[str] = ..., degradations: _Optional[_Iterable[_Union[_answer_pb2.Degradation, _Mapping]]] = ...) -> None: ...

class AskRequest(_message.Message):
    __slots__ = ("catalog", "shopper", "question", "product_ids")
    CATALOG_FIELD_NUMBER: _ClassVar[int]
    SHOPPER_FIELD_NUMBER: _ClassVar[int]
    QUESTION_FIELD_NUMBER: _ClassVar[int]
    PRODUCT_IDS_FIELD_NUMBER: _ClassVar[int]
    catalog: str
    shopper: _query_pb2.Shopper
    question: str
    product_ids: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, catalog: _Optional[str] = ..., shopper: _Optional[_Union[_query_pb2.Shopper, _Mapping]] = ..., question: _Optional[str] = ..., product_ids: _Optional[_Iterable[str]] = ...) -> None: ...

class AskResponse(_message.Message):
    __slots__ = ("answer", "citations", "answered", "attribution_token", "degradations")
    ANSWER_FIELD_NUMBER: _ClassVar[int]
    CITATIONS_FIELD_NUMBER: _ClassVar[int]
    ANSWERED_FIELD_NUMBER: _ClassVar[int]
    ATTRIBUTION_TOKEN_FIELD_NUMBER: _ClassVar[int]
    DEGRADATIONS_FIELD_NUMBER: _ClassVar[int]
    answer: str
    citations: _containers.RepeatedCompositeFieldContainer[_answer_pb2.Citation]
    answered: bool
    attribution_token: str
    degradations: _containers.RepeatedCompositeFieldContainer[_answer_pb2.Degradation]
    def __init__(self, answer: _Optional[str] = ..., citations: _Optional[_Iterable[_Union[_answer_pb2.Citation, _Mapping]]] = ..., answered: _Optional[bool] = ..., attribution_token: _Optional[str] = ..., degradations: _Optional[_Iterable[_Union[_answer_pb2.Degradation, _Mapping]]] = ...) -> None: ...

class RecordEventsRequest(_message.Message):
    __slots__ = ("catalog", "events")
    CATALOG_FIELD_NUMBER: _ClassVar[int]
    EVENTS_FIELD_NUMBER: _ClassVar[int]
    catalog: str
    events: _containers.RepeatedCompositeFieldContainer[_user_event_pb2.UserEvent]
    def __init__(self, catalog: _Optional[str] = ..., events: _Optional[_Iterable[_Union[_user_event_pb2.UserEvent, _Mapping]]] = ...) -> None: ...

class RecordEventsResponse(_message.Message):
    __slots__ = ("written_count", "duplicate_count", "failures", "unknown_product_ids")
    class Failure(_message.Message):
        __slots__ = ("event_id", "status")
        EVENT_ID_FIELD_NUMBER: _ClassVar[int]
        STATUS_FIELD_NUMBER: _ClassVar[int]
        event_id: str
        status: _status_pb2.Status
        def __init__(self, event_id: _Optional[str] = ..., status: _Optional[_Union[_status_pb2.Status, _Mapping]] = ...) -> None: ...
    WRITTEN_COUNT_FIELD_NUMBER: _ClassVar[int]
    DUPLICATE_COUNT_FIELD_NUMBER: _ClassVar[int]
    FAILURES_FIELD_NUMBER: _ClassVar[int]
    UNKNOWN_PRODUCT_IDS_FIELD_NUMBER: _ClassVar[int]
    written_count: int
    duplicate_count: int
    failures: _containers.RepeatedCompositeFieldContainer[RecordEventsResponse.Failure]
    unknown_product_ids: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, written_count: _Optional[int] = ..., duplicate_count: _Optional[int] = ..., failures: _Optional[_Iterable[_Union[RecordEventsResponse.Failure, _Mapping]]] = ..., unknown_product_ids: _Optional[_Iterable[str]] = ...) -> None: ...

class RecordFeedbackRequest(_message.Message):
    __slots__ = ("catalog", "turn_id", "verdict", "comment", "shopper")
    class Verdict(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        VERDICT_UNSPECIFIED: _ClassVar[RecordFeedbackRequest.Verdict]
        VERDICT_HELPFUL: _ClassVar[RecordFeedbackRequest.Verdict]
        VERDICT_NOT_HELPFUL: _ClassVar[RecordFeedbackRequest.Verdict]
        VERDICT_WRONG: _ClassVar[RecordFeedbackRequest.Verdict]
    VERDICT_UNSPECIFIED: RecordFeedbackRequest.Verdict
    VERDICT_HELPFUL: RecordFeedbackRequest.Verdict
    VERDICT_NOT_HELPFUL: RecordFeedbackRequest.Verdict
    VERDICT_WRONG: RecordFeedbackRequest.Verdict
    CATALOG_FIELD_NUMBER: _ClassVar[int]
    TURN_ID_FIELD_NUMBER: _ClassVar[int]
    VERDICT_FIELD_NUMBER: _ClassVar[int]
    COMMENT_FIELD_NUMBER: _ClassVar[int]
    SHOPPER_FIELD_NUMBER: _ClassVar[int]
    catalog: str
    turn_id: str
    verdict: RecordFeedbackRequest.Verdict
    comment: str
    shopper: _query_pb2.Shopper
    def __init__(self, catalog: _Optional[str] = ..., turn_id: _Optional[str] = ..., verdict: _Optional[_Union[RecordFeedbackRequest.Verdict, str]] = ..., comment: _Optional[str] = ..., shopper: _Optional[_Union[_query_pb2.Shopper, _Mapping]] = ...) -> None: ...

class RecordFeedbackResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class ExportShopperRequest(_message.Message):
    __slots__ = ("catalog", "visitor_id", "user_id")
    CATALOG_FIELD_NUMBER: _ClassVar[int]
    VISITOR_ID_FIELD_NUMBER: _ClassVar[int]
    USER_ID_FIELD_NUMBER: _ClassVar[int]
    catalog: str
    visitor_id: str
    user_id: str
    def __init__(self, catalog: _Optional[str] = ..., visitor_id: _Optional[str] = ..., user_id: _Optional[str] = ...) -> None: ...

class ExportShopperResponse(_message.Message):
    __slots__ = ("events", "profile_json")
    EVENTS_FIELD_NUMBER: _ClassVar[int]
    PROFILE_JSON_FIELD_NUMBER: _ClassVar[int]
    events: _containers.RepeatedCompositeFieldContainer[_user_event_pb2.UserEvent]
    profile_json: str
    def __init__(self, events: _Optional[_Iterable[_Union[_user_event_pb2.UserEvent, _Mapping]]] = ..., profile_json: _Optional[str] = ...) -> None: ...

class EraseShopperRequest(_message.Message):
    __slots__ = ("catalog", "visitor_id", "user_id")
    CATALOG_FIELD_NUMBER: _ClassVar[int]
    VISITOR_ID_FIELD_NUMBER: _ClassVar[int]
    USER_ID_FIELD_NUMBER: _ClassVar[int]
    catalog: str
    visitor_id: str
    user_id: str
    def __init__(self, catalog: _Optional[str] = ..., visitor_id: _Optional[str] = ..., user_id: _Optional[str] = ...) -> None: ...

class EraseShopperResponse(_message.Message):
    __slots__ = ("deleted_event_count",)
    DELETED_EVENT_COUNT_FIELD_NUMBER: _ClassVar[int]
    deleted_event_count: int
    def __init__(self, deleted_event_count: _Optional[int] = ...) -> None: ...
