"""Settings of the intent service."""

from dataclasses import dataclass

from shopguide_runtime.settings import ServerSettings, setting


@dataclass(frozen=True, kw_only=True)
class IntentSettings(ServerSettings):
    """What the intent service can be told."""

    port: int = setting(7401, minimum=0, maximum=65535)
    """gRPC port; 0 picks a free one."""

    metrics_port: int = setting(7501, minimum=0, maximum=65535)
    """Port of the Prometheus endpoint; 0 picks a free one."""

    max_receive_bytes: int = setting(16 * 1024 * 1024, minimum=1024)
    """Largest request message: a vocabulary of 5,000 brands, 2,000 categories and 500 attributes fits."""

    triton_address: str = "127.0.0.1:7481"
    """gRPC address of the Triton server with the `text_encoder` model."""

    encode_timeout_seconds: float = setting(0.8, minimum=0.01)
    """Longest an encoder call may take; after it the message is read without the encoder."""

    encoder_requests_in_flight: int = setting(8, minimum=1)
    """Requests that this process keeps at the encoder at the same moment."""

    cached_vocabularies: int = setting(16, minimum=1)
    """Vocabularies held at the same moment; the one unused for longest makes room."""

    abstain_below: float = setting(0.4, minimum=0.0, maximum=1.0)
    """An intent with less confidence is not acted on: `abstained` is set."""
