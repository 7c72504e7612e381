"""Reads rows from JSON lines, CSV and Parquet files, gzipped or not."""

import csv
import gzip
import io
import json
import sys
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

_PARQUET_BATCH = 1000


class UnreadableFileError(Exception):
    """The file as a whole cannot be read; the message says why."""


@dataclass(frozen=True)
class Row:
    """One row: where it stands, and its values, or what is wrong with it."""

    line: int
    """Line in the file, from 1 (of the first line of a CSV row that spans several); row number for Parquet."""
    values: dict[str, Any]
    """Values by column."""
    error: str = ""
    """Why the row cannot be read; empty when it can."""


def read_rows(path: Path) -> Iterator[Row]:
    """Yield the rows of a `.jsonl`, `.csv`, `.tsv` or `.parquet` file, the first three with `.gz` or without.

    Raises UnreadableFileError for a missing file, an unknown ending, or a broken container.
    """
    if not path.is_file():
        raise UnreadableFileError(f"there is no file {path}")
    suffixes = [s.lower() for s in path.suffixes]
    kind = next((s for s in reversed(suffixes) if s != ".gz"), "")
    match kind:
        case ".jsonl" | ".ndjson":
            return _guard(path, _json_rows)
        case ".csv":
            return _guard(path, lambda stream: _csv_rows(stream, ","))
        case ".tsv":
            return _guard(path, lambda stream: _csv_rows(stream, "\t"))
        case ".parquet":
            return _parquet_rows(path)
    raise UnreadableFileError(
        f"{path.name}: the ending must be .jsonl, .csv, .tsv or .parquet, or one of them with .gz"
    )


def _guard(path: Path, read: Callable[[TextIO], Iterator[Row]]) -> Iterator[Row]:
    try:
        with _open(path) as stream:
            yield from read(stream)
    except (OSError, EOFError, zlib.error, csv.Error) as error:
        raise UnreadableFileError(f"{path.name}: {error}") from error


def _open(path: Path) -> TextIO:
    # Bytes that are no UTF-8 become lone surrogates: the row they stand in is refused, the others are not.
    if path.suffix.lower() == ".gz":
        return io.TextIOWrapper(gzip.open(path, "rb"), "utf-8-sig", errors="surrogateescape", newline="")
    return path.open(encoding="utf-8-sig", errors="surrogateescape", newline="")


def _is_damaged(text: str) -> bool:
    return not text.isascii() and any("\ud800" <= c <= "\udfff" for c in text)


def _json_rows(stream: TextIO) -> Iterator[Row]:
    for number, line in enumerate(stream, 1):
        if line.strip():
            yield _json_row(number, line)


def _json_row(number: int, line: str) -> Row:
    if _is_damaged(line):
        return Row(number, {}, "is not valid UTF-8")
    try:
        values = json.loads(line)
    except (ValueError, RecursionError) as error:
        return Row(number, {}, f"is not JSON: {error}")
    if not isinstance(values, dict):
        return Row(number, {}, "is not a JSON object")
    return Row(number, values)


def _csv_rows(stream: TextIO, delimiter: str) -> Iterator[Row]:
    csv.field_size_limit(sys.maxsize)
    reader = csv.reader(stream, delimiter=delimiter, strict=True)
    header = next(reader, None)
    if not header:
        raise UnreadableFileError("the file has no header line")
    line = reader.line_num + 1
    for cells in reader:
        if cells:
            yield _csv_row(line, header, cells)
        line = reader.line_num + 1


def _csv_row(line: int, header: list[str], cells: list[str]) -> Row:
    if len(cells) != len(header):
        return Row(line, {}, f"has {len(cells)} columns, the header has {len(header)}")
    if any(map(_is_damaged, cells)):
        return Row(line, {}, "is not valid UTF-8")
    return Row(line, dict(zip(header, cells, strict=True)))


def _parquet_rows(path: Path) -> Iterator[Row]:
    try:
        from pyarrow import ArrowException, parquet
    except ImportError as error:
        raise UnreadableFileError(
            f"{path.name}: reading Parquet needs a pyarrow that can be imported ({error}); "
            "install shopguide-client[parquet] in an environment of its own, or export the file as CSV or JSON lines"
        ) from error
    number = 0
    try:
        for batch in parquet.ParquetFile(path).iter_batches(_PARQUET_BATCH):
            for values in batch.to_pylist():
                number += 1
                yield Row(number, values)
    except (ArrowException, OSError) as error:
        raise UnreadableFileError(f"{path.name}: {error}") from error
