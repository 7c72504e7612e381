from dataclasses import dataclass

from make_settings_docs import render
from shopguide_runtime.settings import ServerSettings


@dataclass(frozen=True, kw_only=True)
class EchoSettings(ServerSettings):
    """Settings of a server that repeats."""

    port: int = 7499
    """Where to listen | to shout."""

    volume: int = 3
    """How loud, from 0 to 9."""


def test_own_settings_follow_the_shared_ones():
    """Shared settings are listed once; a service lists what it adds and what it changes."""
    shared, own = render({"echo": EchoSettings}).split("## Echo\n")
    assert "`SHOPGUIDE_LOG_LEVEL`" in shared
    assert "`SHOPGUIDE_LOG_LEVEL`" not in own
    assert "| `SHOPGUIDE_VOLUME` | int | `3` | How loud, from 0 to 9. |" in own
    assert "| `SHOPGUIDE_PORT` | int | `7499` | Where to listen \\| to shout. |" in own
