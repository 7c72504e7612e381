"""The served generator against transformers on the shipped weights, and the behaviour of the vLLM backend."""

import asyncio
import json
from contextlib import aclosing
from pathlib import Path
from typing import Any

import grpc.aio
import numpy as np
import pytest

from fakes.reference_models import ReferenceGenerator
from fakes.triton_server import TritonProcess
from shopguide_devstack.weights.packages import GENERATOR_SOURCE
from shopguide_runtime.errors import InvalidArgument, ResourceExhausted
from shopguide_runtime.triton import SamplingParameters, TextGenerator, Token, wire

pytestmark = [pytest.mark.anyio, pytest.mark.triton, pytest.mark.models, pytest.mark.timeout(300)]

LIMITS: Any = {"timeout": 90.0, "idle_timeout": 45.0}
QUESTIONS = [
    "Why are noise cancelling headphones useful on a plane?",
    "Write one sentence about a waterproof hiking boot for $89.",
    "Compare a 13-inch laptop with a 16-inch laptop.",
    "List three gifts for a runner.",
    "两百元以内的蓝牙耳机有什么推荐？",
    "用一句话介绍一件羊毛外套。",
    "Rewrite politely: the shop returns money in 14 days.",
]


def chat(question: str) -> str:
    """The model's own chat format."""
    turns = [("system", "You are a shopping guide."), ("user", question)]
    return (
        "".join(f"<|im_start|>{role}\n{text}<|im_end|>\n" for role, text in turns) + "<|im_start|>assistant\n"
    )


def story(tokens: int) -> tuple[str, SamplingParameters]:
    """A prompt and parameters that run to the limit or close to it."""
    return chat("Write a very long story about a shop."), SamplingParameters(max_tokens=tokens)


@pytest.fixture(scope="module")
def expected(models: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The answer to each question in transformers on the weights as shipped."""
    shipped = GENERATOR_SOURCE.locate(tmp_path_factory.mktemp("shipped"))
    reference = ReferenceGenerator(shipped, models / "generator")
    return dict(zip(QUESTIONS, reference.greedy([chat(question) for question in QUESTIONS], 24), strict=True))


@pytest.mark.parametrize("question", QUESTIONS)
async def test_greedy_text_equals_transformers(
    generator: TextGenerator, expected: dict[str, str], question: str
) -> None:
    """Weights, tokenizer and attention are exactly the model's: 24 likeliest tokens agree."""
    text, _ = await generator.complete(chat(question), SamplingParameters(max_tokens=24), **LIMITS)
    assert text == expected[question].removesuffix("\ufffd")


async def test_deltas_add_up_to_the_whole_answer(triton: TritonProcess, generator: TextGenerator) -> None:
    """The pieces of a stream are the text that the same request gets in one response."""
    prompt, parameters = chat(QUESTIONS[4]), SamplingParameters(max_tokens=40)
    streamed, tokens = await generator.complete(prompt, parameters, **LIMITS)
    whole = await _raw(triton, prompt, parameters.to_json(), exclude_input_in_output=True)
    assert [_text(response) for response in whole] == [streamed]
    assert len(tokens) > 5


async def test_unary_answer_begins_with_the_prompt_by_default(triton: TritonProcess) -> None:
    """Without `exclude_input_in_output` a response that is not a stream repeats the prompt, as vLLM's backend does."""
    (response,) = await _raw(triton, "The colour of grass is", '{"max_tokens": 3, "temperature": 0}')
    assert _text(response).startswith("The colour of grass is ")


async def test_only_the_last_step_has_a_finish_reason(generator: TextGenerator) -> None:
    """A generation cut by `max_tokens` says `length` at its end, and the steps' tokens add up."""
    _, tokens = await generator.complete(*story(12), **LIMITS)
    assert [token.finish_reason for token in tokens] == [None] * (len(tokens) - 1) + ["length"]
    assert sum(token.tokens for token in tokens) == 12
    assert {token.prompt_tokens for token in tokens} == {tokens[0].prompt_tokens}
    assert tokens[0].prompt_tokens > 10


async def test_the_end_of_the_answer_is_a_stop(generator: TextGenerator) -> None:
    """When the model ends its turn the reason is `stop` and its end token is not shown."""
    parameters = SamplingParameters(max_tokens=200)
    text, tokens = await generator.complete(chat("Say only: yes"), parameters, **LIMITS)
    assert tokens[-1].finish_reason == "stop"
    assert "<|im_end|>" not in text


async def test_stop_text_ends_the_answer_and_is_left_out(generator: TextGenerator) -> None:
    """No part of a stop text is ever streamed."""
    prompt = chat(QUESTIONS[0])
    free, _ = await generator.complete(prompt, SamplingParameters(max_tokens=30), **LIMITS)
    stop = free[12:18]
    text, tokens = await generator.complete(prompt, SamplingParameters(max_tokens=30, stop=(stop,)), **LIMITS)
    assert text == free[: free.index(stop)]
    assert tokens[-1].finish_reason == "stop"


async def test_seeded_sampling_repeats(generator: TextGenerator) -> None:
    """The same seed gives the same text, another seed another one."""
    texts = []
    for seed in (7, 7, 8, 9):
        parameters = SamplingParameters(max_tokens=16, temperature=1.2, seed=seed)
        texts.append((await generator.complete(chat(QUESTIONS[3]), parameters, **LIMITS))[0])
    assert texts[0] == texts[1]
    assert len(set(texts)) > 1


async def test_structured_output_is_one_of_the_choices(triton: TritonProcess) -> None:
    """`structured_outputs` constrains the tokens, so even a weak model answers in the wanted form."""
    parameters = json.dumps(
        {"max_tokens": 10, "temperature": 0, "structured_outputs": '{"choice": ["apple", "pear"]}'}
    )
    (response,) = await _raw(triton, chat("What is a laptop?"), parameters, exclude_input_in_output=True)
    assert _text(response) in {"apple", "pear"}


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ('{"max_token": 3}', "unknown or unsupported sampling parameter 'max_token'"),
        ('{"max_tokens": "many"}', "'max_tokens' has the wrong type"),
        ('{"top_p": 2}', "'top_p' must be between"),
        ('{"n": 2}', "'n' has the wrong type"),
        ("[1]", "must be a JSON object"),
        ("{", "is not JSON"),
    ],
)
async def test_bad_sampling_parameters_are_named(
    triton: TritonProcess, parameters: str, message: str
) -> None:
    """A parameter that vLLM would reject is rejected with its name, not ignored."""
    with pytest.raises(grpc.aio.AioRpcError, match=message) as failure:
        await _raw(triton, "x", parameters)
    assert failure.value.code() == grpc.StatusCode.INVALID_ARGUMENT


