"""`shopguide.meta.v1.ServerInfoService`: what a server is, the models it uses, the limits it enforces."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from shopguide.meta.v1 import server_info_service_pb2 as pb
from shopguide.meta.v1 import server_info_service_pb2_grpc as pb_grpc
from shopguide_runtime.calls import RpcContext
from shopguide_runtime.settings import ServerSettings

_LIMITS = (
    "max_concurrent_requests",
    "max_queued_requests",
    "max_receive_bytes",
    "max_send_bytes",
    "max_concurrent_streams",
)


@dataclass(frozen=True)
class ModelInfo:
    """A model in use: name, version or digest of the weights, where it runs (`cpu`, `cuda:0`, `triton`)."""

    name: str
    version: str
    device: str


class ServerInfoServicer(pb_grpc.ServerInfoServiceServicer):
    """Answers with the name, version, models and limits of this server."""

    def __init__(
        self, name: str, version: str, settings: ServerSettings, models: Callable[[], Sequence[ModelInfo]]
    ) -> None:
        """Take what to tell; `models` is asked at every call, because a model can be replaced meanwhile."""
        self._models = models
        limits = {key: int(getattr(settings, key)) for key in _LIMITS}
        self._fixed = pb.GetServerInfoResponse(
            service=name, version=version, revision=settings.revision, limits=limits
        )

    def set_started(self) -> None:
        """Note that the server became ready now."""
        self._fixed.start_time.FromDatetime(datetime.now(UTC))

    async def GetServerInfo(
        self,
        request: pb.GetServerInfoRequest,  # noqa: ARG002 - it is empty
        context: RpcContext,  # noqa: ARG002 - gRPC passes it
    ) -> pb.GetServerInfoResponse:
        """Return what this server is."""
        response = pb.GetServerInfoResponse()
        response.CopyFrom(self._fixed)
        response.models.extend(
            pb.GetServerInfoResponse.Model(name=m.name, version=m.version, device=m.device)
            for m in self._models()
        )
        return response
