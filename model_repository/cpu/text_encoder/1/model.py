"""Triton model: TEXT and ROLE in, EMBEDDING out. Requests that Triton batched share passes through the network."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import triton_python_backend_utils as pb_utils

from .encoder import (
    PREFIXES,
    Encoder,
    EncoderSettings,
    verify,
)


class InputError(ValueError):
    """One request cannot be answered; the others of the batch can."""


@dataclass(frozen=True)
class Rows:
    """The texts of one request with their roles."""

    texts: list[str]
    roles: list[str]


class TritonPythonModel:
    """Loads the weights that ``SHOPGUIDE_MODELS`` points at and answers batches."""

    def initialize(self, args: dict[str, str]) -> None:
        """Verify and load the weights; raising here makes the load fail with the reason."""
        config = json.loads(args["model_config"])
        parameters = {key: value["string_value"] for key, value in config["parameters"].items()}
        directory = Path(os.environ["SHOPGUIDE_MODELS"], "text_encoder")
        verify(directory, parameters)
        self._encoder = Encoder(directory, EncoderSettings.from_parameters(parameters))

    def execute(self, requests: list[Any]) -> list[Any]:
        """Answer each request with its own vectors or its own error."""
        parsed = [_parse(request) for request in requests]
        valid = [rows for rows in parsed if isinstance(rows, Rows)]
        vectors = self._embed(valid)
        return [_response(vectors.pop(0)) if isinstance(rows, Rows) else _failure(rows) for rows in parsed]

    def finalize(self) -> None:
        """Release the network while its libraries are still alive."""
        del self._encoder

    def _embed(self, requests: list[Rows]) -> list[npt.NDArray[np.float32]]:
        texts = [text for rows in requests for text in rows.texts]
        roles = [role for rows in requests for role in rows.roles]
        if not texts:
            return [np.empty((0, self._encoder.dimension), np.float32) for _ in requests]
        ends = np.cumsum([len(rows.texts) for rows in requests])[:-1]
        return np.split(self._encoder.embed(texts, roles), ends)


def _parse(request: Any) -> Rows | InputError:  # noqa: ANN401  (Triton's classes have no annotations)
    try:
        texts, roles = _strings(request, "TEXT"), _strings(request, "ROLE")
        for row, (text, role) in enumerate(zip(texts, roles, strict=True)):
            _check(row, text, role)
    except InputError as error:
        return error
    return Rows(texts, roles)


def _strings(request: Any, name: str) -> list[str]:  # noqa: ANN401
    tensor = pb_utils.get_input_tensor_by_name(request, name)
    if tensor is None:
        raise InputError(f"{name} is missing")
    try:
        return [value.decode("utf-8") for value in tensor.as_numpy().reshape(-1)]
    except UnicodeDecodeError as error:
        raise InputError(f"{name} is not valid UTF-8") from error


def _check(row: int, text: str, role: str) -> None:
    if role not in PREFIXES:
        raise InputError(f"ROLE[{row}] must be one of {', '.join(PREFIXES)}")
    if not text.strip():
        raise InputError(f"TEXT[{row}] is empty")


def _response(vectors: npt.NDArray[np.float32]) -> Any:  # noqa: ANN401
    return pb_utils.InferenceResponse([pb_utils.Tensor("EMBEDDING", np.ascontiguousarray(vectors))])


def _failure(error: InputError) -> Any:  # noqa: ANN401
    return pb_utils.InferenceResponse(
        error=pb_utils.TritonError(str(error), pb_utils.TritonError.INVALID_ARG)
    )
