from google.api import field_behavior_pb2 as _field_behavior_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class AttributeSpec(_message.Message):
    __slots__ = ("key", "kind", "unit", "labels", "higher_is_better", "value_aliases", "unit_labels")
    class Kind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        KIND_UNSPECIFIED: _ClassVar[AttributeSpec.Kind]
        KIND_TEXT: _ClassVar[AttributeSpec.Kind]
        KIND_NUMBER: _ClassVar[AttributeSpec.Kind]
        KIND_BOOLEAN: _ClassVar[AttributeSpec.Kind]
    KIND_UNSPECIFIED: AttributeSpec.Kind
    KIND_TEXT: AttributeSpec.Kind
    KIND_NUMBER: AttributeSpec.Kind
    KIND_BOOLEAN: AttributeSpec.Kind
    KEY_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    UNIT_FIELD_NUMBER: _ClassVar[int]
    LABELS_FIELD_NUMBER: _ClassVar[int]
    HIGHER_IS_BETTER_FIELD_NUMBER: _ClassVar[int]
    VALUE_ALIASES_FIELD_NUMBER: _ClassVar[int]
    UNIT_LABELS_FIELD_NUMBER: _ClassVar[int]
    key: str
    kind: AttributeSpec.Kind
    unit: str
    labels: _containers.RepeatedCompositeFieldContainer[Labels]
    higher_is_better: bool
    value_aliases: _containers.RepeatedCompositeFieldContainer[ValueAlias]
    unit_labels: _containers.RepeatedCompositeFieldContainer[Labels]
    def __init__(self, key: _Optional[str] = ..., kind: _Optional[_Union[AttributeSpec.Kind, str]] = ..., unit: _Optional[str] = ..., labels: _Optional[_Iterable[_Union[Labels, _Mapping]]] = ..., higher_is_better: _Optional[bool] = ..., value_aliases: _Optional[_Iterable[_Union[ValueAlias, _Mapping]]] = ..., unit_labels: _Optional[_Iterable[_Union[Labels, _Mapping]]] = ...) -> None: ...

class Labels(_message.Message):
    __slots__ = ("language_code", "names")
    LANGUAGE_CODE_FIELD_NUMBER: _ClassVar[int]
    NAMES_FIELD_NUMBER: _ClassVar[int]
    language_code: str
    names: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, language_code: _Optional[str] = ..., names: _Optional[_Iterable[str]] = ...) -> None: ...

class ValueAlias(_message.Message):
    __slots__ = ("alias", "values")
    ALIAS_FIELD_NUMBER: _ClassVar[int]
    VALUES_FIELD_NUMBER: _ClassVar[int]
    alias: str
    values: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, alias: _Optional[str] = ..., values: _Optional[_Iterable[str]] = ...) -> None: ...

class CategorySpec(_message.Message):
    __slots__ = ("id", "labels")
    ID_FIELD_NUMBER: _ClassVar[int]
    LABELS_FIELD_NUMBER: _ClassVar[int]
    id: str
    labels: _containers.RepeatedCompositeFieldContainer[Labels]
    def __init__(self, id: _Optional[str] = ..., labels: _Optional[_Iterable[_Union[Labels, _Mapping]]] = ...) -> None: ...

