"""The intent service over a real in-process channel, with a fake encoder."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

import grpc
import grpc.aio
import pytest

from fakes.intent_catalog import catalog_description
from fakes.intent_encoder import AwayEncoder, HashEncoder
from shopguide.intent.v1 import intent_service_pb2 as pb
from shopguide.intent.v1 import intent_service_pb2_grpc as pb_grpc
from shopguide.type.v1 import query_pb2
from shopguide_intent.bootstrap import make_understander
from shopguide_intent.config import IntentSettings
from shopguide_intent.domain.heads import load_heads
from shopguide_intent.servicer import IntentServicer
from shopguide_runtime.errors import DeadlineExceeded, ShopguideError, from_rpc_error
from shopguide_runtime.health import Check
from shopguide_runtime.testing import serve_in_process

pytestmark = pytest.mark.anyio

HEADS = load_heads()
CATALOG = "catalogs/demo"
HARD = query_pb2.Constraint.STRENGTH_HARD


@asynccontextmanager
async def _service(encoder: HashEncoder, **settings: object) -> AsyncIterator[pb_grpc.IntentServiceStub]:
    servicer = IntentServicer(
        make_understander(IntentSettings(port=0, metrics_port=0, **settings), encoder, HEADS)
    )
    add = partial(pb_grpc.add_IntentServiceServicer_to_server, servicer)
    async with (
        serve_in_process([add], service_names=["shopguide.intent.v1.IntentService"]) as address,
        grpc.aio.insecure_channel(address) as channel,
    ):
        yield pb_grpc.IntentServiceStub(channel)


async def _run(calls, encoder: HashEncoder | None = None, **settings: object):
    """Run `calls(stub)` against a service with a healthy fake encoder."""
    async with _service(encoder or HashEncoder(HEADS.encoder_fingerprint), **settings) as stub:
        return await calls(stub)


async def _error(calls, encoder: HashEncoder | None = None) -> ShopguideError:
    async def failing(stub):
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await calls(stub)
        return from_rpc_error(caught.value, "intent")

    return await _run(failing, encoder)


def _request(text: str, **fields: object) -> pb.UnderstandRequest:
    return pb.UnderstandRequest(text=text, catalog=CATALOG, vocabulary=catalog_description(), **fields)


async def test_a_message_is_understood_in_full() -> None:
    """Query, limits, language, intents and the query's vector come back."""
    answer = await _run(lambda stub: stub.Understand(_request("两千以内的降噪耳机，不要入耳式的")))
    assert answer.search_query == "降噪耳机"
    assert answer.language_code == "zh"
    hard = {c.condition.field: c.condition for c in answer.constraints if c.strength == HARD}
    assert hard["price"].range.maximum == 2000
    assert not hard["price"].range.HasField("minimum")
    assert hard["price"].currency_code == "CNY"
    assert set(hard["attributes.form"].none_of.values) == {"入耳式", "in-ear"}
    assert hard["attributes.noise_cancelling"].range.minimum == 1
    assert len(answer.query_vector.values) == 384
    assert answer.query_vector.encoder_fingerprint == HEADS.encoder_fingerprint
    assert answer.model == HEADS.version
    assert {timing.stage for timing in answer.timings} == {"parse", "encode", "decide"}
    assert not answer.degradations


async def test_confidences_are_probabilities_best_first() -> None:
    """They fall, stay in [0, 1], and those below the bound are left out except the best."""
    answer = await _run(lambda stub: stub.Understand(_request("does it work with a mac", min_confidence=0.0)))
    confidences = [label.confidence for label in answer.intents]
    assert len(confidences) == 13
    assert confidences == sorted(confidences, reverse=True)
    assert sum(confidences) == pytest.approx(1, abs=1e-4)
    strict = await _run(lambda stub: stub.Understand(_request("does it work with a mac", min_confidence=1.0)))
    assert len(strict.intents) == 1


