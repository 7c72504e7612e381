"""The clients against a fake Triton: splitting, order, deadlines, broken streams, cancellation, recovery."""

import asyncio
import json
from contextlib import aclosing
from types import MappingProxyType

import grpc
import numpy as np
import pytest

from fakes.triton_fake import FakeTriton, step, texts_of
from shopguide_runtime.errors import (
    DeadlineExceeded,
    FailedPrecondition,
    Internal,
    ResourceExhausted,
    Unavailable,
)
from shopguide_runtime.triton import (
    EncoderInfo,
    SamplingParameters,
    TextEncoder,
    TextGenerator,
    reload_if_dead,
)

pytestmark = pytest.mark.anyio

GREEDY = SamplingParameters(max_tokens=8)
DEAD = (grpc.StatusCode.INTERNAL, "Stub process 'text_encoder_0_0' is not healthy.")
PARAMETERS = MappingProxyType(
    {
        "encoder.name": "e5",
        "encoder.revision": "abc",
        "encoder.dimension": "3",
        "encoder.prefix_rule": "e5",
        "encoder.fingerprint": "e5@abc/3/e5",
    }
)


async def test_many_texts_are_split_and_put_together_in_order(fake: FakeTriton, address: str) -> None:
    """150 texts travel as requests of at most 64 and come back in order."""
    async with TextEncoder(address) as encoder:
        vectors = await encoder.embed([f"t{number}" for number in range(150)], "query", timeout=5)
    assert vectors[:, 0].tolist() == list(range(150))
    assert sorted(len(texts_of(request)) for request in fake.requests) == [22, 64, 64]


async def test_requests_in_flight_are_bounded(fake: FakeTriton, address: str) -> None:
    """One client never has more requests running than it was told."""
    fake.delay = 0.02
    async with TextEncoder(address, max_in_flight=2) as encoder:
        await encoder.embed(["t1"] * 64 * 6, "passage", timeout=10)
    assert fake.most_at_once == 2


async def test_the_deadline_covers_all_requests(fake: FakeTriton, address: str) -> None:
    """Requests that wait for their turn count against the same timeout."""
    fake.delay = 0.2
    async with TextEncoder(address, max_in_flight=1) as encoder:
        with pytest.raises(DeadlineExceeded):
            await encoder.embed(["t1"] * 64 * 4, "query", timeout=0.3)


async def test_nothing_to_embed_is_an_empty_matrix(fake: FakeTriton, address: str) -> None:
    """No texts give no rows of the right width, without an inference."""
    fake.parameters = dict(PARAMETERS)
    async with TextEncoder(address) as encoder:
        assert (await encoder.embed([], "query", timeout=5)).shape == (0, 3)
    assert not fake.requests


async def test_info_is_read_from_the_configuration(fake: FakeTriton, address: str) -> None:
    """What decides comparability comes from the served model."""
    fake.parameters = dict(PARAMETERS)
    async with TextEncoder(address) as encoder:
        assert await encoder.info() == EncoderInfo("e5", "abc", 3, "e5", "e5@abc/3/e5")
        assert await encoder.fingerprint() == "e5@abc/3/e5"


async def test_a_fingerprint_is_believed_for_five_seconds(fake: FakeTriton, address: str) -> None:
    """Within that time nothing is asked; after it another model is noticed."""
    fake.parameters = dict(PARAMETERS)
    now = [0.0]
    async with TextEncoder(address, clock=lambda: now[0]) as encoder:
        assert await encoder.fingerprint() == "e5@abc/3/e5"
        fake.parameters = PARAMETERS | {"encoder.fingerprint": "other"}
        now[0] = 5.0
        assert await encoder.fingerprint() == "e5@abc/3/e5"
        now[0] = 5.1
        assert await encoder.fingerprint() == "other"


async def test_an_encoder_without_identity_is_refused(address: str) -> None:
    """Vectors of unknown origin must not be mixed with others."""
    async with TextEncoder(address) as encoder:
        with pytest.raises(FailedPrecondition) as failure:
            await encoder.info()
    assert failure.value.reason == "ENCODER_UNKNOWN"


async def test_missing_rows_are_noticed(fake: FakeTriton, address: str) -> None:
    """An answer with fewer vectors than texts is an error, not a shorter result."""
    whole = fake.infer

    def one_row_less(request):
        response = whole(request)
        response.outputs[0].shape[0] -= 1
        response.raw_output_contents[0] = response.raw_output_contents[0][:-12]
        return response

    fake.infer = one_row_less
    async with TextEncoder(address) as encoder:
        with pytest.raises(FailedPrecondition):
            await encoder.embed(["t1", "t2"], "query", timeout=5)


