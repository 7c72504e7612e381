"""Answers wait only for a model that has shown to be worth it."""

import asyncio
from decimal import Decimal

import pytest

from fakes.generation_models import Paraphraser
from shopguide_generation.domain.answering import Answerer, ModelPolicy, Tally, Wish
from shopguide_generation.domain.facts import AnswerContext, Fact, Money, Source, SourceKind, Task
from shopguide_generation.domain.patience import ENOUGH, WINDOW, Patience
from shopguide_generation.ports import Completion, SentenceModel

pytestmark = pytest.mark.anyio

PRODUCT = Source(
    "p1",
    SourceKind.PRODUCT,
    "Norte S2",
    (Fact("name", "Norte S2"), Fact("price", Money(Decimal(57), "USD")), Fact("battery", Decimal(35), "h")),
)
CONTEXT = AnswerContext(Task.RECOMMEND, "en", sources=(PRODUCT,))


class Model(SentenceModel):
    """Rewords well while `good`, else says nothing that may be said; never finishes while `stuck`."""

    def __init__(self, *, good: bool = False, stuck: bool = False) -> None:
        self.good, self.stuck, self.asked = good, stuck, 0
        self.begun = asyncio.Event()

    @property
    def name(self) -> str:
        """See `SentenceModel.name`."""
        return "fake"

    async def complete(self, messages, sampling, timeout) -> Completion:
        """See `SentenceModel.complete`."""
        self.asked += 1
        self.begun.set()
        if self.stuck:
            await asyncio.Event().wait()
        said = await Paraphraser().answer(messages[-1].content) if self.good else "No."
        return Completion(said, 10, 5, 0.01)


async def answered(answerer: Answerer, *, finish_trial: bool = True) -> Tally:
    """Release one answer to its end and let a trial beside it end."""
    tally = Tally()
    draft = await answerer.draft(CONTEXT)
    async for _ in answerer.release(CONTEXT, draft, Wish(), tally):
        pass
    if finish_trial and answerer._trial is not None:
        await asyncio.wait({answerer._trial})
    return tally


def test_a_share_is_known_after_enough_sentences():
    """Too few outcomes say nothing; then the share over the last ones decides, each language by itself."""
    patience = Patience(0.5, 4)
    for _ in range(ENOUGH - 1):
        patience.note("en", in_time=True)
    assert patience.share("en") is None
    assert not patience.waits("en")
    patience.note("en", in_time=True)
    assert patience.share("en") == 1
    assert patience.waits("en")
    assert not patience.waits("zh")
    for _ in range(WINDOW):
        patience.note("en", in_time=False)
    assert not patience.waits("en")
    assert Patience(0, 4).waits("en")


def test_a_model_that_is_not_waited_for_is_tried_now_and_then():
    """Every answer until enough is known, then every so manieth."""
    patience = Patience(0.5, 3)
    assert [patience.tries("en") for _ in range(4)] == [True] * 4
    for _ in range(ENOUGH):
        patience.note("en", in_time=False)
    assert [patience.tries("en") for _ in range(6)].count(True) == 2


async def test_the_writer_s_sentence_goes_out_at_once_beside_a_slow_model():
    """A model that never ends is tried in the background and holds nothing up, however long its time."""
    model = Model(stuck=True)
    answerer = Answerer(model, ModelPolicy(first_sentence_seconds=1000, sentence_seconds=1000))
    async with asyncio.timeout(5):
        tally = await answered(answerer, finish_trial=False)
        await model.begun.wait()
    assert (tally.model_sentences, tally.timeouts) == (0, 0)
    await answerer.close()


async def test_a_good_model_is_noticed_and_waited_for():
    """After trials whose sentences would have been there in time, answers wait and the model writes them."""
    seen: list[Tally] = []
    answerer = Answerer(Model(good=True), ModelPolicy(first_sentence_seconds=60), observe_trial=seen.append)
    shares = [(await answered(answerer)).model_sentences for _ in range(ENOUGH + 2)]
    assert shares[0] == 0
    assert shares[-1] > 0
    assert seen[0].output_tokens > 0


async def test_a_model_that_turns_bad_is_no_longer_waited_for():
    """Sentences refused by the check count like late ones."""
    model = Model(good=True)
    answerer = Answerer(model, ModelPolicy(first_sentence_seconds=60, least_share=0.5))
    for _ in range(ENOUGH + 1):
        await answered(answerer)
    model.good = False
    for _ in range(WINDOW):
        await answered(answerer)
    before = model.asked
    asked = [(await answered(answerer), model.asked)[1] for _ in range(9)]
    assert len({before, *asked}) <= 2
