"""Reads CSV files, gzipped or not."""

import csv
import gzip
from collections.abc import Iterator
from pathlib import Path


def read_csv(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield every row by column, with its line counted from 2 as the header is line 1 (rows of one line each)."""
    open_text = gzip.open if path.suffix == ".gz" else open
    with open_text(path, "rt", encoding="utf-8-sig", newline="") as stream:
        yield from enumerate(csv.DictReader(stream), 2)
