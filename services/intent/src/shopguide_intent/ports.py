"""What the domain needs from outside."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]


class Encoder(Protocol):
    """A text encoder; every method may raise a `ShopguideError`."""

    async def embed(self, texts: Sequence[str]) -> Floats:
        """Unit vectors [len(texts), dimension] of texts in the role of queries, in their order."""
        ...

    async def fingerprint(self) -> str:
        """What tells vectors of this encoder from those of another."""
        ...
