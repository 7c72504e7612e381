"""What a failed call raises."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import cast

import grpc
from google.protobuf.message import DecodeError
from google.rpc import error_details_pb2, status_pb2

_DETAILS = "grpc-status-details-bin"


@dataclass(frozen=True)
class FieldViolation:
    """One wrong field of the request."""

    field: str
    """Path of the field, such as `filter.conditions[0].range`."""
    description: str
    """What is wrong with it."""


class ApiError(Exception):
    """Raised for every failed call: `code`, `reason` (a machine word), `message`, `violations`, `retry_after` (seconds)."""

    def __init__(self, error: grpc.RpcError) -> None:
        """Read the rich status out of a gRPC error."""
        self.code: grpc.StatusCode = error.code()
        self.message: str = error.details() or self.code.name
        self.reason = self.code.name
        self.violations: tuple[FieldViolation, ...] = ()
        self.retry_after: float | None = None
        for detail in _details(error):
            self._take(detail)
        super().__init__(f"{self.code.name}: {self.message}")

    def _take(self, detail: object) -> None:
        match detail:
            case error_details_pb2.ErrorInfo():
                self.reason = detail.reason
            case error_details_pb2.RetryInfo():
                self.retry_after = detail.retry_delay.ToNanoseconds() / 1e9
            case error_details_pb2.BadRequest():
                self.violations = tuple(
                    FieldViolation(v.field, v.description) for v in detail.field_violations
                )


def _details(error: grpc.RpcError) -> Iterator[object]:
    known = (error_details_pb2.ErrorInfo, error_details_pb2.RetryInfo, error_details_pb2.BadRequest)
    for packed in _status(error).details:
        for kind in known:
            if packed.Is(kind.DESCRIPTOR):
                message = kind()
                packed.Unpack(message)
                yield message


def _status(error: grpc.RpcError) -> status_pb2.Status:
    metadata = cast(Iterable[tuple[str, bytes]], error.trailing_metadata() or ())
    for key, value in metadata:
        if key == _DETAILS:
            try:
                return status_pb2.Status.FromString(value)
            except DecodeError:
                break
    return status_pb2.Status()
