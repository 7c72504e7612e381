"""Memory of every process of the running stack, Triton's model processes included.

    python benchmarks/memory.py [--home .shopguide] [--write]

RSS counts pages that processes share once for each of them; PSS (from `smaps_rollup`) divides them among their users, so
its sum is what the stack really takes. The bar is 6 GB of PSS for everything.
"""

import argparse
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from measuring import Report, machine

from shopguide_devstack.stack.control import status
from shopguide_devstack.stack.layout import Home, default_home

BAR_BYTES = 6_000_000_000
_MB = 1_000_000


@dataclass(frozen=True)
class ProcessMemory:
    """One process: the part it belongs to, what it is, its memory in bytes."""

    part: str
    pid: int
    what: str
    rss: int
    pss: int


def processes(home: Home) -> list[ProcessMemory]:
    """Return all processes of the stack that runs in `home`. Exits when none does."""
    state = status(home)
    if state is None:
        raise SystemExit(f"no stack is running in {home.path}; start it with: shopguide up")
    children = _children()
    roots = {"supervisor": state.pid} | {part.name: part.pid for part in state.parts if part.pid}
    found = []
    for part, root in roots.items():
        others = set(roots.values()) - {root}
        found += [_read(part, pid) for pid in _tree(root, children, others)]
    return found


def _children() -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                stat = (folder / "stat").read_text(encoding="utf-8", errors="replace")
            except OSError:
                continue
            parent = int(stat.rpartition(")")[2].split()[1])
            found.setdefault(parent, []).append(int(folder.name))
    return found


def _tree(root: int, children: dict[int, list[int]], others: set[int]) -> Iterator[int]:
    """Yield a process and its descendants, but none of `others`: the supervisor's children are parts themselves."""
    yield root
    for child in children.get(root, []):
        if child not in others:
            yield from _tree(child, children, others)


def _command(pid: int) -> list[str]:
    try:
        return (Path("/proc") / str(pid) / "cmdline").read_bytes().decode(errors="replace").split("\0")
    except OSError:
        return []


def _read(part: str, pid: int) -> ProcessMemory:
    lines = (Path("/proc") / str(pid) / "smaps_rollup").read_text(encoding="ascii").splitlines()[1:]
    bytes_of = {
        name: int(rest.split()[0]) * 1024 for name, _, rest in (line.partition(":") for line in lines)
    }
    return ProcessMemory(part, pid, _what(part, _command(pid)), bytes_of["Rss"], bytes_of["Pss"])


def _what(part: str, words: list[str]) -> str:
    for word in words:
        if "/text_encoder/" in word or "/generator/" in word:
            return f"{part}: model process of {word.rsplit('/', 3)[-3]}"
    return part


def report(found: list[ProcessMemory]) -> Report:
    """Return the page of results."""
    page = Report("memory", "Memory of the one-machine stack", machine())
    rows = {f"{one.what}": f"{one.rss / _MB:.0f} | {one.pss / _MB:.0f}" for one in found}
    rss, pss = sum(one.rss for one in found), sum(one.pss for one in found)
    page.table("RSS MB | PSS MB", rows | {"**total**": f"{rss / _MB:.0f} | **{pss / _MB:.0f}**"})
    verdict = "held" if pss <= BAR_BYTES else "missed"
    page.say(f"Bar: at most {BAR_BYTES / 1e9:.0f} GB of PSS: {verdict}.")
    page.numbers = {"processes": [asdict(one) for one in found], "rss": rss, "pss": pss, "bar": BAR_BYTES}
    return page


def main() -> None:
    """Measure, print and, on request, write the page."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--home", type=Path, default=default_home(), help="state folder of the running stack")
    parser.add_argument("--write", action="store_true", help="write the page of results")
    given = parser.parse_args()
    page = report(processes(Home(given.home.absolute())))
    if given.write:
        page.write()


if __name__ == "__main__":
    main()
