"""One continuously batching engine: many requests, one thread that steps them all. Knows nothing of Triton."""

from __future__ import annotations

import json
import queue
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from tokenizers import Tokenizer

from .sampling import Sampling
from .text import TextStream


class EngineFull(RuntimeError):
    """As many requests are live as the engine accepts."""


class EngineUnhealthy(RuntimeError):
    """A step failed; the engine's state is unknown and the model must be loaded again."""


class PromptError(ValueError):
    """The prompt is empty or does not fit into the context."""


@dataclass(frozen=True)
class EngineSettings:
    """Limits of the engine; see ``config.pbtxt``."""

    max_live_requests: int
    max_running_requests: int
    max_tokens_per_step: int
    kv_cache_gigabytes: int
    precision: str
    threads: int

    @classmethod
    def from_parameters(cls, parameters: Mapping[str, str]) -> EngineSettings:
        """Read the settings from the parameters of ``config.pbtxt``."""
        numbers = {name: int(parameters[name]) for name in cls.__annotations__ if name != "precision"}
        return cls(precision=parameters["precision"], **numbers)


@dataclass(frozen=True)
class Step:
    """What one step added to a request."""

    text: str
    tokens: int
    finish_reason: str | None


class Listener(Protocol):
    """Receives a request's progress, after ``accepted`` on the engine's thread; must not block."""

    def accepted(self, prompt_tokens: int) -> None:
        """Take the size of the prompt, before the first step."""

    def cancelled(self) -> bool:
        """Tell whether nobody waits for the answer any more."""

    def step(self, step: Step) -> None:
        """Take one step; the last one has a finish reason."""

    def fail(self, error: Exception) -> None:
        """Take the end of a request that cannot be completed."""

    def abandon(self) -> None:
        """Take the end of a cancelled request."""


@dataclass
class Live:
    """A request in the engine."""

    prompt: list[int]
    sampling: Sampling
    listener: Listener
    text: TextStream
    handle: Any = None
    submitted: float = field(default_factory=time.monotonic)


