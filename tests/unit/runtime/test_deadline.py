"""Budgets of stages: shares of what is left, never more than the whole, named when used up."""

import asyncio

import pytest

from shopguide_runtime import deadline
from shopguide_runtime.errors import DeadlineExceeded


def in_call(seconds, stage):
    """Run a coroutine function inside of a call that has this many seconds left (None: outside of a call)."""

    async def run():
        if seconds is not None:
            deadline.bind(seconds)
        return await stage()

    return asyncio.run(run())


async def limit_of(**limits):
    """Return the seconds that a stage gets."""
    async with deadline.budget("stage", **limits) as seconds:
        assert deadline.remaining(-1) <= seconds
        return seconds


@pytest.mark.parametrize(
    ("left", "limits", "expected"),
    [
        (10, {"share": 0.5}, 5),
        (10, {"seconds": 2}, 2),
        (10, {"seconds": 20}, 10),
        (10, {"share": 0.5, "seconds": 2}, 2),
        (10, {}, 10),
        (None, {"seconds": 2}, 2),
    ],
)
def test_budget(left, limits, expected):
    """A stage gets its share or its seconds, whichever is less, and never more than is left."""
    assert in_call(left, lambda: limit_of(**limits)) == pytest.approx(expected, abs=0.5)


def test_budget_outside_of_a_call_needs_seconds():
    """A share of nothing is a mistake of the programmer."""
    with pytest.raises(ValueError, match="seconds"):
        in_call(None, lambda: limit_of(share=0.5))


def test_used_up_call_starts_no_stage():
    """When nothing is left a stage does not begin."""
    with pytest.raises(DeadlineExceeded, match="stage"):
        in_call(0, lambda: limit_of(share=1))


def test_inner_stage_is_named():
    """Of nested stages the one that runs out of time is named."""

    async def nested():
        async with deadline.budget("outer", seconds=30), deadline.budget("inner", seconds=0.01):
            await asyncio.sleep(20)

    with pytest.raises(DeadlineExceeded) as caught:
        in_call(40, nested)
    assert caught.value.stage == "inner"


def test_timeout_of_the_stage_itself_passes():
    """A TimeoutError that the work raises for its own reasons is not taken for the budget's."""

    async def work():
        async with deadline.budget("stage", seconds=30):
            raise TimeoutError("of its own")

    with pytest.raises(TimeoutError, match="of its own"):
        in_call(40, work)


def test_budget_ends_with_its_stage():
    """After a stage the rest of the call has its own time again."""

    async def after():
        async with deadline.budget("stage", seconds=1):
            pass
        return deadline.remaining(-1)

    assert in_call(10, after) > 5


def test_remaining_outside_of_a_call():
    """Outside of a call the default is what is left."""
    assert deadline.remaining(7) == 7
