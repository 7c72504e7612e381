"""Maps the columns of somebody else's file to products, as a small TOML file says.

language = "en"          # language_code of every row that names none
currency = "USD"
[fields]                 # product field = column, or a table
id = "product_id"
title = "name"
price = { column = "price_cents", scale = 0.01 }
category_path = { column = "category", separator = ">" }
description = { columns = ["bullets", "description"] }
[attributes]
columns = { color = "colour" }                        # attribute key = column
json = { column = "attributes", strip = ["attr_t_"] } # a JSON object in a column
boolean_prefixes = ["attr_b_"]                        # keys whose values are yes or no
"""

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from importlib import resources
from pathlib import Path
from typing import Any

from shopguide.type.v1 import catalog_pb2, product_pb2
from shopguide_client.importing.native import RowError, money

_TEXTS = ("id", "group_id", "title", "brand", "uri", "language_code")
_FIELDS = frozenset(
    {
        *_TEXTS,
        "description",
        "price",
        "original_price",
        "category_path",
        "image_uris",
        "rating",
        "rating_count",
    }
)
_MAX_ATTRIBUTES = 64
_MOST = Decimal(10) ** 15
_MAX_DESCRIPTION = 20_000
_MAX_VALUE = 500
_BAD_IN_KEY = re.compile(r"[^a-z0-9_]+")
_TRUE = frozenset({"1", "true", "yes", "y"})
_FALSE = frozenset({"0", "false", "no", "n"})


class MappingError(ValueError):
    """The mapping file is wrong; the message names the entry."""


@dataclass(frozen=True)
class Column:
    """Where a value comes from."""

    names: tuple[str, ...]
    """Columns; several texts are joined with a line break."""
    scale: Decimal = Decimal(1)
    """Factor from the column to the field, such as 0.01 for cents."""
    separator: str = ""
    """Splits one text into a list."""


@dataclass(frozen=True)
class ColumnMapping:
    """What a mapping file says."""

    fields: Mapping[str, Column]
    """Column of each product field."""
    language: str = ""
    """language_code of rows that name none."""
    currency: str = ""
    """Currency of prices."""
    attribute_columns: Mapping[str, str] = field(default_factory=dict)
    """Column of each attribute."""
    json_column: str = ""
    """Column that holds a JSON object of attributes."""
    strip: tuple[str, ...] = ()
    """Prefixes taken off the keys of that object."""
    boolean_prefixes: tuple[str, ...] = ()
    """Prefixes of keys whose values are yes or no."""


def load_mapping(name: str | Path) -> ColumnMapping:
    """Return a mapping by its path, or one that ships (`icecat`, `esci`, `titles`). Raises MappingError."""
    path = Path(name)
    shipped = resources.files("shopguide_client") / "mappings" / f"{name}.toml"
    try:
        text = path.read_text(encoding="utf-8") if path.is_file() else shipped.read_text(encoding="utf-8")
        return parse_mapping(tomllib.loads(text))
    except FileNotFoundError:
        raise MappingError(
            f"there is no mapping {name}; shipped are: {', '.join(shipped_mappings())}"
        ) from None
    except tomllib.TOMLDecodeError as error:
        raise MappingError(f"{name}: {error}") from error


def shipped_mappings() -> list[str]:
    """Return the names of the mappings that ship."""
    folder = resources.files("shopguide_client") / "mappings"
    return sorted(f.name.removesuffix(".toml") for f in folder.iterdir() if f.name.endswith(".toml"))


def parse_mapping(data: dict[str, Any]) -> ColumnMapping:
    """Return what parsed TOML says. Raises MappingError for unknown fields and missing id or title."""
    fields = {name: _column(name, entry) for name, entry in data.get("fields", {}).items()}
    unknown = sorted(fields.keys() - _FIELDS)
    if unknown:
        raise MappingError(f"fields: unknown {', '.join(unknown)}; known are {', '.join(sorted(_FIELDS))}")
    for name in ("id", "title"):
        if name not in fields:
            raise MappingError(f"fields: {name} is missing")
    attributes = data.get("attributes", {})
    packed = attributes.get("json", {})
    return ColumnMapping(
        fields,
        data.get("language", ""),
        data.get("currency", ""),
        attributes.get("columns", {}),
        packed.get("column", ""),
        tuple(packed.get("strip", ())),
        tuple(attributes.get("boolean_prefixes", ())),
    )


def _column(name: str, entry: object) -> Column:
    if isinstance(entry, str):
        return Column((entry,))
    if not isinstance(entry, dict) or not ({"column", "columns"} & entry.keys()):
        raise MappingError(f"fields.{name}: must be a column, or a table with `column` or `columns`")
    names = tuple(entry.get("columns", ())) or (entry["column"],)
    return Column(names, Decimal(str(entry.get("scale", 1))), entry.get("separator", ""))


