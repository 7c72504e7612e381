"""The public judgments as queries with the worth of products (see the README of each set)."""

import csv
import gzip
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

Row = dict[str, str]
_ESCI = {"E": 1.0, "S": 0.1, "C": 0.01, "I": 0.0}


@dataclass(frozen=True)
class JudgedSet:
    """A set of judged queries over one catalogue."""

    name: str
    catalog: str
    """Catalogue that holds its products, as `benchmarks/retrieval_quality.py --judged-only` indexes them."""
    gain: Callable[[Row], float]
    pooled: bool = False
    """Whether only judged products are ranked: the rest of the catalogue is unknown rather than worthless."""
    trained_on: bool = True
    """Whether what is shipped may be made from it; its licence may allow evaluation only."""

    def judgments(self, data: Path) -> dict[str, Mapping[str, float]]:
        """Return the gain in [0, 1] of each judged product by query; queries without a good product are left out."""
        found: dict[str, dict[str, float]] = defaultdict(dict)
        path = data / self.name / "qrels_dev.csv.gz"
        with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                found[row["query"]][row["product_id"]] = self.gain(row)
        return {query: gains for query, gains in found.items() if any(gains.values())}


SETS = (
    JudgedSet("esci150", "esci150", lambda row: _ESCI[row["label"]]),
    JudgedSet("icecat_chorus", "icecat-chorus-judged", lambda row: float(row["rating"]) / 3, pooled=True),
    JudgedSet("zh_multicpr_mini", "zh-multicpr-mini", lambda _: 1.0, trained_on=False),
)
