"""What a model is asked and what of its answers may be said."""

from decimal import Decimal

import pytest

from shopguide_generation.adapters.chat_template import CHATML, ChatTemplate, ChatTemplateError
from shopguide_generation.domain.facts import AnswerContext, Fact, Money, Source, SourceKind, Task
from shopguide_generation.domain.rewriting import chat, judge
from shopguide_generation.domain.statements import statements
from shopguide_generation.domain.writer import Sentence
from shopguide_generation.ports import ChatMessage

PRODUCT = Source(
    "p1",
    SourceKind.PRODUCT,
    "Norte S2",
    (Fact("name", "Norte S2"), Fact("price", Money(Decimal(57), "USD")), Fact("battery", Decimal(35), "h")),
)
CONTEXT = AnswerContext(Task.RECOMMEND, "en", sources=(PRODUCT,))
PLANNED = Sentence("I would start with Norte S2 [1]: $57, 35 hours of battery.", kind="FirstChoice")


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ("My first choice is Norte S2 [1] at $57, with 35 hours of battery.", ""),
        ("My first choice is Norte S2 [1] at $57.", "FACT_LOST"),
        ("My first choice is Norte S2 at $57, with 35 hours of battery.", "CITATION_LOST"),
        ("My first choice is Norte S2 [1] at $75, with 35 hours of battery.", "WRONG_VALUE"),
        ("My first choice is the amazing Norte S2 [1] at $57, with 35 hours of battery.", "UNKNOWN_WORD"),
        ("My first choice is Norte S2 [1] at $57, with 35 hours of", "UNFINISHED"),
        ("Norte S2 [1].", "WRONG_LENGTH"),
        ("", "UNFINISHED"),
        ("我会选 Norte S2 [1]，价格是 $57，它的续航有 35 小时，建议您先看这一款商品。", "WRONG_LANGUAGE"),
        ("My first choice is Norte S2 [1] at $57, just $57, with 35 hours of battery.", "REPETITION"),
        ("Norte S2 [1] is $57 and Norte S2 [1] is $57 and 35 hours of battery.", "REPETITION"),
    ],
)
def test_only_the_same_facts_in_good_form_are_accepted(answer, reason):
    """Each way to go wrong has its reason; a true rewording has none."""
    assert judge(answer, PLANNED, CONTEXT).reason == reason


def test_the_template_of_the_models_folder_is_used(tmp_path):
    """A template file wins over the tokenizer's configuration, which wins over the built-in ChatML."""
    messages = [ChatMessage("user", "hi")]
    assert ChatTemplate.load(tmp_path / "absent").render(messages) == ChatTemplate(CHATML).render(messages)
    (tmp_path / "tokenizer_config.json").write_text(
        '{"chat_template": "<{{ messages[0].content }}>", "bos_token": "B"}'
    )
    assert ChatTemplate.load(tmp_path).render(messages) == "<hi>"
    (tmp_path / "chat_template.jinja").write_text("{{ bos_token }}{{ messages[0].role }}")
    assert ChatTemplate.load(tmp_path).render(messages) == "Buser"


def test_a_broken_template_is_told(tmp_path):
    """A template that does not compile is an error, not a wrong prompt."""
    (tmp_path / "chat_template.jinja").write_text("{% for %}")
    with pytest.raises(ChatTemplateError):
        ChatTemplate.load(tmp_path)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_prompt_ends_with_the_sentence_and_fits(language):
    """The planned sentence is the last message, and the prompt is far below the limit."""
    messages = chat(PLANNED, language)
    assert messages[-1] == ChatMessage("user", PLANNED.text)
    assert len(ChatTemplate().render(messages)) < 1500


def test_a_text_is_cut_into_sentences_quotes_and_tables():
    """Sentences inside quotation marks stay together with their citation; a table is one statement."""
    text = "It is $5. The rule: “A b. C d.” [1] Next.\n\n| | A [1] |\n| --- | --- |\n| x. | 3.5 |\n\n先看甲 [2]：轻。好吗？"
    assert [text[start:end] for start, end in statements(text)] == [
        "It is $5.",
        "The rule: “A b. C d.” [1]",
        "Next.",
        "| | A [1] |\n| --- | --- |\n| x. | 3.5 |",
        "先看甲 [2]：轻。",
        "好吗？",
    ]
