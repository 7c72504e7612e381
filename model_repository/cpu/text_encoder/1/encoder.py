"""Embeds texts with the exported encoder graph on the CPU; knows nothing of Triton."""

from __future__ import annotations

import hashlib
import json
import os
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
LENGTH_STEP = 16
"""Rows are padded to multiples of this many tokens."""
LEAST_TOKENS = 256
"""Tokens from which on a pass on one thread of its own is worth having."""
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
    """CPU threads; 0 takes every core the process may use."""

    @classmethod
    def from_parameters(cls, parameters: Mapping[str, str]) -> EncoderSettings:
        """Read the settings from the parameters of ``config.pbtxt``."""
        return cls(
            max_tokens={role: int(parameters[f"max_tokens.{role}"]) for role in PREFIXES},
            tokens_per_pass=int(parameters["tokens_per_pass"]),
            threads=int(parameters["threads"]) or len(os.sched_getaffinity(0)),
        )


class Encoder:
    """Tokenizer and the graph, compiled twice. Not thread-safe: its inference requests are reused.

    A lone pass has all threads to itself. Several passes run side by side with one thread each: that is a tenth less
    work, and a core that something else needs for a while holds up one pass instead of all (see
    `benchmarks/results/encoder-passes.md`). So what one pass could hold is divided, once it is worth it.
    """

    def __init__(self, directory: Path, settings: EncoderSettings) -> None:
        self._settings = settings
        self._tokenizer = Tokenizer.from_file(str(directory / "tokenizer.json"))
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        graph = directory / "openvino" / "encoder.xml"
        compiled = _compile(graph, settings.threads, streams=1)
        self.dimension = compiled.output(0).get_partial_shape()[1].get_length()
        self._alone = compiled.create_infer_request()
        self._beside = _queue(_compile(graph, settings.threads, streams=settings.threads), settings.threads)

    def embed(self, texts: Sequence[str], roles: Sequence[str]) -> npt.NDArray[np.float32]:
        """Return unit vectors [len(texts), dimension] in the order of ``texts``."""
        rows = self._tokenize(texts, roles)
        vectors = np.empty((len(rows), self.dimension), np.float32)
        planned = plan([len(row) for row in rows], self._settings.tokens_per_pass, self._settings.threads)
        if len(planned) == 1:
            vectors[planned[0]] = self._infer([rows[index] for index in planned[0]])
        else:
            self._infer_beside(rows, planned, vectors)
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
        self._alone.infer(_padded(rows))
        vectors: npt.NDArray[np.float32] = self._alone.get_output_tensor(0).data
        return vectors

    def _infer_beside(
        self, rows: Sequence[list[int]], planned: Sequence[list[int]], vectors: npt.NDArray[np.float32]
    ) -> None:
        def store(request: Any, chosen: list[int]) -> None:  # noqa: ANN401  (openvino has no annotations)
            vectors[chosen] = request.get_output_tensor(0).data

        self._beside.set_callback(store)
        # The longest first: the shortest passes fill what is left at the end.
        for chosen in reversed(planned):
            self._beside.start_async(_padded([rows[index] for index in chosen]), chosen)
        self._beside.wait_all()


def plan(lengths: Sequence[int], budget: int, threads: int) -> list[list[int]]:
    """Group row indices into passes (see `passes`); what needs no more passes than there are threads is divided evenly.

    No share has fewer than `LEAST_TOKENS` on average, so a few short queries stay one pass.
    """
    planned = list(passes(lengths, budget))
    count = min(threads, sum(lengths) // LEAST_TOKENS)
    if len(planned) > count:
        return planned
    divided = _shares(lengths, count)
    fits = all(len(one) == 1 or len(one) * lengths[one[-1]] <= budget for one in divided)
    return divided if fits else planned


def _shares(lengths: Sequence[int], count: int) -> list[list[int]]:
    """Divide row indices, in the order of their lengths, into at most `count` groups of about as many tokens each."""
    shares: list[list[int]] = [[] for _ in range(count)]
    total, before = sum(lengths), 0
    for index in sorted(range(len(lengths)), key=lengths.__getitem__):
        shares[before * count // total].append(index)
        before += lengths[index]
    return [share for share in shares if share]


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


def _padded(rows: Sequence[list[int]]) -> list[npt.NDArray[np.int32]]:
    """Return token ids and mask, [len(rows), longest row rounded up] each."""
    # The engine keeps what it prepared for each shape it has seen: few shapes, little memory.
    longest = -(-max(map(len, rows)) // LENGTH_STEP) * LENGTH_STEP
    ids = np.full((len(rows), longest), PAD_ID, np.int32)
    mask = np.zeros_like(ids)
    for index, row in enumerate(rows):
        ids[index, : len(row)] = row
        mask[index, : len(row)] = 1
    return [ids, mask]


def _compile(graph: Path, threads: int, *, streams: int) -> Any:  # noqa: ANN401  (openvino has no annotations)
    import openvino

    core = openvino.Core()
    options = {
        "PERFORMANCE_HINT": "LATENCY" if streams == 1 else "THROUGHPUT",
        "NUM_STREAMS": str(streams),
        "INFERENCE_NUM_THREADS": threads,
        # int8 weights with int8 activations per 128 values: fast wherever the CPU has VNNI, and it needs no bf16.
        "INFERENCE_PRECISION_HINT": "f32",
        "DYNAMIC_QUANTIZATION_GROUP_SIZE": "128",
    }
    return core.compile_model(str(graph), "CPU", options)


def _queue(compiled: Any, jobs: int) -> Any:  # noqa: ANN401  (openvino has no annotations)
    import openvino

    return openvino.AsyncInferQueue(compiled, jobs)
