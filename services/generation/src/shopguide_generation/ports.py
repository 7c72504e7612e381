"""What the domain needs from outside: a model that continues a prompt, and a chat template."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Sampling:
    """How a completion is sampled."""

    max_tokens: int
    temperature: float = 0.0
    top_p: float | None = None
    seed: int | None = None
    stop: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Completion:
    """What a model wrote, and what it cost in tokens."""

    text: str
    input_tokens: int = 0
    output_tokens: int = 0
    first_token_seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class ChatMessage:
    """One message of a chat prompt; `role` is `system`, `user` or `assistant`."""

    role: str
    content: str


class ModelSlow(Exception):
    """Raised by a model that did not answer in the time it was given: normal on a busy machine, no failure."""


class ModelAway(Exception):
    """Raised by a model that cannot be reached, is full, or died."""

    def __init__(self, reason: str) -> None:
        """Take a machine-readable reason, which is safe to show."""
        super().__init__(reason)
        self.reason = reason


class SentenceModel(Protocol):
    """A language model behind a wire."""

    @property
    def name(self) -> str:
        """Which model it is, for reports."""
        ...

    async def complete(
        self, messages: Sequence[ChatMessage], sampling: Sampling, timeout: float
    ) -> Completion:
        """Continue the chat by one message. Cancelling stops the model. Raises ModelSlow and ModelAway."""
        ...
