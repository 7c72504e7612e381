"""One turn of a conversation: understand, look up, show, write. At most one generator call; every stage may fail."""

import time
import uuid
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import dataclass, field, replace

from shopguide_gateway.domain import fallback
from shopguide_gateway.domain.catalogues import Catalogues
from shopguide_gateway.domain.events import Finished, ProductsShown, Started, TurnEvent, Understood
from shopguide_gateway.domain.followup import choose_slot
from shopguide_gateway.domain.looking import Looker
from shopguide_gateway.domain.model import (
    AnswerRequest,
    Ask,
    Catalogue,
    Citation,
    Degradation,
    FollowUp,
    Found,
    State,
    Timing,
    Understanding,
    WriterFinish,
)
from shopguide_gateway.domain.plans import Plan, choose_plan
from shopguide_gateway.domain.state import next_state, with_selected
from shopguide_gateway.ports import TokenVault, Understander, Writer
from shopguide_runtime.deadline import budget, remaining
from shopguide_runtime.errors import InvalidArgument, NotFound, ShopguideError

_SLOT_TASKS = frozenset({"RECOMMEND", "GIFT", "SIMILAR"})


@dataclass(frozen=True, slots=True)
class Budgets:
    """Seconds for a whole turn without a deadline, and at most for each stage."""

    turn: float = 30.0
    intent: float = 3.0
    retrieval: float = 3.0
    margin: float = 0.2


@dataclass(slots=True)
class _Record:
    """What is noted while a turn goes on."""

    turn_id: str = field(default_factory=lambda: uuid.uuid4().hex)
    degradations: list[Degradation] = field(default_factory=list)
    timings: list[Timing] = field(default_factory=list)
    text: list[str] = field(default_factory=list)
    lost_products: bool = False
    follow_up: FollowUp | None = None
    finish: WriterFinish = field(default_factory=WriterFinish)

    def took(self, stage: str, since: float) -> None:
        self.timings.append(Timing(stage, time.perf_counter() - since))


