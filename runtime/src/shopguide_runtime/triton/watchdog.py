"""Brings a model back whose process died: Triton reports it ready and never starts it again by itself."""

from collections.abc import Awaitable, Callable

import grpc
import grpc.aio
from tritonclient.grpc import service_pb2

from shopguide_runtime.errors import FailedPrecondition, Unavailable
from shopguide_runtime.triton import wire
from shopguide_runtime.triton.encoder import TextEncoder
from shopguide_runtime.triton.failures import NOT_LOADED, PROCESS_DEAD, from_status
from shopguide_runtime.triton.generator import TextGenerator

LOAD_TIMEOUT = 120.0
"""Seconds a model may take to load."""
_REFUSED = frozenset({grpc.StatusCode.INTERNAL, grpc.StatusCode.INVALID_ARGUMENT, grpc.StatusCode.NOT_FOUND})


async def reload_if_dead(address: str, model: str, probe_timeout: float = 5.0) -> bool:
    """Probe `text_encoder` or `generator` with a real inference; load it again when its process is gone.

    Returns whether it was loaded. A model that is merely slow or full is left alone. Raises what the load failed
    with, and Unavailable when the server itself cannot be reached.
    """
    try:
        await _PROBES[model](address, probe_timeout)
    except Unavailable as error:
        if error.reason not in {PROCESS_DEAD, NOT_LOADED}:
            raise
        if error.reason == PROCESS_DEAD:
            # Triton believes that the model is loaded, and loading it again is nothing while its files are the same.
            await unload(address, model)
        await load(address, model)
        return True
    return False


async def unload(address: str, model: str, timeout: float = LOAD_TIMEOUT) -> None:
    """Take a model out of service; raises what that failed with."""
    channel, stub = wire.connect(address)
    try:
        await stub.RepositoryModelUnload(
            service_pb2.RepositoryModelUnloadRequest(model_name=model), timeout=timeout
        )
    except grpc.aio.AioRpcError as error:
        raise from_status(error, model) from error
    finally:
        await channel.close()


async def load(address: str, model: str, timeout: float = LOAD_TIMEOUT) -> None:
    """Load a model; a running version serves until the new one is ready.

    Raises FailedPrecondition with Triton's reason when the model cannot be loaded, or Unavailable or
    DeadlineExceeded when the server did not answer.
    """
    channel, stub = wire.connect(address)
    try:
        await stub.RepositoryModelLoad(
            service_pb2.RepositoryModelLoadRequest(model_name=model), timeout=timeout
        )
    except grpc.aio.AioRpcError as error:
        if error.code() in _REFUSED:
            reason = f"{model} cannot be loaded: {error.details()}"
            raise FailedPrecondition("MODEL_LOAD_FAILED", reason, metadata={"model": model}) from error
        raise from_status(error, model) from error
    finally:
        await channel.close()


async def _probe_encoder(address: str, timeout: float) -> None:
    async with TextEncoder(address) as encoder:
        await encoder.ready(timeout)


async def _probe_generator(address: str, timeout: float) -> None:
    async with TextGenerator(address) as generator:
        await generator.ready(timeout)


_PROBES: dict[str, Callable[[str, float], Awaitable[None]]] = {
    "text_encoder": _probe_encoder,
    "generator": _probe_generator,
}
