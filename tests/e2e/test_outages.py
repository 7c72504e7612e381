"""What a shopper sees while a part is down, and that everything comes back by itself."""

import asyncio
from collections.abc import Iterator
from contextlib import suppress

import grpc
import pytest

from fakes.demo_shop import CATALOG
from fakes.running_stack import small_gateway, wait_for
from fakes.shopper import OPTIONAL, check_turn
from shopguide.type.v1 import query_pb2
from shopguide_client import ApiError, AsyncClient

WORDS, CATEGORY = "over-ear headphones", "Headphones"
CROWD = 32
MOST_REFUSALS = 300


@pytest.fixture(autouse=True)
def recovered(stack, shopper) -> Iterator[None]:
    """After each drill everything must come back by itself, up to a turn in which nothing was left out."""
    yield

    def whole() -> bool:
        with suppress(ApiError):
            return bool(shopper().say(WORDS, whole=False).fallbacks.keys() <= OPTIONAL)
        return False

    stack.thaw()
    stack.wait_until_serving()
    wait_for(whole, "a turn in which nothing was left out")


def test_without_generation_the_facts_are_still_told(stack, shopper):
    """A turn while generation is down shows the products and tells them plainly, and says so."""
    restarts = stack.part("generation").restarts
    stack.kill("generation")
    turn = shopper().say(WORDS, whole=False)
    assert turn.fallbacks == {"generation": "TEMPLATE_ANSWER"}
    assert {p.category_path[-1] for p in turn.products} == {CATEGORY}
    assert all(product.title in turn.text for product in turn.products)
    stack.wait_for_restart("generation", restarts)


def test_a_turn_survives_generation_dying_in_the_middle_of_it(stack, shopper):
    """When generation dies while it writes, the turn still ends as every turn does."""
    person = shopper()
    messages = []
    restarts = stack.part("generation").restarts
    for message in person.talk.say(WORDS):
        messages.append(message)
        if message.WhichOneof("event") == "products":
            stack.kill("generation")
    assert messages[-1].WhichOneof("event") == "turn_finished"
    assert person.talk.answer.text
    stack.wait_for_restart("generation", restarts)


def test_without_intent_the_words_are_searched_as_they_are(stack, shopper):
    """A turn while intent is down finds products by the words, and says so."""
    restarts = stack.part("intent").restarts
    stack.kill("intent")
    turn = shopper().say(WORDS, whole=False)
    assert turn.fallbacks["intent"] == "KEYWORD_INTENT"
    assert CATEGORY in {p.category_path[-1] for p in turn.products}
    stack.wait_for_restart("intent", restarts)


def test_while_qdrant_hangs_calls_end_in_time_and_say_why(stack, shopper, client):
    """With Qdrant frozen a turn ends with a named degradation and a search with an error that may be retried."""
    stack.freeze("qdrant")
    turn = shopper().say(WORDS, whole=False)
    assert "retrieval" in turn.fallbacks
    assert not turn.products
    with pytest.raises(ApiError) as caught:
        client.search(CATALOG, WORDS, query_pb2.Shopper(visitor_id="q"), timeout=20)
    assert caught.value.code in {grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED}


def test_qdrant_comes_back_with_everything(stack, shop, client):
    """After Qdrant was killed the catalogue is complete."""
    restarts = stack.part("qdrant").restarts
    stack.kill("qdrant")
    stack.wait_for_restart("qdrant", restarts)

    def complete() -> bool:
        with suppress(ApiError):
            return int(client.describe(CATALOG).product_count) == len(shop.products)
        return False

    wait_for(complete, "the whole catalogue is there")


def test_without_the_encoder_words_alone_are_searched_and_it_is_revived(stack, shopper):
    """A turn while the encoder's process is dead is searched by words alone, and says so; the watchdog loads it anew."""
    stack.kill_model("text_encoder")
    turn = shopper().say(WORDS, whole=False)
    assert turn.fallbacks["text_encoder"] == "SPARSE_ONLY"
    assert CATEGORY in {p.category_path[-1] for p in turn.products}


@pytest.mark.anyio
async def test_a_crowd_is_refused_politely_and_nothing_is_lost(stack, shop, client, tmp_path):
    """With room for few turns, those beyond are refused with a hint when to try again, and then all are answered."""
    limits = {"MAX_CONCURRENT_REQUESTS": "2", "MAX_QUEUED_REQUESTS": "2", "OVERLOAD_RETRY_SECONDS": "0.5"}
    with small_gateway(stack, tmp_path, limits) as address:
        async with AsyncClient(address) as api:
            refusals = await asyncio.gather(*(_ask_until_answered(api, f"many-{n}") for n in range(CROWD)))
    all_refusals = [error for errors in refusals for error in errors]
    assert len(all_refusals) >= CROWD // 2
    expected = (grpc.StatusCode.RESOURCE_EXHAUSTED, "SERVER_BUSY", 0.5)
    assert {(error.code, error.reason, error.retry_after) for error in all_refusals} == {expected}


async def _ask_until_answered(api: AsyncClient, visitor: str) -> list[ApiError]:
    """Take one turn, again after each refusal when it says; returns the refusals."""
    refusals: list[ApiError] = []
    while len(refusals) < MOST_REFUSALS:
        talk = api.conversation(CATALOG, visitor)
        try:
            kinds = [message.WhichOneof("event") async for message in talk.say("hi there")]
        except ApiError as error:
            refusals.append(error)
            await asyncio.sleep(error.retry_after or 0)
            continue
        assert (kinds[0], kinds[-1], kinds.count("turn_finished")) == ("turn_started", "turn_finished", 1)
        return refusals
    raise AssertionError("refused for ever")


def test_every_part_works_at_the_end_of_the_drills(shopper):
    """Nothing that the drills did is left."""
    turn = shopper().say(WORDS)
    check_turn(turn)
    assert {p.category_path[-1] for p in turn.products} == {CATEGORY}
