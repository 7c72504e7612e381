"""What the call in progress is: request id and method, carried into every task that it starts."""

import re
import sys
import uuid
from contextvars import ContextVar

REQUEST_ID_HEADER = "x-request-id"
"""Metadata key that carries the request id between servers and back to the client."""

_ACCEPTED = re.compile(r"[A-Za-z0-9._\-]{1,64}")

_request_id: ContextVar[str] = ContextVar("shopguide_request_id", default="")
_method: ContextVar[str] = ContextVar("shopguide_method", default="")


def request_id() -> str:
    """Return the request id of the call in progress, or an empty string outside of a call."""
    return _request_id.get()


def method() -> str:
    """Return the full gRPC method of the call in progress, or an empty string outside of a call."""
    return _method.get()


def trace_ids() -> dict[str, str]:
    """Return `trace_id` and `span_id` of the current OpenTelemetry span in hex; empty when there is none."""
    trace = sys.modules.get("opentelemetry.trace")
    if trace is None:
        return {}
    span = trace.get_current_span().get_span_context()
    return {"trace_id": f"{span.trace_id:032x}", "span_id": f"{span.span_id:016x}"} if span.is_valid else {}


def bind(request_id: str, method: str) -> None:
    """Make `request_id` and `method` those of the call in progress, for this task and the tasks it starts."""
    _request_id.set(request_id)
    _method.set(method)


def accept_request_id(offered: str | None) -> str:
    """Return the offered id when it is 1 to 64 of `A-Z a-z 0-9 . _ -`, else a new random one."""
    if offered is not None and _ACCEPTED.fullmatch(offered):
        return offered
    return uuid.uuid4().hex
