import grpc
import pytest
from google.rpc import error_details_pb2
from grpc_status import rpc_status

from fakes.generation_requests import headphones, product, recommend
from shopguide.generation.v1 import generation_service_pb2 as pb
from shopguide.type.v1 import answer_pb2

pytestmark = pytest.mark.anyio

SHOPPING_TASKS = [
    pb.TASK_RECOMMEND,
    pb.TASK_COMPARE,
    pb.TASK_BUNDLE,
    pb.TASK_DEAL,
    pb.TASK_GIFT,
    pb.TASK_REVIEWS,
    pb.TASK_ANSWER_PRODUCT,
    pb.TASK_ANSWER_POLICY,
]


async def violations(call) -> set[str]:
    """The fields that an INVALID_ARGUMENT names."""
    with pytest.raises(grpc.aio.AioRpcError) as raised:
        await call
    assert raised.value.code() is grpc.StatusCode.INVALID_ARGUMENT
    bad = error_details_pb2.BadRequest()
    details = rpc_status.from_call(raised.value).details
    assert any(detail.Unpack(bad) for detail in details)
    return {violation.field for violation in bad.field_violations}


def broken_fact(**fields) -> answer_pb2.Source:
    """A product whose third fact is given by hand."""
    source = product("p1", "Norte S2", 57)
    source.facts.add(**fields)
    return source


@pytest.mark.parametrize(
    ("request_", "fields"),
    [
        (recommend(task=0), {"task"}),
        (recommend(task=99), {"task"}),
        (recommend(query=""), {"query"}),
        (recommend(query="x" * 2001), {"query"}),
        (recommend(query="a\x00b"), {"query"}),
        (recommend(language_code=""), {"language_code"}),
        (recommend(language_code="fr"), {"language_code"}),
        (recommend(history=["x"] * 21), {"history"}),
        (recommend(sources=headphones() * 17), {"sources"}),
        (recommend(sources=[answer_pb2.Source(title="x")]), {"sources[0].kind", "sources[0].id"}),
        (recommend(sources=[broken_fact(key="Bad Key", text="x")]), {"sources[0].facts[2].key"}),
        (recommend(sources=[broken_fact(key="weight", number=float("nan"))]), {"sources[0].facts[2].number"}),
        (recommend(sources=[broken_fact(key="weight")]), {"sources[0].facts[2]"}),
        (
            recommend(sources=[broken_fact(key="weight", money={"currency_code": "$", "units": 1})]),
            {"sources[0].facts[2].money.currency_code"},
        ),
        (recommend(spec=pb.GenerationSpec(temperature=3)), {"spec.temperature"}),
        (recommend(spec=pb.GenerationSpec(max_output_tokens=0)), {"spec.max_output_tokens"}),
        (recommend(context=pb.AnswerContext(sentiment_score=-2)), {"context.sentiment_score"}),
        (recommend(task=0, query="", language_code="xx"), {"task", "query", "language_code"}),
    ],
)  # fmt: skip
async def test_a_bad_field_is_named(serve, read, request_, fields):
    """Every bad field is named, all at once, before a word is written."""
    async with serve() as stub:
        assert await violations(read(stub.Generate(request_))) == fields


@pytest.mark.parametrize("task", SHOPPING_TASKS)
@pytest.mark.parametrize("language", ["en", "zh"])
async def test_without_sources_it_says_so(serve, read, task, language):
    """A task that needs facts and has none is answered honestly, with `answered` false."""
    async with serve() as stub:
        answer = await read(stub.Generate(recommend(task=task, sources=[], language_code=language)))
    assert answer.text
    assert not answer.finish.answered


async def test_catalogue_oddities_do_not_break_an_answer(serve, read):
    """Control characters, brackets, pipes and absurd lengths in titles and values leave a readable answer."""
    source = product("p1", "Norte\x07 [9] | S2 " + "very long title " * 80, 57, battery=35)
    source.facts.add(key="color", text="black | [3]\nwhite", provenance="catalog")
    async with serve() as stub:
        answer = await read(stub.Generate(recommend(sources=[source])))
    assert "[9]" not in answer.text
    assert "|" not in answer.text
    assert "$57" in answer.text
    assert len(answer.text) < 800


async def test_check_grounding_refuses_what_it_cannot_check(serve):
    """A check needs a text, at least one source and a known language."""
    async with serve() as stub:
        fields = await violations(stub.CheckGrounding(pb.CheckGroundingRequest()))
    assert fields == {"text", "sources", "language_code"}
