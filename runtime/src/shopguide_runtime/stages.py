"""The layers around every call, outermost first: request id, (trace), metrics and log, errors, deadline, admission.

Errors stand outside of deadline and admission because those two raise errors of the suite as handlers do.
"""

import asyncio
import logging
from collections.abc import Callable
from functools import lru_cache

import grpc
import grpc.aio

from shopguide_runtime import context, deadline, metrics
from shopguide_runtime.calls import Call, Proceed, Stage, outcome
from shopguide_runtime.errors import DeadlineExceeded, ResourceExhausted, Unavailable, Unimplemented
from shopguide_runtime.settings import ServerSettings
from shopguide_runtime.status import abort, sanitize

_log = logging.getLogger(__name__)


async def request_id_stage(call: Call, proceed: Proceed) -> bytes | None:
    """Give the call a request id (the client's, if that is valid) and send it back with the status."""
    request_id = context.accept_request_id(call.metadata.get(context.REQUEST_ID_HEADER))
    context.bind(request_id, call.method if call.series is not metrics.UNKNOWN else "unknown")
    call.context.set_trailing_metadata(((context.REQUEST_ID_HEADER, request_id),))
    return await proceed()


class _ServerSeries:
    """The children of all server metrics for one method, looked up once."""

    def __init__(self, series: metrics.Series) -> None:
        self.labels = series.labels()
        self.started = metrics.SERVER_STARTED.labels(*self.labels)
        self.in_flight = metrics.SERVER_IN_FLIGHT.labels(*self.labels)
        self.received = metrics.SERVER_RECEIVED.labels(*self.labels)
        self.sent = metrics.SERVER_SENT.labels(*self.labels)
        streams = series.type in {"server_stream", "bidi_stream"}
        self.first_message = metrics.SERVER_FIRST_MESSAGE_SECONDS.labels(*self.labels) if streams else None
        self.seconds = metrics.SERVER_SECONDS.labels(*self.labels)


_series_of = lru_cache(maxsize=1024)(_ServerSeries)


class MetricsStage:
    """Counts and times the call and writes its line in the access log."""

    async def __call__(self, call: Call, proceed: Proceed) -> bytes | None:
        """Run the call; whatever ends it is counted with the status that the client sees."""
        series = _series_of(call.series)
        self._watch_messages(call, series)
        series.started.inc()
        series.in_flight.inc()
        error: BaseException | None = None
        try:
            return await proceed()
        except BaseException as raised:
            error = raised
            raise
        finally:
            series.in_flight.dec()
            self._finish(call, series, outcome(call, error))

    @staticmethod
    def _watch_messages(call: Call, series: _ServerSeries) -> None:
        def on_sent() -> None:
            series.sent.inc()
            if series.first_message is not None and call.sent == 1:
                series.first_message.observe(call.seconds)

        call.on_received = series.received.inc
        call.on_sent = on_sent

    @staticmethod
    def _finish(call: Call, series: _ServerSeries, code: grpc.StatusCode) -> None:
        metrics.SERVER_HANDLED.labels(*series.labels, code.name).inc()
        series.seconds.observe(call.seconds, exemplar=context.trace_ids() or None)
        level = logging.DEBUG if call.infrastructure else logging.INFO
        if _log.isEnabledFor(level):
            _log.log(level, "call finished", extra=_finished(call, code))


def _finished(call: Call, code: grpc.StatusCode) -> dict[str, object]:
    return {
        "code": code.name,
        "duration_ms": round(call.seconds * 1000, 3),
        "messages_received": call.received,
        "messages_sent": call.sent,
    }


async def errors_stage(call: Call, proceed: Proceed) -> bytes | None:
    """Turn whatever is raised into a status that says enough and leaks nothing."""
    try:
        return await proceed()
    except (grpc.aio.AbortError, grpc.aio.InternalError):
        raise
    except Exception as error:  # noqa: BLE001 - the boundary of the process: nothing may pass unsanitised
        await abort(call.context, sanitize(error))
        return None


class DeadlineStage:
    """Gives calls without a deadline the default one and refuses those whose time is already over.

    Watching health and listing services by reflection have no deadline unless the client sends one.
    """

    def __init__(self, default_seconds: float) -> None:
        """Take the deadline of calls that bring none, in seconds."""
        self._default = default_seconds

    async def __call__(self, call: Call, proceed: Proceed) -> bytes | None:
        """Run the call under its deadline."""
        left = call.context.time_remaining()
        if left is None:
            return await (proceed() if call.infrastructure else self._limited(call, proceed))
        if left <= 0:
            raise DeadlineExceeded("arrival")
        deadline.bind(left)
        return await proceed()

    async def _limited(self, call: Call, proceed: Proceed) -> bytes | None:
        async with deadline.budget(call.series.method, seconds=self._default):
            return await proceed()


class AdmissionStage:
    """Lets a bounded number of calls run and a bounded number wait; refuses the others with a retry hint."""

    def __init__(self, settings: ServerSettings, is_warm: Callable[[], bool]) -> None:
        """Take the limits, and a question: may calls run yet?"""
        self._permits = asyncio.Semaphore(settings.max_concurrent_requests)
        self._queue_limit = settings.max_queued_requests
        self._queue_timeout = settings.queue_timeout_seconds
        self._retry_after = settings.overload_retry_seconds
        self._is_warm = is_warm
        self._waiting = 0
        metrics.ADMISSION_LIMIT.set(settings.max_concurrent_requests)

    async def __call__(self, call: Call, proceed: Proceed) -> bytes | None:
        """Run the call once it has a permit."""
        if call.infrastructure or call.series is metrics.UNKNOWN:
            return await proceed()
        if not self._is_warm():
            metrics.ADMISSION_REFUSED.labels("WARMING_UP").inc()
            raise Unavailable("server", "The server is warming up.", self._retry_after, reason="WARMING_UP")
        await self._acquire(call)
        try:
            return await proceed()
        finally:
            self._permits.release()

    async def _acquire(self, call: Call) -> None:
        if self._permits.locked():
            await self._wait()
        else:
            await self._permits.acquire()
        metrics.ADMISSION_WAIT_SECONDS.observe(call.seconds)

    async def _wait(self) -> None:
        if self._waiting >= self._queue_limit:
            raise self._refused()
        self._waiting += 1
        try:
            with metrics.ADMISSION_QUEUED.track_inprogress():
                async with asyncio.timeout(min(self._queue_timeout, deadline.remaining(self._queue_timeout))):
                    await self._permits.acquire()
        except TimeoutError:
            raise self._refused() from None
        finally:
            self._waiting -= 1

    def _refused(self) -> ResourceExhausted:
        metrics.ADMISSION_REFUSED.labels("SERVER_BUSY").inc()
        return ResourceExhausted(
            "SERVER_BUSY", "The server has no capacity left; try again later.", self._retry_after
        )


def refuse_unknown(method: str) -> Proceed:
    """Return what a call to a method that does not exist runs into: Unimplemented."""

    async def refuse() -> bytes | None:
        raise Unimplemented(method[:200])

    return refuse


def standard_stages(
    settings: ServerSettings,
    is_warm: Callable[[], bool],
    outer: tuple[Stage, ...] = (),
    inner: tuple[Stage, ...] = (),
) -> tuple[Stage, ...]:
    """Return the stages of a server; `outer` ones (tracing) see the final status, `inner` ones run once admitted."""
    return (
        request_id_stage,
        *outer,
        MetricsStage(),
        errors_stage,
        DeadlineStage(settings.default_deadline_seconds),
        AdmissionStage(settings, is_warm),
        *inner,
    )
