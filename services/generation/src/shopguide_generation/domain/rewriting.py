"""What a model is asked, and whether what it answers may be said."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from shopguide_generation.domain.facts import AnswerContext
from shopguide_generation.domain.grounding import Claim, GroundingChecker
from shopguide_generation.domain.names import is_instruction
from shopguide_generation.domain.sentences import length
from shopguide_generation.domain.writer import Sentence
from shopguide_generation.ports import ChatMessage
from shopguide_runtime.text import detect_language

REWRITABLE = frozenset({
    "FirstChoice", "Alternative", "OtherSide", "MoreAbout", "Remaining", "Verdict", "CounterPoint", "ListingSays",
    "BudgetLeft", "Shared", "Swap", "Deal", "Criteria", "SmallTalk", "AskSeller", "LoosenOne", "OfferOrderCheck",
})  # fmt: skip
"""Moves a model may put into other words. Rules of the shop, quotations and complaints are said as planned."""

MAX_SENTENCE_CHARACTERS = 600

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")

_SYSTEM = {
    "en": (
        "You rewrite one sentence of a shop assistant so that it sounds warm and natural. Keep every product name, "
        "number, unit, price and mark such as [1] exactly as it is. Add no information. "
        "Reply with the rewritten sentence only."
    ),
    "zh": (
        "你把导购的一句话改写得自然亲切。商品名、数字、单位、价格和 [1] 这样的标记必须原样保留，不增加任何信息。"
        "只回复改写后的这句话。"
    ),
}
_EXAMPLES = {
    "en": (
        (
            "To spend less, Tarn B2 [2] is $49, $30 less.",
            "If you want to spend less, there is Tarn B2 [2] at $49, $30 less.",
        ),
        (
            "I would start with Peak C1 [1]: $80, 12 hours of battery, rated 4.4.",
            "My first choice is Peak C1 [1] at $80, with 12 hours of battery, rated 4.4.",
        ),
    ),
    "zh": (
        ("想省一些，青石 B2 [2] ¥349，便宜 ¥200。", "想省一些的话，可以看青石 B2 [2]，¥349，便宜 ¥200。"),
    ),
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a rewritten sentence may be said; `reason` is why not, for metrics."""

    text: str
    reason: str = ""

    @property
    def accepted(self) -> bool:
        """True when the sentence may be said."""
        return not self.reason


def may_rewrite(sentence: Sentence, context: AnswerContext) -> bool:
    """True for plain sentences without words of others that speak to a machine."""
    plain = (
        not sentence.table and sentence.kind in REWRITABLE and len(sentence.text) <= MAX_SENTENCE_CHARACTERS
    )
    return plain and not is_instruction(sentence.text) and not is_instruction(context.query)


def chat(sentence: Sentence, language: str) -> Sequence[ChatMessage]:
    """The messages that ask for one sentence in other words. Facts reach the model only inside that sentence."""
    shots = [
        ChatMessage(role, text)
        for pair in _EXAMPLES[language]
        for role, text in zip(("user", "assistant"), pair, strict=True)
    ]
    return [ChatMessage("system", _SYSTEM[language]), *shots, ChatMessage("user", sentence.text)]


def judge(answer: str, sentence: Sentence, context: AnswerContext) -> Verdict:
    """Whether a model's sentence says the same as the planned one: all of its claims, no others, in good form."""
    text = " ".join(answer.strip().strip('"“”').split())
    reason = _form(text, sentence.text, context.language) or _meaning(text, sentence, context)
    return Verdict(text, reason)


def _form(text: str, planned: str, language: str) -> str:
    if not text or text[-1] not in ".!?。！？":
        return "UNFINISHED"
    if detect_language(text, "en") != language and detect_language(planned, "en") == language:
        return "WRONG_LANGUAGE"
    size, wanted = length(text, language), length(planned, language)
    if not wanted * 0.5 <= size <= wanted * 1.6 + 4:
        return "WRONG_LENGTH"
    return ""


def _repeats(text: str, planned: str) -> bool:
    """True when words come round again, or a number stands more often than planned."""
    counts, known = _runs(text), _runs(planned)
    again = Counter(_NUMBER.findall(text)) - Counter(_NUMBER.findall(planned))
    return bool(again) or any(count > max(1, known[run]) for run, count in counts.items())


def _runs(text: str) -> Counter[tuple[str, ...]]:
    words = text.casefold().split()
    return Counter(tuple(words[at : at + 3]) for at in range(len(words) - 2))


def _meaning(text: str, sentence: Sentence, context: AnswerContext) -> str:
    checker = GroundingChecker(context, sentence.derived)
    report = checker.check(text)
    if not report.grounded:
        return report.findings[0].reason.value
    planned = checker.check(sentence.text)
    if set(report.cited) != set(planned.cited):
        return "CITATION_LOST"
    if _repeats(text, sentence.text):
        return "REPETITION"
    return "FACT_LOST" if _tuples(planned.claims) - _tuples(report.claims) else ""


def _tuples(claims: tuple[Claim, ...]) -> set[tuple[int | None, str, str, str]]:
    return {(claim.subject, claim.key, str(claim.value), claim.unit) for claim in claims}
