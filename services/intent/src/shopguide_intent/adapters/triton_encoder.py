"""The text encoder behind Triton, as the domain wants it."""

from __future__ import annotations

from collections.abc import Sequence

from shopguide_intent.ports import Floats
from shopguide_runtime.deadline import remaining
from shopguide_runtime.triton import TextEncoder


class TritonEncoder:
    """`Encoder` over the runtime's Triton client."""

    def __init__(self, client: TextEncoder, timeout: float) -> None:
        """Take a client and the longest a call may take, in seconds."""
        self._client = client
        self._timeout = timeout

    async def embed(self, texts: Sequence[str]) -> Floats:
        """Unit vectors float32 [len(texts), dimension] in the role of queries."""
        return await self._client.embed(texts, "query", min(self._timeout, remaining(self._timeout)))

    async def fingerprint(self) -> str:
        """Fingerprint of the served model, at most five seconds old."""
        return await self._client.fingerprint(self._timeout)

    async def ready(self) -> None:
        """Raise what the encoder fails with when it cannot embed."""
        await self._client.ready(self._timeout)

    async def close(self) -> None:
        """Close the connection."""
        await self._client.close()
