"""Wires the generation service together; the only module that names concrete classes."""

import os
from functools import partial
from pathlib import Path

from shopguide.generation.v1 import generation_service_pb2_grpc as pb_grpc
from shopguide_generation.adapters.chat_template import ChatTemplate
from shopguide_generation.adapters.triton import TritonSentenceModel
from shopguide_generation.config import GenerationSettings
from shopguide_generation.domain.answering import Answerer, ModelPolicy
from shopguide_generation.metrics import observe_trial
from shopguide_generation.servicer import GenerationServicer
from shopguide_runtime.health import Check
from shopguide_runtime.server import App
from shopguide_runtime.triton import TextGenerator

SERVICE = "shopguide.generation.v1.GenerationService"

_PROBE_SECONDS = 15.0


async def build(settings: GenerationSettings) -> App:
    """Return the service over Triton's generator, or without a model when no address is set."""
    if not settings.triton_address:
        return _app(Answerer(policy=policy_of(settings)))
    generator = TextGenerator(settings.triton_address, settings.model_name)
    model = TritonSentenceModel(
        generator,
        ChatTemplate.load(model_folder()),
        name=settings.model_name,
        max_prompt_tokens=settings.max_prompt_tokens,
        idle_timeout=settings.idle_timeout_seconds,
    )
    answerer = Answerer(model, policy_of(settings), observe_trial=observe_trial)
    app = _app(answerer)

    async def close() -> None:
        await answerer.close()
        await generator.close()

    # A model that is away makes answers plainer, not the service unready.
    check = Check("generator", generator.ready, ttl=_PROBE_SECONDS, timeout=2.0, required=False)
    return App(app.add_servicers, app.service_names, [check], close=close)


def policy_of(settings: GenerationSettings) -> ModelPolicy:
    """When the model is asked, by the settings."""
    return ModelPolicy(
        languages=frozenset(settings.model_languages),
        first_sentence_seconds=settings.first_sentence_seconds,
        sentence_seconds=settings.sentence_seconds,
        parallel_sentences=settings.model_parallel_sentences,
        max_output_tokens=settings.max_output_tokens,
        retry_after_seconds=settings.model_retry_seconds,
        least_share=settings.model_least_share,
        try_every=settings.model_try_every,
    )


def model_folder() -> Path:
    """Where the generator's tokenizer and chat template were prepared."""
    models = (
        os.environ.get("SHOPGUIDE_MODELS") or Path(os.environ.get("SHOPGUIDE_HOME", ".shopguide")) / "models"
    )
    return Path(models) / "generator"


def _app(answerer: Answerer) -> App:
    servicer = GenerationServicer(answerer)
    return App([partial(pb_grpc.add_GenerationServiceServicer_to_server, servicer)], [SERVICE])
