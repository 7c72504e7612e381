"""One answer from facts to released sentences: the writer's draft, bettered by a model where the check allows."""

import asyncio
import re
import time
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from typing import Any

from shopguide_generation.domain.facts import AnswerContext
from shopguide_generation.domain.grounding import GroundingChecker
from shopguide_generation.domain.patience import Patience
from shopguide_generation.domain.rewriting import chat, judge, may_rewrite
from shopguide_generation.domain.writer import LEANING, Draft, Sentence, openings, separator, write
from shopguide_generation.ports import Completion, ModelAway, ModelSlow, Sampling, SentenceModel

_CITATION = re.compile(r"\[(\d{1,3})\]")

_RETRY_TEMPERATURE = 0.6
"""Sampling temperature of the second try; the first takes the likeliest words."""


@dataclass(frozen=True, slots=True)
class ModelPolicy:
    """When and for how long a model is asked."""

    languages: frozenset[str] = frozenset({"en"})
    first_sentence_seconds: float = 1.0
    sentence_seconds: float = 2.0
    parallel_sentences: int = 2
    max_output_tokens: int = 160
    retry_after_seconds: float = 5.0
    """After the model was away, or too slow for every sentence of an answer, it is not asked for this long."""
    least_share: float = 0.2
    """Answers wait for the model while it writes at least this share of the sentences in time; 0: always."""
    try_every: int = 10
    """While answers do not wait, the model is tried beside every so manieth one."""

    def due(self, position: int) -> float:
        """Seconds from the start of an answer until its sentence at `position` (from 0) has to go out."""
        return self.first_sentence_seconds + position * self.sentence_seconds


@dataclass(frozen=True, slots=True)
class Wish:
    """What a request asks of the model."""

    use_model: bool = True
    max_output_tokens: int | None = None
    temperature: float = 0.0
    top_p: float | None = None
    seed: int | None = None
    stop: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Released:
    """A checked statement, ready to be sent: `lead` stands before it."""

    lead: str
    text: str
    cited: tuple[int, ...]
    by_model: bool


@dataclass(slots=True)
class Tally:
    """What an answer took, filled while it is written."""

    model_sentences: int = 0
    template_sentences: int = 0
    rejections: list[str] = field(default_factory=list)
    timeouts: int = 0
    """Sentences for which the model was not done in time; the writer's went out, as it is meant to."""
    input_tokens: int = 0
    output_tokens: int = 0
    model_away: str = ""
    """Why the model could not be asked; empty when it could."""
    calls: list[Completion] = field(default_factory=list)

    def count(self, completion: Completion) -> None:
        """Add what one call of the model cost."""
        self.calls.append(completion)
        self.input_tokens += completion.input_tokens
        self.output_tokens += completion.output_tokens


