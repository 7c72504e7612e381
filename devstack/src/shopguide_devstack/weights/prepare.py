"""Prepares every model once: built beside its final place, then renamed, so that no reader sees half a model."""

from __future__ import annotations

import fcntl
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from shopguide_devstack.weights import encoder, generator
from shopguide_devstack.weights.manifest import read_manifest
from shopguide_devstack.weights.packages import ENCODER_SOURCE, GENERATOR_SOURCE, PackageFile

Progress = Callable[[str], None]
READABLE_BY_ALL = 0o755


@dataclass(frozen=True)
class Recipe:
    """How one model folder is made."""

    name: str
    """Folder below ``models/``; the name of the served model."""
    source: PackageFile
    """File the weights come from."""
    number: int
    """Recipe number, see Manifest.recipe."""
    build: Callable[[Path, Path, Progress], None]
    """Fills a folder: (folder, scratch folder, progress)."""


RECIPES = (
    Recipe("text_encoder", ENCODER_SOURCE, encoder.RECIPE, encoder.prepare),
    Recipe("generator", GENERATOR_SOURCE, generator.RECIPE, generator.prepare),
)


def prepare_models(home: Path, progress: Progress, recipes: tuple[Recipe, ...] = RECIPES) -> Path:
    """Make every missing or outdated model below ``home/models`` and return that folder.

    Safe to call from several processes at once: the others wait. Raises SourceError when a source cannot be had.
    """
    models = home / "models"
    models.mkdir(parents=True, exist_ok=True)
    with _locked(models / ".lock"):
        for recipe in recipes:
            _prepare(recipe, models, progress)
    return models


def _prepare(recipe: Recipe, models: Path, progress: Progress) -> None:
    target = models / recipe.name
    manifest = read_manifest(target)
    if manifest is not None and manifest.describes(recipe.source, recipe.number, target):
        progress(f"{recipe.name}: up to date")
        return
    started = time.monotonic()
    with tempfile.TemporaryDirectory(dir=models, prefix=f".{recipe.name}-") as temporary:
        fresh, scratch = Path(temporary, "fresh"), Path(temporary, "scratch")
        recipe.build(fresh, scratch, lambda line: progress(f"{recipe.name}: {line}"))
        _make_readable(fresh)
        _swap(fresh, target, Path(temporary, "replaced"))
    progress(f"{recipe.name}: ready in {time.monotonic() - started:.1f} s")


def _make_readable(directory: Path) -> None:
    # Weights are served by another user in a container; the safetensors writer makes its file private.
    for path in directory.rglob("*"):
        path.chmod(READABLE_BY_ALL if path.is_dir() else 0o644)


def _swap(fresh: Path, target: Path, replaced: Path) -> None:
    if target.exists():
        target.rename(replaced)
    fresh.rename(target)
    if replaced.exists():
        shutil.rmtree(replaced)


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("w") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        yield