class Engine:
    """Owns the pipeline. ``submit`` may be called from any thread; everything else happens on the engine's own."""

    def __init__(
        self, directory: Path, settings: EngineSettings, on_change: Callable[[int, int, float], None]
    ) -> None:
        """Load the model; ``on_change(running, waiting, cache_use)`` is called after each step."""
        self._settings = settings
        self._on_change = on_change
        manifest = json.loads((directory / "manifest.json").read_text())
        self.context = int(manifest["model"]["generator.context"])
        self._tokenizer = Tokenizer.from_file(str(directory / "tokenizer.json"))
        self._pipeline = _pipeline(directory / "model.gguf", settings)
        self._end_ids = {self._pipeline.get_config().eos_token_id}
        self._incoming: queue.SimpleQueue[Live | None] = queue.SimpleQueue()
        self._live: dict[int, Live] = {}
        self._count = 0
        self._count_lock = threading.Lock()
        self._next_id = 0
        self._healthy = True
        self._closing = False
        self._thread = threading.Thread(target=self._run, name="engine", daemon=True)
        self._thread.start()

    def submit(self, prompt: str, sampling: Sampling, listener: Listener) -> None:
        """Accept a request.

        Raises PromptError, EngineFull or EngineUnhealthy; after a return the listener hears the end.
        """
        if not self._healthy:
            raise EngineUnhealthy("Model is unavailable due to unhealthy engine")
        ids = self._tokenizer.encode(prompt, add_special_tokens=False).ids
        if not ids:
            raise PromptError("The prompt is empty")
        if len(ids) >= self.context:
            raise PromptError(f"The prompt has {len(ids)} tokens, the context of the model {self.context}")
        text = TextStream(
            self._tokenizer,
            sampling.stop,
            include_stop=sampling.include_stop_str_in_output,
            skip_special_tokens=sampling.skip_special_tokens,
        )
        self._take_place()
        listener.accepted(len(ids))
        self._incoming.put(Live(ids, sampling, listener, text))

    def close(self, timeout: float) -> int:
        """Finish what is live, at most ``timeout`` seconds; return how many requests were left over."""
        self._closing = True
        self._incoming.put(None)
        self._thread.join(timeout)
        return self._count

    def _take_place(self) -> None:
        with self._count_lock:
            if self._count >= self._settings.max_live_requests:
                raise EngineFull(f"Too many live requests: {self._count}")
            self._count += 1

    def _run(self) -> None:
        while not (self._closing and not self._live and self._incoming.empty()):
            try:
                self._admit()
                self._advance()
            except Exception as error:  # noqa: BLE001  (whatever the library raises, nobody may be left waiting)
                self._healthy = False
                self._fail_all(error)

    def _admit(self) -> None:
        """Hand new requests to the pipeline; wait for one when there is nothing to do."""
        waiting = not self._live and not self._pipeline.has_non_finished_requests()
        while waiting or not self._incoming.empty():
            live = self._incoming.get()
            waiting = False
            if live is not None:
                self._add(live)

    def _add(self, live: Live) -> None:
        import openvino

        ids = openvino.Tensor(np.array([live.prompt], dtype=np.int64))
        self._next_id += 1
        try:
            config = live.sampling.generation_config(self._end_ids, self.context - len(live.prompt))
            live.handle = self._pipeline.add_request(self._next_id, ids, config)
        except Exception as error:  # noqa: BLE001  (one bad request, such as a schema that does not compile, ends alone)
            self._end(live)
            live.listener.fail(PromptError(str(error).strip().splitlines()[-1]))
            return
        self._live[self._next_id] = live

    def _advance(self) -> None:
        """Drop cancelled requests, compute one step, pass on what it brought."""
        for number, live in list(self._live.items()):
            if live.listener.cancelled():
                live.handle.cancel()
                self._remove(number)
                live.listener.abandon()
        if self._pipeline.has_non_finished_requests():
            self._pipeline.step()
        for number, live in list(self._live.items()):
            self._deliver(number, live)
        self._report()

    def _deliver(self, number: int, live: Live) -> None:
        ids, reason = _read(live.handle)
        if not ids and reason is None:
            if _starved(live.handle):
                self._remove(number)
                live.listener.fail(EngineFull("Too many live requests: the KV cache is full"))
            return
        text = live.text.feed(ids)
        if live.text.stopped and reason is None:
            live.handle.stop()
            reason = "stop"
        if reason is not None:
            text += live.text.finish()
            self._remove(number)
        live.listener.step(Step(text, len(ids), reason))

    def _report(self) -> None:
        metrics = self._pipeline.get_metrics()
        running = min(metrics.scheduled_requests, len(self._live))
        self._on_change(running, self._count - running, metrics.cache_usage / 100)

    def _remove(self, number: int) -> None:
        self._end(self._live.pop(number))

    def _end(self, _: Live) -> None:
        with self._count_lock:
            self._count -= 1

    def _fail_all(self, error: Exception) -> None:
        for number, live in list(self._live.items()):
            self._remove(number)
            live.listener.fail(error)
        while not self._incoming.empty():
            waiting = self._incoming.get()
            if waiting is not None:
                self._end(waiting)
                waiting.listener.fail(error)


def _read(handle: Any) -> tuple[list[int], str | None]:  # noqa: ANN401
    import openvino_genai

    reasons = {
        openvino_genai.GenerationFinishReason.STOP: "stop",
        openvino_genai.GenerationFinishReason.LENGTH: "length",
    }
    ids: list[int] = []
    reason = None
    while handle.can_read():
        for output in handle.read().values():
            ids.extend(output.generated_ids)
            reason = reasons.get(output.finish_reason, reason)
    return ids, reason


def _starved(handle: Any) -> bool:  # noqa: ANN401
    import openvino_genai

    return bool(handle.get_status() == openvino_genai.GenerationStatus.IGNORED)


def _pipeline(model: Path, settings: EngineSettings) -> Any:  # noqa: ANN401
    import openvino_genai

    scheduler = openvino_genai.SchedulerConfig()
    scheduler.cache_size = settings.kv_cache_gigabytes
    scheduler.max_num_seqs = settings.max_running_requests
    scheduler.max_num_batched_tokens = settings.max_tokens_per_step
    scheduler.dynamic_split_fuse = True
    # Prompts of one task begin alike; their common beginning is computed once.
    scheduler.enable_prefix_caching = True
    properties: dict[str, Any] = {"INFERENCE_NUM_THREADS": settings.threads}
    if settings.precision != "auto":
        properties["INFERENCE_PRECISION_HINT"] = settings.precision
    return openvino_genai.ContinuousBatchingPipeline(str(model), scheduler, "CPU", properties)
