"""Products like given ones: nearest to the mean of their vectors, away from those they should be unlike."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from shopguide_retrieval.domain.bm25 import SparseVector
from shopguide_retrieval.domain.catalog import Catalog
from shopguide_retrieval.domain.encoding import EncodedQuery
from shopguide_retrieval.domain.limits import Limit
from shopguide_retrieval.domain.plan import Plan
from shopguide_retrieval.domain.search import Listing, Searcher, SearchQuery
from shopguide_retrieval.domain.stages import Stages
from shopguide_retrieval.ports import ProductStore, Vector


@dataclass(frozen=True, slots=True)
class Similar:
    """The list, and the ids of the request that the catalogue does not have."""

    listing: Listing | None
    missing: tuple[str, ...]


class SimilarFinder:
    """Finds products like others."""

    def __init__(self, products: ProductStore, searcher: Searcher) -> None:
        """Take the index and what ranks candidates."""
        self._products = products
        self._searcher = searcher

    async def find(self, catalog: Catalog, like: Sequence[str], unlike: Sequence[str], plan: Plan) -> Similar:
        """Return products most alike first; the examples and their variants are left out.

        Without any known example the list is None.
        """
        stages = Stages()
        ids = list(dict.fromkeys([*like, *unlike]))
        with stages.stage("examples"):
            vectors = await self._products.vectors(catalog, ids)
            groups = await self._products.fetch(catalog, ids, ("group",))
        missing = tuple(i for i in ids if i not in vectors)
        wanted = [vectors[i] for i in like if i in vectors]
        if not wanted:
            return Similar(None, missing)
        target = _target(wanted, [vectors[i] for i in unlike if i in vectors])
        excluded = tuple(sorted({str(p["group"]) for p in groups.values()}))
        limited = Plan(
            (*plan.platform, Limit("group", none_of=excluded)),
            plan.hard,
            plan.wishes,
            plan.wish_positions,
            plan.decided,
        )
        encoded = EncodedQuery(target, SparseVector((), ()))
        listing = await self._searcher.search_encoded(catalog, SearchQuery(""), limited, encoded, stages)
        return Similar(listing, missing)


def _target(like: Sequence[Vector], unlike: Sequence[Vector]) -> Vector:
    """Return the normalised mean of the examples, moved away from the mean of the counter-examples."""
    target = np.mean(like, axis=0)
    if unlike:
        target = 2 * target - np.mean(unlike, axis=0)
    return np.asarray(target / max(float(np.linalg.norm(target)), 1e-9), dtype=np.float32)
