"""Check which part imports which, from the source text alone.

The rules, and why:

1. A part imports only the parts named in `ALLOWED_PARTS`; services never import each other (deployed alone).
2. `domain/` imports no transport, no store, no protobuf, no model runtime, and nothing from `adapters/`.
3. Only `bootstrap.py` (and `bootstrap_<x>.py`, its parts) imports from `adapters/`, besides adapters themselves: it
   alone names concrete classes.
4. In services, protobuf and the stubs are imported only by `servicer.py` (or `<x>_servicer.py`), `convert.py`,
   `bootstrap.py` and `adapters/` (each may be a package of that name), so that a change of the contract stays at the edge.
"""

import argparse
import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
SERVICES = ("intent", "retrieval", "generation", "gateway")

ALLOWED_PARTS: dict[str, frozenset[str]] = {
    "shopguide_runtime": frozenset(),
    **{f"shopguide_{name}": frozenset({"shopguide_runtime"}) for name in SERVICES},
    "shopguide_client": frozenset({"shopguide_devstack"}),
    "shopguide_devstack": frozenset({"shopguide_runtime", "shopguide_client"}),
}
"""Which other parts a part may import, besides the stubs. Parts that are not named may import any."""

FORBIDDEN_IN_DOMAIN = frozenset(
    {
        "google",
        "grpc",
        "openvino",
        "qdrant_client",
        "qdrant_edge",
        "shopguide",
        "torch",
        "transformers",
        "tritonclient",
    },
)
_SINGLE_PARTS = ("runtime", "client", "devstack")
STUBS = ("google.protobuf", "google.rpc", "google.type", "shopguide")
EDGES = frozenset({"servicer", "convert", "validate", "bootstrap", "adapters"})


@dataclass(frozen=True)
class Import:
    """One imported module, absolute, and the line that imports it."""

    module: str
    """Dotted name; for `from a import b` it is `a.b`, as `b` may be a module."""
    line: int
    """Line of the import statement."""


@dataclass(frozen=True)
class Violation:
    """One import that breaks a rule."""

    path: Path
    """File, relative to the repository."""
    line: int
    """Line of the import statement."""
    message: str
    """What is imported and which rule forbids it."""

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.message}"


def imports(source: str, package: str) -> Iterator[Import]:
    """Yield every import in `source`, at any depth, relative ones resolved against its `package`."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (Import(alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = _absolute(node, package)
            yield from (Import(f"{base}.{alias.name}", node.lineno) for alias in node.names)


def _absolute(node: ast.ImportFrom, package: str) -> str:
    if not node.level:
        return node.module or ""
    parts = package.split(".")
    parents = parts[: len(parts) - node.level + 1]
    return ".".join([*parents, *([node.module] if node.module else [])])


def within(module: str, package: str) -> bool:
    """Say whether dotted `module` is `package` or lies in it."""
    return module == package or module.startswith(f"{package}.")


def wires(place: str) -> bool:
    """Say whether a module of a service is its bootstrap or a part of it."""
    return place == "bootstrap" or place.startswith("bootstrap_")


def at_edge(place: str) -> bool:
    """Say whether a module or folder of a service is meant to know the contract."""
    return place in EDGES or place.endswith("_servicer") or wires(place)


def broken_rules(found: Import, part: str, place: str) -> Iterator[str]:
    """Yield a message for each rule that an import breaks in `part`; `place` is the first name below it."""
    top = found.module.split(".")[0]
    allowed = ALLOWED_PARTS.get(part)
    if allowed is not None and top.startswith("shopguide_") and top != part and top not in allowed:
        yield f"{part} may not import {top}"
    if part.removeprefix("shopguide_") not in SERVICES:
        return
    if place == "domain" and (top in FORBIDDEN_IN_DOMAIN or within(found.module, f"{part}.adapters")):
        yield f"domain/ may not import {found.module}"
    elif not at_edge(place) and any(within(found.module, name) for name in STUBS):
        yield f"{found.module} is for servicer.py, convert.py, bootstrap.py and adapters/ only"
    if not wires(place) and place not in {"adapters", "domain"} and within(found.module, f"{part}.adapters"):
        yield f"only bootstrap.py names adapters, not {place}"


def check_file(path: Path, source_root: Path) -> list[Violation]:
    """Return the violations in one file of the part whose sources lie below `source_root`."""
    module = path.relative_to(source_root).with_suffix("").parts
    package = ".".join(module[:-1])
    part, place = module[0], module[1]
    return [
        Violation(path, found.line, message)
        for found in imports(path.read_text(encoding="utf-8"), package)
        for message in broken_rules(found, part, place)
    ]


def source_roots(repository: Path) -> list[Path]:
    """Return the `src` folder of every part that has rules."""
    return sorted(
        [*repository.glob("services/*/src"), *(repository / name / "src" for name in _SINGLE_PARTS)]
    )


def check(repository: Path) -> list[Violation]:
    """Return every violation in `repository`, in the order of files and lines."""
    found = [
        violation
        for root in source_roots(repository)
        for path in sorted(root.glob("shopguide_*/**/*.py"))
        for violation in check_file(path, root)
    ]
    return [Violation(item.path.relative_to(repository), item.line, item.message) for item in found]


def main() -> int:
    """Print every violation; return 1 when there is one."""
    argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    ).parse_args()
    violations = check(REPOSITORY)
    for violation in violations:
        print(violation, file=sys.stderr)
    return 1 if violations else 0


if __name__ == "__main__":
    raise SystemExit(main())
