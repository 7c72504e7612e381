"""Settings from the environment: types, bounds, unknown names, and all problems at once."""

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from shopguide_runtime.settings import ServerSettings, SettingsError, describe, load, setting


@dataclass(frozen=True, kw_only=True)
class ProbeSettings(ServerSettings):
    """Settings of every supported type."""

    name: str = "probe"
    """A name."""

    count: int = setting(3, minimum=1, maximum=9)
    """A count."""

    ratio: float = setting(0.5, minimum=0)
    """A ratio."""

    flag: bool = False
    """A flag."""

    folder: Path = Path("models")
    """A folder."""

    languages: tuple[str, ...] = ("zh", "en")
    """Languages."""

    weights: tuple[float, ...] = ()
    """Weights."""

    def problems(self) -> Iterator[str]:
        """Yield what contradicts itself."""
        yield from super().problems()
        if self.flag and not self.weights:
            yield "SHOPGUIDE_FLAG needs SHOPGUIDE_WEIGHTS"


def problems_of(environ):
    """Return the problems that loading reports."""
    with pytest.raises(SettingsError) as caught:
        load(ProbeSettings, environ)
    return caught.value.problems


def test_defaults_hold_without_variables():
    """An empty environment gives the defaults."""
    assert load(ProbeSettings, {}) == ProbeSettings()


def test_every_type_is_read():
    """Each supported type is read from its variable; others of the environment do not matter."""
    environ = {
        "SHOPGUIDE_NAME": "x",
        "SHOPGUIDE_COUNT": "7",
        "SHOPGUIDE_RATIO": "0.25",
        "SHOPGUIDE_FLAG": "Yes",
        "SHOPGUIDE_FOLDER": "/models",
        "SHOPGUIDE_LANGUAGES": "en, fr",
        "SHOPGUIDE_WEIGHTS": "1,0.5",
        "SHOPGUIDE_PORT_FILE": "/run/ports.json",
        "PATH": "/bin",
    }
    assert load(ProbeSettings, environ) == ProbeSettings(
        name="x",
        count=7,
        ratio=0.25,
        flag=True,
        folder=Path("/models"),
        languages=("en", "fr"),
        weights=(1.0, 0.5),
        port_file=Path("/run/ports.json"),
    )


def test_empty_optional_path_is_none():
    """An optional path can be unset with an empty value."""
    assert load(ProbeSettings, {"SHOPGUIDE_PORT_FILE": ""}).port_file is None


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("SHOPGUIDE_COUNT", "many", "a whole number"),
        ("SHOPGUIDE_COUNT", "2.5", "a whole number"),
        ("SHOPGUIDE_RATIO", "half", "a number"),
        ("SHOPGUIDE_RATIO", "nan", "finite"),
        ("SHOPGUIDE_RATIO", "inf", "finite"),
        ("SHOPGUIDE_FLAG", "perhaps", "true or false"),
        ("SHOPGUIDE_COUNT", "0", "at least 1"),
        ("SHOPGUIDE_COUNT", "10", "at most 9"),
        ("SHOPGUIDE_WEIGHTS", "1,x", "a number"),
        ("SHOPGUIDE_LOG_LEVEL", "LOUD", "DEBUG, INFO"),
    ],
)
def test_wrong_value_is_named(name, value, expected):
    """A value of the wrong type or out of bounds is reported with the variable and what it must be."""
    (problem,) = problems_of({name: value})
    assert name in problem
    assert expected in problem


def test_unknown_name_is_an_error():
    """A misspelt variable is reported, not ignored."""
    assert problems_of({"SHOPGUIDE_CUONT": "3"}) == ["SHOPGUIDE_CUONT is not a setting of this server"]


@pytest.mark.parametrize(
    "name", ["SHOPGUIDE_INTENT_SERVICE_HOST", "SHOPGUIDE_INTENT_PORT", "SHOPGUIDE_INTENT_PORT_7401_TCP_ADDR"]
)
def test_kubernetes_service_links_are_explained(name):
    """A variable that Kubernetes adds for a Service is reported with the way to turn that off."""
    (problem,) = problems_of({name: "10.0.0.1"})
    assert "enableServiceLinks: false" in problem


@pytest.mark.parametrize("name", ["SHOPGUIDE_HOME", "SHOPGUIDE_DATA", "SHOPGUIDE_MODELS"])
def test_variables_of_the_whole_suite_are_allowed(name):
    """Variables that other parts of the suite read are no error."""
    assert load(ProbeSettings, {name: "/somewhere"}) == ProbeSettings()


def test_all_problems_are_reported_at_once():
    """Unknown names, wrong values and contradictions come in one error."""
    problems = problems_of({"SHOPGUIDE_X": "1", "SHOPGUIDE_COUNT": "x", "SHOPGUIDE_FLAG": "1"})
    assert len(problems) == 3
    with pytest.raises(SettingsError, match=r"(?s)SHOPGUIDE_X.*SHOPGUIDE_COUNT.*SHOPGUIDE_FLAG needs"):
        load(ProbeSettings, {"SHOPGUIDE_X": "1", "SHOPGUIDE_COUNT": "x", "SHOPGUIDE_FLAG": "1"})


def test_streams_must_fit_into_the_connection_grace():
    """A default deadline longer than the grace of aged connections is a contradiction."""
    (problem,) = problems_of({"SHOPGUIDE_DEFAULT_DEADLINE_SECONDS": "500"})
    assert "MAX_CONNECTION_AGE_GRACE_SECONDS" in problem


def test_settings_cannot_be_changed():
    """Settings are frozen."""
    with pytest.raises(dataclasses.FrozenInstanceError):
        ProbeSettings().count = 4  # type: ignore[misc]


@pytest.mark.parametrize("cls", [ServerSettings, ProbeSettings])
def test_every_field_is_described(cls):
    """The description of every setting has the docstring that stands under its field, inherited ones too."""
    described = describe(cls)
    assert len(described) == len(dataclasses.fields(cls))
    assert [d.name for d in described if not d.text] == []