async def test_one_message_costs_one_encoder_call() -> None:
    """The message and its query travel together; a batch too."""
    encoder = HashEncoder(HEADS.encoder_fingerprint)
    await _run(lambda stub: stub.Understand(_request("headphones under $50")), encoder)
    assert encoder.calls == [["headphones under $50", "headphones"]]
    encoder.calls.clear()
    batch = pb.BatchUnderstandRequest(requests=[_request("cheap phones under $50"), _request("耳机")])
    answer = await _run(lambda stub: stub.BatchUnderstand(batch), encoder)
    assert [len(call) for call in encoder.calls] == [3]
    assert [r.language_code for r in answer.responses] == ["en", "zh"]


async def test_an_unknown_vocabulary_is_asked_for_once() -> None:
    """VOCABULARY_MISSING, then sent, then held."""

    async def calls(stub):
        bare = pb.UnderstandRequest(text="不要苹果的手机", catalog=CATALOG, vocabulary_revision="r1")
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await stub.Understand(bare)
        first = from_rpc_error(caught.value, "intent")
        await stub.Understand(_request("不要苹果的手机", vocabulary_revision="r1"))
        return first, await stub.Understand(bare)

    first, answer = await _run(calls)
    assert first.code is grpc.StatusCode.FAILED_PRECONDITION
    assert first.reason == "VOCABULARY_MISSING"
    assert any("Apple" in c.condition.none_of.values for c in answer.constraints)


async def test_old_vocabularies_make_room() -> None:
    """The cache is bounded: the one unused for longest is gone."""

    async def calls(stub):
        for revision in ("r1", "r2", "r3"):
            request = pb.UnderstandRequest(
                text="耳机", catalog=CATALOG, vocabulary=catalog_description(revision)
            )
            await stub.Understand(request)
        await stub.Understand(pb.UnderstandRequest(text="耳机", catalog=CATALOG, vocabulary_revision="r3"))
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await stub.Understand(
                pb.UnderstandRequest(text="耳机", catalog=CATALOG, vocabulary_revision="r1")
            )
        return from_rpc_error(caught.value, "intent").reason

    assert await _run(calls, cached_vocabularies=2) == "VOCABULARY_MISSING"


async def test_without_a_catalogue_prices_are_still_read() -> None:
    """Nothing named, nothing grounded, no error."""
    answer = await _run(lambda stub: stub.Understand(pb.UnderstandRequest(text="kindle under $100")))
    assert [c.condition.field for c in answer.constraints] == ["price"]
    assert answer.search_query == "kindle"


@pytest.mark.parametrize("error", [None, DeadlineExceeded("text_encoder")])
async def test_a_lost_encoder_degrades_and_does_not_fail(error: ShopguideError | None) -> None:
    """Limits stay exact, the intent is a guess by words, and the response says so."""
    answer = await _run(lambda stub: stub.Understand(_request("两千以内的耳机")), AwayEncoder(error))
    assert [d.component for d in answer.degradations] == ["text_encoder"]
    assert answer.degradations[0].fallback == "KEYWORD_INTENT"
    assert not answer.HasField("query_vector")
    assert answer.intents
    assert any(c.condition.range.maximum == 2000 for c in answer.constraints)


async def test_another_encoder_is_refused() -> None:
    """Embeddings of another model would be nonsense to the heads."""
    error = await _error(lambda stub: stub.Understand(_request("耳机")), HashEncoder("other@1/384/e5"))
    assert error.code is grpc.StatusCode.FAILED_PRECONDITION
    assert error.reason == "ENCODER_MISMATCH"


async def test_a_mismatch_makes_the_server_not_ready() -> None:
    """The readiness probe fails with another encoder and passes while the encoder is away."""
    settings = IntentSettings(port=0, metrics_port=0)
    mismatched = make_understander(settings, HashEncoder("other@1/384/e5"), HEADS)
    with pytest.raises(ShopguideError, match="other@1"):
        await Check("encoder_fingerprint", mismatched.verify).probe()
    await make_understander(settings, AwayEncoder(), HEADS).verify()


