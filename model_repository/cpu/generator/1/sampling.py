"""Sampling parameters as vLLM names them, checked and turned into a generation config of OpenVINO GenAI."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

DEFAULT_MAX_TOKENS = 16
"""vLLM's default."""


class SamplingError(ValueError):
    """A sampling parameter is unknown, of the wrong type, out of range, or not offered by this engine."""


@dataclass(frozen=True)
class Sampling:
    """Checked parameters of one request; names and defaults are vLLM's."""

    max_tokens: int = DEFAULT_MAX_TOKENS
    min_tokens: int = 0
    temperature: float = 1.0
    top_p: float = 1.0
    top_k: int = 0
    seed: int | None = None
    presence_penalty: float = 0.0
    frequency_penalty: float = 0.0
    repetition_penalty: float = 1.0
    stop: tuple[str, ...] = ()
    stop_token_ids: tuple[int, ...] = ()
    ignore_eos: bool = False
    include_stop_str_in_output: bool = False
    skip_special_tokens: bool = True
    structured_outputs: Mapping[str, Any] = field(default_factory=dict)

    def generation_config(self, end_ids: set[int], room: int) -> Any:  # noqa: ANN401  (the library has no annotations)
        """Return the library's config; at most ``room`` tokens fit into the context. Stop texts are matched by us."""
        import openvino_genai

        config = openvino_genai.GenerationConfig()
        config.apply_chat_template = False
        config.max_new_tokens = min(self.max_tokens, room)
        config.min_new_tokens = min(self.min_tokens, config.max_new_tokens)
        config.ignore_eos = self.ignore_eos
        config.stop_token_ids = {*self.stop_token_ids, *(set() if self.ignore_eos else end_ids)}
        config.presence_penalty = self.presence_penalty
        config.frequency_penalty = self.frequency_penalty
        config.repetition_penalty = self.repetition_penalty
        config.do_sample = self.temperature > 0
        if config.do_sample:
            self._set_randomness(config)
        if self.structured_outputs:
            config.structured_output_config = _structure(self.structured_outputs)
        return config

    def _set_randomness(self, config: Any) -> None:  # noqa: ANN401
        config.temperature = self.temperature
        config.top_p = self.top_p
        if self.top_k > 0:
            config.top_k = self.top_k
        if self.seed is not None:
            config.rng_seed = self.seed


def parse(text: str) -> Sampling:
    """Read the JSON object of the tensor; values may be strings, as vLLM's backend allows. Raises SamplingError."""
    try:
        given = json.loads(text or "{}")
    except json.JSONDecodeError as error:
        raise SamplingError("sampling_parameters is not JSON") from error
    if not isinstance(given, dict):
        raise SamplingError("sampling_parameters must be a JSON object")
    values = {name: _value(name, value) for name, value in given.items() if value is not None}
    values.pop("n", None)
    sampling = Sampling(**values)
    _check_ranges(sampling)
    return sampling


def _value(name: str, value: Any) -> Any:  # noqa: ANN401
    reader = _READERS.get(name)
    if reader is None:
        raise SamplingError(f"unknown or unsupported sampling parameter {name!r}")
    try:
        return reader(value)
    except (TypeError, ValueError) as error:
        raise SamplingError(f"sampling parameter {name!r} has the wrong type") from error


def _boolean(value: Any) -> bool:  # noqa: ANN401
    if isinstance(value, bool):
        return value
    return (
        {"true": True, "false": False}[str(value).lower()]
        if str(value).lower() in {"true", "false"}
        else _refuse()
    )


def _integer(value: Any) -> int:  # noqa: ANN401
    if isinstance(value, bool) or (isinstance(value, float) and not value.is_integer()):
        _refuse()
    return int(value)


def _number(value: Any) -> float:  # noqa: ANN401
    number = float(value)
    return number if math.isfinite(number) and not isinstance(value, bool) else _refuse()


def _one(value: Any) -> int:  # noqa: ANN401
    return 1 if _integer(value) == 1 else _refuse()


def _texts(value: Any) -> tuple[str, ...]:  # noqa: ANN401
    texts = (value,) if isinstance(value, str) else tuple(value)
    return texts if all(isinstance(text, str) and text for text in texts) else _refuse()


def _object(value: Any) -> dict[str, Any]:  # noqa: ANN401
    decoded = json.loads(value) if isinstance(value, str) else value
    return decoded if isinstance(decoded, dict) else _refuse()


def _refuse() -> Any:  # noqa: ANN401
    raise ValueError


_READERS: dict[str, Callable[[Any], Any]] = {
    "n": _one,
    "max_tokens": _integer,
    "min_tokens": _integer,
    "temperature": _number,
    "top_p": _number,
    "top_k": _integer,
    "seed": _integer,
    "presence_penalty": _number,
    "frequency_penalty": _number,
    "repetition_penalty": _number,
    "stop": _texts,
    "stop_token_ids": lambda value: tuple(_integer(token) for token in value),
    "ignore_eos": _boolean,
    "include_stop_str_in_output": _boolean,
    "skip_special_tokens": _boolean,
    "structured_outputs": _object,
}

_RANGES: dict[str, tuple[float, float]] = {
    "max_tokens": (1, math.inf),
    "min_tokens": (0, math.inf),
    "temperature": (0, 100),
    "top_p": (1e-6, 1),
    "top_k": (-1, math.inf),
    "seed": (0, 2**63 - 1),
    "presence_penalty": (-2, 2),
    "frequency_penalty": (-2, 2),
    "repetition_penalty": (1e-6, 100),
}


def _check_ranges(sampling: Sampling) -> None:
    for name, (low, high) in _RANGES.items():
        value = getattr(sampling, name)
        if value is not None and not low <= value <= high:
            raise SamplingError(f"sampling parameter {name!r} must be between {low:g} and {high:g}")
    if sampling.min_tokens > sampling.max_tokens:
        raise SamplingError("sampling parameter 'min_tokens' must not exceed 'max_tokens'")


def _structure(wanted: Mapping[str, Any]) -> Any:  # noqa: ANN401
    import openvino_genai

    match dict(wanted):
        case {"json": schema}:
            text = schema if isinstance(schema, str) else json.dumps(schema)
            return openvino_genai.StructuredOutputConfig(json_schema=text)
        case {"regex": str(pattern)}:
            return openvino_genai.StructuredOutputConfig(regex=pattern)
        case {"choice": [*choices]} if all(isinstance(choice, str) for choice in choices):
            return openvino_genai.StructuredOutputConfig(
                regex="|".join(f"({re.escape(choice)})" for choice in choices)
            )
        case {"grammar": str(grammar)}:
            return openvino_genai.StructuredOutputConfig(grammar=grammar)
        case _:
            raise SamplingError(
                "sampling parameter 'structured_outputs' needs json, regex, choice or grammar"
            )
