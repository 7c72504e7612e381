"""GuideService over a real channel, with the services behind it in memory."""

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from functools import partial

import grpc
import grpc.aio
import pytest

from fakes.gateway_records import FakeRecords
from fakes.gateway_services import FakeRetriever, FakeUnderstander, FakeWriter, product
from shopguide.gateway.v1 import guide_service_pb2 as pb
from shopguide.gateway.v1 import guide_service_pb2_grpc as pb_grpc
from shopguide.type.v1 import answer_pb2, query_pb2
from shopguide_gateway.adapters.vault import new_key
from shopguide_gateway.bootstrap import SERVICE, make_servicer
from shopguide_gateway.config import GatewaySettings
from shopguide_gateway.domain.model import (
    Condition,
    Constraint,
    FaqMatch,
    Money,
    Ordering,
    Reference,
    Scope,
    Understanding,
)
from shopguide_runtime.channels import open_channel
from shopguide_runtime.errors import InvalidArgument, Unavailable, Unimplemented, from_rpc_error
from shopguide_runtime.testing import serve_in_process

pytestmark = pytest.mark.anyio

SHOPPER = query_pb2.Shopper(visitor_id="v1")


@dataclass
class World:
    """The gateway's surroundings and a client."""

    understander: FakeUnderstander = field(default_factory=FakeUnderstander)
    retriever: FakeRetriever = field(default_factory=FakeRetriever)
    writer: FakeWriter = field(default_factory=FakeWriter)
    stub: pb_grpc.GuideServiceStub = None

    async def chat(self, text="headphones", **fields) -> list[pb.ChatResponse]:
        """Take a turn and return its messages."""
        values = {"catalog": "catalogs/default", "shopper": SHOPPER, "text": text} | fields
        return [message async for message in self.stub.Chat(pb.ChatRequest(**values))]


@asynccontextmanager
async def serving(world: World, **settings):
    """Serve a gateway over the world's fakes."""
    config = GatewaySettings(conversation_keys=(new_key(),), **settings)
    servicer = make_servicer(config, world.understander, world.retriever, world.writer, FakeRecords())
    add = partial(pb_grpc.add_GuideServiceServicer_to_server, servicer)
    async with serve_in_process([add], service_names=[SERVICE]) as address:
        channel = open_channel(address)
        world.stub = pb_grpc.GuideServiceStub(channel)
        try:
            yield world
        finally:
            await channel.close()


def kinds(messages) -> list[str]:
    """Return the kinds of the messages of a stream."""
    return [m.WhichOneof("event") for m in messages]


async def refused(world: World, call) -> InvalidArgument:
    """Return the error that a call ends with."""
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await call
    return from_rpc_error(caught.value, "gateway")


async def test_a_turn_streams_products_before_text_and_ends_once():
    """A turn starts with turn_started, shows products before any text, and ends with exactly one turn_finished."""
    async with serving(World()) as world:
        messages = await world.chat()
    assert kinds(messages) == [
        "turn_started",
        "understanding",
        "products",
        "text_delta",
        "citation",
        "text_delta",
        "follow_up",
        "turn_finished",
    ]
    end = messages[-1].turn_finished
    assert [s.id for s in end.sources] == ["p1", "p2", "p3"]
    assert (end.attribution_token, end.model_share, end.input_tokens) == ("a1", 0.5, 10)
    assert not end.degradations


async def test_the_conversation_goes_on_with_its_token():
    """The next turn knows what was shown, asked and said in the turn before."""
    async with serving(World()) as world:
        first = await world.chat()
        token = first[-1].turn_finished.conversation_token
        second = await world.chat("the second one", conversation_token=token)
    assert second[0].turn_started.turn_number == 2
    state = world.understander.asked[-1][1]
    assert [s.product_id for s in state.shown] == ["p1", "p2", "p3"]
    assert (state.last_intent, state.open_slot) == ("SEARCH", "attributes.color")
    assert state.history == (("SHOPPER", "headphones"), ("GUIDE", "First. Second."))


