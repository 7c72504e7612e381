"""Why a product was put forward: said from the facts of the ranking, and only then."""

from dataclasses import replace
from decimal import Decimal

import pytest

from shopguide_generation.domain.answering import checked_draft
from shopguide_generation.domain.facts import AnswerContext, Fact, Money, Source, SourceKind, Task
from shopguide_generation.domain.grounding import GroundingChecker
from shopguide_generation.domain.signals import Signal, given
from shopguide_generation.domain.wording.signal_words import PREDICATES


def product(number: int, *facts: Fact) -> Source:
    """A product whose facts name reasons."""
    name = ("Norte S2", "Soundvale Q5", "Velden X9")[number - 1]
    own = (Fact("name", name), Fact("price", Money(Decimal(50 + number), "USD")))
    return Source(f"p{number}", SourceKind.PRODUCT, name, (*own, *facts))


def reason(word: str) -> Fact:
    """A reason as the gateway hands it on."""
    return Fact("reason", word, provenance="ranking")


def shop(language: str, *facts: Fact, task: Task = Task.RECOMMEND, **fields) -> AnswerContext:
    """Three products, the first with the facts."""
    return AnswerContext(task, language, sources=(product(1, *facts), product(2), product(3)), **fields)


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("signal", list(Signal))
def test_every_reason_can_be_said_and_only_by_its_product(language, signal):
    """Each reason has words in both languages; the check takes them for the product that has it and for no other."""
    facts = {
        Signal.BOUGHT_WITH: [reason("BOUGHT_TOGETHER"), reason("COMPLEMENTS:p3")],
        Signal.COMPLEMENTS: [reason("COMPLEMENTS:p3")],
        Signal.CHEAPER_THAN: [reason("CHEAP_FOR_CATEGORY"), Fact("cheaper_than_share", Decimal("0.837"))],
    }.get(signal, [reason(signal.value)])
    context = shop(language, *facts)
    assert given(context, 1)[0].signal is signal
    predicate = PREDICATES[language][signal].format(other=" Velden X9 [3] ", percent=83)
    stop = {"en": ".", "zh": "。"}[language]
    assert GroundingChecker(context).check(f"Norte S2 [1] {predicate}{stop}").grounded
    assert not GroundingChecker(context).check(f"Soundvale Q5 [2] {predicate}{stop}").grounded
    assert not GroundingChecker(shop(language)).check(f"Norte S2 [1] {predicate}{stop}").grounded


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "Norte S2 [1] is often bought together with Velden X9 [3]."),
        ("zh", "Norte S2 [1] 常与 Velden X9 [3] 一起买。"),
    ],
)
def test_what_goes_with_a_product_is_told_with_it(language, said):
    """Bought together and with which product: both are named, the other product with its citation."""
    facts = (reason("BOUGHT_TOGETHER"), reason("COMPLEMENTS:p3"))
    draft = checked_draft(shop(language, *facts, task=Task.BUNDLE, reference_id="p3"))
    assert said in draft.text
    assert not draft.dropped


def test_another_product_or_number_than_the_facts_say_is_refused():
    """Neither another companion nor a larger share passes."""
    facts = (reason("BOUGHT_TOGETHER"), reason("COMPLEMENTS:p3"), Fact("cheaper_than_share", Decimal("0.8")))
    check = GroundingChecker(shop("en", *facts)).check
    assert not check("Norte S2 [1] is often bought together with Soundvale Q5 [2].").grounded
    assert not check("Norte S2 [1] costs less than 90% of its category.").grounded
    assert check("Norte S2 [1] costs less than 80% of its category.").grounded


def test_the_share_is_never_overstated_and_a_dear_product_is_not_called_cheap():
    """Percent are rounded down; below a half there is nothing to say."""
    assert given(shop("en", Fact("cheaper_than_share", Decimal("0.999"))), 1)[0].percent == 99
    assert given(shop("en", Fact("cheaper_than_share", Decimal("0.3"))), 1) == ()


def test_a_deal_says_how_its_price_stands_in_its_category():
    """The first deal, and one without a list price, are told against the prices of their category."""
    facts = (Fact("list_price", Money(Decimal(80), "USD")), Fact("cheaper_than_share", Decimal("0.8")))
    context = shop("en", *facts, task=Task.DEAL)
    draft = checked_draft(context)
    assert "Norte S2 [1] costs less than 80% of its category." in draft.text
    cheap = replace(
        context.sources[1], facts=(*context.sources[1].facts, Fact("cheaper_than_share", Decimal("0.9")))
    )
    draft = checked_draft(replace(context, sources=(context.sources[0], cheap)))
    assert "Soundvale Q5 [2] costs less than 90% of its category." in draft.text


def test_reasons_are_no_attributes():
    """What the ranking states is never listed as a property, whatever else is known."""
    bare = shop(
        "en",
        reason("SOMETHING_NEW"),
        Fact("saving", Money(Decimal(9), "USD")),
        Fact("discount_share", Decimal("0.1")),
    )
    text = checked_draft(replace(bare, query="any reason for a saving?", task=Task.PRODUCT_QUESTION)).text
    assert "SOMETHING" not in checked_draft(bare).text.upper()
    assert "$9" not in text


def test_one_companion_is_no_sum():
    """A single product that goes with another is told with its price, not as a total."""
    sources = (product(1, reason("COMPLEMENTS:p2")), product(2))
    draft = checked_draft(AnswerContext(Task.BUNDLE, "en", sources=sources, reference_id="p2"))
    assert draft.text == "There is the Norte S2 [1], $51. Norte S2 [1] goes well with Soundvale Q5 [2]."


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "There is no record yet of what shoppers buy with Norte S2 [1]."),
        ("zh", "还没有记录能说明买 Norte S2 [1] 的人还会买什么。"),
    ],
)
def test_without_a_record_nothing_is_made_up(language, said):
    """Asked what goes with a product of which nothing is known, the answer says so."""
    draft = checked_draft(AnswerContext(Task.BUNDLE, language, sources=(product(1),), reference_id="p1"))
    assert (draft.text, draft.answered, draft.dropped) == (said, False, 0)
