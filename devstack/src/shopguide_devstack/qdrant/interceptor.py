"""Turns exceptions into gRPC statuses, in one place, so that no internal text reaches a client as UNKNOWN."""

import inspect
import logging
from collections.abc import Awaitable, Callable
from typing import Any, NoReturn, TypeAlias

import grpc

from shopguide_devstack.qdrant.errors import NodeError, Overloaded, from_engine

RETRY_AFTER_SECONDS = 1

_log = logging.getLogger(__name__)
Handler: TypeAlias = "grpc.RpcMethodHandler[Any, Any] | None"
Context: TypeAlias = "grpc.aio.ServicerContext[Any, Any]"


class StatusInterceptor(grpc.aio.ServerInterceptor):
    """Answers every failed call with a status and a text meant for the client."""

    async def intercept_service(
        self,
        continuation: Callable[[grpc.HandlerCallDetails], Awaitable[Handler]],
        handler_call_details: grpc.HandlerCallDetails,
    ) -> Handler:
        """Wrap unary methods; anything else (health watching) passes as it is."""
        handler = await continuation(handler_call_details)
        if handler is None or handler.unary_unary is None:
            return handler
        return grpc.unary_unary_rpc_method_handler(
            _guarded(handler.unary_unary, handler_call_details.method),
            request_deserializer=handler.request_deserializer,
            response_serializer=handler.response_serializer,
        )


def _guarded(behaviour: Callable[[Any, Any], Any], method: str) -> Callable[[Any, Context], Awaitable[Any]]:
    async def call(request: Any, context: Context) -> Any:  # noqa: ANN401 - any protobuf message
        try:
            answer = behaviour(request, context)
            return await answer if inspect.isawaitable(answer) else answer
        except grpc.aio.AbortError:
            raise
        except Exception as error:  # noqa: BLE001 - every failure becomes a status
            await _abort(context, method, error)

    return call


async def _abort(context: Context, method: str, error: Exception) -> NoReturn:
    if isinstance(error, NotImplementedError):
        text = f"{method} is not supported by the local Qdrant node"
        await context.abort(grpc.StatusCode.UNIMPLEMENTED, text)
    known = error if isinstance(error, NodeError) else from_engine(error)
    if known is None:
        _log.error("%s failed", method, exc_info=error)
        await context.abort(grpc.StatusCode.INTERNAL, "Service internal error")
    # without a delay Qdrant's client does not recognise the refusal as one to be retried
    delay = (("retry-after", str(RETRY_AFTER_SECONDS)),) if isinstance(known, Overloaded) else ()
    await context.abort(known.code, str(known), delay)
