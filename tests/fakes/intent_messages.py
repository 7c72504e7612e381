"""Short ways to write what tests of the intent service compare."""

from __future__ import annotations

from fakes.intent_vocabulary import vocabulary
from shopguide_intent.domain.matcher import Matcher
from shopguide_intent.domain.model import (
    Amount,
    Answer,
    Bounds,
    Condition,
    Constraint,
    DialogueState,
    Parse,
    ShownProduct,
    Strength,
)
from shopguide_intent.domain.parser import ParseContext, Parser
from shopguide_intent.domain.vocabulary import Vocabulary

PARSER = Parser(Matcher(vocabulary()))
PLAIN = Parser(Matcher(Vocabulary()))


def parse(text: str, state: DialogueState | None = None, parser: Parser = PARSER) -> Parse:
    """Read a message against the small vocabulary."""
    return parser.parse(text, ParseContext(state=state or DialogueState()))


def limits(found: Parse, strength: Strength = Strength.HARD) -> dict[str, object]:
    """Constraints of one strength by field: a pair for a range, a tuple with "not" before exclusions."""
    return {c.field: _test(c) for c in found.constraints if c.strength is strength}


def _test(constraint: Constraint) -> object:
    condition = constraint.condition
    if condition is None:
        return constraint.evidence
    if condition.bounds is not None:
        return (condition.bounds.minimum, condition.bounds.maximum)
    return ("not", *condition.none_of) if condition.none_of else condition.any_of


def after_headphones(open_slot: str = "", offered: tuple[str, ...] = ()) -> DialogueState:
    """A conversation that has shown three headphones under 2000 yuan."""
    return DialogueState(
        last_intent="SEARCH",
        search_query="降噪耳机",
        constraints=(
            Constraint(Condition("category", any_of=("耳机", "Headphones")), Strength.SOFT, "耳机"),
            Constraint(
                Condition("price", bounds=Bounds(None, 2000.0), currency="CNY"), Strength.HARD, "两千以内"
            ),
        ),
        shown=(
            ShownProduct("p1", "声谷 Q7 头戴式降噪耳机", "声谷", Amount(1299, "CNY"), "黑色"),
            ShownProduct("p2", "Norte H900 头戴式", "Norte", Amount(1799, "CNY"), "红色"),
            ShownProduct("p3", "声谷 Lite", "声谷", Amount(699, "CNY"), "白色"),
        ),
        open_slot=open_slot,
        offered=tuple(Answer(text) for text in offered),
        language="zh",
    )
