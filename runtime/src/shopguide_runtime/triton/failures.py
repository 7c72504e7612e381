"""What Triton's failures mean for us.

Status codes alone do not tell: a full queue and a dead server are both UNAVAILABLE.
"""

from collections.abc import Callable
from dataclasses import dataclass

import grpc
import grpc.aio

from shopguide_runtime.errors import (
    DeadlineExceeded,
    FieldViolation,
    Internal,
    InvalidArgument,
    NotFound,
    ResourceExhausted,
    ShopguideError,
    Unavailable,
    from_rpc_error,
)

PROCESS_DEAD = "MODEL_PROCESS_DEAD"
"""Reason: the model's own process ended; Triton does not start it again, loading the model does."""
NOT_LOADED = "MODEL_NOT_LOADED"
"""Reason: the server is up and the model is not loaded, or is being replaced, or the server is going down."""
QUEUE_FULL = "MODEL_QUEUE_FULL"
"""Reason: the model holds as many requests as it accepts."""
STREAM_BROKEN = "MODEL_STREAM_BROKEN"
"""Reason: a stream of tokens ended before its last token."""
STREAM_SILENT = "MODEL_STREAM_SILENT"
"""Reason: no token arrived for the longest silence allowed. A busy model does this too, not only a dead one."""


@dataclass(frozen=True)
class _Rule:
    """A part of Triton's message and the error it stands for, made from the model's name."""

    part: str
    error: Callable[[str], ShopguideError]


def _unavailable(reason: str, text: str) -> Callable[[str], ShopguideError]:
    return lambda model: Unavailable(model, f"{model} {text}.", reason=reason)


def _full(model: str) -> ShopguideError:
    return ResourceExhausted(
        QUEUE_FULL, f"{model} has no room for another request.", metadata={"model": model}
    )


# Messages of Triton 2.51 and of its vLLM backend; the last rows are those of our own models.
_RULES = (
    _Rule("is not healthy", _unavailable(PROCESS_DEAD, "has lost its process")),
    _Rule(
        "Failed to process the request(s) for model instance",
        _unavailable(PROCESS_DEAD, "has lost its process"),
    ),
    _Rule("due to unhealthy", _unavailable(PROCESS_DEAD, "has lost its engine")),
    _Rule("has no available versions", _unavailable(NOT_LOADED, "is not loaded")),
    _Rule("Request for unknown model", _unavailable(NOT_LOADED, "is not loaded")),
    _Rule("Server exiting", _unavailable(NOT_LOADED, "is shutting down")),
    _Rule("is unavailable", _unavailable(NOT_LOADED, "is not loaded")),
    _Rule("Exceeds maximum queue size", _full),
    _Rule("Too many live requests", _full),
    _Rule("Request timeout expired", DeadlineExceeded),
    _Rule("Request was cancelled", _unavailable(STREAM_BROKEN, "gave the request up")),
)


def from_message(message: str, model: str) -> ShopguideError:
    """Return the error for a failure that arrived as a message inside a stream, without a status."""
    rule = next((rule for rule in _RULES if rule.part in message), None)
    return (
        rule.error(model)
        if rule
        else Internal(f"{model} failed.", reason="MODEL_FAILED", metadata={"model": model})
    )


def from_status(error: grpc.aio.AioRpcError, model: str) -> ShopguideError:
    """Return the error for a call that Triton ended with a gRPC status."""
    details = error.details() or ""
    if any(rule.part in details for rule in _RULES):
        return from_message(details, model)
    match error.code():
        case grpc.StatusCode.INVALID_ARGUMENT:
            return InvalidArgument([FieldViolation(model, details, "MODEL_INPUT_INVALID")])
        case grpc.StatusCode.DEADLINE_EXCEEDED:
            return DeadlineExceeded(model)
        case grpc.StatusCode.NOT_FOUND:
            return NotFound("model", model)
        case grpc.StatusCode.CANCELLED:
            return Unavailable(model, f"{model} gave the request up.", reason=STREAM_BROKEN)
        case _:
            return from_rpc_error(error, model)
