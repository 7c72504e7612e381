"""The served text encoder against transformers on its master copy, and its behaviour at the edges."""

import asyncio
import json
from pathlib import Path

import grpc.aio
import numpy as np
import numpy.typing as npt
import pytest

from fakes.reference_models import ReferenceEncoder
from fakes.triton_server import TritonProcess
from shopguide_runtime.errors import InvalidArgument
from shopguide_runtime.triton import Role, TextEncoder, wire

pytestmark = [pytest.mark.anyio, pytest.mark.triton, pytest.mark.models, pytest.mark.timeout(300)]

TEXTS = [
    "towels",
    "两百以内的蓝牙降噪耳机，不要苹果的",
    "Reef Men's Fanning Flip Flop Sandals, Black/Silver, 11",
    "u全包床头罩实木床头套棉麻床头防尘罩夹头棉加厚欧式软包床保护套",
    "iPhone 15 Pro 手机壳 magsafe 磁吸 ￥59.90",
    "Crème brûlée torch für die Küche, Größe 40 ½″ ～ €12",
    "ﾊﾟﾝ の 店\t１２３　ＡＢＣ",
    "waterproof hiking boots for women wide fit size 8.5 under $120 with good ankle support",
    "laptop 16GB RAM RTX 4090 " * 30,
    "适合送给妈妈的生日礼物 " * 60,
]


@pytest.fixture(scope="module")
def reference(models: Path) -> ReferenceEncoder:
    """Transformers on the same master copy."""
    return ReferenceEncoder(models / "text_encoder")


def cosines(left: npt.NDArray[np.float32], right: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Row by row cosine of unit vectors."""
    return np.asarray((left * right).sum(axis=1), np.float32)


@pytest.mark.parametrize(("role", "limit"), [("query", 128), ("passage", 256)])
async def test_embeddings_equal_transformers(
    encoder: TextEncoder, reference: ReferenceEncoder, role: Role, limit: int
) -> None:
    """The served int8 graph keeps the direction of every vector of the float32 master copy."""
    served = await encoder.embed(TEXTS, role, timeout=60)
    similar = cosines(served, reference.embed(TEXTS, role, limit))
    assert similar.mean() >= 0.999
    assert similar.min() >= 0.998


async def test_vectors_are_unit_float32(encoder: TextEncoder) -> None:
    """A dot product of two embeddings is their cosine."""
    vectors = await encoder.embed(TEXTS, "query", timeout=60)
    assert vectors.shape == (len(TEXTS), 384)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-5)


async def test_order_survives_splitting_and_sorting(encoder: TextEncoder) -> None:
    """Texts of mixed lengths over several requests come back in the order they were given in."""
    texts = [f"{'long winter coat ' * (index % 7)}item {index}" for index in range(150)]
    together = await encoder.embed(texts, "passage", timeout=100)
    chosen = [0, 6, 63, 64, 65, 127, 128, 149]
    alone = np.concatenate([await encoder.embed([texts[index]], "passage", timeout=30) for index in chosen])
    assert cosines(together[chosen], alone).min() >= 0.9995
    nearest = (together @ alone.T).argmax(axis=0)
    assert list(nearest) == chosen


async def test_roles_give_different_vectors(encoder: TextEncoder) -> None:
    """The same text as query and as passage is not the same vector."""
    query, passage = [await encoder.embed(["蓝牙耳机"], role, timeout=30) for role in ("query", "passage")]
    assert cosines(query, passage)[0] < 0.99


async def test_same_need_in_two_languages_is_near(encoder: TextEncoder) -> None:
    """A Chinese query is nearer to the English product it asks for than to others."""
    products = ["noise cancelling headphones", "cotton bath towel", "mountain bike"]
    query = await encoder.embed(["降噪耳机"], "query", timeout=30)
    passages = await encoder.embed(products, "passage", timeout=30)
    assert int((passages @ query[0]).argmax()) == 0


async def test_fingerprint_is_that_of_the_weights(encoder: TextEncoder, models: Path) -> None:
    """Clients read the identity of exactly the weights on disk."""
    manifest = json.loads((models / "text_encoder" / "manifest.json").read_text())
    assert await encoder.fingerprint() == manifest["model"]["encoder.fingerprint"]
    info = await encoder.info()
    assert info.fingerprint == f"{info.name}@{info.revision}/{info.dimension}/{info.prefix_rule}"


async def test_an_empty_text_is_named(encoder: TextEncoder) -> None:
    """The error says which text of the request is wrong."""
    with pytest.raises(InvalidArgument, match=r"TEXT\[2\] is empty"):
        await encoder.embed(["a", "b", "  "], "query", timeout=30)


async def test_a_bad_request_does_not_spoil_its_batch(encoder: TextEncoder) -> None:
    """Of requests that Triton computes together only the wrong one fails."""
    calls = [encoder.embed([text], "query", timeout=30) for text in ("a", "", "b", "c")]
    outcomes = await asyncio.gather(*calls, return_exceptions=True)
    assert [isinstance(outcome, InvalidArgument) for outcome in outcomes] == [False, True, False, False]


@pytest.mark.parametrize(
    ("texts", "roles", "message"),
    [
        (["x"], ["title"], r"ROLE\[0\] must be one of query, passage"),
        (["x"] * 65, ["query"] * 65, "batch-size must be <= 64"),
    ],
)
async def test_requests_outside_of_the_contract_are_refused(
    triton: TritonProcess, texts: list[str], roles: list[str], message: str
) -> None:
    """A wrong role and an oversized batch are INVALID_ARGUMENT with a reason."""
    channel, stub = wire.connect(triton.address)
    inputs = {
        "TEXT": wire.text_array(texts).reshape(-1, 1),
        "ROLE": wire.text_array(roles).reshape(-1, 1),
    }
    async with channel:
        with pytest.raises(grpc.aio.AioRpcError, match=message) as failure:
            await stub.ModelInfer(wire.infer_request("text_encoder", inputs), timeout=30)
    assert failure.value.code() == grpc.StatusCode.INVALID_ARGUMENT


async def test_concurrent_requests_share_passes(encoder: TextEncoder, triton: TritonProcess) -> None:
    """Triton batches requests that arrive together."""
    before = [
        triton.metric(name, "text_encoder") for name in ("nv_inference_count", "nv_inference_exec_count")
    ]
    async with TextEncoder(triton.address, max_in_flight=32) as busy:
        await asyncio.gather(*(busy.embed([f"text {i}"], "query", timeout=60) for i in range(64)))
    after = [
        triton.metric(name, "text_encoder") for name in ("nv_inference_count", "nv_inference_exec_count")
    ]
    assert after[0] - before[0] == 64
    assert after[1] - before[1] < 48
