"""What every outgoing call gets: the request id, the time left, and its place in the metrics."""

import asyncio
import time
from collections.abc import AsyncIterable, AsyncIterator, Iterable

import grpc
import grpc.aio

from shopguide_runtime import context, deadline, metrics, tracing
from shopguide_runtime.calls import Payload
from shopguide_runtime.errors import DeadlineExceeded
from shopguide_runtime.metrics import Series, series_of

_finishing: set[asyncio.Task[None]] = set()
"""Keeps the tasks that look up the status of ended calls alive until they are done."""


def _method_name(details: grpc.aio.ClientCallDetails) -> str:
    method: str | bytes = details.method
    return method.decode() if isinstance(method, bytes) else method


class _Measured:
    """Counts one outgoing call from start to status."""

    def __init__(self, series: Series) -> None:
        self._labels = series.labels()
        self._started = time.perf_counter()
        self._received = 0
        self._finished = False
        metrics.CLIENT_STARTED.labels(*self._labels).inc()
        metrics.CLIENT_IN_FLIGHT.labels(*self._labels).inc()

    def sent(self) -> None:
        metrics.CLIENT_SENT.labels(*self._labels).inc()

    def received(self, *, stream: bool) -> None:
        self._received += 1
        metrics.CLIENT_RECEIVED.labels(*self._labels).inc()
        if stream and self._received == 1:
            seconds = time.perf_counter() - self._started
            metrics.CLIENT_FIRST_MESSAGE_SECONDS.labels(*self._labels).observe(seconds)

    def finish(self, code: grpc.StatusCode) -> None:
        if self._finished:
            return
        self._finished = True
        metrics.CLIENT_IN_FLIGHT.labels(*self._labels).dec()
        metrics.CLIENT_HANDLED.labels(*self._labels, code.name).inc()
        metrics.CLIENT_SECONDS.labels(*self._labels).observe(time.perf_counter() - self._started)

    def finish_with(self, call: Payload) -> None:
        """Count a call that has ended; a reader may have left before it saw that."""
        task = asyncio.ensure_future(self._finish_with(call))
        _finishing.add(task)
        task.add_done_callback(_finishing.discard)

    async def _finish_with(self, call: Payload) -> None:
        self.finish(await call.code())

    def fail(self, error: BaseException) -> None:
        """Count what kept the call from starting, or ended it without a status."""
        if isinstance(error, grpc.aio.AioRpcError):
            self.finish(error.code())
        elif isinstance(error, asyncio.CancelledError):
            self.finish(grpc.StatusCode.CANCELLED)
        else:
            self.finish(grpc.StatusCode.UNKNOWN)


class _Propagation:
    """Completes the details of an outgoing call from the call in progress."""

    def __init__(self, margin: float) -> None:
        self._margin = margin

    def details(self, given: grpc.aio.ClientCallDetails) -> grpc.aio.ClientCallDetails:
        metadata = grpc.aio.Metadata(*(given.metadata or ()))
        request_id = context.request_id()
        if request_id and not metadata.get_all(context.REQUEST_ID_HEADER):
            metadata.add(context.REQUEST_ID_HEADER, request_id)
        tracing.inject(metadata)
        return grpc.aio.ClientCallDetails(
            given.method, self._timeout(given), metadata, given.credentials, given.wait_for_ready
        )

    def _timeout(self, given: grpc.aio.ClientCallDetails) -> float | None:
        left = deadline.limit()
        if left is None:
            return given.timeout
        usable = left - self._margin
        if usable <= 0:
            raise DeadlineExceeded(_method_name(given).rpartition("/")[2])
        return usable if given.timeout is None else min(given.timeout, usable)


async def _count_requests(
    requests: AsyncIterable[Payload] | Iterable[Payload], measured: _Measured
) -> AsyncIterator[Payload]:
    if isinstance(requests, AsyncIterable):
        async for request in requests:
            measured.sent()
            yield request
    else:
        for request in requests:
            measured.sent()
            yield request


class _Interceptor:
    def __init__(self, propagation: _Propagation) -> None:
        self._propagation = propagation

    async def _unary(
        self, continuation: Payload, details: grpc.aio.ClientCallDetails, request: Payload, *, streams: bool
    ) -> Payload:
        """Run a call with one response; it has ended when this returns."""
        outgoing = self._propagation.details(details)
        measured = _Measured(
            series_of(_method_name(details), request_streaming=streams, response_streaming=False)
        )
        call: Payload = None
        try:
            call = await continuation(outgoing, self._requests(request, measured, streams=streams))
            code = await call.code()
        except BaseException as error:
            measured.fail(error)
            if call is not None:
                call.cancel()
            raise
        if code is grpc.StatusCode.OK:
            measured.received(stream=False)
        measured.finish(code)
        return call

    async def _stream(
        self, continuation: Payload, details: grpc.aio.ClientCallDetails, request: Payload, *, streams: bool
    ) -> Payload:
        """Start a call with a stream of responses; returns the iterator that measures them."""
        outgoing = self._propagation.details(details)
        measured = _Measured(
            series_of(_method_name(details), request_streaming=streams, response_streaming=True)
        )
        try:
            call = await continuation(outgoing, self._requests(request, measured, streams=streams))
        except BaseException as error:
            measured.fail(error)
            raise
        call.add_done_callback(measured.finish_with)
        return _responses(call, measured)

    @staticmethod
    def _requests(request: Payload, measured: _Measured, *, streams: bool) -> Payload:
        if streams:
            return _count_requests(request, measured)
        measured.sent()
        return request


async def _responses(call: Payload, measured: _Measured) -> AsyncIterator[Payload]:
    try:
        async for response in call:
            measured.received(stream=True)
            yield response
    finally:
        call.cancel()


class _UnaryUnary(_Interceptor, grpc.aio.UnaryUnaryClientInterceptor):
    async def intercept_unary_unary(
        self, continuation: Payload, client_call_details: Payload, request: Payload
    ) -> Payload:
        return await self._unary(continuation, client_call_details, request, streams=False)


class _StreamUnary(_Interceptor, grpc.aio.StreamUnaryClientInterceptor):
    async def intercept_stream_unary(
        self, continuation: Payload, client_call_details: Payload, request_iterator: Payload
    ) -> Payload:
        return await self._unary(continuation, client_call_details, request_iterator, streams=True)


class _UnaryStream(_Interceptor, grpc.aio.UnaryStreamClientInterceptor):
    async def intercept_unary_stream(
        self, continuation: Payload, client_call_details: Payload, request: Payload
    ) -> Payload:
        return await self._stream(continuation, client_call_details, request, streams=False)


class _StreamStream(_Interceptor, grpc.aio.StreamStreamClientInterceptor):
    async def intercept_stream_stream(
        self, continuation: Payload, client_call_details: Payload, request_iterator: Payload
    ) -> Payload:
        return await self._stream(continuation, client_call_details, request_iterator, streams=True)


def client_interceptors(margin: float) -> list[grpc.aio.ClientInterceptor]:
    """Return the interceptors of a channel; `margin` in seconds is kept back from the time left."""
    propagation = _Propagation(margin)
    return [kind(propagation) for kind in (_UnaryUnary, _StreamUnary, _UnaryStream, _StreamStream)]
