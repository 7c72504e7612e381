"""Validation: every wrong field is found, named and given a reason."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopguide_runtime.errors import InvalidArgument
from shopguide_runtime.validation import Violations


def found(check):
    """Return (field, reason) of what a check complains about."""
    violations = Violations()
    check(violations)
    try:
        violations.raise_if_any()
    except InvalidArgument as error:
        return [(v.field, v.reason) for v in error.violations]
    return []


@pytest.mark.parametrize(
    ("check", "expected"),
    [
        (lambda v: v.text("q", ""), [("q", "FIELD_REQUIRED")]),
        (lambda v: v.text("q", "  \n"), [("q", "FIELD_REQUIRED")]),
        (lambda v: v.text("q", "", required=False), []),
        (lambda v: v.text("q", "x" * 11, max_chars=10), [("q", "FIELD_TOO_LONG")]),
        (lambda v: v.text("q", "降噪耳机\n两千以内"), []),
        (lambda v: v.text("q", "a\x00b"), [("q", "FIELD_MALFORMED")]),
        (lambda v: v.text("q", "a\x1b[31m"), [("q", "FIELD_MALFORMED")]),
        (lambda v: v.text("q", "a\ud800"), [("q", "FIELD_MALFORMED")]),
        (lambda v: v.page_size("n", -1, 10, 100), [("n", "FIELD_OUT_OF_RANGE")]),
        (lambda v: v.count("items", 0, 1, 5), [("items", "FIELD_REQUIRED")]),
        (lambda v: v.count("items", 6, 1, 5), [("items", "FIELD_OUT_OF_RANGE")]),
        (lambda v: v.count("items", 5, 1, 5), []),
        (lambda v: v.identifier("id", ""), [("id", "FIELD_REQUIRED")]),
        (lambda v: v.identifier("id", "", required=False), []),
        (lambda v: v.identifier("id", "a b"), [("id", "FIELD_MALFORMED")]),
        (lambda v: v.identifier("id", "sku-1.2:A_b"), []),
        (lambda v: v.identifier("id", "x" * 129), [("id", "FIELD_MALFORMED")]),
        (lambda v: v.number("p", float("nan")), [("p", "FIELD_MALFORMED")]),
        (lambda v: v.number("p", float("inf")), [("p", "FIELD_MALFORMED")]),
        (lambda v: v.number("p", -1, minimum=0), [("p", "FIELD_OUT_OF_RANGE")]),
        (lambda v: v.number("p", 5, 0, 5), []),
        (lambda v: v.one_of("s", "up", {"down"}), [("s", "FIELD_UNKNOWN_VALUE")]),
    ],
)
def test_checks(check, expected):
    """Each check finds what is wrong and lets pass what is right."""
    assert found(check) == expected


@given(st.integers(0, 10**6))
def test_page_size_is_never_above_the_maximum(value):
    """A page size is the default for 0 and is cut to the maximum."""
    size = Violations().page_size("n", value, default=10, maximum=100)
    assert size == (10 if value == 0 else min(value, 100))


def test_all_violations_are_raised_together():
    """One error carries every violation, and its message names the first and counts the rest."""
    violations = Violations()
    violations.text("query", "")
    violations.page_size("page_size", -3, 10, 100)
    violations.add("filter.field", "is not a field", "UNKNOWN_FIELD")
    with pytest.raises(InvalidArgument, match=r"query: must not be empty \(and 2 more\)") as caught:
        violations.raise_if_any()
    assert [v.field for v in caught.value.violations] == ["query", "page_size", "filter.field"]


def test_text_is_stripped():
    """The usable text has no surrounding spaces."""
    assert Violations().text("q", "  laptop ") == "laptop"
