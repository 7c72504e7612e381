"""The last hand on a list: what the shopper likes comes a little earlier, and what is alike does not crowd the top."""

from collections.abc import Sequence

import numpy as np

from shopguide_retrieval.domain.catalog import Catalog
from shopguide_retrieval.domain.diversity import DEPTH, Vectors, diversify
from shopguide_retrieval.domain.ranking import Ranked
from shopguide_retrieval.domain.shoppers import Profile
from shopguide_retrieval.ports import ProductStore, Vector
from shopguide_retrieval.ports_shoppers import ShopperStore

TASTE_WEIGHT = 0.15
"""Most that a product's fit with the shopper's taste adds to a score, at full personalisation; relevance spans [0, 1]."""

TASTE_DEPTH = 60
"""Products at the top that are compared with the shopper's taste: enough to fill the first pages."""

CLEAR_TASTE = 0.6
"""Fit with the shopper's taste, in [0, 1], from which it may be given as a reason."""

TASTE_COSINE = 0.85
"""Cosine with the taste from which it may be given as a reason; unrelated products have up to .8 with this encoder."""


class Arranger:
    """Rearranges the top of ranked lists; reads vectors only when a request asks for it."""

    def __init__(self, products: ProductStore, shoppers: ShopperStore) -> None:
        """Take the products' vectors and the shoppers' profiles."""
        self._products = products
        self._shoppers = shoppers

    async def arrange(
        self,
        catalog: Catalog,
        ranked: Sequence[Ranked],
        keys: Sequence[str],
        personalization: float,
        diversity: float,
    ) -> list[Ranked]:
        """Return the list for the shopper with these keys; both strengths are in [0, 1]."""
        profiles = await self._shoppers.get(catalog, keys) if keys and personalization > 0 else {}
        taste = _taste(list(profiles.values()))
        depth = max(DEPTH if diversity > 0 else 0, TASTE_DEPTH if taste is not None else 0)
        if not depth:
            return list(ranked)
        vectors = await self._products.vectors(catalog, [r.candidate.id for r in ranked[:depth]])
        liked = personalised(ranked, vectors, taste, personalization) if taste is not None else ranked
        return diversify(liked, vectors, diversity)


def personalised(ranked: Sequence[Ranked], vectors: Vectors, taste: Vector, strength: float) -> list[Ranked]:
    """Return the list with the fit of each product that has a vector added to its score, as signal `taste` in [0, 1]."""
    cosines = {i: float(vector @ taste) for i, vector in vectors.items()}
    if not cosines:
        return list(ranked)
    low, span = min(cosines.values()), max(cosines.values()) - min(cosines.values())

    def fitted(one: Ranked) -> Ranked:
        cosine = cosines.get(one.candidate.id)
        if cosine is None or span <= 0:
            return one
        fit = (cosine - low) / span
        told = fit >= CLEAR_TASTE and cosine >= TASTE_COSINE
        return one.changed(
            score=round(one.score + strength * TASTE_WEIGHT * fit, 6),
            signals={**one.signals, "taste": fit},
            reasons=tuple(dict.fromkeys((*one.reasons, *(("MATCHES_TASTE",) if told else ())))),
        )

    return sorted(map(fitted, ranked), key=lambda r: (-r.score, r.candidate.id))


def _taste(profiles: Sequence[Profile]) -> Vector | None:
    """Return the one direction of a shopper's profiles, each weighing by its events; None when nothing is known."""
    known = [(p.taste, max(1, p.event_count)) for p in profiles if p.taste is not None]
    if not known:
        return None
    mean = np.sum([weight * taste for taste, weight in known], axis=0)
    return np.asarray(mean / max(float(np.linalg.norm(mean)), 1e-9), dtype=np.float32)
