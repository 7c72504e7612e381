"""Every answer with products begins with a sentence that answers, also when the check refuses the planned one."""

from decimal import Decimal
from random import Random

import pytest

from fakes.generation_facts import context
from shopguide_generation.domain import answering
from shopguide_generation.domain.answering import checked_draft
from shopguide_generation.domain.facts import (
    AnswerContext,
    Fact,
    Limit,
    Money,
    Outcome,
    OutcomeStatus,
    Source,
    SourceKind,
    Task,
)
from shopguide_generation.domain.writer import LEANING

NC = {"en": "noise cancelling", "zh": "降噪"}
BATTERY = {"en": "battery", "zh": "续航"}


def headphones(number: int, name: str, dollars: int, hours: int, quiet: bool | None) -> Source:
    """Headphones with a price, a battery in hours, and noise cancelling when the page states it."""
    facts = [
        Fact("name", name),
        Fact("price", Money(Decimal(dollars), "USD")),
        Fact("battery", Decimal(hours), "h", labels=BATTERY),
    ]
    facts += [Fact("noise_cancelling", quiet, labels=NC)] if quiet is not None else []
    return Source(f"p{number}", SourceKind.PRODUCT, name, tuple(facts))


def compromise(lost: str, language: str = "en", **first) -> AnswerContext:
    """Three limits of which one gave way, and a product from outside that keeps it."""
    limits = {
        "price": Limit("price", maximum=Decimal(60), unit="USD"),
        "battery": Limit("battery", minimum=Decimal(40), unit="h", labels=BATTERY),
        "noise_cancelling": Limit("noise_cancelling", labels=NC, flag=True, evidence="noise cancelling"),
    }
    outcomes = tuple(
        Outcome(limit, OutcomeStatus.DROPPED if key == lost else OutcomeStatus.APPLIED, "NO_MATCH")
        for key, limit in limits.items()
    )
    shown = headphones(1, "Norte S2", **({"dollars": 57, "hours": 35, "quiet": True} | first))
    other = headphones(2, "Soundvale Q5", 74, 42, quiet=True)
    return AnswerContext(
        Task.RECOMMEND, language, sources=(shown, other), outcomes=outcomes, alternative_ids=("p2",)
    )


def test_what_a_compromise_misses_is_said_by_how_much_and_what_keeps_it_costs():
    """The first sentence answers, the shortfall is measured, the alternative has its price, the choice is asked."""
    draft = checked_draft(compromise("battery"))
    assert draft.text == (
        "Nothing meets all three limits. The closest within $60 is Norte S2 [1] at $57: noise cancelling, 35 hours "
        "of battery, 5 short of what you asked. If 40 hours of battery matters more than the price, Soundvale Q5 [2] "
        "has it at $74."
    )
    assert draft.question == "Which one may give: the price or the battery?"
    assert [option.text for option in draft.slot.options] == ["price", "battery"]
    assert not draft.dropped


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize(
    ("quiet", "words"),
    [
        (False, {"en": "but without noise cancelling", "zh": "没有降噪"}),
        (None, {"en": "does not mention noise cancelling", "zh": "没有提到降噪"}),
    ],
)  # fmt: skip
def test_a_yes_or_no_that_gave_way_is_told_as_the_page_has_it(language, quiet, words):
    """`No` and `not stated` are kept apart, and the opening passes the check."""
    draft = checked_draft(compromise("noise_cancelling", language, hours=45, quiet=quiet))
    assert draft.sentences[0].kind == "ClosestChoice"
    assert words[language] in draft.sentences[0].text
    assert not draft.dropped


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("task", list(Task))
@pytest.mark.parametrize("refused", ["reasons", "numbers", "almost all"])
def test_a_refused_opening_gives_way_to_a_plainer_one(monkeypatch, language, task, refused):
    """Whatever the check refuses, an answer is never empty and never begins with a sentence that leans on another."""
    plain = answering._passes

    always = LEANING | {
        "PlainChoice", "AskBack", "NoPolicy", "Apology", "ListingSilent", "NoReviews", "SmallTalk", "Decline",
    }  # fmt: skip

    def stricter(facts, sentence):
        if sentence.kind in always:
            return plain(facts, sentence)
        if refused == "reasons" and len(sentence.text) > 60:
            return False
        if refused == "numbers" and sentence.kind in {"FirstChoice", "ClosestChoice", "Deal", "BundleTotal"}:
            return False
        if refused == "almost all":
            return False
        return plain(facts, sentence)

    monkeypatch.setattr(answering, "_passes", stricter)
    rng = Random(f"{language}{task}{refused}")
    for _ in range(8):
        draft = checked_draft(context(rng, language, task))
        assert draft.sentences
        assert draft.sentences[0].kind not in LEANING, draft.text
