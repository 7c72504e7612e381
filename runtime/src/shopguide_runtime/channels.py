"""Channels to other servers: balanced, kept alive, retried as the contract says, and measured."""

from collections.abc import Sequence
from functools import lru_cache
from importlib import resources

import grpc
import grpc.aio

from shopguide_runtime.client_interceptors import client_interceptors

_KEEPALIVE_MS = 30_000
_KEEPALIVE_TIMEOUT_MS = 10_000
_FIRST_RECONNECT_MS, _LONGEST_RECONNECT_MS = 200, 2_000
_MAX_MESSAGE_BYTES = 16 * 1024 * 1024
DEADLINE_MARGIN_SECONDS = 0.02
"""Kept back from the time left of the call in progress, so that it can still be answered."""


@lru_cache(maxsize=1)
def contract_config() -> str:
    """Return the JSON of the contract's deadlines and retries per method."""
    return resources.files("shopguide").joinpath("grpc_service_config.json").read_text(encoding="utf-8")


def open_channel(
    address: str,
    *,
    service_config: bool = True,
    credentials: grpc.ChannelCredentials | None = None,
    margin: float = DEADLINE_MARGIN_SECONDS,
    options: Sequence[tuple[str, str | int]] = (),
) -> grpc.aio.Channel:
    """Return a channel to `host:port`; it connects when first used and belongs to the running event loop.

    It balances over all addresses of the name (round_robin), sends the request id and at most the time left
    (less `margin` seconds) of the call in progress, and counts into the `grpc_client_*` metrics. With
    `service_config` it applies the contract's deadlines and retries; turn that off for servers that are not
    of the suite.
    """
    arguments = [*_base_options(), *(_config_options() if service_config else ()), *options]
    interceptors = client_interceptors(margin)
    if credentials is None:
        return grpc.aio.insecure_channel(address, options=arguments, interceptors=interceptors)
    return grpc.aio.secure_channel(address, credentials, options=arguments, interceptors=interceptors)


def _base_options() -> Sequence[tuple[str, str | int]]:
    return (
        ("grpc.lb_policy_name", "round_robin"),
        ("grpc.service_config_disable_resolution", 1),
        # Connections are shared by address otherwise, and with them the pause after a failed attempt: a channel
        # that is opened now would be refused because another one found nobody there before.
        ("grpc.use_local_subchannel_pool", 1),
        ("grpc.keepalive_time_ms", _KEEPALIVE_MS),
        ("grpc.keepalive_timeout_ms", _KEEPALIVE_TIMEOUT_MS),
        # gRPC's own pauses grow to two minutes: a server would be up again long before anyone noticed.
        ("grpc.initial_reconnect_backoff_ms", _FIRST_RECONNECT_MS),
        ("grpc.max_reconnect_backoff_ms", _LONGEST_RECONNECT_MS),
        ("grpc.max_receive_message_length", _MAX_MESSAGE_BYTES),
        ("grpc.max_send_message_length", _MAX_MESSAGE_BYTES),
    )


def _config_options() -> Sequence[tuple[str, str | int]]:
    return (("grpc.service_config", contract_config()), ("grpc.enable_retries", 1))
