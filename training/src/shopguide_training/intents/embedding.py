"""Embeddings of a corpus by the served text encoder, kept on disk so that an experiment costs them once."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from shopguide_runtime.triton import TextEncoder

Floats = npt.NDArray[np.float32]
_CHUNK = 256
_TIMEOUT = 600.0


async def embed(address: str, texts: Sequence[str], cache: Path) -> tuple[Floats, str]:
    """Embeddings [texts, dimension] by the encoder behind Triton at `address`, and its fingerprint."""
    async with TextEncoder(address) as encoder:
        fingerprint = await encoder.fingerprint()
        chunks = [texts[start : start + _CHUNK] for start in range(0, len(texts), _CHUNK)]
        parts = [await _chunk(encoder, fingerprint, chunk, cache) for chunk in chunks]
    return np.concatenate(parts), fingerprint


async def _chunk(encoder: TextEncoder, fingerprint: str, texts: Sequence[str], cache: Path) -> Floats:
    path = cache / f"{_key(fingerprint, texts)}.npy"
    known = _stored(path)
    return _store(path, await encoder.embed(texts, "query", timeout=_TIMEOUT)) if known is None else known


def _stored(path: Path) -> Floats | None:
    return np.load(path) if path.exists() else None


def _store(path: Path, vectors: Floats) -> Floats:
    path.parent.mkdir(parents=True, exist_ok=True)
    np.save(path, vectors)
    return vectors


def _key(fingerprint: str, texts: Sequence[str]) -> str:
    return hashlib.sha256("\n".join((fingerprint, *texts)).encode()).hexdigest()[:16]
