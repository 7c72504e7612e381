"""Requests and responses of the KServe v2 protocol that Triton speaks, as NumPy arrays."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
from tritonclient.grpc import InferResult, service_pb2, service_pb2_grpc
from tritonclient.utils import np_to_triton_dtype, serialize_byte_tensor

from shopguide_runtime import context
from shopguide_runtime.channels import open_channel

Stub = service_pb2_grpc.GRPCInferenceServiceStub


def connect(address: str) -> tuple[Any, Any]:
    """Return a channel to Triton at `host:port` (close it) and a stub on it; both belong to the running loop."""
    channel = open_channel(address, service_config=False)
    return channel, Stub(channel)


def infer_request(model: str, inputs: Mapping[str, npt.NDArray[Any]]) -> Any:  # noqa: ANN401  (generated, untyped)
    """Return a ModelInferRequest with the arrays as raw tensors; text is an object array of UTF-8 bytes."""
    request = service_pb2.ModelInferRequest(model_name=model, id=context.request_id())
    for name, values in inputs.items():
        tensor = request.inputs.add(name=name, datatype=np_to_triton_dtype(values.dtype))
        tensor.shape.extend(values.shape)
        request.raw_input_contents.append(_raw(values))
    return request


def output(response: Any, name: str) -> npt.NDArray[Any] | None:  # noqa: ANN401
    """Return one output of a ModelInferResponse, or None when the model did not send it."""
    values: npt.NDArray[Any] | None = InferResult(response).as_numpy(name)
    return values


def text_array(texts: list[str]) -> npt.NDArray[np.object_]:
    """Return the texts as the object array of UTF-8 bytes [n] that Triton's STRING type wants."""
    return np.array([text.encode() for text in texts], dtype=np.object_)


def _raw(values: npt.NDArray[Any]) -> bytes:
    if values.dtype == np.object_:
        return bytes(serialize_byte_tensor(values).item())
    return values.tobytes()
