"""From the words of a query to what is searched."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopguide_retrieval.domain import lexicon
from shopguide_retrieval.domain.catalog import AttributeSpec, Catalog, CategorySpec
from shopguide_retrieval.domain.lexicon import Lexicon
from shopguide_retrieval.domain.rewriting import SYNONYM_WEIGHT, join_han, plain, rewrite
from shopguide_retrieval.domain.spelling import Speller
from shopguide_retrieval.domain.tokenizer import tokenize


@pytest.mark.parametrize(
    ("typed", "joined"),
    [
        ("耳 机", "耳机"),
        ("蓝 牙 耳 机", "蓝牙耳机"),
        ("华为 mate60 手机 壳", "华为 mate60 手机壳"),
        ("连衣裙女童 潮流风", "连衣裙女童 潮流风"),
        ("防水电 脑包", "防水电脑包"),
        ("蓝牙 耳机", "蓝牙 耳机"),
        ("wireless mouse", "wireless mouse"),
    ],
)
def test_spaces_inside_chinese_words_go(typed, joined):
    """A single character beside a space belongs to its neighbour; whole words stay apart."""
    assert join_han(typed) == joined


@pytest.mark.parametrize(
    ("query", "other"),
    [
        ("手机壳", "phone case"),
        ("手机壳", "手机套"),
        ("phone cover", "手机壳"),
        ("苹果手機殼", "phone case"),
        ("noise cancelling headphones", "降噪"),
        ("移动电源", "充电宝"),
    ],
)
def test_names_of_one_thing_meet(query, other):
    """Other names are searched as well, in both languages, with less weight than the words of the query."""
    found = rewrite(query, [lexicon.shipped()]).terms
    new = set(tokenize(other, document=True)) & found.keys() - set(tokenize(query, document=False))
    assert new
    assert {found[t] for t in new} == {SYNONYM_WEIGHT}


@pytest.mark.parametrize("query", ["包子", "机壳散热", "casement window"])
def test_part_of_a_word_is_no_name(query):
    """A name inside another word brings no synonyms."""
    assert rewrite(query, [lexicon.shipped()]).terms == plain(query).terms


def test_the_longest_name_counts():
    """A phone case is a case, not a phone and a case."""
    assert "手机壳" in lexicon.shipped().synonyms("phone case")
    assert "手机" not in lexicon.shipped().synonyms("phone case")


def test_there_are_enough_groups():
    """The shipped names cover common goods, and no name is alone."""
    assert len(lexicon.shipped()._groups) >= 300


def test_a_catalogue_brings_its_names():
    """What a catalogue calls its categories, attributes and values is as good as what ships."""
    catalog = Catalog(
        "shop",
        "f",
        revision="1",
        attributes={"switch": AttributeSpec("switch", value_aliases={"茶轴": ("brown switches",)})},
        categories={"kayaks": CategorySpec("kayaks", {"zh": ("皮划艇",), "en": ("kayaks",)})},
    )
    names = lexicon.of_catalog(catalog)
    assert names.synonyms("红色皮划艇") == ["kayaks"]
    assert names.synonyms("茶轴键盘") == ["brown switches"]


def test_a_correction_is_told():
    """The answer can say what the query was taken for; a clean query is taken for nothing else."""
    speller = Speller({"headphones": 5})
    assert rewrite("hedphones", (), speller).corrected == "headphones"
    assert rewrite("耳 机", (), speller).corrected == "耳机"
    assert rewrite("headphones", (), speller).corrected == ""


def test_what_must_be_absent_counts_against():
    """The words of an absence weigh below nothing, and are not embedded."""
    found = rewrite("wine glasses without stem")
    assert found.text == "wine glasses"
    assert found.terms["stem"] < 0 < found.terms["¬stem"]


@given(
    st.lists(
        st.sampled_from(["手机", "壳", " ", "case", "phone", "without", "16", "不要", "GB"]), max_size=8
    ).map("".join)
)
def test_every_query_is_searched(text):
    """Rewriting never takes the words that are wanted away, and every weight is a number other than 0."""
    found = rewrite(text, [lexicon.shipped()], Speller({"phone": 3, "case": 3}))
    assert set(tokenize(found.text, document=False)) <= found.terms.keys()
    assert all(found.terms.values())


def test_a_name_may_be_in_several_groups():
    """Each group of a name gives its other names."""
    assert set(Lexicon([["a1 b", "c"], ["a1 b", "d"]]).synonyms("a1 b")) == {"c", "d"}
