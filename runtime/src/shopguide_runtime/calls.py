"""One call as the stages see it, and the wrapper that runs a handler of any of the four kinds inside them."""

import asyncio
import inspect
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Any, Protocol, cast

import grpc
import grpc.aio
from google.protobuf.message import DecodeError

from shopguide_runtime.errors import FieldViolation, InvalidArgument
from shopguide_runtime.metrics import UNKNOWN, Series, series_of

RpcContext = Any
"""A `grpc.aio.ServicerContext`, whose annotations leave out much of what it can do."""

Payload = Any
"""A message of a method, an iterator of them, or what gRPC hands through without saying its type."""

MethodHandler = Any
"""A `grpc.RpcMethodHandler`, which is generic for type checkers only."""

INFRASTRUCTURE = frozenset(
    {
        "grpc.health.v1.Health",
        "grpc.reflection.v1alpha.ServerReflection",
        "shopguide.meta.v1.ServerInfoService",
    }
)
"""Services that must answer when the server is full or warming up."""


def _ignore() -> None:
    return None


@dataclass
class Call:
    """A call in progress: its full method name, metric series, gRPC context and what has happened so far."""

    method: str
    series: Series
    context: RpcContext
    started: float = field(default_factory=time.perf_counter)
    received: int = 0
    sent: int = 0
    on_received: Callable[[], None] = _ignore
    on_sent: Callable[[], None] = _ignore

    @property
    def metadata(self) -> dict[str, str]:
        """The text metadata that the client sent."""
        return {key: value for key, value in self.context.invocation_metadata() if isinstance(value, str)}

    @property
    def infrastructure(self) -> bool:
        """Whether the call is to health, reflection or ServerInfo."""
        return self.series.service in INFRASTRUCTURE

    @property
    def seconds(self) -> float:
        """Seconds since the call began."""
        return time.perf_counter() - self.started

    def count_received(self) -> None:
        """Note one more request message."""
        self.received += 1
        self.on_received()

    def count_sent(self) -> None:
        """Note one more response message."""
        self.sent += 1
        self.on_sent()


Proceed = Callable[[], Awaitable[bytes | None]]
"""Runs the other stages and the handler; returns the encoded response of a unary call, None for a stream."""


class Stage(Protocol):
    """One layer around every call, the same for all four kinds."""

    async def __call__(self, call: Call, proceed: Proceed) -> bytes | None:
        """Do what comes before, `return await proceed()`, and do what comes after, whatever it raises."""
        ...


def outcome(call: Call, error: BaseException | None) -> grpc.StatusCode:
    """Return the status that the client sees for a call that ended with `error` (None: it returned).

    gRPC reports an expired deadline and a client that went away both as CancelledError, or as an internal
    error of the write that was in progress; the time left tells them apart.
    """
    if isinstance(error, (asyncio.CancelledError, grpc.aio.InternalError)):
        left = call.context.time_remaining()
        expired = left is not None and left <= 0
        return grpc.StatusCode.DEADLINE_EXCEEDED if expired else grpc.StatusCode.CANCELLED
    code = call.context.code()
    if code is None:
        return grpc.StatusCode.OK if error is None else grpc.StatusCode.UNKNOWN
    return cast(grpc.StatusCode, code)


class _Handler(Protocol):
    """What a `grpc.RpcMethodHandler` offers."""

    request_streaming: bool
    response_streaming: bool
    request_deserializer: Callable[[bytes], Any] | None
    response_serializer: Callable[[Any], bytes] | None
    unary_unary: Callable[..., Any] | None
    unary_stream: Callable[..., Any] | None
    stream_unary: Callable[..., Any] | None
    stream_stream: Callable[..., Any] | None


def _behaviour(handler: _Handler) -> Callable[[Any, Any], Any]:
    chosen = handler.unary_unary or handler.unary_stream or handler.stream_unary or handler.stream_stream
    return cast(Callable[[Any, Any], Any], chosen)


class _HandlerContext:
    """The context that a handler gets: gRPC's own, except that messages are coded and counted here."""

    def __init__(self, codec: "_Codec", call: Call) -> None:
        self._codec = codec
        self._call = call

    def __getattr__(self, name: str) -> object:
        return getattr(self._call.context, name)

    async def write(self, message: Payload) -> None:
        """Send one response message."""
        await self._call.context.write(self._codec.encode(message))
        self._call.count_sent()

    async def read(self) -> Payload:
        """Return the next request message, or `grpc.aio.EOF`."""
        raw = await self._call.context.read()
        return raw if raw is grpc.aio.EOF else self._codec.decode(raw, self._call)


