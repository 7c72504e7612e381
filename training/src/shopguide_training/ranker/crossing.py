"""How good a ranker is on queries, and on whole catalogues, that it has never seen."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from shopguide_retrieval.domain.ranker import LearnedModel
from shopguide_training.ranker.fitting import FitPlan, fit
from shopguide_training.ranker.lists import RankedList, ndcg

FOLDS = 5

Scores = dict[tuple[str, str], float]
"""nDCG@10 by source and query."""


@dataclass(frozen=True)
class Crossed:
    """The runs that are compared."""

    sparse: Scores
    """By BM25 alone, out of the same candidates."""
    untrained: Scores
    """By the untrained score."""
    unseen_queries: Scores
    """By models that were fitted without the query's fold; the mean over several ways to fold."""
    unseen_catalogues: Scores
    """By a model that was fitted without the query's whole set."""


def cross(
    lists: Sequence[RankedList], trained_on: Callable[[RankedList], bool], plan: FitPlan, repeats: int = 3
) -> Crossed:
    """Return all runs; only lists that pass `trained_on` are ever fitted to, all are judged."""
    return Crossed(
        _scores((one, one.sparse) for one in lists),
        _scores((one, one.base) for one in lists),
        _mean([_by_fold(lists, trained_on, plan, seed) for seed in range(repeats)]),
        _by_source(lists, trained_on, plan),
    )


def folds(lists: Sequence[RankedList], seed: int) -> dict[tuple[str, str], int]:
    """Return the fold of each query: drawn by lot, nearly the same number of queries in each."""
    queries = sorted({(one.source, one.query) for one in lists})
    drawn = np.random.default_rng(seed).permutation(len(queries))
    return {queries[q]: position % FOLDS for position, q in enumerate(drawn)}


def fold_models(
    lists: Sequence[RankedList], trained_on: Callable[[RankedList], bool], plan: FitPlan, seed: int = 0
) -> Iterator[tuple[int, LearnedModel]]:
    """Yield for each fold the model that was fitted without it."""
    fold_of = folds(lists, seed)
    for fold in range(FOLDS):
        rest = [one for one in lists if trained_on(one) and fold_of[one.source, one.query] != fold]
        yield fold, fit(rest, plan)


def _by_fold(
    lists: Sequence[RankedList], trained_on: Callable[[RankedList], bool], plan: FitPlan, seed: int
) -> Scores:
    fold_of = folds(lists, seed)
    found: Scores = {}
    for fold, model in fold_models(lists, trained_on, plan, seed):
        found |= _judge(model, [one for one in lists if fold_of[one.source, one.query] == fold])
    return found


def _by_source(
    lists: Sequence[RankedList], trained_on: Callable[[RankedList], bool], plan: FitPlan
) -> Scores:
    found: Scores = {}
    for source in sorted({one.source for one in lists}):
        rest = [one for one in lists if trained_on(one) and one.source != source]
        if rest:
            found |= _judge(fit(rest, plan), [one for one in lists if one.source == source])
    return found


def _judge(model: LearnedModel, lists: Sequence[RankedList]) -> Scores:
    return _scores((one, one.base + model.corrections(one.matrix)) for one in lists)


def _scores(scored: "Iterator[tuple[RankedList, np.ndarray[tuple[int], np.dtype[np.float64]]]]") -> Scores:
    return {(one.source, one.query): ndcg(one, scores) for one, scores in scored}


def _mean(runs: Sequence[Mapping[tuple[str, str], float]]) -> Scores:
    return {query: float(np.mean([run[query] for run in runs])) for query in runs[0]}
