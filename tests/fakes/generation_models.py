"""Fake text generators for the generation service: one lies, one hangs, one dies, one paraphrases well."""

import asyncio
import re
from collections.abc import AsyncGenerator

from shopguide_runtime.errors import Unavailable
from shopguide_runtime.triton import SamplingParameters, Token


class FakeGenerator:
    """Has the `stream` of `TextGenerator`; subclasses say what is written for a sentence."""

    def __init__(self) -> None:
        """Remember prompts, and how many streams were opened and closed."""
        self.prompts: list[str] = []
        self.opened = 0
        self.closed = 0
        self.changed = asyncio.Condition()

    async def stream(
        self, prompt: str, sampling: SamplingParameters, timeout: float, idle_timeout: float
    ) -> AsyncGenerator[Token, None]:
        """Stream the answer to the last user message, word by word."""
        self.prompts.append(prompt)
        self.opened += 1
        await self._tell()
        try:
            words = re.split(r"(?<= )", await self.answer(asked(prompt)))
            for at, word in enumerate(words):
                await asyncio.sleep(0)
                yield Token(word, 1, len(prompt) // 4, "stop" if at == len(words) - 1 else None)
        finally:
            self.closed += 1
            await self._tell()

    async def _tell(self) -> None:
        async with self.changed:
            self.changed.notify_all()

    async def until_opened(self) -> None:
        """Wait for the first stream."""
        async with self.changed:
            await self.changed.wait_for(lambda: self.opened > 0)

    async def until_closed(self) -> None:
        """Wait until no stream is open."""
        async with self.changed:
            await self.changed.wait_for(lambda: self.opened == self.closed)

    async def answer(self, sentence: str) -> str:
        """What is written for a sentence."""
        raise NotImplementedError


def asked(prompt: str) -> str:
    """The last user message of a ChatML prompt."""
    return re.findall(r"<\|im_start\|>user\n(.*?)<\|im_end\|>", prompt, re.DOTALL)[-1]


class Paraphraser(FakeGenerator):
    """Says the same in slightly other words."""

    async def answer(self, sentence: str) -> str:
        """Change only words that assert nothing."""
        for ours, theirs in (
            ("The one to look at first is", "I would start with"),
            ("I would start with", "my first choice is"),
            ("My first choice is", "I would start with"),
            ("my first choice is", "I would start with"),
            ("the one to look at first is", "I would start with"),
            ("also lists", "also states"),
        ):
            if ours in sentence:
                return sentence.replace(ours, theirs, 1)
        return sentence


class Liar(FakeGenerator):
    """Changes every price and adds a property nobody stated."""

    async def answer(self, sentence: str) -> str:
        """A fluent lie."""
        return re.sub(r"\$\d+", "$1", sentence).rstrip(".") + ", and it is waterproof."


class Hanging(FakeGenerator):
    """Opens the stream and never says a word."""

    async def answer(self, sentence: str) -> str:
        """Wait for ever."""
        await asyncio.Event().wait()
        return ""


class Dying(FakeGenerator):
    """Breaks the stream after a few words."""

    async def stream(
        self, prompt: str, sampling: SamplingParameters, timeout: float, idle_timeout: float
    ) -> AsyncGenerator[Token, None]:
        """Two words, then the connection is gone."""
        self.opened += 1
        yield Token("Of the", 2, 10, None)
        raise Unavailable("generator", "generator ended a stream early.", reason="STREAM_BROKEN")


class Empty(FakeGenerator):
    """Ends at once without a word."""

    async def answer(self, sentence: str) -> str:
        """Nothing."""
        return ""
