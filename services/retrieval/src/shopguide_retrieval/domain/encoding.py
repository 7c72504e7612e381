"""The query's vectors: given by the caller, made by the encoder, or, without an encoder, sparse only."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from shopguide_retrieval.domain.bm25 import SparseVector, query_vector
from shopguide_retrieval.domain.catalog import Catalog
from shopguide_retrieval.domain.model import Degradation
from shopguide_retrieval.metrics import DEGRADED
from shopguide_retrieval.ports import Encoder, Vector
from shopguide_runtime.errors import (
    DeadlineExceeded,
    FailedPrecondition,
    FieldViolation,
    InvalidArgument,
    ResourceExhausted,
    Unavailable,
)
from shopguide_runtime.validation import FIELD_MALFORMED, FIELD_OUT_OF_RANGE

LENGTH_TOLERANCE = 0.01
"""How far the length of a given vector may be from 1: senders may round to 16 bits."""

SPARSE_ONLY = "SPARSE_ONLY"
"""Fallback of a search whose query could not be embedded."""


@dataclass(frozen=True, slots=True)
class GivenVector:
    """A vector sent by the caller, and the fingerprint of the encoder that made it."""

    values: tuple[float, ...]
    fingerprint: str


@dataclass(frozen=True, slots=True)
class EncodedQuery:
    """A query in both forms; without `dense` the search is sparse only and `degradations` says why."""

    dense: Vector | None
    sparse: SparseVector
    degradations: tuple[Degradation, ...] = ()


class QueryEncoder:
    """Make the vectors of queries."""

    def __init__(self, encoder: Encoder, dimension: int) -> None:
        """Take the encoder and the length of its vectors."""
        self._encoder = encoder
        self._dimension = dimension

    async def encode(self, catalog: Catalog, text: str, given: GivenVector | None = None) -> EncodedQuery:
        """Return the vectors of a query.

        Raises FailedPrecondition (ENCODER_MISMATCH) when the given vector or the encoder is not the one that the
        catalogue was indexed with, InvalidArgument for a malformed vector.
        """
        sparse = query_vector(text)
        if given is not None:
            return EncodedQuery(self._checked(catalog, given), sparse)
        try:
            check_fingerprint(catalog, await self._encoder.fingerprint())
            return EncodedQuery((await self._encoder.embed([text], "query"))[0], sparse)
        except (Unavailable, ResourceExhausted, DeadlineExceeded) as error:
            DEGRADED.labels(SPARSE_ONLY).inc()
            return EncodedQuery(None, sparse, (Degradation("text_encoder", SPARSE_ONLY, error),))

    async def encode_all(self, catalog: Catalog, texts: Sequence[str]) -> list[EncodedQuery]:
        """Return the vectors of several queries from one call to the encoder; degraded together or not at all."""
        sparse = [query_vector(text) for text in texts]
        try:
            check_fingerprint(catalog, await self._encoder.fingerprint())
            dense = await self._encoder.embed(list(texts), "query")
            return [EncodedQuery(d, s) for d, s in zip(dense, sparse, strict=True)]
        except (Unavailable, ResourceExhausted, DeadlineExceeded) as error:
            DEGRADED.labels(SPARSE_ONLY).inc()
            lost = (Degradation("text_encoder", SPARSE_ONLY, error),)
            return [EncodedQuery(None, s, lost) for s in sparse]

    def _checked(self, catalog: Catalog, given: GivenVector) -> Vector:
        check_fingerprint(catalog, given.fingerprint)
        field = "query_vector.values"
        if len(given.values) != self._dimension:
            raise _wrong(
                field, f"must have {self._dimension} components, has {len(given.values)}", FIELD_OUT_OF_RANGE
            )
        if not all(math.isfinite(v) for v in given.values):
            raise _wrong(field, "must be finite numbers", FIELD_MALFORMED)
        vector = np.asarray(given.values, dtype=np.float32)
        length = float(np.linalg.norm(vector))
        if abs(length - 1) > LENGTH_TOLERANCE:
            raise _wrong(field, f"must be L2-normalised, has length {length:.3g}", FIELD_OUT_OF_RANGE)
        return vector


def check_fingerprint(catalog: Catalog, fingerprint: str) -> None:
    """Raise FailedPrecondition when vectors of this encoder cannot be compared with the catalogue's."""
    if fingerprint != catalog.fingerprint:
        raise FailedPrecondition(
            "ENCODER_MISMATCH",
            f"The catalog is indexed with encoder {catalog.fingerprint!r}, not {fingerprint!r}: rebuild it.",
            metadata={"catalog_encoder": catalog.fingerprint, "encoder": fingerprint},
        )


def _wrong(field: str, description: str, reason: str) -> InvalidArgument:
    return InvalidArgument([FieldViolation(field, description, reason)])
