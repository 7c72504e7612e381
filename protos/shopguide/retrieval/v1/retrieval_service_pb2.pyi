import datetime

from google.api import field_behavior_pb2 as _field_behavior_pb2
from google.protobuf import duration_pb2 as _duration_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.type import money_pb2 as _money_pb2
from shopguide.type.v1 import answer_pb2 as _answer_pb2
from shopguide.type.v1 import catalog_pb2 as _catalog_pb2
from shopguide.type.v1 import product_pb2 as _product_pb2
from shopguide.type.v1 import query_pb2 as _query_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class SearchRequest(_message.Message):
    __slots__ = ("catalog", "query", "filter", "constraints", "shopper", "spec", "view", "page_size", "page_token", "query_vector", "image", "ordering")
    CATALOG_FIELD_NUMBER: _ClassVar[int]
    QUERY_FIELD_NUMBER: _ClassVar[int]
    FILTER_FIELD_NUMBER: _ClassVar[int]
    CONSTRAINTS_FIELD_NUMBER: _ClassVar[int]
    SHOPPER_FIELD_NUMBER: _ClassVar[int]
    SPEC_FIELD_NUMBER: _ClassVar[int]
    VIEW_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    QUERY_VECTOR_FIELD_NUMBER: _ClassVar[int]
    IMAGE_FIELD_NUMBER: _ClassVar[int]
    ORDERING_FIELD_NUMBER: _ClassVar[int]
    catalog: str
    query: str
    filter: _query_pb2.Filter
    constraints: _containers.RepeatedCompositeFieldContainer[_query_pb2.Constraint]
    shopper: _query_pb2.Shopper
    spec: SearchSpec
    view: _query_pb2.ProductView
    page_size: int
    page_token: str
    query_vector: _query_pb2.QueryVector
    image: _query_pb2.ImageQuery
    ordering: _query_pb2.Ordering
    def __init__(self, catalog: _Optional[str] = ..., query: _Optional[str] = ..., filter: _Optional[_Union[_query_pb2.Filter, _Mapping]] = ..., constraints: _Optional[_Iterable[_Union[_query_pb2.Constraint, _Mapping]]] = ..., shopper: _Optional[_Union[_query_pb2.Shopper, _Mapping]] = ..., spec: _Optional[_Union[SearchSpec, _Mapping]] = ..., view: _Optional[_Union[_query_pb2.ProductView, str]] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ..., query_vector: _Optional[_Union[_query_pb2.QueryVector, _Mapping]] = ..., image: _Optional[_Union[_query_pb2.ImageQuery, _Mapping]] = ..., ordering: _Optional[_Union[_query_pb2.Ordering, _Mapping]] = ...) -> None: ...

