"""A supervisor over stand-in parts, on ports of its own."""

import os
import random
import signal
import subprocess
from collections.abc import Iterator
from contextlib import suppress

import pytest

from fakes.stack_stand_in import Stack, start
from shopguide_devstack.stack.layout import Home, Ports


@pytest.fixture
def ports() -> Ports:
    """Return ports that are free now."""
    rng = random.Random()
    while True:
        chosen = Ports(rng.randrange(30_000, 60_000))
        if not chosen.taken():
            return chosen


@pytest.fixture
def home(tmp_path) -> Home:
    """Return an empty state folder."""
    return Home(tmp_path / "home")


@pytest.fixture
def stack(home, ports) -> Iterator[Stack]:
    """Run a stack that serves; whatever is left of it is ended after the test."""
    running = start(home, ports)
    try:
        running.wait_until_serving()
        yield running
    finally:
        if running.process.poll() is None:
            running.process.send_signal(signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            running.process.wait(30)
        for pid in [int(line[2]) for line in running.journal() if line[1] == "started"]:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