@pytest.mark.parametrize("damage", ["flip", "truncate", "other visitor", "other catalogue's key", "noise"])
async def test_a_tampered_token_starts_anew_and_says_so(damage):
    """A token that was changed, cut, stolen, or sealed by somebody else never continues a conversation."""
    async with serving(World()) as world:
        token = (await world.chat())[-1].turn_finished.conversation_token
        shopper = query_pb2.Shopper(visitor_id="v2" if damage == "other visitor" else "v1")
        if damage == "other catalogue's key":
            async with serving(World()) as elsewhere:
                token = (await elsewhere.chat())[-1].turn_finished.conversation_token
        bad = {
            "flip": token[:40] + ("A" if token[40] != "A" else "B") + token[41:],
            "truncate": token[:-9],
            "noise": "conversation-7\u4f60",
        }.get(damage, token)
        messages = await world.chat(conversation_token=bad, shopper=shopper)
    assert messages[0].turn_started.turn_number == 1
    assert world.understander.asked[-1][1].shown == ()
    fallbacks = [d.fallback for d in messages[-1].turn_finished.degradations]
    assert fallbacks == ["NEW_CONVERSATION"]


async def test_an_expired_token_starts_anew():
    """A token older than its time to live no longer continues the conversation."""
    async with serving(World(), conversation_ttl_seconds=1) as world:
        token = (await world.chat())[-1].turn_finished.conversation_token
        # Fernet counts in whole seconds of the server's clock.
        await asyncio.sleep(2.1)
        messages = await world.chat(conversation_token=token)
    assert messages[0].turn_started.turn_number == 1


async def test_without_the_intent_service_the_words_are_searched():
    """A dead intent service makes the answer lesser, not absent, and the end of the turn says so."""
    world = World(FakeUnderstander(error=Unavailable("intent")))
    async with serving(world):
        messages = await world.chat("red headphones")
    assert world.retriever.arguments[-1]["query"] == "red headphones"
    assert "products" in kinds(messages)
    (lost,) = messages[-1].turn_finished.degradations
    assert (lost.component, lost.fallback, lost.status.code) == ("intent", "KEYWORD_INTENT", 14)


async def test_without_the_retrieval_service_the_turn_still_ends():
    """A dead retrieval service leaves an answer without products, named in the degradations."""
    world = World(retriever=FakeRetriever(error=Unavailable("retrieval")))
    async with serving(world):
        messages = await world.chat()
    assert "products" not in kinds(messages)
    assert [d.fallback for d in messages[-1].turn_finished.degradations] == ["NO_PRODUCTS"]


async def test_without_the_generation_service_products_are_listed():
    """A dead generation service leaves a plain list of the same products."""
    world = World(writer=FakeWriter(fail_before=Unavailable("generation")))
    async with serving(world):
        messages = await world.chat()
    text = "".join(m.text_delta for m in messages)
    assert "Norte H100 headphones [1] $41" in text
    assert [d.fallback for d in messages[-1].turn_finished.degradations] == ["TEMPLATE_ANSWER"]


async def test_a_writer_that_dies_half_way_is_not_started_again():
    """Text already sent stands; the end says that the rest is missing."""
    world = World(writer=FakeWriter(fail_between=Unavailable("generation")))
    async with serving(world):
        messages = await world.chat()
    assert "".join(m.text_delta for m in messages) == "First. "
    assert [d.component for d in messages[-1].turn_finished.degradations] == ["generation"]


async def test_a_client_that_leaves_ends_the_writing():
    """Cancelling the stream closes the writer behind it."""
    async with serving(World()) as world:
        request = pb.ChatRequest(catalog="catalogs/default", shopper=SHOPPER, text="headphones")
        call = world.stub.Chat(request)
        async for message in call:
            if message.WhichOneof("event") == "text_delta":
                call.cancel()
                break
        await world.chat()
    assert world.writer.closed == len(world.writer.requests)