class SearchSpec(_message.Message):
    __slots__ = ("fusion", "personalization", "diversity", "facet_fields", "expand_groups", "forbid_relaxation")
    class Fusion(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        FUSION_UNSPECIFIED: _ClassVar[SearchSpec.Fusion]
        FUSION_WEIGHTED: _ClassVar[SearchSpec.Fusion]
        FUSION_RRF: _ClassVar[SearchSpec.Fusion]
        FUSION_DBSF: _ClassVar[SearchSpec.Fusion]
    FUSION_UNSPECIFIED: SearchSpec.Fusion
    FUSION_WEIGHTED: SearchSpec.Fusion
    FUSION_RRF: SearchSpec.Fusion
    FUSION_DBSF: SearchSpec.Fusion
    FUSION_FIELD_NUMBER: _ClassVar[int]
    PERSONALIZATION_FIELD_NUMBER: _ClassVar[int]
    DIVERSITY_FIELD_NUMBER: _ClassVar[int]
    FACET_FIELDS_FIELD_NUMBER: _ClassVar[int]
    EXPAND_GROUPS_FIELD_NUMBER: _ClassVar[int]
    FORBID_RELAXATION_FIELD_NUMBER: _ClassVar[int]
    fusion: SearchSpec.Fusion
    personalization: float
    diversity: float
    facet_fields: _containers.RepeatedScalarFieldContainer[str]
    expand_groups: bool
    forbid_relaxation: bool
    def __init__(self, fusion: _Optional[_Union[SearchSpec.Fusion, str]] = ..., personalization: _Optional[float] = ..., diversity: _Optional[float] = ..., facet_fields: _Optional[_Iterable[str]] = ..., expand_groups: _Optional[bool] = ..., forbid_relaxation: _Optional[bool] = ...) -> None: ...

class SearchResponse(_message.Message):
    __slots__ = ("results", "next_page_token", "total_size", "matched_size", "facets", "attribution_token", "timings", "constraint_outcomes", "degradations", "alternatives", "corrected_query")
    RESULTS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    TOTAL_SIZE_FIELD_NUMBER: _ClassVar[int]
    MATCHED_SIZE_FIELD_NUMBER: _ClassVar[int]
    FACETS_FIELD_NUMBER: _ClassVar[int]
    ATTRIBUTION_TOKEN_FIELD_NUMBER: _ClassVar[int]
    TIMINGS_FIELD_NUMBER: _ClassVar[int]
    CONSTRAINT_OUTCOMES_FIELD_NUMBER: _ClassVar[int]
    DEGRADATIONS_FIELD_NUMBER: _ClassVar[int]
    ALTERNATIVES_FIELD_NUMBER: _ClassVar[int]
    CORRECTED_QUERY_FIELD_NUMBER: _ClassVar[int]
    results: _containers.RepeatedCompositeFieldContainer[_query_pb2.ScoredProduct]
    next_page_token: str
    total_size: int
    matched_size: int
    facets: _containers.RepeatedCompositeFieldContainer[Facet]
    attribution_token: str
    timings: _containers.RepeatedCompositeFieldContainer[_answer_pb2.StageTiming]
    constraint_outcomes: _containers.RepeatedCompositeFieldContainer[_query_pb2.ConstraintOutcome]
    degradations: _containers.RepeatedCompositeFieldContainer[_answer_pb2.Degradation]
    alternatives: _containers.RepeatedCompositeFieldContainer[_query_pb2.ScoredProduct]
    corrected_query: str
    def __init__(self, results: _Optional[_Iterable[_Union[_query_pb2.ScoredProduct, _Mapping]]] = ..., next_page_token: _Optional[str] = ..., total_size: _Optional[int] = ..., matched_size: _Optional[int] = ..., facets: _Optional[_Iterable[_Union[Facet, _Mapping]]] = ..., attribution_token: _Optional[str] = ..., timings: _Optional[_Iterable[_Union[_answer_pb2.StageTiming, _Mapping]]] = ..., constraint_outcomes: _Optional[_Iterable[_Union[_query_pb2.ConstraintOutcome, _Mapping]]] = ..., degradations: _Optional[_Iterable[_Union[_answer_pb2.Degradation, _Mapping]]] = ..., alternatives: _Optional[_Iterable[_Union[_query_pb2.ScoredProduct, _Mapping]]] = ..., corrected_query: _Optional[str] = ...) -> None: ...

class Facet(_message.Message):
    __slots__ = ("field", "values", "minimum", "maximum")
    FIELD_FIELD_NUMBER: _ClassVar[int]
    VALUES_FIELD_NUMBER: _ClassVar[int]
    MINIMUM_FIELD_NUMBER: _ClassVar[int]
    MAXIMUM_FIELD_NUMBER: _ClassVar[int]
    field: str
    values: _containers.RepeatedCompositeFieldContainer[_catalog_pb2.ValueCount]
    minimum: float
    maximum: float
    def __init__(self, field: _Optional[str] = ..., values: _Optional[_Iterable[_Union[_catalog_pb2.ValueCount, _Mapping]]] = ..., minimum: _Optional[float] = ..., maximum: _Optional[float] = ...) -> None: ...

class SearchScopesRequest(_message.Message):
    __slots__ = ("catalog", "scopes", "budget", "filter", "shared_constraints", "shopper", "view", "max_alternatives")
    CATALOG_FIELD_NUMBER: _ClassVar[int]
    SCOPES_FIELD_NUMBER: _ClassVar[int]
    BUDGET_FIELD_NUMBER: _ClassVar[int]
    FILTER_FIELD_NUMBER: _ClassVar[int]
    SHARED_CONSTRAINTS_FIELD_NUMBER: _ClassVar[int]
    SHOPPER_FIELD_NUMBER: _ClassVar[int]
    VIEW_FIELD_NUMBER: _ClassVar[int]
    MAX_ALTERNATIVES_FIELD_NUMBER: _ClassVar[int]
    catalog: str
    scopes: _containers.RepeatedCompositeFieldContainer[_query_pb2.Scope]
    budget: _query_pb2.Budget
    filter: _query_pb2.Filter
    shared_constraints: _containers.RepeatedCompositeFieldContainer[_query_pb2.Constraint]
    shopper: _query_pb2.Shopper
    view: _query_pb2.ProductView
    max_alternatives: int
    def __init__(self, catalog: _Optional[str] = ..., scopes: _Optional[_Iterable[_Union[_query_pb2.Scope, _Mapping]]] = ..., budget: _Optional[_Union[_query_pb2.Budget, _Mapping]] = ..., filter: _Optional[_Union[_query_pb2.Filter, _Mapping]] = ..., shared_constraints: _Optional[_Iterable[_Union[_query_pb2.Constraint, _Mapping]]] = ..., shopper: _Optional[_Union[_query_pb2.Shopper, _Mapping]] = ..., view: _Optional[_Union[_query_pb2.ProductView, str]] = ..., max_alternatives: _Optional[int] = ...) -> None: ...

class SearchScopesResponse(_message.Message):
    __slots__ = ("scopes", "total_price", "missing_roles", "minimum_total", "attribution_token", "degradations", "timings")
    class ScopeResult(_message.Message):
        __slots__ = ("role", "chosen", "alternatives", "constraint_outcomes", "matched_size")
        ROLE_FIELD_NUMBER: _ClassVar[int]
        CHOSEN_FIELD_NUMBER: _ClassVar[int]
        ALTERNATIVES_FIELD_NUMBER: _ClassVar[int]
        CONSTRAINT_OUTCOMES_FIELD_NUMBER: _ClassVar[int]
        MATCHED_SIZE_FIELD_NUMBER: _ClassVar[int]
        role: str
        chosen: _query_pb2.ScoredProduct
        alternatives: _containers.RepeatedCompositeFieldContainer[_query_pb2.ScoredProduct]
        constraint_outcomes: _containers.RepeatedCompositeFieldContainer[_query_pb2.ConstraintOutcome]
        matched_size: int
        def __init__(self, role: _Optional[str] = ..., chosen: _Optional[_Union[_query_pb2.ScoredProduct, _Mapping]] = ..., alternatives: _Optional[_Iterable[_Union[_query_pb2.ScoredProduct, _Mapping]]] = ..., constraint_outcomes: _Optional[_Iterable[_Union[_query_pb2.ConstraintOutcome, _Mapping]]] = ..., matched_size: _Optional[int] = ...) -> None: ...
    SCOPES_FIELD_NUMBER: _ClassVar[int]
    TOTAL_PRICE_FIELD_NUMBER: _ClassVar[int]
    MISSING_ROLES_FIELD_NUMBER: _ClassVar[int]
    MINIMUM_TOTAL_FIELD_NUMBER: _ClassVar[int]
    ATTRIBUTION_TOKEN_FIELD_NUMBER: _ClassVar[int]
    DEGRADATIONS_FIELD_NUMBER: _ClassVar[int]
    TIMINGS_FIELD_NUMBER: _ClassVar[int]
    scopes: _containers.RepeatedCompositeFieldContainer[SearchScopesResponse.ScopeResult]
    total_price: _money_pb2.Money
    missing_roles: _containers.RepeatedScalarFieldContainer[str]
    minimum_total: _money_pb2.Money
    attribution_token: str
    degradations: _containers.RepeatedCompositeFieldContainer[_answer_pb2.Degradation]
    timings: _containers.RepeatedCompositeFieldContainer[_answer_pb2.StageTiming]
    def __init__(self, scopes: _Optional[_Iterable[_Union[SearchScopesResponse.ScopeResult, _Mapping]]] = ..., total_price: _Optional[_Union[_money_pb2.Money, _Mapping]] = ..., missing_roles: _Optional[_Iterable[str]] = ..., minimum_total: _Optional[_Union[_money_pb2.Money, _Mapping]] = ..., attribution_token: _Optional[str] = ..., degradations: _Optional[_Iterable[_Union[_answer_pb2.Degradation, _Mapping]]] = ..., timings: _Optional[_Iterable[_Union[_answer_pb2.StageTiming, _Mapping]]] = ...) -> None: ...

class DescribeCatalogRequest(_message.Message):
    __slots__ = ("catalog", "filter", "if_revision_not")
    CATALOG_FIELD_NUMBER: _ClassVar[int]
    FILTER_FIELD_NUMBER: _ClassVar[int]
    IF_REVISION_NOT_FIELD_NUMBER: _ClassVar[int]
    catalog: str
    filter: _query_pb2.Filter
    if_revision_not: str
    def __init__(self, catalog: _Optional[str] = ..., filter: _Optional[_Union[_query_pb2.Filter, _Mapping]] = ..., if_revision_not: _Optional[str] = ...) -> None: ...

class DescribeCatalogResponse(_message.Message):
    __slots__ = ("description", "unchanged")
    DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
    UNCHANGED_FIELD_NUMBER: _ClassVar[int]
    description: _catalog_pb2.CatalogDescription
    unchanged: bool
    def __init__(self, description: _Optional[_Union[_catalog_pb2.CatalogDescription, _Mapping]] = ..., unchanged: _Optional[bool] = ...) -> None: ...

class RecommendRequest(_message.Message):
    __slots__ = ("catalog", "shopper", "context_product_ids", "filter", "view", "page_size", "query", "query_vector", "constraints", "exclude_product_ids", "exploration")
    CATALOG_FIELD_NUMBER: _ClassVar[int]
    SHOPPER_FIELD_NUMBER: _ClassVar[int]
    CONTEXT_PRODUCT_IDS_FIELD_NUMBER: _ClassVar[int]
    FILTER_FIELD_NUMBER: _ClassVar[int]
    VIEW_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    QUERY_FIELD_NUMBER: _ClassVar[int]
    QUERY_VECTOR_FIELD_NUMBER: _ClassVar[int]
    CONSTRAINTS_FIELD_NUMBER: _ClassVar[int]
    EXCLUDE_PRODUCT_IDS_FIELD_NUMBER: _ClassVar[int]
    EXPLORATION_FIELD_NUMBER: _ClassVar[int]
    catalog: str
    shopper: _query_pb2.Shopper
    context_product_ids: _containers.RepeatedScalarFieldContainer[str]
    filter: _query_pb2.Filter
    view: _query_pb2.ProductView
    page_size: int
    query: str
    query_vector: _query_pb2.QueryVector
    constraints: _containers.RepeatedCompositeFieldContainer[_query_pb2.Constraint]
    exclude_product_ids: _containers.RepeatedScalarFieldContainer[str]
    exploration: float
    def __init__(self, catalog: _Optional[str] = ..., shopper: _Optional[_Union[_query_pb2.Shopper, _Mapping]] = ..., context_product_ids: _Optional[_Iterable[str]] = ..., filter: _Optional[_Union[_query_pb2.Filter, _Mapping]] = ..., view: _Optional[_Union[_query_pb2.ProductView, str]] = ..., page_size: _Optional[int] = ..., query: _Optional[str] = ..., query_vector: _Optional[_Union[_query_pb2.QueryVector, _Mapping]] = ..., constraints: _Optional[_Iterable[_Union[_query_pb2.Constraint, _Mapping]]] = ..., exclude_product_ids: _Optional[_Iterable[str]] = ..., exploration: _Optional[float] = ...) -> None: ...

class RecommendResponse(_message.Message):
    __slots__ = ("results", "basis", "attribution_token", "constraint_outcomes", "degradations", "timings")
    class Basis(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        BASIS_UNSPECIFIED: _ClassVar[RecommendResponse.Basis]
        BASIS_PERSONAL: _ClassVar[RecommendResponse.Basis]
        BASIS_POPULAR: _ClassVar[RecommendResponse.Basis]
        BASIS_CONTEXT: _ClassVar[RecommendResponse.Basis]
    BASIS_UNSPECIFIED: RecommendResponse.Basis
    BASIS_PERSONAL: RecommendResponse.Basis
    BASIS_POPULAR: RecommendResponse.Basis
    BASIS_CONTEXT: RecommendResponse.Basis
    RESULTS_FIELD_NUMBER: _ClassVar[int]
    BASIS_FIELD_NUMBER: _ClassVar[int]
    ATTRIBUTION_TOKEN_FIELD_NUMBER: _ClassVar[int]
    CONSTRAINT_OUTCOMES_FIELD_NUMBER: _ClassVar[int]
    DEGRADATIONS_FIELD_NUMBER: _ClassVar[int]
    TIMINGS_FIELD_NUMBER: _ClassVar[int]
    results: _containers.RepeatedCompositeFieldContainer[_query_pb2.ScoredProduct]
    basis: RecommendResponse.Basis
    attribution_token: str
    constraint_outcomes: _containers.RepeatedCompositeFieldContainer[_query_pb2.ConstraintOutcome]
    degradations: _containers.RepeatedCompositeFieldContainer[_answer_pb2.Degradation]
    timings: _containers.RepeatedCompositeFieldContainer[_answer_pb2.StageTiming]
    def __init__(self, results: _Optional[_Iterable[_Union[_query_pb2.ScoredProduct, _Mapping]]] = ..., basis: _Optional[_Union[RecommendResponse.Basis, str]] = ..., attribution_token: _Optional[str] = ..., constraint_outcomes: _Optional[_Iterable[_Union[_query_pb2.ConstraintOutcome, _Mapping]]] = ..., degradations: _Optional[_Iterable[_Union[_answer_pb2.Degradation, _Mapping]]] = ..., timings: _Optional[_Iterable[_Union[_answer_pb2.StageTiming, _Mapping]]] = ...) -> None: ...

class FindSimilarRequest(_message.Message):
    __slots__ = ("catalog", "product_ids", "unlike_product_ids", "filter", "view", "page_size", "constraints")
    CATALOG_FIELD_NUMBER: _ClassVar[int]
    PRODUCT_IDS_FIELD_NUMBER: _ClassVar[int]
    UNLIKE_PRODUCT_IDS_FIELD_NUMBER: _ClassVar[int]
    FILTER_FIELD_NUMBER: _ClassVar[int]
    VIEW_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    CONSTRAINTS_FIELD_NUMBER: _ClassVar[int]
    catalog: str
    product_ids: _containers.RepeatedScalarFieldContainer[str]
    unlike_product_ids: _containers.RepeatedScalarFieldContainer[str]
    filter: _query_pb2.Filter
    view: _query_pb2.ProductView
    page_size: int
    constraints: _containers.RepeatedCompositeFieldContainer[_query_pb2.Constraint]
    def __init__(self, catalog: _Optional[str] = ..., product_ids: _Optional[_Iterable[str]] = ..., unlike_product_ids: _Optional[_Iterable[str]] = ..., filter: _Optional[_Union[_query_pb2.Filter, _Mapping]] = ..., view: _Optional[_Union[_query_pb2.ProductView, str]] = ..., page_size: _Optional[int] = ..., constraints: _Optional[_Iterable[_Union[_query_pb2.Constraint, _Mapping]]] = ...) -> None: ...

class FindSimilarResponse(_message.Message):
    __slots__ = ("results", "missing_ids", "attribution_token", "constraint_outcomes")
    RESULTS_FIELD_NUMBER: _ClassVar[int]
    MISSING_IDS_FIELD_NUMBER: _ClassVar[int]
    ATTRIBUTION_TOKEN_FIELD_NUMBER: _ClassVar[int]
    CONSTRAINT_OUTCOMES_FIELD_NUMBER: _ClassVar[int]
    results: _containers.RepeatedCompositeFieldContainer[_query_pb2.ScoredProduct]
    missing_ids: _containers.RepeatedScalarFieldContainer[str]
    attribution_token: str
    constraint_outcomes: _containers.RepeatedCompositeFieldContainer[_query_pb2.ConstraintOutcome]
    def __init__(self, results: _Optional[_Iterable[_Union[_query_pb2.ScoredProduct, _Mapping]]] = ..., missing_ids: _Optional[_Iterable[str]] = ..., attribution_token: _Optional[str] = ..., constraint_outcomes: _Optional[_Iterable[_Union[_query_pb2.ConstraintOutcome, _Mapping]]] = ...) -> None: ...

class FindBundleRequest(_message.Message):
    __slots__ = ("catalog", "product_ids", "filter", "max_products", "view", "budget", "constraints")
    CATALOG_FIELD_NUMBER: _ClassVar[int]
    PRODUCT_IDS_FIELD_NUMBER: _ClassVar[int]
    FILTER_FIELD_NUMBER: _ClassVar[int]
    MAX_PRODUCTS_FIELD_NUMBER: _ClassVar[int]
    VIEW_FIELD_NUMBER: _ClassVar[int]
    BUDGET_FIELD_NUMBER: _ClassVar[int]
    CONSTRAINTS_FIELD_NUMBER: _ClassVar[int]
    catalog: str
    product_ids: _containers.RepeatedScalarFieldContainer[str]
    filter: _query_pb2.Filter
    max_products: int
    view: _query_pb2.ProductView
    budget: _query_pb2.Budget
    constraints: _containers.RepeatedCompositeFieldContainer[_query_pb2.Constraint]
    def __init__(self, catalog: _Optional[str] = ..., product_ids: _Optional[_Iterable[str]] = ..., filter: _Optional[_Union[_query_pb2.Filter, _Mapping]] = ..., max_products: _Optional[int] = ..., view: _Optional[_Union[_query_pb2.ProductView, str]] = ..., budget: _Optional[_Union[_query_pb2.Budget, _Mapping]] = ..., constraints: _Optional[_Iterable[_Union[_query_pb2.Constraint, _Mapping]]] = ...) -> None: ...

class FindBundleResponse(_message.Message):
    __slots__ = ("results", "missing_ids", "attribution_token", "total_price", "constraint_outcomes", "degradations")
    RESULTS_FIELD_NUMBER: _ClassVar[int]
    MISSING_IDS_FIELD_NUMBER: _ClassVar[int]
    ATTRIBUTION_TOKEN_FIELD_NUMBER: _ClassVar[int]
    TOTAL_PRICE_FIELD_NUMBER: _ClassVar[int]
    CONSTRAINT_OUTCOMES_FIELD_NUMBER: _ClassVar[int]
    DEGRADATIONS_FIELD_NUMBER: _ClassVar[int]
    results: _containers.RepeatedCompositeFieldContainer[_query_pb2.ScoredProduct]
    missing_ids: _containers.RepeatedScalarFieldContainer[str]
    attribution_token: str
    total_price: _money_pb2.Money
    constraint_outcomes: _containers.RepeatedCompositeFieldContainer[_query_pb2.ConstraintOutcome]
    degradations: _containers.RepeatedCompositeFieldContainer[_answer_pb2.Degradation]
    def __init__(self, results: _Optional[_Iterable[_Union[_query_pb2.ScoredProduct, _Mapping]]] = ..., missing_ids: _Optional[_Iterable[str]] = ..., attribution_token: _Optional[str] = ..., total_price: _Optional[_Union[_money_pb2.Money, _Mapping]] = ..., constraint_outcomes: _Optional[_Iterable[_Union[_query_pb2.ConstraintOutcome, _Mapping]]] = ..., degradations: _Optional[_Iterable[_Union[_answer_pb2.Degradation, _Mapping]]] = ...) -> None: ...

class FindDealsRequest(_message.Message):
    __slots__ = ("catalog", "query", "query_vector", "filter", "constraints", "shopper", "view", "page_size")
    CATALOG_FIELD_NUMBER: _ClassVar[int]
    QUERY_FIELD_NUMBER: _ClassVar[int]
    QUERY_VECTOR_FIELD_NUMBER: _ClassVar[int]
    FILTER_FIELD_NUMBER: _ClassVar[int]
    CONSTRAINTS_FIELD_NUMBER: _ClassVar[int]
    SHOPPER_FIELD_NUMBER: _ClassVar[int]
    VIEW_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    catalog: str
    query: str
    query_vector: _query_pb2.QueryVector
    filter: _query_pb2.Filter
    constraints: _containers.RepeatedCompositeFieldContainer[_query_pb2.Constraint]
    shopper: _query_pb2.Shopper
    view: _query_pb2.ProductView
    page_size: int
    def __init__(self, catalog: _Optional[str] = ..., query: _Optional[str] = ..., query_vector: _Optional[_Union[_query_pb2.QueryVector, _Mapping]] = ..., filter: _Optional[_Union[_query_pb2.Filter, _Mapping]] = ..., constraints: _Optional[_Iterable[_Union[_query_pb2.Constraint, _Mapping]]] = ..., shopper: _Optional[_Union[_query_pb2.Shopper, _Mapping]] = ..., view: _Optional[_Union[_query_pb2.ProductView, str]] = ..., page_size: _Optional[int] = ...) -> None: ...

class FindDealsResponse(_message.Message):
    __slots__ = ("results", "deals", "attribution_token", "constraint_outcomes", "degradations")
    class Deal(_message.Message):
        __slots__ = ("product_id", "discount_share", "saving", "cheaper_than_share")
        PRODUCT_ID_FIELD_NUMBER: _ClassVar[int]
        DISCOUNT_SHARE_FIELD_NUMBER: _ClassVar[int]
        SAVING_FIELD_NUMBER: _ClassVar[int]
        CHEAPER_THAN_SHARE_FIELD_NUMBER: _ClassVar[int]
        product_id: str
        discount_share: float
        saving: _money_pb2.Money
        cheaper_than_share: float
        def __init__(self, product_id: _Optional[str] = ..., discount_share: _Optional[float] = ..., saving: _Optional[_Union[_money_pb2.Money, _Mapping]] = ..., cheaper_than_share: _Optional[float] = ...) -> None: ...
    RESULTS_FIELD_NUMBER: _ClassVar[int]
    DEALS_FIELD_NUMBER: _ClassVar[int]
    ATTRIBUTION_TOKEN_FIELD_NUMBER: _ClassVar[int]
    CONSTRAINT_OUTCOMES_FIELD_NUMBER: _ClassVar[int]
    DEGRADATIONS_FIELD_NUMBER: _ClassVar[int]
    results: _containers.RepeatedCompositeFieldContainer[_query_pb2.ScoredProduct]
    deals: _containers.RepeatedCompositeFieldContainer[FindDealsResponse.Deal]
    attribution_token: str
    constraint_outcomes: _containers.RepeatedCompositeFieldContainer[_query_pb2.ConstraintOutcome]
    degradations: _containers.RepeatedCompositeFieldContainer[_answer_pb2.Degradation]
    def __init__(self, results: _Optional[_Iterable[_Union[_query_pb2.ScoredProduct, _Mapping]]] = ..., deals: _Optional[_Iterable[_Union[FindDealsResponse.Deal, _Mapping]]] = ..., attribution_token: _Optional[str] = ..., constraint_outcomes: _Optional[_Iterable[_Union[_query_pb2.ConstraintOutcome, _Mapping]]] = ..., degradations: _Optional[_Iterable[_Union[_answer_pb2.Degradation, _Mapping]]] = ...) -> None: ...

class ListTrendingRequest(_message.Message):
    __slots__ = ("catalog", "filter", "window", "view", "page_size")
    CATALOG_FIELD_NUMBER: _ClassVar[int]
    FILTER_FIELD_NUMBER: _ClassVar[int]
    WINDOW_FIELD_NUMBER: _ClassVar[int]
    VIEW_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    catalog: str
    filter: _query_pb2.Filter
    window: _duration_pb2.Duration
    view: _query_pb2.ProductView
    page_size: int
    def __init__(self, catalog: _Optional[str] = ..., filter: _Optional[_Union[_query_pb2.Filter, _Mapping]] = ..., window: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., view: _Optional[_Union[_query_pb2.ProductView, str]] = ..., page_size: _Optional[int] = ...) -> None: ...

class ListTrendingResponse(_message.Message):
    __slots__ = ("results", "attribution_token")
    RESULTS_FIELD_NUMBER: _ClassVar[int]
    ATTRIBUTION_TOKEN_FIELD_NUMBER: _ClassVar[int]
    results: _containers.RepeatedCompositeFieldContainer[_query_pb2.ScoredProduct]
    attribution_token: str
    def __init__(self, results: _Optional[_Iterable[_Union[_query_pb2.ScoredProduct, _Mapping]]] = ..., attribution_token: _Optional[str] = ...) -> None: ...

class BatchGetProductsRequest(_message.Message):
    __slots__ = ("catalog", "product_ids", "view")
    CATALOG_FIELD_NUMBER: _ClassVar[int]
    PRODUCT_IDS_FIELD_NUMBER: _ClassVar[int]
    VIEW_FIELD_NUMBER: _ClassVar[int]
    catalog: str
    product_ids: _containers.RepeatedScalarFieldContainer[str]
    view: _query_pb2.ProductView
    def __init__(self, catalog: _Optional[str] = ..., product_ids: _Optional[_Iterable[str]] = ..., view: _Optional[_Union[_query_pb2.ProductView, str]] = ...) -> None: ...

class BatchGetProductsResponse(_message.Message):
    __slots__ = ("products", "missing_ids")
    PRODUCTS_FIELD_NUMBER: _ClassVar[int]
    MISSING_IDS_FIELD_NUMBER: _ClassVar[int]
    products: _containers.RepeatedCompositeFieldContainer[_product_pb2.Product]
    missing_ids: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, products: _Optional[_Iterable[_Union[_product_pb2.Product, _Mapping]]] = ..., missing_ids: _Optional[_Iterable[str]] = ...) -> None: ...

class FaqEntry(_message.Message):
    __slots__ = ("id", "question", "phrasings", "answer", "topic", "language_code")
    ID_FIELD_NUMBER: _ClassVar[int]
    QUESTION_FIELD_NUMBER: _ClassVar[int]
    PHRASINGS_FIELD_NUMBER: _ClassVar[int]
    ANSWER_FIELD_NUMBER: _ClassVar[int]
    TOPIC_FIELD_NUMBER: _ClassVar[int]
    LANGUAGE_CODE_FIELD_NUMBER: _ClassVar[int]
    id: str
    question: str
    phrasings: _containers.RepeatedScalarFieldContainer[str]
    answer: str
    topic: str
    language_code: str
    def __init__(self, id: _Optional[str] = ..., question: _Optional[str] = ..., phrasings: _Optional[_Iterable[str]] = ..., answer: _Optional[str] = ..., topic: _Optional[str] = ..., language_code: _Optional[str] = ...) -> None: ...

class Review(_message.Message):
    __slots__ = ("id", "product_id", "text", "stars", "language_code", "create_time", "helpful_count")
    ID_FIELD_NUMBER: _ClassVar[int]
    PRODUCT_ID_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    STARS_FIELD_NUMBER: _ClassVar[int]
    LANGUAGE_CODE_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    HELPFUL_COUNT_FIELD_NUMBER: _ClassVar[int]
    id: str
    product_id: str
    text: str
    stars: float
    language_code: str
    create_time: _timestamp_pb2.Timestamp
    helpful_count: int
    def __init__(self, id: _Optional[str] = ..., product_id: _Optional[str] = ..., text: _Optional[str] = ..., stars: _Optional[float] = ..., language_code: _Optional[str] = ..., create_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., helpful_count: _Optional[int] = ...) -> None: ...

class SearchFaqRequest(_message.Message):
    __slots__ = ("catalog", "query", "language_code", "page_size", "query_vector")
    CATALOG_FIELD_NUMBER: _ClassVar[int]
    QUERY_FIELD_NUMBER: _ClassVar[int]
    LANGUAGE_CODE_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    QUERY_VECTOR_FIELD_NUMBER: _ClassVar[int]
    catalog: str
    query: str
    language_code: str
    page_size: int
    query_vector: _query_pb2.QueryVector
    def __init__(self, catalog: _Optional[str] = ..., query: _Optional[str] = ..., language_code: _Optional[str] = ..., page_size: _Optional[int] = ..., query_vector: _Optional[_Union[_query_pb2.QueryVector, _Mapping]] = ...) -> None: ...

class SearchFaqResponse(_message.Message):
    __slots__ = ("matches", "degradations")
    class Match(_message.Message):
        __slots__ = ("entry", "score")
        ENTRY_FIELD_NUMBER: _ClassVar[int]
        SCORE_FIELD_NUMBER: _ClassVar[int]
        entry: FaqEntry
        score: float
        def __init__(self, entry: _Optional[_Union[FaqEntry, _Mapping]] = ..., score: _Optional[float] = ...) -> None: ...
    MATCHES_FIELD_NUMBER: _ClassVar[int]
    DEGRADATIONS_FIELD_NUMBER: _ClassVar[int]
    matches: _containers.RepeatedCompositeFieldContainer[SearchFaqResponse.Match]
    degradations: _containers.RepeatedCompositeFieldContainer[_answer_pb2.Degradation]
    def __init__(self, matches: _Optional[_Iterable[_Union[SearchFaqResponse.Match, _Mapping]]] = ..., degradations: _Optional[_Iterable[_Union[_answer_pb2.Degradation, _Mapping]]] = ...) -> None: ...

class SearchReviewsRequest(_message.Message):
    __slots__ = ("catalog", "query", "product_ids", "page_size")
    CATALOG_FIELD_NUMBER: _ClassVar[int]
    QUERY_FIELD_NUMBER: _ClassVar[int]
    PRODUCT_IDS_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    catalog: str
    query: str
    product_ids: _containers.RepeatedScalarFieldContainer[str]
    page_size: int
    def __init__(self, catalog: _Optional[str] = ..., query: _Optional[str] = ..., product_ids: _Optional[_Iterable[str]] = ..., page_size: _Optional[int] = ...) -> None: ...

class SearchReviewsResponse(_message.Message):
    __slots__ = ("matches", "total_size", "degradations")
    class Match(_message.Message):
        __slots__ = ("review", "score")
        REVIEW_FIELD_NUMBER: _ClassVar[int]
        SCORE_FIELD_NUMBER: _ClassVar[int]
        review: Review
        score: float
        def __init__(self, review: _Optional[_Union[Review, _Mapping]] = ..., score: _Optional[float] = ...) -> None: ...
    MATCHES_FIELD_NUMBER: _ClassVar[int]
    TOTAL_SIZE_FIELD_NUMBER: _ClassVar[int]
    DEGRADATIONS_FIELD_NUMBER: _ClassVar[int]
    matches: _containers.RepeatedCompositeFieldContainer[SearchReviewsResponse.Match]
    total_size: int
    degradations: _containers.RepeatedCompositeFieldContainer[_answer_pb2.Degradation]
    def __init__(self, matches: _Optional[_Iterable[_Union[SearchReviewsResponse.Match, _Mapping]]] = ..., total_size: _Optional[int] = ..., degradations: _Optional[_Iterable[_Union[_answer_pb2.Degradation, _Mapping]]] = ...) -> None: ...

class SummarizeReviewsRequest(_message.Message):
    __slots__ = ("catalog", "product_id", "query", "max_quotes")
    CATALOG_FIELD_NUMBER: _ClassVar[int]
    PRODUCT_ID_FIELD_NUMBER: _ClassVar[int]
    QUERY_FIELD_NUMBER: _ClassVar[int]
    MAX_QUOTES_FIELD_NUMBER: _ClassVar[int]
    catalog: str
    product_id: str
    query: str
    max_quotes: int
    def __init__(self, catalog: _Optional[str] = ..., product_id: _Optional[str] = ..., query: _Optional[str] = ..., max_quotes: _Optional[int] = ...) -> None: ...

class SummarizeReviewsResponse(_message.Message):
    __slots__ = ("aspects", "review_count")
    class Aspect(_message.Message):
        __slots__ = ("name", "sentiment_score", "review_count", "quotes")
        NAME_FIELD_NUMBER: _ClassVar[int]
        SENTIMENT_SCORE_FIELD_NUMBER: _ClassVar[int]
        REVIEW_COUNT_FIELD_NUMBER: _ClassVar[int]
        QUOTES_FIELD_NUMBER: _ClassVar[int]
        name: str
        sentiment_score: float
        review_count: int
        quotes: _containers.RepeatedScalarFieldContainer[str]
        def __init__(self, name: _Optional[str] = ..., sentiment_score: _Optional[float] = ..., review_count: _Optional[int] = ..., quotes: _Optional[_Iterable[str]] = ...) -> None: ...
    ASPECTS_FIELD_NUMBER: _ClassVar[int]
    REVIEW_COUNT_FIELD_NUMBER: _ClassVar[int]
    aspects: _containers.RepeatedCompositeFieldContainer[SummarizeReviewsResponse.Aspect]
    review_count: int
    def __init__(self, aspects: _Optional[_Iterable[_Union[SummarizeReviewsResponse.Aspect, _Mapping]]] = ..., review_count: _Optional[int] = ...) -> None: ...
