import grpc
import pytest

from fakes.guide_servers import BELOW_60
from shopguide.type.v1 import answer_pb2, query_pb2
from shopguide_client import ApiError, AsyncClient, Client, IndexClient
from shopguide_client.importing.native import product
from shopguide_client.importing.rows import UnreadableFileError

SHOPPER = query_pb2.Shopper(visitor_id="v1")


def test_a_turn_is_put_together(address, guide):
    """The stream becomes one answer; a kind of event that is not known is skipped."""
    with Client(address) as client:
        talk = client.conversation("catalogs/demo", "v1", language_code="en")
        kinds = [message.WhichOneof("event") for message in talk.say("a mouse", max_products=2)]
    assert kinds[0] == "turn_started"
    assert None in kinds
    assert talk.answer.text == "Take the Norte [1]."
    assert talk.answer.understanding is not None
    assert talk.answer.understanding.search_query == "mouse"
    assert [p.product_id for p in talk.answer.products] == ["m1"]
    assert [o.nearest_value for o in talk.answer.outcomes] == [57.5]
    assert [list(c.source_numbers) for c in talk.answer.citations] == [[1]]
    assert talk.answer.follow_up is not None
    assert talk.answer.follow_up.question == "Wired?"
    asked = guide.turns[0]
    assert (asked.catalog, asked.shopper.visitor_id, asked.shopper.language_code) == (
        "catalogs/demo",
        "v1",
        "en",
    )
    assert (asked.text, asked.max_products, asked.conversation_token) == ("a mouse", 2, "")


def test_a_conversation_carries_its_token_on(address, guide):
    """Each turn sends the token of the one before; a suggested answer goes as itself; another conversation starts anew."""
    with Client(address) as client:
        talk = client.conversation("catalogs/demo", "v1")
        list(talk.say("a mouse"))
        list(talk.say(answer_pb2.SuggestedAnswer(text="wireless", condition=BELOW_60)))
        list(client.conversation("catalogs/demo", "v1").say("hello"))
    assert [turn.conversation_token for turn in guide.turns] == ["", "token 1", ""]
    assert guide.turns[1].WhichOneof("input") == "selected_answer"
    assert guide.turns[1].selected_answer.condition == BELOW_60


def test_a_turn_that_breaks_off(address):
    """What came before the break stays, the error is told, and the conversation goes on from the turn before."""
    with Client(address) as client:
        talk = client.conversation("catalogs/demo", "v1")
        list(talk.say("a mouse"))
        with pytest.raises(ApiError, match="the generation service is gone"):
            list(talk.say("break"))
    assert talk.answer.text == "Take the Norte "
    assert talk.answer.finished is None
    assert talk.token == "token 1"


@pytest.mark.anyio
async def test_the_async_client_does_the_same(address, guide):
    """Chat, the token, search, describe and errors behave as in the blocking client."""
    async with AsyncClient(address) as client:
        talk = client.conversation("catalogs/demo", "v1")
        for words in ("a mouse", "another"):
            kinds = [message.WhichOneof("event") async for message in talk.say(words)]
        page = await client.search("catalogs/demo", "mouse", SHOPPER, conditions=[BELOW_60], page_size=5)
        about = await client.describe("catalogs/demo")
        with pytest.raises(ApiError) as failure:
            await client.search("catalogs/demo", "busy", SHOPPER)
        with pytest.raises(ApiError, match="INVALID_ARGUMENT"):
            _ = [message async for message in talk.say("invalid")]
    assert kinds[-1] == "turn_finished"
    assert [turn.conversation_token for turn in guide.turns] == ["", "token 1", "token 2"]
    assert ([p.product_id for p in page.results], about.product_count) == (["m1"], 3)
    assert guide.searches[0].filter.conditions[0] == BELOW_60
    assert failure.value.retry_after == 1.5


def test_errors_carry_what_the_server_said(address):
    """Code, machine word, message, violations by field and the time to wait are read from the rich status."""
    with Client(address) as client:
        with pytest.raises(ApiError) as wrong:
            client.search("catalogs/demo", "invalid", SHOPPER)
        with pytest.raises(ApiError) as busy:
            client.search("catalogs/demo", "busy", SHOPPER)
    assert (wrong.value.code, wrong.value.reason) == (grpc.StatusCode.INVALID_ARGUMENT, "FIELD_REQUIRED")
    assert [(v.field, v.description) for v in wrong.value.violations] == [("query", "must not be empty")]
    assert str(wrong.value) == "INVALID_ARGUMENT: The request is wrong."
    assert (busy.value.reason, busy.value.retry_after, busy.value.violations) == ("QUOTA_EXCEEDED", 1.5, ())


def test_errors_without_details(address):
    """A plain gRPC error has its code as the machine word and nothing to wait for."""
    with Client(address) as client, pytest.raises(ApiError) as failure:
        client.search("catalogs/none", "plain", SHOPPER)
    assert (failure.value.code, failure.value.reason) == (grpc.StatusCode.NOT_FOUND, "NOT_FOUND")
    assert failure.value.retry_after is None


def test_products_are_streamed_in_batches(address, index):
    """Every batch is a message of one stream, and the counts and failures come back."""
    batches = [
        [product({"id": "a", "title": "a"}), product({"id": "b", "title": "refused"})],
        [product({"id": "c", "title": "c"})],
    ]
    with IndexClient(address) as client:
        response = client.upsert_products("catalogs/demo", batches)
    assert index.catalogs == ["catalogs/demo"] * 2
    assert [p.id for p in index.products] == ["a", "c"]
    assert (response.upserted_count, response.failed_count, response.failures[0].index) == (2, 1, 1)


def test_what_breaks_the_reading_of_a_file_is_raised_as_it_is(address):
    """GRPC would say UNKNOWN; the caller hears why the batch could not be made."""

    def batches():
        yield [product({"id": "a", "title": "a"})]
        raise UnreadableFileError("products.csv: unexpected end of data")

    with IndexClient(address) as client, pytest.raises(UnreadableFileError, match="unexpected end"):
        client.upsert_products("catalogs/demo", batches())


def test_all_pages_of_catalogues(address):
    """Listing follows the page tokens to the last one."""
    with IndexClient(address) as client:
        assert [c.name for c in client.list_catalogs()] == ["catalogs/c0", "catalogs/c1", "catalogs/c2"]
