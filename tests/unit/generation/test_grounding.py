"""The checker catches planted lies in both languages and lets true statements pass."""

from decimal import Decimal
from random import Random

import pytest

from fakes.generation_facts import context
from fakes.generation_lies import lies, tampered, truths
from shopguide_generation.domain.facts import AnswerContext, Fact, Money, Source, SourceKind, Task
from shopguide_generation.domain.grounding import GroundingChecker, Reason
from shopguide_generation.domain.writer import write

TASKS = (
    Task.RECOMMEND,
    Task.COMPARE,
    Task.GIFT,
    Task.DEAL,
    Task.BUNDLE,
    Task.PRODUCT_QUESTION,
    Task.REVIEW_DIGEST,
)


def product(number: int, name: str, dollars: int, *facts: Fact) -> Source:
    """A product with a price in dollars."""
    price = Fact("price", Money(Decimal(dollars), "USD"))
    return Source(f"p{number}", SourceKind.PRODUCT, name, (Fact("name", name), price, *facts))


def shop(language: str = "en", **fields) -> AnswerContext:
    """Two products and a rule of the shop."""
    battery = {"en": "battery", "zh": "续航"}
    first = product(
        1,
        "Norte S2",
        57,
        Fact("battery", Decimal(35), "h", labels=battery),
        Fact("foldable", False, labels={"en": "hinge"}),
    )
    second = product(
        2, "Soundvale Q5", 74, Fact("battery", Decimal(45), "h", labels=battery), Fact("color", "sage")
    )
    rule = Fact("answer", "Returns are free within 7 days. Exchanges take 30 days.", provenance="faq")
    policy = Source("f1", SourceKind.POLICY, "returns", (rule,))
    return AnswerContext(Task.RECOMMEND, language, sources=(first, second, policy), **fields)


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("task", TASKS)
def test_every_planted_lie_is_caught(language, task):
    """No lie about names, prices, numbers, units, attributes, ratings, counts, extremes or citations passes."""
    rng = Random(f"{language}{task}")
    for _ in range(4):
        facts = context(rng, language, task)
        planted = [(kind, text, ()) for kind, text in lies(facts, rng)]
        for sentence in (s for s in write(facts).sentences if not s.table):
            planted += [(kind, text, sentence.derived) for kind, text in tampered(sentence.text, rng)]
        for kind, text, derived in rng.sample(planted, min(40, len(planted))):
            assert not GroundingChecker(facts, derived).check(text).grounded, (kind, text)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_true_counterparts_of_the_lies_pass(language):
    """The words around a lie are not what gives it away: the same statements with true values pass."""
    rng, seen = Random(language), 0
    for _ in range(20):
        facts = context(rng, language, Task.RECOMMEND)
        for text in truths(facts):
            report = GroundingChecker(facts).check(text)
            assert report.grounded, (text, report.findings)
            seen += 1
    assert seen > 60


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Norte S2 [1] costs $74.", Reason.WRONG_VALUE),
        ("Norte S2 [2] costs $57.", Reason.WRONG_SOURCE),
        ("Soundvale S2 [1] costs $57.", Reason.UNKNOWN_WORD),
        ("Norte S2 [1] has 45 hours of battery.", Reason.WRONG_VALUE),
        ("Norte S2 [1] has 35 days of battery.", Reason.WRONG_VALUE),
        ("Norte S2 [1] is sage.", Reason.UNKNOWN_WORD),
        ("Norte S2 [1] has a hinge.", Reason.UNKNOWN_WORD),
        ("Soundvale Q5 [2] is the cheapest.", Reason.FALSE_SUPERLATIVE),
        ("Soundvale Q5 [2] is the best.", Reason.FALSE_SUPERLATIVE),
        ("Norte S2 [1] is $17 more.", Reason.WRONG_VALUE),
        ("Norte S2 [1] has 10 hours more battery.", Reason.WRONG_VALUE),
        ("Norte S2 [1] has no battery.", Reason.FALSE_NEGATION),
        ("The page of Norte S2 [1] does not mention battery.", Reason.FALSE_ABSENCE),
        ("Nothing meets both limits.", Reason.WRONG_COUNT),
        ("Norte S2 [1] costs $57 🎉.", Reason.UNKNOWN_WORD),
        ("Norte S2 [7] costs $57.", Reason.UNKNOWN_SOURCE),
        ("Returns are free within 30 days [3].", Reason.WRONG_VALUE),
        ("Returns are free within 7 days.", Reason.UNCITED),
        ("Norte S2 [1] costs fifty-seven dollars.", Reason.UNKNOWN_WORD),
        ("Norte S2 [1] ships tomorrow.", Reason.UNKNOWN_WORD),
    ],
)
def test_each_kind_of_lie_has_its_reason(text, reason):
    """A finding says what is wrong."""
    report = GroundingChecker(shop()).check(text)
    assert reason in {finding.reason for finding in report.findings}, report.findings


@pytest.mark.parametrize(
    "text",
    [
        "Norte S2 [1] costs $57.",
        "The Norte S2 [1] has 35 hours of battery.",
        "The S2 [1] is $17 less.",
        "Norte S2 [1] has no hinge.",
        "Norte S2 [1] is the cheapest.",
        "Soundvale Q5 [2] has 10 hours more battery.",
        "Soundvale Q5 [2] is sage.",
        "The page of Norte S2 [1] does not mention PS5.",
        "The shop's rule: “Returns are free within 7 days.” [3]",
    ],
)
def test_true_statements_pass(text):
    """What the facts bear out is let through."""
    report = GroundingChecker(shop()).check(text)
    assert report.grounded, report.findings


def test_a_cell_of_a_table_is_checked_against_its_own_column():
    """Values swapped between columns of a table are caught; the true table passes."""
    head = "| | Norte S2 [1] | Soundvale Q5 [2] |\n| --- | --- | --- |\n"
    checker = GroundingChecker(shop())
    assert checker.check(head + "| battery | 35 hours | 45 hours |\n| color | not stated | sage |").grounded
    assert not checker.check(head + "| battery | 45 hours | 35 hours |").grounded
    assert not checker.check(head + "| battery | not stated | 45 hours |").grounded
    assert not checker.check(head + "| battery | 35 hours |").grounded


def test_it_is_about_the_product_named_before():
    """A pronoun carries the subject of the statement before; without one a bare number is not borne out."""
    checker = GroundingChecker(shop())
    assert checker.check("It has 35 hours of battery.", focus=1).grounded
    assert not checker.check("It has 35 hours of battery.", focus=2).grounded
    assert not checker.check("It has 35 hours of battery.").grounded


def test_only_roles_left_empty_are_told_as_not_found():
    """That nothing was found may be said of the roles of a bundle that are empty, never of one that is filled."""
    filled = product(1, "Norte S2", 57)
    context = AnswerContext(Task.BUNDLE, "en", sources=(filled,), missing_roles=("zorb", "hat"))
    assert GroundingChecker(context).check("I found nothing suitable for zorb or hat.").grounded
    assert not GroundingChecker(context).check("I found nothing suitable for headphones.").grounded
    assert not GroundingChecker(context).check("I found nothing.").grounded
    chinese = AnswerContext(Task.BUNDLE, "zh", sources=(filled,), missing_roles=("帽子",))
    assert GroundingChecker(chinese).check("没有找到合适的帽子。").grounded
    assert not GroundingChecker(chinese).check("没有找到合适的耳机。").grounded
