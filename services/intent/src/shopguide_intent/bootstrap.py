"""Wires the service together; the only module that names concrete classes."""

from __future__ import annotations

import logging
from functools import partial

from shopguide.intent.v1 import intent_service_pb2_grpc
from shopguide_intent import metrics
from shopguide_intent.adapters.triton_encoder import TritonEncoder
from shopguide_intent.config import IntentSettings
from shopguide_intent.domain.heads import Heads, load_heads
from shopguide_intent.domain.understander import Message, Understander
from shopguide_intent.domain.vocabularies import Vocabularies
from shopguide_intent.ports import Encoder
from shopguide_intent.servicer import IntentServicer
from shopguide_runtime.errors import ShopguideError
from shopguide_runtime.health import Check
from shopguide_runtime.server import App
from shopguide_runtime.server_info import ModelInfo
from shopguide_runtime.triton import TextEncoder

_log = logging.getLogger(__name__)

SERVICES = ("shopguide.intent.v1.IntentService",)


async def build(settings: IntentSettings) -> App:
    """Return the service over the encoder at its address."""
    heads = load_heads()
    client = TextEncoder(settings.triton_address, max_in_flight=settings.encoder_requests_in_flight)
    encoder = TritonEncoder(client, settings.encode_timeout_seconds)
    understander = make_understander(settings, encoder, heads)
    servicer = IntentServicer(understander)
    return App(
        [partial(intent_service_pb2_grpc.add_IntentServiceServicer_to_server, servicer)],
        SERVICES,
        [
            # Away, the service answers in a lesser way; a different encoder would make it answer nonsense.
            Check("text_encoder", encoder.ready, required=False),
            Check("encoder_fingerprint", understander.verify),
        ],
        warm_up=partial(_warm_up, understander),
        close=encoder.close,
        models=lambda: [ModelInfo("intent-heads", heads.version, "cpu")],
    )


def make_understander(settings: IntentSettings, encoder: Encoder, heads: Heads) -> Understander:
    """The use case over any encoder."""
    vocabularies = Vocabularies(settings.cached_vocabularies)
    metrics.VOCABULARIES.set_function(lambda: len(vocabularies))
    return Understander(encoder, heads, vocabularies, settings.abstain_below)


async def _warm_up(understander: Understander) -> None:
    """Load the segmenter and compile what is compiled when first used."""
    try:
        await understander.understand([Message("降噪耳机 两千以内"), Message("headphones under $50")])
    except ShopguideError as error:
        _log.warning("warm-up without the encoder", extra={"error": error.reason})
