import gzip
import json
import sys
from typing import Any

import pytest

from shopguide_client.importing.rows import Row, UnreadableFileError, read_rows


@pytest.fixture
def write(tmp_path):
    """Return a function that writes bytes into a file and gives its path."""

    def write_bytes(name: str, content: bytes):
        path = tmp_path / name
        path.write_bytes(gzip.compress(content) if name.endswith(".gz") else content)
        return path

    return write_bytes


def read(path) -> list[tuple[int, dict[str, Any], str]]:
    """Return rows as tuples."""
    return [(row.line, row.values, row.error) for row in read_rows(path)]


@pytest.mark.parametrize("name", ["p.jsonl", "p.JSONL", "p.ndjson", "p.v2.jsonl.gz"])
def test_json_lines(write, name):
    """Every line is a row; blank ones are skipped but counted; a byte order mark is not part of the first."""
    path = write(name, '\ufeff{"id": "甲"}\r\n\n{"id": 2}\n'.encode())
    assert read(path) == [(1, {"id": "甲"}, ""), (3, {"id": 2}, "")]


def test_bad_json_lines_do_not_stop_good_ones(write):
    """What is no JSON, no object, no UTF-8 or nested too deeply is refused by its line, the rest is read."""
    lines = [b'{"id": 1}', b'{"id": ', b"[1]", b'{"id": "\xff"}', b"[" * 100_000, b'{"id": 6}']
    rows = list(read_rows(write("p.jsonl", b"\n".join(lines))))
    assert [row.line for row in rows if not row.error] == [1, 6]
    assert [(row.line, row.error.split(":")[0]) for row in rows if row.error] == [
        (2, "is not JSON"),
        (3, "is not a JSON object"),
        (4, "is not valid UTF-8"),
        (5, "is not JSON"),
    ]


@pytest.mark.parametrize(
    ("name", "mark"), [("p.csv", ","), ("p.csv.gz", ","), ("p.tsv", "\t"), ("p.TSV.gz", "\t")]
)
def test_separated_values(write, name, mark):
    """The header names the values; a cell may hold separators, quotes and line breaks; lines are those of the file."""
    content = f'\ufeffid{mark}title\r\n1{mark}"a{mark} ""b""\r\nsecond line"\r\n\r\n2{mark}c\r\n'
    assert read(write(name, content.encode())) == [
        (2, {"id": "1", "title": f'a{mark} "b"\r\nsecond line'}, ""),
        (5, {"id": "2", "title": "c"}, ""),
    ]


def test_bad_csv_rows_do_not_stop_good_ones(write):
    """Too few columns, too many and bytes that are no UTF-8 are refused by their line."""
    rows = read(write("p.csv", b"id,title\n1\n2,b,c\n3,\xff\n4,d\n"))
    assert rows == [
        (2, {}, "has 1 columns, the header has 2"),
        (3, {}, "has 3 columns, the header has 2"),
        (4, {}, "is not valid UTF-8"),
        (5, {"id": "4", "title": "d"}, ""),
    ]


def test_a_long_cell_is_read(write):
    """A description of 200,000 characters is longer than the csv module's own limit."""
    (row,) = read_rows(write("p.csv", b"id,text\n1," + b"x" * 200_000 + b"\n"))
    assert len(row.values["text"]) == 200_000


def test_parquet(tmp_path):
    """Rows of a Parquet file keep their types and are numbered from 1."""
    # The stack's numpy is older than the newest pyarrow asks for; a client of its own has no such limit.
    arrow = pytest.importorskip("pyarrow", exc_type=ImportError)
    parquet = pytest.importorskip("pyarrow.parquet")
    path = tmp_path / "p.parquet"
    parquet.write_table(arrow.table({"id": ["a", "b"], "price": [1.5, None], "tags": [["x"], []]}), path)
    assert list(read_rows(path)) == [
        Row(1, {"id": "a", "price": 1.5, "tags": ["x"]}),
        Row(2, {"id": "b", "price": None, "tags": []}),
    ]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("p.xlsx", b"", "the ending must be"),
        ("p.gz", b"", "the ending must be"),
        ("p.csv", b"", "no header line"),
        ("p.csv", b'id,title\n1,"never closed\n2,b\n', "p.csv"),
        ("p.parquet", b"not parquet", "p.parquet"),
    ],
)
def test_files_that_cannot_be_read(write, name, content, message):
    """An unknown ending, a missing header, an open quote and a broken container are said to be so, with the file."""
    with pytest.raises(UnreadableFileError, match=message):
        list(read_rows(write(name, content)))


@pytest.mark.parametrize(
    "damage", [lambda b: b[: len(b) // 2], lambda b: b[:20] + b"\xff" * 20 + b[40:], lambda _: b"plain"]
)
def test_damaged_gzip(tmp_path, damage):
    """A gzip file that is cut off, overwritten or none at all is unreadable as a whole."""
    path = tmp_path / "p.jsonl.gz"
    content = "".join(json.dumps({"id": n, "text": str(n) * n}) + "\n" for n in range(200))
    path.write_bytes(damage(gzip.compress(content.encode())))
    with pytest.raises(UnreadableFileError, match=r"p\.jsonl\.gz"):
        list(read_rows(path))


def test_a_missing_file(tmp_path):
    """A missing file is noticed before anything is read."""
    with pytest.raises(UnreadableFileError, match="there is no file"):
        read_rows(tmp_path / "none.csv")


def test_parquet_without_pyarrow(write, monkeypatch):
    """A pyarrow that is missing or cannot be imported is said to be the reason, with what to do."""
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(UnreadableFileError, match="export the file as CSV or JSON lines"):
        list(read_rows(write("p.parquet", b"")))


def test_an_empty_file_of_json_lines_has_no_rows(write):
    """JSON lines need no header, so an empty file is an empty catalogue."""
    assert read(write("p.jsonl", b"")) == []
