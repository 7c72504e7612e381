"""Clients of the models behind Triton's gRPC API (needs the extra `triton`)."""

from shopguide_runtime.triton.encoder import EncoderInfo, Role, TextEncoder
from shopguide_runtime.triton.generator import TextGenerator, Token
from shopguide_runtime.triton.sampling import SamplingParameters
from shopguide_runtime.triton.watchdog import reload_if_dead

__all__ = [
    "EncoderInfo",
    "Role",
    "SamplingParameters",
    "TextEncoder",
    "TextGenerator",
    "Token",
    "reload_if_dead",
]
