# ruff: noqa: E501 (tables read better unbroken)
"""The shipped heads and the rules around them."""

import json
from pathlib import Path

import numpy as np
import pytest

from fakes.intent_messages import after_headphones, parse
from shopguide_intent.domain.heads import load_heads
from shopguide_intent.domain.intent_rules import decided, ruled_intent
from shopguide_intent.domain.missing import missing_slots
from shopguide_intent.domain.model import DialogueState, IntentScore
from shopguide_intent.domain.ngrams import BUCKETS, ngrams

HEADS = load_heads()


def test_probabilities_sum_to_one() -> None:
    """With and without an embedding."""
    vector = np.full(384, 384**-0.5, np.float32)
    for embedding in (vector, None):
        scores = HEADS.intents("跑步鞋", embedding)
        assert sum(s.confidence for s in scores) == pytest.approx(1, abs=1e-4)
        assert scores[0].confidence == max(s.confidence for s in scores)


def test_sentiment_needs_the_encoder() -> None:
    """Without an embedding it is neutral; with one it stays in [-1, 1]."""
    assert HEADS.sentiment_score("great", None) == 0
    assert -1 <= HEADS.sentiment_score("great", np.full(384, 384**-0.5, np.float32)) <= 1


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("怎么申请退货退款", "SHOP_QUESTION"),
        ("what is your return policy", "SHOP_QUESTION"),
        ("有什么优惠券", "DEAL"),
        ("birthday gift for my dad", "GIFT"),
    ],
)
def test_clear_messages_are_told_without_the_encoder(text: str, intent: str) -> None:
    """The n-gram head knows what is said plainly."""
    assert HEADS.intents(text, None)[0].label == intent


def test_the_card_names_what_the_heads_need(tmp_path: Path) -> None:
    """A card that does not fit the weights is refused."""
    assert HEADS.encoder_fingerprint.endswith("/384/e5")
    source = Path(__file__).parents[3] / "services/intent/src/shopguide_intent/data"
    (tmp_path / "heads.npz").write_bytes((source / "heads.npz").read_bytes())
    card = json.loads((source / "heads.json").read_text())
    card["dimension"] = 12
    (tmp_path / "heads.json").write_text(json.dumps(card))
    with pytest.raises(ValueError, match="disagree"):
        load_heads(tmp_path)


def test_features_do_not_depend_on_case_numbers_or_punctuation() -> None:
    """The same wish gives the same buckets."""
    one, other = ngrams("Under 50!"), ngrams("under 1,299")
    assert np.array_equal(one.indices, other.indices)
    assert float(np.linalg.norm(one.values)) == pytest.approx(1)
    assert one.indices.max() < BUCKETS


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("第一个和第三个有啥区别", "COMPARE"),
        ("便宜点的", "SEARCH"),
        ("要白色的", "SEARCH"),
        ("1500以内的呢", "SEARCH"),
        ("第二款续航多久", ""),
        ("退货邮费谁出", ""),
        ("what goes with the first one?", "BUNDLE"),
        ("有什么可以配这个一起买的", "BUNDLE"),
        ("第一个配什么好", "BUNDLE"),
        ("does the first one work with a PS5", ""),
        ("第二款能配苹果手机吗", ""),
    ],
)
def test_rules_decide_only_clear_situations(text: str, intent: str) -> None:
    """Comparing shown products, what goes with one, or changing a limit; anything else is left to the heads."""
    state = after_headphones()
    assert ruled_intent(text, parse(text, state), state) == intent


def test_a_bare_category_is_a_search() -> None:
    """Nothing but words of the catalogue."""
    assert ruled_intent("红色连衣裙 500以内", parse("红色连衣裙 500以内"), DialogueState()) == "SEARCH"
    assert ruled_intent("红色连衣裙怎么洗", parse("红色连衣裙怎么洗"), DialogueState()) == ""


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("有没有评分最高的耳机", "SEARCH"),
        ("哪款耳机评价最好", "SEARCH"),
        ("which headphones have the best reviews", "SEARCH"),
        ("top reviewed headphones", "SEARCH"),
        ("这款耳机大家评价怎么样", "REVIEWS"),
        ("what do reviews say about these headphones", "REVIEWS"),
    ],
)
def test_the_best_rated_of_a_kind_are_searched(text: str, intent: str) -> None:
    """An order by rating over a kind of product is a search; asking what others say is not."""
    found = parse(text)
    assert ruled_intent(text, found, DialogueState()) == intent
    if intent == "SEARCH":
        assert found.ordering is not None
        assert found.ordering.field == "rating"


def test_a_ruled_intent_keeps_a_distribution() -> None:
    """The others share what is left."""
    scores = decided(
        (IntentScore("GIFT", 0.6), IntentScore("SEARCH", 0.3), IntentScore("DEAL", 0.1)), "SEARCH"
    )
    assert scores[0] == IntentScore("SEARCH", 0.9)
    assert sum(s.confidence for s in scores) == pytest.approx(1)


@pytest.mark.parametrize(
    ("intent", "text", "missing"),
    [
        ("SEARCH", "耳机", ("use", "price")), ("GIFT", "送女朋友的耳机", ("occasion", "price")), ("COMPLAINT", "耳机坏了", ("order_number",)),
        ("COMPLAINT", "订单 20231123456 的耳机坏了", ()), ("CHITCHAT", "你好", ()), ("SHOP_QUESTION", "怎么开发票", ()),
    ],
)  # fmt: skip
def test_what_is_missing_depends_on_the_intent(intent: str, text: str, missing: tuple[str, ...]) -> None:
    """Slots that the conversation has filled are not asked for."""
    assert missing_slots(intent, parse(text), text) == missing
