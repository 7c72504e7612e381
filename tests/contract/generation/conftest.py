from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial

import grpc.aio
import pytest

from shopguide.generation.v1 import generation_service_pb2 as pb
from shopguide.generation.v1 import generation_service_pb2_grpc as pb_grpc
from shopguide_generation.adapters.chat_template import ChatTemplate
from shopguide_generation.adapters.triton import TritonSentenceModel
from shopguide_generation.domain.answering import Answerer, ModelPolicy
from shopguide_generation.servicer import GenerationServicer
from shopguide_runtime.testing import serve_in_process

SERVICE = "shopguide.generation.v1.GenerationService"


@dataclass
class Answer:
    """A whole stream, put together."""

    text: str = ""
    deltas: list[str] = field(default_factory=list)
    citations: list = field(default_factory=list)
    follow_up: object = None
    finish: pb.Finish | None = None


async def collect(call) -> Answer:
    """Read a stream of `Generate` to its end."""
    answer = Answer()
    async for message in call:
        match message.WhichOneof("event"):
            case "text_delta":
                answer.text += message.text_delta
                answer.deltas.append(message.text_delta)
            case "citation":
                answer.citations.append(message.citation)
            case "follow_up":
                answer.follow_up = message.follow_up
            case "finish":
                answer.finish = message.finish
    return answer


@asynccontextmanager
async def serving(generator=None, **policy):
    """A stub of the service over a fake generator, or without a model."""
    model = TritonSentenceModel(generator, ChatTemplate(), name="fake", idle_timeout=5) if generator else None
    servicer = GenerationServicer(Answerer(model, ModelPolicy(**({"least_share": 0.0} | policy))))
    add = partial(pb_grpc.add_GenerationServiceServicer_to_server, servicer)
    async with (
        serve_in_process([add], service_names=[SERVICE]) as address,
        grpc.aio.insecure_channel(address) as channel,
    ):
        yield pb_grpc.GenerationServiceStub(channel)


@pytest.fixture
def serve():
    """What starts the service over a fake generator."""
    return serving


@pytest.fixture
def read():
    """What reads a stream to its end."""
    return collect
