"""Every call to Qdrant goes through here: its time is measured and its failures become errors of ours."""

import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import grpc
from qdrant_client.common.client_exceptions import ResourceExhaustedResponse
from qdrant_client.http.exceptions import ApiException, ResponseHandlingException

from shopguide_retrieval.metrics import QDRANT_ERRORS, QDRANT_SECONDS
from shopguide_runtime.deadline import remaining
from shopguide_runtime.errors import (
    Internal,
    NotFound,
    ResourceExhausted,
    Unavailable,
    Unimplemented,
    from_rpc_error,
)

DEPENDENCY = "qdrant"


@asynccontextmanager
async def qdrant_call(operation: str) -> AsyncIterator[None]:
    """Time a call and translates what it raises.

    Raises NotFound for a collection that is gone, Unavailable when Qdrant cannot be reached, DeadlineExceeded and
    ResourceExhausted as Qdrant says, Unimplemented for a feature it lacks, Internal for everything else it answers.
    """
    start = time.perf_counter()
    try:
        yield
    except grpc.aio.AioRpcError as error:
        QDRANT_ERRORS.labels(operation).inc()
        if error.code() is grpc.StatusCode.NOT_FOUND:
            raise NotFound("collection", operation) from error
        if error.code() is grpc.StatusCode.UNIMPLEMENTED:
            # Only a setting can ask for it: whoever made that must be told which feature it is.
            raise Unimplemented(DEPENDENCY, f"This Qdrant cannot {operation}: {error.details()}.") from error
        raise from_rpc_error(error, DEPENDENCY) from error
    except ResourceExhaustedResponse as error:
        QDRANT_ERRORS.labels(operation).inc()
        raise ResourceExhausted("DEPENDENCY_BUSY", "qdrant is busy.", error.retry_after_s) from error
    except (ResponseHandlingException, ConnectionError, OSError) as error:
        QDRANT_ERRORS.labels(operation).inc()
        raise Unavailable(DEPENDENCY) from error
    except ApiException as error:
        QDRANT_ERRORS.labels(operation).inc()
        raise Internal("qdrant refused a request.") from error
    finally:
        QDRANT_SECONDS.labels(operation).observe(time.perf_counter() - start)


def call_timeout(default: float = 10.0) -> int:
    """Return the whole seconds a call may take: what the request has left, at least 1."""
    return max(1, int(min(default, remaining(default)) + 0.999))


def deadline_seconds(default: float = 10.0) -> float:
    """Return the seconds a call may take: what the request has left, at most `default`."""
    return max(0.001, min(default, remaining(default)))


async def ready(probe: Callable[[], Awaitable[object]]) -> None:
    """Raises Unavailable when the probe of Qdrant fails."""
    async with qdrant_call("probe"):
        await probe()
