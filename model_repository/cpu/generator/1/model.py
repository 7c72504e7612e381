"""Triton model: the tensors and the behaviour of Triton's vLLM backend, computed by OpenVINO GenAI on the CPU.

``execute`` returns at once and the engine's thread answers. The other shape, an ``execute`` that blocks while it streams
with several instances, would give truthful Triton queue metrics, but every instance is a process of its own: each would
hold its own weights and cache, and nothing would be batched across requests. So the model publishes the engine's own
numbers of running and waiting requests instead (``metrics.py``).
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import triton_python_backend_utils as pb_utils

from .engine import (
    Engine,
    EngineFull,
    EngineSettings,
    EngineUnhealthy,
    PromptError,
    Step,
)
from .metrics import EngineMetrics, RequestMeter
from .sampling import SamplingError, parse

FINAL = pb_utils.TRITONSERVER_RESPONSE_COMPLETE_FINAL
FINISH_SECONDS = 25.0
"""Time for open streams when the model is unloaded; below Triton's own exit timeout of 30 s."""
_NOT_OFFERED = ("return_cumulative_logprob", "return_logprobs")


class InputError(ValueError):
    """The request asks for something wrong or not offered."""


@dataclass(frozen=True)
class Options:
    """The flags of one request."""

    stream: bool
    exclude_input: bool
    finish_reason: bool
    num_input_tokens: bool
    num_output_tokens: bool


class TritonPythonModel:
    """Loads the weights that ``SHOPGUIDE_MODELS`` points at and starts the engine."""

    def initialize(self, args: dict[str, str]) -> None:
        """Load the model; raising here makes the load fail with the reason."""
        parameters = json.loads(args["model_config"])["parameters"]
        settings = EngineSettings.from_parameters(
            {key: value["string_value"] for key, value in parameters.items()}
        )
        self._metrics = EngineMetrics(args["model_name"], args["model_version"])
        directory = Path(os.environ["SHOPGUIDE_MODELS"], "generator")
        self._engine = Engine(directory, settings, self._metrics.observe_engine)

    def execute(self, requests: list[Any]) -> None:
        """Hand each request to the engine, or answer it with an error."""
        for request in requests:
            sender = request.get_response_sender()
            try:
                self._submit(request, sender)
            except (InputError, SamplingError, PromptError, EngineFull, EngineUnhealthy) as error:
                sender.send(_failure(error), flags=FINAL)

    def finalize(self) -> None:
        """Let open streams end."""
        left = self._engine.close(FINISH_SECONDS)
        if left:
            pb_utils.Logger.log_warn(f"generator: unloaded with {left} requests open")
        # Triton's metric objects must go before the backend process tears down what they report to.
        del self._engine, self._metrics

    def _submit(self, request: Any, sender: Any) -> None:  # noqa: ANN401  (Triton's classes have no annotations)
        prompt = _text(request, "text_input")
        if prompt is None:
            raise InputError("text_input is missing")
        options = _options(request)
        sampling = parse(_text(request, "sampling_parameters") or request.parameters())
        answer = Answer(sender, options, prompt, RequestMeter(self._metrics))
        self._engine.submit(prompt, sampling, answer)


class Answer:
    """Sends one request's steps as responses; implements the engine's listener."""

    def __init__(self, sender: Any, options: Options, prompt: str, meter: RequestMeter) -> None:  # noqa: ANN401
        self._sender = sender
        self._options = options
        self._meter = meter
        self._prompt_tokens = 0
        self._whole = "" if options.stream or options.exclude_input else prompt
        self._tokens = 0

    def accepted(self, prompt_tokens: int) -> None:
        """Note the size of the prompt."""
        self._prompt_tokens = prompt_tokens
        self._meter.prompt(prompt_tokens)

    def cancelled(self) -> bool:
        """Ask Triton whether the client is gone."""
        return bool(self._sender.is_cancelled())

    def step(self, step: Step) -> None:
        """Send a step of a stream, or collect it and send the whole at the end."""
        self._meter.step(step.tokens)
        if self._options.stream:
            self._send(step.text, step.tokens, step.finish_reason)
        else:
            self._whole += step.text
            self._tokens += step.tokens
            if step.finish_reason is not None:
                self._send(self._whole, self._tokens, step.finish_reason)
        if step.finish_reason is not None:
            self._meter.finish()

    def fail(self, error: Exception) -> None:
        """Send an error as the last response."""
        self._sender.send(_failure(error), flags=FINAL)

    def abandon(self) -> None:
        """Tell Triton that the cancelled request is over."""
        error = pb_utils.TritonError("Request was cancelled", pb_utils.TritonError.CANCELLED)
        self._sender.send(pb_utils.InferenceResponse(error=error), flags=FINAL)

    def _send(self, text: str, tokens: int, reason: str | None) -> None:
        tensors = [_string("text_output", text)]
        if self._options.finish_reason:
            tensors.append(_string("finish_reason", str(reason)))
        if self._options.num_input_tokens:
            tensors.append(pb_utils.Tensor("num_input_tokens", np.array([self._prompt_tokens], np.uint32)))
        if self._options.num_output_tokens:
            tensors.append(pb_utils.Tensor("num_output_tokens", np.array([tokens], np.uint32)))
        self._sender.send(pb_utils.InferenceResponse(tensors), flags=FINAL if reason is not None else 0)


def _options(request: Any) -> Options:  # noqa: ANN401
    for name in _NOT_OFFERED:
        if _flag(request, name, default=False):
            raise InputError(f"{name} is not offered by this engine")
    if pb_utils.get_input_tensor_by_name(request, "image") is not None:
        raise InputError("image is not offered: the model reads text only")
    stream = _flag(request, "stream", default=False)
    exclude = _flag(request, "exclude_input_in_output", default=stream)
    if stream and not exclude:
        raise InputError("When streaming, `exclude_input_in_output` = False is not allowed.")
    return Options(
        stream=stream,
        exclude_input=exclude,
        finish_reason=_flag(request, "return_finish_reason", default=False),
        num_input_tokens=_flag(request, "return_num_input_tokens", default=False),
        num_output_tokens=_flag(request, "return_num_output_tokens", default=False),
    )


def _flag(request: Any, name: str, *, default: bool) -> bool:  # noqa: ANN401
    tensor = pb_utils.get_input_tensor_by_name(request, name)
    return default if tensor is None else bool(tensor.as_numpy().reshape(-1)[0])


def _text(request: Any, name: str) -> str | None:  # noqa: ANN401
    tensor = pb_utils.get_input_tensor_by_name(request, name)
    if tensor is None:
        return None
    try:
        value: str = tensor.as_numpy().reshape(-1)[0].decode("utf-8")
    except UnicodeDecodeError as error:
        raise InputError(f"{name} is not valid UTF-8") from error
    return value


def _string(name: str, text: str) -> Any:  # noqa: ANN401
    return pb_utils.Tensor(name, np.array([text.encode()], dtype=np.object_))


def _failure(error: Exception) -> Any:  # noqa: ANN401
    codes = {
        InputError: pb_utils.TritonError.INVALID_ARG,
        SamplingError: pb_utils.TritonError.INVALID_ARG,
        PromptError: pb_utils.TritonError.INVALID_ARG,
        EngineFull: pb_utils.TritonError.UNAVAILABLE,
        EngineUnhealthy: pb_utils.TritonError.UNAVAILABLE,
    }
    code = codes.get(type(error), pb_utils.TritonError.INTERNAL)
    response = [_string("text_output", "N/A")]
    return pb_utils.InferenceResponse(
        response, error=pb_utils.TritonError(f"Error generating stream: {error}", code)
    )
