import tomllib

import pytest
from packaging.utils import canonicalize_name

from pin_constraints import direct_requirements, distributions, file_requirements


@pytest.fixture(scope="module")
def projects(repository):
    """Return the parsed `pyproject.toml` of every part by its folder."""
    return {
        str(path.parent.relative_to(repository)): tomllib.loads(path.read_text(encoding="utf-8"))
        for path in distributions(repository)
    }


@pytest.mark.parametrize(("key", "value"), [("license", "Apache-2.0"), ("version", "0.1.0")])
def test_parts_agree(projects, key, value):
    """Every part states the same licence and version."""
    stated = {folder: project["project"].get(key) for folder, project in projects.items()}
    assert stated == dict.fromkeys(projects, value)


def test_parts_agree_on_python(projects):
    """Every part runs on Python 3.11 and newer; the local stack on 3.11 alone, as the Triton wheel does."""
    stated = {folder: project["project"]["requires-python"] for folder, project in projects.items()}
    assert stated == dict.fromkeys(projects, ">=3.11") | {"devstack": ">=3.11,<3.12"}


def test_parts_are_named_after_their_folder(projects):
    """The distribution of folder `services/intent` is `shopguide-intent`, and so on."""
    names = {folder: project["project"]["name"] for folder, project in projects.items()}
    assert names == {folder: f"shopguide-{folder.split('/')[-1]}" for folder in projects}


def test_parts_are_built_by_setuptools(projects):
    """Every part builds with setuptools, which `make setup` installs beforehand."""
    assert {project["build-system"]["build-backend"] for project in projects.values()} == {
        "setuptools.build_meta"
    }


def test_requirements_install_every_part(repository, projects):
    """requirements.txt lists each folder that has a distribution, and no other."""
    lines = (repository / "requirements.txt").read_text(encoding="utf-8").splitlines()
    listed = {line.removeprefix("-e ./").split("[")[0] for line in lines if line.startswith("-e ")}
    assert listed == set(projects)


def test_constraints_pin_what_the_parts_require(repository):
    """Each requirement on a package of others is pinned to one version that satisfies it."""
    pins = {canonicalize_name(item.name): item for item in file_requirements(repository / "constraints.txt")}
    for needed in direct_requirements(repository):
        pin = pins.get(canonicalize_name(needed.name))
        assert pin is not None, f"{needed.name} is not pinned"
        (exact,) = pin.specifier
        assert exact.operator == "=="
        assert needed.specifier.contains(exact.version, prereleases=True), f"{pin} does not satisfy {needed}"


def test_ci_entry_is_executable(repository):
    """The CI entry can be executed."""
    assert (repository / ".ci" / "run").stat().st_mode & 0o111
