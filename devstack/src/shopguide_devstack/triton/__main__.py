"""``python -m shopguide_devstack.triton …``: becomes the Triton server (exec), so signals reach it directly."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import NoReturn

from shopguide_devstack.triton.launcher import (
    LaunchError,
    TritonSettings,
    check_environment,
    command,
    environment,
)
from shopguide_devstack.triton.shared_memory import remove_segments


def _settings() -> TritonSettings:
    parser = argparse.ArgumentParser(
        prog="shopguide_devstack.triton", description="Start Triton on a model repository."
    )
    parser.add_argument("--repository", type=Path, required=True, help="model repository")
    parser.add_argument("--models", type=Path, required=True, help="folder of the prepared weights")
    parser.add_argument("--runtime-dir", type=Path, required=True, help="folder for the backend links")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--http-port", type=int, default=7480)
    parser.add_argument("--grpc-port", type=int, default=7481)
    parser.add_argument("--metrics-port", type=int, default=7482)
    parser.add_argument(
        "--load", action="append", default=[], metavar="MODEL", help="model to load (repeatable)"
    )
    parser.add_argument(
        "--exit-timeout", type=int, default=30, help="seconds for open requests after SIGTERM"
    )
    given = vars(parser.parse_args())
    given["load"] = tuple(given["load"])
    return TritonSettings(**given)


def main() -> NoReturn:
    """Check the environment and exec the server; exit with a message when it cannot run here."""
    settings = _settings()
    try:
        check_environment()
        argv = command(settings)
    except LaunchError as error:
        sys.exit(f"error: {error}")
    remove_segments(settings.shm_prefix)
    os.execve(argv[0], argv, environment(settings))  # noqa: S606


if __name__ == "__main__":
    main()
