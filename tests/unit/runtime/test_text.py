"""Text: the normal form is stable, languages are told apart by script, characters are simplified."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopguide_runtime.text import detect_language, normalize_value, simplify


@pytest.mark.parametrize(
    ("raw", "normal"),
    [
        ("  Apple   Inc. ", "apple inc."),
        ("ＳＯＮＹ　ＷＨ－１０００", "sony wh-1000"),
        ("藍牙耳機", "蓝牙耳机"),
        ("Straße", "strasse"),
        ("ｶﾞ", "ガ"),
        ("華為\tＭａｔｅ６０", "华为 mate60"),
        ("℡ Bose™", "tel bosetm"),
        ("", ""),
    ],
)
def test_normal_form(raw, normal):
    """Width, case, script and spaces do not distinguish two values."""
    assert normalize_value(raw) == normal


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=40))
def test_normal_form_is_stable(text):
    """Normalising twice changes nothing more."""
    once = normalize_value(text)
    assert normalize_value(once) == once


def test_simplify():
    """Traditional characters become simplified ones; everything else stays."""
    assert simplify("頭戴式降噪耳機 ANC 2024") == "头戴式降噪耳机 ANC 2024"


@pytest.mark.parametrize(
    "text",
    [
        "推荐一款两千以内的降噪耳机",
        "iPhone 15 手机壳",
        "Nike Air Max 鞋",
        "不要 Apple 的",
        "有没有 MacBook Pro 14 M3 的保护套",
        "便宜点",
        "2000？",
        "藍牙耳機 推薦",
    ],
)
def test_chinese_messages(text):
    """Chinese messages are recognised, brand names and digits in them notwithstanding."""
    assert detect_language(text) == "zh"


@pytest.mark.parametrize(
    "text",
    [
        "noise cancelling headphones under $200",
        "cheaper ones please",
        "iPhone 15 case",
        "what is the difference between 小米 and huawei phones?",
        "2000",
        "",
        "👍",
    ],
)
def test_english_messages(text):
    """English messages are recognised; what has no letters gets the default."""
    assert detect_language(text) == "en"


def test_default_language():
    """Without letters the language of the conversation so far can be given."""
    assert detect_language("2000", default="zh") == "zh"
