"""`python -m shopguide_training.recommend --data ../shared/data/amazon_s3rec`: the weights of `recommend_model`.

Coordinate descent over a grid, by the mean nDCG@10 of the sets, with the very functions that serve. The evidence of
neighbours is fitted here; how much taste, popularity, trends and what is due count cannot be learned from sequences of
ids and is set by the groceries and the demo catalogue (`benchmarks/results/recommendation-*.md`).
"""

import argparse
import math
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path

from shopguide_retrieval.domain.recommend_evidence import gather, present_interest
from shopguide_retrieval.domain.recommend_model import NEIGHBOURS, Weights
from shopguide_training.recommend.sequences import Case, Shoppers, read_set

GRID: dict[str, tuple[float, ...]] = {
    "recency": (0.5, 0.6, 0.7, 0.8),
    "after": (0.7, 0.8, 0.9),
    "before": (0.2, 0.4, 0.6, 0.8),
    "shared_count": (0.2, 0.3, 0.4, 0.5),
    "own_count": (0.0, 0.1, 0.2, 0.3),
    "alike": (0.0, 0.1, 0.3),
}
START = Weights(recency=0.7, after=1.0, before=1.0, shared_count=0.5, own_count=0.5, alike=0.0)
"""Item-based KNN by cosine with recency: the bar."""

_DEPTH = 10


def score(weights: Weights, shoppers: Shoppers, cases: Sequence[Case]) -> tuple[float, float]:
    """Return HR@10 and nDCG@10."""
    ranks = [_rank(weights, shoppers, case) for case in cases]
    gains = [1 / math.log2(rank + 1) for rank in ranks if rank <= _DEPTH]
    return sum(rank <= _DEPTH for rank in ranks) / len(cases), sum(gains) / len(cases)


def descend(sets: Sequence[tuple[Shoppers, list[Case]]], start: Weights) -> tuple[Weights, float]:
    """Return the best weights found, one number changed at a time, until no change helps."""
    best, reached, changed = start, _mean(start, sets), True
    while changed:
        changed = False
        for name, values in GRID.items():
            for value in values:
                tried = replace(best, **{name: value})
                gained = _mean(tried, sets)
                if gained > reached:
                    best, reached, changed = tried, gained, True
            print(f"{name:14} {getattr(best, name):<6} nDCG@10 {reached:.4f}", flush=True)
    return best, reached


def _mean(weights: Weights, sets: Sequence[tuple[Shoppers, list[Case]]]) -> float:
    return sum(score(weights, *one)[1] for one in sets) / len(sets)


def _rank(weights: Weights, shoppers: Shoppers, case: Case) -> float:
    """Return the rank of the wanted product among all that were not bought yet, infinite when it has no evidence."""
    interest = present_interest(case.history, (), weights)
    asked = {i: w / shoppers.counts[i] ** weights.shared_count for i, w in interest.items()}
    found = gather(shoppers.neighbours(case.shopper, asked, NEIGHBOURS), interest, shoppers.counts, weights)
    best = max((e.sequence for e in found.values()), default=0.0) or 1.0
    alike = max((e.alike for e in found.values()), default=0.0) or 1.0
    owned = {i.product_id for i in case.history}
    scores = {
        i: e.sequence / best + weights.alike * e.alike / alike for i, e in found.items() if i not in owned
    }
    own = scores.get(case.wanted, 0.0)
    return math.inf if own <= 0 else 1 + sum(s > own for s in scores.values())


def main() -> None:
    """Fit and print the weights."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="Folder of amazon_s3rec.")
    parser.add_argument("--cases", type=int, default=500, help="Shoppers of each set.")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    files = sorted(options.data.glob("*_train.txt.gz"))
    sets = [read_set(file, options.cases, options.seed) for file in files]
    print("item-KNN, recency .7:", [tuple(round(v, 4) for v in score(START, *one)) for one in sets])
    best, reached = descend(sets, START)
    print("fitted:", [tuple(round(v, 4) for v in score(best, *one)) for one in sets], round(reached, 4))
    print({name: value for name, value in asdict(best).items() if name in GRID})


if __name__ == "__main__":
    main()
