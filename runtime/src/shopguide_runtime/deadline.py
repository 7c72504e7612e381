"""The time that is left of the call in progress, and stages that may use a part of it."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from contextvars import ContextVar

from shopguide_runtime.errors import DeadlineExceeded

_expiry: ContextVar[float | None] = ContextVar("shopguide_deadline", default=None)


def bind(seconds: float) -> None:
    """Say that the call in progress has `seconds` left from now, for this task and the tasks it starts."""
    _expiry.set(time.monotonic() + seconds)


def limit() -> float | None:
    """Return the seconds left (never below 0), or None when no call with a deadline is in progress."""
    expiry = _expiry.get()
    return None if expiry is None else max(0.0, expiry - time.monotonic())


def remaining(default: float) -> float:
    """Return the seconds left of the call in progress (never below 0), or `default` outside of a call."""
    left = limit()
    return default if left is None else left


def _seconds_for(stage: str, share: float | None, seconds: float | None) -> float:
    left = limit()
    if left is not None and left <= 0:
        raise DeadlineExceeded(stage)
    wanted = [seconds] if seconds is not None else []
    if left is not None:
        wanted.append(left * (1.0 if share is None else share))
    if not wanted:
        raise ValueError(f"stage {stage!r}: outside of a call a budget needs `seconds`")
    return min(wanted)


@asynccontextmanager
async def budget(
    stage: str, *, share: float | None = None, seconds: float | None = None
) -> AsyncIterator[float]:
    """Limit a stage to a share (0 to 1) of the time left, to `seconds`, or to the smaller; yields the limit.

    Inside, `remaining` speaks of the stage. Raises DeadlineExceeded naming the stage when it is used up,
    and ValueError when there is neither a call in progress nor `seconds`.
    """
    allowed = _seconds_for(stage, share, seconds)
    token = _expiry.set(time.monotonic() + allowed)
    try:
        async with asyncio.timeout(allowed) as scope:
            yield allowed
    except TimeoutError as error:
        if scope.expired():
            raise DeadlineExceeded(stage) from error
        raise
    finally:
        _expiry.reset(token)
