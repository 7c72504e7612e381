import ast
import re
import statistics
from collections.abc import Iterator
from pathlib import Path

import pytest

_GENERATED = re.compile(r"_pb2(_grpc)?\.pyi?$|^docs/api\.md$|^LICENSE$|^constraints\.txt$")
_TEXT = {".py", ".pyi", ".md", ".sh", ".yaml", ".toml", ".proto"}
_LINK = re.compile(r"\[[^\]]*\]\(([^)#\s]+)(?:#[^)]*)?\)")


@pytest.fixture(scope="module")
def written(tracked, repository):
    """Return the text files that people write, generated ones left out."""
    return [
        path
        for path in tracked
        if path.suffix in _TEXT and not _GENERATED.search(str(path.relative_to(repository)))
    ]


@pytest.fixture(scope="module")
def functions(written, repository):
    """Return (place, lines of the body without docstring) of every Python function."""
    sources = [path for path in written if path.suffix == ".py"]
    return [
        (f"{path.relative_to(repository)}:{node.lineno} {node.name}", body_lines(node))
        for path in sources
        for node in function_nodes(path)
    ]


def function_nodes(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Yield every function in a file, nested ones included."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def body_lines(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Return how many lines a function's body takes without its docstring."""
    body = node.body[1:] if ast.get_docstring(node) else node.body
    return (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0


def test_files_are_short(written, repository):
    """No written file has more than 600 lines; a contract, a service in one file with all its words, 1,000."""
    lengths = {
        str(path.relative_to(repository)): path.read_text(encoding="utf-8").count("\n") for path in written
    }
    assert {
        name: lines for name, lines in lengths.items() if lines > (1000 if name.endswith(".proto") else 600)
    } == {}


def test_functions_are_short(functions):
    """No function has more than 60 lines, nine in ten at most 30, half of them at most 8."""
    assert [f"{place}: {lines}" for place, lines in functions if lines > 60] == []
    lengths = [lines for _, lines in functions]
    assert statistics.median(lengths) <= 8
    assert statistics.quantiles(lengths, n=10)[8] <= 30


def test_every_test_says_what_must_hold(written, repository):
    """Each test has a docstring."""
    silent = [
        f"{path.relative_to(repository)}:{node.lineno} {node.name}"
        for path in written
        if path.name.startswith("test_")
        for node in function_nodes(path)
        if node.name.startswith("test_") and not ast.get_docstring(node)
    ]
    assert silent == []


def test_files_are_small(tracked, repository):
    """Nothing under version control is larger than 5 MiB: weights and data are fetched or made."""
    assert [str(path.relative_to(repository)) for path in tracked if path.stat().st_size > 5 << 20] == []


def test_links_between_documents_lead_somewhere(written, repository):
    """Every relative link in a Markdown file names a file that exists."""
    broken = [
        f"{path.relative_to(repository)}: {target}"
        for path in written
        if path.suffix == ".md"
        for target in _LINK.findall(path.read_text(encoding="utf-8"))
        if ":" not in target and not (path.parent / target).exists()
    ]
    assert broken == []
