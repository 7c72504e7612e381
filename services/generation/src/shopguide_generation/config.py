"""Settings of the generation service."""

from collections.abc import Iterator
from dataclasses import dataclass

from shopguide_generation.domain.wording import LANGUAGES
from shopguide_runtime.settings import PREFIX, ServerSettings, setting


@dataclass(frozen=True, kw_only=True)
class GenerationSettings(ServerSettings):
    """What the generation service can be told, beside what every server can."""

    port: int = setting(7403, minimum=0, maximum=65535)
    """gRPC port; 0 picks a free one."""

    metrics_port: int = setting(7503, minimum=0, maximum=65535)
    """Port of the Prometheus endpoint; 0 picks a free one."""

    triton_address: str = "127.0.0.1:7481"
    """Triton's gRPC address. Empty: no model, every sentence is the deterministic writer's."""

    model_name: str = "generator"
    """Name of the model in Triton, also what answers report."""

    model_languages: tuple[str, ...] = ("en",)
    """Languages the model may write; the others go by the deterministic writer alone."""

    first_sentence_seconds: float = setting(1.0, minimum=0)
    """Longest wait for the model's first sentence before the writer's goes out."""

    sentence_seconds: float = setting(2.0, minimum=0)
    """Longest wait for each further sentence of the model, and for one call of it."""

    idle_timeout_seconds: float = setting(1.0, minimum=0.01)
    """Longest silence of the model inside one call; a model whose process died leaves its streams hanging."""

    model_parallel_sentences: int = setting(2, minimum=1, maximum=16)
    """Sentences of one answer that the model writes at the same moment."""

    model_retry_seconds: float = setting(5.0, minimum=0)
    """After the model was away it is not asked again for this long."""

    model_least_share: float = setting(0.2, minimum=0, maximum=1)
    """Answers wait for the model only while it writes at least this share of their sentences in time; the writer's own go
    out at once otherwise. 0: always wait."""

    model_try_every: int = setting(10, minimum=1)
    """While answers do not wait for the model, it is tried beside every so manieth one, so that a better one is noticed."""

    max_prompt_tokens: int = setting(1500, minimum=100)
    """Longest prompt, in tokens by a high estimate."""

    max_output_tokens: int = setting(160, minimum=1)
    """Most tokens of one call; requests may ask for fewer."""

    def problems(self) -> Iterator[str]:
        """See `ServerSettings.problems`."""
        yield from super().problems()
        unknown = sorted(set(self.model_languages) - set(LANGUAGES))
        if unknown:
            yield f"{PREFIX}MODEL_LANGUAGES knows {', '.join(LANGUAGES)}, has {', '.join(unknown)}"
