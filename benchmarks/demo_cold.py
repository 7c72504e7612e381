"""Time of `make demo` from nothing: a fresh clone of HEAD, a fresh virtual environment, to the last answer.

    python benchmarks/demo_cold.py [--python python3.11] [--port-base 7400] [--no-pip-cache] [--write]

The clone is made in a temporary folder and removed afterwards, with the stack stopped. What is not fresh: the system's
packages, and, unless `--no-pip-cache`, pip's download cache. Phases are read off the output as it comes.
"""

import argparse
import os
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from measuring import ROOT, Report, machine

_LONGEST_SECONDS = 3600.0
_MARKS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("virtual environment", re.compile(r"^setup: creating .venv")),
    ("packages", re.compile(r"^setup: build tools: done")),
    ("weights", re.compile(r"── starting the stack")),
    ("processes", re.compile(r"^\s+\w+: starting \(")),
    ("import", re.compile(r"── importing the catalogue")),
    ("answers", re.compile(r"── (?!starting|importing)")),
)
"""Phases in order, each with the line it begins with."""


@dataclass(frozen=True)
class Line:
    """A line of output and the seconds since the start."""

    at: float
    text: str


def run_demo(clone: Path, python: str, base: int, *, pip_cache: bool) -> Iterator[Line]:
    """Run `make demo` and yield its output as it comes. Exits when it fails."""
    env = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("SHOPGUIDE_", "VIRTUAL_ENV"))
    }
    env |= {"SHOPGUIDE_PORT_BASE": str(base), "PYTHONUNBUFFERED": "1", "COLUMNS": "200"}
    if not pip_cache:
        env["PIP_NO_CACHE_DIR"] = "1"
    started = time.perf_counter()
    with subprocess.Popen(
        ["make", "demo", f"PYTHON={python}"],
        cwd=clone,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        for text in process.stdout or ():
            yield Line(time.perf_counter() - started, text.rstrip("\n"))
            if time.perf_counter() - started > _LONGEST_SECONDS:
                process.terminate()
    yield Line(time.perf_counter() - started, f"exit status {process.returncode}")


def phases(lines: Sequence[Line]) -> dict[str, float]:
    """Return the seconds of each phase; one that did not happen is left out."""
    marks: list[tuple[str, float]] = []
    waiting = list(_MARKS)
    for line in lines:
        hit = next((i for i, (_, pattern) in enumerate(waiting) if pattern.search(line.text)), None)
        if hit is not None:
            marks.append((waiting[hit][0], line.at))
            del waiting[: hit + 1]
    ends = [at for _, at in marks[1:]] + [lines[-1].at]
    return {name: end - at for (name, at), end in zip(marks, ends, strict=True)}


def measure(folder: Path, python: str, base: int, *, pip_cache: bool) -> list[Line]:
    """Clone HEAD into a folder, run the demo there and stop it again; returns the output."""
    clone = folder / "shopguide"
    subprocess.run(["git", "clone", "--quiet", "--no-hardlinks", str(ROOT), str(clone)], check=True)
    lines = []
    try:
        for line in run_demo(clone, python, base, pip_cache=pip_cache):
            print(f"{line.at:7.1f}  {line.text}", flush=True)
            lines.append(line)
    finally:
        shopguide = clone / ".venv" / "bin" / "shopguide"
        if shopguide.exists():
            subprocess.run([shopguide, "down"], cwd=clone, check=False)
    if lines[-1].text != "exit status 0":
        raise SystemExit(f"make demo failed: {lines[-1].text}")
    return lines


def report(page: Report, lines: Sequence[Line], *, pip_cache: bool) -> None:
    """Fill the page of results."""
    took = phases(lines)
    total = lines[-1].at
    page.table(
        "seconds", {name: f"{seconds:.1f}" for name, seconds in took.items()} | {"**all**": f"{total:.1f}"}
    )
    cache = "pip's download cache as it was" if pip_cache else "without pip's download cache"
    page.say(f"From `make demo` in a fresh clone to the end of the last answer, {cache}.")
    page.numbers = {"seconds": took, "all": total, "pip_cache": pip_cache}


def main() -> None:
    """Measure, print and, on request, write the page."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--python", default=shutil.which("python3.11") or "python3.11", help="Python 3.11 to start from"
    )
    parser.add_argument("--port-base", type=int, default=7400, help="first port (default: %(default)s)")
    parser.add_argument("--no-pip-cache", action="store_true", help="download every package anew")
    parser.add_argument("--write", action="store_true", help="write the page of results")
    given = parser.parse_args()
    page = Report("demo-cold", "The demonstration from nothing", machine())
    with tempfile.TemporaryDirectory(prefix="shopguide-demo-") as folder:
        lines = measure(Path(folder), given.python, given.port_base, pip_cache=not given.no_pip_cache)
    report(page, lines, pip_cache=not given.no_pip_cache)
    if given.write:
        page.write()


if __name__ == "__main__":
    main()
