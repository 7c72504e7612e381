"""Recommend of the gateway's API: the request checked and read, the answer written."""

from shopguide.gateway.v1 import guide_service_pb2 as pb
from shopguide_gateway.convert.answers import write_degradations
from shopguide_gateway.convert.checks import check_list_request
from shopguide_gateway.convert.guide import read_shopper
from shopguide_gateway.convert.limits import read_conditions
from shopguide_gateway.convert.products import write_scored
from shopguide_gateway.domain.recommending import Listed, Placement, Wanted
from shopguide_runtime.validation import FIELD_UNKNOWN_VALUE, Violations

_MOST_CONTEXT, _MOST_ID_BYTES = 50, 128
_PLACEMENTS = {p.value: p for p in Placement}


def read_wanted(request: pb.RecommendRequest) -> Wanted:
    """Return the list as asked for; raises InvalidArgument with every wrong field."""
    found = Violations()
    size = check_list_request(found, request.catalog, request.shopper, request.filter, request.page_size)
    placement = _PLACEMENTS.get(request.placement or Placement.HOME.value)
    if placement is None:
        found.add("placement", f"must be one of {', '.join(_PLACEMENTS)}", FIELD_UNKNOWN_VALUE)
    found.count("context_product_ids", len(request.context_product_ids), 0, _MOST_CONTEXT)
    for number, value in enumerate(request.context_product_ids[:_MOST_CONTEXT]):
        found.text(f"context_product_ids[{number}]", value, max_chars=_MOST_ID_BYTES)
    found.raise_if_any()
    return Wanted(
        request.catalog,
        read_shopper(request.shopper),
        placement or Placement.HOME,
        tuple(reversed(dict.fromkeys(reversed(request.context_product_ids)))),
        tuple(read_conditions(request.filter)),
        size,
    )


def write_listed(listed: Listed) -> pb.RecommendResponse:
    """Return the message."""
    return pb.RecommendResponse(
        results=[write_scored(s) for s in listed.results],
        attribution_token=listed.attribution_token,
        degradations=write_degradations(listed.degradations),
    )