ASKS = [
    ("COMPARE", (Reference("p1"), Reference("p3")), "products", "COMPARE"),
    ("SIMILAR", (Reference("p2"),), "products", "SIMILAR"),
    ("PRODUCT_QUESTION", (Reference("p2"),), "search_reviews", "ANSWER_PRODUCT"),
    ("REVIEWS", (Reference("p2"),), "search_reviews", "REVIEWS"),
    ("SHOP_QUESTION", (), "search_faq", "ANSWER_POLICY"),
    ("COMPLAINT", (), "search_faq", "COMPLAINT"),
    ("DEAL", (), "find_deals", "DEAL"),
    ("BUNDLE", (Reference("p2"),), "products", "BUNDLE"),
    ("BUNDLE", (), "search", "RECOMMEND"),
    ("RECOMMEND", (), "search", "RECOMMEND"),
    ("GIFT", (), "search", "GIFT"),
]


@pytest.mark.parametrize(("intent", "references", "call", "task"), ASKS)
async def test_every_intent_family_gets_its_plan(intent, references, call, task):
    """Each intent family asks retrieval for what it needs and the writer for its own task."""
    wish = Understanding(intent, 0.9, "headphones", "en", references=references)
    world = World(FakeUnderstander(wish))
    async with serving(world):
        await world.chat()
    assert world.retriever.calls[-1] == call
    assert world.writer.requests[-1].task == task


@pytest.mark.parametrize(("intent", "task"), [("CHITCHAT", "CHITCHAT"), ("OUT_OF_SCOPE", "OUT_OF_SCOPE")])
async def test_talk_needs_no_retrieval(intent, task):
    """Small talk and what is out of scope are answered without looking anything up."""
    world = World(FakeUnderstander(Understanding(intent, 0.9, "", "en")))
    async with serving(world):
        messages = await world.chat("hello")
    assert world.retriever.calls == ["describe"]
    assert (world.writer.requests[-1].task, "products" in kinds(messages)) == (task, False)


async def test_several_roles_are_looked_up_jointly():
    """Two roles and a budget become one joint search; the total is shown with the products."""
    wish = Understanding(
        "SEARCH",
        0.9,
        "dress sandals",
        "en",
        scopes=(Scope("dress", "dress"), Scope("sandals", "sandals")),
        budget=Money("USD", 250),
    )
    world = World(FakeUnderstander(wish))
    async with serving(world):
        messages = await world.chat()
    shown = next(m.products for m in messages if m.HasField("products"))
    assert [r.role for r in shown.results] == ["dress", "sandals"]
    assert shown.total_price.units == 83
    assert world.retriever.arguments[-1]["budget"] == Money("USD", 250)
    request = world.writer.requests[-1]
    assert request.task == "BUNDLE"
    assert [(s.id, s.role) for s in request.sources] == [("p1", "dress"), ("p2", "sandals"), ("p6", "dress")]


async def test_a_wish_that_nobody_can_check_is_told():
    """A wish that no field expresses has an outcome, whatever the look-up and whether or not retrieval tells of it."""
    silent = Constraint(None, "UNSUPPORTED", "smells nice", 0.7)
    for intent in ("SEARCH", "COMPARE", "SIMILAR", "DEAL"):
        wish = Understanding(
            intent, 0.9, "headphones", "en", (silent,), references=(Reference("p1"), Reference("p2"))
        )
        world = World(FakeUnderstander(wish))
        async with serving(world):
            await world.chat()
        told = [(o.constraint.evidence, o.kind, o.reason) for o in world.writer.requests[-1].outcomes]
        assert told == [("smells nice", "DROPPED", "UNSUPPORTED")], intent


async def test_only_entries_near_the_best_answer_a_shop_question():
    """An entry of the FAQ that is far behind the best one is no source, nor is one that is hardly about it."""
    entries = tuple(FaqMatch(f"f{n}", "Q", "A", "en", score) for n, score in enumerate((0.95, 0.9, 0.7, 0.4)))
    world = World(
        FakeUnderstander(Understanding("SHOP_QUESTION", 0.9, "returns", "en")), FakeRetriever(faq=entries)
    )
    async with serving(world):
        await world.chat()
    assert [s.id for s in world.writer.requests[-1].sources] == ["f0", "f1"]


