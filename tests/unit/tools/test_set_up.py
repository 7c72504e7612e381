import sys

import pytest

import set_up

INPUTS = ("constraints.txt", "requirements.txt", "requirements-dev.txt", "runtime/pyproject.toml")


@pytest.fixture
def repository(tmp_path):
    """Return a folder with the files that decide what gets installed."""
    for name in INPUTS:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("before")
    return tmp_path


@pytest.fixture
def own_environment(tmp_path, monkeypatch):
    """Point the program's paths at a scratch folder whose `.venv` runs this interpreter."""
    environment = tmp_path / ".venv"
    (environment / "bin").mkdir(parents=True)
    (environment / "bin" / "python").symlink_to(sys.executable)
    (tmp_path / "constraints.txt").write_text("")
    monkeypatch.setattr(set_up, "REPOSITORY", tmp_path)
    monkeypatch.setattr(set_up, "ENVIRONMENT", environment)
    monkeypatch.setattr(set_up, "LOG", environment / "setup.log")
    monkeypatch.setattr(set_up, "STAMP", environment / "setup.stamp")
    return environment


@pytest.mark.parametrize("changed", INPUTS)
def test_digest_follows_every_input(repository, changed):
    """Changing a file that decides what gets installed changes the digest; rewriting the same does not."""
    before = set_up.digest(repository)
    (repository / changed).write_text("before")
    assert set_up.digest(repository) == before
    (repository / changed).write_text("after")
    assert set_up.digest(repository) != before


def test_digest_follows_a_new_part(repository):
    """A distribution that was not there before changes the digest."""
    before = set_up.digest(repository)
    (repository / "client").mkdir()
    (repository / "client" / "pyproject.toml").write_text("before")
    assert set_up.digest(repository) != before


def test_nothing_is_done_when_nothing_changed(own_environment, monkeypatch):
    """With a stamp that matches the inputs, no command is run."""
    monkeypatch.setattr(set_up, "digest", lambda _root: "same")
    monkeypatch.setattr("set_up.subprocess.run", lambda *_, **__: pytest.fail("a command was run"))
    monkeypatch.setattr("set_up.subprocess.Popen", lambda *_, **__: pytest.fail("a command was run"))
    (own_environment / "setup.stamp").write_text("same")
    set_up.prepare(force=False)


def test_missing_venv_module_names_the_command(monkeypatch):
    """An ordinary user without python3.11-venv is told the exact command."""
    monkeypatch.setattr("set_up.os.geteuid", lambda: 1000)
    with pytest.raises(set_up.SetUpError, match=r"sudo apt-get install .* python3\.11-venv libpython3\.11"):
        set_up.install_system_packages(["python3.11-venv", "libpython3.11"])


def test_missing_libpython_only_warns(monkeypatch, capsys):
    """Without libpython the set-up goes on and says what will not work."""
    monkeypatch.setattr("set_up.os.geteuid", lambda: 1000)
    set_up.install_system_packages(["libpython3.11"])
    assert "warning: missing system packages; run: sudo apt-get" in capsys.readouterr().out


def test_failed_installation_shows_pips_last_lines(own_environment):
    """When pip fails, the error carries what pip said and the whole output is in the log."""
    with pytest.raises(set_up.SetUpError, match="--no-such-option"):
        set_up.pip_install("packages", ["--no-such-option"])
    assert "--no-such-option" in (own_environment / "setup.log").read_text()


def test_other_python_versions_are_refused(own_environment, monkeypatch):
    """A Python other than 3.11 is refused with the way to name another."""
    monkeypatch.setattr(set_up, "SUPPORTED", (3, 99))
    with pytest.raises(set_up.SetUpError, match="make PYTHON="):
        set_up.prepare(force=False)
