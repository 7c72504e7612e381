"""What the domain needs from the outside: an encoder and an index. Adapters implement these."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from shopguide_retrieval.domain.bm25 import SparseVector
from shopguide_retrieval.domain.catalog import Catalog
from shopguide_retrieval.domain.limits import Limit
from shopguide_retrieval.domain.ranking import Candidate

Vector = NDArray[np.float32]
"""A dense vector, L2-normalised, or a matrix with one in each row."""


class Encoder(Protocol):
    """Texts to vectors."""

    async def embed(self, texts: Sequence[str], role: Literal["query", "passage"]) -> Vector:
        """Return float32 [len(texts), dimension], rows L2-normalised; raises Unavailable when it is away."""
        ...

    async def fingerprint(self) -> str:
        """Return what tells vectors of this encoder from those of another; raises Unavailable when it is away."""
        ...


@dataclass(frozen=True, slots=True)
class Point:
    """A row of an index: string id, vectors, payload."""

    id: str
    dense: Vector
    sparse: SparseVector
    payload: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Patch:
    """New values of payload keys of a product, written only where its `content_hash` is still `expected`."""

    id: str
    values: Mapping[str, Any]
    expected: str


@dataclass(frozen=True, slots=True)
class LeadingQuery:
    """The products under limits with the highest numbers under an indexed payload key."""

    key: str
    limits: tuple[Limit, ...]
    size: int


@dataclass(frozen=True, slots=True)
class CandidateQuery:
    """What to look for in one round trip; a list without a vector is left out."""

    dense: Vector | None
    sparse: SparseVector | None
    limits: tuple[Limit, ...]
    preferred: tuple[tuple[Limit, ...], ...] = ()
    """For each group of wishes, further lists hold only products that satisfy at least one wish of the group."""
    reference: tuple[Limit, ...] | None = None
    """Further lists under these limits only: they tell what the query names, and are not `within`."""
    size: int = 100
    """Of each list."""
    keys: tuple[str, ...] = ()
    """Payload keys wanted beside those that ranking always needs."""


class CatalogStore(Protocol):
    """Records of catalogues. All methods raise Unavailable when the index is away."""

    async def get(self, name: str) -> Catalog | None:
        """Return the record, or None when there is no such catalogue."""
        ...

    async def put(self, catalog: Catalog) -> Catalog:
        """Write the next edition of the record and return it, creating what collections its version lacks.

        Raises Aborted when the record is not of the edition that was read any more.
        """
        ...

    async def names(self) -> list[str]:
        """Return the names of all catalogues, sorted."""
        ...

    async def prepare(self, catalog: Catalog) -> None:
        """Create empty collections for a version that is not served yet; remains of an earlier try are dropped."""
        ...

    async def drop(self, catalog: Catalog) -> None:
        """Delete the collections of a version that is no longer served."""
        ...

    async def delete(self, catalog: Catalog) -> None:
        """Delete the record and every collection of the catalogue."""
        ...


class ProductStore(Protocol):
    """The products of catalogues. All methods raise Unavailable when the index is away."""

    async def candidates(self, catalog: Catalog, query: CandidateQuery) -> dict[str, Candidate]:
        """Return the union of the lists, by product id."""
        ...

    async def popular(
        self, catalog: Catalog, limits: Sequence[Limit], size: int, keys: Sequence[str] = ()
    ) -> dict[str, Candidate]:
        """Return the most popular products under limits, with these payload keys beside those for ranking."""
        ...

    async def leading(
        self, catalog: Catalog, queries: Sequence[LeadingQuery], keys: Sequence[str] = ()
    ) -> dict[str, Candidate]:
        """Return the union of the lists, by product id, from one round trip; `keys` are wanted beside those for ranking."""
        ...

    async def count(self, catalog: Catalog, limits: Sequence[Limit]) -> int:
        """Return how many products satisfy all limits, exactly."""
        ...

    async def nearest(
        self, catalog: Catalog, limits: Sequence[Limit], key: str, bound: float, *, above: bool, size: int
    ) -> list[float]:
        """Return stored numbers of `key` beyond `bound` under limits, the nearest first, at most `size`."""
        ...

    async def facet(self, catalog: Catalog, key: str, limits: Sequence[Limit], size: int) -> dict[str, int]:
        """Return the values of an indexed payload key and how many products have each, at most `size` values."""
        ...

    async def held_terms(self, catalog: Catalog, terms: Sequence[str]) -> frozenset[str]:
        """Return the terms that a product's sparse vector has, wherever it has them from."""
        ...

    async def fetch(
        self, catalog: Catalog, ids: Sequence[str], keys: Sequence[str]
    ) -> dict[str, dict[str, Any]]:
        """Return the named payload keys of the products that exist, by product id."""
        ...

    async def complete(
        self, catalog: Catalog, candidates: Sequence[Candidate], keys: Sequence[str]
    ) -> Mapping[str, Mapping[str, Any]]:
        """Return the named payload keys of candidates in the state that they were found in, by product id.

        Those deleted meanwhile are left out. `keys` must be the same in all calls.
        """
        ...

    async def vectors(self, catalog: Catalog, ids: Sequence[str]) -> dict[str, Vector]:
        """Return the dense vectors of the products that exist, by product id."""
        ...

    def stored(
        self, catalog: Catalog, keys: Sequence[str], since: float = 0.0
    ) -> AsyncIterator[list[dict[str, Any]]]:
        """Yield all products written at or after `since` (Unix seconds), in batches of payloads with these keys."""
        ...

    async def upsert(self, catalog: Catalog, points: Sequence[Point]) -> None:
        """Write points, replacing those with the same id; they are searchable on return."""
        ...

    async def patch(self, catalog: Catalog, patches: Sequence[Patch]) -> None:
        """Write payload keys of products that are still as expected; vectors and other keys stay."""
        ...

    async def delete(self, catalog: Catalog, ids: Sequence[str]) -> int:
        """Delete products and returns how many there were."""
        ...

    async def ensure_number_indexes(self, catalog: Catalog, keys: Sequence[str]) -> None:
        """Make sure that ranges on these payload keys are answered from an index."""
        ...


@dataclass(frozen=True, slots=True)
class TextMatch:
    """A stored text: its payload and scores (None: not in that list)."""

    id: str
    payload: Mapping[str, Any]
    dense: float | None = None
    sparse: float | None = None


class TextStore(Protocol):
    """Reviews or FAQ entries of catalogues. All methods raise Unavailable when the index is away."""

    async def upsert(self, catalog: Catalog, points: Sequence[Point]) -> None:
        """Write points, replacing those with the same id."""
        ...

    async def fetch(
        self, catalog: Catalog, points: Sequence[str], keys: Sequence[str]
    ) -> dict[str, Mapping[str, Any]]:
        """Return the named payload keys of the points that exist, by payload `id`; `points` are ids of points."""
        ...

    async def delete(self, catalog: Catalog, ids: Sequence[str]) -> None:
        """Delete every point whose payload `id` is one of `ids`."""
        ...

    async def search(self, catalog: Catalog, query: CandidateQuery) -> list[TextMatch]:
        """Return the union of the dense and the sparse list."""
        ...

    def stored(self, catalog: Catalog, keys: Sequence[str]) -> AsyncIterator[list[dict[str, Any]]]:
        """Yield all texts, in batches of payloads with these keys."""
        ...

    async def newest(self, catalog: Catalog, limits: Sequence[Limit], size: int) -> list[TextMatch]:
        """Return texts under limits, the latest first."""
        ...

    async def count(self, catalog: Catalog, limits: Sequence[Limit]) -> int:
        """Return how many texts satisfy all limits."""
        ...
