from google.api import field_behavior_pb2 as _field_behavior_pb2
from google.rpc import status_pb2 as _status_pb2
from google.type import money_pb2 as _money_pb2
from shopguide.retrieval.v1 import retrieval_service_pb2 as _retrieval_service_pb2
from shopguide.type.v1 import catalog_pb2 as _catalog_pb2
from shopguide.type.v1 import product_pb2 as _product_pb2
from shopguide.type.v1 import user_event_pb2 as _user_event_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ItemFailure(_message.Message):
    __slots__ = ("id", "status", "index")
    ID_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    INDEX_FIELD_NUMBER: _ClassVar[int]
    id: str
    status: _status_pb2.Status
    index: int
    def __init__(self, id: _Optional[str] = ..., status: _Optional[_Union[_status_pb2.Status, _Mapping]] = ..., index: _Optional[int] = ...) -> None: ...

class UpsertProductsRequest(_message.Message):
    __slots__ = ("catalog", "products")
    CATALOG_FIELD_NUMBER: _ClassVar[int]
    PRODUCTS_FIELD_NUMBER: _ClassVar[int]
    catalog: str
    products: _containers.RepeatedCompositeFieldContainer[_product_pb2.Product]
    def __init__(self, catalog: _Optional[str] = ..., products: _Optional[_Iterable[_Union[_product_pb2.Product, _Mapping]]] = ...) -> None: ...

class UpsertProductsResponse(_message.Message):
    __slots__ = ("upserted_count", "unchanged_count", "failures", "failed_count")
    UPSERTED_COUNT_FIELD_NUMBER: _ClassVar[int]
    UNCHANGED_COUNT_FIELD_NUMBER: _ClassVar[int]
    FAILURES_FIELD_NUMBER: _ClassVar[int]
    FAILED_COUNT_FIELD_NUMBER: _ClassVar[int]
    upserted_count: int
    unchanged_count: int
    failures: _containers.RepeatedCompositeFieldContainer[ItemFailure]
    failed_count: int
    def __init__(self, upserted_count: _Optional[int] = ..., unchanged_count: _Optional[int] = ..., failures: _Optional[_Iterable[_Union[ItemFailure, _Mapping]]] = ..., failed_count: _Optional[int] = ...) -> None: ...

class Offer(_message.Message):
    __slots__ = ("product_id", "price", "original_price", "availability")
    PRODUCT_ID_FIELD_NUMBER: _ClassVar[int]
    PRICE_FIELD_NUMBER: _ClassVar[int]
    ORIGINAL_PRICE_FIELD_NUMBER: _ClassVar[int]
    AVAILABILITY_FIELD_NUMBER: _ClassVar[int]
    product_id: str
    price: _money_pb2.Money
    original_price: _money_pb2.Money
    availability: _product_pb2.Product.Availability
    def __init__(self, product_id: _Optional[str] = ..., price: _Optional[_Union[_money_pb2.Money, _Mapping]] = ..., original_price: _Optional[_Union[_money_pb2.Money, _Mapping]] = ..., availability: _Optional[_Union[_product_pb2.Product.Availability, str]] = ...) -> None: ...

class UpdateOffersRequest(_message.Message):
    __slots__ = ("catalog", "offers")
    CATALOG_FIELD_NUMBER: _ClassVar[int]
    OFFERS_FIELD_NUMBER: _ClassVar[int]
    catalog: str
    offers: _containers.RepeatedCompositeFieldContainer[Offer]
    def __init__(self, catalog: _Optional[str] = ..., offers: _Optional[_Iterable[_Union[Offer, _Mapping]]] = ...) -> None: ...

