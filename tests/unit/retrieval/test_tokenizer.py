"""One tokenizer for documents and queries."""

import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopguide_retrieval.domain import tokenizer
from shopguide_retrieval.domain.tokenizer import term_id, tokenize


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("iPhone 16", ["iphon", "16"]),
        ("RTX 4090", ["rtx", "4090"]),
        ("PS5", ["ps5", "ps", "5"]),
        ("256GB", ["256gb", "256", "gb", "#256gb"]),
        ("WH-1000XM5", ["wh1000xm5", "wh", "1000xm5", "1000", "xm", "5"]),
        ("2.4GHz", ["2.4ghz", "2.4", "ghz", "#2.4ghz"]),
        ("11.6-inch", ["11.6inch", "11.6", "inch", "#11.6in"]),
        ("Bluetooth 5.3", ["bluetooth", "5.3"]),
        ("AT&T", ["att", "t"]),
        ("1,299 yuan", ["1299", "yuan"]),
        ("the shoes for running", ["shoe", "run"]),
        ("men's shirts", ["men", "shirt"]),
        ("not leather", ["not", "leather"]),
        ("ＩＰＨＯＮＥ　１６", ["iphon", "16"]),
        ("38码", ["38", "码"]),
        ("二合一", ["二合一", "二", "合", "一"]),
        ("苹果手机", ["苹果", "手机", "苹", "果", "手", "机"]),
        ("🎧耳机😀", ["耳机", "耳", "机"]),
        (
            "华为mate60手机壳",
            ["华为", "华", "为", "mate60", "mate", "60", "手机", "壳", "手", "机"],
        ),
    ],
)
def test_terms_of_a_query(text, expected):
    """Each notation yields exactly the terms that shoppers and titles share."""
    assert tokenize(text, document=False) == expected


def test_traditional_and_simplified_meet():
    """Traditional characters index as simplified ones, in queries and documents."""
    assert tokenize("蘋果手機", document=True) == tokenize("苹果手机", document=True)


@pytest.mark.parametrize("query", ["wh1000xm5", "WH 1000XM5", "1000 XM5", "WH-1000XM5"])
def test_every_spelling_of_a_model_name_meets_the_title(query):
    """The letters and numbers of every spelling are terms of the title."""
    title = set(tokenize("Sony WH-1000XM5 headphones", document=True))
    asked = set(tokenize(query, document=False))
    assert {"1000", "xm", "5"} <= asked & title


def test_documents_yield_the_words_inside_compounds():
    """A long Chinese compound in a document is found by the shorter words in it."""
    assert {"降噪", "耳机"} <= set(tokenize("无线降噪耳机", document=True))


def test_only_real_differences_tell_models_apart():
    """Two generations of a phone share all terms but the number."""
    old, new = set(tokenize("iPhone 15", document=False)), set(tokenize("iPhone 16", document=False))
    assert old ^ new == {"15", "16"}


def test_threads_do_not_disturb_each_other():
    """Imports tokenize in several threads at once: every term is the one that a single thread makes."""
    texts = [" ".join(f"{stem}{i:05}ing {stem}ational{'s' * (i % 3)}" for stem in ("relat", "condit", "hop"))
             for i in range(400)]  # fmt: skip
    words = [t.replace("0", "a").replace("1", "b").replace("2", "c").replace("3", "d") for t in texts]
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(8) as pool:
            together = list(pool.map(lambda w: tokenize(w, document=True), words))
    finally:
        sys.setswitchinterval(before)
    tokenizer.stem.cache_clear()
    assert together == [tokenize(w, document=True) for w in words]


@given(st.text(max_size=200))
def test_any_text_is_tokenized(text):
    """No text breaks the tokenizer, every term is non-empty, and the result is a function of the text."""
    terms = tokenize(text, document=True)
    assert all(terms)
    assert terms == tokenize(text, document=True)


@pytest.mark.parametrize(("term", "expected"), [("running", 858463077), ("红色", 1990820458)])
def test_ids_never_change(term, expected):
    """Stored vectors hold these ids: another hash would make every catalogue unsearchable."""
    assert term_id(term) == expected
