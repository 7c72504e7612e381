"""Spelling against the words of a catalogue."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopguide_retrieval.domain.spelling import Speller

COUNTS = {
    "headphones": 90, "headphone": 40, "headset": 20, "wireless": 200, "mouse": 60, "mechanical": 30, "keyboard": 45,
    "bluetooth": 120, "blue": 80, "leather": 50, "phone": 150, "case": 140, "power": 90, "bank": 40, "vacuum": 25,
    "cleaner": 25, "watch": 60, "backpack": 35, "bag": 90, "laptop": 110, "sandals": 12, "silent": 30, "lamp": 40,
}  # fmt: skip


@pytest.fixture(scope="module")
def speller():
    """The words of a small shop, and some that only synonyms know."""
    return Speller(COUNTS, frozenset({"earbuds", "sneakers"}))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("hedphones", "headphones"),
        ("haedphones", "headphones"),
        ("wirless mouse", "wireless mouse"),
        ("wire less mouse", "wireless mouse"),
        ("mecanical keybord", "mechanical keyboard"),
        ("lether phone case", "leather phone case"),
        ("phonecase", "phone case"),
        ("powerbank", "power bank"),
        ("vaccum cleaner", "vacuum cleaner"),
        ("snekers", "sneakers"),
        ("back pack", "backpack"),
        ("Bluetoth, please", "bluetooth please"),
    ],
)
def test_a_slip_is_mended(speller, typed, meant):
    """What is surely meant replaces what is surely wrong."""
    assert speller.correct(typed).text == meant


@pytest.mark.parametrize(
    "right",
    [
        "headphone",
        "Bags",
        "earbuds",
        "iphne16",
        "WH-1000XM4",
        "RTX 4091",
        "耳机",
        "the mouse with a lamp",
        "usb",
        "3.5mm",
    ],
)
def test_what_may_be_right_stays(speller, right):
    """Words of the catalogue in any form, synonyms, models, numbers, Chinese and short words are never changed."""
    assert speller.correct(right) == type(speller.correct(right))(right)


def test_a_word_of_a_description_stays(speller):
    """A word that some text of the catalogue has is right, however near to another."""
    assert speller.suspects("sandles") == ["sandles"]
    assert speller.correct("sandles", right={"sandles"}).text == "sandles"
    assert speller.correct("sandles").text == "sandals"


def test_parts_that_are_words_stay_and_the_whole_is_added(speller):
    """Of two real words that together are a third, all three are searched."""
    assert Speller({**COUNTS, "tooth": 30}).correct("blue tooth").maybe == ("bluetooth",)
    assert Speller({**COUNTS, "tooth": 30}).correct("blue tooth").text == "blue tooth"
    assert speller.correct("blue case").maybe == ()


def test_a_doubtful_correction_is_only_added():
    """Where two words are as likely, the query stays and both are added."""
    found = Speller({"cart": 10, "card": 10}).correct("carp")
    assert (found.text, set(found.maybe)) == ("carp", {"cart", "card"})


def test_another_word_is_not_a_slip():
    """A word that the shop does not know may be one all the same: what begins otherwise or is short only adds."""
    linen = Speller({"bedding": 50, "beech": 20, "mouse": 30}, common=frozenset({"heading"}))
    assert (linen.correct("wedding").text, linen.correct("wedding").maybe) == ("wedding", ("bedding",))
    assert linen.correct("beach").text == "beach"
    assert linen.correct("mosue").text == "mouse"
    assert linen.correct("heading").maybe == ()


@given(st.text(max_size=60))
def test_any_query_is_read(text):
    """No query breaks it, and correcting twice changes no more than once."""
    speller = Speller(COUNTS)
    once = speller.correct(text).text
    assert speller.correct(once).text == once


@given(st.sampled_from(sorted(COUNTS)), st.integers(0, 30))
def test_one_letter_left_out_is_found(word, position):
    """A word of the catalogue is among the corrections of itself with any letter missing, when it is long enough."""
    typed = word[: position % len(word)] + word[position % len(word) + 1 :]
    found = [other for _, other in Speller(COUNTS).corrections(typed)]
    assert len(typed) < 4 or word in found
