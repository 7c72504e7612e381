"""Lint the contract, check its formatting, and compare it with the contract of the last release.

buf takes the google/* imports from a registry by default. Here they are copied from the installed
googleapis-common-protos into a scratch workspace, so no network is needed and both see the same files.
"""

import argparse
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import yaml

from generate_stubs import PROTO_ROOT, google_protos, proto_files

IMAGE = PROTO_ROOT / "buf.image.binpb"
_GOOGLE_PACKAGES = ("api", "rpc", "type")
_OURS = ("--path", "protos/shopguide")


def make_workspace(root: Path, scratch: Path) -> None:
    """Copy the contract of `root` and the google imports into `scratch`: two modules, with `root`'s rules."""
    for path in proto_files(root):
        _copy(root / path, scratch / "protos" / path)
    for package in _GOOGLE_PACKAGES:
        for path in (google_protos() / "google" / package).glob("*.proto"):
            _copy(path, scratch / "third_party" / "google" / package / path.name)
    rules = yaml.safe_load((root / "buf.yaml").read_text(encoding="utf-8"))
    rules["modules"] = [{"path": "protos"}, {"path": "third_party"}]
    (scratch / "buf.yaml").write_text(yaml.safe_dump(rules), encoding="utf-8")


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)


def run_buf(arguments: Sequence[str], workspace: Path) -> tuple[int, str]:
    """Run buf in `workspace`; return its exit status and what it printed."""
    program = Path(sys.executable).with_name("buf")
    command = [str(program), *arguments]
    finished = subprocess.run(command, capture_output=True, text=True, check=False, cwd=workspace)
    return finished.returncode, finished.stdout + finished.stderr


def lint(workspace: Path) -> tuple[int, str]:
    """Check names, packages and comments."""
    return run_buf(["lint", *_OURS], workspace)


def check_format(workspace: Path) -> tuple[int, str]:
    """Check the formatting; the output is the difference."""
    return run_buf(["format", "--diff", "--exit-code", *_OURS], workspace)


def check_breaking(workspace: Path, image: Path = IMAGE) -> tuple[int, str]:
    """Compare with the recorded image: no change may break the wire or JSON form that clients rely on."""
    # No --path here: buf applies it to the image as well, whose paths do not begin with the module's folder.
    return run_buf(["breaking", "--against", str(image)], workspace)


def record_image(workspace: Path, image: Path = IMAGE) -> tuple[int, str]:
    """Record the contract as the one later changes are compared with."""
    return run_buf(["build", "--exclude-source-info", *_OURS, "-o", str(image)], workspace)


def rewrite_formatted(workspace: Path) -> tuple[int, str]:
    """Format the .proto files of the repository in place."""
    status, output = run_buf(["format", "--write", *_OURS], workspace)
    if status == 0:
        for path in proto_files(PROTO_ROOT):
            shutil.copyfile(workspace / "protos" / path, PROTO_ROOT / path)
    return status, output


_ACTIONS: dict[str, tuple[Callable[[Path], tuple[int, str]], ...]] = {
    "check": (lint, check_format, check_breaking),
    "format": (rewrite_formatted,),
    "image": (record_image,),
}


def main() -> int:
    """Run the chosen action; return 1 when buf finds something."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("action", choices=sorted(_ACTIONS), nargs="?", default="check")
    action = parser.parse_args().action
    failed = False
    with tempfile.TemporaryDirectory() as scratch:
        make_workspace(PROTO_ROOT, Path(scratch))
        for step in _ACTIONS[action]:
            status, output = step(Path(scratch))
            failed |= status != 0
            sys.stderr.write(output)
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