class _Codec:
    """Encodes and decodes messages inside the stages, so that a failure is a proper error."""

    def __init__(self, handler: _Handler) -> None:
        self._deserialize = handler.request_deserializer
        self._serialize = handler.response_serializer

    def decode(self, raw: bytes, call: Call) -> Payload:
        call.count_received()
        try:
            return self._deserialize(raw) if self._deserialize else raw
        except (DecodeError, UnicodeDecodeError) as error:
            description = (
                "is not a valid message of this method (malformed protobuf or text that is not UTF-8)"
            )
            raise InvalidArgument([FieldViolation("request", description, "REQUEST_UNDECODABLE")]) from error

    def encode(self, message: Payload) -> bytes:
        return self._serialize(message) if self._serialize else cast(bytes, message)

    async def decode_all(self, raw_messages: AsyncIterator[bytes], call: Call) -> AsyncIterator[Any]:
        async for raw in raw_messages:
            yield self.decode(raw, call)


async def _run_streaming(result: Payload, context: _HandlerContext) -> None:
    if inspect.isasyncgen(result):
        async with aclosing(result) as messages:
            async for message in messages:
                await context.write(message)
    else:
        await result


def wrap(method: str, handler: _Handler, stages: Sequence[Stage]) -> MethodHandler:
    """Return a handler of the same kind that runs `handler` inside the stages, the first one outermost."""
    series = series_of(
        method, request_streaming=handler.request_streaming, response_streaming=handler.response_streaming
    )
    codec, behaviour = _Codec(handler), _behaviour(handler)

    async def run(request: Payload, context: RpcContext) -> bytes | None:
        call = Call(method, series, context)
        handler_context = _HandlerContext(codec, call)

        async def innermost() -> bytes | None:
            received = (
                codec.decode_all(request, call) if handler.request_streaming else codec.decode(request, call)
            )
            result = behaviour(received, handler_context)
            if handler.response_streaming:
                await _run_streaming(result, handler_context)
                return None
            encoded = codec.encode(await result)
            call.count_sent()
            return encoded

        return await _chain(stages, call, innermost)()

    return _method_handler(
        request_streaming=handler.request_streaming, response_streaming=handler.response_streaming, run=run
    )


def unknown_method(method: str, stages: Sequence[Stage], refuse: Proceed) -> MethodHandler:
    """Return a handler for a method that does not exist: the stages around `refuse`, in one series."""

    async def run(_request: Payload, context: RpcContext) -> bytes | None:
        return await _chain(stages, Call(method, UNKNOWN, context), refuse)()

    return _method_handler(request_streaming=True, response_streaming=True, run=run)


def _chain(stages: Sequence[Stage], call: Call, innermost: Proceed) -> Proceed:
    proceed = innermost
    for stage in reversed(stages):
        proceed = _bound(stage, call, proceed)
    return proceed


def _bound(stage: Stage, call: Call, proceed: Proceed) -> Proceed:
    return lambda: stage(call, proceed)


def _method_handler(
    *, request_streaming: bool, response_streaming: bool, run: Callable[[Any, Any], Awaitable[Any]]
) -> MethodHandler:
    factory = {
        (False, False): grpc.unary_unary_rpc_method_handler,
        (False, True): grpc.unary_stream_rpc_method_handler,
        (True, False): grpc.stream_unary_rpc_method_handler,
        (True, True): grpc.stream_stream_rpc_method_handler,
    }[request_streaming, response_streaming]
    return cast(Any, factory)(run)


class StagesInterceptor(grpc.aio.ServerInterceptor):
    """The one gRPC interceptor of a server: runs every call through the stages."""

    def __init__(self, stages: Sequence[Stage], refuse_unknown: Callable[[str], Proceed]) -> None:
        """Take the stages, outermost first, and what to do for a method that does not exist."""
        self._stages = tuple(stages)
        self._refuse_unknown = refuse_unknown
        self._wrapped: dict[str, tuple[_Handler, MethodHandler]] = {}

    async def intercept_service(
        self, continuation: Payload, handler_call_details: Payload
    ) -> MethodHandler | None:
        """Return the wrapped handler of the method."""
        handler = await continuation(handler_call_details)
        method = handler_call_details.method
        if handler is None:
            return unknown_method(method, self._stages, self._refuse_unknown(method))
        known = self._wrapped.get(method)
        if known is None or known[0] is not handler:
            known = self._wrapped[method] = (handler, wrap(method, handler, self._stages))
        return known[1]
