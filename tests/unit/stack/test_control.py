import fcntl
import json
import os
import socket
from contextlib import ExitStack

import pytest

from shopguide_devstack.stack import control
from shopguide_devstack.stack.layout import HOST, Home, Ports
from shopguide_devstack.stack.probe import is_serving
from shopguide_devstack.stack.process import rotate_log
from shopguide_devstack.stack.supervisor import AlreadyRunningError, locked
from shopguide_devstack.triton.launcher import LaunchError, check_environment


@pytest.fixture
def home(tmp_path) -> Home:
    """Return a state folder with a place for logs."""
    home = Home(tmp_path / "home")
    home.logs.mkdir(parents=True)
    return home


def write_state(home: Home, *, stopping: bool = False, **changes) -> None:
    """Write a state file as a supervisor with one part would."""
    part = {
        "name": "triton",
        "condition": "serving",
        "pid": 7,
        "restarts": 0,
        "since": 0.0,
        "last_exit": None,
    }
    state = {"pid": os.getpid(), "base": 7400, "time": 0.0, "parts": [part | changes], "stopping": stopping}
    home.state.write_text(json.dumps(state), encoding="utf-8")


def test_nothing_runs_in_an_empty_folder(home):
    """Without a lock there is no stack: no state, nothing to stop."""
    assert control.status(home) is None
    assert control.down(home, lambda _: None) is False


def test_only_one_holds_a_folder(home):
    """The lock names its holder; a second one is refused, and the folder is free again afterwards."""
    with locked(home):
        assert control.is_running(home)
        assert home.lock.read_text(encoding="ascii") == f"{os.getpid()}\n"
        with pytest.raises(AlreadyRunningError, match="a stack is running in"), locked(home):
            pass
        assert control.is_running(home)
    assert not control.is_running(home)


def test_a_question_at_the_same_moment_does_not_keep_a_stack_from_starting(home):
    """Whoever asks holds the lock for a moment; the supervisor tries again."""
    home.run.mkdir()
    asking = home.lock.open("a", encoding="ascii")
    fcntl.flock(asking, fcntl.LOCK_EX)
    refused: list[int] = []

    def try_again(_seconds: float) -> None:
        refused.append(1)
        asking.close()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("shopguide_devstack.stack.supervisor.time.sleep", try_again)
        with locked(home):
            assert refused == [1]


def test_a_state_without_a_stack_is_stale(home):
    """What a killed supervisor has left behind is not believed."""
    with locked(home):
        write_state(home)
    assert control.status(home) is None


@pytest.mark.parametrize("content", ["", "{", '{"pid": 1'])
def test_a_state_that_cannot_be_read(home, content):
    """A damaged state is no state."""
    with locked(home):
        home.state.write_text(content, encoding="utf-8")
        assert control.status(home) is None


def test_the_state_of_a_stack(home):
    """The state tells the ports and each part; it serves when all parts do."""
    with locked(home):
        write_state(home)
        state = control.status(home)
        assert state is not None
        assert (state.pid, state.base, state.serving) == (os.getpid(), 7400, True)
        write_state(home, condition="not serving")
        state = control.status(home)
        assert state is not None
        assert not state.serving


def test_a_part_that_keeps_ending_ends_the_waiting(home, tmp_path):
    """After four restarts `up` gives up with the last lines of the part's log."""
    home.log("triton").write_text("\n".join(f"line {n}" for n in range(9)), encoding="utf-8")
    with locked(home):
        write_state(home, condition="restarting", restarts=4, last_exit=1)
        with pytest.raises(control.StackError) as failure:
            control.up(home, Ports(7400), tmp_path, lambda _: None)
    assert str(failure.value).startswith("triton keeps ending (exit status 1):")
    assert str(failure.value).splitlines()[1:] == [f"  line {n}" for n in range(4, 9)]


def test_what_is_waited_for_is_named(home, tmp_path):
    """When the time is over, the parts that do not serve are told."""
    with locked(home):
        write_state(home, condition="starting")
        with pytest.raises(control.StackError, match=r"not up after 0\.5 s: waiting for triton; see"):
            control.up(home, Ports(7400), tmp_path, lambda _: None, timeout=0.5)


