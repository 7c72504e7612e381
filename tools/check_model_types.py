"""Check the types of Triton's models.

Triton names the folder of a model's version `1`, which no Python package may be called. The folders are linked into
a scratch folder under importable names, and mypy looks at them there.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent


def link_models(repository: Path, scratch: Path) -> list[Path]:
    """Link every model's version folder into `scratch` as a package such as `cpu_text_encoder_1`."""
    packages = []
    for version in sorted({path.parent for path in (repository / "model_repository").glob("*/*/*/*.py")}):
        flavour, model = version.parts[-3:-1]
        package = scratch / f"{flavour}_{model}_{version.name}"
        package.symlink_to(version, target_is_directory=True)
        packages.append(package)
    return packages


def check(repository: Path) -> tuple[int, str]:
    """Run mypy over the models of `repository` under the rules of this one; return its status and output."""
    with tempfile.TemporaryDirectory() as scratch:
        packages = link_models(repository, Path(scratch))
        if not packages:
            return 0, ""
        rules = ["--config-file", str(REPOSITORY / "pyproject.toml"), "--no-error-summary", "--exclude", "^$"]
        command = [sys.executable, "-m", "mypy", *rules, *map(str, packages)]
        environment = os.environ | {"MYPYPATH": scratch}
        finished = subprocess.run(
            command, capture_output=True, text=True, check=False, cwd=REPOSITORY, env=environment
        )
    return finished.returncode, (finished.stdout + finished.stderr).replace(f"{scratch}/", "")


def main() -> int:
    """Print what mypy finds; return 1 when it finds something."""
    argparse.ArgumentParser(description=__doc__).parse_args()
    status, output = check(REPOSITORY)
    sys.stderr.write(output)
    return 1 if status else 0


if __name__ == "__main__":
    raise SystemExit(main())
