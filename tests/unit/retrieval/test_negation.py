"""What a query wants absent, and what a product says is absent."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopguide_retrieval.domain.negation import absent_terms, negated


@pytest.mark.parametrize(
    ("query", "wanted", "absent"),
    [
        ("wine glasses without stem", "wine glasses", ("stem",)),
        ("nike shoes without laces for men", "nike shoes for men", ("lace",)),
        ("tortillas without soybean oil, organic", "tortillas , organic", ("soybean", "oil")),
        ("降噪耳机，不要入耳式的", "降噪耳机", ("入耳式",)),
        ("不含酒精的爽肤水", "爽肤水", ("酒精",)),
        ("无线鼠标", "无线鼠标", ()),
        ("watch the game not your phone", "watch the game not your phone", ()),
        ("without sugar", "without sugar", ()),
    ],
)
def test_a_query_is_taken_apart(query, wanted, absent):
    """What must be absent leaves the query, unless nothing else is left."""
    found = negated(query)
    assert (found.wanted, found.absent) == (wanted, absent)
    assert set(found.without) >= {f"¬{t}" for t in absent}


@pytest.mark.parametrize(
    ("text", "absent"),
    [
        ("Stemless wine glass", "¬stem"),
        ("gluten-free bread", "¬gluten"),
        ("no added sugar", "¬sugar"),
        ("bag without handles", "¬handl"),
        ("不含酒精", "¬酒精"),
        ("无糖可乐", "¬糖"),
    ],
)
def test_a_product_says_what_is_absent(text, absent):
    """Each way to say that something is absent yields its term."""
    assert absent in set(absent_terms(text))


def test_asking_and_saying_meet():
    """A product that says so has a term that the query asks for."""
    asked = set(negated("dinner set without mugs").without)
    assert asked <= set(absent_terms("16-piece dinner set, no mugs"))


@given(st.text(max_size=120))
def test_any_text_is_read(text):
    """No text breaks it, and a query never becomes empty by it."""
    assert all(t.startswith("¬") for t in absent_terms(text))
    assert bool(negated(text).wanted) == bool(text)


PIECES = [
    "no",
    "Non",
    "NOT",
    "zero",
    "free",
    "of",
    "from",
    "w/o",
    "without",
    "less",
    "sugar",
    "any",
    " ",
    "-",
    ", ",
]


@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
def test_texts_that_say_nothing_absent_are_told_apart_rightly(text):
    """Whatever is put together: what is skipped at a glance has nothing that the whole expression would find."""
    assert list(absent_terms(text)) == list(absent_terms(f"{text} é"))
