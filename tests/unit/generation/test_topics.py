"""What a question is about."""

from decimal import Decimal

import pytest

from shopguide_generation.domain.answering import checked_draft
from shopguide_generation.domain.facts import AnswerContext, Fact, Money, Source, SourceKind, Task
from shopguide_generation.domain.topics import mentions

PRICE = Fact("price", Money(Decimal(1299), "CNY"))


@pytest.mark.parametrize(
    "query", ["第二个多少钱", "这款什么价", "how much is the second one?", "what is its price"]
)
def test_a_price_is_asked_for_in_many_ways(query):
    """Whoever asks what it costs asks for the price, whatever the words."""
    assert mentions(query, PRICE)


def test_other_questions_are_not_about_the_price():
    """A question about the battery does not name the price."""
    assert not mentions("续航多久", PRICE)


def test_the_price_is_told_when_asked_for():
    """Asked 多少钱, the answer gives the price of the product, not what its page lacks."""
    facts = (Fact("name", "声谷 Q7"), Fact("brand", "声谷"), PRICE)
    source = Source("p1", SourceKind.PRODUCT, "声谷 Q7", facts)
    draft = checked_draft(AnswerContext(Task.PRODUCT_QUESTION, "zh", "第二个多少钱", (source,)))
    text = "".join(sentence.text for sentence in draft.sentences)
    assert "¥1,299" in text
    assert "没有提到" not in text