class Answerer:
    """Writes answers. One instance serves all requests of a process."""

    def __init__(
        self,
        model: SentenceModel | None = None,
        policy: ModelPolicy | None = None,
        clock: Callable[[], float] = time.monotonic,
        observe_trial: Callable[[Tally], None] = lambda _tally: None,
    ) -> None:
        """Take the model, when it is asked, and who is told what a trial beside an answer took."""
        self._model = model
        self._policy = policy or ModelPolicy()
        self._clock = clock
        self._observe_trial = observe_trial
        self._patience = Patience(self._policy.least_share, self._policy.try_every)
        self._trial: asyncio.Task[None] | None = None
        self._away_until = 0.0
        self._away_reason = ""
        self._rests_until = 0.0

    @property
    def model_name(self) -> str:
        """The model in use; empty when there is none."""
        return self._model.name if self._model else ""

    async def close(self) -> None:
        """End a trial in progress."""
        if self._trial is not None:
            await _end([self._trial])

    async def draft(self, context: AnswerContext) -> Draft:
        """The writer's own answer, each sentence of which passed the check; the others are left out."""
        return await asyncio.to_thread(checked_draft, context)

    async def release(
        self, context: AnswerContext, draft: Draft, wish: Wish, tally: Tally
    ) -> AsyncGenerator[Released, None]:
        """Yield the answer sentence by sentence; leaving early stops the model. `tally` is filled on the way."""
        async with AsyncExitStack() as stack:
            tasks = await self._start(context, draft, wish, tally, stack)
            before: Sentence | None = None
            for at, sentence in enumerate(draft.sentences):
                text = await self._rewritten(tasks.get(at), tally, first=at == 0)
                if at in tasks and not tally.model_away:
                    self._patience.note(context.language, in_time=bool(text))
                chosen = replace(sentence, text=text) if text else sentence
                if text:
                    tally.model_sentences += 1
                else:
                    tally.template_sentences += 1
                yield Released(separator(before, chosen), chosen.text, cited(context, chosen), bool(text))
                before = chosen
        if tally.timeouts and not tally.calls:
            self._rests_until = self._clock() + self._policy.retry_after_seconds

    async def _start(
        self, context: AnswerContext, draft: Draft, wish: Wish, tally: Tally, stack: AsyncExitStack
    ) -> dict[int, asyncio.Task[str]]:
        """Begin the rewriting of every sentence that may be rewritten; all tasks end with the stack.

        Nothing is begun when the answer is not to wait: then the model may be tried beside it.
        """
        if not self._asks_model(context, wish, tally):
            return {}
        if not self._patience.waits(context.language):
            idle = self._trial is None or self._trial.done()
            if idle and self._patience.tries(context.language):
                self._trial = asyncio.create_task(self._try(context, draft, wish))
            return {}
        tasks = self._begin(context, draft, wish, tally)
        stack.push_async_callback(_end, list(tasks.values()))
        return tasks

    def _begin(
        self, context: AnswerContext, draft: Draft, wish: Wish, tally: Tally
    ) -> dict[int, asyncio.Task[str]]:
        turns = asyncio.Semaphore(self._policy.parallel_sentences)
        eligible = [at for at, s in enumerate(draft.sentences) if may_rewrite(s, context)]
        return {
            at: asyncio.create_task(self._rewrite(context, draft.sentences[at], wish, tally, turns))
            for at in eligible
        }

    async def _try(self, context: AnswerContext, draft: Draft, wish: Wish) -> None:
        """Let the model write what has gone out already, and remember what would have been there in time."""
        tally, started = Tally(), self._clock()
        tasks = self._begin(context, draft, wish, tally)
        try:
            for at, task in tasks.items():
                left = self._policy.due(at) - (self._clock() - started)
                done, _ = await asyncio.wait({task}, timeout=max(0.0, left))
                if tally.model_away:
                    return
                self._patience.note(context.language, in_time=bool(done and task.result()))
        finally:
            await _end(list(tasks.values()))
            self._observe_trial(tally)

    def _asks_model(self, context: AnswerContext, wish: Wish, tally: Tally) -> bool:
        if self._model is None or not wish.use_model or context.language not in self._policy.languages:
            return False
        if self._clock() < self._away_until:
            tally.model_away = self._away_reason
            return False
        return self._clock() >= self._rests_until

    async def _rewritten(self, task: asyncio.Task[str] | None, tally: Tally, *, first: bool) -> str:
        """The model's sentence if it is there in time, else the empty string."""
        if task is None:
            return ""
        seconds = self._policy.first_sentence_seconds if first else self._policy.sentence_seconds
        done, _ = await asyncio.wait({task}, timeout=seconds)
        if not done:
            task.cancel()
            tally.timeouts += 1
            return ""
        return task.result()

    async def _rewrite(
        self, context: AnswerContext, sentence: Sentence, wish: Wish, tally: Tally, turns: asyncio.Semaphore
    ) -> str:
        """The model's sentence if one of two tries is accepted, else the empty string. A slow or absent model is noted."""
        for attempt in (0, 1):
            async with turns:
                if tally.model_away or _spent(wish, tally):
                    return ""
                try:
                    completion = await self._ask(context, sentence, wish, attempt)
                except ModelAway as error:
                    self._note_away(error.reason, tally)
                    return ""
                except ModelSlow:
                    tally.timeouts += 1
                    return ""
            tally.count(completion)
            verdict = await asyncio.to_thread(judge, completion.text, sentence, context)
            if verdict.accepted:
                return verdict.text if verdict.text != sentence.text else ""
            tally.rejections.append(verdict.reason)
        return ""

    async def _ask(self, context: AnswerContext, sentence: Sentence, wish: Wish, attempt: int) -> Completion:
        if self._model is None:
            raise ModelAway("NO_MODEL")
        sampling = Sampling(
            max_tokens=min(self._policy.max_output_tokens, 24 + len(sentence.text) // 2),
            temperature=max(wish.temperature, _RETRY_TEMPERATURE * attempt),
            top_p=wish.top_p,
            seed=(wish.seed or 0) + attempt,
            stop=("\n", *wish.stop),
        )
        return await self._model.complete(
            chat(sentence, context.language), sampling, self._policy.sentence_seconds
        )

    def _note_away(self, reason: str, tally: Tally) -> None:
        tally.model_away = self._away_reason = reason
        self._away_until = self._clock() + self._policy.retry_after_seconds


def _spent(wish: Wish, tally: Tally) -> bool:
    return wish.max_output_tokens is not None and tally.output_tokens >= wish.max_output_tokens


async def _end(tasks: Sequence[asyncio.Task[Any]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def checked_draft(context: AnswerContext) -> Draft:
    """The draft with only those sentences that the facts bear out; a refused opening gives way to a plainer one."""
    draft = write(context)
    passed = tuple(sentence for sentence in draft.sentences if _passes(context, sentence))
    dropped = len(draft.sentences) - len(passed)
    if dropped and (not passed or passed[0].kind in LEANING or _lost_choice(draft, passed)):
        refused = next(s.kind for s in draft.sentences if s not in passed)
        opening = next((s for s in openings(context, refused) if _passes(context, s)), None)
        passed = _led_by(opening, passed) if opening else passed
    return replace(draft, sentences=passed, dropped=dropped)


def _passes(context: AnswerContext, sentence: Sentence) -> bool:
    return GroundingChecker(context, sentence.derived).check(sentence.text).grounded


def _lost_choice(draft: Draft, passed: tuple[Sentence, ...]) -> bool:
    """True when the sentence that names the first choice is gone, whatever stood before it."""
    choices = {"FirstChoice", "ClosestChoice"}
    return any(s.kind in choices for s in draft.sentences) and not any(s.kind in choices for s in passed)


def _led_by(opening: Sentence, passed: tuple[Sentence, ...]) -> tuple[Sentence, ...]:
    """The opening in front, but behind what a gift was looked at for."""
    head = passed[:1] if passed and passed[0].kind == "Criteria" else ()
    return (*head, opening, *passed[len(head) :])


def cited(context: AnswerContext, sentence: Sentence) -> tuple[int, ...]:
    """The numbers of the sources a sentence cites, in order of first mention."""
    numbers = dict.fromkeys(int(found) for found in _CITATION.findall(sentence.text))
    return tuple(n for n in numbers if 1 <= n <= len(context.sources))
