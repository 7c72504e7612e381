"""Candidates and features of judged queries, by the very code that serves them."""

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal

import numpy as np

from shopguide_retrieval.bootstrap import connect_encoder, make_search
from shopguide_retrieval.bootstrap_qdrant import connect
from shopguide_retrieval.config import RetrievalSettings
from shopguide_retrieval.domain.conditions import Condition
from shopguide_retrieval.domain.directory import CatalogDirectory
from shopguide_retrieval.domain.features import feature_matrix
from shopguide_retrieval.domain.plan import plan
from shopguide_retrieval.domain.ranking import untrained_score
from shopguide_retrieval.domain.search import Searcher, SearchQuery
from shopguide_retrieval.ports import Encoder, Vector
from shopguide_training.ranker.judged import JudgedSet
from shopguide_training.ranker.lists import RankedList

QUERY_SECONDS = 120.0
"""Longest that a query may wait for a busy encoder."""


class RememberingEncoder(Encoder):
    """An encoder that keeps vectors of queries on disk, so that they are made once."""

    def __init__(self, encoder: Encoder, folder: Path) -> None:
        """Take the encoder and the folder of the vectors."""
        self._encoder = encoder
        self._folder = folder

    async def embed(self, texts: Sequence[str], role: Literal["query", "passage"]) -> Vector:
        """Return float32 [len(texts), dimension], rows L2-normalised."""
        return np.stack([await self._one(text, role) for text in texts])

    async def fingerprint(self) -> str:
        """Return what tells vectors of this encoder from those of another."""
        return await self._encoder.fingerprint()

    async def _one(self, text: str, role: Literal["query", "passage"]) -> Vector:
        key = hashlib.sha256("\n".join((await self.fingerprint(), role, text)).encode()).hexdigest()[:24]
        path = self._folder / f"{key}.npy"
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            np.save(path, (await self._encoder.embed([text], role))[0])
        return np.asarray(np.load(path), dtype=np.float32)


async def gather(
    settings: RetrievalSettings, sets: Sequence[JudgedSet], data: Path, cache: Path
) -> list[RankedList]:
    """Return the lists of all judged queries; their products must be indexed at the Qdrant of the settings."""
    qdrant, encoder = connect(settings), connect_encoder(settings)
    try:
        directory, searcher = make_search(settings, qdrant, RememberingEncoder(encoder, cache))
        return [
            await _list(directory, searcher, one, query, gains)
            for one in sets
            for query, gains in one.judgments(data).items()
        ]
    finally:
        await encoder.close()
        await qdrant.close()


async def _list(
    directory: CatalogDirectory, searcher: Searcher, judged: JudgedSet, query: str, gains: Mapping[str, float]
) -> RankedList:
    catalog = await directory.find(judged.catalog)
    conditions = [Condition("id", any_of=tuple(sorted(gains)))] if judged.pooled else []
    pool, context = await searcher.examine(catalog, SearchQuery(query), plan(catalog, conditions, ()))
    found = [pool.candidates[i] for i in sorted(pool.candidates)]
    unjudged = float("nan") if judged.pooled else 0.0
    return RankedList(
        judged.name,
        query,
        tuple(c.id for c in found),
        feature_matrix(found, pool.relevance, context),
        np.array([untrained_score(pool.relevance[c.id], c.payload) for c in found]),
        np.array([c.sparse or 0.0 for c in found]),
        np.array([gains.get(c.id, unjudged) for c in found]),
        tuple(sorted(gains.values(), reverse=True)),
    )
