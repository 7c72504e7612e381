"""Wires the gateway together; the only module that names concrete classes."""

import logging
from functools import partial

import grpc.aio
from grpc_health.v1 import health_pb2, health_pb2_grpc

from shopguide.gateway.v1 import guide_service_pb2_grpc as pb_grpc
from shopguide_gateway.adapters.generation import GrpcWriter
from shopguide_gateway.adapters.intent import GrpcUnderstander
from shopguide_gateway.adapters.retrieval import GrpcRetriever
from shopguide_gateway.adapters.shoppers import GrpcShopperRecords
from shopguide_gateway.adapters.vault import FernetVault, new_key
from shopguide_gateway.config import GatewaySettings
from shopguide_gateway.domain.catalogues import Catalogues
from shopguide_gateway.domain.looking import Looker
from shopguide_gateway.domain.searching import Searcher
from shopguide_gateway.domain.turn import Budgets, TurnTaker
from shopguide_gateway.metrics import observe_turn
from shopguide_gateway.ports import Retriever, Understander, Writer
from shopguide_gateway.ports_shoppers import ShopperRecords
from shopguide_gateway.servicer import GuideServicer
from shopguide_runtime.channels import open_channel
from shopguide_runtime.errors import Unavailable
from shopguide_runtime.health import Check
from shopguide_runtime.server import App

_log = logging.getLogger(__name__)
SERVICE = "shopguide.gateway.v1.GuideService"


async def build(settings: GatewaySettings) -> App:
    """Return the gateway over channels to the three services."""
    addresses = {
        "intent": settings.intent_address,
        "retrieval": settings.retrieval_address,
        "generation": settings.generation_address,
    }
    channels = {name: open_channel(address) for name, address in addresses.items()}

    async def close() -> None:
        for channel in channels.values():
            await channel.close()

    servicer = make_servicer(
        settings,
        GrpcUnderstander(channels["intent"]),
        GrpcRetriever(channels["retrieval"]),
        GrpcWriter(channels["generation"]),
        GrpcShopperRecords(channels["retrieval"]),
    )
    # A service that is away makes answers lesser, not the gateway unready.
    checks = [
        Check(name, partial(_probe, name, channel), required=False) for name, channel in channels.items()
    ]
    return App(
        [partial(pb_grpc.add_GuideServiceServicer_to_server, servicer)], [SERVICE], checks, close=close
    )


def make_servicer(
    settings: GatewaySettings,
    understander: Understander,
    retriever: Retriever,
    writer: Writer,
    records: ShopperRecords,
) -> GuideServicer:
    """Return the servicer over the given services."""
    catalogues = Catalogues(retriever, settings.catalog_ttl_seconds)
    budgets = Budgets(settings.turn_seconds, settings.intent_seconds, settings.retrieval_seconds)
    vault = FernetVault(_keys(settings), settings.conversation_ttl_seconds)
    turns = TurnTaker(understander, Looker(retriever), writer, vault, catalogues, budgets, observe_turn)
    searcher = Searcher(understander, retriever, catalogues, settings.intent_seconds)
    return GuideServicer(turns, searcher, retriever, records, settings.default_products)


def _keys(settings: GatewaySettings) -> tuple[str, ...]:
    if not settings.conversation_keys:
        _log.warning("conversation key made at start; set SHOPGUIDE_CONVERSATION_KEYS to keep conversations")
        return (new_key(),)
    return settings.conversation_keys


async def _probe(name: str, channel: grpc.aio.Channel) -> None:
    response = await health_pb2_grpc.HealthStub(channel).Check(  # type: ignore[attr-defined]
        health_pb2.HealthCheckRequest(service="readiness")
    )
    if response.status != health_pb2.HealthCheckResponse.SERVING:
        raise Unavailable(name, f"{name} is not ready.")
