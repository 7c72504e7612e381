"""The query's vectors: given by the caller, made by the encoder, or, without an encoder, sparse only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from shopguide_retrieval.domain.bm25 import SparseVector, weighted_vector
from shopguide_retrieval.domain.catalog import Catalog
from shopguide_retrieval.domain.model import Degradation
from shopguide_retrieval.domain.rewriting import Rewritten, plain
from shopguide_retrieval.domain.wordbook import WordBook
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
    text: str = ""
    """What is looked for: the query without what it wants absent, spelling mended."""
    terms: Mapping[str, float] = field(default_factory=dict)
    """Weight of each term of `sparse`: 1 for those asked for, less for synonyms, negative for what must be absent."""
    corrected: str = ""
    """What the query was taken for, when it was not searched as written."""


class QueryEncoder:
    """Make the vectors of queries."""

    def __init__(self, encoder: Encoder, dimension: int, words: WordBook | None = None) -> None:
        """Take the encoder, the length of its vectors, and what rewrites queries (None: as written)."""
        self._encoder = encoder
        self._dimension = dimension
        self._words = words

    async def encode(
        self, catalog: Catalog, text: str, given: GivenVector | None = None, languages: Sequence[str] = ()
    ) -> EncodedQuery:
        """Return the vectors of a query for products in these languages (none: in whatever the catalogue has).

        A given vector is of the query as written: one that is rewritten is embedded anew where that is possible.
        Raises FailedPrecondition (ENCODER_MISMATCH) when the given vector or the encoder is not the one that the
        catalogue was indexed with, InvalidArgument for a malformed vector.
        """
        checked = self._checked(catalog, given) if given is not None else None
        written = await self._rewritten(catalog, text, languages)
        if checked is not None and written.text == " ".join(text.split()):
            return _encoded(written, checked)
        try:
            check_fingerprint(catalog, await self._encoder.fingerprint())
            return _encoded(written, (await self._encoder.embed([written.text], "query"))[0])
        except (Unavailable, ResourceExhausted, DeadlineExceeded) as error:
            if checked is not None:
                return _encoded(written, checked)
            DEGRADED.labels(SPARSE_ONLY).inc()
            return _encoded(written, None, (Degradation("text_encoder", SPARSE_ONLY, error),))

    async def encode_all(self, catalog: Catalog, texts: Sequence[str]) -> list[EncodedQuery]:
        """Return the vectors of several queries from one call to the encoder; degraded together or not at all."""
        written = [await self._rewritten(catalog, text) for text in texts]
        try:
            check_fingerprint(catalog, await self._encoder.fingerprint())
            dense = await self._encoder.embed([w.text for w in written], "query")
            return [_encoded(w, d) for w, d in zip(written, dense, strict=True)]
        except (Unavailable, ResourceExhausted, DeadlineExceeded) as error:
            DEGRADED.labels(SPARSE_ONLY).inc()
            lost = (Degradation("text_encoder", SPARSE_ONLY, error),)
            return [_encoded(w, None, lost) for w in written]

    async def _rewritten(self, catalog: Catalog, text: str, languages: Sequence[str] = ()) -> Rewritten:
        return await self._words.rewrite(catalog, text, languages) if self._words else plain(text)

    def _checked(self, catalog: Catalog, given: GivenVector) -> Vector:
        check_fingerprint(catalog, given.fingerprint)
        field = "query_vector.values"
        if len(given.values) != self._dimension:
            raise _wrong(
                field, f"must have {self._dimension} components, has {len(given.values)}", FIELD_OUT_OF_RANGE
            )
        vector = np.asarray(given.values, dtype=np.float32)
        if not np.isfinite(vector).all():
            raise _wrong(field, "must be finite numbers", FIELD_MALFORMED)
        length = float(np.linalg.norm(vector))
        if abs(length - 1) > LENGTH_TOLERANCE:
            raise _wrong(field, f"must be L2-normalised, has length {length:.3g}", FIELD_OUT_OF_RANGE)
        return vector


def _encoded(written: Rewritten, dense: Vector | None, lost: tuple[Degradation, ...] = ()) -> EncodedQuery:
    sparse = weighted_vector(written.terms)
    return EncodedQuery(dense, sparse, lost, written.text, written.terms, written.corrected)


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
