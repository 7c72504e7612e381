"""A real server process around ProbeService: `python probe_server.py`; what it does is chosen by the request text."""

import asyncio
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from fakes.probe_service import ProbeService
from shopguide_runtime.server import App, main
from shopguide_runtime.settings import ServerSettings


async def act(text: str) -> str:
    """Wait as many seconds as the text says, then answer with it."""
    await asyncio.sleep(float(text))
    return text


async def warm_up() -> None:
    """Fail when the environment asks for it."""
    if os.environ.get("PROBE_WARM_UP") == "fail":
        raise FileNotFoundError("models/generator is missing")


async def close() -> None:
    """Leave a mark that says that the server closed its parts."""
    sys.stdout.write("closed\n")


async def build(settings: ServerSettings) -> App:
    """Put the probe server together."""
    return App([ProbeService(act).add_to], warm_up=warm_up, close=close)


if __name__ == "__main__":
    raise SystemExit(main("probe", ServerSettings, build))
