"""The engine's thread: order, durability before acknowledgement, bounds, failures."""

import asyncio
import threading
from contextlib import contextmanager

import pytest

from shopguide_devstack.qdrant.engine import Engine, EnginePanic
from shopguide_devstack.qdrant.errors import Overloaded, TimedOut


class Disk:
    """Records what was done and what is durable."""

    def __init__(self):
        self.log = []
        self.broken = False
        self.idle = threading.Event()

    def flush(self):
        """Make everything so far durable."""
        if self.broken:
            raise OSError("disk full")
        self.log.append("flush")

    def write(self, name):
        """Return a call that records a write."""

        def call():
            self.log.append(name)
            return len(self.log)

        return call


@pytest.fixture
def disk():
    """A disk that works."""
    return Disk()


@contextmanager
def running(disk, capacity=100, idle_seconds=60.0):
    """Run an engine."""
    engine = Engine(disk.flush, disk.idle.set, capacity=capacity, idle_seconds=idle_seconds)
    engine.start()
    try:
        yield engine
    finally:
        engine.stop()


async def blocked(engine):
    """Keep the engine busy; return the event that frees it and the pending call."""
    entered, free = threading.Event(), threading.Event()

    def hold():
        entered.set()
        free.wait(30)

    pending = asyncio.create_task(engine.read(hold))
    await asyncio.to_thread(entered.wait, 30)
    return free, pending


def test_writes_that_wait_together_are_flushed_once(disk):
    """All writes at the head of the queue share one flush, and reads stay in order between them."""

    async def scenario(engine):
        free, pending = await blocked(engine)
        calls = [engine.write(disk.write(name)) for name in ("a", "b")]
        calls += [engine.read(disk.write("r")), engine.write(disk.write("c"))]
        tasks = [asyncio.create_task(call) for call in calls]
        await asyncio.sleep(0)
        free.set()
        await asyncio.gather(pending, *tasks)

    with running(disk) as engine:
        asyncio.run(scenario(engine))
    assert disk.log == ["a", "b", "flush", "r", "c", "flush"]


def test_a_write_is_not_acknowledged_when_the_flush_fails(disk):
    """A write whose flush fails is an error for its caller, and the engine lives on."""

    async def scenario(engine):
        disk.broken = True
        with pytest.raises(OSError, match="disk full"):
            await engine.write(disk.write("lost"))
        disk.broken = False
        return await engine.write(disk.write("kept"))

    with running(disk) as engine:
        assert asyncio.run(scenario(engine)) == 2


def test_one_failing_write_does_not_fail_its_neighbours(disk):
    """Writes of one group fail or succeed each by itself."""

    def bad():
        raise ValueError("bad")

    async def scenario(engine):
        free, pending = await blocked(engine)
        tasks = [asyncio.create_task(engine.write(call)) for call in (disk.write("a"), bad, disk.write("b"))]
        await asyncio.sleep(0)
        free.set()
        await pending
        return await asyncio.gather(*tasks, return_exceptions=True)

    with running(disk) as engine:
        first, failed, last = asyncio.run(scenario(engine))
    assert (first, last) == (1, 2)
    assert isinstance(failed, ValueError)


def test_a_panic_of_native_code_does_not_end_the_thread(disk):
    """A panic, which is no `Exception`, reaches its caller as an error; the next call works."""

    class Panic(BaseException):
        """What a panic in Rust looks like from Python."""

    def panic():
        raise Panic("index out of bounds")

    async def scenario(engine):
        with pytest.raises(EnginePanic, match="out of bounds"):
            await engine.read(panic)
        return await engine.read(lambda: 7)

    with running(disk) as engine:
        assert asyncio.run(scenario(engine)) == 7


def test_the_queue_is_bounded(disk):
    """The call beyond the capacity is refused at once; those that wait are answered."""

    async def scenario(engine):
        free, pending = await blocked(engine)
        waiting = [asyncio.create_task(engine.read(lambda: 1)) for _ in range(3)]
        await asyncio.sleep(0)
        with pytest.raises(Overloaded):
            await engine.read(lambda: 1)
        free.set()
        await pending
        return await asyncio.gather(*waiting)

    with running(disk, capacity=3) as engine:
        assert asyncio.run(scenario(engine)) == [1, 1, 1]


def test_calls_that_timed_out_or_were_cancelled_are_not_made(disk):
    """A call nobody waits for any more is skipped."""

    async def scenario(engine):
        free, pending = await blocked(engine)
        with pytest.raises(TimedOut):
            await engine.read(disk.write("late"), timeout=0.01)
        cancelled = asyncio.create_task(engine.write(disk.write("cancelled")))
        await asyncio.sleep(0)
        cancelled.cancel()
        await asyncio.sleep(0)
        free.set()
        await pending
        await engine.read(disk.write("next"))

    with running(disk) as engine:
        asyncio.run(scenario(engine))
    assert "late" not in disk.log
    assert "cancelled" not in disk.log
    assert disk.log[-1] == "next"


def test_idle_work_is_done_when_nothing_waits(disk):
    """After the quiet time the engine does its background work."""
    with running(disk, idle_seconds=0.01):
        assert disk.idle.wait(30)


def test_stopping_finishes_what_waits_and_refuses_the_rest(disk):
    """Calls admitted before the stop are made; later ones are refused."""

    async def scenario():
        with running(disk) as engine:
            free, pending = await blocked(engine)
            last = asyncio.create_task(engine.write(disk.write("last")))
            await asyncio.sleep(0)
            stopping = asyncio.create_task(asyncio.to_thread(engine.stop))
            free.set()
            await asyncio.gather(pending, last, stopping)
            with pytest.raises(Overloaded):
                await engine.read(lambda: 1)

    asyncio.run(scenario())
    assert disk.log == ["last", "flush"]