async def test_parameters_may_be_strings(triton: TritonProcess) -> None:
    """Values in quotes are converted, as vLLM's backend does."""
    (response,) = await _raw(
        triton, "x", '{"max_tokens": "4", "temperature": "0"}', return_num_output_tokens=True
    )
    assert wire.output(response, "num_output_tokens") == [4]


async def test_a_stream_cannot_repeat_the_prompt(triton: TritonProcess) -> None:
    """`stream` with `exclude_input_in_output` false is refused with the words of vLLM's backend."""
    with pytest.raises(grpc.aio.AioRpcError, match="`exclude_input_in_output` = False is not allowed"):
        await _raw(triton, "x", "{}", stream=True, exclude_input_in_output=False)


async def test_a_prompt_beyond_the_context_is_refused(generator: TextGenerator) -> None:
    """The error names the limit."""
    with pytest.raises(InvalidArgument, match="context of the model 8192"):
        await generator.complete("x " * 9000, SamplingParameters(max_tokens=1), **LIMITS)


async def test_leaving_a_stream_frees_the_engine(triton: TritonProcess, generator: TextGenerator) -> None:
    """A client that stops listening stops the computation."""
    async with aclosing(generator.stream(*story(4000), **LIMITS)) as steps:
        for _ in range(3):
            await anext(steps)
        assert _busy(triton) == 1
    assert await _reaches(triton, 0)
    before = triton.metric("vllm:generation_tokens_total", "generator")
    await asyncio.sleep(0.3)
    assert triton.metric("vllm:generation_tokens_total", "generator") == before


async def test_a_cancelled_task_frees_the_engine(triton: TritonProcess, generator: TextGenerator) -> None:
    """Cancelling the task that reads has the same effect as closing the stream."""
    task = asyncio.create_task(generator.complete(*story(4000), **LIMITS))
    assert await _reaches(triton, 1)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await _reaches(triton, 0)


async def test_concurrent_streams_do_not_mix(generator: TextGenerator) -> None:
    """Six prompts at once get the answers they get alone."""
    prompts = [chat(question) for question in QUESTIONS[:6]]
    parameters = SamplingParameters(max_tokens=16)
    together = await asyncio.gather(*(generator.complete(prompt, parameters, **LIMITS) for prompt in prompts))
    alone = [await generator.complete(prompt, parameters, **LIMITS) for prompt in prompts]
    assert [text for text, _ in together] == [text for text, _ in alone]


async def test_one_request_too_many_is_refused(triton: TritonProcess, generator: TextGenerator) -> None:
    """A full generator refuses at once and recovers when there is room."""
    streams = [generator.stream(*story(2000), **LIMITS) for _ in range(12)]
    try:
        await asyncio.gather(*(anext(stream) for stream in streams))
        with pytest.raises(ResourceExhausted) as refusal:
            await generator.complete(*story(1), **LIMITS)
        assert refusal.value.reason == "MODEL_QUEUE_FULL"
    finally:
        for stream in streams:
            await stream.aclose()
    assert await _reaches(triton, 0)
    _, tokens = await generator.complete(*story(1), **LIMITS)
    assert isinstance(tokens[-1], Token)


async def _raw(triton: TritonProcess, prompt: str, parameters: str, **flags: bool) -> list[Any]:
    inputs: dict[str, Any] = {
        "text_input": wire.text_array([prompt]),
        "sampling_parameters": wire.text_array([parameters]),
        **{name: np.array([value]) for name, value in flags.items()},
    }
    channel, stub = wire.connect(triton.address)

    async def requests() -> Any:
        yield wire.infer_request("generator", inputs)

    async with channel:
        call = stub.ModelStreamInfer(requests(), timeout=60, metadata=(("triton_grpc_error", "true"),))
        return [message.infer_response async for message in call]


def _text(response: Any) -> str:
    values = wire.output(response, "text_output")
    assert values is not None
    return str(values[0].decode())


def _busy(triton: TritonProcess) -> float:
    return sum(triton.metric(f"vllm:num_requests_{state}", "generator") for state in ("running", "waiting"))


async def _reaches(triton: TritonProcess, requests: int) -> bool:
    for _ in range(200):
        if _busy(triton) == requests:
            return True
        await asyncio.sleep(0.05)
    return False
