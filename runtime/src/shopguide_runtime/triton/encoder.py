"""Client of the `text_encoder` model: texts in, unit vectors out."""

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Self, TypeAlias

import grpc.aio
import numpy as np
import numpy.typing as npt
from tritonclient.grpc import service_pb2

from shopguide_runtime.errors import DeadlineExceeded, FailedPrecondition
from shopguide_runtime.triton import wire
from shopguide_runtime.triton.failures import from_status

Role: TypeAlias = Literal["query", "passage"]
"""What a text is for: e5 embeds what is searched with and what is searched for differently."""

MAX_BATCH = 64
"""Texts per request; `max_batch_size` of the model."""

FINGERPRINT_SECONDS = 5.0
"""How long a fingerprint is believed: a served model is replaced rarely."""


@dataclass(frozen=True)
class EncoderInfo:
    """What decides whether two vectors may be compared."""

    name: str
    """Name of the encoder."""
    revision: str
    """Twelve hex digits of the digest of its weights."""
    dimension: int
    """Length of a vector."""
    prefix_rule: str
    """How a role is expressed in the text."""
    fingerprint: str
    """All of the above in one string."""


class TextEncoder:
    """Embeds texts with the encoder behind Triton at `address` (`host:port`). Belongs to one event loop."""

    def __init__(
        self,
        address: str,
        model: str = "text_encoder",
        *,
        max_in_flight: int = 4,
        batch_size: int = MAX_BATCH,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Connect when first used; at most `max_in_flight` requests of `batch_size` texts run at a time.

        Their product is what other clients' requests wait behind at the encoder.
        """
        self._clock = clock
        self._known: tuple[float, str] | None = None
        self._batch_size = min(batch_size, MAX_BATCH)
        self._model = model
        self._channel, self._stub = wire.connect(address)
        self._permits = asyncio.Semaphore(max_in_flight)

    async def embed(self, texts: Sequence[str], role: Role, timeout: float) -> npt.NDArray[np.float32]:
        """Return unit vectors [len(texts), dimension] in the order of `texts`.

        Raises InvalidArgument for an empty text, Unavailable, ResourceExhausted, or DeadlineExceeded after
        `timeout` seconds for all of them together.
        """
        try:
            async with asyncio.timeout(timeout), asyncio.TaskGroup() as group:
                tasks = [
                    group.create_task(
                        self._embed_batch(texts[start : start + self._batch_size], role, timeout)
                    )
                    for start in range(0, len(texts), self._batch_size)
                ]
        except TimeoutError as error:
            raise DeadlineExceeded(self._model) from error
        except BaseExceptionGroup as group_error:
            raise group_error.exceptions[0] from None
        parts = [task.result() for task in tasks]
        return (
            np.concatenate(parts)
            if parts
            else np.empty((0, (await self.info(timeout)).dimension), np.float32)
        )

    async def _embed_batch(self, texts: Sequence[str], role: Role, timeout: float) -> npt.NDArray[np.float32]:
        inputs = {
            "TEXT": wire.text_array(list(texts)).reshape(-1, 1),
            "ROLE": wire.text_array([role] * len(texts)).reshape(-1, 1),
        }
        async with self._permits:
            response = await self._call(
                self._stub.ModelInfer, wire.infer_request(self._model, inputs), timeout
            )
        vectors = wire.output(response, "EMBEDDING")
        if vectors is None or vectors.shape[:1] != (len(texts),):
            raise FailedPrecondition(
                "ENCODER_OUTPUT_INVALID", f"{self._model} sent no EMBEDDING for every text."
            )
        return vectors.astype(np.float32, copy=False)

    async def info(self, timeout: float = 2.0) -> EncoderInfo:
        """Return what the served model says of itself; asked each time, because a server may swap the model."""
        request = service_pb2.ModelConfigRequest(name=self._model)
        parameters = (await self._call(self._stub.ModelConfig, request, timeout)).config.parameters
        values = {key: parameter.string_value for key, parameter in parameters.items()}
        try:
            return EncoderInfo(
                name=values["encoder.name"],
                revision=values["encoder.revision"],
                dimension=int(values["encoder.dimension"]),
                prefix_rule=values["encoder.prefix_rule"],
                fingerprint=values["encoder.fingerprint"],
            )
        except (KeyError, ValueError) as error:
            raise FailedPrecondition(
                "ENCODER_UNKNOWN", f"{self._model} does not say which encoder it is."
            ) from error

    async def fingerprint(self, timeout: float = 2.0) -> str:
        """Return `name@revision/dimension/rule`, at most five seconds old.

        Vectors with different fingerprints must not be compared.
        """
        if self._known is None or self._clock() - self._known[0] > FINGERPRINT_SECONDS:
            self._known = (self._clock(), (await self.info(timeout)).fingerprint)
        return self._known[1]

    async def ready(self, timeout: float = 2.0) -> None:
        """Return when a real inference succeeds; raise what it failed with.

        Triton's own readiness stays true after the model's process has died, so it is not asked.
        """
        await self.embed(["ready"], "query", timeout)

    async def close(self) -> None:
        """Close the connection; calls in progress are cancelled."""
        await self._channel.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def _call(self, method: Any, request: Any, timeout: float) -> Any:  # noqa: ANN401  (generated, untyped)
        try:
            return await method(request, timeout=timeout)
        except grpc.aio.AioRpcError as error:
            raise from_status(error, self._model) from error