class TurnTaker:
    """Takes turns. Holds no conversation: the state comes with the request and leaves with the answer."""

    def __init__(
        self,
        understander: Understander,
        looker: Looker,
        writer: Writer,
        vault: TokenVault,
        catalogues: Catalogues,
        budgets: Budgets | None = None,
        observe: Callable[[str, Plan, Finished], None] = lambda _intent, _plan, _finished: None,
    ) -> None:
        """Take the parts; `observe` is told the intent, the plan and the end of every turn."""
        self._understander = understander
        self._looker = looker
        self._writer = writer
        self._vault = vault
        self._catalogues = catalogues
        self._budgets = budgets or Budgets()
        self._observe = observe

    async def take(self, ask: Ask) -> AsyncGenerator[TurnEvent, None]:
        """Stream one turn. Raises InvalidArgument and NotFound; every other failure becomes a degradation."""
        record = _Record()
        catalogue, state = await self._open(ask, record)
        yield Started(record.turn_id, state.turn_number + 1)
        understanding = await self._understand(ask, state, catalogue, record)
        yield Understood(understanding)
        plan = choose_plan(understanding, state)
        found = await self._look(ask, understanding, catalogue, plan, record)
        plan = replace(plan, task=found.task or plan.task)
        if found.shown:
            yield ProductsShown(
                found.shown, found.outcomes, found.matched_size, found.total_price, found.missing_roles
            )
        request = self._request(ask, state, understanding, catalogue, plan, found)
        writing = (
            _plain(understanding, found, record)
            if record.lost_products
            else self._write(request, understanding, found, record)
        )
        async with aclosing(writing) as events:
            async for event in events:
                yield event
        finished = self._finish(ask, state, understanding, found, record)
        self._observe(understanding.intent, plan, finished)
        yield finished

    async def _open(self, ask: Ask, record: _Record) -> tuple[Catalogue | None, State]:
        state = self._vault.open(ask.conversation_token, _owner(ask)) if ask.conversation_token else State()
        if state is None:
            record.degradations.append(Degradation("conversation", "NEW_CONVERSATION"))
        since = time.perf_counter()
        try:
            async with budget("describe", seconds=self._budgets.retrieval, share=0.3):
                catalogue = await self._catalogues.get(ask.catalog)
        except (NotFound, InvalidArgument):
            raise
        except ShopguideError as error:
            record.degradations.append(Degradation("retrieval", "NO_VOCABULARY", error))
            catalogue = None
        record.took("describe", since)
        return catalogue, state or State()

    async def _understand(
        self, ask: Ask, state: State, catalogue: Catalogue | None, record: _Record
    ) -> Understanding:
        since = time.perf_counter()
        try:
            async with budget("understand", seconds=self._budgets.intent, share=0.4):
                read = await self._understander.understand(ask.text, ask.shopper, state, catalogue)
        except InvalidArgument:
            raise
        except ShopguideError as error:
            record.degradations.append(Degradation("intent", "KEYWORD_INTENT", error))
            read = fallback.keyword_understanding(ask.text, state, ask.shopper.language)
        record.took("understand", since)
        record.degradations.extend(read.degradations)
        record.timings.extend(_under("understand", read.timings))
        return replace(read, constraints=with_selected(read, ask.selected))

    async def _look(
        self,
        ask: Ask,
        understanding: Understanding,
        catalogue: Catalogue | None,
        plan: Plan,
        record: _Record,
    ) -> Found:
        since = time.perf_counter()
        try:
            async with budget("retrieve", seconds=self._budgets.retrieval, share=0.6):
                looked = await self._looker.look(ask, understanding, catalogue, plan)
        except (NotFound, InvalidArgument):
            raise
        except ShopguideError as error:
            record.degradations.append(Degradation("retrieval", "NO_PRODUCTS", error))
            record.lost_products = True
            return Found()
        finally:
            record.took("retrieve", since)
        record.degradations.extend(looked.degradations)
        record.timings.extend(_under("retrieve", looked.timings))
        return looked.found

    def _request(
        self,
        ask: Ask,
        state: State,
        understanding: Understanding,
        catalogue: Catalogue | None,
        plan: Plan,
        found: Found,
    ) -> AnswerRequest:
        wish = understanding
        slot = (
            choose_slot(found.candidates, catalogue, wish.constraints, wish.language, state.open_slot)
            if plan.task in _SLOT_TASKS
            else None
        )
        return AnswerRequest(
            task=plan.task,
            query=ask.text,
            language=understanding.language,
            sources=found.sources,
            history=tuple(text for _, text in state.history),
            total_matches=found.matched_size,
            outcomes=found.outcomes,
            budget=understanding.budget,
            total_price=found.total_price,
            search_query=understanding.search_query,
            need=understanding.need,
            sentiment=understanding.sentiment,
            follow_up_slot=slot,
            missing_roles=found.missing_roles,
            alternative_source_ids=tuple(a.product.id for a in found.alternatives),
            ordering=understanding.ordering,
            reference_source_id=found.reference_source_id,
            currency=ask.shopper.currency,
        )

    async def _write(
        self,
        request: AnswerRequest,
        understanding: Understanding,
        found: Found,
        record: _Record,
    ) -> AsyncGenerator[str | Citation | FollowUp, None]:
        since = time.perf_counter()
        timeout = max(0.1, remaining(self._budgets.turn) - self._budgets.margin)
        try:
            async with aclosing(self._writer.write(request, timeout)) as events:
                async for event in events:
                    if isinstance(event, str) and not record.text:
                        record.took("first_text", since)
                    if isinstance(event, WriterFinish):
                        record.finish = event
                        continue
                    _note(event, record)
                    yield event
        except ShopguideError as error:
            record.degradations.append(Degradation("generation", "TEMPLATE_ANSWER", error))
            if not record.text:
                async for text in _plain(understanding, found, record):
                    yield text
        record.took("write", since)

    def _finish(
        self, ask: Ask, state: State, understanding: Understanding, found: Found, record: _Record
    ) -> Finished:
        end = record.finish
        record.degradations.extend(end.degradations)
        answer = "".join(record.text)
        after = next_state(state, understanding, ask.text, answer, found.shown, record.follow_up)
        sentences = end.model_sentences + end.template_sentences
        return Finished(
            conversation_token=self._vault.seal(after, _owner(ask)),
            attribution_token=found.attribution_token,
            degradations=tuple(record.degradations),
            timings=tuple(record.timings),
            sources=found.sources,
            input_tokens=end.input_tokens,
            output_tokens=end.output_tokens,
            model_share=end.model_sentences / sentences if sentences else 0.0,
            hand_over=end.hand_over,
            answered=end.answered,
        )


async def _plain(
    understanding: Understanding, found: Found, record: _Record
) -> AsyncGenerator[str | Citation | FollowUp, None]:
    """Stream what can be said without the generation service.

    Also used when retrieval failed: the writer would take "not looked up" for "not there".
    """
    for text in fallback.plain_answer(understanding, found):
        record.text.append(text)
        yield text


def _owner(ask: Ask) -> str:
    return f"{ask.catalog}\n{ask.shopper.visitor_id}"


def _under(stage: str, timings: tuple[Timing, ...]) -> list[Timing]:
    return [Timing(f"{stage}.{t.stage}", t.seconds) for t in timings]


def _note(event: str | Citation | FollowUp, record: _Record) -> None:
    if isinstance(event, str):
        record.text.append(event)
    elif isinstance(event, FollowUp):
        record.follow_up = event
