"""A small gRPC service with one method of each kind, whose behaviour a test chooses."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import Any

import grpc
import grpc.aio
from google.protobuf.wrappers_pb2 import StringValue
from grpc_health.v1 import health_pb2_grpc

SERVICE = "shopguide.probe.v1.ProbeService"
KINDS = ("unary", "server_stream", "client_stream", "bidi_stream")
"""The four kinds of call, named as in the metric label `grpc_type`; methods are `Unary`, `ServerStream` ..."""

Act = Callable[[str], Awaitable[str]]


def method_name(kind: str) -> str:
    """Return the method of a kind: `ServerStream` for `server_stream`."""
    return kind.title().replace("_", "")


async def echo(text: str) -> str:
    """Return the text."""
    return text


class ProbeService:
    """Runs `act` on every request message; `server_stream` answers three times, `client_stream` with all texts joined."""

    def __init__(self, act: Act = echo) -> None:
        self._act = act
        self.contexts: list[Any] = []

    def add_to(self, server: grpc.aio.Server) -> None:
        """Add the four methods to a server."""
        makers = (
            ("unary", grpc.unary_unary_rpc_method_handler, self._unary),
            ("server_stream", grpc.unary_stream_rpc_method_handler, self._server_stream),
            ("client_stream", grpc.stream_unary_rpc_method_handler, self._client_stream),
            ("bidi_stream", grpc.stream_stream_rpc_method_handler, self._bidi_stream),
        )
        handlers = {
            method_name(kind): make(behaviour, StringValue.FromString, StringValue.SerializeToString)
            for kind, make, behaviour in makers
        }
        server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(SERVICE, handlers),))

    async def _unary(self, request: StringValue, context: Any) -> StringValue:
        self.contexts.append(context)
        return StringValue(value=await self._act(request.value))

    async def _server_stream(self, request: StringValue, context: Any) -> AsyncIterator[StringValue]:
        self.contexts.append(context)
        for _ in range(3):
            yield StringValue(value=await self._act(request.value))

    async def _client_stream(self, requests: AsyncIterator[StringValue], context: Any) -> StringValue:
        self.contexts.append(context)
        return StringValue(value="".join([await self._act(request.value) async for request in requests]))

    async def _bidi_stream(
        self, requests: AsyncIterator[StringValue], context: Any
    ) -> AsyncIterator[StringValue]:
        self.contexts.append(context)
        async for request in requests:
            yield StringValue(value=await self._act(request.value))


def health_stub(channel: grpc.aio.Channel) -> Any:
    """Return the client of the health service, whose type stubs name no methods."""
    return health_pb2_grpc.HealthStub(channel)


async def _iterate(messages: Sequence[Any]) -> AsyncIterator[Any]:
    for message in messages:
        yield message


def start(
    channel: grpc.aio.Channel, kind: str, texts: Sequence[str | bytes], *, method: str = "", **options: Any
) -> Any:
    """Start a call of a kind with request texts (bytes go onto the wire as they are); returns the gRPC call object."""
    factory: Callable[..., Any] = {
        "unary": channel.unary_unary,
        "server_stream": channel.unary_stream,
        "client_stream": channel.stream_unary,
        "bidi_stream": channel.stream_stream,
    }[kind]
    raw = [t if isinstance(t, bytes) else StringValue(value=t).SerializeToString() for t in texts]
    call = factory(method or f"/{SERVICE}/{method_name(kind)}", response_deserializer=StringValue.FromString)
    return call(_iterate(raw) if kind in {"client_stream", "bidi_stream"} else raw[0], **options)


async def finish(call: Any) -> list[str]:
    """Return the response texts of a started call; raises AioRpcError when it fails."""
    if hasattr(call, "__aiter__"):
        return [response.value async for response in call]
    return [(await call).value]


async def ask(channel: grpc.aio.Channel, kind: str, *texts: str | bytes, **options: Any) -> list[str]:
    """Make a call of a kind and return its response texts."""
    return await finish(start(channel, kind, texts, **options))
