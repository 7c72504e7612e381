# ruff: noqa: E501 (tables read better unbroken)
"""What is left to search for."""

import pytest

from fakes.intent_messages import parse
from shopguide_intent.domain.utterance import utterance


@pytest.mark.parametrize(
    "text",
    [
        "# 10 self-seal envelopes without window", "iphone 13 pro max", "2 in 1", "t towels kitchen", "usb c hub", "airpods 2", "1.75 leather belts",
        "女士健身衣", "大落地窗", "跑步鞋", "有机大米", "电动车充电器 锂电 20串72v", "连衣裙女童 潮流风", "新秀丽双肩包tr1", "求生刀", "买菜小推车",
        "watch the game not your phone tshirt", "where the crawdads sing", "marvel against humanity game", "来电显示电话", "推拉门轨道",
        "find my iphone tag", "the first law book", "no7 serum", "like new ps4",
    ],
)  # fmt: skip
def test_a_bare_query_is_kept_as_it_is(text: str) -> None:
    """Words of product names are never taken for chatter."""
    assert parse(text).search_query == text


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("两千以内的降噪耳机，不要入耳式的", "降噪耳机"), ("women's size 10 shoes under 50", "women's size 10 shoes"), ("kindle under $100", "kindle"),
        ("推荐一款好用的耳机吧，谢谢", "好用的耳机"), ("hi, can you recommend a good laptop for college please", "good laptop for college"),
        ("i'm looking for a red dress", "red dress"), ("do you have rain jackets for toddlers", "rain jackets for toddlers"), ("我想买一台笔记本电脑", "笔记本电脑"),
        ("送爸妈的手机，操作简单，两千左右", "手机 操作简单"), ("帮我找一下猫爬架", "猫爬架"), ("show me phones between $100 and $200", "phones"),
        ("最便宜的降噪耳机", "降噪耳机"), ("有没有适合跑步的耳机推荐？", "跑步的耳机"), ("想买两双红色凉鞋", "红色凉鞋"), ("gift for my dad: a watch", "gift a watch"),
    ],
)  # fmt: skip
def test_limits_and_chatter_leave_the_query(text: str, query: str) -> None:
    """What is left names the product and its qualities."""
    found = parse(text).search_query
    assert found == query


@pytest.mark.parametrize(
    "text",
    ["推荐点东西给我", "有什么好东西推荐", "给我推荐点好物", "随便看看", "recommend something for me", "recommend me anything good"],
)  # fmt: skip
def test_words_that_name_nothing_are_no_query(text: str) -> None:
    """Who asks for "something" is recommended what suits them, not what is called so."""
    assert parse(text).search_query == ""


@pytest.mark.parametrize(
    ("text", "query"),
    [("any deals on headphones?", "headphones"), ("耳机有什么优惠", "耳机"), ("what are the best deals on laptops", "laptops")],
)  # fmt: skip
def test_words_for_a_deal_are_no_part_of_the_query(text: str, query: str) -> None:
    """What is on offer is searched by what it is."""
    assert parse(text).search_query == query


def test_a_message_is_folded_without_moving_its_words() -> None:
    """Full-width, traditional and upper-case characters are folded place by place."""
    message = utterance("降噪耳機 ＵＮＤＥＲ ￥２０００")
    assert message.text == "降噪耳机 under ¥2000"
    assert len(message.text) == len(message.shown)


def test_keywords_rank_what_the_catalogue_knows_first() -> None:
    """Categories weigh most, function words nothing."""
    words = parse("the red sony headphones for travel").keywords
    assert words[0].text == "headphones"
    assert {w.text for w in words} >= {"red", "sony", "travel"}
    assert "the" not in {w.text for w in words}
    assert all(0 <= w.weight <= 1 for w in words)
