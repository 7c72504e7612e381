"""What Triton's messages and codes become."""

import grpc
import grpc.aio
import pytest

from shopguide_runtime import errors
from shopguide_runtime.triton.failures import from_message, from_status


def rpc_error(code: grpc.StatusCode, details: str) -> grpc.aio.AioRpcError:
    """A failed call as grpc.aio raises it."""
    return grpc.aio.AioRpcError(code, grpc.aio.Metadata(), grpc.aio.Metadata(), details)


UNAVAILABLE, INTERNAL = grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.INTERNAL


@pytest.mark.parametrize(
    ("code", "details", "expected", "reason"),
    [
        (INTERNAL, "Stub process 'm_0_0' is not healthy.", errors.Unavailable, "MODEL_PROCESS_DEAD"),
        (
            UNAVAILABLE,
            "Model is unavailable due to unhealthy vLLM engine",
            errors.Unavailable,
            "MODEL_PROCESS_DEAD",
        ),
        (
            UNAVAILABLE,
            "Model is unavailable due to unhealthy engine",
            errors.Unavailable,
            "MODEL_PROCESS_DEAD",
        ),
        (
            UNAVAILABLE,
            "[request id: 1] Exceeds maximum queue size",
            errors.ResourceExhausted,
            "MODEL_QUEUE_FULL",
        ),
        (
            UNAVAILABLE,
            "Error generating stream: Too many live requests: 8",
            errors.ResourceExhausted,
            "MODEL_QUEUE_FULL",
        ),
        (UNAVAILABLE, "Request timeout expired", errors.DeadlineExceeded, "DEADLINE_IN_STAGE"),
        (
            grpc.StatusCode.NOT_FOUND,
            "Request for unknown model: 'm' has no available versions",
            errors.Unavailable,
            "MODEL_NOT_LOADED",
        ),
        (UNAVAILABLE, "Server exiting", errors.Unavailable, "MODEL_NOT_LOADED"),
        (grpc.StatusCode.CANCELLED, "", errors.Unavailable, "MODEL_STREAM_BROKEN"),
        (
            grpc.StatusCode.DEADLINE_EXCEEDED,
            "Deadline Exceeded",
            errors.DeadlineExceeded,
            "DEADLINE_IN_STAGE",
        ),
        (grpc.StatusCode.INVALID_ARGUMENT, "TEXT[3] is empty", errors.InvalidArgument, "MODEL_INPUT_INVALID"),
        (UNAVAILABLE, "failed to connect to all addresses", errors.Unavailable, "DEPENDENCY_UNAVAILABLE"),
        (INTERNAL, "boom: shopper said secret", errors.Internal, None),
    ],
)
def test_status_becomes_an_error_to_act_on(
    code: grpc.StatusCode, details: str, expected: type[errors.ShopguideError], reason: str | None
) -> None:
    """Message and code together decide, because Triton uses UNAVAILABLE and INTERNAL for very different things."""
    error = from_status(rpc_error(code, details), "m")
    assert type(error) is expected
    assert reason is None or error.reason == reason


def test_unknown_text_is_not_passed_on() -> None:
    """A model's exception text may quote the prompt, so it does not reach our clients."""
    assert "secret" not in from_status(rpc_error(INTERNAL, "boom: secret"), "m").message
    assert "secret" not in from_message("boom: secret", "m").message


def test_a_wrong_input_is_described() -> None:
    """The description of a wrong input is the model's own."""
    error = from_status(rpc_error(grpc.StatusCode.INVALID_ARGUMENT, "TEXT[3] is empty"), "m")
    assert isinstance(error, errors.InvalidArgument)
    assert error.violations[0].description == "TEXT[3] is empty"


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        ("Request for unknown model: 'm' is not found", "MODEL_NOT_LOADED"),
        ("in ensemble, Stub process 'm_0_0' is not healthy.", "MODEL_PROCESS_DEAD"),
        ("Request was cancelled", "MODEL_STREAM_BROKEN"),
        ("something new", "MODEL_FAILED"),
    ],
)
def test_messages_without_a_status_are_understood(message: str, reason: str) -> None:
    """Some failures arrive inside a stream as text alone."""
    assert from_message(message, "m").reason == reason