class RowMapper:
    """Makes products of rows; remembers which attributes are yes-or-no ones, for the catalogue's specs."""

    def __init__(self, mapping: ColumnMapping) -> None:
        """Take a mapping."""
        self._mapping = mapping
        self._boolean_keys: set[str] = set()

    def specs(self) -> list[catalog_pb2.AttributeSpec]:
        """Return specs of what the rows themselves cannot tell: that 1 and 0 mean yes and no."""
        kind = catalog_pb2.AttributeSpec.KIND_BOOLEAN
        return [catalog_pb2.AttributeSpec(key=key, kind=kind) for key in sorted(self._boolean_keys)]

    def product(self, values: dict[str, Any]) -> product_pb2.Product:
        """Return a product. Raises RowError naming the column."""
        message = product_pb2.Product(language_code=self._mapping.language)
        for name in _TEXTS:
            text = self._text(values, name)
            if text:
                setattr(message, name, text)
        for name in ("id", "title"):
            if not getattr(message, name):
                raise RowError(f"{self._mapping.fields[name].names[0]}: is empty")
        message.description = self._text(values, "description")[:_MAX_DESCRIPTION]
        message.category_path.extend(self._list(values, "category_path"))
        message.image_uris.extend(self._list(values, "image_uris"))
        self._numbers(values, message)
        for key, cell in self._attributes(values):
            if len(message.attributes) < _MAX_ATTRIBUTES:
                message.attributes[key].CopyFrom(cell)
        return message

    def _text(self, values: dict[str, Any], name: str) -> str:
        column = self._mapping.fields.get(name)
        if column is None:
            return ""
        return "\n".join(str(values[c]).strip() for c in column.names if not _is_empty(values.get(c)))

    def _list(self, values: dict[str, Any], name: str) -> list[str]:
        column = self._mapping.fields.get(name)
        text = self._text(values, name)
        if column is None or not text:
            return []
        parts = text.split(column.separator) if column.separator else [text]
        return [part.strip() for part in parts if part.strip()]

    def _numbers(self, values: dict[str, Any], message: product_pb2.Product) -> None:
        for name in ("price", "original_price"):
            amount = self._number(values, name)
            if amount:
                getattr(message, name).CopyFrom(money(amount, self._mapping.currency, name))
        average, count = self._number(values, "rating"), self._number(values, "rating_count")
        if average:
            message.rating.CopyFrom(product_pb2.Rating(average=float(average), count=int(count or 0)))

    def _number(self, values: dict[str, Any], name: str) -> Decimal | None:
        column = self._mapping.fields.get(name)
        if column is None or _is_empty(values.get(column.names[0])):
            return None
        raw = str(values[column.names[0]]).strip().replace(",", "")
        try:
            number = Decimal(raw) * column.scale
            if abs(number) < _MOST:
                return number
        except ArithmeticError:
            pass
        raise RowError(f"{column.names[0]}: {values[column.names[0]]!r} is not a number")

    def _attributes(self, values: dict[str, Any]) -> Iterator[tuple[str, product_pb2.AttributeValues]]:
        for key, column in self._mapping.attribute_columns.items():
            if not _is_empty(values.get(column)):
                yield key, product_pb2.AttributeValues(texts=[str(values[column]).strip()[:_MAX_VALUE]])
        for name, value in self._packed(values).items():
            key = self._key(name)
            cell = None if _is_empty(value) or not key else self._cell(name, key, value)
            if cell is not None:
                yield key, cell

    def _packed(self, values: dict[str, Any]) -> dict[str, Any]:
        raw = values.get(self._mapping.json_column)
        if _is_empty(raw):
            return {}
        try:
            packed = raw if isinstance(raw, dict) else json.loads(str(raw))
        except ValueError as error:
            raise RowError(f"{self._mapping.json_column}: is not JSON: {error}") from error
        if not isinstance(packed, dict):
            raise RowError(f"{self._mapping.json_column}: is not a JSON object")
        return packed

    def _key(self, name: str) -> str:
        for prefix in self._mapping.strip:
            name = name.removeprefix(prefix)
        return _BAD_IN_KEY.sub("_", name.lower()).lstrip("_0123456789")[:63].rstrip("_")

    def _cell(self, name: str, key: str, value: object) -> product_pb2.AttributeValues | None:
        if isinstance(value, bool) or name.startswith(self._mapping.boolean_prefixes or ("\0",)):
            return self._flag(key, value)
        cells = value if isinstance(value, list) else [value]
        cells = [c for c in cells if not _is_empty(c)]
        if not cells:
            return None
        numbers = [float(c) for c in cells if isinstance(c, (int, float))]
        if len(numbers) == len(cells):
            return product_pb2.AttributeValues(numbers=numbers)
        return product_pb2.AttributeValues(texts=[str(c).strip()[:_MAX_VALUE] for c in cells])

    def _flag(self, key: str, value: object) -> product_pb2.AttributeValues | None:
        word = str(value).strip().lower()
        if word not in _TRUE and word not in _FALSE:
            return None
        self._boolean_keys.add(key)
        return product_pb2.AttributeValues(numbers=[float(word in _TRUE)])


def _is_empty(value: object) -> bool:
    return value is None or (isinstance(value, str) and not value.strip()) or value != value  # noqa: PLR0124 - NaN
