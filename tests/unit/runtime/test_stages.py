"""What the stages make of a client that vanishes while a message is written to it."""

import asyncio

import grpc
import grpc.aio
import pytest

from shopguide_runtime.calls import Call, outcome
from shopguide_runtime.metrics import Series
from shopguide_runtime.stages import errors_stage


class Connection:
    """The servicer context of a call with this much time left; it must not be aborted."""

    def __init__(self, left):
        self._left = left

    def time_remaining(self):
        """Return the seconds left."""
        return self._left

    def code(self):
        """Return that no status was set."""


@pytest.mark.parametrize(
    ("left", "code"), [(20.0, "CANCELLED"), (None, "CANCELLED"), (0.0, "DEADLINE_EXCEEDED")]
)
def test_failed_write_is_the_end_of_the_call_not_a_bug(left, code):
    """GRPC's own error of a write to a client that has gone passes the error stage and counts as its departure."""
    call = Call("/probe/Do", Series("unary", "probe", "Do"), Connection(left))

    async def write_to_nobody():
        raise grpc.aio.InternalError("batch failed")

    with pytest.raises(grpc.aio.InternalError) as caught:
        asyncio.run(errors_stage(call, write_to_nobody))
    assert outcome(call, caught.value).name == code
    assert outcome(call, asyncio.CancelledError()).name == code


def test_outcome_without_a_status():
    """A call that returned is OK; one that ended with something that nobody translated is UNKNOWN."""
    call = Call("/probe/Do", Series("unary", "probe", "Do"), Connection(1.0))
    assert outcome(call, None) is grpc.StatusCode.OK
    assert outcome(call, ValueError()) is grpc.StatusCode.UNKNOWN
