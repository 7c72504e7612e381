"""The errors of the node, as Qdrant's clients know them, and the mapping of the engine's errors onto them.

They are not shopguide's errors: the node speaks Qdrant's protocol, whose errors are a status code and a text.
"""

import re

import grpc


class NodeError(Exception):
    """An answer other than success: a gRPC status code and a text that may be shown to the client."""

    code = grpc.StatusCode.INTERNAL


class InvalidRequest(NodeError):
    """The request contradicts itself, the collection's schema or the protocol."""

    code = grpc.StatusCode.INVALID_ARGUMENT


class Missing(NodeError):
    """A collection, alias or point that the request needs does not exist."""

    code = grpc.StatusCode.NOT_FOUND


class Existing(NodeError):
    """The name to be created is taken."""

    code = grpc.StatusCode.ALREADY_EXISTS


class Unsupported(NodeError):
    """Qdrant can do this, the local node cannot."""

    code = grpc.StatusCode.UNIMPLEMENTED

    def __init__(self, what: str) -> None:
        super().__init__(f"{what} is not supported by the local Qdrant node")


class Overloaded(NodeError):
    """More calls are waiting for the engine than the node is willing to hold."""

    code = grpc.StatusCode.RESOURCE_EXHAUSTED


class TimedOut(NodeError):
    """The request's own `timeout` passed before the engine answered."""

    code = grpc.StatusCode.DEADLINE_EXCEEDED


class StartupError(Exception):
    """The node cannot start; the text is one line for the operator."""


def missing_collection(name: str) -> Missing:
    """Return the error for a collection that does not exist, in Qdrant's words."""
    return Missing(f"Not found: Collection `{name}` doesn't exist!")


def missing_point(point_id: object) -> Missing:
    """Return the error for a point that does not exist, in Qdrant's words."""
    return Missing(f"Not found: No point with id {point_id} found")


_FORMULA = (
    "Bad request: the formula has no value for some point: "
    "a variable without value or default, or a number out of range"
)
_ENGINE_ERRORS: tuple[tuple[re.Pattern[str], type[NodeError], str], ...] = tuple(
    (re.compile(pattern), error, text)
    for pattern, error, text in (
        (r"No point with id (?P<id>\S+)", Missing, "Not found: {message} found"),
        (
            r"Vector dimension error|Not existing vector name|Wrong usage of",
            InvalidRequest,
            "Wrong input: {message}",
        ),
        (r"No appropriate index|No range index", InvalidRequest, "Bad request: {message}"),
        (
            r"Validation failed|invalid JSON path|failed to parse|Wrong format",
            InvalidRequest,
            "Bad request: {message}",
        ),
        (r"Operation cancelled: process cancelled", InvalidRequest, _FORMULA),
    )
)


def from_engine(error: BaseException) -> NodeError | None:
    """Return what the client is to be told about an error the engine raised, None if it is not a known one.

    qdrant-edge 0.9 raises bare `Exception` for nearly everything, so the text is all there is to go by. A formula
    that cannot be evaluated cancels the engine's whole search, hence its misleading text.
    """
    message = str(error)
    for pattern, kind, text in _ENGINE_ERRORS:
        if pattern.search(message):
            return kind(text.format(message=message))
    return None
