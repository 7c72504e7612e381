"""The engine's metrics under vLLM's names, shown on Triton's ``/metrics``.

Triton's own queue and duration metrics stay near zero for a model that answers later from another thread, so
autoscaling needs these: ``vllm:num_requests_running`` and ``vllm:num_requests_waiting``.
"""

from __future__ import annotations

import time
from typing import Any

import triton_python_backend_utils as pb_utils

_SECONDS = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 20.0, 40.0]
_PER_TOKEN_SECONDS = [0.005, 0.01, 0.02, 0.03, 0.05, 0.075, 0.1, 0.2, 0.4, 1.0]
_TOKENS = [1.0, 4.0, 16.0, 64.0, 128.0, 256.0, 512.0, 1024.0, 2048.0, 4096.0, 8192.0]


class EngineMetrics:
    """Gauges, counters and histograms of one model version."""

    def __init__(self, model: str, version: str) -> None:
        self._labels = {"model": model, "version": version}
        self._families: list[Any] = []
        self.running = self._metric("vllm:num_requests_running", "Requests in the current step", "GAUGE")
        self.waiting = self._metric(
            "vllm:num_requests_waiting", "Requests accepted and not in a step yet", "GAUGE"
        )
        self.cache_use = self._metric(
            "vllm:kv_cache_usage_perc", "Share of the KV cache in use, 0 to 1", "GAUGE"
        )
        self.prompt_total = self._metric("vllm:prompt_tokens_total", "Prompt tokens", "COUNTER")
        self.generation_total = self._metric("vllm:generation_tokens_total", "Generated tokens", "COUNTER")
        self.first_token = self._histogram(
            "vllm:time_to_first_token_seconds", "Time to first token", _SECONDS
        )
        self.per_token = self._histogram(
            "vllm:time_per_output_token_seconds", "Time per token", _PER_TOKEN_SECONDS
        )
        self.whole = self._histogram("vllm:e2e_request_latency_seconds", "Time of a request", _SECONDS)
        self.prompt_tokens = self._histogram(
            "vllm:request_prompt_tokens", "Prompt tokens of a request", _TOKENS
        )
        self.output_tokens = self._histogram("vllm:request_generation_tokens", "Tokens of an answer", _TOKENS)

    def observe_engine(self, running: int, waiting: int, cache_use: float) -> None:
        """Set the gauges."""
        self.running.set(running)
        self.waiting.set(waiting)
        self.cache_use.set(cache_use)

    def _metric(self, name: str, description: str, kind: str) -> Any:  # noqa: ANN401  (Triton's classes have no annotations)
        return self._family(name, description, kind).Metric(labels=self._labels)

    def _histogram(self, name: str, description: str, buckets: list[float]) -> Any:  # noqa: ANN401
        return self._family(name, description, "HISTOGRAM").Metric(labels=self._labels, buckets=buckets)

    def _family(self, name: str, description: str, kind: str) -> Any:  # noqa: ANN401
        family = pb_utils.MetricFamily(
            name=name, description=description, kind=getattr(pb_utils.MetricFamily, kind)
        )
        # A family that is garbage-collected takes its metrics with it.
        self._families.append(family)
        return family


class RequestMeter:
    """Times one request."""

    def __init__(self, metrics: EngineMetrics) -> None:
        self._metrics = metrics
        self._started = time.monotonic()
        self._first: float | None = None
        self._tokens = 0

    def prompt(self, tokens: int) -> None:
        """Count the prompt of an accepted request."""
        self._metrics.prompt_total.increment(tokens)
        self._metrics.prompt_tokens.observe(tokens)

    def step(self, tokens: int) -> None:
        """Count the tokens of one step."""
        now = time.monotonic()
        if self._first is None:
            self._first = now
            self._metrics.first_token.observe(now - self._started)
        self._tokens += tokens
        self._metrics.generation_total.increment(tokens)

    def finish(self) -> None:
        """Record a completed request."""
        now = time.monotonic()
        self._metrics.whole.observe(now - self._started)
        self._metrics.output_tokens.observe(self._tokens)
        if self._first is not None and self._tokens > 1:
            self._metrics.per_token.observe((now - self._first) / (self._tokens - 1))
