"""Sampling parameters and stop texts of the generator."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakes.model_code import model_module

sampling = model_module("generator", "sampling")
text = model_module("generator", "text")

LETTERS = st.text("ab\n", max_size=30)


@given(LETTERS, st.lists(st.text("ab\n", min_size=1, max_size=3), max_size=2), st.lists(st.integers(1, 4)))
def test_stopping_is_independent_of_the_pieces(whole: str, stop: list[str], sizes: list[int]) -> None:
    """However the text arrives, what is shown is the text before the first stop text."""
    stopper, shown, rest = text.StopText(stop), "", whole
    for size in [*sizes, len(whole) or 1]:
        shown, rest = shown + stopper.feed(rest[:size]), rest[size:]
        if stopper.found:
            break
    shown += stopper.finish()
    ends = [at for at in (whole.find(word) for word in stop) if at >= 0]
    assert whole.startswith(shown)
    assert not any(word in shown for word in stop)
    assert stopper.found == bool(ends)
    if not ends:
        assert shown == whole


def test_the_stop_text_can_be_included() -> None:
    """With `include_stop_str_in_output` the text ends behind the stop text."""
    stopper = text.StopText(["END"], include=True)
    assert stopper.feed("a EN") + stopper.feed("D b") + stopper.finish() == "a END"


def test_nothing_is_held_back_without_stop_texts() -> None:
    """A stream without stop texts is not delayed."""
    assert text.StopText([]).feed("abc") == "abc"


def test_defaults_are_those_of_vllm() -> None:
    """An empty object means 16 tokens at temperature 1."""
    parsed = sampling.parse("")
    assert (parsed.max_tokens, parsed.temperature, parsed.top_p, parsed.stop) == (16, 1.0, 1.0, ())


@pytest.mark.parametrize(
    ("given_values", "expected"),
    [
        ({"max_tokens": "8"}, ("max_tokens", 8)),
        ({"temperature": "0.25"}, ("temperature", 0.25)),
        ({"stop": "x"}, ("stop", ("x",))),
        ({"stop": ["x", "y"]}, ("stop", ("x", "y"))),
        ({"ignore_eos": "True"}, ("ignore_eos", True)),
        ({"top_k": -1}, ("top_k", -1)),
        ({"seed": None}, ("seed", None)),
        ({"structured_outputs": '{"regex": "a+"}'}, ("structured_outputs", {"regex": "a+"})),
    ],
)
def test_values_are_converted_by_type(given_values: dict[str, Any], expected: tuple[str, Any]) -> None:
    """Strings become what the parameter needs, as in vLLM's backend."""
    name, value = expected
    assert getattr(sampling.parse(json.dumps(given_values)), name) == value


@pytest.mark.parametrize(
    "wrong",
    [
        {"max_token": 1},
        {"max_tokens": 0},
        {"max_tokens": 1.5},
        {"max_tokens": True},
        {"temperature": "hot"},
        {"temperature": -1},
        {"top_p": 0},
        {"stop": [""]},
        {"stop": [1]},
        {"n": 2},
        {"ignore_eos": "perhaps"},
        {"min_tokens": 5, "max_tokens": 4},
        {"logprobs": 3},
        {"structured_outputs": "[]"},
    ],
)
def test_wrong_values_are_refused_by_name(wrong: dict[str, Any]) -> None:
    """The error names the parameter and never repeats the value."""
    with pytest.raises(sampling.SamplingError, match=next(iter(wrong))):
        sampling.parse(json.dumps(wrong))