async def test_a_question_is_about_the_product_that_is_named():
    """The product whose model and brand the words name is answered about, not the one that ranks first."""
    held = (product(1, title="PS5 controller", brand="Velden"), product(2, title="Norte Q7 headphones"))
    constraint = Constraint(Condition("brand", any_of=("Norte",)), "SOFT")
    wish = Understanding("PRODUCT_QUESTION", 0.9, "Norte Q7 PS5", "en", (constraint,))
    world = World(FakeUnderstander(wish), FakeRetriever(held))
    async with serving(world):
        await world.chat("does the Norte Q7 work with a PS5?")
    assert world.writer.requests[-1].sources[0].id == "p2"


async def test_a_known_shopper_is_recommended_what_fits_them():
    """With events of their own, or without a word to search for, retrieval recommends, the products in view as context."""
    for query, personal, called in (
        ("headphones", True, True),
        ("", False, True),
        ("headphones", False, False),
    ):
        world = World(FakeUnderstander(), FakeRetriever(personal=personal))
        async with serving(world):
            token = (await world.chat())[-1].turn_finished.conversation_token
            world.understander.answer = Understanding("RECOMMEND", 0.9, query, "en")
            await world.chat("recommend me something", conversation_token=token)
        asked = world.retriever.arguments[world.retriever.calls.index("recommend")]
        assert (asked["seen_ids"], asked["query"]) == (("p1", "p2", "p3"), query)
        shown = [s.id for s in world.writer.requests[-1].sources]
        assert (shown == ["p3", "p4", "p5"]) is called
        reasons = [f.value for f in world.writer.requests[-1].sources[0].facts if f.key == "reason"]
        assert reasons == (["TRENDING"] if called else [])


async def test_what_goes_with_a_product_is_told_with_why():
    """Products that go with the one pointed at, which stands beside them for reference; the total is theirs alone."""
    wish = Understanding("BUNDLE", 0.9, "", "en", references=(Reference("p1"),), budget=Money("USD", 100))
    world = World(FakeUnderstander(wish))
    async with serving(world):
        messages = await world.chat("what goes with this?")
    request = world.writer.requests[-1]
    assert (request.task, request.reference_source_id) == ("BUNDLE", "p1")
    assert [s.id for s in request.sources] == ["p2", "p3", "p1"]
    assert ("reason", "COMPLEMENTS:p1") in [(f.key, f.value) for f in request.sources[0].facts]
    assert next(m.products for m in messages if m.HasField("products")).total_price.units == 83


async def test_that_nothing_goes_with_a_product_is_told_as_that():
    """Without anything that goes with it the product stands alone for reference, and nothing else is put in its place."""
    wish = Understanding("BUNDLE", 0.9, "", "en", references=(Reference("p1"),))
    world = World(FakeUnderstander(wish), FakeRetriever(products_held=(product(1),)))
    async with serving(world):
        messages = await world.chat("what goes with this?")
    request = world.writer.requests[-1]
    assert (request.task, [s.id for s in request.sources]) == ("BUNDLE", ["p1"])
    assert "products" not in kinds(messages)


async def test_limits_on_the_product_are_none_on_what_goes_with_it():
    """What was asked of headphones is not asked of what goes with them; what this turn says is."""
    before = Constraint(Condition("category", any_of=("Headphones",)), "SOFT")
    now = Constraint(Condition("price", maximum=50, currency="USD"), "HARD")
    world = World(FakeUnderstander(Understanding("SEARCH", 0.9, "headphones", "en", (before,))))
    async with serving(world):
        token = (await world.chat())[-1].turn_finished.conversation_token
        world.understander.answer = Understanding(
            "BUNDLE", 0.9, "", "en", (before, now), references=(Reference("p1"),)
        )
        await world.chat("what goes with the first one, under $50?", conversation_token=token)
    asked = world.retriever.arguments[world.retriever.calls.index("find_bundle")]["constraints"]
    assert [c.condition.field for c in asked] == ["price", "language"]


