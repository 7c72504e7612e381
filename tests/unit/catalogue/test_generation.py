"""The shipped files are what the generator makes."""

from pathlib import Path

import pytest

from shopguide_devstack.catalogue.__main__ import main
from shopguide_devstack.catalogue.generate import catalogue_texts, write_catalogue
from shopguide_devstack.catalogue.loader import Catalogue, load_catalogue
from shopguide_devstack.catalogue.writing import read_compressed, write_compressed


def test_shipped_files_equal_a_regeneration(catalogue: Catalogue) -> None:
    """Every shipped file has exactly the content that the generator makes with its default seed."""
    fresh = catalogue_texts()
    shipped = {
        file.name: read_compressed(file) for file in catalogue.folder.iterdir() if file.name.endswith(".gz")
    }
    assert shipped.keys() == fresh.keys()
    assert [name for name in fresh if fresh[name] != shipped[name]] == []


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the catalogue of another seed."""
    folder = tmp_path_factory.mktemp("other")
    write_catalogue(folder, seed=7)
    return folder


def test_command_writes_the_same_bytes_for_the_same_seed(
    other: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The command line makes the folder and writes every file, byte for byte as another run did."""
    monkeypatch.setattr("sys.argv", ["catalogue", "--out", str(tmp_path / "new"), "--seed", "7"])
    assert main() == 0
    written = {path.name: path.read_bytes() for path in (tmp_path / "new").iterdir()}
    assert written == {path.name: path.read_bytes() for path in other.iterdir()}


def test_another_seed_invents_other_products_but_keeps_the_fixed_ones(
    other: Path, catalogue: Catalogue
) -> None:
    """Another seed changes most titles; the products that well-known conversations need stay."""
    mine = {product.title for product in catalogue.products("zh")}
    others = {product.title for product in load_catalogue(other).products("zh")}
    assert len(mine & others) < 0.1 * len(mine)
    assert any(title.startswith("声谷 Q7 头戴式主动降噪") for title in mine & others)


def test_compressed_bytes_do_not_depend_on_name_or_time(tmp_path: Path) -> None:
    """The header of a compressed file holds neither its name nor the time of writing."""
    write_compressed(tmp_path / "one.gz", "same")
    write_compressed(tmp_path / "two.gz", "same")
    assert (tmp_path / "one.gz").read_bytes() == (tmp_path / "two.gz").read_bytes()
    assert (tmp_path / "one.gz").read_bytes()[3:8] == bytes(5)
