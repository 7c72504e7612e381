"""Embeds texts with the exported encoder graph on the CPU; knows nothing of Triton."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from tokenizers import Encoding, Tokenizer

PREFIXES = {"query": "query: ", "passage": "passage: "}
"""The text that e5 was trained to see in front, by role."""
CHARACTERS_PER_TOKEN = 16
"""No vocabulary piece is longer, so characters beyond this many per token cannot matter."""
PAD_ID = 1
_SERVED_FILES = ("openvino/encoder.xml", "openvino/encoder.bin", "tokenizer.json")


class WeightsError(RuntimeError):
    """The weights on disk are damaged, or not the ones that the model configuration names."""


@dataclass(frozen=True)
class EncoderSettings:
    """Limits of one encoder instance."""

    max_tokens: Mapping[str, int]
    """Longest text by role, in tokens including ``<s>`` and ``</s>``; the rest is cut."""
    tokens_per_pass: int
    """Most rows × longest row in one pass through the network."""
    threads: int
    """CPU threads; 0 leaves the choice to OpenVINO."""

    @classmethod
    def from_parameters(cls, parameters: Mapping[str, str]) -> EncoderSettings:
        """Read the settings from the parameters of ``config.pbtxt``."""
        return cls(
            max_tokens={role: int(parameters[f"max_tokens.{role}"]) for role in PREFIXES},
            tokens_per_pass=int(parameters["tokens_per_pass"]),
            threads=int(parameters["threads"]),
        )


class Encoder:
    """Tokenizer and compiled graph. Not thread-safe: one inference request is reused."""

    def __init__(self, directory: Path, settings: EncoderSettings) -> None:
        self._settings = settings
        self._tokenizer = Tokenizer.from_file(str(directory / "tokenizer.json"))
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        compiled = _compile(directory / "openvino" / "encoder.xml", settings.threads)
        self.dimension = compiled.output(0).get_partial_shape()[1].get_length()
        self._inference = compiled.create_infer_request()

    def embed(self, texts: Sequence[str], roles: Sequence[str]) -> npt.NDArray[np.float32]:
        """Return unit vectors [len(texts), dimension] in the order of ``texts``."""
        rows = self._tokenize(texts, roles)
        vectors = np.empty((len(rows), self.dimension), np.float32)
        for chosen in passes([len(row) for row in rows], self._settings.tokens_per_pass):
            vectors[chosen] = self._infer([rows[index] for index in chosen])
        return vectors

    def _tokenize(self, texts: Sequence[str], roles: Sequence[str]) -> list[list[int]]:
        limits = [self._settings.max_tokens[role] for role in roles]
        prepared = [
            PREFIXES[role] + text[: limit * CHARACTERS_PER_TOKEN]
            for text, role, limit in zip(texts, roles, limits, strict=True)
        ]
        encodings = self._tokenizer.encode_batch_fast(prepared)
        return [_cut(encoding, limit) for encoding, limit in zip(encodings, limits, strict=True)]

    def _infer(self, rows: Sequence[list[int]]) -> npt.NDArray[np.float32]:
        ids = np.full((len(rows), max(map(len, rows))), PAD_ID, np.int32)
        mask = np.zeros_like(ids)
        for index, row in enumerate(rows):
            ids[index, : len(row)] = row
            mask[index, : len(row)] = 1
        self._inference.infer([ids, mask])
        vectors: npt.NDArray[np.float32] = self._inference.get_output_tensor(0).data
        return vectors


def passes(lengths: Sequence[int], budget: int) -> Iterator[list[int]]:
    """Group row indices so that rows of similar length share a pass and rows × longest stays within ``budget``.

    A single row longer than the budget still gets a pass of its own.
    """
    chosen: list[int] = []
    for index in sorted(range(len(lengths)), key=lengths.__getitem__):
        if chosen and (len(chosen) + 1) * lengths[index] > budget:
            yield chosen
            chosen = []
        chosen.append(index)
    if chosen:
        yield chosen


def verify(directory: Path, parameters: Mapping[str, str]) -> None:
    """Check that the folder holds exactly the weights that ``config.pbtxt`` names; raises WeightsError."""
    manifest = json.loads((directory / "manifest.json").read_text())
    for key, value in manifest["model"].items():
        if parameters.get(key) != value:
            raise WeightsError(
                f"config.pbtxt has {key}={parameters.get(key)!r}, the weights in {directory} have {value!r}"
            )
    for name in _SERVED_FILES:
        with (directory / name).open("rb") as stream:
            if hashlib.file_digest(stream, "sha256").hexdigest() != manifest["files"][name]:
                raise WeightsError(f"{directory / name} differs from its manifest: prepare the weights again")


def _cut(encoding: Encoding, limit: int) -> list[int]:
    ids: list[int] = encoding.ids
    return ids if len(ids) <= limit else [*ids[: limit - 1], ids[-1]]


def _compile(graph: Path, threads: int) -> Any:  # noqa: ANN401  (openvino has no annotations)
    import openvino

    core = openvino.Core()
    options = {
        "PERFORMANCE_HINT": "LATENCY",
        "NUM_STREAMS": "1",
        "INFERENCE_NUM_THREADS": threads,
        # int8 weights with int8 activations per 128 values: fast wherever the CPU has VNNI, and it needs no bf16.
        "INFERENCE_PRECISION_HINT": "f32",
        "DYNAMIC_QUANTIZATION_GROUP_SIZE": "128",
    }
    return core.compile_model(str(graph), "CPU", options)