async def test_deals_carry_why_they_are_good():
    """What is saved, the discount and the place among the category's prices are facts of the product they are about."""
    world = World(FakeUnderstander(Understanding("DEAL", 0.9, "headphones", "en")))
    async with serving(world):
        await world.chat()
    first, second = world.writer.requests[-1].sources
    facts = {f.key: f.value for f in first.facts}
    assert (facts["saving"].amount, facts["discount_share"], facts["cheaper_than_share"]) == (39, 0.49, 0.8)
    assert "saving" not in {f.key for f in second.facts}


@pytest.mark.parametrize(
    ("wish", "lost", "fallback", "task"),
    [
        (Understanding("RECOMMEND", 0.9, "", "en"), "recommend", "SEARCH_FOR_RECOMMEND", "RECOMMEND"),
        (Understanding("DEAL", 0.9, "headphones", "en"), "find_deals", "SEARCH_FOR_DEALS", "DEAL"),
        (
            Understanding("BUNDLE", 0.9, "headphones", "en", references=(Reference("p1"),)),
            "find_bundle",
            "SEARCH_FOR_BUNDLE",
            "RECOMMEND",
        ),
    ],
)
@pytest.mark.parametrize("error", [Unimplemented("RetrievalService", "Not yet."), Unavailable("retrieval")])
async def test_where_advice_is_lost_a_search_stands_in(wish, lost, fallback, task, error):
    """A method that is missing or fails costs only itself: the search answers, and the degradation names it."""
    world = World(FakeUnderstander(wish), FakeRetriever(lost={lost: error}))
    async with serving(world):
        messages = await world.chat()
    assert world.retriever.calls[-1] == "search"
    assert world.writer.requests[-1].task == task
    assert [d.fallback for d in messages[-1].turn_finished.degradations] == [fallback]


async def test_a_picked_answer_becomes_a_hard_limit():
    """Picking a suggested answer puts its condition in force."""
    condition = query_pb2.Condition(field="attributes.color", any_of=query_pb2.TextSet(values=["red"]))
    picked = answer_pb2.SuggestedAnswer(text="red", condition=condition)
    async with serving(World()) as world:
        messages = await world.chat(text=None, selected_answer=picked)
    (constraint,) = messages[1].understanding.constraints
    assert constraint.strength == query_pb2.Constraint.STRENGTH_HARD
    assert list(constraint.condition.any_of.values) == ["red"]


async def test_the_question_back_splits_the_candidates():
    """The writer is offered the attribute whose values differ among the candidates, with its label."""
    async with serving(World()) as world:
        await world.chat()
    slot = world.writer.requests[-1].follow_up_slot
    assert (slot.slot, slot.label) == ("attributes.color", "colour")
    assert {o.text for o in slot.options} == {"red", "blue"}


BAD_CHATS = [
    ({"text": ""}, "text"),
    ({"text": " \n "}, "text"),
    ({"text": "x" * 100_000}, "text"),
    ({"text": "head\x00phones"}, "text"),
    ({"catalog": ""}, "catalog"),
    ({"catalog": "default"}, "catalog"),
    ({"shopper": query_pb2.Shopper()}, "shopper.visitor_id"),
    ({"shopper": query_pb2.Shopper(visitor_id="v" * 200)}, "shopper.visitor_id"),
    ({"shopper": query_pb2.Shopper(visitor_id="v", currency_code="yuan")}, "shopper.currency_code"),
    ({"max_products": -1}, "max_products"),
    ({"filter": query_pb2.Filter(conditions=[query_pb2.Condition(field="brand")])}, "filter.conditions[0]"),
    (
        {
            "filter": query_pb2.Filter(
                conditions=[
                    query_pb2.Condition(field="price", range=query_pb2.NumberRange(minimum=9, maximum=1))
                ]
            )
        },
        "filter.conditions[0].range",
    ),
]


@pytest.mark.parametrize(("fields", "named"), BAD_CHATS)
async def test_bad_chats_name_the_field(fields, named):
    """Every malformed field of a turn is refused with its own name, before any service is asked."""
    async with serving(World()) as world:
        error = await refused(world, world.chat(**fields))
    assert isinstance(error, InvalidArgument)
    assert [v.field for v in error.violations] == [named]
    assert world.retriever.calls == []


