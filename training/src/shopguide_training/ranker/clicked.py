"""Lists to train on out of a log of impressions."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from shopguide_training.ranker.clicks import Impression, click_gains, examination_exponent
from shopguide_training.ranker.fitting import GRADES
from shopguide_training.ranker.lists import RankedList


def read_impressions(path: Path) -> Iterator[Impression]:
    """Yield the impressions of a file of JSON lines with query, product_id, rank (from 1) and clicked.

    Raises ValueError naming the line that is wrong.
    """
    with path.open(encoding="utf-8") as file:
        for number, line in enumerate(file, start=1):
            try:
                raw = json.loads(line)
                one = Impression(
                    str(raw["query"]), str(raw["product_id"]), int(raw["rank"]), bool(raw["clicked"])
                )
            except (ValueError, KeyError, TypeError) as error:
                raise ValueError(f"{path.name} line {number}: {type(error).__name__} {error}") from error
            if one.rank < 1:
                raise ValueError(f"{path.name} line {number}: rank is {one.rank}, the first is 1")
            yield one


def clicked_lists(lists: Sequence[RankedList], impressions: Sequence[Impression]) -> list[RankedList]:
    """Return the lists with gains from clicks, attention taken out; products that were never shown are not judged."""
    gains = click_gains(impressions, examination_exponent(impressions))
    return [_clicked(one, gains[one.query]) for one in lists if any(gains.get(one.query, {}).values())]


def _clicked(one: RankedList, gains: Mapping[str, float]) -> RankedList:
    graded = {i: min(GRADES, key=lambda grade: abs(grade - gain)) for i, gain in gains.items()}
    return replace(
        one,
        source="clicks",
        gains=np.array([graded.get(i, float("nan")) for i in one.ids]),
        ideal=tuple(sorted(graded.values(), reverse=True)),
    )
