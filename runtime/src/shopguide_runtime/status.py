"""The one place where errors of the suite become `google.rpc.Status`, and come back from it."""

import logging
import uuid
from collections.abc import Iterator, Sequence
from typing import TypeVar

import grpc
import grpc.aio
from google.protobuf.message import Message
from google.rpc import error_details_pb2, status_pb2
from grpc_status import rpc_status

from shopguide_runtime import context
from shopguide_runtime.calls import RpcContext
from shopguide_runtime.errors import (
    DOMAIN,
    Aborted,
    DeadlineExceeded,
    FailedPrecondition,
    FieldViolation,
    Internal,
    InvalidArgument,
    NotFound,
    PermissionDenied,
    ResourceExhausted,
    ShopguideError,
    Unauthenticated,
    Unavailable,
    Unimplemented,
)

_log = logging.getLogger(__name__)

_MAX_MESSAGE_CHARS = 200
_MAX_VALUE_CHARS = 100
_MAX_VIOLATIONS_BYTES = 2500
"""A status travels in HTTP/2 trailers, which clients refuse from 8 KiB on: base64, and 9 bytes per Chinese character
of the message. These limits keep any status below that."""

M = TypeVar("M", bound=Message)


def details(error: ShopguideError) -> Iterator[Message]:
    """Yield the `google.rpc` messages that belong to an error; ErrorInfo is always the first."""
    metadata = {key: value[:_MAX_VALUE_CHARS] for key, value in error.metadata.items()}
    yield error_details_pb2.ErrorInfo(reason=error.reason, domain=DOMAIN, metadata=metadata)
    if request_id := context.request_id():
        yield error_details_pb2.RequestInfo(request_id=request_id)
    if error.retry_after is not None:
        retry = error_details_pb2.RetryInfo()
        retry.retry_delay.FromMilliseconds(round(error.retry_after * 1000))
        yield retry
    match error:
        case InvalidArgument():
            yield _bad_request(error.violations)
        case NotFound():
            yield error_details_pb2.ResourceInfo(
                resource_type=error.kind, resource_name=error.name[:_MAX_VALUE_CHARS]
            )
        case FailedPrecondition():
            yield _precondition_failure(error)
        case ResourceExhausted(subject=subject) if subject:
            violation = error_details_pb2.QuotaFailure.Violation(subject=subject, description=_short(error))
            yield error_details_pb2.QuotaFailure(violations=[violation])


def _short(error: ShopguideError) -> str:
    return error.message[:_MAX_MESSAGE_CHARS]


def _bad_request(violations: Sequence[FieldViolation]) -> Message:
    """Return as many of the violations as fit, at least the first one."""
    bad_request = error_details_pb2.BadRequest()
    for violation in violations:
        bad_request.field_violations.add(
            field=violation.field[:_MAX_VALUE_CHARS],
            description=violation.description[:_MAX_VALUE_CHARS],
            reason=violation.reason,
        )
        if bad_request.ByteSize() > _MAX_VIOLATIONS_BYTES:
            break
    return bad_request


def _precondition_failure(error: ShopguideError) -> Message:
    violation = error_details_pb2.PreconditionFailure.Violation(
        type=error.reason, subject=error.metadata.get("subject", ""), description=_short(error)
    )
    return error_details_pb2.PreconditionFailure(violations=[violation])


def encode(error: ShopguideError) -> status_pb2.Status:
    """Return the `google.rpc.Status` of an error."""
    status = status_pb2.Status(code=error.code.value[0], message=_short(error))
    for detail in details(error):
        status.details.add().Pack(detail)
    return status


async def abort(rpc: RpcContext, error: ShopguideError) -> None:
    """End the call of the servicer context `rpc` with the error; raises gRPC's own abort exception."""
    status = rpc_status.to_status(encode(error))
    trailing = (*(rpc.trailing_metadata() or ()), *status.trailing_metadata)
    await rpc.abort(status.code, status.details, trailing)


def sanitize(error: BaseException) -> ShopguideError:
    """Return the error that may be sent for whatever was raised.

    Groups give their first suite error. Failed calls to other servers are translated. Anything else is logged
    with an error id and becomes Internal, which carries that id and nothing else.
    """
    cause = _representative(error)
    if isinstance(cause, ShopguideError):
        return cause
    if isinstance(cause, grpc.aio.AioRpcError):
        return decode(cause, "a dependency")
    error_id = uuid.uuid4().hex
    _log.error("unexpected exception", exc_info=error, extra={"error_id": error_id})
    return Internal(f"An internal error occurred (error id {error_id}).", metadata={"error_id": error_id})


