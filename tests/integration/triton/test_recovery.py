"""What clients see when a model's process dies, a load fails, or the server stops; and how it comes back."""

import asyncio
import os
import signal
from contextlib import aclosing
from pathlib import Path

import pytest
from google.protobuf import json_format
from tritonclient.grpc import service_pb2

from fakes.triton_server import REPOSITORY, TritonProcess
from shopguide_devstack.triton.shared_memory import SHM
from shopguide_runtime.errors import Unavailable
from shopguide_runtime.triton import SamplingParameters, TextEncoder, TextGenerator, reload_if_dead, wire

pytestmark = [pytest.mark.anyio, pytest.mark.triton, pytest.mark.models, pytest.mark.timeout(300)]


async def test_a_dead_encoder_is_an_error_and_comes_back(triton: TritonProcess, encoder: TextEncoder) -> None:
    """After `kill -9` of the model's process calls fail instead of hanging; the watchdog loads the model again."""
    os.kill(triton.model_process("text_encoder"), signal.SIGKILL)
    with pytest.raises(Unavailable) as failure:
        await encoder.embed(["x"], "query", timeout=20)
    assert failure.value.reason == "MODEL_PROCESS_DEAD"
    assert await reload_if_dead(triton.address, "text_encoder")
    assert (await encoder.embed(["x"], "query", timeout=20)).shape == (1, 384)
    assert not await reload_if_dead(triton.address, "text_encoder", probe_timeout=20)


async def test_a_dead_generator_breaks_its_streams_and_comes_back(
    triton: TritonProcess, generator: TextGenerator
) -> None:
    """Triton leaves the streams of a dead process hanging; the idle timeout ends them."""
    long = SamplingParameters(max_tokens=4000)
    async with aclosing(generator.stream("Once upon a time", long, timeout=60, idle_timeout=3)) as steps:
        await anext(steps)
        os.kill(triton.model_process("generator"), signal.SIGKILL)
        with pytest.raises(Unavailable):
            async for _ in steps:
                pass
    assert await reload_if_dead(triton.address, "generator", probe_timeout=10)
    text, _ = await generator.complete("Once upon a time", SamplingParameters(max_tokens=4), 60, 30)
    assert text


async def test_other_weights_than_configured_do_not_load(triton: TritonProcess, encoder: TextEncoder) -> None:
    """A configuration that names another revision is refused with both names, and the running model stays."""
    channel, stub = wire.connect(triton.address)
    async with channel:
        answer = await stub.ModelConfig(service_pb2.ModelConfigRequest(name="text_encoder"))
        answer.config.parameters["encoder.revision"].string_value = "000000000000"
        request = service_pb2.RepositoryModelLoadRequest(model_name="text_encoder")
        text = json_format.MessageToJson(answer.config, preserving_proto_field_name=True)
        request.parameters["config"].string_param = text
        with pytest.raises(Exception, match=r"encoder.revision='000000000000', the weights in .* have"):
            await stub.RepositoryModelLoad(request, timeout=60)
    assert (await encoder.embed(["x"], "query", timeout=20)).shape == (1, 384)


async def test_an_unloaded_model_is_unavailable(triton: TritonProcess) -> None:
    """A model that the server does not have is a temporary failure of a dependency, not a bug."""
    async with TextEncoder(triton.address, "no_such_model") as client:
        with pytest.raises(Unavailable) as failure:
            await client.embed(["x"], "query", timeout=10)
    assert failure.value.reason == "MODEL_NOT_LOADED"


async def test_stopping_ends_cleanly(models: Path, tmp_path: Path) -> None:
    """SIGTERM reaches the server itself, which ends with status 0 and leaves no shared memory behind."""
    server = TritonProcess(REPOSITORY, models, tmp_path, ("text_encoder",))
    prefix = server.settings.shm_prefix
    assert any(segment.name.startswith(prefix) for segment in SHM.iterdir())
    assert await asyncio.to_thread(server.stop) == 0
    assert not any(segment.name.startswith(prefix) for segment in SHM.iterdir())
