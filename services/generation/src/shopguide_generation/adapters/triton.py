"""The `generator` model behind Triton as a sentence model."""

import time
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from typing import Protocol

from shopguide_generation.adapters.chat_template import ChatTemplate
from shopguide_generation.ports import ChatMessage, Completion, ModelAway, ModelSlow, Sampling
from shopguide_runtime import deadline
from shopguide_runtime.errors import DeadlineExceeded, InvalidArgument, ShopguideError
from shopguide_runtime.triton import SamplingParameters, Token
from shopguide_runtime.triton.failures import STREAM_SILENT

_CHARACTERS_PER_TOKEN = 2.5
"""Fewer than any tokenizer of this kind makes of English, so that the estimate is never too low there."""


class TokenStream(Protocol):
    """What is used of `shopguide_runtime.triton.TextGenerator`."""

    def stream(
        self, prompt: str, sampling: SamplingParameters, timeout: float, idle_timeout: float
    ) -> AsyncGenerator[Token, None]:
        """Yield each step of a generation."""
        ...


class TritonSentenceModel:
    """Completes chats with Triton's `generator`; the chat template is applied here, since the model takes raw prompts."""

    def __init__(
        self,
        generator: TokenStream,
        template: ChatTemplate,
        *,
        name: str = "generator",
        max_prompt_tokens: int = 1500,
        idle_timeout: float = 1.0,
    ) -> None:
        self._generator = generator
        self._template = template
        self._name = name
        self._max_characters = int(max_prompt_tokens * _CHARACTERS_PER_TOKEN)
        self._idle_timeout = idle_timeout

    @property
    def name(self) -> str:
        """Which model it is."""
        return self._name

    async def complete(
        self, messages: Sequence[ChatMessage], sampling: Sampling, timeout: float
    ) -> Completion:
        """See `SentenceModel.complete`. A prompt beyond the limit is refused as ModelAway("PROMPT_TOO_LONG")."""
        prompt = self._template.render(messages)
        if len(prompt) > self._max_characters:
            raise ModelAway("PROMPT_TOO_LONG")
        try:
            return await self._collect(prompt, sampling, min(timeout, deadline.remaining(timeout)))
        except InvalidArgument as error:
            raise ModelAway("REQUEST_REFUSED") from error
        except DeadlineExceeded as error:
            raise ModelSlow from error
        except ShopguideError as error:
            if error.reason == STREAM_SILENT:
                raise ModelSlow from error
            raise ModelAway(error.reason) from error

    async def _collect(self, prompt: str, sampling: Sampling, timeout: float) -> Completion:
        parameters = SamplingParameters(
            max_tokens=sampling.max_tokens,
            temperature=sampling.temperature,
            top_p=sampling.top_p,
            seed=sampling.seed,
            stop=sampling.stop,
        )
        started, first, pieces, read, written = time.monotonic(), 0.0, [], 0, 0
        async with aclosing(
            self._generator.stream(prompt, parameters, timeout, self._idle_timeout)
        ) as tokens:
            async for token in tokens:
                first = first or time.monotonic() - started
                pieces.append(token.text)
                read, written = max(read, token.prompt_tokens), written + token.tokens
        return Completion("".join(pieces), read, written, first)