def _representative(error: BaseException) -> BaseException:
    if not isinstance(error, BaseExceptionGroup):
        return error
    leaves = [_representative(e) for e in error.exceptions]
    return next((leaf for leaf in leaves if isinstance(leaf, ShopguideError)), leaves[0])


def _status_of(error: grpc.aio.AioRpcError) -> status_pb2.Status | None:
    for key, value in error.trailing_metadata() or ():
        if key == "grpc-status-details-bin" and isinstance(value, bytes):
            return status_pb2.Status.FromString(value)
    return None


def _unpack(status: status_pb2.Status, kind: type[M]) -> M | None:
    for packed in status.details:
        if packed.Is(kind.DESCRIPTOR):
            found = kind()
            packed.Unpack(found)
            return found
    return None


def _retry_after(status: status_pb2.Status | None, default: float) -> float:
    info = _unpack(status, error_details_pb2.RetryInfo) if status else None
    return info.retry_delay.ToMilliseconds() / 1000 if info else default


def decode(error: grpc.aio.AioRpcError, dependency: str) -> ShopguideError:
    """Return the suite error of a failed call; see `shopguide_runtime.errors.from_rpc_error`."""
    status = _status_of(error)
    info = _unpack(status, error_details_pb2.ErrorInfo) if status else None
    if status is None or info is None or info.domain != DOMAIN:
        return _foreign(error.code(), status, dependency)
    return _own(error.code(), status, info)


def _foreign(code: grpc.StatusCode, status: status_pb2.Status | None, dependency: str) -> ShopguideError:
    match code:
        case grpc.StatusCode.UNAVAILABLE | grpc.StatusCode.CANCELLED:
            return Unavailable(dependency, retry_after=_retry_after(status, 1.0))
        case grpc.StatusCode.RESOURCE_EXHAUSTED:
            message = f"{dependency} has no capacity left."
            return ResourceExhausted(
                "DEPENDENCY_BUSY", message, _retry_after(status, 1.0), metadata={"dependency": dependency}
            )
        case grpc.StatusCode.DEADLINE_EXCEEDED:
            return DeadlineExceeded(dependency)
        case grpc.StatusCode.UNIMPLEMENTED:
            return Unimplemented(dependency, f"{dependency} does not offer the method that was called.")
    return Internal(
        f"{dependency} answered {code.name}.",
        reason="DEPENDENCY_ERROR",
        metadata={"dependency": dependency, "code": code.name},
    )


def _own(
    code: grpc.StatusCode, status: status_pb2.Status, info: error_details_pb2.ErrorInfo
) -> ShopguideError:
    metadata, reason, message = dict(info.metadata), info.reason, status.message
    match code:
        case grpc.StatusCode.INVALID_ARGUMENT:
            return InvalidArgument(_violations(status, message, reason))
        case grpc.StatusCode.NOT_FOUND:
            return NotFound(metadata.get("kind", "resource"), metadata.get("name", ""))
        case grpc.StatusCode.UNAVAILABLE:
            return Unavailable(
                metadata.get("dependency", ""), message, _retry_after(status, 1.0), reason=reason
            )
        case grpc.StatusCode.RESOURCE_EXHAUSTED:
            return _exhausted(status, reason, message, metadata)
        case grpc.StatusCode.DEADLINE_EXCEEDED:
            return DeadlineExceeded(metadata.get("stage", ""))
        case grpc.StatusCode.UNIMPLEMENTED:
            return Unimplemented(metadata.get("method", ""), message)
        case grpc.StatusCode.ABORTED:
            return Aborted(reason, message, _retry_after(status, 5.0))
    plain = _PLAIN.get(code)
    return (
        plain(reason, message, metadata=metadata)
        if plain
        else Internal(message, reason=reason, metadata=metadata)
    )


_PLAIN: dict[grpc.StatusCode, type[ShopguideError]] = {
    cls.code: cls for cls in (FailedPrecondition, Unauthenticated, PermissionDenied)
}


def _violations(status: status_pb2.Status, message: str, reason: str) -> list[FieldViolation]:
    bad_request = _unpack(status, error_details_pb2.BadRequest)
    found = bad_request.field_violations if bad_request else ()
    return [FieldViolation(v.field, v.description, v.reason) for v in found] or [
        FieldViolation("request", message, reason)
    ]


def _exhausted(
    status: status_pb2.Status, reason: str, message: str, metadata: dict[str, str]
) -> ResourceExhausted:
    quota = _unpack(status, error_details_pb2.QuotaFailure)
    subject = quota.violations[0].subject if quota and quota.violations else ""
    return ResourceExhausted(reason, message, _retry_after(status, 1.0), subject=subject, metadata=metadata)
