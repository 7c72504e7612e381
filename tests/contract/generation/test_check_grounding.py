import pytest

from fakes.generation_requests import headphones
from shopguide.generation.v1 import generation_service_pb2 as pb

pytestmark = pytest.mark.anyio


async def test_true_statements_are_cited_and_false_ones_named(serve):
    """Each statement is judged by itself: citations for what holds, claim and reason for what does not."""
    text = "Norte S2 [1] costs $57. It has 35 hours of battery. Ola Mini [3] costs $57. Zorvex Q9 is great."
    request = pb.CheckGroundingRequest(text=text, sources=headphones(), language_code="en")
    async with serve() as stub:
        response = await stub.CheckGrounding(request)
    assert response.grounding_score == pytest.approx(0.5)
    assert [text[c.start_index : c.end_index] for c in response.citations] == [
        "Norte S2 [1] costs $57.",
        "It has 35 hours of battery.",
    ]
    assert {(claim.claim, claim.reason) for claim in response.ungrounded_claims} >= {("$57", "WRONG_VALUE")}
    assert any("zorvex" in claim.claim for claim in response.ungrounded_claims)


async def test_offsets_count_bytes_of_the_text(serve):
    """Offsets of a Chinese text cut out whole statements."""
    text = "先看 Norte S2 [1]：$57。它的重量 999 克。"
    request = pb.CheckGroundingRequest(text=text, sources=headphones(), language_code="zh")
    async with serve() as stub:
        response = await stub.CheckGrounding(request)
    cut = [text.encode()[c.start_index : c.end_index].decode() for c in response.citations]
    assert cut == ["先看 Norte S2 [1]：$57。"]
    assert response.ungrounded_claims[0].reason == "WRONG_VALUE"
