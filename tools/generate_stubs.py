"""Make the Python stubs of the contract from its .proto files.

Writes beside every .proto: `*_pb2.py` and `*_pb2.pyi` (messages) and, where the file declares a service,
`*_pb2_grpc.py` and `*_pb2_grpc.pyi` (typed client stubs and servicer base classes). Every package gets an
`__init__.py`, the top one `py.typed`.
"""

import argparse
import re
import subprocess
import sys
import sysconfig
from collections.abc import Iterator, Sequence
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
PROTO_ROOT = REPOSITORY / "protos"
GENERATED_PATTERNS = ("*_pb2.py", "*_pb2.pyi", "*_pb2_grpc.py", "*_pb2_grpc.pyi", "__init__.py", "py.typed")
_SERVICE = re.compile(r"^service\s+\w+", re.MULTILINE)


class GenerationError(Exception):
    """protoc refused the .proto files; the message is what it printed."""


def proto_files(root: Path) -> list[Path]:
    """Return the contract's .proto files under `root`, as sorted paths relative to it."""
    return sorted(path.relative_to(root) for path in (root / "shopguide").rglob("*.proto"))


def google_protos() -> Path:
    """Return the folder of googleapis-common-protos, which holds `google/{api,rpc,type}`."""
    return Path(sysconfig.get_path("purelib"))


def declares_service(path: Path) -> bool:
    """Say whether a .proto file declares a service, and so needs gRPC stubs."""
    return _SERVICE.search(path.read_text(encoding="utf-8")) is not None


def protoc(root: Path, options: Sequence[str], files: Sequence[Path]) -> None:
    """Run protoc on `files` (relative to `root`) with the google imports on its path.

    Raises:
        GenerationError: protoc failed.
    """
    command = [
        sys.executable,
        "-m",
        "grpc_tools.protoc",
        f"-I{root}",
        f"-I{google_protos()}",
        *options,
        *map(str, files),
    ]
    finished = subprocess.run(command, capture_output=True, text=True, check=False, cwd=root)
    if finished.returncode != 0:
        raise GenerationError(finished.stderr.strip())


def generate(root: Path, output: Path) -> list[Path]:
    """Write the stubs of every .proto of `root` below `output`; return their paths relative to it."""
    files = proto_files(root)
    output.mkdir(parents=True, exist_ok=True)
    if files:
        protoc(root, [f"--python_out={output}", f"--pyi_out={output}"], files)
    services = [path for path in files if declares_service(root / path)]
    if services:
        plugin = Path(sys.executable).with_name("protoc-gen-mypy_grpc")
        options = [f"--grpc_python_out={output}", f"--plugin={plugin}", f"--mypy_grpc_out=quiet:{output}"]
        protoc(root, options, services)
    _write_packages(output, files)
    return sorted(generated_files(output))


def generated_files(root: Path) -> Iterator[Path]:
    """Yield the generated files below `root`, relative to it."""
    for pattern in GENERATED_PATTERNS:
        yield from (path.relative_to(root) for path in (root / "shopguide").rglob(pattern))


def _write_packages(output: Path, files: Sequence[Path]) -> None:
    """Write `__init__.py` into every package that holds a .proto, and `py.typed` at the top."""
    for package in {parent for path in files for parent in path.parents if parent != Path()}:
        name = ".".join(package.parts)
        (output / package / "__init__.py").write_text(
            f'"""Generated package `{name}` of the contract."""\n', encoding="utf-8"
        )
    if files:
        (output / "shopguide" / "py.typed").touch()


def main() -> int:
    """Regenerate the stubs in place, removing those whose .proto is gone."""
    argparse.ArgumentParser(description=__doc__).parse_args()
    stale = set(generated_files(PROTO_ROOT))
    try:
        written = generate(PROTO_ROOT, PROTO_ROOT)
    except GenerationError as error:
        print(error, file=sys.stderr)
        return 1
    for path in stale.difference(_expected(PROTO_ROOT)):
        (PROTO_ROOT / path).unlink()
    print(f"{len(proto_files(PROTO_ROOT))} .proto files, {len(written)} generated files")
    return 0


def _expected(root: Path) -> set[Path]:
    """Return the paths that generation writes for the .proto files of `root`."""
    expected = {Path("shopguide/py.typed")}
    for path in proto_files(root):
        suffixes = ["_pb2.py", "_pb2.pyi"] + (
            ["_pb2_grpc.py", "_pb2_grpc.pyi"] if declares_service(root / path) else []
        )
        expected |= {path.with_name(path.stem + suffix) for suffix in suffixes}
        expected |= {parent / "__init__.py" for parent in path.parents if parent != Path()}
    return expected


if __name__ == "__main__":
    raise SystemExit(main())
