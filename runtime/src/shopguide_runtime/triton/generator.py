"""Client of the `generator` model, whose tensors are those of Triton's vLLM backend: raw prompt in, token stream out."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any, Self

import grpc.aio
import numpy as np
import numpy.typing as npt

from shopguide_runtime.errors import Unavailable
from shopguide_runtime.triton import wire
from shopguide_runtime.triton.failures import STREAM_BROKEN, STREAM_SILENT, from_message, from_status
from shopguide_runtime.triton.sampling import SamplingParameters

_RUNNING = "None"
_STATUS_HEADER = (("triton_grpc_error", "true"),)
"""Makes Triton end a failed stream with the model's status code instead of a message without one."""
_FLAGS = ("stream", "return_finish_reason", "return_num_input_tokens", "return_num_output_tokens")


@dataclass(frozen=True)
class Token:
    """One step of a generation."""

    text: str
    """New text; empty while a character is incomplete."""
    tokens: int
    """Tokens generated in this step."""
    prompt_tokens: int
    """Tokens of the prompt."""
    finish_reason: str | None
    """`stop`, `length` or `abort` on the last step, else None."""


class TextGenerator:
    """Generates text with the model behind Triton at `address` (`host:port`). Belongs to one event loop."""

    def __init__(self, address: str, model: str = "generator") -> None:
        """Connect when first used."""
        self._model = model
        self._channel, self._stub = wire.connect(address)

    async def stream(
        self, prompt: str, sampling: SamplingParameters, timeout: float, idle_timeout: float
    ) -> AsyncGenerator[Token, None]:
        """Yield each step as it is made. Leaving early (`aclose`, or cancelling the task) stops the generation.

        The prompt is sent as it is: the caller applies the chat template. Raises InvalidArgument for parameters
        or prompts the model refuses, ResourceExhausted when it is full, DeadlineExceeded after `timeout`
        seconds, Unavailable when it is away or no step arrives for `idle_timeout` seconds (a model whose
        process died leaves its streams hanging).
        """
        metadata = _STATUS_HEADER
        call = self._stub.ModelStreamInfer(
            _once(self._request(prompt, sampling)), timeout=timeout, metadata=metadata
        )
        try:
            finished = False
            while (token := await self._next(call, idle_timeout)) is not None:
                finished = token.finish_reason is not None
                yield token
            if not finished:
                raise Unavailable(self._model, f"{self._model} ended a stream early.", reason=STREAM_BROKEN)
        finally:
            # Without this the model goes on generating for nobody until the connection closes.
            call.cancel()

    async def complete(
        self, prompt: str, sampling: SamplingParameters, timeout: float, idle_timeout: float
    ) -> tuple[str, list[Token]]:
        """Return the whole text and its steps; raises what `stream` raises."""
        async with aclosing(self.stream(prompt, sampling, timeout, idle_timeout)) as steps:
            tokens = [token async for token in steps]
        return "".join(token.text for token in tokens), tokens

    async def ready(self, timeout: float = 2.0) -> None:
        """Return when a real generation of one token succeeds; raise what it failed with."""
        await self.complete("ready", SamplingParameters(max_tokens=1), timeout, timeout)

    async def close(self) -> None:
        """Close the connection; streams in progress are cancelled."""
        await self._channel.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    def _request(self, prompt: str, sampling: SamplingParameters) -> Any:  # noqa: ANN401  (generated, untyped)
        inputs: dict[str, npt.NDArray[Any]] = {
            "text_input": wire.text_array([prompt]),
            "sampling_parameters": wire.text_array([sampling.to_json()]),
            **{flag: np.array([True]) for flag in _FLAGS},
        }
        return wire.infer_request(self._model, inputs)

    async def _next(self, call: Any, idle_timeout: float) -> Token | None:  # noqa: ANN401
        try:
            async with asyncio.timeout(idle_timeout):
                message = await call.read()
        except TimeoutError as error:
            text = f"{self._model} sent nothing for {idle_timeout:g} s."
            raise Unavailable(self._model, text, reason=STREAM_SILENT) from error
        except grpc.aio.AioRpcError as error:
            raise from_status(error, self._model) from error
        if message is grpc.aio.EOF:
            return None
        if message.error_message:
            raise from_message(message.error_message, self._model)
        return _token(message.infer_response)


def _token(response: Any) -> Token:  # noqa: ANN401
    reason = _text(response, "finish_reason") or _RUNNING
    return Token(
        text=_text(response, "text_output"),
        tokens=_number(response, "num_output_tokens"),
        prompt_tokens=_number(response, "num_input_tokens"),
        finish_reason=None if reason == _RUNNING else reason,
    )


def _text(response: Any, name: str) -> str:  # noqa: ANN401
    values = wire.output(response, name)
    return "" if values is None else b"".join(values.reshape(-1)).decode()


def _number(response: Any, name: str) -> int:  # noqa: ANN401
    values = wire.output(response, name)
    return 0 if values is None else int(values.sum())


async def _once(request: Any) -> AsyncIterator[Any]:  # noqa: ANN401
    yield request
