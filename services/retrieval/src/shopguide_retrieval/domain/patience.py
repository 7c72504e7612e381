"""Trying again: an import of an hour must not fail because the encoder was busy for a minute."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from shopguide_runtime.deadline import remaining
from shopguide_runtime.errors import DeadlineExceeded, ResourceExhausted, ShopguideError, Unavailable

T = TypeVar("T")

FIRST_WAIT_SECONDS = 0.5
LONGEST_WAIT_SECONDS = 30.0
ATTEMPTS = 8
"""With the waits doubling from the first to the longest: about a minute and a half in all, and the attempts themselves."""


async def patiently(attempt: Callable[[], Awaitable[T]]) -> T:
    """Return what an attempt returns, tried again while its dependency is away, busy or slow.

    Raises what the last attempt raised, once the attempts or the time of the call in progress are used up.
    """
    wait = FIRST_WAIT_SECONDS
    for left in reversed(range(ATTEMPTS)):
        try:
            return await attempt()
        except (Unavailable, ResourceExhausted, DeadlineExceeded) as error:
            if not left or remaining(LONGEST_WAIT_SECONDS) <= wait:
                raise
            await asyncio.sleep(_hinted(error, wait))
            wait = min(2 * wait, LONGEST_WAIT_SECONDS)
    raise AssertionError("the last attempt returns or raises")


def _hinted(error: ShopguideError, wait: float) -> float:
    return min(LONGEST_WAIT_SECONDS, max(wait, error.retry_after or 0.0))
