"""Requests of RetrievalService: checked as a whole, every wrong field named, before anything is looked up."""

from dataclasses import dataclass

from shopguide.retrieval.v1 import retrieval_service_pb2 as pb
from shopguide_retrieval.convert.catalogs import catalog_name
from shopguide_retrieval.convert.products import price
from shopguide_retrieval.convert.queries import conditions, constraints, vector
from shopguide_retrieval.domain.catalog import Catalog
from shopguide_retrieval.domain.conditions import Condition, Constraint
from shopguide_retrieval.domain.encoding import GivenVector
from shopguide_retrieval.domain.fusion import Fusion
from shopguide_retrieval.domain.model import Price
from shopguide_retrieval.domain.scope_search import Role
from shopguide_retrieval.domain.validation import CURRENCY, MAX_ID_BYTES
from shopguide_runtime.errors import FieldViolation, InvalidArgument, Unimplemented
from shopguide_runtime.validation import FIELD_MALFORMED, FIELD_UNKNOWN_VALUE, Violations

MAX_QUERY_CHARS = 2_000
DEFAULT_PAGE = 20
MAX_PAGE = 100

_FUSIONS = {
    pb.SearchSpec.FUSION_UNSPECIFIED: Fusion.WEIGHTED,
    pb.SearchSpec.FUSION_WEIGHTED: Fusion.WEIGHTED,
    pb.SearchSpec.FUSION_RRF: Fusion.RRF,
    pb.SearchSpec.FUSION_DBSF: Fusion.DBSF,
}


@dataclass(frozen=True, slots=True)
class CheckedSearch:
    """A search request that is well formed."""

    catalog: str
    text: str
    conditions: tuple[Condition, ...]
    constraints: tuple[Constraint, ...]
    currency: str
    page_size: int
    fusion: Fusion
    vector: GivenVector | None
    personalization: float
    diversity: float


@dataclass(frozen=True, slots=True)
class CheckedScopes:
    """A request for several roles that is well formed."""

    catalog: str
    roles: tuple[Role, ...]
    conditions: tuple[Condition, ...]
    budget: Price | None
    currency: str
    alternatives: int


@dataclass(frozen=True, slots=True)
class CheckedSimilar:
    """A request for like products that is well formed."""

    catalog: str
    conditions: tuple[Condition, ...]
    constraints: tuple[Constraint, ...]
    page_size: int


def search(request: pb.SearchRequest) -> CheckedSearch:
    """Return the parts of a search; raises InvalidArgument, or Unimplemented for pictures."""
    found = Violations()
    checked = CheckedSearch(
        catalog=catalog_name(found, request.catalog),
        text=found.text("query", request.query, required=False, max_chars=MAX_QUERY_CHARS),
        conditions=conditions(found, request.filter),
        constraints=constraints(found, "constraints", request.constraints),
        currency=currency(found, request.shopper.currency_code),
        page_size=found.page_size("page_size", request.page_size, DEFAULT_PAGE, MAX_PAGE),
        fusion=_fusion(found, request.spec),
        vector=vector(request.query_vector) if request.HasField("query_vector") else None,
        personalization=found.number("spec.personalization", request.spec.personalization, 0, 1),
        diversity=found.number("spec.diversity", request.spec.diversity, 0, 1),
    )
    found.count("spec.facet_fields", len(request.spec.facet_fields), maximum=10)
    found.raise_if_any()
    _refuse_unimplemented(request)
    return checked


def scopes(request: pb.SearchScopesRequest) -> CheckedScopes:
    """Return the parts of a request for several roles; raises InvalidArgument."""
    found = Violations()
    found.count("scopes", len(request.scopes), 1, 6)
    shared = constraints(found, "shared_constraints", request.shared_constraints)
    checked = CheckedScopes(
        catalog=catalog_name(found, request.catalog),
        roles=tuple(_role(found, i, request, shared) for i in range(len(request.scopes))),
        conditions=conditions(found, request.filter),
        budget=budget(found, request),
        currency=currency(found, request.shopper.currency_code),
        alternatives=found.page_size("max_alternatives", request.max_alternatives, 2, 10),
    )
    names = [role.name for role in checked.roles]
    if len(set(names)) < len(names):
        found.add("scopes", "roles must be unique", FIELD_MALFORMED)
    found.raise_if_any()
    return checked


def similar(request: pb.FindSimilarRequest) -> CheckedSimilar:
    """Return the parts of a request for like products; raises InvalidArgument."""
    found = Violations()
    ids(found, "product_ids", list(request.product_ids), 1, 20)
    ids(found, "unlike_product_ids", list(request.unlike_product_ids), 0, 20)
    checked = CheckedSimilar(
        catalog=catalog_name(found, request.catalog),
        conditions=conditions(found, request.filter),
        constraints=constraints(found, "constraints", request.constraints),
        page_size=found.page_size("page_size", request.page_size, DEFAULT_PAGE, MAX_PAGE),
    )
    found.raise_if_any()
    return checked


def ids(found: Violations, field: str, values: list[str], minimum: int, maximum: int) -> list[str]:
    """Return a list of ids without repeats; what is malformed is noted."""
    found.count(field, len(values), minimum, maximum)
    for position, value in enumerate(values[:maximum]):
        found.text(f"{field}[{position}]", value, max_chars=MAX_ID_BYTES)
    return list(dict.fromkeys(values))


def _role(
    found: Violations, position: int, request: pb.SearchScopesRequest, shared: tuple[Constraint, ...]
) -> Role:
    scope, field = request.scopes[position], f"scopes[{position}]"
    return Role(
        found.text(f"{field}.role", scope.role, max_chars=100),
        found.text(f"{field}.query", scope.query, max_chars=MAX_QUERY_CHARS),
        (*constraints(found, f"{field}.constraints", scope.constraints), *shared),
        int(found.number(f"{field}.quantity", scope.quantity, 0, 100)) or 1,
    )


def budget(found: Violations, request: pb.SearchScopesRequest | pb.FindBundleRequest) -> Price | None:
    """Return the budget of a request, None without one or with one that cannot be read."""
    if not request.HasField("budget"):
        return None
    try:
        total = price("budget.total", request.budget.total)
    except InvalidArgument as error:
        for violation in error.violations:
            found.add(violation.field, violation.description, violation.reason)
        return None
    if not CURRENCY.fullmatch(total.currency):
        found.add("budget.total.currency_code", "must be an ISO 4217 code", FIELD_MALFORMED)
    found.number("budget.total", total.minor, 0)
    return total


def check_budget(catalog: Catalog, total: Price | None) -> None:
    """Raise InvalidArgument when the catalogue has no prices in the budget's currency."""
    if total and total.currency not in catalog.currencies:
        problem = f"the catalog has no prices in {total.currency}"
        raise InvalidArgument([FieldViolation("budget.total.currency_code", problem, FIELD_UNKNOWN_VALUE)])


def currency(found: Violations, code: str) -> str:
    """Return the shopper's currency, which may be empty."""
    if code and not CURRENCY.fullmatch(code):
        found.add("shopper.currency_code", "must be an ISO 4217 code", FIELD_MALFORMED)
    return code


def _fusion(found: Violations, spec: pb.SearchSpec) -> Fusion:
    if spec.fusion not in _FUSIONS:
        found.add("spec.fusion", "is not a value of the enum", FIELD_UNKNOWN_VALUE)
    return _FUSIONS.get(spec.fusion, Fusion.WEIGHTED)


def _refuse_unimplemented(request: pb.SearchRequest) -> None:
    if request.HasField("image"):
        raise Unimplemented("Search.image", "No model for pictures is served.")
