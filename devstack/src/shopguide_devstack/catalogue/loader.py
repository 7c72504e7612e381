"""Loads the demo catalogue that is shipped with the package."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from shopguide_devstack.catalogue import model
from shopguide_devstack.catalogue.model import LANGUAGE_CODES, Language
from shopguide_devstack.catalogue.writing import read_compressed, read_lines

Row = dict[str, Any]


@dataclass(frozen=True)
class Catalogue:
    """The demo catalogue in a folder; every method reads its file anew and yields records lazily.

    `language` narrows to one language; None yields both.
    """

    folder: Traversable
    """Where the data files lie."""

    def products(self, language: Language | None = None) -> Iterator[model.Product]:
        """Yield the products."""
        return (_product(row) for row in self._rows("products", language))

    def reviews(self, language: Language | None = None) -> Iterator[model.Review]:
        """Yield the reviews, those of a product together."""
        return (model.Review(**row) for row in self._rows("reviews", language))

    def faq(self, language: Language | None = None) -> Iterator[model.FaqEntry]:
        """Yield the help entries."""
        rows = self._rows("faq", language)
        return (model.FaqEntry(**{**row, "phrasings": tuple(row["phrasings"])}) for row in rows)

    def events(self) -> Iterator[model.Event]:
        """Yield what shoppers did, oldest first."""
        return (_event(row) for row in self._rows("events", None))

    def categories(self) -> Iterator[model.Category]:
        """Yield the nodes of the category tree, parents before children."""
        return (_category(row) for row in self._rows("categories", None))

    def attributes(self) -> Iterator[model.AttributeSpec]:
        """Yield the attribute specifications."""
        return (_attribute(row) for row in self._rows("attributes", None))

    def queries(self, language: Language | None = None) -> Iterator[model.JudgedQuery]:
        """Yield the judged queries, for evaluation only."""
        return (_query(row) for row in self._rows("queries", language))

    def truth(self) -> Row:
        """Return what was planted (taste groups, complements, aspects), for evaluation only."""
        planted: Row = json.loads(read_compressed(self.folder / "truth.json.gz"))
        return planted

    def _rows(self, name: str, language: Language | None) -> Iterator[Row]:
        rows = read_lines(self.folder / f"{name}.jsonl.gz")
        if language is None:
            return rows
        return (row for row in rows if row["language_code"] == LANGUAGE_CODES[language])


def load_catalogue(folder: Traversable | None = None) -> Catalogue:
    """Return the shipped catalogue, or the one that was generated into `folder`."""
    return Catalogue(folder or files("shopguide_devstack.catalogue") / "data")


def _product(row: Row) -> model.Product:
    return model.Product(
        **{
            **row,
            "category_path": tuple(row["category_path"]),
            "price": model.Money(**row["price"]),
            "original_price": model.Money(**row["original_price"]),
            "attributes": {key: _values(value) for key, value in row["attributes"].items()},
            "rating": model.Rating(**row["rating"]) if "rating" in row else None,
        }
    )


def _values(row: Row) -> model.AttributeValues:
    numbers = tuple(float(number) for number in row.get("numbers", ()))
    return model.AttributeValues(tuple(row.get("texts", ())), numbers, row.get("unit", ""))


def _event(row: Row) -> model.Event:
    return model.Event(**{**row, "lines": tuple(_line(line) for line in row["lines"])})


def _line(row: Row) -> model.EventLine:
    paid = model.Money(**row["unit_price"]) if "unit_price" in row else None
    return model.EventLine(row["product_id"], row["quantity"], paid)


def _category(row: Row) -> model.Category:
    return model.Category(row["id"], row.get("parent", ""), _tuples(row["labels"]))


def _attribute(row: Row) -> model.AttributeSpec:
    names = ("labels", "unit_labels", "value_aliases")
    return model.AttributeSpec(**{**row, **{name: _tuples(row.get(name, {})) for name in names}})


def _tuples(table: dict[str, list[str]]) -> dict[str, tuple[str, ...]]:
    return {key: tuple(values) for key, values in table.items()}


def _query(row: Row) -> model.JudgedQuery:
    conditions = tuple(row.get("conditions", ()))
    return model.JudgedQuery(**{"twin": "", **row, "conditions": conditions})
