"""Requests for deals, and deals as messages."""

from dataclasses import dataclass

from shopguide.retrieval.v1 import retrieval_service_pb2 as pb
from shopguide_retrieval.convert.catalogs import catalog_name
from shopguide_retrieval.convert.products import money
from shopguide_retrieval.convert.queries import conditions, constraints, vector
from shopguide_retrieval.convert.requests import DEFAULT_PAGE, MAX_PAGE, MAX_QUERY_CHARS
from shopguide_retrieval.domain.bargains import Bargain
from shopguide_retrieval.domain.conditions import Condition, Constraint
from shopguide_retrieval.domain.search import SearchQuery
from shopguide_retrieval.domain.validation import CURRENCY
from shopguide_runtime.validation import FIELD_MALFORMED, Violations


@dataclass(frozen=True, slots=True)
class CheckedDeals:
    """A request for deals that is well formed."""

    catalog: str
    query: SearchQuery
    conditions: tuple[Condition, ...]
    constraints: tuple[Constraint, ...]
    currency: str
    page_size: int


def deals(request: pb.FindDealsRequest) -> CheckedDeals:
    """Return the parts of a request for deals; raises InvalidArgument."""
    found = Violations()
    text = found.text("query", request.query, required=False, max_chars=MAX_QUERY_CHARS)
    given = vector(request.query_vector) if request.HasField("query_vector") else None
    code = request.shopper.currency_code
    if code and not CURRENCY.fullmatch(code):
        found.add("shopper.currency_code", "must be an ISO 4217 code", FIELD_MALFORMED)
    checked = CheckedDeals(
        catalog=catalog_name(found, request.catalog),
        # Variants are grouped by their price, not by how well they match: the cheapest colour is the deal.
        query=SearchQuery(text, given, expand_groups=True),
        conditions=conditions(found, request.filter),
        constraints=constraints(found, "constraints", request.constraints),
        currency=code,
        page_size=found.page_size("page_size", request.page_size, DEFAULT_PAGE, MAX_PAGE),
    )
    found.raise_if_any()
    return checked


def deal_message(found: Bargain) -> pb.FindDealsResponse.Deal:
    """Return the message of what is good about a price."""
    return pb.FindDealsResponse.Deal(
        product_id=found.ranked.candidate.id,
        discount_share=found.discount,
        saving=money(found.saving) if found.saving else None,
        cheaper_than_share=found.cheaper_than,
    )
