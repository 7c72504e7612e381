import datetime

from google.api import field_behavior_pb2 as _field_behavior_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.type import money_pb2 as _money_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Product(_message.Message):
    __slots__ = ("id", "group_id", "title", "description", "language_code", "category_path", "brand", "price", "original_price", "availability", "attributes", "rating", "uri", "image_uris", "update_time")
    class Availability(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        AVAILABILITY_UNSPECIFIED: _ClassVar[Product.Availability]
        AVAILABILITY_IN_STOCK: _ClassVar[Product.Availability]
        AVAILABILITY_OUT_OF_STOCK: _ClassVar[Product.Availability]
        AVAILABILITY_PREORDER: _ClassVar[Product.Availability]
    AVAILABILITY_UNSPECIFIED: Product.Availability
    AVAILABILITY_IN_STOCK: Product.Availability
    AVAILABILITY_OUT_OF_STOCK: Product.Availability
    AVAILABILITY_PREORDER: Product.Availability
    class AttributesEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: AttributeValues
        def __init__(self, key: _Optional[str] = ..., value: _Optional[_Union[AttributeValues, _Mapping]] = ...) -> None: ...
    ID_FIELD_NUMBER: _ClassVar[int]
    GROUP_ID_FIELD_NUMBER: _ClassVar[int]
    TITLE_FIELD_NUMBER: _ClassVar[int]
    DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
    LANGUAGE_CODE_FIELD_NUMBER: _ClassVar[int]
    CATEGORY_PATH_FIELD_NUMBER: _ClassVar[int]
    BRAND_FIELD_NUMBER: _ClassVar[int]
    PRICE_FIELD_NUMBER: _ClassVar[int]
    ORIGINAL_PRICE_FIELD_NUMBER: _ClassVar[int]
    AVAILABILITY_FIELD_NUMBER: _ClassVar[int]
    ATTRIBUTES_FIELD_NUMBER: _ClassVar[int]
    RATING_FIELD_NUMBER: _ClassVar[int]
    URI_FIELD_NUMBER: _ClassVar[int]
    IMAGE_URIS_FIELD_NUMBER: _ClassVar[int]
    UPDATE_TIME_FIELD_NUMBER: _ClassVar[int]
    id: str
    group_id: str
    title: str
    description: str
    language_code: str
    category_path: _containers.RepeatedScalarFieldContainer[str]
    brand: str
    price: _money_pb2.Money
    original_price: _money_pb2.Money
    availability: Product.Availability
    attributes: _containers.MessageMap[str, AttributeValues]
    rating: Rating
    uri: str
    image_uris: _containers.RepeatedScalarFieldContainer[str]
    update_time: _timestamp_pb2.Timestamp
    def __init__(self, id: _Optional[str] = ..., group_id: _Optional[str] = ..., title: _Optional[str] = ..., description: _Optional[str] = ..., language_code: _Optional[str] = ..., category_path: _Optional[_Iterable[str]] = ..., brand: _Optional[str] = ..., price: _Optional[_Union[_money_pb2.Money, _Mapping]] = ..., original_price: _Optional[_Union[_money_pb2.Money, _Mapping]] = ..., availability: _Optional[_Union[Product.Availability, str]] = ..., attributes: _Optional[_Mapping[str, AttributeValues]] = ..., rating: _Optional[_Union[Rating, _Mapping]] = ..., uri: _Optional[str] = ..., image_uris: _Optional[_Iterable[str]] = ..., update_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class AttributeValues(_message.Message):
    __slots__ = ("texts", "numbers", "unit")
    TEXTS_FIELD_NUMBER: _ClassVar[int]
    NUMBERS_FIELD_NUMBER: _ClassVar[int]
    UNIT_FIELD_NUMBER: _ClassVar[int]
    texts: _containers.RepeatedScalarFieldContainer[str]
    numbers: _containers.RepeatedScalarFieldContainer[float]
    unit: str
    def __init__(self, texts: _Optional[_Iterable[str]] = ..., numbers: _Optional[_Iterable[float]] = ..., unit: _Optional[str] = ...) -> None: ...

class Rating(_message.Message):
    __slots__ = ("average", "count")
    AVERAGE_FIELD_NUMBER: _ClassVar[int]
    COUNT_FIELD_NUMBER: _ClassVar[int]
    average: float
    count: int
    def __init__(self, average: _Optional[float] = ..., count: _Optional[int] = ...) -> None: ...
