"""Write constraints.txt: the exact version of every package that the repository needs, directly or not.

Starts from the `pyproject.toml` of every distribution and from `requirements-dev.txt`, follows the installed
packages' own requirements, and leaves out what happens to be installed but nothing asks for.
"""

import argparse
import sys
import tomllib
from collections.abc import Iterable, Iterator
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

REPOSITORY = Path(__file__).resolve().parent.parent
CONSTRAINTS = REPOSITORY / "constraints.txt"
BOOTSTRAP = ("pip", "setuptools", "wheel")
HEADER = """\
# Exact versions for every part, its images and the tools, tested together on Python 3.11.
# Made by `make constraints` from the installed environment.
# Held back on purpose: numpy 1.26 (numpy 2 silently corrupts tensors in the Triton wheel's Python backend),
# protobuf 6 (Triton's client refuses 7), grpcio-tools 1.81.1 (newer ones generate code for protobuf 7).
"""


class NotInstalledError(Exception):
    """A needed package is not installed here, so its version is unknown."""


def distributions(root: Path) -> list[Path]:
    """Return the `pyproject.toml` of every distribution below `root`, except the tools' own at the top."""
    return sorted([*root.glob("*/pyproject.toml"), *root.glob("services/*/pyproject.toml")])


def project_requirements(pyproject: Path) -> list[Requirement]:
    """Return what a distribution requires, all its extras included."""
    project = tomllib.loads(pyproject.read_text(encoding="utf-8"))["project"]
    extras = project.get("optional-dependencies", {}).values()
    lines = [*project.get("dependencies", []), *(line for extra in extras for line in extra)]
    return [Requirement(line) for line in lines]


def file_requirements(path: Path) -> list[Requirement]:
    """Return the requirements named in a requirements file, comments and options left out."""
    lines = (line.split("#")[0].strip() for line in path.read_text(encoding="utf-8").splitlines())
    return [Requirement(line) for line in lines if line and not line.startswith("-")]


def direct_requirements(root: Path) -> list[Requirement]:
    """Return every requirement that the repository itself states on a package of others."""
    named = [item for path in distributions(root) for item in project_requirements(path)]
    named += file_requirements(root / "requirements-dev.txt")
    return [item for item in named if not item.name.startswith("shopguide-")]


def closure(requirements: Iterable[Requirement]) -> dict[str, str]:
    """Return {package: version} for `requirements` and all they need, as installed in this environment.

    Raises:
        NotInstalledError: a needed package is not installed.
    """
    pinned: dict[str, str] = {}
    seen: set[tuple[str, str]] = set()
    waiting = [(item, "") for item in requirements]
    while waiting:
        item, extra = waiting.pop()
        if item.marker and not item.marker.evaluate({"extra": extra}):
            continue
        fresh = {(canonicalize_name(item.name), wanted) for wanted in ("", *item.extras)} - seen
        seen |= fresh
        if fresh:
            found = _installed(item.name)
            pinned[canonicalize_name(item.name)] = Version(found.version).public
            waiting += [(need, wanted) for _, wanted in fresh for need in _needs(found)]
    return pinned


def _installed(name: str) -> metadata.Distribution:
    try:
        return metadata.distribution(name)
    except metadata.PackageNotFoundError:
        message = f"{name} is required but not installed"
        raise NotInstalledError(message) from None


def _needs(distribution: metadata.Distribution) -> Iterator[Requirement]:
    yield from (Requirement(line) for line in distribution.requires or [])


def render(pinned: dict[str, str]) -> str:
    """Return the text of a constraints file."""
    return HEADER + "".join(f"{name}=={version}\n" for name, version in sorted(pinned.items()))


def main() -> int:
    """Write constraints.txt; return 1, leaving it alone, when a needed package is not installed."""
    argparse.ArgumentParser(description=__doc__).parse_args()
    wanted = direct_requirements(REPOSITORY) + [Requirement(name) for name in BOOTSTRAP]
    try:
        pinned = closure(wanted)
    except NotInstalledError as error:
        print(error, file=sys.stderr)
        return 1
    CONSTRAINTS.write_text(render(pinned), encoding="utf-8")
    print(f"{len(pinned)} packages pinned")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
