import datetime

from google.api import field_behavior_pb2 as _field_behavior_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.type import money_pb2 as _money_pb2
from shopguide.type.v1 import query_pb2 as _query_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class UserEvent(_message.Message):
    __slots__ = ("event_id", "type", "shopper", "event_time", "lines", "query", "attribution_token", "feedback")
    class Type(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        TYPE_UNSPECIFIED: _ClassVar[UserEvent.Type]
        TYPE_VIEW: _ClassVar[UserEvent.Type]
        TYPE_CLICK: _ClassVar[UserEvent.Type]
        TYPE_ADD_TO_CART: _ClassVar[UserEvent.Type]
        TYPE_REMOVE_FROM_CART: _ClassVar[UserEvent.Type]
        TYPE_PURCHASE: _ClassVar[UserEvent.Type]
        TYPE_SEARCH: _ClassVar[UserEvent.Type]
        TYPE_FEEDBACK: _ClassVar[UserEvent.Type]
    TYPE_UNSPECIFIED: UserEvent.Type
    TYPE_VIEW: UserEvent.Type
    TYPE_CLICK: UserEvent.Type
    TYPE_ADD_TO_CART: UserEvent.Type
    TYPE_REMOVE_FROM_CART: UserEvent.Type
    TYPE_PURCHASE: UserEvent.Type
    TYPE_SEARCH: UserEvent.Type
    TYPE_FEEDBACK: UserEvent.Type
    class Feedback(_message.Message):
        __slots__ = ("turn_id", "verdict", "comment")
        class Verdict(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
            __slots__ = ()
            VERDICT_UNSPECIFIED: _ClassVar[UserEvent.Feedback.Verdict]
            VERDICT_HELPFUL: _ClassVar[UserEvent.Feedback.Verdict]
            VERDICT_NOT_HELPFUL: _ClassVar[UserEvent.Feedback.Verdict]
            VERDICT_WRONG: _ClassVar[UserEvent.Feedback.Verdict]
        VERDICT_UNSPECIFIED: UserEvent.Feedback.Verdict
        VERDICT_HELPFUL: UserEvent.Feedback.Verdict
        VERDICT_NOT_HELPFUL: UserEvent.Feedback.Verdict
        VERDICT_WRONG: UserEvent.Feedback.Verdict
        TURN_ID_FIELD_NUMBER: _ClassVar[int]
        VERDICT_FIELD_NUMBER: _ClassVar[int]
        COMMENT_FIELD_NUMBER: _ClassVar[int]
        turn_id: str
        verdict: UserEvent.Feedback.Verdict
        comment: str
        def __init__(self, turn_id: _Optional[str] = ..., verdict: _Optional[_Union[UserEvent.Feedback.Verdict, str]] = ..., comment: _Optional[str] = ...) -> None: ...
    class Line(_message.Message):
        __slots__ = ("product_id", "quantity", "unit_price")
        PRODUCT_ID_FIELD_NUMBER: _ClassVar[int]
        QUANTITY_FIELD_NUMBER: _ClassVar[int]
        UNIT_PRICE_FIELD_NUMBER: _ClassVar[int]
        product_id: str
        quantity: int
        unit_price: _money_pb2.Money
        def __init__(self, product_id: _Optional[str] = ..., quantity: _Optional[int] = ..., unit_price: _Optional[_Union[_money_pb2.Money, _Mapping]] = ...) -> None: ...
    EVENT_ID_FIELD_NUMBER: _ClassVar[int]
    TYPE_FIELD_NUMBER: _ClassVar[int]
    SHOPPER_FIELD_NUMBER: _ClassVar[int]
    EVENT_TIME_FIELD_NUMBER: _ClassVar[int]
    LINES_FIELD_NUMBER: _ClassVar[int]
    QUERY_FIELD_NUMBER: _ClassVar[int]
    ATTRIBUTION_TOKEN_FIELD_NUMBER: _ClassVar[int]
    FEEDBACK_FIELD_NUMBER: _ClassVar[int]
    event_id: str
    type: UserEvent.Type
    shopper: _query_pb2.Shopper
    event_time: _timestamp_pb2.Timestamp
    lines: _containers.RepeatedCompositeFieldContainer[UserEvent.Line]
    query: str
    attribution_token: str
    feedback: UserEvent.Feedback
    def __init__(self, event_id: _Optional[str] = ..., type: _Optional[_Union[UserEvent.Type, str]] = ..., shopper: _Optional[_Union[_query_pb2.Shopper, _Mapping]] = ..., event_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., lines: _Optional[_Iterable[_Union[UserEvent.Line, _Mapping]]] = ..., query: _Optional[str] = ..., attribution_token: _Optional[str] = ..., feedback: _Optional[_Union[UserEvent.Feedback, _Mapping]] = ...) -> None: ...
