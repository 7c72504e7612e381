"""Hashed character n-grams of a message: what a head can read without any model server."""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from shopguide_intent.domain.utterance import utterance

BUCKETS = 8192
"""Features; n-grams are spread over them by CRC-32."""

LONGEST = 4
MAX_CHARACTERS = 400
"""The rest of a longer message is left out: intents show early."""

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_PUNCTUATION = re.compile(r"[\s,，。.;；!！?？、~]+")


@dataclass(frozen=True, slots=True)
class SparseVector:
    """The occupied buckets of an L2-normalised feature vector."""

    indices: npt.NDArray[np.int64]
    values: npt.NDArray[np.float32]


def ngrams(text: str) -> SparseVector:
    """Features of a message; numbers count as one sign, case and punctuation do not count."""
    folded = _PUNCTUATION.sub(" ", _NUMBER.sub("0", utterance(text).text[:MAX_CHARACTERS])).strip()
    padded = f" {folded} "
    grams = {padded[i : i + n] for n in range(1, LONGEST + 1) for i in range(len(padded) - n + 1)}
    buckets = [zlib.crc32(gram.encode()) % BUCKETS for gram in grams]
    indices, counts = np.unique(np.array(buckets, np.int64), return_counts=True)
    values = counts.astype(np.float32)
    return SparseVector(indices, values / np.linalg.norm(values))
