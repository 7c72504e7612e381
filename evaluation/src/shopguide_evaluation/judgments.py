"""Reads judgments: queries, the products judged for them, and what each is worth."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from shopguide_evaluation.files import read_csv

GainScheme = Literal["esci", "linear", "binary"]

_ESCI = {"E": 1.0, "S": 0.1, "C": 0.01, "I": 0.0}


class JudgmentError(ValueError):
    """The file of judgments is wrong; the message names the line."""


@dataclass
class JudgedQuery:
    """A query and the gain of each product judged for it."""

    id: str
    """Id of the query; its text when the file has none."""
    text: str
    """What was searched for."""
    gains: dict[str, float] = field(default_factory=dict)
    """Gain by product id."""


def _esci(label: str) -> float:
    return _ESCI[label.strip().upper()]


def _linear(label: str) -> float:
    return float(label)


def _binary(label: str) -> float:
    return float(float(label) > 0)


_SCHEMES: Mapping[str, Callable[[str], float]] = {"esci": _esci, "linear": _linear, "binary": _binary}


def read_judgments(path: Path, scheme: GainScheme) -> list[JudgedQuery]:
    """Return the queries of a CSV file (`.gz` or not) with columns query, product_id, label or rating, maybe query_id.

    esci: E/S/C/I are worth 1/0.1/0.01/0, the official gains; linear: the number itself; binary: 1 when above 0.
    Raises JudgmentError for a missing column, a short row, or a label that the scheme does not know.
    """
    queries: dict[str, JudgedQuery] = {}
    for line, row in read_csv(path):
        try:
            text, product, gain = _judgment(row, scheme)
        except (KeyError, ValueError) as error:
            raise JudgmentError(f"{path.name} line {line}: {type(error).__name__} {error}") from error
        key = row.get("query_id", text)
        queries.setdefault(key, JudgedQuery(key, text)).gains[product] = gain
    return list(queries.values())


def _judgment(row: Mapping[str, str | None], scheme: GainScheme) -> tuple[str, str, float]:
    text, product = row["query"], row["product_id"]
    label = row["label"] if "label" in row else row["rating"]
    if text is None or product is None or label is None:
        raise ValueError("has fewer columns than the header")
    return text, product, _SCHEMES[scheme](label)
