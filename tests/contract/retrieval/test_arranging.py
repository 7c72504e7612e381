"""`SearchSpec.personalization` and `SearchSpec.diversity` over a real channel."""

import pytest

from fakes.retrieval_world import ids, product
from fakes.shopper_events import event, written
from shopguide.retrieval.v1 import retrieval_service_pb2 as pb
from shopguide.type.v1 import query_pb2

pytestmark = pytest.mark.anyio

_ANN = query_pb2.Shopper(visitor_id="ann")


@pytest.fixture
async def mugs(empty):
    """A shop of mugs: four nearly the same, two of their own kind."""
    await empty.fill(
        [
            *(product(f"plain{n}", f"plain white mug mug number {n}", 10) for n in range(4)),
            product("dragon", "mug with dragon painting", 10),
            product("dragon2", "teapot with dragon painting", 10),
            product("travel", "steel travel mug for cars", 10),
        ]
    )
    return empty


async def test_variety_brings_other_kinds_forward_and_loses_nothing(mugs):
    """The best product stays first; the same products come, the odd ones sooner."""
    same = await mugs.search("plain white mug", spec=pb.SearchSpec(diversity=0.0))
    varied = await mugs.search("plain white mug", spec=pb.SearchSpec(diversity=0.9))
    first, second = ids(same.results), ids(varied.results)
    assert first[0] == second[0]
    assert sorted(first) == sorted(second)
    assert all(i.startswith("plain") for i in first[:4])
    assert not all(i.startswith("plain") for i in second[:3])


async def test_taste_lifts_what_a_shopper_looked_at_before(mugs):
    """Who bought a dragon teapot finds the dragon mug raised most; others, and strength 0, see the common scores."""
    await mugs.write.WriteEvents(written(event("e1", "dragon2", kind="PURCHASE")))
    spec = pb.SearchSpec(personalization=1.0)
    common, hers = await _scores(mugs), await _scores(mugs, shopper=_ANN, spec=spec)
    raised = {i: hers[i] - common[i] for i in common if i != "dragon2"}
    assert max(raised, key=lambda i: raised[i]) == "dragon"
    assert 0 < raised["dragon"] <= 0.15
    assert await _scores(mugs, shopper=query_pb2.Shopper(visitor_id="nobody"), spec=spec) == common
    assert await _scores(mugs, shopper=_ANN, spec=pb.SearchSpec(personalization=0.0)) == common


async def _scores(mugs, **fields):
    response = await mugs.search("mug", **fields)
    assert [r.score for r in response.results] == sorted((r.score for r in response.results), reverse=True)
    return {r.product_id: r.score for r in response.results}


async def test_every_product_says_what_its_score_is_made_of(mugs):
    """Features by name; what the model adds is one of the parts, and the parts make the score."""
    one = (await mugs.search("dragon mug")).results[0]
    parts = one.signal_scores
    total = parts["relevance"] + parts["wishes"] + parts["prior"] + parts["model"]
    assert one.score == pytest.approx(total, abs=1e-5)
    assert parts["field_title"] == 1.0
