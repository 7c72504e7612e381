"""Checks of requests: every wrong field is named in one InvalidArgument."""

import math
import re

from shopguide.gateway.v1 import guide_service_pb2 as pb
from shopguide.type.v1 import query_pb2
from shopguide_runtime.errors import Unimplemented
from shopguide_runtime.validation import (
    FIELD_MALFORMED,
    FIELD_OUT_OF_RANGE,
    FIELD_REQUIRED,
    Violations,
)

CATALOG = re.compile(r"catalogs/[a-z]([a-z0-9-]{0,38}[a-z0-9])?")
_LANGUAGE = re.compile(r"(en|zh)(-[A-Za-z0-9]{2,8})*", re.IGNORECASE)
_CURRENCY = re.compile(r"[A-Z]{3}")
_MAX_TEXT = 2000
_MAX_CONDITIONS = 32
_MAX_VALUES = 100
_MAX_LABELS = 16
_MAX_TOKEN = 64 * 1024
_MAX_PRODUCTS = 20
_MAX_PAGE = 100
_DEFAULT_PAGE = 20


def check_chat(request: pb.ChatRequest, default_products: int) -> int:
    """Return how many products to show. Raises InvalidArgument, or Unimplemented for a picture."""
    found = Violations()
    _check_common(found, request.catalog, request.shopper, request.filter)
    _check_input(found, request)
    if len(request.conversation_token) > _MAX_TOKEN:
        found.add("conversation_token", f"must be at most {_MAX_TOKEN} bytes", FIELD_OUT_OF_RANGE)
    found.count("labels", len(request.labels), 0, _MAX_LABELS)
    products = found.page_size("max_products", request.max_products, default_products, _MAX_PRODUCTS)
    found.raise_if_any()
    if request.HasField("image"):
        raise Unimplemented("Chat with an image", "Searching with a picture is not implemented yet.")
    return products


def _check_input(found: Violations, request: pb.ChatRequest) -> None:
    match request.WhichOneof("input"):
        case "selected_answer":
            found.text("selected_answer.text", request.selected_answer.text, max_chars=_MAX_TEXT)
            if request.selected_answer.HasField("condition"):
                check_condition(found, "selected_answer.condition", request.selected_answer.condition)
        case _:
            found.text("text", request.text, max_chars=_MAX_TEXT)


def check_search(request: pb.SearchRequest) -> int:
    """Return the page size. Raises InvalidArgument, or Unimplemented for a picture."""
    found = Violations()
    _check_common(found, request.catalog, request.shopper, request.filter)
    found.text("query", request.query, max_chars=_MAX_TEXT)
    size = found.page_size("page_size", request.page_size, _DEFAULT_PAGE, _MAX_PAGE)
    found.raise_if_any()
    if request.HasField("image"):
        raise Unimplemented("Search with an image", "Searching with a picture is not implemented yet.")
    return size


def check_list_request(
    found: Violations, catalog: str, shopper: query_pb2.Shopper, limits: query_pb2.Filter, page_size: int
) -> int:
    """Note what is wrong with the fields of every list, and return the page size."""
    _check_common(found, catalog, shopper, limits)
    return found.page_size("page_size", page_size, _DEFAULT_PAGE, _MAX_PAGE)


def check_describe(request: pb.DescribeCatalogRequest) -> None:
    """Raise InvalidArgument when a field is wrong."""
    found = Violations()
    _check_catalog(found, request.catalog)
    _check_filter(found, request.filter)
    found.raise_if_any()


def _check_common(
    found: Violations, catalog: str, shopper: query_pb2.Shopper, limits: query_pb2.Filter
) -> None:
    _check_catalog(found, catalog)
    _check_shopper(found, shopper)
    _check_filter(found, limits)


def _check_catalog(found: Violations, catalog: str) -> None:
    found.identifier("catalog", catalog, pattern=CATALOG)


def _check_shopper(found: Violations, shopper: query_pb2.Shopper) -> None:
    found.identifier("shopper.visitor_id", shopper.visitor_id)
    found.identifier("shopper.user_id", shopper.user_id, required=False)
    found.identifier("shopper.language_code", shopper.language_code, required=False, pattern=_LANGUAGE)
    found.identifier("shopper.currency_code", shopper.currency_code, required=False, pattern=_CURRENCY)


def _check_filter(found: Violations, limits: query_pb2.Filter) -> None:
    found.count("filter.conditions", len(limits.conditions), 0, _MAX_CONDITIONS)
    for number, condition in enumerate(limits.conditions[:_MAX_CONDITIONS]):
        check_condition(found, f"filter.conditions[{number}]", condition)


def check_condition(found: Violations, path: str, condition: query_pb2.Condition) -> None:
    """Note what is wrong with a condition; whether its field exists is for the retrieval service to say."""
    found.text(f"{path}.field", condition.field, max_chars=128)
    match condition.WhichOneof("test"):
        case "any_of":
            found.count(f"{path}.any_of.values", len(condition.any_of.values), 1, _MAX_VALUES)
        case "none_of":
            found.count(f"{path}.none_of.values", len(condition.none_of.values), 1, _MAX_VALUES)
        case "range":
            _check_range(found, f"{path}.range", condition.range)
        case _:
            found.add(path, "must have a test: any_of, none_of or range", FIELD_REQUIRED)


def _check_range(found: Violations, path: str, bounds: query_pb2.NumberRange) -> None:
    given = [bounds.minimum] * bounds.HasField("minimum") + [bounds.maximum] * bounds.HasField("maximum")
    if not given:
        found.add(path, "must have a minimum or a maximum", FIELD_REQUIRED)
    elif not all(map(math.isfinite, given)):
        found.add(path, "must have finite bounds", FIELD_MALFORMED)
    elif given != sorted(given):
        found.add(path, "must not have a minimum above its maximum", FIELD_OUT_OF_RANGE)
