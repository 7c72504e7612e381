"""The command line and environment with which Triton is started."""

import os
import sys
from pathlib import Path

import pytest

from shopguide_devstack.triton import launcher
from shopguide_devstack.triton.launcher import LaunchError, TritonSettings
from shopguide_devstack.triton.shared_memory import remove_segments


@pytest.fixture
def settings(tmp_path: Path) -> TritonSettings:
    """A server on three ports with one model."""
    return TritonSettings(Path("repository"), Path("models"), tmp_path, 1, 2, 3, ("text_encoder",))


@pytest.fixture
def wheel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder shaped like the wheel's."""
    root = tmp_path / "wheel"
    (root / "backends" / "python").mkdir(parents=True)
    (root / "python_backend_stubs" / launcher.PYTHON).mkdir(parents=True)
    (root / "python_backend_stubs" / launcher.PYTHON / "triton_python_backend_stub").touch()
    monkeypatch.setattr(launcher, "_wheel_root", lambda: root)
    return root


@pytest.mark.usefixtures("wheel")
def test_the_server_listens_here_only_and_loads_what_was_named(settings: TritonSettings) -> None:
    """Loopback addresses, explicit model control and its own shared memory prefix."""
    arguments = launcher.command(settings)
    for kind in ("http", "grpc", "metrics"):
        assert f"--{kind}-address=127.0.0.1" in arguments
    assert "--model-control-mode=explicit" in arguments
    assert [argument for argument in arguments if "load-model" in argument] == ["--load-model=text_encoder"]
    assert "--backend-config=python,shm-region-prefix-name=shopguide_triton_2_" in arguments


def test_the_backend_folder_holds_links_and_can_be_made_again(wheel: Path, tmp_path: Path) -> None:
    """Three links into the wheel; a second start finds them right."""
    for _ in range(2):
        folder = launcher.link_backend(wheel, tmp_path / "run") / "python"
    assert sorted(link.name for link in folder.iterdir()) == [
        "libtriton_python.so",
        "triton_python_backend_stub",
        "triton_python_backend_utils.py",
    ]
    assert all(link.is_symlink() for link in folder.iterdir())


def test_this_interpreter_comes_first(settings: TritonSettings, monkeypatch: pytest.MonkeyPatch) -> None:
    """The backend finds its packages through PATH, the models their weights through SHOPGUIDE_MODELS."""
    monkeypatch.setenv("PYTHONHOME", "/elsewhere")
    env = launcher.environment(settings)
    assert env["PATH"].split(os.pathsep)[0] == str(Path(sys.executable).parent)
    assert env["SHOPGUIDE_MODELS"] == str(Path("models").absolute())
    assert "PYTHONHOME" not in env


def test_numpy_2_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """With NumPy 2 the backend loads and corrupts tensors, so the launcher does not start it."""
    monkeypatch.setattr("importlib.metadata.version", lambda _: "2.1.0")
    with pytest.raises(LaunchError, match="numpy 2"):
        launcher.check_environment()


def test_a_missing_libpython_names_the_package(monkeypatch: pytest.MonkeyPatch) -> None:
    """The message is the command that helps."""
    monkeypatch.setattr(launcher, "LIBPYTHON", "libpython9.99.so.1.0")
    with pytest.raises(LaunchError, match=f"apt-get install -y libpython{launcher.PYTHON}"):
        launcher.check_environment()


def test_only_own_segments_are_removed(tmp_path: Path) -> None:
    """Another server's shared memory is left alone, and an empty prefix is refused."""
    for name in ("shopguide_triton_2_a", "shopguide_triton_2_b", "shopguide_triton_21_a", "other"):
        (tmp_path / name).touch()
    assert remove_segments("shopguide_triton_2_", tmp_path) == [
        "shopguide_triton_2_a",
        "shopguide_triton_2_b",
    ]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["other", "shopguide_triton_21_a"]
    with pytest.raises(ValueError, match="prefix"):
        remove_segments("", tmp_path)
