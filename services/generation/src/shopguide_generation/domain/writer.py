"""The deterministic writer: facts to plan, plan to sentences, as many as make a good length."""

from collections.abc import Iterator
from dataclasses import dataclass

from shopguide_generation.domain.derived import Derived
from shopguide_generation.domain.facts import AnswerContext, Slot, Task
from shopguide_generation.domain.moves import (
    Apology,
    AskBack,
    ClosestChoice,
    Decline,
    FirstChoice,
    ListingSilent,
    Move,
    NoPolicy,
    NoReviews,
    PlainChoice,
    SmallTalk,
    Table,
)
from shopguide_generation.domain.planning import Need, Plan, plan
from shopguide_generation.domain.planning.choosing import gave_way
from shopguide_generation.domain.ranking import kept, reasons
from shopguide_generation.domain.sentences import length
from shopguide_generation.domain.wording import Voice, voice_for

LENGTHS = {"en": (40, 120), "zh": (60, 180)}
"""Fewest and most words (English) or characters (Chinese) of an answer, tables aside."""


LEANING = frozenset({
    "Alternative", "OtherSide", "MoreAbout", "Remaining", "Swap", "BudgetLeft", "Shared", "CounterPoint", "Unstated",
    "DigestMention", "PutForward", "Unchecked", "MissingRoles", "AskSeller", "LoosenOne", "NearestValue", "OfferOrderCheck",
})  # fmt: skip
"""Moves that lean on what was said before them: no answer begins with one."""

_CHOOSES = frozenset({Task.RECOMMEND, Task.SIMILAR, Task.GIFT, Task.DEAL, Task.BUNDLE, Task.COMPARE})
_PLAINEST: dict[Task, Move] = {
    Task.SHOP_QUESTION: NoPolicy(),
    Task.COMPLAINT: Apology(strong=False, repeated=0),
    Task.PRODUCT_QUESTION: ListingSilent(0, ""),
    Task.REVIEW_DIGEST: NoReviews(),
    Task.CHITCHAT: SmallTalk("greeting"),
    Task.OUT_OF_SCOPE: Decline(attack=True),
}
"""What can always be said, by task."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A statement ready to be released: usually one sentence, or a whole table."""

    text: str
    derived: tuple[Derived, ...] = ()
    table: bool = False
    kind: str = ""
    """The move it says."""


@dataclass(frozen=True, slots=True)
class Draft:
    """An answer as the writer would give it."""

    sentences: tuple[Sentence, ...]
    slot: Slot | None
    question: str
    """The question back; empty when there is none."""
    answered: bool
    hand_over: bool
    dropped: int = 0
    """Sentences left out because the check did not bear them out."""

    @property
    def text(self) -> str:
        """The whole answer, without the question back."""
        return "".join(f"{separator}{s.text}" for separator, s in separated(self.sentences))


def write(context: AnswerContext) -> Draft:
    """The whole answer to a context. Deterministic: same context, same draft."""
    voice, planned = voice_for(context), plan(context)
    said = [(step.need, sentence) for step in planned.steps for sentence in _sentences(voice, step.move)]
    return Draft(
        _fit(said, context.language),
        planned.slot,
        _question(voice, planned),
        planned.answered,
        planned.hand_over,
    )


def openings(context: AnswerContext, refused: str) -> Iterator[Sentence]:
    """Ever plainer sentences to begin with, for when the check refused the move `refused` at the start of an answer."""
    voice = voice_for(context)
    moves: list[Move] = []
    if context.offers and context.task in _CHOOSES:
        number, fits = context.offers[0][0], not gave_way(context)
        moves += [] if fits else [ClosestChoice(number, gave_way(context), kept(context))]
        moves += (
            [FirstChoice(number, reasons(context, number, 1))] if fits and refused == "FirstChoice" else []
        )
        moves += [
            PlainChoice(number, fits, priced, named) for priced in (True, False) for named in (True, False)
        ]
    else:
        moves += [_PLAINEST.get(context.task, AskBack("", "", ()))]
    return (sentence for move in moves for sentence in _sentences(voice, move))


def _question(voice: Voice, planned: Plan) -> str:
    asks = any(type(step.move).__name__ == "AskBack" for step in planned.steps)
    return voice.ask(planned.slot) if planned.slot and not asks else ""


def _sentences(voice: Voice, move: Move) -> list[Sentence]:
    text = voice.say(move)
    table = isinstance(move, Table)
    return [Sentence(text, move.derived, table, type(move).__name__)] if text else []


def _fit(said: list[tuple[Need, Sentence]], language: str) -> tuple[Sentence, ...]:
    """All that must be said, what is wanted while there is room, fillers while it is too short."""
    fewest, most = LENGTHS[language]
    chosen = {at for at, (need, _) in enumerate(said) if need is Need.MUST}
    for level in (Need.WANTED, Need.FILLER):
        for at, (need, sentence) in enumerate(said):
            size = sum(_size(said[i][1], language) for i in chosen)
            fits = size + _size(sentence, language) <= most
            if need is level and fits and (level is Need.WANTED or size < fewest):
                chosen.add(at)
    return tuple(said[at][1] for at in sorted(chosen))


def _size(sentence: Sentence, language: str) -> int:
    return 0 if sentence.table else length(sentence.text, language)


def separated(sentences: tuple[Sentence, ...]) -> list[tuple[str, Sentence]]:
    """Each sentence with what stands before it: nothing, a space, or a blank line beside a table."""
    joined: list[tuple[str, Sentence]] = []
    for at, sentence in enumerate(sentences):
        before = sentences[at - 1] if at else None
        joined.append((separator(before, sentence), sentence))
    return joined


def separator(before: Sentence | None, sentence: Sentence) -> str:
    """What stands between two sentences."""
    if before is None:
        return ""
    if before.table or sentence.table:
        return "\n\n"
    return "" if before.text[-1:] in "。！？" else " "
