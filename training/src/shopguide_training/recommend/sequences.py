"""Purchase sequences as shoppers, and the neighbours of one, found as the index finds them."""

import gzip
import random
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from shopguide_retrieval.ports_recommend import Neighbour, Step


@dataclass(frozen=True)
class Case:
    """A shopper's history, the newest first, and the product bought next."""

    shopper: int
    history: tuple[Step, ...]
    wanted: str


class Shoppers:
    """All shoppers of a set, and which of them have a product."""

    def __init__(self, sequences: Sequence[Sequence[str]]) -> None:
        """Take the products of each shopper, the oldest first."""
        self.trails = [_trail(s) for s in sequences]
        self.counts: Counter[str] = Counter(i for s in sequences for i in s)
        self._lengths = [max(1, len(s)) ** 0.5 for s in sequences]
        self._holders: defaultdict[str, list[int]] = defaultdict(list)
        for number, sequence in enumerate(sequences):
            for item in sequence:
                self._holders[item].append(number)

    def neighbours(self, shopper: int, items: Mapping[str, float], size: int) -> list[Neighbour]:
        """Return the `size` shoppers with the largest inner product of `items` and their normalised interests."""
        length = sum(w * w for w in items.values()) ** 0.5 or 1.0
        scores: defaultdict[int, float] = defaultdict(float)
        for item, weight in items.items():
            for other in self._holders[item]:
                scores[other] += weight / length / self._lengths[other]
        scores.pop(shopper, None)
        best = sorted(scores, key=lambda n: (-scores[n], n))[:size]
        return [Neighbour(str(n), self.trails[n], scores[n]) for n in best]


def read_set(file: Path, cases: int, seed: int) -> tuple[Shoppers, list[Case]]:
    """Return the shoppers without their last two purchases, and cases that want the last but one.

    The last purchase is what the evaluation asks for: it is read by nobody here.
    """
    with gzip.open(file, "rt") as lines:
        sequences = [line.split()[1:] for line in lines]
    shoppers = Shoppers([s[:-2] for s in sequences])
    drawn = random.Random(seed).sample(range(len(sequences)), min(cases, len(sequences)))
    return shoppers, [Case(n, shoppers.trails[n], sequences[n][-2]) for n in drawn if shoppers.trails[n]]


def _trail(sequence: Sequence[str]) -> tuple[Step, ...]:
    return tuple(
        Step(item, 1.0, float(day), (float(day),)) for day, item in sorted(enumerate(sequence), reverse=True)
    )