async def test_the_dialogue_travels_both_ways() -> None:
    """Shown products, limits in force and the last intent are read; references come back by id."""
    state = pb.DialogueState(last_intent="SEARCH", search_query="降噪耳机", language_code="zh")
    state.constraints.add(strength=HARD, evidence="两千以内").condition.CopyFrom(
        query_pb2.Condition(field="price", range=query_pb2.NumberRange(maximum=2000), currency_code="CNY")
    )
    for place, price in enumerate((1299, 1799, 699), start=1):
        shown = state.shown_products.add(product_id=f"p{place}", title=f"声谷 Q{place}")
        shown.price.units, shown.price.currency_code = price, "CNY"
    compared = await _run(lambda stub: stub.Understand(_request("第一个和第三个有啥区别", state=state)))
    assert [(r.product_id, r.position) for r in compared.references] == [("p1", 1), ("p3", 3)]
    assert compared.intents[0].label == "COMPARE"
    assert not compared.topic_changed
    assert compared.constraints[0].condition.range.maximum == 2000
    cheaper = await _run(lambda stub: stub.Understand(_request("便宜点的", state=state)))
    assert cheaper.search_query == "降噪耳机"
    assert cheaper.intents[0].label == "SEARCH"
    assert [c.condition.range.maximum for c in cheaper.constraints if c.condition.field == "price"] == [
        698.99
    ]


async def test_roles_and_budget_come_back() -> None:
    """Several products and one total."""
    text = "outfit for a beach wedding: dress, sandals and a clutch, 250 total"
    answer = await _run(lambda stub: stub.Understand(_request(text)))
    assert [scope.role for scope in answer.scopes] == ["dress", "sandals", "clutch"]
    assert (answer.budget.total.units, answer.budget.total.currency_code) == (250, "USD")
    assert answer.intents[0].label == "BUNDLE"
    assert answer.need.occasion == "beach wedding"


@pytest.mark.parametrize(
    ("request_", "field"),
    [
        (pb.UnderstandRequest(text=""), "text"),
        (pb.UnderstandRequest(text="   "), "text"),
        (pb.UnderstandRequest(text="耳" * 100_000), "text"),
        (pb.UnderstandRequest(text="a\x00b"), "text"),
        (pb.UnderstandRequest(text="a", history=[pb.Turn(role="ROLE_SHOPPER", text="x")] * 21), "history"),
        (pb.UnderstandRequest(text="a", history=[pb.Turn(text="x")]), "history[0].role"),
        (pb.UnderstandRequest(text="a", min_confidence=2), "min_confidence"),
        (pb.UnderstandRequest(text="a", currency_code="dollars"), "currency_code"),
        (
            pb.UnderstandRequest(text="a", state=pb.DialogueState(shown_products=[pb.ShownProduct()] * 21)),
            "state.shown_products",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
async def test_bad_input_is_named(request_: pb.UnderstandRequest, field: str) -> None:
    """INVALID_ARGUMENT says which field is wrong."""
    error = await _error(lambda stub: stub.Understand(request_))
    assert error.code is grpc.StatusCode.INVALID_ARGUMENT
    assert error.metadata["field"] == field


async def test_a_bad_batch_names_the_element() -> None:
    """An empty batch and a wrong member are refused as a whole."""
    empty = await _error(lambda stub: stub.BatchUnderstand(pb.BatchUnderstandRequest()))
    assert empty.metadata["field"] == "requests"
    batch = pb.BatchUnderstandRequest(requests=[pb.UnderstandRequest(text="ok"), pb.UnderstandRequest()])
    assert (await _error(lambda stub: stub.BatchUnderstand(batch))).metadata["field"] == "requests[1].text"


@pytest.mark.parametrize(
    "text",
    [
        "🎁🎁🎁",
        "????",
        "a" * 2000,
        "，。！",
        "1" * 500,
        "不要" * 300,
        "under " * 300,
        "一" * 2000,
        "two hundred " * 160,
        "价格预算" * 500,
    ],
)
async def test_odd_messages_are_answered(text: str) -> None:
    """Emoji, punctuation, long repetitions that tempt patterns to backtrack: an answer, not an error."""
    assert (await _run(lambda stub: stub.Understand(_request(text)))).intents
