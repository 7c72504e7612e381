"""Conversations: follow-ups, many at once, and life after a restart."""

import asyncio

import pytest

from fakes.demo_shop import CATALOG
from fakes.shopper import price
from shopguide_client import AsyncClient, Client

HEADPHONES_ZH, HEADPHONES_EN = "头戴式降噪耳机", "over-ear headphones"


@pytest.mark.parametrize(
    ("first", "then", "positions"),
    [
        (HEADPHONES_EN, "how much is the second one?", [1]),
        (HEADPHONES_EN, "tell me more about the second one", [1]),
        (HEADPHONES_ZH, "第一个和第三个有啥区别，跑步戴哪个", [0, 2]),
        (HEADPHONES_EN, "difference between the first and the third?", [0, 2]),
    ],
)
def test_words_that_point_mean_what_was_shown(shopper, first, then, positions):
    """Ordinals point at the products of the turn before, in their order."""
    person = shopper()
    seen = person.say(first)
    turn = person.say(then)
    assert turn.ids == [seen.ids[position] for position in positions]
    assert turn.messages[0].turn_started.turn_number == 2


@pytest.mark.parametrize(
    ("first", "then"),
    [("两千以内的降噪耳机", "再便宜一点的有吗"), ("headphones under $200", "anything cheaper?")],
)
def test_cheaper_means_cheaper_than_what_was_shown(shopper, first, then):
    """Asking for cheaper ones keeps the topic and shows lower prices than before."""
    person = shopper()
    seen = person.say(first)
    turn = person.say(then)
    assert {p.category_path[-1] for p in turn.products} == {p.category_path[-1] for p in seen.products}
    assert max(map(price, turn.products)) < max(map(price, seen.products))


def test_an_offered_answer_can_be_picked(shopper):
    """Picking an answer that was offered applies what it means."""
    person = shopper()
    seen = person.say("headphones")
    assert seen.answer.follow_up is not None
    choice = next(a for a in seen.answer.follow_up.suggested_answers if a.HasField("condition"))
    turn = person.say(choice)
    fields = {outcome.constraint.condition.field for outcome in turn.answer.outcomes}
    assert choice.condition.field in fields
    assert turn.products


def test_a_conversation_of_another_shopper_is_not_continued(shopper, client):
    """A token brought by another visitor starts anew, says so, and tells nothing of the first conversation."""
    person = shopper()
    seen = person.say(HEADPHONES_EN)
    thief = client.conversation(CATALOG, "thief")
    thief.token = person.talk.token
    messages = list(thief.say("how much is the second one?"))
    assert messages[0].turn_started.turn_number == 1
    assert thief.answer.finished is not None
    lost = [(d.component, d.fallback) for d in thief.answer.finished.degradations]
    assert ("conversation", "NEW_CONVERSATION") in lost
    assert [scored.product_id for scored in thief.answer.products] != [seen.ids[1]]


@pytest.mark.anyio
async def test_conversations_at_the_same_moment_stay_apart(stack, shop, client):
    """Eight conversations of two turns at once each get answers about their own topic."""
    topics = {
        "Headphones": HEADPHONES_EN,
        "Dresses": "summer dress",
        "耳机": HEADPHONES_ZH,
        "吹风机": "吹风机",
    }

    whole: list[int] = []

    async def converse(api: AsyncClient, number: int, category: str, words: str) -> set[str]:
        talk = api.conversation(CATALOG, f"crowd-{number}")
        seen = []
        pointed = "第二个什么颜色" if category in {"耳机", "吹风机"} else "how much is the second one?"
        for text in (words, pointed):
            async for _ in talk.say(text):
                pass
            assert talk.answer.finished is not None
            seen.append([scored.product for scored in talk.answer.products])
        end = talk.answer.finished
        if end is None or end.degradations:
            # On a busy machine a turn may go without the encoder; then only the first one tells the topic.
            return {p.category_path[-1] for p in seen[0]}
        whole.append(number)
        assert [p.id for p in seen[1]] == [seen[0][1].id]
        return {p.category_path[-1] for products in seen for p in products}

    async with AsyncClient(stack.gateway) as api:
        crowd = [*topics.items(), *topics.items()]
        found = await asyncio.gather(*(converse(api, i, *one) for i, one in enumerate(crowd)))
    assert found == [{category} for category, _ in crowd]
    assert len(whole) >= len(crowd) // 2


def test_data_and_conversations_outlive_the_stack(stack, shopper, shop):
    """After a stop and a start the catalogue is complete and a conversation goes on."""
    person = shopper()
    seen = person.say(HEADPHONES_EN)
    stack.down()
    stack.up()
    with Client(stack.gateway) as again:
        about = again.describe(CATALOG)
        assert (about.product_count, about.review_count) == (len(shop.products), len(shop.reviews))
        talk = again.conversation(CATALOG, person.talk._shopper.visitor_id)
        talk.token = person.talk.token
        assert list(talk.say("how much is the second one?"))
    assert [scored.product_id for scored in talk.answer.products] == [seen.ids[1]]
