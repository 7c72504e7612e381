import pytest
from packaging.requirements import Requirement

from pin_constraints import NotInstalledError, closure, direct_requirements, render


def test_closure_follows_requirements_of_requirements():
    """What a package needs is pinned with it, in the form constraints.txt uses."""
    pinned = closure([Requirement("pytest")])
    assert {"pytest", "pluggy", "iniconfig"} <= set(pinned)
    assert f"pytest=={pinned['pytest']}\n" in render(pinned)


def test_closure_follows_extras_only_when_asked():
    """An extra's requirements are pinned when the extra is named, and not otherwise."""
    assert "aiohttp" not in closure([Requirement("tritonclient")])
    assert "aiohttp" in closure([Requirement("tritonclient[http]")])


def test_closure_leaves_out_local_version_labels():
    """A build label such as `+cpu` is not pinned: another machine installs another build."""
    assert "+" not in closure([Requirement("torch")])["torch"]


def test_package_that_is_not_installed_is_named():
    """A requirement without an installed package is an error that names it."""
    with pytest.raises(NotInstalledError, match="no-such-package"):
        closure([Requirement("no-such-package")])


def test_direct_requirements_hold_extras_and_leave_out_our_own_parts(tmp_path):
    """Requirements of extras count, those on the other parts of the repository do not."""
    (tmp_path / "requirements-dev.txt").write_text("# tools\npytest  # tests\n-e ./runtime\n")
    (tmp_path / "runtime").mkdir()
    (tmp_path / "runtime" / "pyproject.toml").write_text(
        '[project]\nname = "shopguide-runtime"\ndependencies = ["grpcio>=1", "shopguide-protos"]\n'
        '[project.optional-dependencies]\ntriton = ["numpy<2"]\n',
    )
    assert {item.name for item in direct_requirements(tmp_path)} == {"grpcio", "numpy", "pytest"}