class CatalogDescription(_message.Message):
    __slots__ = ("catalog", "revision", "product_count", "prices", "brands", "categories", "attributes", "encoder_fingerprint", "languages", "faq_count", "review_count")
    CATALOG_FIELD_NUMBER: _ClassVar[int]
    REVISION_FIELD_NUMBER: _ClassVar[int]
    PRODUCT_COUNT_FIELD_NUMBER: _ClassVar[int]
    PRICES_FIELD_NUMBER: _ClassVar[int]
    BRANDS_FIELD_NUMBER: _ClassVar[int]
    CATEGORIES_FIELD_NUMBER: _ClassVar[int]
    ATTRIBUTES_FIELD_NUMBER: _ClassVar[int]
    ENCODER_FINGERPRINT_FIELD_NUMBER: _ClassVar[int]
    LANGUAGES_FIELD_NUMBER: _ClassVar[int]
    FAQ_COUNT_FIELD_NUMBER: _ClassVar[int]
    REVIEW_COUNT_FIELD_NUMBER: _ClassVar[int]
    catalog: str
    revision: str
    product_count: int
    prices: _containers.RepeatedCompositeFieldContainer[PriceRange]
    brands: _containers.RepeatedCompositeFieldContainer[ValueCount]
    categories: _containers.RepeatedCompositeFieldContainer[CategorySummary]
    attributes: _containers.RepeatedCompositeFieldContainer[AttributeSummary]
    encoder_fingerprint: str
    languages: _containers.RepeatedCompositeFieldContainer[ValueCount]
    faq_count: int
    review_count: int
    def __init__(self, catalog: _Optional[str] = ..., revision: _Optional[str] = ..., product_count: _Optional[int] = ..., prices: _Optional[_Iterable[_Union[PriceRange, _Mapping]]] = ..., brands: _Optional[_Iterable[_Union[ValueCount, _Mapping]]] = ..., categories: _Optional[_Iterable[_Union[CategorySummary, _Mapping]]] = ..., attributes: _Optional[_Iterable[_Union[AttributeSummary, _Mapping]]] = ..., encoder_fingerprint: _Optional[str] = ..., languages: _Optional[_Iterable[_Union[ValueCount, _Mapping]]] = ..., faq_count: _Optional[int] = ..., review_count: _Optional[int] = ...) -> None: ...

class PriceRange(_message.Message):
    __slots__ = ("currency_code", "minimum", "maximum", "count")
    CURRENCY_CODE_FIELD_NUMBER: _ClassVar[int]
    MINIMUM_FIELD_NUMBER: _ClassVar[int]
    MAXIMUM_FIELD_NUMBER: _ClassVar[int]
    COUNT_FIELD_NUMBER: _ClassVar[int]
    currency_code: str
    minimum: float
    maximum: float
    count: int
    def __init__(self, currency_code: _Optional[str] = ..., minimum: _Optional[float] = ..., maximum: _Optional[float] = ..., count: _Optional[int] = ...) -> None: ...

class ValueCount(_message.Message):
    __slots__ = ("value", "count")
    VALUE_FIELD_NUMBER: _ClassVar[int]
    COUNT_FIELD_NUMBER: _ClassVar[int]
    value: str
    count: int
    def __init__(self, value: _Optional[str] = ..., count: _Optional[int] = ...) -> None: ...

class CategorySummary(_message.Message):
    __slots__ = ("name", "count", "spec", "attribute_coverage")
    class AttributeCoverageEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: float
        def __init__(self, key: _Optional[str] = ..., value: _Optional[float] = ...) -> None: ...
    NAME_FIELD_NUMBER: _ClassVar[int]
    COUNT_FIELD_NUMBER: _ClassVar[int]
    SPEC_FIELD_NUMBER: _ClassVar[int]
    ATTRIBUTE_COVERAGE_FIELD_NUMBER: _ClassVar[int]
    name: str
    count: int
    spec: CategorySpec
    attribute_coverage: _containers.ScalarMap[str, float]
    def __init__(self, name: _Optional[str] = ..., count: _Optional[int] = ..., spec: _Optional[_Union[CategorySpec, _Mapping]] = ..., attribute_coverage: _Optional[_Mapping[str, float]] = ...) -> None: ...

class AttributeSummary(_message.Message):
    __slots__ = ("spec", "count", "minimum", "maximum", "values")
    SPEC_FIELD_NUMBER: _ClassVar[int]
    COUNT_FIELD_NUMBER: _ClassVar[int]
    MINIMUM_FIELD_NUMBER: _ClassVar[int]
    MAXIMUM_FIELD_NUMBER: _ClassVar[int]
    VALUES_FIELD_NUMBER: _ClassVar[int]
    spec: AttributeSpec
    count: int
    minimum: float
    maximum: float
    values: _containers.RepeatedCompositeFieldContainer[ValueCount]
    def __init__(self, spec: _Optional[_Union[AttributeSpec, _Mapping]] = ..., count: _Optional[int] = ..., minimum: _Optional[float] = ..., maximum: _Optional[float] = ..., values: _Optional[_Iterable[_Union[ValueCount, _Mapping]]] = ...) -> None: ...
