"""Scores recommendations through the retrieval service, beside simple methods on the same shoppers and events."""

import asyncio
import random
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from shopguide.retrieval.v1 import retrieval_service_pb2 as pb
from shopguide.type.v1 import query_pb2
from shopguide_evaluation.ranking import ndcg
from shopguide_evaluation.sequences import Case, Purchase, Shop, drawn, patiently
from shopguide_evaluation.statistics import mean

if TYPE_CHECKING:
    from shopguide.retrieval.v1 import retrieval_service_pb2_grpc as pb_grpc

    Stub = pb_grpc.RetrievalServiceAsyncStub

DEPTH = 10
RECENCY = 0.7
"""Of the item-KNN baseline: what a step back leaves of an interaction's weight."""

_FIRST_PLACES = 3
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


async def bundles(stub: "Stub", catalog: str, anchors: Sequence[str], size: int) -> dict[str, list[str]]:
    """Return what FindBundle adds to each anchor, at most `size` products."""
    permits = asyncio.Semaphore(_AT_ONCE)

    async def one(anchor: str) -> list[str]:
        request = pb.FindBundleRequest(
            catalog=catalog, product_ids=[anchor], max_products=size, view=query_pb2.PRODUCT_VIEW_ID
        )
        async with permits:
            answer = await patiently(lambda: stub.FindBundle(request, timeout=_TIMEOUT))
            return [r.product_id for r in answer.results]

    return dict(zip(anchors, await asyncio.gather(*map(one, anchors)), strict=True))


def first_baskets(cases: Sequence[Case]) -> list[Case]:
    """Return each shopper's earliest case, in the order of the shoppers' first ones."""
    found: dict[str, Case] = {}
    for case in cases:
        if case.shopper not in found or case.time < found[case.shopper].time:
            found[case.shopper] = case
    return list(found.values())


@dataclass(frozen=True)
class Given:
    """One product of a basket, and what else is in it."""

    anchor: str
    others: frozenset[str]


def given_one(cases: Sequence[Case], known: Collection[str]) -> list[Given]:
    """Return of each basket with two products or more one that is known, drawn by a hash, and the others."""
    found = []
    for number, case in enumerate(cases):
        anchors = sorted(case.wanted & set(known), key=lambda i: drawn(f"{number}|{i}"))
        if anchors and len(case.wanted) > 1:
            found.append(Given(anchors[0], case.wanted - {anchors[0]}))
    return found


def popular_beside(purchases: Sequence[Purchase], anchors: Collection[str]) -> dict[str, list[str]]:
    """Return for each anchor the most bought products but itself."""
    ranked = [i for i, _ in Counter(i for p in purchases for i in p.products).most_common(DEPTH + 1)]
    return {a: _first(i for i in ranked if i != a) for a in anchors}


def co_occurring(purchases: Sequence[Purchase], anchors: Collection[str]) -> dict[str, list[str]]:
    """Return for each anchor the products most often in one basket with it; of equals the more popular first."""
    counts = Counter(i for p in purchases for i in set(p.products))
    together: dict[str, Counter[str]] = defaultdict(Counter)
    for one in purchases:
        for item in set(one.products) & set(anchors):
            together[item].update(i for i in set(one.products) if i != item)
    return {a: _first(sorted(together[a], key=lambda i: (-together[a][i], -counts[i], i))) for a in anchors}


def completion(
    added: Mapping[str, Mapping[str, Sequence[str]]], cases: Sequence[Given], against: str
) -> list[dict[str, Any]]:
    """Return by method recall at 10 and hits among the first three, and the paired difference to one of the methods."""
    shares = {
        m: [len(c.others & set(ids[c.anchor][:DEPTH])) / len(c.others) for c in cases]
        for m, ids in added.items()
    }
    rows = []
    for method, ids in added.items():
        hits = [float(bool(c.others & set(ids[c.anchor][:_FIRST_PLACES]))) for c in cases]
        more = [a - b for a, b in zip(shares[method], shares[against], strict=True)]
        row = {"recall": mean(shares[method]), "hit_rate_3": mean(hits), "more_recall": mean(more)}
        rows.append({"method": method, "against": against} | {k: asdict(v) for k, v in row.items()})
    return rows


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