async def test_a_stream_yields_its_steps(fake: FakeTriton, address: str) -> None:
    """Texts, token numbers and the final reason arrive as sent; the request carries the vLLM tensors."""
    async with TextGenerator(address) as generator:
        text, tokens = await generator.complete("prompt", GREEDY, 5, 5)
    assert text == "Hello!"
    assert [token.finish_reason for token in tokens] == [None, None, "stop"]
    assert [token.prompt_tokens for token in tokens] == [5, 5, 5]
    assert {tensor.name for tensor in fake.requests[0].inputs} >= {
        "text_input",
        "stream",
        "sampling_parameters",
    }


async def test_silence_between_steps_is_an_error(fake: FakeTriton, address: str) -> None:
    """A stream that stands still ends after the idle timeout, long before the deadline."""

    async def hangs():
        yield step("a")
        await asyncio.sleep(60)

    fake.steps = hangs
    async with TextGenerator(address) as generator:
        with pytest.raises(Unavailable) as failure:
            await generator.complete("prompt", GREEDY, 30, 0.1)
        assert failure.value.reason == "MODEL_STREAM_SILENT"
        await asyncio.wait_for(fake.cancelled.wait(), 5)


async def test_a_stream_without_an_end_is_an_error(fake: FakeTriton, address: str) -> None:
    """An answer that stops without a finish reason is not taken for a whole one."""

    async def cut_off():
        yield step("a")

    fake.steps = cut_off
    async with TextGenerator(address) as generator:
        with pytest.raises(Unavailable, match="ended a stream early"):
            await generator.complete("prompt", GREEDY, 5, 5)


async def test_a_message_inside_the_stream_is_an_error(fake: FakeTriton, address: str) -> None:
    """Triton reports some failures as text inside a stream that goes on."""

    async def fails():
        message = step("")
        message.error_message = "boom"
        yield message

    fake.steps = fails
    async with TextGenerator(address) as generator:
        with pytest.raises(Internal) as failure:
            await generator.complete("prompt", GREEDY, 5, 5)
    assert failure.value.reason == "MODEL_FAILED"


async def test_leaving_early_cancels_the_call(fake: FakeTriton, address: str) -> None:
    """The server hears at once that nobody reads any more."""

    async def endless():
        while True:
            yield step("a")
            await asyncio.sleep(0.01)

    fake.steps = endless
    async with TextGenerator(address) as generator:
        async with aclosing(generator.stream("prompt", GREEDY, 30, 5)) as steps:
            await anext(steps)
        await asyncio.wait_for(fake.cancelled.wait(), 5)


async def test_a_full_model_is_told_apart_from_a_dead_one(fake: FakeTriton, address: str) -> None:
    """Both are UNAVAILABLE on the wire."""
    fake.failure = (grpc.StatusCode.UNAVAILABLE, "Error generating stream: Too many live requests: 64")
    async with TextGenerator(address) as generator:
        with pytest.raises(ResourceExhausted):
            await generator.complete("prompt", GREEDY, 5, 5)


async def test_the_watchdog_loads_a_dead_model(fake: FakeTriton, address: str) -> None:
    """A model whose process is gone is loaded again, once."""
    fake.infer = _vector
    fake.failure = DEAD
    assert await reload_if_dead(address, "text_encoder")
    assert not await reload_if_dead(address, "text_encoder")
    assert fake.loaded == ["text_encoder"]


@pytest.mark.parametrize(
    ("failure", "expected"),
    [
        ((grpc.StatusCode.UNAVAILABLE, "Exceeds maximum queue size"), ResourceExhausted),
        ((grpc.StatusCode.DEADLINE_EXCEEDED, "late"), DeadlineExceeded),
        ((grpc.StatusCode.UNAVAILABLE, "connection refused"), Unavailable),
    ],
)
async def test_the_watchdog_leaves_a_busy_model_alone(
    fake: FakeTriton, address: str, failure: tuple[grpc.StatusCode, str], expected: type[Exception]
) -> None:
    """Loading again would throw away the work of a model that is only slow or full."""
    fake.failure = failure
    with pytest.raises(expected):
        await reload_if_dead(address, "text_encoder")
    assert not fake.loaded


def test_only_set_parameters_are_sent() -> None:
    """VLLM's backend rejects what it does not know, so nothing is sent that was not asked for."""
    assert json.loads(SamplingParameters(max_tokens=3).to_json()) == {"max_tokens": 3, "temperature": 0.0}
    full = SamplingParameters(max_tokens=3, temperature=0.5, top_k=4, stop=("\n",), seed=0)
    assert json.loads(full.to_json()) == {
        "max_tokens": 3,
        "temperature": 0.5,
        "top_k": 4,
        "stop": ["\n"],
        "seed": 0,
    }


def _vector(request):
    from tritonclient.grpc import service_pb2

    response = service_pb2.ModelInferResponse()
    response.outputs.add(name="EMBEDDING", datatype="FP32", shape=[1, 3])
    response.raw_output_contents.append(np.ones(3, np.float32).tobytes())
    return response
