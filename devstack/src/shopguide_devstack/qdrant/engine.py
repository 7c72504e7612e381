"""The one thread on which all engine calls are made.

qdrant-edge holds the GIL for the whole of every call, so more threads would gain nothing; one thread makes every call
see a settled state. Calls wait in a bounded queue. Consecutive writes are applied together and flushed once, and none is
acknowledged before that flush: a single writer pays one flush per batch, many writers share it.
"""

import asyncio
import logging
import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any, TypeVar

from shopguide_devstack.qdrant.errors import Overloaded, TimedOut

_log = logging.getLogger(__name__)
_MAX_GROUP = 64

T = TypeVar("T")


class EnginePanic(Exception):
    """The engine's native code panicked; the text is its own."""


@dataclass
class _Job:
    call: Callable[[], Any]
    writes: bool
    future: "Future[Any]" = field(default_factory=Future)


class Engine:
    """Runs calls one after another on a thread of its own.

    `flush` makes writes durable; `idle` is called once after `idle_seconds` without a call. Both run on the thread.
    """

    def __init__(
        self, flush: Callable[[], None], idle: Callable[[], None], *, capacity: int, idle_seconds: float
    ) -> None:
        self._flush = flush
        self._idle = idle
        self._capacity = capacity
        self._idle_seconds = idle_seconds
        self._jobs: deque[_Job] = deque()
        self._wake = threading.Condition()
        self._stopping = False
        self._thread = threading.Thread(target=self._run, name="qdrant-engine", daemon=True)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def stop(self) -> None:
        """Finish the calls that wait, then end the thread."""
        with self._wake:
            self._stopping = True
            self._wake.notify()
        self._thread.join()

    async def read(self, call: Callable[[], T], timeout: float | None = None) -> T:
        """Run a call that changes nothing and return its result.

        Raises:
            Overloaded: too many calls are waiting.
            TimedOut: `timeout` seconds passed first.
        """
        answer: asyncio.Future[T] = asyncio.wrap_future(self._submit(_Job(call, writes=False)))
        try:
            return await asyncio.wait_for(answer, timeout)
        except TimeoutError:
            raise TimedOut(f"Timeout error: Operation did not finish within {timeout} seconds") from None

    async def write(self, call: Callable[[], T]) -> T:
        """Run a call that changes data and return its result once the change is on disk.

        Raises:
            Overloaded: too many calls are waiting.
        """
        answer: asyncio.Future[T] = asyncio.wrap_future(self._submit(_Job(call, writes=True)))
        return await answer

    def _submit(self, job: _Job) -> "Future[Any]":
        with self._wake:
            if self._stopping or len(self._jobs) >= self._capacity:
                raise Overloaded("Too many requests are waiting for the engine, try again later")
            self._jobs.append(job)
            self._wake.notify()
        return job.future

    def _run(self) -> None:
        while (group := self._next_group()) is not None:
            if group:
                self._run_group(group)
            else:
                self._run_idle()

    def _next_group(self) -> list[_Job] | None:
        """Return one read or the writes at the head of the queue, nothing when idle, None at the end."""
        with self._wake:
            while not self._jobs:
                if self._stopping:
                    return None
                if not self._wake.wait(self._idle_seconds):
                    return []
            group = [self._jobs.popleft()]
            while group[-1].writes and self._jobs and self._jobs[0].writes and len(group) < _MAX_GROUP:
                group.append(self._jobs.popleft())
            return group

    def _run_group(self, group: list[_Job]) -> None:
        outcomes = [_outcome(job) for job in group if job.future.set_running_or_notify_cancel()]
        failure = self._flushed() if group[0].writes else None
        for outcome in outcomes:
            outcome.deliver(failure)

    def _flushed(self) -> Exception | None:
        try:
            self._flush()
        except Exception as error:  # noqa: BLE001 - the callers are told
            _log.exception("flush failed")
            return error
        return None

    def _run_idle(self) -> None:
        try:
            self._idle()
        except Exception:  # noqa: BLE001 - the collection serves on as it is
            _log.exception("background optimization failed")


@dataclass
class _Outcome:
    """What came of a job, to be delivered once its effects are durable."""

    future: "Future[Any]"
    result: Any = None
    error: Exception | None = None

    def deliver(self, failure: Exception | None) -> None:
        """Complete the future; `failure` is why effects that should be durable are not."""
        error = self.error or failure
        if error is None:
            self.future.set_result(self.result)
        else:
            self.future.set_exception(error)


def _outcome(job: _Job) -> _Outcome:
    try:
        return _Outcome(job.future, result=job.call())
    except Exception as error:  # noqa: BLE001 - handed to the caller
        return _Outcome(job.future, error=error)
    except BaseException as error:  # noqa: BLE001 - a Rust panic is no Exception, and must not end the thread
        return _Outcome(job.future, error=EnginePanic(str(error)))