class UpdateOffersResponse(_message.Message):
    __slots__ = ("updated_count", "missing_ids", "failures")
    UPDATED_COUNT_FIELD_NUMBER: _ClassVar[int]
    MISSING_IDS_FIELD_NUMBER: _ClassVar[int]
    FAILURES_FIELD_NUMBER: _ClassVar[int]
    updated_count: int
    missing_ids: _containers.RepeatedScalarFieldContainer[str]
    failures: _containers.RepeatedCompositeFieldContainer[ItemFailure]
    def __init__(self, updated_count: _Optional[int] = ..., missing_ids: _Optional[_Iterable[str]] = ..., failures: _Optional[_Iterable[_Union[ItemFailure, _Mapping]]] = ...) -> None: ...

class DeleteProductsRequest(_message.Message):
    __slots__ = ("catalog", "product_ids")
    CATALOG_FIELD_NUMBER: _ClassVar[int]
    PRODUCT_IDS_FIELD_NUMBER: _ClassVar[int]
    catalog: str
    product_ids: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, catalog: _Optional[str] = ..., product_ids: _Optional[_Iterable[str]] = ...) -> None: ...

class DeleteProductsResponse(_message.Message):
    __slots__ = ("deleted_count", "missing_count")
    DELETED_COUNT_FIELD_NUMBER: _ClassVar[int]
    MISSING_COUNT_FIELD_NUMBER: _ClassVar[int]
    deleted_count: int
    missing_count: int
    def __init__(self, deleted_count: _Optional[int] = ..., missing_count: _Optional[int] = ...) -> None: ...

class UpdateCatalogSpecsRequest(_message.Message):
    __slots__ = ("catalog", "attributes", "categories")
    CATALOG_FIELD_NUMBER: _ClassVar[int]
    ATTRIBUTES_FIELD_NUMBER: _ClassVar[int]
    CATEGORIES_FIELD_NUMBER: _ClassVar[int]
    catalog: str
    attributes: _containers.RepeatedCompositeFieldContainer[_catalog_pb2.AttributeSpec]
    categories: _containers.RepeatedCompositeFieldContainer[_catalog_pb2.CategorySpec]
    def __init__(self, catalog: _Optional[str] = ..., attributes: _Optional[_Iterable[_Union[_catalog_pb2.AttributeSpec, _Mapping]]] = ..., categories: _Optional[_Iterable[_Union[_catalog_pb2.CategorySpec, _Mapping]]] = ...) -> None: ...

class UpdateCatalogSpecsResponse(_message.Message):
    __slots__ = ("revision",)
    REVISION_FIELD_NUMBER: _ClassVar[int]
    revision: str
    def __init__(self, revision: _Optional[str] = ...) -> None: ...

class DeleteCatalogRequest(_message.Message):
    __slots__ = ("catalog",)
    CATALOG_FIELD_NUMBER: _ClassVar[int]
    catalog: str
    def __init__(self, catalog: _Optional[str] = ...) -> None: ...

class DeleteCatalogResponse(_message.Message):
    __slots__ = ("deleted_product_count",)
    DELETED_PRODUCT_COUNT_FIELD_NUMBER: _ClassVar[int]
    deleted_product_count: int
    def __init__(self, deleted_product_count: _Optional[int] = ...) -> None: ...

