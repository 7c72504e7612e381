"""The text encoder behind Triton, as the domain wants it."""

from collections.abc import Sequence
from typing import Literal

from shopguide_retrieval.ports import Vector
from shopguide_runtime.deadline import remaining
from shopguide_runtime.triton import TextEncoder


class TritonEncoder:
    """`Encoder` over the runtime's Triton client."""

    def __init__(
        self,
        queries: TextEncoder,
        passages: TextEncoder,
        query_timeout: float,
        passage_timeout: float,
    ) -> None:
        """Take a client for each role, and the longest a query and a batch of passages may take, in seconds.

        Two clients, so that a query never waits for an import's permit.
        """
        self._clients = {"query": queries, "passage": passages}
        self._timeouts = {"query": query_timeout, "passage": passage_timeout}

    async def embed(self, texts: Sequence[str], role: Literal["query", "passage"]) -> Vector:
        """Return float32 [len(texts), dimension], rows L2-normalised."""
        timeout = self._timeouts[role]
        return await self._clients[role].embed(texts, role, min(timeout, remaining(timeout)))

    async def fingerprint(self) -> str:
        """Return what tells vectors of this encoder from those of another, at most five seconds old."""
        return await self._clients["query"].fingerprint(self._timeouts["query"])

    async def ready(self) -> None:
        """Raise what the encoder fails with when it cannot embed."""
        await self._clients["query"].ready(self._timeouts["query"])

    async def close(self) -> None:
        """Close the connections."""
        for client in self._clients.values():
            await client.close()
