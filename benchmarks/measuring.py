"""What every benchmark shares: the machine it ran on, percentiles, and how results are written."""

import json
import os
import platform
import shlex
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from shopguide_devstack.stack.layout import Home, Ports, default_home
from shopguide_devstack.weights.prepare import prepare_models

ROOT = Path(__file__).resolve().parents[1]
RESULTS = ROOT / "benchmarks" / "results"
_GIB = 1024**3
T = TypeVar("T")


@dataclass(frozen=True)
class Machine:
    """Where and when something was measured; `load_before` is the load average over 1, 5 and 15 minutes."""

    date: str
    cpu: str
    cores: int
    memory_gib: float
    available_gib: float
    load_before: tuple[float, float, float]
    python: str
    system: str
    revision: str

    def sentence(self) -> str:
        """Return the description in one line."""
        load = ", ".join(f"{value:.1f}" for value in self.load_before)
        return (
            f"{self.date}; revision {self.revision}; {self.cores} cores of {self.cpu}, {self.memory_gib:.0f} GiB "
            f"({self.available_gib:.0f} available); load average before: {load}; "
            f"{self.system}, Python {self.python}"
        )


def machine() -> Machine:
    """Return the machine as it is now: call it before measuring, so that the load is that of others."""
    memory = _memory()
    return Machine(
        date=time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime()),
        cpu=_cpu_model(),
        cores=len(os.sched_getaffinity(0)),
        memory_gib=round(memory["MemTotal"] / _GIB, 1),
        available_gib=round(memory["MemAvailable"] / _GIB, 1),
        load_before=os.getloadavg(),
        python=platform.python_version(),
        system=f"{platform.system()} {platform.machine()}",
        revision=revision(),
    )


def _cpu_model() -> str:
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def _memory() -> dict[str, int]:
    lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
    return {name: int(rest.split()[0]) * 1024 for name, _, rest in (line.partition(":") for line in lines)}


def revision() -> str:
    """Return the commit measured, marked `+changes` when tracked files differ from it."""
    head = _git("rev-parse", "--short=12", "HEAD")
    return f"{head}+changes" if _git("status", "--porcelain", "--untracked-files=no") else head


def _git(*arguments: str) -> str:
    command = ["git", "-C", str(ROOT), *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def percentile(values: Iterable[float], share: float) -> float:
    """Return the smallest value that at least `share` of all values do not exceed; nan for none."""
    ordered = sorted(values)
    if not ordered:
        return float("nan")
    return ordered[max(0, -(-int(share * 1000) * len(ordered) // 1000) - 1)]


@dataclass(frozen=True)
class Distribution:
    """Values put together, in the unit of the values."""

    n: int
    p50: float
    p95: float
    mean: float
    lowest: float
    highest: float

    def cells(self, digits: int = 1) -> str:
        """Return `n | p50 | p95 | mean | highest` for a row of a table."""
        numbers = (self.p50, self.p95, self.mean, self.highest)
        return " | ".join([str(self.n), *(f"{number:.{digits}f}" for number in numbers)])


CELLS = "n | p50 | p95 | mean | highest"
"""The heads of `Distribution.cells`."""


def distribution(values: Sequence[float]) -> Distribution:
    """Return the distribution of at least one value."""
    mean = sum(values) / len(values)
    return Distribution(
        len(values), percentile(values, 0.5), percentile(values, 0.95), mean, min(values), max(values)
    )


@dataclass
class Report:
    """One page of results: lines for people, numbers for programs."""

    name: str
    title: str
    machine: Machine
    lines: list[str] = field(default_factory=list)
    numbers: dict[str, Any] = field(default_factory=dict)

    def say(self, *lines: str) -> None:
        """Add lines of Markdown, and show them."""
        self.lines.extend(lines)
        print(*lines, sep="\n", flush=True)

    def table(self, heads: str, rows: Mapping[str, str]) -> None:
        """Add a table: `heads` without the first column, rows by their first cell."""
        columns = heads.count("|") + 2
        body = [f"| {name} | {cells} |" for name, cells in rows.items()]
        self.say("", f"| | {heads} |", "|---" * columns + "|", *body, "")

    def write(self, folder: Path = RESULTS) -> None:
        """Write `<name>.md` and `<name>.json`."""
        folder.mkdir(parents=True, exist_ok=True)
        head = [f"# {self.title}", "", f"Command: `{command()}`", "", self.machine.sentence(), ""]
        (folder / f"{self.name}.md").write_text("\n".join([*head, *self.lines]) + "\n", encoding="utf-8")
        data = {"command": command(), "machine": asdict(self.machine), **self.numbers}
        text = json.dumps(data, indent=1, ensure_ascii=False)
        (folder / f"{self.name}.json").write_text(text + "\n", encoding="utf-8")


def command() -> str:
    """Return the command line as one types it in the repository's root."""
    script = Path(sys.argv[0]).resolve()
    shown = script.relative_to(ROOT) if script.is_relative_to(ROOT) else script
    return shlex.join(["python", str(shown), *sys.argv[1:]])


@contextmanager
def timed(into: dict[str, float], name: str) -> Iterator[None]:
    """Note the seconds of a block."""
    start = time.perf_counter()
    try:
        yield
    finally:
        into[name] = time.perf_counter() - start


def batched(items: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    """Yield pieces of `size` items; the last one may be shorter."""
    for start in range(0, len(items), size):
        yield items[start : start + size]


def cpu_seconds(pids: Iterable[int]) -> float:
    """Return the CPU seconds that processes have taken so far, in user and system mode."""
    ticks = 0
    for pid in pids:
        fields = (
            Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        )
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def prepared_home(path: Path) -> Home:
    """Return a state folder at `path` that uses the weights of the repository's own, prepared when missing."""
    models = prepare_models(default_home(), print)
    path.mkdir(parents=True, exist_ok=True)
    link = path / "models"
    if not link.exists():
        link.symlink_to(models)
    return Home(path)


def free_ports() -> Ports:
    """Return a block of ports that nothing listens on. Raises OSError when none is found."""
    for base in range(23000, 60000, 500):
        ports = Ports(base)
        if not ports.taken():
            return ports
    raise OSError("no free block of ports")
