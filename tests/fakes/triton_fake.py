"""A stand-in for Triton's gRPC API in this process: each test says what it answers."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import grpc.aio
import numpy as np
from tritonclient.grpc import service_pb2, service_pb2_grpc
from tritonclient.utils import serialize_byte_tensor


class FakeTriton(service_pb2_grpc.GRPCInferenceServiceServicer):  # type: ignore[misc]  # generated, untyped
    """Answers `infer`, streams `steps`, and remembers what was asked."""

    def __init__(self) -> None:
        self.requests: list[Any] = []
        self.loaded: list[str] = []
        self.unloaded: set[str] = set()
        self.cancelled = asyncio.Event()
        self.parameters: dict[str, str] = {}
        self.infer: Callable[[Any], Any] = embeddings
        self.steps: Callable[[], AsyncIterator[Any]] = finished_stream
        self.failure: tuple[grpc.StatusCode, str] | None = None
        self.delay = 0.0
        self.most_at_once = 0
        self._at_once = 0

    async def ModelInfer(self, request, context):
        """Answer or fail after `delay` seconds."""
        self.requests.append(request)
        self._at_once += 1
        self.most_at_once = max(self.most_at_once, self._at_once)
        try:
            await asyncio.sleep(self.delay)
            if self.failure is not None:
                await context.abort(*self.failure)
            return self.infer(request)
        finally:
            self._at_once -= 1

    async def ModelStreamInfer(self, request_iterator, context):
        """Stream `steps` for the first request; note when the client leaves."""
        self.requests.append(await anext(request_iterator))
        if self.failure is not None:
            await context.abort(*self.failure)
        try:
            async for step in self.steps():
                yield step
        except asyncio.CancelledError:
            self.cancelled.set()
            raise

    async def ModelConfig(self, request, context):
        """Answer with `parameters`."""
        response = service_pb2.ModelConfigResponse()
        for name, value in self.parameters.items():
            response.config.parameters[name].string_value = value
        return response

    async def RepositoryModelUnload(self, request, context):
        """Take the model out of service."""
        self.unloaded.add(request.model_name)
        return service_pb2.RepositoryModelUnloadResponse()

    async def RepositoryModelLoad(self, request, context):
        """Load the model, which is well afterwards; do nothing when it is in service, as Triton does."""
        if request.model_name in self.unloaded:
            self.unloaded.remove(request.model_name)
            self.loaded.append(request.model_name)
            self.failure = None
        return service_pb2.RepositoryModelLoadResponse()


def texts_of(request: Any) -> list[str]:
    """Return the texts of an encoder request."""
    raw, texts = request.raw_input_contents[0], []
    while raw:
        size = int.from_bytes(raw[:4], "little")
        texts.append(raw[4 : 4 + size].decode())
        raw = raw[4 + size :]
    return texts


def embeddings(request: Any) -> Any:
    """Answer with vectors whose first number is the number in the text (`t12` → 12)."""
    values = np.array([[float(text[1:]), 0, 0] for text in texts_of(request)], np.float32)
    response = service_pb2.ModelInferResponse(model_name=request.model_name)
    response.outputs.add(name="EMBEDDING", datatype="FP32", shape=values.shape)
    response.raw_output_contents.append(values.tobytes())
    return response


def step(text: str, reason: str = "None", tokens: int = 1) -> Any:
    """One message of a token stream, as Triton's vLLM backend sends it."""
    message = service_pb2.ModelStreamInferResponse()
    for name, value in (("text_output", text), ("finish_reason", reason)):
        message.infer_response.outputs.add(name=name, datatype="BYTES", shape=[1])
        raw = serialize_byte_tensor(np.array([value.encode()], object)).item()
        message.infer_response.raw_output_contents.append(raw)
    for name, number in (("num_output_tokens", tokens), ("num_input_tokens", 5)):
        message.infer_response.outputs.add(name=name, datatype="UINT32", shape=[1])
        message.infer_response.raw_output_contents.append(np.array([number], np.uint32).tobytes())
    return message


async def finished_stream() -> AsyncIterator[Any]:
    """Three steps, the last with a reason."""
    for message in (step("Hel"), step("lo"), step("!", "stop")):
        yield message


@asynccontextmanager
async def serving(fake: FakeTriton) -> AsyncIterator[str]:
    """Serve the fake on a free port; yields its address."""
    server = grpc.aio.server()
    service_pb2_grpc.add_GRPCInferenceServiceServicer_to_server(fake, server)
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    try:
        yield f"127.0.0.1:{port}"
    finally:
        await server.stop(None)