def end(home: Home, holding: ExitStack) -> None:
    """End as a supervisor does: without a state, then without the lock."""
    home.state.unlink(missing_ok=True)
    holding.close()


def test_a_stack_that_is_stopping_is_waited_for(home, tmp_path, monkeypatch):
    """`up` says that the last stack is still stopping and goes on once it is gone."""
    told: list[str] = []
    monkeypatch.setattr(control, "check_environment", lambda: None)
    with ExitStack() as holding:
        holding.enter_context(locked(home))
        write_state(home, stopping=True)
        monkeypatch.setattr(control.time, "sleep", lambda _seconds: end(home, holding))
        # It got past the old stack when it looks for what it needs to start a new one.
        with pytest.raises(control.StackError, match="there is no model repository"):
            control.up(home, Ports(7400), tmp_path / "none", told.append)
    assert told[0] == "the last stack is still stopping; waiting for it to end"


def test_a_stack_that_begins_to_stop_while_it_is_waited_for(home, tmp_path, monkeypatch):
    """`up` on a stack that has not come up yet and is told to stop waits for its end and starts a new one."""
    told: list[str] = []
    monkeypatch.setattr(control, "check_environment", lambda: None)
    with ExitStack() as holding:
        holding.enter_context(locked(home))
        write_state(home, condition="starting")
        steps = iter([lambda: write_state(home, stopping=True), lambda: end(home, holding)])
        monkeypatch.setattr(control.time, "sleep", lambda _seconds: next(steps)())
        with pytest.raises(control.StackError, match="there is no model repository"):
            control.up(home, Ports(7400), tmp_path / "none", told.append)
    assert told[0].startswith("already running")
    assert "the last stack is still stopping; waiting for it to end" in told


def test_a_stack_that_never_ends_is_told(home, tmp_path, monkeypatch):
    """Past the time that `down` would wait, `up` gives up and names the process."""
    monkeypatch.setattr(control, "_DOWN_SECONDS", 0.0)
    with locked(home):
        write_state(home, stopping=True)
        with pytest.raises(control.StackError, match=rf"pid {os.getpid()}\) is still stopping"):
            control.up(home, Ports(7400), tmp_path, lambda _: None)


@pytest.fixture
def environment() -> None:
    """Skip where Triton's own packages are missing: `up` would say that first."""
    try:
        check_environment()
    except LaunchError as error:
        pytest.skip(str(error))


def test_ports_that_are_taken(home, tmp_path, environment):
    """`up` names every taken port with what it is for and what to do, and starts nothing."""
    with socket.socket() as other:
        other.bind((HOST, 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(control.StackError, match=rf"ports in use: .*{port} \(intent\).*--port-base"):
            control.up(home, Ports(port - 1), tmp_path, lambda _: None)
    assert not control.is_running(home)


def test_a_repository_that_is_not_there(home, tmp_path, environment):
    """`up` without Triton's model repository says which folder it looked for."""
    with pytest.raises(control.StackError, match="there is no model repository"):
        control.up(home, Ports(7400), tmp_path / "none", lambda _: None)


def test_the_last_lines_of_a_log(home):
    """As many lines as asked for; bytes that are no UTF-8 do not hide the rest."""
    home.log("qdrant").write_bytes(b"one\n\xff\nthree\n")
    assert list(control.logs(home, "qdrant", 2)) == ["\ufffd", "three"]
    with pytest.raises(control.StackError, match="there is no log of 'intent'; there are: qdrant"):
        list(control.logs(home, "intent"))


def test_large_logs_are_set_aside(home):
    """A log of more than 16 MiB becomes the previous one; a small one goes on."""
    home.log("big").write_bytes(b"x" * (16 * 1024 * 1024 + 1))
    home.log("small").write_bytes(b"x")
    rotate_log(home, "big")
    rotate_log(home, "small")
    assert sorted(path.name for path in home.logs.iterdir()) == ["big.log.1", "small.log"]


@pytest.mark.anyio
async def test_where_nothing_listens_nothing_serves():
    """A refused connection is an answer, not an error."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        assert await is_serving(f"{HOST}:{probe.getsockname()[1]}", [""]) is False
