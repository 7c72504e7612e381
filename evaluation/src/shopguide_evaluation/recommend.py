"""Scores recommendations through the retrieval service, beside simple methods on the same shoppers and events."""

import asyncio
import random
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from shopguide.retrieval.v1 import retrieval_service_pb2 as pb
from shopguide.type.v1 import query_pb2
from shopguide_evaluation.ranking import ndcg
from shopguide_evaluation.sequences import Case, Purchase, Shop, patiently
from shopguide_evaluation.statistics import mean

if TYPE_CHECKING:
    from shopguide.retrieval.v1 import retrieval_service_pb2_grpc as pb_grpc

    Stub = pb_grpc.RetrievalServiceAsyncStub

DEPTH = 10
RECENCY = 0.7
"""Of the item-KNN baseline: what a step back leaves of an interaction's weight."""

_AT_ONCE = 2
_TIMEOUT, _READY_TRIES = 60.0, 120
Lister = Callable[[Case], Sequence[str]]


@dataclass(frozen=True)
class Lists:
    """The lists of one method, in the order of the cases."""

    method: str
    ids: list[list[str]]


def sample(cases: Sequence[Case], count: int, seed: int) -> list[Case]:
    """Return `count` cases drawn without repeats; all when there are no more."""
    return random.Random(seed).sample(list(cases), min(count, len(cases)))


async def recommended(stub: "Stub", catalog: str, cases: Sequence[Case]) -> tuple[Lists, dict[str, float]]:
    """Return what the service recommends, exploration off, and the seconds that a call took.

    Waits until the service has read what all shoppers do; raises RuntimeError when an answer is degraded after that.
    """
    permits, seconds = asyncio.Semaphore(_AT_ONCE), []

    async def ask(shopper: str) -> pb.RecommendResponse:
        request = pb.RecommendRequest(
            catalog=catalog,
            shopper=query_pb2.Shopper(visitor_id=shopper),
            page_size=DEPTH,
            view=query_pb2.PRODUCT_VIEW_ID,
            exploration=0.0,
        )
        return await patiently(lambda: stub.Recommend(request, timeout=_TIMEOUT))

    async def one(shopper: str) -> list[str]:
        async with permits:
            start = time.perf_counter()
            answer = await ask(shopper)
            seconds.append(time.perf_counter() - start)
        if answer.degradations:
            raise RuntimeError(f"a degraded answer is not what is measured: {answer.degradations[0]}")
        return [r.product_id for r in answer.results]

    shoppers = list(dict.fromkeys(c.shopper for c in cases))
    for _ in range(_READY_TRIES):
        if not (await ask(shoppers[0])).degradations:
            break
        await asyncio.sleep(1.0)
    lists = dict(zip(shoppers, await asyncio.gather(*map(one, shoppers)), strict=True))
    times = {f"p{p}": round(float(np.percentile(seconds, p)), 4) for p in (50, 90, 99)}
    return Lists("Recommend", [lists[c.shopper] for c in cases]), times


def popular(purchases: Sequence[Purchase], *, repeats: bool) -> Lister:
    """Return the method that lists the most bought products; without those of the history unless `repeats`."""
    ranked = [i for i, _ in Counter(i for p in purchases for i in p.products).most_common()]

    def lister(case: Case) -> list[str]:
        owned = set() if repeats else set(case.history)
        return _first(i for i in ranked if i not in owned)

    return lister


def item_neighbours(purchases: Sequence[Purchase], *, repeats: bool, recency: float = RECENCY) -> Lister:
    """Return item-based KNN: cosine of products by their shoppers, summed over the history weighted by recency."""
    baskets: dict[str, set[str]] = defaultdict(set)
    for one in purchases:
        baskets[one.shopper].update(one.products)
    holders: dict[str, list[str]] = defaultdict(list)
    for shopper, items in baskets.items():
        for item in items:
            holders[item].append(shopper)

    def lister(case: Case) -> list[str]:
        scores: dict[str, float] = defaultdict(float)
        for age, item in enumerate(dict.fromkeys(reversed(case.history))):
            for other, together in Counter(j for s in holders[item] for j in baskets[s]).items():
                if other != item:
                    scores[other] += (
                        recency**age * together / (len(holders[item]) * len(holders[other])) ** 0.5
                    )
        owned = set() if repeats else set(case.history)
        return _first(sorted((i for i in scores if i not in owned), key=lambda i: (-scores[i], i)))

    return lister


