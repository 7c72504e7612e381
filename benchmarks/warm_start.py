"""Time from `shopguide up` to every part SERVING, with prepared weights.

    python benchmarks/warm_start.py [--runs 5] [--write]

Each run starts the whole stack as a person would, in a state folder of its own with the repository's weights and an empty
index, on free ports, and stops it again.
"""

import argparse
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from measuring import CELLS, ROOT, Report, distribution, free_ports, machine, prepared_home

_SERVING = re.compile(r"(\w+): serving \(([0-9.]+) s\)")
_SHOPGUIDE = [str(Path(sys.executable).with_name("shopguide"))]


def start_once(home: Path, base: int) -> dict[str, float]:
    """Start and stop the stack; returns the seconds to SERVING of each part, and of the whole command as `all`."""
    command = [*_SHOPGUIDE, "--home", str(home), "up", "--port-base", str(base)]
    started = time.perf_counter()
    try:
        done = subprocess.run(command, check=True, capture_output=True, text=True, timeout=300, cwd=ROOT)
        seconds = {"all": time.perf_counter() - started}
    except subprocess.CalledProcessError as error:
        raise SystemExit(f"the stack did not come up:\n{error.stdout}{error.stderr}") from error
    finally:
        subprocess.run([*_SHOPGUIDE, "--home", str(home), "down"], check=True, stdout=subprocess.DEVNULL)
    return seconds | {part: float(value) for part, value in _SERVING.findall(done.stdout)}


def report(page: Report, runs: Sequence[dict[str, float]]) -> None:
    """Fill the page of results."""
    parts = sorted(runs[0], key=lambda part: distribution([run[part] for run in runs]).p50)
    rows = {part: distribution([run[part] for run in runs]).cells() for part in parts}
    page.table(f"{CELLS} (seconds)", rows)
    page.say(
        "`all` is the whole command as a person waits for it, with the start of the command line itself; "
        "the parts count from the start of the supervisor."
    )
    page.numbers = {"seconds": list(runs)}


def main() -> None:
    """Measure, print and, on request, write the page."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--runs", type=int, default=5, help="starts (default: %(default)s)")
    parser.add_argument("--write", action="store_true", help="write the page of results")
    given = parser.parse_args()
    page = Report("warm-start", "Start of the stack with prepared weights", machine())
    with tempfile.TemporaryDirectory(prefix="shopguide-start-") as folder:
        home = prepared_home(Path(folder))
        runs = [start_once(home.path, free_ports().base) for _ in range(given.runs)]
    report(page, runs)
    if given.write:
        page.write()


if __name__ == "__main__":
    main()