class ListCatalogsRequest(_message.Message):
    __slots__ = ("page_size", "page_token")
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    page_size: int
    page_token: str
    def __init__(self, page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListCatalogsResponse(_message.Message):
    __slots__ = ("catalogs", "next_page_token")
    class Catalog(_message.Message):
        __slots__ = ("name", "product_count", "encoder_fingerprint")
        NAME_FIELD_NUMBER: _ClassVar[int]
        PRODUCT_COUNT_FIELD_NUMBER: _ClassVar[int]
        ENCODER_FINGERPRINT_FIELD_NUMBER: _ClassVar[int]
        name: str
        product_count: int
        encoder_fingerprint: str
        def __init__(self, name: _Optional[str] = ..., product_count: _Optional[int] = ..., encoder_fingerprint: _Optional[str] = ...) -> None: ...
    CATALOGS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    catalogs: _containers.RepeatedCompositeFieldContainer[ListCatalogsResponse.Catalog]
    next_page_token: str
    def __init__(self, catalogs: _Optional[_Iterable[_Union[ListCatalogsResponse.Catalog, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class ImportReviewsRequest(_message.Message):
    __slots__ = ("catalog", "reviews")
    CATALOG_FIELD_NUMBER: _ClassVar[int]
    REVIEWS_FIELD_NUMBER: _ClassVar[int]
    catalog: str
    reviews: _containers.RepeatedCompositeFieldContainer[_retrieval_service_pb2.Review]
    def __init__(self, catalog: _Optional[str] = ..., reviews: _Optional[_Iterable[_Union[_retrieval_service_pb2.Review, _Mapping]]] = ...) -> None: ...

class ImportReviewsResponse(_message.Message):
    __slots__ = ("imported_count", "failures", "failed_count")
    IMPORTED_COUNT_FIELD_NUMBER: _ClassVar[int]
    FAILURES_FIELD_NUMBER: _ClassVar[int]
    FAILED_COUNT_FIELD_NUMBER: _ClassVar[int]
    imported_count: int
    failures: _containers.RepeatedCompositeFieldContainer[ItemFailure]
    failed_count: int
    def __init__(self, imported_count: _Optional[int] = ..., failures: _Optional[_Iterable[_Union[ItemFailure, _Mapping]]] = ..., failed_count: _Optional[int] = ...) -> None: ...

class ImportFaqRequest(_message.Message):
    __slots__ = ("catalog", "entries")
    CATALOG_FIELD_NUMBER: _ClassVar[int]
    ENTRIES_FIELD_NUMBER: _ClassVar[int]
    catalog: str
    entries: _containers.RepeatedCompositeFieldContainer[_retrieval_service_pb2.FaqEntry]
    def __init__(self, catalog: _Optional[str] = ..., entries: _Optional[_Iterable[_Union[_retrieval_service_pb2.FaqEntry, _Mapping]]] = ...) -> None: ...

class ImportFaqResponse(_message.Message):
    __slots__ = ("imported_count", "failures", "failed_count")
    IMPORTED_COUNT_FIELD_NUMBER: _ClassVar[int]
    FAILURES_FIELD_NUMBER: _ClassVar[int]
    FAILED_COUNT_FIELD_NUMBER: _ClassVar[int]
    imported_count: int
    failures: _containers.RepeatedCompositeFieldContainer[ItemFailure]
    failed_count: int
    def __init__(self, imported_count: _Optional[int] = ..., failures: _Optional[_Iterable[_Union[ItemFailure, _Mapping]]] = ..., failed_count: _Optional[int] = ...) -> None: ...

class WriteEventsRequest(_message.Message):
    __slots__ = ("catalog", "events")
    CATALOG_FIELD_NUMBER: _ClassVar[int]
    EVENTS_FIELD_NUMBER: _ClassVar[int]
    catalog: str
    events: _containers.RepeatedCompositeFieldContainer[_user_event_pb2.UserEvent]
    def __init__(self, catalog: _Optional[str] = ..., events: _Optional[_Iterable[_Union[_user_event_pb2.UserEvent, _Mapping]]] = ...) -> None: ...

class WriteEventsResponse(_message.Message):
    __slots__ = ("written_count", "failures", "duplicate_count", "unknown_product_ids")
    WRITTEN_COUNT_FIELD_NUMBER: _ClassVar[int]
    FAILURES_FIELD_NUMBER: _ClassVar[int]
    DUPLICATE_COUNT_FIELD_NUMBER: _ClassVar[int]
    UNKNOWN_PRODUCT_IDS_FIELD_NUMBER: _ClassVar[int]
    written_count: int
    failures: _containers.RepeatedCompositeFieldContainer[ItemFailure]
    duplicate_count: int
    unknown_product_ids: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, written_count: _Optional[int] = ..., failures: _Optional[_Iterable[_Union[ItemFailure, _Mapping]]] = ..., duplicate_count: _Optional[int] = ..., unknown_product_ids: _Optional[_Iterable[str]] = ...) -> None: ...

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
