"""Requests of Recommend, FindBundle and ListTrending: checked as a whole, every wrong field named."""

from dataclasses import dataclass

from google.protobuf.duration_pb2 import Duration

from shopguide.retrieval.v1 import retrieval_service_pb2 as pb
from shopguide_retrieval.convert import requests
from shopguide_retrieval.convert.catalogs import catalog_name
from shopguide_retrieval.convert.queries import conditions, constraints, vector
from shopguide_retrieval.domain.conditions import Condition, Constraint
from shopguide_retrieval.domain.model import Price
from shopguide_retrieval.domain.recommend import Asked
from shopguide_retrieval.domain.validation import MAX_ID_BYTES
from shopguide_runtime.validation import Violations

MAX_CONTEXT, MAX_EXCLUDED, MAX_CHOSEN = 50, 200, 20
SHORTEST_WINDOW, LONGEST_WINDOW = 3_600.0, 90 * 86_400.0


@dataclass(frozen=True, slots=True)
class CheckedRecommend:
    """A request for a recommendation that is well formed."""

    catalog: str
    asked: Asked
    conditions: tuple[Condition, ...]
    constraints: tuple[Constraint, ...]
    currency: str


@dataclass(frozen=True, slots=True)
class CheckedBundle:
    """A request for a bundle that is well formed."""

    catalog: str
    ids: tuple[str, ...]
    size: int
    conditions: tuple[Condition, ...]
    constraints: tuple[Constraint, ...]
    budget: Price | None


@dataclass(frozen=True, slots=True)
class CheckedTrending:
    """A request for trending products that is well formed."""

    catalog: str
    conditions: tuple[Condition, ...]
    window: float | None
    """Seconds."""
    page_size: int


def recommend(request: pb.RecommendRequest) -> CheckedRecommend:
    """Return the parts of a request for a recommendation; raises InvalidArgument."""
    found = Violations()
    shopper = request.shopper
    exploration = None
    if request.HasField("exploration"):
        exploration = found.number("exploration", request.exploration, 0, 1)
    asked = Asked(
        found.text("shopper.visitor_id", shopper.visitor_id, max_chars=MAX_ID_BYTES),
        found.text("shopper.user_id", shopper.user_id, required=False, max_chars=MAX_ID_BYTES),
        _latest_last(found, "context_product_ids", list(request.context_product_ids), MAX_CONTEXT),
        tuple(requests.ids(found, "exclude_product_ids", list(request.exclude_product_ids), 0, MAX_EXCLUDED)),
        found.text("query", request.query, required=False, max_chars=requests.MAX_QUERY_CHARS),
        vector(request.query_vector) if request.HasField("query_vector") else None,
        found.page_size("page_size", request.page_size, requests.DEFAULT_PAGE, requests.MAX_PAGE),
        exploration,
    )
    checked = CheckedRecommend(
        catalog_name(found, request.catalog),
        asked,
        conditions(found, request.filter),
        constraints(found, "constraints", request.constraints),
        requests.currency(found, shopper.currency_code),
    )
    found.raise_if_any()
    return checked


def bundle(request: pb.FindBundleRequest) -> CheckedBundle:
    """Return the parts of a request for a bundle; raises InvalidArgument."""
    found = Violations()
    checked = CheckedBundle(
        catalog_name(found, request.catalog),
        tuple(requests.ids(found, "product_ids", list(request.product_ids), 1, MAX_CHOSEN)),
        found.page_size("max_products", request.max_products, 3, 10),
        conditions(found, request.filter),
        constraints(found, "constraints", request.constraints),
        requests.budget(found, request),
    )
    found.raise_if_any()
    return checked


def trending(request: pb.ListTrendingRequest) -> CheckedTrending:
    """Return the parts of a request for trending products; raises InvalidArgument."""
    found = Violations()
    window = _seconds(found, request.window) if request.HasField("window") else None
    checked = CheckedTrending(
        catalog_name(found, request.catalog),
        conditions(found, request.filter),
        window,
        found.page_size("page_size", request.page_size, requests.DEFAULT_PAGE, requests.MAX_PAGE),
    )
    found.raise_if_any()
    return checked


def _latest_last(found: Violations, field: str, values: list[str], maximum: int) -> tuple[str, ...]:
    """Return ids without repeats; of a repeated one the last place counts."""
    requests.ids(found, field, values, 0, maximum)
    return tuple(reversed(dict.fromkeys(reversed(values))))


def _seconds(found: Violations, message: Duration) -> float:
    seconds = message.seconds + message.nanos / 1e9
    return found.number("window", seconds, SHORTEST_WINDOW, LONGEST_WINDOW)
