"""Removes the shared memory that a killed Triton leaves behind."""

from __future__ import annotations

from pathlib import Path

SHM = Path("/dev/shm")  # noqa: S108  (the kernel's folder, not a temporary file)


def remove_segments(prefix: str, folder: Path = SHM) -> list[str]:
    """Delete the segments whose name starts with ``prefix`` and return their names.

    Call it after the server has ended. Other servers' segments are left alone, so the prefix must not be empty.
    """
    if not prefix:
        raise ValueError("prefix must not be empty")
    removed = []
    for segment in sorted(folder.iterdir()):
        if segment.name.startswith(prefix):
            segment.unlink(missing_ok=True)
            removed.append(segment.name)
    return removed