async def test_an_unknown_catalogue_is_not_found():
    """A catalogue that does not exist is NOT_FOUND, not an empty answer."""
    async with serving(World()) as world:
        error = await refused(world, world.chat(catalog="catalogs/none"))
    assert (error.code, error.reason) == (grpc.StatusCode.NOT_FOUND, "CATALOG_NOT_FOUND")


async def test_pictures_are_refused_not_ignored():
    """A picture is UNIMPLEMENTED as long as there is no model for it."""
    async with serving(World()) as world:
        image = query_pb2.ImageQuery(uri="https://example.com/a.png")
        error = await refused(world, world.chat(image=image))
    assert error.code == grpc.StatusCode.UNIMPLEMENTED


async def test_search_returns_what_was_understood_and_found():
    """Search gives products, the understanding behind them and the token for the events that follow."""
    async with serving(World()) as world:
        request = pb.SearchRequest(catalog="catalogs/default", shopper=SHOPPER, query="headphones")
        response = await world.stub.Search(request)
    assert [r.product_id for r in response.results] == ["p1", "p2", "p3", "p4", "p5", "p6"]
    assert (response.understanding.search_query, response.attribution_token) == ("headphones", "a1")
    assert response.results[0].product.price.units == 41


async def test_search_without_retrieval_is_unavailable():
    """A search has nothing to fall back on without retrieval, so it fails with a retry hint."""
    world = World(retriever=FakeRetriever(error=Unavailable("retrieval", retry_after=2)))
    async with serving(world):
        request = pb.SearchRequest(catalog="catalogs/default", shopper=SHOPPER, query="headphones")
        error = await refused(world, world.stub.Search(request))
    assert (error.code, error.retry_after) == (grpc.StatusCode.UNAVAILABLE, 2)


@pytest.mark.parametrize("method", ["Ask"])
async def test_planned_methods_are_unimplemented(method):
    """A method that is planned says UNIMPLEMENTED with its name, never a made-up answer."""
    async with serving(World()) as world:
        request = getattr(pb, f"{method}Request")()
        error = await refused(world, getattr(world.stub, method)(request))
    assert error.code == grpc.StatusCode.UNIMPLEMENTED
    assert method in error.message


async def test_deals_show_true_savings_first():
    """Where retrieval finds no deals, the best one is the largest saving against the product's own list price."""
    base = FakeRetriever()
    cheap = replace(base.products_held[4], original_price=Money("USD", 200))
    held = (*base.products_held[:4], cheap)
    world = World(
        FakeUnderstander(Understanding("DEAL", 0.9, "headphones", "en")),
        FakeRetriever(products_held=held, lost={"find_deals": Unimplemented("FindDeals")}),
    )
    async with serving(world):
        messages = await world.chat()
    shown = next(m.products for m in messages if m.HasField("products"))
    assert shown.results[0].product_id == "p5"


async def test_an_order_holds_to_the_category_that_was_named():
    """Asked for the cheapest phone, a cheaper phone case is no answer: with an order the category becomes a limit."""
    phones = Constraint(Condition("category", any_of=("Phones",)), "SOFT", "phone")
    wish = Understanding(
        "SEARCH", 0.9, "phone", "en", constraints=(phones,), ordering=Ordering("price", descending=False)
    )
    world = World(FakeUnderstander(wish))
    async with serving(world):
        await world.chat("cheapest phone")
    sent = world.retriever.arguments[-1]
    assert [c.strength for c in sent["constraints"] if c.condition.field == "category"] == ["HARD"]
    assert sent["shopper"].currency == "USD"


async def test_a_question_about_nothing_in_view_is_asked_back():
    """Asked for the price of "the second one" when nothing was shown, the guide asks which product is meant."""
    world = World(FakeUnderstander(Understanding("PRODUCT_QUESTION", 0.9, "how much is it", "en")))
    async with serving(world):
        messages = await world.chat("how much is the second one?")
    assert world.writer.requests[-1].task == "CLARIFY"
    assert "products" not in kinds(messages)
