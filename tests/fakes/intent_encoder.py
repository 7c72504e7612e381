"""Encoders for tests of the intent service."""

from __future__ import annotations

import zlib
from collections.abc import Sequence

import numpy as np

from shopguide_intent.ports import Floats
from shopguide_runtime.errors import ShopguideError, Unavailable

DIMENSION = 384


class HashEncoder:
    """Gives every text a fixed random unit vector, and remembers what it was asked."""

    def __init__(self, fingerprint: str) -> None:
        self.name = fingerprint
        self.calls: list[list[str]] = []

    async def embed(self, texts: Sequence[str]) -> Floats:
        self.calls.append(list(texts))
        rows = [np.random.default_rng(zlib.crc32(text.encode())).normal(size=DIMENSION) for text in texts]
        vectors = np.array(rows, np.float32).reshape(len(texts), DIMENSION)
        return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)

    async def fingerprint(self) -> str:
        return self.name


class AwayEncoder(HashEncoder):
    """Cannot be reached."""

    def __init__(self, error: ShopguideError | None = None) -> None:
        super().__init__("")
        self._error = error or Unavailable("text_encoder")

    async def embed(self, texts: Sequence[str]) -> Floats:
        raise self._error

    async def fingerprint(self) -> str:
        raise self._error
