"""The ``manifest.json`` beside each model: where its weights come from and the digest of every file."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path

from shopguide_devstack.weights.packages import PackageFile, sha256_of

MANIFEST = "manifest.json"


@dataclass(frozen=True)
class Manifest:
    """What a prepared model folder contains."""

    source: str
    """Package and release the weights come from, or the name of a training run."""
    source_sha256: str
    """Digest of the source file."""
    recipe: int
    """Number of the conversion; raised when the same source gives different files."""
    files: dict[str, str]
    """SHA-256 by path relative to the folder."""
    model: dict[str, str] = field(default_factory=dict)
    """Facts the served model must agree with, such as ``encoder.fingerprint``."""

    def write(self, directory: Path) -> None:
        """Write the manifest into its folder."""
        (directory / MANIFEST).write_text(json.dumps(asdict(self), indent=2, sort_keys=True) + "\n")

    def describes(self, source: PackageFile, recipe: int, directory: Path) -> bool:
        """Tell whether the folder is complete and was made from this source by this recipe."""
        same = (self.source_sha256, self.recipe) == (source.sha256, recipe)
        return same and all((directory / name).is_file() for name in self.files)


def read_manifest(directory: Path) -> Manifest | None:
    """Return the folder's manifest, or None when there is none that can be read."""
    try:
        return Manifest(**json.loads((directory / MANIFEST).read_text()))
    except (FileNotFoundError, ValueError, TypeError):
        return None


def digests(directory: Path) -> dict[str, str]:
    """Return the SHA-256 of every file below ``directory`` except the manifest itself."""
    files = sorted(path for path in directory.rglob("*") if path.is_file() and path.name != MANIFEST)
    return {str(path.relative_to(directory)): sha256_of(path) for path in files}
