"""From scored products to the list: variety, and places for products that nobody has tried yet."""

import hashlib
import math
from collections import Counter
from collections.abc import Sequence

from shopguide_retrieval.domain.ranking import Ranked

NEW_ARRIVAL = "NEW_ARRIVAL"

TRIED_FROM = 25
"""The best new products that exploration draws from."""

FIRST_PLACES_KEPT = 2
"""Places at the head of a list that exploration never takes."""


def varied(ranked: Sequence[Ranked], size: int, penalty: float) -> list[Ranked]:
    """Return the best `size`, greedily: each product of a category takes `penalty` from the next one of it.

    The penalty grows less and less, so a shopper of one category still gets a full list of it. Scores are what is left.
    """
    left, taken = list(ranked), Counter[str]()
    chosen: list[Ranked] = []
    while left and len(chosen) < size:
        best = max(left, key=lambda r: r.score - penalty * _crowding(r, taken))
        left.remove(best)
        chosen.append(best.changed(score=round(best.score - penalty * _crowding(best, taken), 6)))
        taken[best.candidate.leaf] += 1
    return chosen


def _crowding(one: Ranked, taken: Counter[str]) -> float:
    return math.log2(1 + taken[one.candidate.leaf]) if one.candidate.leaf else 0.0


def with_new(
    chosen: Sequence[Ranked], new: Sequence[Ranked], size: int, share: float, seed: str
) -> list[Ranked]:
    """Return the list of `size` with about `share` of its places given to products out of `new`, best first.

    The same seed gives the same list. A share that is no whole number of places is rounded by the seed.
    """
    fresh = {r.candidate.id for r in new}
    known = [r for r in chosen if r.candidate.id not in fresh]
    places = min(len(new), math.floor(share * size + _draw(seed, "places")) if share else 0)
    if not places or not known:
        return list(chosen[:size])
    drawn = sorted(new[:TRIED_FROM], key=lambda r: -_chance(r, new, seed))[:places]
    tried = [
        r.changed(reasons=tuple(dict.fromkeys((*(x for x in r.reasons if x != "POPULAR"), NEW_ARRIVAL))))
        for r in drawn
    ]
    rest = known[: max(0, size - len(tried))]
    for number, one in enumerate(tried):
        rest.insert(min(len(rest), _place(number, len(tried), size)), one)
    return rest[:size]


def _chance(one: Ranked, new: Sequence[Ranked], seed: str) -> float:
    """Return a draw in [0, 1] that favours better products: exponential weights over ranks."""
    weight = 0.85 ** next(i for i, r in enumerate(new) if r is one)
    return float(_draw(seed, one.candidate.id) ** (1 / weight))


def _place(number: int, tried: int, size: int) -> int:
    """Return where the n-th new product goes: evenly spread behind the first places."""
    return min(size - 1, FIRST_PLACES_KEPT + round((number + 0.5) * (size - FIRST_PLACES_KEPT) / tried))


def _draw(seed: str, what: str) -> float:
    digest = hashlib.blake2b(f"{seed}|{what}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") / 2**64
