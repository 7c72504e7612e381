import os
import shutil
import signal
import subprocess

import pytest

from fakes.stack_stand_in import eventually, is_alive, start
from shopguide_devstack.stack import control


def test_parts_serve_and_stop_in_order(stack):
    """`down` stops what depends on others first, waits until all is gone, and leaves no state behind."""
    assert [p.name for p in stack.state().parts] == ["store", "brain", "door"]
    assert (stack.state().pid, stack.state().base) == (stack.process.pid, stack.ports.base)
    pids = stack.pids()
    assert control.down(stack.home, lambda _: None) is True
    assert [line[0] for line in stack.journal() if line[1] == "stopped"] == ["door", "brain", "store"]
    assert stack.process.wait(10) == 0
    assert [pid for pid in pids if is_alive(pid)] == []
    assert (control.status(stack.home), stack.home.state.exists()) == (None, False)
    assert control.down(stack.home, lambda _: None) is False


def test_a_part_that_is_killed_comes_back(stack):
    """Only the dead part is started again, with what it had started gone, and the restart is counted."""
    before = {p.name: p.pid for p in stack.state().parts}
    child = next(int(line[2]) for line in stack.journal() if line[0] == "brain")
    os.kill(before["brain"], signal.SIGKILL)
    eventually(lambda: stack.part("brain").restarts == 1, "the restart is noted")
    stack.wait_until_serving()
    assert not is_alive(child)
    assert stack.part("brain").last_exit == -signal.SIGKILL
    after = {p.name: p.pid for p in stack.state().parts}
    assert after["brain"] != before["brain"]
    assert (after["store"], after["door"]) == (before["store"], before["door"])


def test_a_part_that_hangs_is_not_serving(stack):
    """A process that runs without answering is told apart from one that serves."""
    pid = stack.part("store").pid
    os.kill(pid, signal.SIGSTOP)
    try:
        eventually(lambda: stack.part("store").condition == "not serving", "the hanging part is noticed")
    finally:
        os.kill(pid, signal.SIGCONT)
    stack.wait_until_serving()


@pytest.mark.skipif(shutil.which("setpriv") is None, reason="needs setpriv (util-linux)")
def test_no_orphans_when_the_supervisor_is_killed(stack):
    """Kill -9 of the supervisor ends every part; the folder is free for the next stack."""
    parts = [p.pid for p in stack.state().parts]
    os.kill(stack.process.pid, signal.SIGKILL)
    stack.process.wait(10)
    eventually(lambda: not any(is_alive(pid) for pid in parts), "the parts end")
    assert sorted(line[0] for line in stack.journal() if line[1] == "stopped") == ["brain", "door", "store"]
    assert control.status(stack.home) is None
    assert control.is_running(stack.home) is False


def test_two_stacks_cannot_share_a_folder(stack):
    """A second supervisor leaves at once and says why; the first one goes on."""
    second = start(stack.home, stack.ports)
    assert second.process.wait(20) == 1
    assert "a stack is running in" in (stack.home.path / "output").read_text(encoding="utf-8")
    assert stack.state().serving


def test_asking_does_not_disturb_a_stack_that_starts(home, ports):
    """Asking all the time whether a stack runs never takes its lock away."""
    stack = start(home, ports)
    try:
        eventually(lambda: control.is_running(home) and home.state.exists(), "the supervisor starts")
        assert stack.process.poll() is None
        stack.wait_until_serving()
    finally:
        control.down(home, lambda _: None)
        stack.process.wait(30)


def test_up_leaves_a_running_stack_as_it_is(stack, tmp_path):
    """`up` on a running stack waits until it serves and starts nothing."""
    told: list[str] = []
    state = control.up(stack.home, stack.ports, tmp_path, told.append)
    assert state.serving
    assert told[0] == f"already running (pid {stack.process.pid})"


def test_down_before_the_state_is_written(stack):
    """A supervisor that has not said how it is, or whose word cannot be read, can be stopped all the same."""
    os.kill(stack.process.pid, signal.SIGSTOP)
    stack.home.state.unlink()
    assert control.status(stack.home) is None
    os.kill(stack.process.pid, signal.SIGCONT)
    assert control.down(stack.home, lambda _: None) is True
    assert stack.process.wait(10) == 0


def test_logs_of_a_part(stack):
    """What a part prints is in its log; a part that does not exist is refused with those that do."""
    assert list(control.logs(stack.home, "door")) == ["door listens"]
    with pytest.raises(control.StackError, match="'attic'; there are: brain, door, store"):
        list(control.logs(stack.home, "attic"))


def test_a_terminal_signal_reaches_the_supervisor_alone(stack):
    """Ctrl-C stops the stack in order, as SIGTERM does."""
    os.killpg(stack.process.pid, signal.SIGINT)
    try:
        assert stack.process.wait(30) == 0
    except subprocess.TimeoutExpired:
        pytest.fail("the supervisor did not stop")
    assert [line[0] for line in stack.journal() if line[1] == "stopped"] == ["door", "brain", "store"]
