"""The node's data directory."""

import json

import pytest

from shopguide_devstack.qdrant.errors import StartupError
from shopguide_devstack.qdrant.storage import CollectionEntry, DataDirectory, Manifest

MANIFEST = Manifest(
    {"商品": CollectionEntry("f1", "2026-01-01T00:00:00+00:00", {"a": 1}, {"brand": {}})}, {"shop": "商品"}
)


@pytest.fixture
def directory(tmp_path):
    """An open, empty directory."""
    opened = DataDirectory.open(tmp_path / "data")
    yield opened
    opened.close()


def test_a_manifest_is_read_as_it_was_written(directory):
    """Names in any script, configurations, indexes and aliases come back."""
    directory.write(MANIFEST)
    assert directory.read() == MANIFEST


def test_a_new_directory_is_empty(directory):
    """Without a manifest there are no collections."""
    assert directory.read() == Manifest()


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "[]",
        '{"version": 99}',
        '{"version": 1, "collections": {"a": {}}, "aliases": {}}',
        '{"version": 1}',
    ],
)
def test_a_damaged_manifest_is_an_error_that_names_the_file(directory, tmp_path, text):
    """Text that is no manifest, or one of another version, is never taken for an empty one."""
    path = tmp_path / "data" / "manifest.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(StartupError, match=str(path)):
        directory.read()


def test_an_unfinished_manifest_does_not_count(directory, tmp_path):
    """What a crash leaves of a manifest being written has no effect."""
    directory.write(MANIFEST)
    (tmp_path / "data" / "manifest.json.tmp").write_text(json.dumps({"version": 1})[:5], encoding="utf-8")
    assert directory.read() == MANIFEST


def test_only_folders_of_collections_are_kept(directory):
    """Folders the manifest does not name are removed."""
    kept, left = directory.new_folder(), directory.new_folder()
    directory.remove_leftovers(Manifest({"a": CollectionEntry(kept, "", {})}))
    assert directory.folder(kept).exists()
    assert not directory.folder(left).exists()


def test_a_directory_is_locked_until_it_is_closed(tmp_path):
    """A second opening fails while the first is open."""
    first = DataDirectory.open(tmp_path)
    with pytest.raises(StartupError, match="in use by another node"):
        DataDirectory.open(tmp_path)
    first.close()
    DataDirectory.open(tmp_path).close()


def test_a_directory_that_cannot_be_made_is_named(tmp_path):
    """A path that is a file is an error with the path in it."""
    path = tmp_path / "file"
    path.write_text("", encoding="utf-8")
    with pytest.raises(StartupError, match=str(path)):
        DataDirectory.open(path)
