"""The one error hierarchy of the suite.

    ShopguideError
    ├── InvalidArgument        a field of the request is wrong; says which one
    ├── NotFound               a catalogue, product, shopper ... does not exist
    ├── FailedPrecondition     the request is right, the state is not (index empty, other encoder)
    ├── ResourceExhausted      no permit or no quota left; says when to try again
    ├── Unavailable            a dependency is away or the server is warming up; says when to try again
    ├── DeadlineExceeded       the time of the call or of one stage is used up; names the stage
    ├── Unimplemented          the method or feature does not exist here
    ├── Unauthenticated        the caller did not say who it is, or not credibly
    ├── PermissionDenied       the caller is known and may not do this
    ├── Aborted                another change is in progress; try again
    └── Internal               a bug, or a dependency that answered with one

Code below `servicer.py` raises these and never touches gRPC status codes; one interceptor turns them into a
`google.rpc.Status` (see `shopguide_runtime.status`). Everything else that is raised becomes INTERNAL
without its text.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import grpc
import grpc.aio

DOMAIN = "shopguide"
"""`google.rpc.ErrorInfo.domain` of every error of the suite."""


@dataclass(frozen=True)
class FieldViolation:
    """One wrong field: its path (`query.conditions[2].field`), what is wrong, and a machine word for it."""

    field: str
    description: str
    reason: str


class ShopguideError(Exception):
    """Base of every expected failure.

    Attributes: `code` (gRPC status), `reason` (UPPER_SNAKE machine word), `message` (plain English, safe to
    send to a client), `metadata` (everything variable in the message), `retry_after` (seconds until a retry
    makes sense, or None).
    """

    code: grpc.StatusCode = grpc.StatusCode.INTERNAL

    def __init__(
        self,
        reason: str,
        message: str,
        *,
        metadata: Mapping[str, str] | None = None,
        retry_after: float | None = None,
    ) -> None:
        """Hold a reason, a message that is safe to show and its variable parts."""
        super().__init__(message)
        self.reason = reason
        self.message = message
        self.metadata = {key: str(value) for key, value in (metadata or {}).items()}
        self.retry_after = retry_after


class InvalidArgument(ShopguideError):
    """Raised when fields of the request are wrong; `violations` names each of them."""

    code = grpc.StatusCode.INVALID_ARGUMENT

    def __init__(self, violations: Sequence[FieldViolation]) -> None:
        """Hold at least one violation; reason and message are those of the first one."""
        first = violations[0]
        others = f" (and {len(violations) - 1} more)" if len(violations) > 1 else ""
        super().__init__(
            first.reason, f"{first.field}: {first.description}{others}", metadata={"field": first.field}
        )
        self.violations = tuple(violations)


class NotFound(ShopguideError):
    """Raised when the named thing does not exist; `kind` is a word such as `catalog` or `product`."""

    code = grpc.StatusCode.NOT_FOUND

    def __init__(self, kind: str, name: str) -> None:
        """Hold the kind and the name that was asked for; the reason is `<KIND>_NOT_FOUND`."""
        super().__init__(
            f"{kind.upper()}_NOT_FOUND",
            f"There is no {kind} {name!r}.",
            metadata={"kind": kind, "name": name},
        )
        self.kind = kind
        self.name = name


class FailedPrecondition(ShopguideError):
    """Raised when the system is not in the state that the request needs."""

    code = grpc.StatusCode.FAILED_PRECONDITION


class ResourceExhausted(ShopguideError):
    """Raised when a permit is refused or a quota used up; `subject` is the tenant for quotas, else empty."""

    code = grpc.StatusCode.RESOURCE_EXHAUSTED

    def __init__(
        self,
        reason: str,
        message: str,
        retry_after: float = 1.0,
        *,
        subject: str = "",
        metadata: Mapping[str, str] | None = None,
    ) -> None:
        """Hold the machine word, the message and the seconds to wait before a retry."""
        super().__init__(reason, message, metadata=metadata, retry_after=retry_after)
        self.subject = subject


class Unavailable(ShopguideError):
    """Raised when a dependency cannot be reached or the server is not ready."""

    code = grpc.StatusCode.UNAVAILABLE

    def __init__(
        self,
        dependency: str,
        message: str = "",
        retry_after: float = 1.0,
        *,
        reason: str = "DEPENDENCY_UNAVAILABLE",
    ) -> None:
        """Hold the name of the dependency and the seconds to wait before a retry."""
        super().__init__(
            reason,
            message or f"{dependency} cannot be reached.",
            metadata={"dependency": dependency},
            retry_after=retry_after,
        )
        self.dependency = dependency


class DeadlineExceeded(ShopguideError):
    """Raised when the time of the call, or the share of one stage, is used up."""

    code = grpc.StatusCode.DEADLINE_EXCEEDED

    def __init__(self, stage: str) -> None:
        """Hold the stage in which the time ran out."""
        super().__init__("DEADLINE_IN_STAGE", f"The time ran out in {stage}.", metadata={"stage": stage})
        self.stage = stage


class Unimplemented(ShopguideError):
    """Raised when a method, or one of its features, is not offered by this server."""

    code = grpc.StatusCode.UNIMPLEMENTED

    def __init__(self, method: str, message: str = "") -> None:
        """Hold the method or feature that was asked for."""
        super().__init__(
            "UNIMPLEMENTED", message or f"{method} is not implemented.", metadata={"method": method}
        )


class Unauthenticated(ShopguideError):
    """Raised when credentials are missing, wrong or expired."""

    code = grpc.StatusCode.UNAUTHENTICATED


class PermissionDenied(ShopguideError):
    """Raised when the caller is known and lacks the right."""

    code = grpc.StatusCode.PERMISSION_DENIED


class Aborted(ShopguideError):
    """Raised when another change, such as an index rebuild, is in progress."""

    code = grpc.StatusCode.ABORTED

    def __init__(self, reason: str, message: str, retry_after: float = 5.0) -> None:
        """Hold the machine word, the message and the seconds to wait before a retry."""
        super().__init__(reason, message, retry_after=retry_after)


class Internal(ShopguideError):
    """Raised for a bug of ours or of a dependency; the message must not carry data of the request."""

    code = grpc.StatusCode.INTERNAL

    def __init__(
        self,
        message: str = "An internal error occurred.",
        *,
        reason: str = "INTERNAL",
        metadata: Mapping[str, str] | None = None,
    ) -> None:
        """Hold a message that is safe to send."""
        super().__init__(reason, message, metadata=metadata)


def from_rpc_error(error: grpc.aio.AioRpcError, dependency: str) -> ShopguideError:
    """Return the error that a failed call to `dependency` means for us.

    An error of our own suite (its `ErrorInfo.domain` is `shopguide`) keeps its code, reason, message,
    violations and retry hint. A foreign one keeps only what a caller can act on: unavailable, exhausted,
    deadline; the rest is Internal, and its text is not passed on.
    """
    from shopguide_runtime.status import decode

    return decode(error, dependency)
