"""The data directory: an exclusive lock, the manifest, and one folder per collection.

```
DIR/lock             held while a node runs
DIR/manifest.json    collections (folder, creation request, index parameters) and aliases
DIR/collections/     one engine shard per folder; folders the manifest does not name are leftovers and removed
```
"""

import fcntl
import json
import os
import shutil
import uuid
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from shopguide_devstack.qdrant.errors import StartupError

_VERSION = 1


@dataclass
class CollectionEntry:
    """What the manifest keeps of one collection."""

    folder: str
    """Name of the shard's folder below `collections/`."""
    created_at: str
    """Time of creation, RFC 3339."""
    config: dict[str, Any]
    """The creation request in protobuf's JSON form."""
    indexes: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Parameters of the payload indexes by field, in protobuf's JSON form."""


@dataclass
class Manifest:
    """The collections and aliases of a node."""

    collections: dict[str, CollectionEntry] = field(default_factory=dict)
    aliases: dict[str, str] = field(default_factory=dict)


class DataDirectory:
    """The node's files. Made by `open`, which takes the lock; `close` gives it back."""

    def __init__(self, root: Path, lock: int) -> None:
        self._root = root
        self._lock = lock
        self._shards = root / "collections"

    @classmethod
    def open(cls, root: Path) -> "DataDirectory":
        """Create the directory if need be and lock it.

        Raises:
            StartupError: it cannot be written, or another node uses it.
        """
        try:
            (root / "collections").mkdir(parents=True, exist_ok=True)
            lock = os.open(root / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        except OSError as error:
            raise StartupError(f"cannot use data directory {root}: {error.strerror}") from error
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(lock)
            raise StartupError(f"data directory {root} is in use by another node") from None
        return cls(root, lock)

    def close(self) -> None:
        """Give the lock back."""
        os.close(self._lock)

    def read(self) -> Manifest:
        """Return the manifest, empty for a new directory.

        Raises:
            StartupError: the manifest is unreadable or of another version.
        """
        path = self._root / "manifest.json"
        if not path.exists():
            return Manifest()
        try:
            stored = json.loads(path.read_text(encoding="utf-8"))
            if stored["version"] != _VERSION:
                raise StartupError(f"{path} has version {stored['version']}, this node reads {_VERSION}")
            entries = {name: CollectionEntry(**entry) for name, entry in stored["collections"].items()}
            return Manifest(entries, dict(stored["aliases"]))
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise StartupError(f"{path} is damaged: {error}") from error

    def write(self, manifest: Manifest) -> None:
        """Replace the manifest: after a crash at any moment either the old or the new one is there."""
        path, temporary = self._root / "manifest.json", self._root / "manifest.json.tmp"
        text = json.dumps({"version": _VERSION, **asdict(manifest)}, ensure_ascii=False, indent=1)
        with temporary.open("w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
        _sync_directory(self._root)

    def new_folder(self) -> str:
        """Create an empty folder for a shard and return its name."""
        name = uuid.uuid4().hex
        self.folder(name).mkdir()
        _sync_directory(self._shards)
        return name

    def folder(self, name: str) -> Path:
        """Return the path of a shard's folder."""
        return self._shards / name

    def remove_folder(self, name: str) -> None:
        """Delete a shard's folder."""
        shutil.rmtree(self.folder(name), ignore_errors=True)

    def remove_leftovers(self, manifest: Manifest) -> None:
        """Delete the folders that no collection owns: creations and deletions a crash cut short."""
        owned = {entry.folder for entry in manifest.collections.values()}
        for path in self._shards.iterdir():
            if path.name not in owned:
                shutil.rmtree(path, ignore_errors=True)


def _sync_directory(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
