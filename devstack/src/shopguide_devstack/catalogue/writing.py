"""Writes and reads the data files: JSON lines, compressed so that equal content gives equal bytes."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Iterator, Mapping
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

EMPTY: tuple[Any, ...] = (None, "", (), {}, [])


def compact(value: object) -> object:
    """Turn a record into plain JSON values without its empty fields, whole numbers as integers."""
    if isinstance(value, Mapping):
        return {key: compact(v) for key, v in value.items() if v not in EMPTY}
    if isinstance(value, (list, tuple)):
        return [compact(v) for v in value]
    if isinstance(value, float) and value == int(value):
        return int(value)
    return value


def json_line(record: object) -> str:
    """Write a record on one line."""
    return json.dumps(record, ensure_ascii=False, separators=(",", ":"))


def write_compressed(path: Path, text: str) -> None:
    """Write text so that the bytes depend on nothing but the text: no name and no time of writing."""
    with path.open("wb") as raw, gzip.GzipFile("", "wb", compresslevel=9, fileobj=raw, mtime=0) as out:
        out.write(text.encode())


def read_compressed(path: Traversable) -> str:
    """Read a file that `write_compressed` wrote."""
    return gzip.decompress(path.read_bytes()).decode()


def json_lines(records: Iterable[object]) -> str:
    """Write records one per line."""
    return "".join(f"{json_line(compact(record))}\n" for record in records)


def read_lines(path: Traversable) -> Iterator[dict[str, Any]]:
    """Yield the records of a compressed file of JSON lines."""
    return (json.loads(line) for line in read_compressed(path).splitlines())
