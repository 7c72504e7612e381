"""What the gateway can be told."""

from collections.abc import Iterator
from dataclasses import dataclass

from shopguide_runtime.settings import ServerSettings, setting


@dataclass(frozen=True, kw_only=True)
class GatewaySettings(ServerSettings):
    """Settings of the gateway."""

    port: int = setting(7400, minimum=0, maximum=65535)
    """gRPC port; 0 picks a free one, which is logged and written to `port_file`."""

    metrics_port: int = setting(7500, minimum=0, maximum=65535)
    """Port of the Prometheus endpoint; 0 picks a free one."""

    intent_address: str = "127.0.0.1:7401"
    """`host:port` of the intent service."""

    retrieval_address: str = "127.0.0.1:7402"
    """`host:port` of the retrieval service."""

    generation_address: str = "127.0.0.1:7403"
    """`host:port` of the generation service."""

    conversation_keys: tuple[str, ...] = ()
    """Fernet keys of conversation tokens, newest first, the same on every replica. Without any, a key is made at start:
    conversations then end with the process, and only one replica can serve them."""

    conversation_ttl_seconds: float = setting(86_400.0, minimum=1)
    """How long a conversation can be continued after its last turn."""

    turn_seconds: float = setting(30.0, minimum=0.1)
    """Longest turn when the client sends no deadline."""

    intent_seconds: float = setting(3.0, minimum=0.01)
    """Longest wait for understanding before the words are searched as they are."""

    retrieval_seconds: float = setting(3.0, minimum=0.01)
    """Longest wait for products before the answer goes without."""

    catalog_ttl_seconds: float = setting(5.0, minimum=0)
    """How long a description of a catalogue is used before it is renewed beside the turns."""

    default_products: int = setting(3, minimum=1, maximum=20)
    """Products shown in a turn when the client asks for no number."""

    def problems(self) -> Iterator[str]:
        """Yield one line for each contradiction."""
        yield from super().problems()
        for name in ("intent_address", "retrieval_address", "generation_address"):
            if ":" not in getattr(self, name):
                yield f"SHOPGUIDE_{name.upper()} must be host:port, is {getattr(self, name)!r}"