def listed(method: str, lister: Lister, cases: Iterable[Case]) -> Lists:
    """Return the lists that a method makes for the cases; one for each shopper."""
    made: dict[str, list[str]] = {}
    for case in cases:
        if case.shopper not in made:
            made[case.shopper] = list(lister(case))
    return Lists(method, [made[c.shopper] for c in cases])


def next_product(lists: Lists, cases: Sequence[Case]) -> dict[str, Any]:
    """Return hit rate and nDCG at 10 where one product is wanted."""
    hits = [float(bool(c.wanted & set(ids))) for ids, c in zip(lists.ids, cases, strict=True)]
    gains = [
        ndcg(ids, dict.fromkeys(c.wanted, 1.0), DEPTH) or 0.0 for ids, c in zip(lists.ids, cases, strict=True)
    ]
    return {"method": lists.method, "hit_rate": asdict(mean(hits)), "ndcg": asdict(mean(gains))}


def next_basket(lists: Lists, cases: Sequence[Case]) -> dict[str, Any]:
    """Return recall at 10 of what the later baskets hold."""
    shares = [len(c.wanted & set(ids)) / len(c.wanted) for ids, c in zip(lists.ids, cases, strict=True)]
    return {"method": lists.method, "recall": asdict(mean(shares))}


async def bundles(stub: "Stub", catalog: str, cases: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """Return how often FindBundle for one product of a later basket finds the other."""
    permits = asyncio.Semaphore(_AT_ONCE)

    async def one(anchor: str) -> list[str]:
        request = pb.FindBundleRequest(
            catalog=catalog, product_ids=[anchor], max_products=DEPTH, view=query_pb2.PRODUCT_VIEW_ID
        )
        async with permits:
            answer = await patiently(lambda: stub.FindBundle(request, timeout=_TIMEOUT))
            return [r.product_id for r in answer.results]

    anchors = list(dict.fromkeys(a for a, _ in cases))
    found = dict(zip(anchors, await asyncio.gather(*map(one, anchors)), strict=True))
    hits = [float(wanted in found[anchor]) for anchor, wanted in cases]
    return {"method": "FindBundle", "hit_rate": asdict(mean(hits))}


def pairwise_bundles(purchases: Sequence[Purchase], cases: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """Return how often the products most often in one basket with the first hold the other."""
    together: dict[str, Counter[str]] = defaultdict(Counter)
    for one in purchases:
        for item in one.products:
            together[item].update(i for i in one.products if i != item)
    hits = [float(w in dict(together[a].most_common(DEPTH))) for a, w in cases]
    return {"method": "pairwise co-occurrence", "hit_rate": asdict(mean(hits))}


def pairs_of(cases: Sequence[Case], sold: Collection[str], count: int, seed: int) -> list[tuple[str, str]]:
    """Return an ordered pair of known products of `count` later baskets that have two; of all when they are fewer."""
    rng = random.Random(seed)
    known = [ids for c in cases if len(ids := sorted(i for i in c.wanted if i in sold)) > 1]
    drawn = (rng.sample(ids, 2) for ids in rng.sample(known, min(count, len(known))))
    return [(first, second) for first, second in drawn]


def sizes(shop: Shop, cases: Sequence[Case]) -> dict[str, int]:
    """Return how much was imported and asked."""
    return {
        "products": len(shop.products),
        "events": len(shop.purchases),
        "shoppers_asked": len({c.shopper for c in cases}),
        "cases": len(cases),
    }


def _first(ids: Iterable[str]) -> list[str]:
    return [i for i, _ in zip(ids, range(DEPTH), strict=False)]
