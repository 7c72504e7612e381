"""Fail when the committed stubs are not what `tools/generate_stubs.py` makes from the .proto files."""

import argparse
import sys
import tempfile
from pathlib import Path

from generate_stubs import PROTO_ROOT, GenerationError, generate, generated_files


def differences(root: Path) -> list[str]:
    """Regenerate the stubs of `root` in a scratch folder; name each file that is missing, stale or different.

    Raises:
        GenerationError: protoc refused the .proto files.
    """
    with tempfile.TemporaryDirectory() as scratch:
        fresh = Path(scratch)
        expected = set(generate(root, fresh))
        committed = set(generated_files(root))
        found = [f"missing: {path}" for path in expected - committed]
        found += [f"no .proto makes this: {path}" for path in committed - expected]
        found += [
            f"differs: {path}"
            for path in expected & committed
            if (root / path).read_bytes() != (fresh / path).read_bytes()
        ]
    return sorted(found)


def main() -> int:
    """Report every difference; return 1 when there is one."""
    argparse.ArgumentParser(description=__doc__).parse_args()
    try:
        found = differences(PROTO_ROOT)
    except GenerationError as error:
        found = [str(error)]
    for line in found:
        print(line, file=sys.stderr)
    if found:
        print("run `make protos` and commit the result", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    raise SystemExit(main())
