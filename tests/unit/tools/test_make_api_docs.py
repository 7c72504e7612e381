import pytest

import make_api_docs
from make_api_docs import load_contract, load_extras, render


@pytest.fixture
def reference(contract, monkeypatch):
    """Return the rendered reference of the small contract."""
    monkeypatch.setattr(make_api_docs, "PACKAGE_ORDER", ("echo",))
    return render(load_contract(contract), load_extras(contract))


@pytest.mark.parametrize(
    "expected",
    [
        "## Package `shopguide.echo.v1`",
        "[`EchoRequest`](#shopguide.echo.v1.EchoRequest) → stream of [`EchoResponse`](#shopguide.echo.v1.",
        "Repeats once.",
        "Default deadline 2 s. No side effects: may be retried. **Answers `UNIMPLEMENTED`**: Planned.",
        "| `shopguide.echo.v1.EchoService/Echo` | Planned. |",
        "| `text` | string | Required. What to say. |",
        "| `volume` | optional int32 | Optional. How loud. |",
        "| `moods` | map of string to [`Mood`](#shopguide.echo.v1.Mood) | Optional. Words by language. |",
        "| `silence` | bool, one of `content` | That nothing \\| no one was heard. |",
        "| `MOOD_CHEERFUL` | 1 | Cheerful. |",
    ],
)
def test_reference_tells_what_the_contract_says(reference, expected):
    """Methods, deadlines, fields of every kind and enum values appear with their comments."""
    assert expected in reference


def test_map_entries_are_not_listed_as_messages(reference):
    """The message that protoc makes for a map is not shown."""
    assert "MoodsEntry" not in reference


def test_every_link_has_its_target(reference):
    """Each linked type has an anchor of the same name."""
    targets = {part.split('"')[0] for part in reference.split('<a id="')[1:]}
    links = {part.split(")")[0] for part in reference.split("](#")[1:]}
    assert links
    assert links <= targets
